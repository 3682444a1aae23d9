//! Handshakes in memory against every kind of client certificate, and the shape of what we issue.

use std::sync::Arc;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, ServerConnection};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::*;

/// 2026-01-01 00:00:00Z.
const NOW_MS: u64 = 1_767_225_600_000;
const YEAR_MS: u64 = 365 * 86_400_000;

#[derive(Debug)]
struct At(u64);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_millis(self.0)))
    }
}

/// A client certificate with its key.
struct Client {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl From<&Identity> for Client {
    fn from(identity: &Identity) -> Self {
        Self { chain: vec![identity.certificate().clone()], key: identity.key().clone_key().into() }
    }
}

/// What a handshake ended in: the negotiated version and the client certificate as the server saw it.
type Outcome = Result<(ProtocolVersion, CertificateDer<'static>), rustls::Error>;

struct Attempt<'a> {
    certificates: &'a Certificates,
    trust: ClientTrust,
    now_ms: u64,
    name: &'static str,
    version: &'static rustls::SupportedProtocolVersion,
}

impl<'a> Attempt<'a> {
    fn new(certificates: &'a Certificates) -> Self {
        Self {
            certificates,
            trust: ClientTrust::default(),
            now_ms: NOW_MS,
            name: "localhost",
            version: &rustls::version::TLS13,
        }
    }

    fn run(self, client: Option<Client>) -> Outcome {
        let server = self.certificates.server_config(self.trust, Arc::new(At(self.now_ms)))?;
        let mut roots = RootCertStore::empty();
        roots.add(self.certificates.ca().clone())?;
        let builder = ClientConfig::builder_with_details(
            Arc::new(rustls::crypto::ring::default_provider()),
            Arc::new(At(self.now_ms)),
        )
        .with_protocol_versions(&[self.version])?
        .with_root_certificates(roots);
        let config = match client {
            // Resolved by hand: rustls itself would refuse to present a certificate with another's key.
            Some(client) => {
                let key = rustls::crypto::ring::sign::any_supported_type(&client.key)?;
                let identity = CertifiedKey::new(client.chain, key);
                builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)))
            }
            None => builder.with_no_client_auth(),
        };
        let client =
            ClientConnection::new(Arc::new(config), ServerName::try_from(self.name).unwrap())?;
        shake_hands(client, ServerConnection::new(Arc::new(server))?)
    }
}

impl From<Error> for rustls::Error {
    fn from(error: Error) -> Self {
        Self::General(error.to_string())
    }
}

fn shake_hands(mut client: ClientConnection, mut server: ServerConnection) -> Outcome {
    while client.is_handshaking() || server.is_handshaking() {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
            server.process_new_packets()?;
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            client.read_tls(&mut rest).unwrap();
            client.process_new_packets()?;
        }
    }
    let certificate = server.peer_certificates().unwrap()[0].clone().into_owned();
    Ok((server.protocol_version().unwrap(), certificate))
}

fn generate() -> Certificates {
    Certificates::generate(&["bankid.test".to_owned(), "192.0.2.7".to_owned()], NOW_MS).unwrap()
}

/// A client certificate from an authority of its own, which comes with it.
fn stranger(
    extended: &[ExtendedKeyUsagePurpose],
    change: impl FnOnce(&mut CertificateParams),
) -> (Client, Authority) {
    let authority = Authority::generate(issue::RP_AUTHORITY, NOW_MS).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.not_before = issue::at(NOW_MS - YEAR_MS);
    params.not_after = issue::at(NOW_MS + YEAR_MS);
    params.extended_key_usages = extended.to_vec();
    change(&mut params);
    let signer = KeyPair::try_from(&authority.key()).unwrap();
    let issuer = Issuer::from_ca_cert_der(authority.certificate(), signer).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let client = Client {
        chain: vec![certificate.into()],
        key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
    };
    (client, authority)
}

#[test]
fn both_versions_let_our_relying_parties_in() {
    let certificates = generate();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for party in certificates.relying_parties() {
            let (negotiated, seen) =
                Attempt { version, ..Attempt::new(&certificates) }.run(Some(party.into())).unwrap();
            assert_eq!(negotiated, version.version);
            assert_eq!(&seen, party.certificate());
        }
    }
}

#[test]
fn every_name_of_the_server_is_covered() {
    let certificates = generate();
    for name in ["localhost", "127.0.0.1", "::1", "bankid.test", "192.0.2.7"] {
        let attempt = Attempt { name, ..Attempt::new(&certificates) };
        attempt.run(Some((&certificates.relying_parties()[0]).into())).unwrap();
    }
    let attempt = Attempt { name: "elsewhere.test", ..Attempt::new(&certificates) };
    attempt.run(Some((&certificates.relying_parties()[0]).into())).unwrap_err();
}

#[test]
fn no_certificate_is_a_failed_handshake() {
    let certificates = generate();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let refused = Attempt { version, ..Attempt::new(&certificates) }.run(None).unwrap_err();
        assert_eq!(refused, rustls::Error::NoCertificatesPresented);
    }
}

#[test]
fn a_certificate_of_another_authority_is_refused_until_that_authority_is_given() {
    let certificates = generate();
    let (client, authority) = stranger(&[], |_| {});
    let again = Client { chain: client.chain.clone(), key: client.key.clone_key() };
    let refused = Attempt::new(&certificates).run(Some(client)).unwrap_err();
    assert!(matches!(refused, rustls::Error::InvalidCertificate(_)), "{refused:?}");

    let trust = ClientTrust {
        authorities: vec![authority.certificate().clone()],
        ..ClientTrust::default()
    };
    Attempt { trust, ..Attempt::new(&certificates) }.run(Some(again)).unwrap();
}

/// BankID's own RP certificates have RSA keys (section 1.4).
#[test]
fn rsa_keys_are_accepted() {
    let certificates = generate();
    let mut random = ChaCha20Rng::from_seed([1; 32]);
    let key = rsa::PrivateKey::new(&mut random, 2048).unwrap().to_pkcs8_der().unwrap();
    let key = PrivatePkcs8KeyDer::from(key.as_bytes().to_vec());
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&key, &rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate: CertificateDer<'_> =
        CertificateParams::default().self_signed(&pair).unwrap().into();
    let trust =
        ClientTrust { fingerprints: vec![rp_fingerprint(&certificate)], ..ClientTrust::default() };
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let client = Client { chain: vec![certificate.clone()], key: key.clone_key().into() };
        let attempt = Attempt { trust: trust.clone(), version, ..Attempt::new(&certificates) };
        assert_eq!(attempt.run(Some(client)).unwrap().1, certificate);
    }
}

#[test]
fn extended_key_usage_is_not_needed_but_must_not_exclude_clients() {
    let certificates = generate();
    let attempt = |extended: &[ExtendedKeyUsagePurpose]| {
        let (client, authority) = stranger(extended, |_| {});
        let trust = ClientTrust {
            authorities: vec![authority.certificate().clone()],
            ..ClientTrust::default()
        };
        Attempt { trust, ..Attempt::new(&certificates) }.run(Some(client))
    };
    attempt(&[]).unwrap();
    attempt(&[ExtendedKeyUsagePurpose::ClientAuth]).unwrap();
    attempt(&[ExtendedKeyUsagePurpose::ServerAuth]).unwrap_err();
}

#[test]
fn a_fingerprint_lets_in_whoever_has_the_key() {
    let certificates = generate();
    let (client, _) = stranger(&[], |_| {});
    let fingerprint = rp_fingerprint(&client.chain[0]);
    let trust = ClientTrust { fingerprints: vec![fingerprint], ..ClientTrust::default() };
    let thief = Client {
        chain: client.chain.clone(),
        key: PrivateKeyDer::Pkcs8(KeyPair::generate().unwrap().serialize_der().into()),
    };
    Attempt { trust: trust.clone(), ..Attempt::new(&certificates) }.run(Some(client)).unwrap();
    // The certificate is public; without its key nobody gets in.
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let attempt = Attempt { trust: trust.clone(), version, ..Attempt::new(&certificates) };
        let thief = Client { chain: thief.chain.clone(), key: thief.key.clone_key() };
        attempt.run(Some(thief)).unwrap_err();
    }
}

#[test]
fn a_fingerprint_does_not_outlive_its_certificate() {
    let certificates = generate();
    let attempt = |change: fn(&mut CertificateParams)| {
        let (client, _) = stranger(&[], change);
        let trust = ClientTrust {
            fingerprints: vec![rp_fingerprint(&client.chain[0])],
            ..ClientTrust::default()
        };
        Attempt { trust, ..Attempt::new(&certificates) }.run(Some(client)).unwrap_err()
    };
    let expired = attempt(|params| params.not_after = issue::at(NOW_MS - 1000));
    assert_eq!(expired, rustls::Error::InvalidCertificate(rustls::CertificateError::Expired));
    let early = attempt(|params| params.not_before = issue::at(NOW_MS + 1000));
    assert_eq!(early, rustls::Error::InvalidCertificate(rustls::CertificateError::NotValidYet));
}

#[test]
fn time_comes_from_outside() {
    let certificates = generate();
    let client = || Some((&certificates.relying_parties()[0]).into());
    let late = Attempt { now_ms: NOW_MS + 3 * YEAR_MS, ..Attempt::new(&certificates) };
    late.run(client()).unwrap_err();
    let in_time = Attempt { now_ms: NOW_MS + YEAR_MS / 2, ..Attempt::new(&certificates) };
    in_time.run(client()).unwrap();
}

#[test]
fn rp_certificates_have_the_shape_of_section_1_4() {
    let certificates = generate();
    let expected = [
        "C=SE, O=Simulated Shop AB, serialNumber=5500000011, name=Simulated Shop, CN=bankid-simulator RP 1",
        "C=SE, O=Simulated Clinic AB, serialNumber=5500000021, name=Simulated Clinic, CN=bankid-simulator RP 2",
    ];
    for (party, subject) in certificates.relying_parties().iter().zip(expected) {
        let (_, certificate) = X509Certificate::from_der(party.certificate()).unwrap();
        assert_eq!(certificate.subject().to_string(), subject);
        let usage = certificate.key_usage().unwrap().unwrap();
        assert!(usage.critical && usage.value.digital_signature());
        assert_eq!(usage.value.flags, 1);
        assert!(certificate.extended_key_usage().unwrap().is_none());
        assert!(certificate.basic_constraints().unwrap().is_none());
        let policies: Vec<_> =
            certificate.extensions().iter().map(|extension| extension.oid.to_id_string()).collect();
        assert_eq!(policies, ["2.5.29.32", "2.5.29.15", "2.5.29.35", "2.5.29.14"]);
    }
}

#[test]
fn the_authorities_cannot_be_mistaken_for_those_of_bankid() {
    let certificates = generate();
    for authority in [&certificates.tls_authority, &certificates.rp_authority] {
        let (_, certificate) = X509Certificate::from_der(authority.certificate()).unwrap();
        assert!(certificate.subject().to_string().ends_with("CA (not BankID)"));
        assert!(certificate.is_ca());
        certificate.verify_signature(None).unwrap();
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    for name in ["", "with space", "a..b", "-"] {
        let error = Certificates::generate(&[name.to_owned()], NOW_MS).unwrap_err();
        assert!(matches!(error, Error::ServerName { .. }), "{name}: {error:?}");
    }
}

#[test]
fn debug_output_has_no_keys() {
    let certificates = generate();
    let text = format!("{certificates:?}");
    assert!(!text.contains("key") && !text.contains("Pkcs8"), "{text}");
}

#[test]
fn sessions_are_resumed() {
    let certificates = generate();
    let server =
        Arc::new(certificates.server_config(ClientTrust::default(), Arc::new(At(NOW_MS))).unwrap());
    assert_eq!(server.alpn_protocols, [b"http/1.1".to_vec()]);
    assert!(server.ticketer.enabled());
    let mut roots = RootCertStore::empty();
    roots.add(certificates.ca().clone()).unwrap();
    let party = Client::from(&certificates.relying_parties()[0]);
    let client = ClientConfig::builder_with_details(
        Arc::new(rustls::crypto::ring::default_provider()),
        Arc::new(At(NOW_MS)),
    )
    .with_protocol_versions(&[&rustls::version::TLS12])
    .unwrap()
    .with_root_certificates(roots)
    .with_client_auth_cert(party.chain.clone(), party.key)
    .unwrap();
    let client = Arc::new(client);
    let connect = || {
        ClientConnection::new(Arc::clone(&client), ServerName::try_from("localhost").unwrap())
            .unwrap()
    };
    shake_hands(connect(), ServerConnection::new(Arc::clone(&server)).unwrap()).unwrap();
    let mut second = connect();
    let mut resumed = ServerConnection::new(server).unwrap();
    let mut wire = Vec::new();
    second.write_tls(&mut wire).unwrap();
    resumed.read_tls(&mut wire.as_slice()).unwrap();
    resumed.process_new_packets().unwrap();
    assert_eq!(resumed.handshake_kind(), Some(rustls::HandshakeKind::Resumed));
    // Orders belong to the certificate, so a resumed session must still know it.
    assert_eq!(resumed.peer_certificates().unwrap(), party.chain);
}
