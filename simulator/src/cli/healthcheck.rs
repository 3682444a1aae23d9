//! `bankid-simulator healthcheck`: one HTTP request over a socket of its own, so that containers need no curl.
//!
//! Every port of a simulator tells its health, without a token: a plain port, that of the control plane, and over mutual
//! TLS the one for clients, who show the relying party's certificate of the simulator's folder.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Authority;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::arguments::{DEFAULT_PORT, DEFAULT_TLS_PORT, Healthcheck};
use crate::clock::{TlsTime, real_time};
use crate::http::control_api::HEALTH;
use crate::pki;

/// Why a simulator counts as not healthy, or was not asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwell {
    #[error(
        "`{0}` is no address to ask: it takes http://HOST:PORT, or with --certs https://HOST:PORT"
    )]
    Url(String),
    #[error("https:// needs --certs DIR, the folder of the simulator's certificates")]
    NoCertificates,
    #[error("--certs asks over TLS: the address must begin with https://")]
    NotTls,
    #[error("--certs takes the folder that the simulator uses")]
    Certificates(#[source] pki::Error),
    #[error("{0} cannot be reached")]
    Unreachable(String, #[source] io::Error),
    #[error("{0} did not answer with 200 but with `{1}`")]
    Answer(String, String),
}

/// Asks; no error means healthy.
pub(super) fn check(arguments: &Healthcheck) -> Result<(), Unwell> {
    let authority = authority(arguments)?;
    let tls = match &arguments.certs {
        Some(folder) => Some(Tls::new(&authority, folder)?),
        None => None,
    };
    let ends_at = real_time().saturating_add(Duration::from_secs(arguments.timeout));
    let status = status_line(&authority, tls.as_ref(), ends_at)
        .map_err(|error| Unwell::Unreachable(authority.clone(), error))?;
    match status.strip_prefix("HTTP/1.1 200") {
        Some(_) => Ok(()),
        None => Err(Unwell::Answer(authority, status)),
    }
}

/// Whom to ask, as `host:port`.
fn authority(arguments: &Healthcheck) -> Result<String, Unwell> {
    let (scheme, default_port) = match arguments.certs {
        Some(_) => ("https://", DEFAULT_TLS_PORT),
        None => ("http://", DEFAULT_PORT),
    };
    let Some(url) = &arguments.url else {
        return Ok(format!("127.0.0.1:{}", arguments.port.unwrap_or(default_port)));
    };
    let refused = || Unwell::Url(url.to_owned());
    let Some(rest) = url.strip_prefix(scheme) else {
        return Err(match (url.starts_with("https://"), url.starts_with("http://")) {
            (true, _) => Unwell::NoCertificates,
            (_, true) => Unwell::NotTls,
            (false, false) => refused(),
        });
    };
    // With or without the path of the control plane behind it.
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let parsed: Authority = authority.parse().ok().ok_or_else(refused)?;
    if authority.contains('@') {
        return Err(refused());
    }
    let port = parsed.port_u16().unwrap_or(if arguments.certs.is_some() { 443 } else { 80 });
    Ok(format!("{}:{port}", parsed.host()))
}

/// The side of TLS that clients have.
struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Tls {
    fn new(authority: &str, folder: &Path) -> Result<Self, Unwell> {
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name =
            ServerName::try_from(bare).ok().ok_or_else(|| Unwell::Url(authority.to_owned()))?;
        let config = pki::client_config(folder, Arc::new(TlsTime)).map_err(Unwell::Certificates)?;
        Ok(Self { config: Arc::new(config), name })
    }
}

fn status_line(authority: &str, tls: Option<&Tls>, ends_at: Duration) -> io::Result<String> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in authority.to_socket_addrs()? {
        let asked =
            Timed::connect(address, ends_at).and_then(|stream| exchange(stream, authority, tls));
        match asked {
            Ok(status) => return Ok(status),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn exchange(stream: Timed, authority: &str, tls: Option<&Tls>) -> io::Result<String> {
    let Some(Tls { config, name }) = tls else { return ask(stream, authority) };
    let connection =
        ClientConnection::new(Arc::clone(config), name.clone()).map_err(io::Error::other)?;
    ask(StreamOwned::new(connection, stream), authority)
}

fn ask(mut stream: impl Read + Write, authority: &str) -> io::Result<String> {
    let request =
        format!("GET {HEALTH} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    // The status line is all that matters, and whoever answers need not be a simulator: read no more than that.
    let mut head = Vec::new();
    let mut byte = [0];
    while head.len() < 128 && stream.read(&mut byte)? == 1 && byte != *b"\r" && byte != *b"\n" {
        head.extend_from_slice(&byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// A socket for which time runs out, whoever dribbles at the other end.
struct Timed {
    stream: TcpStream,
    ends_at: Duration,
}

impl Timed {
    fn connect(address: SocketAddr, ends_at: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, left(ends_at)?).map_err(said_plainly)?;
        Ok(Self { stream, ends_at })
    }
}

fn left(ends_at: Duration) -> io::Result<Duration> {
    let left = ends_at.checked_sub(real_time()).filter(|left| !left.is_zero());
    left.ok_or_else(too_late)
}

fn too_late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no answer in time")
}

/// Says in one way what systems call by different names.
fn said_plainly(error: io::Error) -> io::Error {
    let is_late = matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
    if is_late { too_late() } else { error }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.ends_at)?))?;
        self.stream.read(buffer).map_err(said_plainly)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.ends_at)?))?;
        self.stream.write(bytes).map_err(said_plainly)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
