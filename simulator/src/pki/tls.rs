//! Mutual TLS as BankID's servers speak it (section 1.3): TLS 1.2 and 1.3, and no handshake without an RP certificate.
//!
//! This file alone names the cryptography provider of the simulator.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ServerSessionMemoryCache, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, CipherSuite, ClientConfig, DigitallySignedStruct, DistinguishedName,
    RootCertStore, ServerConfig, SignatureScheme, SupportedCipherSuite,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::{Certificates, Error, folder, rp_fingerprint};

/// SHA-256 of BankID's shared test RP certificates (section 1.4), both issues of `FPTestcert5_20240610`.
pub const SHARED_TEST_CERTIFICATES: [[u8; 32]; 2] = [
    [
        0xef, 0x15, 0xb3, 0xe1, 0x83, 0x7b, 0xd4, 0xad, 0xe7, 0xe4, 0xbf, 0xa1, 0xd0, 0xa0, 0x7e,
        0x9b, 0xe9, 0x36, 0xe0, 0x38, 0x9c, 0x10, 0x80, 0x60, 0x77, 0xd0, 0xeb, 0x51, 0x27, 0x1a,
        0xd5, 0xf5,
    ],
    [
        0x2a, 0x87, 0x97, 0xb7, 0x62, 0xb2, 0x61, 0x22, 0x2c, 0x13, 0xf7, 0xb0, 0x02, 0x30, 0x16,
        0xbf, 0x68, 0xd5, 0x7c, 0xc6, 0x30, 0xa6, 0x29, 0x21, 0xc6, 0x7d, 0x04, 0x5d, 0xcb, 0xe6,
        0x30, 0xcb,
    ],
];

/// TLS 1.2 sessions kept for resumption by identifier; tickets need no memory.
const REMEMBERED_SESSIONS: usize = 1024;

/// Whose client certificates are let in, besides those of our own authority.
#[derive(Clone, Debug)]
pub struct ClientTrust {
    /// Certificates accepted as they are, by SHA-256, whoever issued them.
    pub fingerprints: Vec<[u8; 32]>,
    /// Further authorities of RP certificates.
    pub authorities: Vec<CertificateDer<'static>>,
}

impl Default for ClientTrust {
    /// BankID's shared test certificates, and nothing else.
    fn default() -> Self {
        Self { fingerprints: SHARED_TEST_CERTIFICATES.to_vec(), authorities: Vec::new() }
    }
}

impl Certificates {
    /// The TLS side of a server that demands an RP certificate; `time` judges validity.
    ///
    /// # Errors
    /// An authority of `trust` that is no certificate, or a provider that fails.
    pub fn server_config(
        &self,
        trust: ClientTrust,
        time: Arc<dyn TimeProvider>,
    ) -> Result<ServerConfig, Error> {
        let refused = |source| Error::Tls { source };
        let provider =
            Arc::new(CryptoProvider { cipher_suites: cipher_suites(), ..ring::default_provider() });
        let verifier = self.verifier(trust, &provider)?;
        let chain = vec![self.server.certificate().clone()];
        let mut config = ServerConfig::builder_with_details(provider, time)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(refused)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, self.server.key().clone_key().into())
            .map_err(refused)?;
        config.ignore_client_order = true;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.session_storage = ServerSessionMemoryCache::new(REMEMBERED_SESSIONS);
        config.ticketer = ring::Ticketer::new().map_err(refused)?;
        Ok(config)
    }

    fn verifier(
        &self,
        trust: ClientTrust,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ClientCertVerifier>, Error> {
        let mut roots = RootCertStore::empty();
        for authority in
            trust.authorities.into_iter().chain([self.rp_authority.certificate().clone()])
        {
            roots.add(authority).map_err(|source| Error::Tls { source })?;
        }
        // No hints: Java and Windows offer only certificates of a hinted issuer, and the issuer of the shared test
        // certificate is in nobody's hands.
        let by_authority =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                .clear_root_hint_subjects()
                .build()
                .map_err(|source| Error::ClientAuthorities { source })?;
        // Our own relying parties are known already: a signature less to check is a fifth of a handshake.
        let known = self.relying_parties.iter().map(|party| rp_fingerprint(party.certificate()));
        let fingerprints = trust.fingerprints.into_iter().chain(known).collect();
        Ok(Arc::new(RpVerifier { by_authority, fingerprints }))
    }
}

/// The TLS side of a client that trusts the authority of a folder and shows the first relying party's certificate there.
///
/// # Errors
/// Files that are missing or hold something else than they should.
pub(crate) fn client_config(
    folder: &Path,
    time: Arc<dyn TimeProvider>,
) -> Result<ClientConfig, Error> {
    let refused = |source| Error::Tls { source };
    let mut roots = RootCertStore::empty();
    roots.add(folder::authority_to_trust(folder)?).map_err(refused)?;
    let (certificate, key) = folder::first_relying_party(folder)?;
    ClientConfig::builder_with_details(Arc::new(ring::default_provider()), time)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(refused)?
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key.into())
        .map_err(refused)
}

/// What ring offers, AES-128 with SHA-256 first: processors run SHA-256, and not SHA-384, in hardware, and most of the
/// hashes of a connection are in its handshake.
fn cipher_suites() -> Vec<SupportedCipherSuite> {
    let mut suites = ring::ALL_CIPHER_SUITES.to_vec();
    suites.sort_by_key(|suite| !FAST_SUITES.contains(&suite.suite()));
    suites
}

const FAST_SUITES: [CipherSuite; 3] = [
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/// Lets in certificates by fingerprint, others by their authority. Extended key usage is not needed (section 1.4),
/// but one that excludes client authentication is refused.
#[derive(Debug)]
struct RpVerifier {
    by_authority: Arc<dyn ClientCertVerifier>,
    fingerprints: Vec<[u8; 32]>,
}

impl ClientCertVerifier for RpVerifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.by_authority.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if self.fingerprints.contains(&rp_fingerprint(end_entity)) {
            valid_at(end_entity, now)?;
            return Ok(ClientCertVerified::assertion());
        }
        self.by_authority.verify_client_cert(end_entity, intermediates, now)
    }

    // That the caller has the key is shown by these two, whichever way the certificate was accepted.

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.by_authority.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.by_authority.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.by_authority.supported_verify_schemes()
    }
}

fn valid_at(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let (_, certificate) = X509Certificate::from_der(certificate)
        .map_err(|_malformed| CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < certificate.validity().not_before.timestamp() {
        return Err(CertificateError::NotValidYet);
    }
    if now > certificate.validity().not_after.timestamp() {
        return Err(CertificateError::Expired);
    }
    Ok(())
}
