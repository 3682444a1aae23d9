//! A client that says exactly what it is told to, byte for byte, and hides nothing of the answer.
//!
//! The suites test what stands on the wire, so they must not go through a library that sorts headers, adds a
//! content type or retries. One connection carries one call.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In the order and spelling of the wire.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }

    /// A text member of the answer's object.
    #[track_caller]
    pub(crate) fn text(&self, member: &str) -> String {
        match self.json().get(member) {
            Some(serde_json::Value::String(text)) => text.clone(),
            _ => panic!("no text member {member} in {}", self.body),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let split = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..split]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let body = String::from_utf8(bytes[split + 4..].to_vec()).ok()?;
        Some(Self { status, headers, body })
    }
}

/// The head and body of a call; everything may be bent.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let start = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    let length = format!("Content-Length: {}\r\n", body.len());
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let head: String = [start, length].into_iter().chain(headers).collect();
    format!("{head}\r\n{body}").into_bytes()
}

/// Sends the bytes and reads to the end. `None` if the peer closed without an answer.
pub(crate) async fn exchange<S>(mut stream: S, bytes: &[u8]) -> Option<Answer>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // The peer may answer and close before it has read everything; what it said still counts.
    let _written = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _end = stream.read_to_end(&mut answer).await;
    Answer::parse(&answer)
}

/// A plain connection.
pub(crate) async fn plain(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("the simulator listens")
}

/// How a TLS client presents itself.
#[derive(Debug)]
pub(crate) struct TlsIdentity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// A TLS connection that trusts only `ca`, or why there is none.
pub(crate) async fn tls(
    address: SocketAddr,
    ca: CertificateDer<'static>,
    identity: Option<TlsIdentity>,
) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ca).expect("the authority's certificate is well formed");
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .expect("ring offers the default versions")
    .with_root_certificates(roots);
    let config = match identity {
        Some(TlsIdentity { chain, key }) => {
            builder.with_client_auth_cert(chain, key).expect("the key fits the certificate")
        }
        None => builder.with_no_client_auth(),
    };
    let name = ServerName::try_from("localhost").expect("a valid name");
    let stream = TcpStream::connect(address).await?;
    tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await
}
