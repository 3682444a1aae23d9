//! Servers that speak TLS.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{NONE_CUT, answer, rest, send, start, with_turned_time};
use crate::Limits;

struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn leaf(&self) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        (certificate, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
    }

    fn roots(&self) -> Arc<rustls::RootCertStore> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        Arc::new(roots)
    }

    fn server(&self) -> Arc<rustls::ServerConfig> {
        let (certificate, key) = self.leaf();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
            self.roots(),
            Arc::clone(&provider),
        );
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(vec![certificate], key);
        Arc::new(config.unwrap())
    }

    fn connector(
        &self,
        identity: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>,
    ) -> TlsConnector {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(self.roots());
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                builder.with_client_auth_cert(vec![certificate], key).unwrap()
            }
        };
        TlsConnector::from(Arc::new(config))
    }
}

async fn over_tls(
    connector: &TlsConnector,
    stream: TcpStream,
) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    connector.connect(ServerName::try_from("localhost").unwrap(), stream).await
}

#[tokio::test]
async fn tls_clients_are_known_by_their_certificate() {
    let authority = Authority::new();
    let server = start(Limits::default(), Some(authority.server())).await;
    let (certificate, key) = authority.leaf();
    let length = certificate.len();
    let known = authority.connector(Some((certificate, key)));
    let mut stream = over_tls(&known, server.connect().await).await.unwrap();
    send(&mut stream, "GET /me HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut stream).await.1, format!("/me Some({length})"));

    let unknown = authority.connector(None);
    // TLS 1.3 tells the client on its first read.
    if let Ok(mut stream) = over_tls(&unknown, server.connect().await).await {
        drop(stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await);
        assert_eq!(rest(&mut stream).await, "");
    }
    let mut garbage = server.connect().await;
    send(&mut garbage, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    drop(garbage.read_to_end(&mut Vec::new()).await);
    assert_eq!(
        server.shared.connections.load(Ordering::SeqCst),
        1,
        "only the known one got through"
    );
    drop(stream);
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn a_tls_client_that_has_ended_its_side_is_answered() {
    let authority = Authority::new();
    let server = start(Limits::default(), Some(authority.server())).await;
    let connector = authority.connector(Some(authority.leaf()));
    let mut stream = over_tls(&connector, server.connect().await).await.unwrap();
    send(&mut stream, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    stream.shutdown().await.unwrap();
    let mut other = over_tls(&connector, server.connect().await).await.unwrap();
    send(&mut other, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut other).await;
    server.shared.go.notify_one();
    assert_eq!(answer(&mut stream).await.1, "waited");
    drop(other);
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[test]
fn a_handshake_that_does_not_come_ends_the_connection() {
    with_turned_time(async {
        let server = start(Limits::default(), Some(Authority::new().server())).await;
        let mut stream = server.connect().await;
        let began = tokio::time::Instant::now();
        assert_eq!(rest(&mut stream).await, "");
        assert!(began.elapsed() < Duration::from_secs(20));
        assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    });
}

#[tokio::test]
async fn stopping_does_not_wait_for_handshakes() {
    let limits = Limits { handshake_time: Duration::from_secs(1000), ..Limits::default() };
    let server = start(limits, Some(Authority::new().server())).await;
    let mut stream = server.connect().await;
    stream.write_all(&[22, 3, 1]).await.unwrap();
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    assert_eq!(rest(&mut stream).await, "");
}
