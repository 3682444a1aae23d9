//! Where BankID's service is, and whom to trust there (1.1, 1.3).

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use bankid_core::request::ApiVersion;
use http::Uri;
use http::uri::Authority;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, ServerName};

use crate::{Call, Error, pem};

/// BankID's service in one of its environments, or something that stands in for it.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) authority: Authority,
    pub(crate) host: Box<str>,
    pub(crate) port: u16,
    /// What stands before `/rp/v6.0/...`, without a slash at its end.
    prefix: Box<str>,
    pub(crate) transport: Transport,
}

#[derive(Clone)]
pub(crate) enum Transport {
    /// Plain HTTP, to loopback only.
    Plain,
    /// Mutual TLS.
    Tls { name: ServerName<'static>, roots: Arc<RootCertStore> },
}

/// The only roots of server certificates in each environment (1.3, appendix A); a test holds their fingerprints.
const TEST_ROOT: &[u8] = include_bytes!("../../roots/test.pem");
const PRODUCTION_ROOT: &[u8] = include_bytes!("../../roots/production.pem");

impl Endpoint {
    /// Where BankID's test environment is (1.1).
    pub const TEST_URL: &str = "https://appapi2.test.bankid.com";
    /// Where BankID's production environment is (1.1).
    pub const PRODUCTION_URL: &str = "https://appapi2.bankid.com";

    /// BankID's test environment, with BankID of its own and the test certificate that everybody shares (1.4).
    pub fn test() -> Self {
        Self::built_in(Self::TEST_URL, TEST_ROOT)
    }

    /// BankID's production environment.
    pub fn production() -> Self {
        Self::built_in(Self::PRODUCTION_URL, PRODUCTION_ROOT)
    }

    #[expect(clippy::expect_used, reason = "constants; tests call both")]
    fn built_in(base_url: &str, root: &[u8]) -> Self {
        Self::custom(base_url, root).expect("a built-in endpoint is well formed")
    }

    /// The environment of BankID's that is at this address, with or without `/rp/v6.0/` at its end.
    pub fn of_bankid(base_url: &str) -> Option<Self> {
        match prefix(base_url) {
            Self::TEST_URL => Some(Self::test()),
            Self::PRODUCTION_URL => Some(Self::production()),
            _ => None,
        }
    }

    /// A service at another address, such as a simulator, that shows a certificate of one of these authorities (PEM).
    ///
    /// The address may go on after the host: `https://localhost:8011`, `https://localhost:8011/l/NAME`, and the same with
    /// `/rp/v6.0/` after it all name a base of both versions. `http://` is for the plain port of a simulator: loopback
    /// addresses only, and no roots.
    ///
    /// # Errors
    /// `badConfiguration` for the address or the roots.
    pub fn custom(base_url: &str, roots_pem: &[u8]) -> Result<Self, Error> {
        let refused = |problem: &str| Error::configuration("baseUrl", problem);
        if base_url.contains(['?', '#']) {
            return Err(refused("it must not have a query or a fragment"));
        }
        let uri: Uri = base_url.parse().map_err(|_malformed| refused("it is not a URL"))?;
        let scheme = uri.scheme_str().ok_or_else(|| refused("it must begin with https://"))?;
        let authority = uri.authority().ok_or_else(|| refused("it has no host"))?.clone();
        if authority.as_str().contains('@') {
            return Err(refused("it must not have a user name"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let (transport, default_port) = match scheme {
            "https" => {
                let name = ServerName::try_from(host.to_owned())
                    .map_err(|_malformed| refused("its host is no name that can be checked"))?;
                (Transport::Tls { name, roots: roots(roots_pem)? }, 443)
            }
            "http" if is_loopback(host) => (Transport::Plain, 80),
            "http" => return Err(refused("http:// is for loopback addresses only")),
            _ => return Err(refused("it must begin with https://")),
        };
        Ok(Self {
            host: host.into(),
            port: authority.port_u16().unwrap_or(default_port),
            prefix: prefix(uri.path()).into(),
            authority,
            transport,
        })
    }

    /// Whether this is BankID itself, whose rules for the pace then bind (4.4).
    pub fn is_bankid(&self) -> bool {
        let host = self.host.to_ascii_lowercase();
        host == "bankid.com" || host.ends_with(".bankid.com")
    }

    /// Where an operation is, as it stands in the request line.
    pub(crate) fn path(&self, version: ApiVersion, call: Call) -> String {
        format!("{}/rp/{}/{}", self.prefix, version.as_str(), call.path())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.transport {
            Transport::Plain => "http",
            Transport::Tls { .. } => "https",
        };
        write!(f, "Endpoint({scheme}://{}{})", self.authority, self.prefix)
    }
}

/// Whether nothing that is sent there leaves the machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The path without the part that names a version, which is the client's to say.
fn prefix(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let versions = [ApiVersion::V5_1, ApiVersion::V6_0].map(ApiVersion::as_str);
    let unversioned = versions.iter().find_map(|version| path.strip_suffix(version));
    unversioned.and_then(|path| path.strip_suffix("/rp/")).unwrap_or(path)
}

fn roots(text: &[u8]) -> Result<Arc<RootCertStore>, Error> {
    let refused = |problem: String| Error::configuration("ca", problem);
    let mut store = RootCertStore::empty();
    for section in pem::sections(text).map_err(|fault| refused(fault.to_string()))? {
        if section.label == "CERTIFICATE" {
            store
                .add(CertificateDer::from(section.der))
                .map_err(|error| refused(error.to_string()))?;
        }
    }
    if store.is_empty() {
        return Err(refused("there is no certificate in it".to_owned()));
    }
    Ok(Arc::new(store))
}

#[cfg(test)]
mod tests;
