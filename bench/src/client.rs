//! A load client that costs little: kept connections, prepared request bytes, no pool and no header map.
//!
//! It speaks just enough HTTP/1.1 for the servers measured here: answers with a `Content-Length`. It checks every
//! status, so that a server that refuses quickly does not look fast.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest answer head plus body.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Where to connect, and how.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

/// The bytes of one POST.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A kept connection.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    buffer: Vec<u8>,
}

/// An answer, borrowed from its connection.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) async fn open(endpoint: &Endpoint) -> Result<Self> {
        let tcp = TcpStream::connect(endpoint.address).await?;
        tcp.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match &endpoint.tls {
            None => Box::new(tcp),
            Some(config) => {
                let name = ServerName::try_from("localhost").map_err(Error::other)?;
                Box::new(TlsConnector::from(Arc::clone(config)).connect(name, tcp).await?)
            }
        };
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends prepared bytes and reads the whole answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.buffer.clear();
        loop {
            if self.buffer.len() > MAX_ANSWER_BYTES {
                return Err(Error::new(ErrorKind::FileTooLarge, "the answer is too long"));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = head(&self.buffer)? {
                let rest = self.buffer.len() - head.bytes;
                if rest > head.body_bytes {
                    return Err(invalid("more than one answer"));
                }
                if rest == head.body_bytes {
                    let body = self.buffer.get(head.bytes..).unwrap_or_default();
                    return Ok(Answer { status: head.status, body });
                }
            }
        }
    }

    /// As [`exchange`](Self::exchange), where any other status than 200 is an error that shows the answer.
    pub(crate) async fn expect_ok(&mut self, request: &[u8]) -> Result<&[u8]> {
        let answer = self.exchange(request).await?;
        if answer.status == 200 {
            Ok(answer.body)
        } else {
            Err(invalid(format!(
                "status {}: {}",
                answer.status,
                String::from_utf8_lossy(answer.body)
            )))
        }
    }
}

struct Head {
    status: u16,
    bytes: usize,
    body_bytes: usize,
}

fn head(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = answer.parse(bytes).map_err(invalid)? else {
        return Ok(None);
    };
    let body_bytes = answer
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| str::from_utf8(header.value).ok()?.parse().ok())
        .ok_or_else(|| invalid("an answer without content-length"))?;
    Ok(Some(Head { status: answer.code.unwrap_or_default(), bytes: length, body_bytes }))
}

fn invalid(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidData, reason)
}
