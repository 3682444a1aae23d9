//! Who is trusted, who is shown what, and what is said when the two sides do not agree.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Client, Config, Endpoint, Error, Identity, Retry, TlsFault};
use p12_keystore::{Certificate as Bag, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    HandshakeKind, ProtocolVersion, RootCertStore, ServerConfig, SupportedProtocolVersion,
};
use tokio_rustls::TlsAcceptor;

use crate::clock::Turned;
use crate::server::{Act, Server};
use crate::{STARTED, armour, auth, params};

const BOTH: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

/// An authority.
struct Authority {
    params: CertificateParams,
    key: KeyPair,
    der: CertificateDer<'static>,
}

/// A certificate with its key, and the authorities between it and its root.
struct Party {
    der: CertificateDer<'static>,
    key: KeyPair,
    between: Vec<CertificateDer<'static>>,
}

fn named(name: &str) -> CertificateParams {
    let mut params = params();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    fn new(name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let der = params.self_signed(&key).unwrap().into();
        Self { params, key, der }
    }

    fn params(name: &str) -> CertificateParams {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }

    fn authority(&self, name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let der = params.signed_by(&key, &self.issuer()).unwrap().into();
        Self { params, key, der }
    }

    fn party(&self, name: &str) -> Party {
        let mut params = named(name);
        params.subject_alt_names = vec![rcgen::SanType::DnsName("localhost".try_into().unwrap())];
        let key = KeyPair::generate().unwrap();
        let der = params.signed_by(&key, &self.issuer()).unwrap().into();
        Party { der, key, between: Vec::new() }
    }

    fn pem(&self) -> String {
        armour("CERTIFICATE", &self.der)
    }
}

impl Party {
    fn identity(&self) -> Identity {
        let key = armour("PRIVATE KEY", &self.key.serialize_der());
        let pem = armour("CERTIFICATE", &self.der) + &key;
        Identity::from_pem(pem.as_bytes(), None).unwrap()
    }

    /// PKCS#12 with these authorities in it.
    fn pkcs12(&self, authorities: &[&Authority]) -> Identity {
        let key = PrivateKey::from_der(&self.key.serialize_der()).unwrap();
        let all = [&self.der].into_iter().chain(authorities.iter().map(|one| &one.der));
        let chain = PrivateKeyChain::new("1", key, all.map(|der| Bag::from_der(der).unwrap()));
        let mut store = KeyStore::new();
        store.add_entry("rp", KeyStoreEntry::PrivateKeyChain(chain));
        let writer = store.writer("qwerty123").encryption_iterations(10).mac_iterations(10);
        let file = writer.write().unwrap();
        Identity::from_pkcs12(&file, "qwerty123").unwrap()
    }
}

/// A server of this party that demands certificates of this authority.
fn acceptor(
    server: &Party,
    clients: &Authority,
    versions: &[&'static SupportedProtocolVersion],
) -> TlsAcceptor {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(clients.der.clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider))
        .build()
        .unwrap();
    let chain = [server.der.clone()].into_iter().chain(server.between.clone()).collect();
    let key = PrivateKeyDer::Pkcs8(server.key.serialize_der().into());
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(Then))
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    config.ticketer = ring::Ticketer::new().unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The servers' time of day, which does not pass.
#[derive(Debug)]
struct Then;

impl rustls::time_provider::TimeProvider for Then {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let now = u64::try_from(crate::NOW_UNIX_S).unwrap();
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(now)))
    }
}

fn client(server: &Server, host: &str, roots: &str, identity: Identity) -> (Client, Arc<Turned>) {
    let clock = Turned::new();
    let port = server.address().port();
    let endpoint =
        Endpoint::custom(&format!("https://{host}:{port}"), roots.as_bytes()).expect("an endpoint");
    let config = Config::new(endpoint, identity).clock(Arc::<Turned>::clone(&clock)).retries(0);
    (Client::new(config).expect("the settings hold"), clock)
}

async fn failed(client: &Client) -> (TlsFault, Retry) {
    let error = client.auth(auth()).await.expect_err("no order");
    assert_eq!(error.code(), "tlsFailed", "{error:?}");
    let retry = error.retry();
    let Error::Tls { fault, .. } = error else { panic!("{error:?}") };
    (fault, retry)
}

#[tokio::test]
async fn both_versions_with_name_certificate_and_resumption() {
    let (servers, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    let bank = parties.authority("Bank");
    let party = bank.party("Party");
    for version in BOTH {
        let acceptor = acceptor(&servers.party("localhost"), &parties, &[version]);
        let close = || Act::AnswerAndClose(200, STARTED.to_owned());
        let server = Server::over(Some(acceptor), [close(), close()]).await;
        // The root is in the file, too; it is not shown, since the server has it.
        let identity = party.pkcs12(&[&bank, &parties]);
        let (client, _) = client(&server, "localhost", &servers.pem(), identity);
        for number in [1, 2] {
            client.auth(auth()).await.unwrap();
            server.closed(number).await;
        }
        let [first, second] = &*server.handshakes() else { panic!("two connections") };
        for handshake in [first, second] {
            assert_eq!(handshake.version, version.version);
            assert_eq!(handshake.name.as_deref(), Some("localhost"));
            assert_eq!(handshake.certificates, [party.der.clone(), bank.der.clone()]);
        }
        assert!(matches!(
            first.kind,
            HandshakeKind::Full | HandshakeKind::FullWithHelloRetryRequest
        ));
        assert_eq!(second.kind, HandshakeKind::Resumed);
    }
}

#[tokio::test]
async fn an_authority_inside_the_file_is_not_trusted() {
    let (trusted, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    let party = parties.party("Party");
    // The server is vouched for by nobody but an authority that the file brings along.
    for inside in [&parties, &Authority::new("Another")] {
        let acceptor = acceptor(&inside.party("localhost"), &parties, BOTH);
        let server = Server::over(Some(acceptor), [Act::ok(STARTED)]).await;
        let identity = || party.pkcs12(&[&parties, inside]);
        let (refusing, _) = client(&server, "localhost", &trusted.pem(), identity());
        assert_eq!(failed(&refusing).await, (TlsFault::ServerCertificate, Retry::Never));
        // It is the roots alone that decide.
        let (trusting, _) = client(&server, "localhost", &inside.pem(), identity());
        trusting.auth(auth()).await.unwrap();
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn the_name_of_the_server_counts() {
    let (servers, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    let acceptor = acceptor(&servers.party("localhost"), &parties, BOTH);
    let server = Server::over(Some(acceptor), []).await;
    let identity = parties.party("Party").identity();
    let (client, _) = client(&server, "127.0.0.1", &servers.pem(), identity);
    assert_eq!(failed(&client).await, (TlsFault::ServerCertificate, Retry::Never));
}

#[tokio::test]
async fn a_server_certificate_is_judged_by_the_clock() {
    let (servers, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    let acceptor = acceptor(&servers.party("localhost"), &parties, BOTH);
    let server = Server::over(Some(acceptor), []).await;
    let identity = parties.party("Party").identity();
    let (client, clock) = client(&server, "localhost", &servers.pem(), identity);
    clock.advance(Duration::from_secs(366 * 86_400));
    assert_eq!(failed(&client).await, (TlsFault::ServerCertificate, Retry::Never));
}

#[tokio::test]
async fn a_server_that_wants_another_certificate_says_so() {
    let (servers, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    for version in BOTH {
        let acceptor = acceptor(&servers.party("localhost"), &parties, &[version]);
        let server = Server::over(Some(acceptor), []).await;
        let stranger = Authority::new("Nobody").party("Stranger").identity();
        let (client, _) = client(&server, "localhost", &servers.pem(), stranger);
        assert_eq!(failed(&client).await, (TlsFault::ClientCertificate, Retry::Never));
        assert_eq!(server.asked().len(), 0);
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_fails_the_handshake() {
    let mut server = Server::start([]).await;
    let authority = Authority::new("Servers");
    let identity = authority.party("Party").identity();
    let (client, _) = client(&server, "127.0.0.1", &authority.pem(), identity);
    // It waits for the end of a head that never comes.
    let hang_up = async {
        while server.connections() == 0 {
            tokio::task::yield_now().await;
        }
        server.hang_up();
    };
    let (outcome, ()) = tokio::join!(failed(&client), hang_up);
    assert_eq!(outcome, (TlsFault::Handshake, Retry::SafeNow));
}

#[tokio::test]
async fn another_identity_is_used_for_new_connections_and_the_old_ones_end() {
    let (servers, parties) = (Authority::new("Servers"), Authority::new("Parties"));
    let acceptor = acceptor(&servers.party("localhost"), &parties, BOTH);
    let script = [Act::ok(STARTED), Act::ok(STARTED), Act::Hang, Act::ok(STARTED)];
    let server = Server::over(Some(acceptor), script).await;
    let (old, new) = (parties.party("Old"), parties.party("New"));
    let (client, _) = client(&server, "localhost", &servers.pem(), old.identity());
    client.auth(auth()).await.unwrap();
    client.replace_identity(new.identity()).unwrap();
    server.closed(1).await;
    client.auth(auth()).await.unwrap();
    assert_eq!(client.identity().unwrap().subject(), "cn=New");
    let shown: Vec<_> = server.handshakes().iter().map(|one| one.certificates[0].clone()).collect();
    assert_eq!(shown, [old.der.clone(), new.der.clone()]);
    // No session of the old identity is resumed.
    assert!(server.handshakes().iter().all(|one| one.kind != HandshakeKind::Resumed));
    assert!(server.handshakes().iter().all(|one| one.version == ProtocolVersion::TLSv1_3));
}
