//! Keys and certificates of the simulator's transport: who the server is, and which relying parties it lets in.
//!
//! Two authorities of our own stand here, both clearly named as the simulator's. One signs the server certificate
//! that clients trust through `ca.pem`, the other signs the client certificates ("RP certificates") with the subject
//! and the extensions of section 1.4. They live in memory, or are kept in a folder and reused.
//!
//! It does not make the certificates of people who sign (that is `completion`, whose keys are RSA and so far slower
//! to make), reads no clock, and offers no revocation.
//!
//! ```
//! use simulator::pki::Certificates;
//!
//! let now_ms = 1_760_000_000_000;
//! let certificates = Certificates::generate(&["bankid.test".to_owned()], now_ms)?;
//! assert!(certificates.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
//! assert_eq!(certificates.relying_parties().len(), 2);
//! # Ok::<(), simulator::pki::Error>(())
//! ```

pub(crate) mod extension;
mod folder;
mod identity;
mod issue;
mod pem;
mod pkcs12;
mod rp_name;
pub(crate) mod subject;
mod tls;

use std::path::PathBuf;

use rustls::pki_types::CertificateDer;

pub use self::folder::{Files, RelyingPartyFiles};
pub(crate) use self::folder::{keep_user_root, user_root};
pub use self::identity::Identity;
use self::issue::Authority;
pub(crate) use self::issue::at as moment;
pub(crate) use self::pem::certificate as certificate_pem;
pub use self::rp_name::{RpName, rp_fingerprint, rp_name};
pub(crate) use self::tls::client_config;
pub use self::tls::{ClientTrust, SHARED_TEST_CERTIFICATES};

/// The passphrase of every encrypted file we write; BankID's shared test certificate uses the same one (section 1.4).
pub const PASSPHRASE: &str = "qwerty123";

/// Why certificates could not be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name asked for is neither a DNS name nor an address.
    #[error("{name:?} is neither a DNS name nor an IP address")]
    ServerName {
        /// The name as given.
        name: String,
    },
    /// A certificate could not be issued.
    #[error("the certificate for {subject} could not be issued")]
    Issue {
        /// Whom the certificate was for.
        subject: String,
        /// What the issuing library says.
        source: rcgen::Error,
    },
    /// A file of the folder could not be read or written.
    #[error("{} could not be {action}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        action: &'static str,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A file of the folder holds something else than it should; it is never overwritten.
    #[error("{} {problem}; mend it, or remove the folder to have new certificates made", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random {
        /// What it says.
        source: getrandom::Error,
    },
    /// The TLS configuration was refused.
    #[error("the TLS configuration was refused")]
    Tls {
        /// What rustls says.
        source: rustls::Error,
    },
    /// The verifier of client certificates was refused.
    #[error("the authorities of client certificates were refused")]
    ClientAuthorities {
        /// What rustls says.
        source: rustls::server::VerifierBuilderError,
    },
}

/// The server's identity and the relying parties it knows, with the authorities that vouch for them.
#[derive(Debug)]
pub struct Certificates {
    tls_authority: Authority,
    rp_authority: Authority,
    server: Identity,
    relying_parties: Vec<Identity>,
}

impl Certificates {
    /// Makes everything anew, valid from a day before `now_ms` (Unix milliseconds).
    ///
    /// The server certificate always covers `localhost`, `127.0.0.1` and `::1`; `names` come on top. Keys are ECDSA
    /// P-256, so all of this takes a millisecond or two.
    ///
    /// # Errors
    /// A name that is neither a DNS name nor an address, or a certificate that could not be issued.
    pub fn generate(names: &[String], now_ms: u64) -> Result<Self, Error> {
        let tls_authority = Authority::generate(issue::TLS_AUTHORITY, now_ms)?;
        let rp_authority = Authority::generate(issue::RP_AUTHORITY, now_ms)?;
        let server = issue::server(&tls_authority, names, now_ms)?;
        let relying_parties = issue::RELYING_PARTIES
            .iter()
            .map(|party| issue::relying_party(&rp_authority, party, now_ms))
            .collect::<Result<_, _>>()?;
        Ok(Self { tls_authority, rp_authority, server, relying_parties })
    }

    /// The authority that clients must trust, as PEM.
    pub fn ca_pem(&self) -> String {
        pem::certificate(self.tls_authority.certificate())
    }

    /// The authority that clients must trust, as DER.
    pub fn ca(&self) -> &CertificateDer<'static> {
        self.tls_authority.certificate()
    }

    /// The relying parties, at least two, so that a test can show that orders belong to the one that made them.
    pub fn relying_parties(&self) -> &[Identity] {
        &self.relying_parties
    }
}

#[cfg(test)]
mod tests;
