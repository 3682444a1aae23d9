//! A certificate with its private key.

use std::fmt;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::{Error, PASSPHRASE, pem, pkcs12};

/// A certificate with its private key; `Debug` hides the key.
pub struct Identity {
    name: &'static str,
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    pub(super) fn new(
        name: &'static str,
        certificate: CertificateDer<'static>,
        key: PrivatePkcs8KeyDer<'static>,
    ) -> Self {
        Self { name, certificate, key }
    }

    /// The stem of its file names in a folder, for example `rp`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The certificate as DER.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The private key as PKCS#8 DER.
    pub fn key(&self) -> &PrivatePkcs8KeyDer<'static> {
        &self.key
    }

    /// The certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        pem::certificate(&self.certificate)
    }

    /// The private key as PEM, not encrypted.
    pub fn key_pem(&self) -> String {
        pem::encode(pem::PRIVATE_KEY, self.key.secret_pkcs8_der())
    }

    /// Both as PKCS#12 under [`PASSPHRASE`], salted anew each time.
    ///
    /// # Errors
    /// The operating system gave no random bytes.
    pub fn pfx(&self) -> Result<Vec<u8>, Error> {
        Ok(pkcs12::modern(self, PASSPHRASE, &pkcs12::Salts::draw()?))
    }

    /// The same in the encryption of old Windows and Java (1.4).
    ///
    /// # Errors
    /// The operating system gave no random bytes.
    pub fn legacy_pfx(&self) -> Result<Vec<u8>, Error> {
        Ok(pkcs12::legacy(self, PASSPHRASE, &pkcs12::Salts::draw()?))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("name", &self.name).finish_non_exhaustive()
    }
}
