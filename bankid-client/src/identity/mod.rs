//! Who the relying party is: its certificate, the authorities between it and BankID, and its key (1.4).
//!
//! Certificates of authorities inside a file are shown to the server along with the relying party's own. They are never
//! trusted as a server's: that is for the endpoint's roots alone.

mod encrypted;
mod error;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use bankid_signature::{Certificate, Name};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use sha2::{Digest as _, Sha256};

pub use self::error::IdentityError;
use crate::{pem, tls};

/// Authorities that are shown along with the certificate, at most.
const CHAIN_MAX: usize = 8;

/// A certificate with its private key. `Debug` hides the key.
#[derive(Clone)]
pub struct Identity {
    certificate: Certificate,
    fingerprint: [u8; 32],
    subject: Box<str>,
    issuer: Box<str>,
    pub(crate) certified: Arc<CertifiedKey>,
}

impl Identity {
    /// From PEM: the certificate, its key (PKCS#8, encrypted or not, or PKCS#1 or SEC 1), and any authorities, in any order,
    /// with any text between them. The passphrase is needed for an encrypted key only.
    ///
    /// # Errors
    /// What is missing, superfluous or unreadable.
    pub fn from_pem(pem: &[u8], passphrase: Option<&str>) -> Result<Self, IdentityError> {
        let mut certificates = Vec::new();
        let mut keys = Vec::new();
        for section in pem::sections(pem)? {
            match section.label {
                "CERTIFICATE" => certificates.push(section.der),
                "PRIVATE KEY" => keys.push(PrivateKeyDer::Pkcs8(section.der.into())),
                "RSA PRIVATE KEY" => keys.push(PrivateKeyDer::Pkcs1(section.der.into())),
                "EC PRIVATE KEY" => keys.push(PrivateKeyDer::Sec1(section.der.into())),
                "ENCRYPTED PRIVATE KEY" => {
                    let passphrase = passphrase.ok_or(IdentityError::NoPassphrase)?;
                    let key = encrypted::pkcs8(&section.der, passphrase)?;
                    keys.push(PrivateKeyDer::Pkcs8(key.into()));
                }
                _ => {}
            }
        }
        Self::new(&certificates, &keys)
    }

    /// From PKCS#12 (`.p12`, `.pfx`), in the modern form or the one of before OpenSSL 3 (1.4).
    ///
    /// # Errors
    /// What is missing, superfluous or unreadable.
    pub fn from_pkcs12(file: &[u8], passphrase: &str) -> Result<Self, IdentityError> {
        let (certificates, keys) = encrypted::pkcs12(file, passphrase)?;
        Self::new(&certificates, &keys)
    }

    fn new(
        certificates: &[Vec<u8>],
        keys: &[PrivateKeyDer<'static>],
    ) -> Result<Self, IdentityError> {
        let key = match keys {
            [] => return Err(IdentityError::MissingKey),
            [key] => tls::signing_key(key).ok_or(IdentityError::UnusableKey)?,
            several => return Err(IdentityError::SeveralKeys { count: several.len() }),
        };
        let mut read = Vec::with_capacity(certificates.len());
        for der in certificates {
            read.push(Certificate::from_der(der).map_err(IdentityError::BadCertificate)?);
        }
        let certificate = owner(&read, &*key)?.clone();
        let chain = chain(&certificate, &read);
        Ok(Self {
            fingerprint: Sha256::digest(certificate.der()).into(),
            subject: certificate.subject().to_string().into(),
            issuer: certificate.issuer().to_string().into(),
            certified: Arc::new(CertifiedKey::new(chain, key)),
            certificate,
        })
    }

    /// Whose it is, in the spelling of `srvInfo/name` (10.4).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The name that the app shows to users, if the certificate has one.
    pub fn display_name(&self) -> Option<&str> {
        self.certificate.subject().name()
    }

    /// Who issued it, in the same spelling.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// When its validity starts, in Unix seconds.
    pub const fn not_before(&self) -> i64 {
        self.certificate.not_before_ms() / 1_000
    }

    /// When its validity ends, in Unix seconds.
    pub const fn not_after(&self) -> i64 {
        self.certificate.not_after_ms() / 1_000
    }

    /// SHA-256 of the certificate.
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Whole days until its validity ends, counted down from `now_unix_s`; negative once it has ended.
    pub const fn days_left(&self, now_unix_s: i64) -> i64 {
        self.not_after().saturating_sub(now_unix_s).div_euclid(86_400)
    }

    pub(crate) fn check_validity(&self, now_unix_ms: u64) -> Result<(), IdentityError> {
        let now_ms = i64::try_from(now_unix_ms).unwrap_or(i64::MAX);
        if now_ms > self.certificate.not_after_ms() {
            return Err(IdentityError::Expired { not_after: self.not_after() });
        }
        if now_ms < self.certificate.not_before_ms() {
            return Err(IdentityError::NotYetValid { not_before: self.not_before() });
        }
        Ok(())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("not_after", &self.not_after())
            .finish_non_exhaustive()
    }
}

/// The certificate that the key belongs to.
fn owner<'a>(
    certificates: &'a [Certificate],
    key: &dyn SigningKey,
) -> Result<&'a Certificate, IdentityError> {
    if certificates.is_empty() {
        return Err(IdentityError::MissingCertificate);
    }
    let public = key.public_key().ok_or(IdentityError::UnusableKey)?;
    let mut owners = certificates.iter().filter(|one| one.public_key() == public.as_ref());
    owners.next().ok_or(IdentityError::KeyMismatch)
}

/// The certificate and the authorities above it, as far as the file has them; not the root, which the server has.
fn chain(certificate: &Certificate, all: &[Certificate]) -> Vec<CertificateDer<'static>> {
    let mut chain = vec![certificate];
    let mut issuer: &Name = certificate.issuer();
    while chain.len() <= CHAIN_MAX {
        let above = all
            .iter()
            .find(|one| one.subject() == issuer && !one.is_self_issued() && !chain.contains(one));
        let Some(above) = above else { break };
        issuer = above.issuer();
        chain.push(above);
    }
    chain.into_iter().map(|one| CertificateDer::from(one.der().to_vec())).collect()
}
