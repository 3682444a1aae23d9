//! The relying party's certificate and key, and what they say.

use bankid_client::{Clock as _, Identity, SystemClock};
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::error::{Answer, Failure, answer};

/// An identity: one file, with both.
#[expect(missing_debug_implementations, reason = "it is secret")]
#[napi(object, object_to_js = false)]
pub struct IdentityArguments {
    /// PKCS#12.
    pub pfx: Option<Uint8Array>,
    /// Certificates and key, as PEM.
    pub pem: Option<Uint8Array>,
    /// Of the file, or of its key.
    pub passphrase: Option<String>,
}

impl IdentityArguments {
    pub(crate) fn read(&self) -> Result<Identity, Box<Failure>> {
        let passphrase = self.passphrase.as_deref();
        match (&self.pfx, &self.pem) {
            (Some(file), _) => Ok(Identity::from_pkcs12(file, passphrase.unwrap_or_default())?),
            (None, Some(pem)) => Ok(Identity::from_pem(pem, passphrase)?),
            (None, None) => {
                Err(Failure::argument("identity", &"it needs `pfx`, or `certificate` and `key`"))
            }
        }
    }
}

/// What a relying party's certificate says.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct CertificateFacts {
    /// As in signatures.
    pub subject: String,
    /// As in signatures.
    pub issuer: String,
    /// What the app shows.
    pub display_name: Option<String>,
    /// Unix milliseconds.
    pub not_before_ms: f64,
    /// Unix milliseconds.
    pub not_after_ms: f64,
    /// Until it expires.
    pub days_left: i64,
    /// SHA-256, upper-case hex.
    pub fingerprint: String,
}

impl From<&Identity> for CertificateFacts {
    fn from(identity: &Identity) -> Self {
        let now_s = SystemClock::new().unix_ms() / 1_000;
        Self {
            subject: identity.subject().to_owned(),
            issuer: identity.issuer().to_owned(),
            display_name: identity.display_name().map(str::to_owned),
            not_before_ms: milliseconds(identity.not_before()),
            not_after_ms: milliseconds(identity.not_after()),
            days_left: identity.days_left(i64::try_from(now_s).unwrap_or(i64::MAX)),
            fingerprint: hex(identity.fingerprint()),
        }
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "JavaScript counts so; exact for 285,000 years"
)]
fn milliseconds(seconds: i64) -> f64 {
    seconds.saturating_mul(1_000) as f64
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('?').to_ascii_uppercase();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads an identity without using it.
#[napi(catch_unwind)]
pub fn inspect_identity(given: IdentityArguments) -> Answer<CertificateFacts> {
    answer(given.read().map(|identity| CertificateFacts::from(&identity)))
}
