//! Calls as `bankid-kit/compat` makes them: what is sent and what is answered pass through as they are.

use bankid_client::{Call, Client, Config, Endpoint, Error, Identity};
use bankid_core::request::{ApiVersion, Operation};
use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{Either, PromiseRaw, Uint8Array};
use napi_derive::napi;

use crate::error::Failure;

/// A client that judges nothing.
#[derive(Debug)]
#[napi]
pub struct CompatClient {
    client: Client,
}

/// An answer of BankID's, whatever it is.
#[expect(missing_debug_implementations, reason = "it may hold a person's data")]
#[napi(object, object_from_js = false)]
pub struct CompatAnswer {
    /// The HTTP status.
    pub status: u32,
    /// The body.
    pub text: String,
}

/// Where BankID is.
#[expect(missing_debug_implementations, reason = "napi's arrays have none")]
#[napi(object, object_to_js = false)]
pub struct CompatEndpoint {
    /// Which of BankID's environments.
    pub production: bool,
    /// Another base URL than BankID's.
    pub base_url: Option<String>,
    /// Another authority than BankID's, as PEM.
    pub ca: Option<Uint8Array>,
}

/// Opens the certificate; connections are made by calls.
#[napi(catch_unwind)]
pub fn compat_client(
    endpoint: CompatEndpoint,
    pfx: Uint8Array,
    passphrase: String,
) -> Either<CompatClient, Failure> {
    match open(&endpoint, &pfx, &passphrase) {
        Ok(client) => Either::A(CompatClient { client }),
        Err(error) => Either::B(error.into()),
    }
}

fn open(endpoint: &CompatEndpoint, pfx: &[u8], passphrase: &str) -> Result<Client, Error> {
    let endpoint = match (&endpoint.base_url, &endpoint.ca) {
        (None, None) if endpoint.production => Endpoint::production(),
        (None, None) => Endpoint::test(),
        (base_url, ca) => {
            let own =
                if endpoint.production { Endpoint::PRODUCTION_URL } else { Endpoint::TEST_URL };
            let base_url = base_url.as_deref().unwrap_or(own);
            Endpoint::custom(base_url, ca.as_deref().unwrap_or_default())?
        }
    };
    Client::new(Config::new(endpoint, Identity::from_pkcs12(pfx, passphrase)?))
}

#[napi]
impl CompatClient {
    /// Posts a body; fails if there is no answer.
    ///
    /// # Errors
    /// There is no such version or method.
    #[napi(catch_unwind)]
    pub fn post<'env>(
        &self,
        env: &'env Env,
        version: String,
        method: String,
        body: String,
    ) -> napi::Result<PromiseRaw<'env, Either<CompatAnswer, Failure>>> {
        let (version, call) = (version_of(&version)?, call_of(&method)?);
        let client = self.client.clone();
        env.spawn_future(async move {
            Ok(match client.post(version, call, Bytes::from(body)).await {
                Ok((status, body)) => Either::A(CompatAnswer {
                    status: u32::from(status),
                    text: String::from_utf8_lossy(&body).into_owned(),
                }),
                Err(error) => Either::B(error.into()),
            })
        })
    }
}

fn version_of(version: &str) -> napi::Result<ApiVersion> {
    [ApiVersion::V5_1, ApiVersion::V6_0]
        .into_iter()
        .find(|known| known.as_str() == version)
        .ok_or_else(|| {
            napi::Error::from_reason(format!("version: `{version}` is neither v5.1 nor v6.0"))
        })
}

fn call_of(method: &str) -> napi::Result<Call> {
    [Call::Start(Operation::Auth), Call::Start(Operation::Sign), Call::Collect, Call::Cancel]
        .into_iter()
        .find(|known| known.path() == method)
        .ok_or_else(|| {
            napi::Error::from_reason(format!("`{method}` is not a method of this client"))
        })
}
