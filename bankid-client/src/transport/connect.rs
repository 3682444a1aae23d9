//! Making a connection: name, address, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Session;
use super::stream::Stream;
use crate::endpoint::{Endpoint, Transport};
use crate::tls;
use crate::{Call, Error, TlsFault};

/// Connects, as far as the handshake with which the client shows its certificate.
pub(super) async fn connect(
    endpoint: &Endpoint,
    session: &Session,
    call: Call,
) -> Result<Stream, Error> {
    let broken = |source: io::Error| Error::Connection { call, sent: false, source: source.into() };
    let tcp = reach(endpoint).await.map_err(broken)?;
    tcp.set_nodelay(true).map_err(broken)?;
    match (&endpoint.transport, &session.tls) {
        (Transport::Tls { name, .. }, Some(config)) => {
            let config = Arc::clone(config);
            shake_hands(tcp, name.clone(), TlsConnector::from(config)).await.map_err(|source| {
                let fault = tls::fault(&source).unwrap_or(TlsFault::Handshake);
                Error::Tls { call, fault, source: source.into() }
            })
        }
        _ => Ok(Stream::Plain(tcp)),
    }
}

async fn shake_hands(
    tcp: TcpStream,
    name: ServerName<'static>,
    connector: TlsConnector,
) -> io::Result<Stream> {
    Ok(Stream::Tls(Box::new(connector.connect(name, tcp).await?)))
}

/// Tries the addresses of the host, one after the other.
async fn reach(endpoint: &Endpoint) -> io::Result<TcpStream> {
    if let Ok(address) = endpoint.host.parse::<IpAddr>() {
        return TcpStream::connect(SocketAddr::from((address, endpoint.port))).await;
    }
    let mut failed = None;
    for address in tokio::net::lookup_host((&*endpoint.host, endpoint.port)).await? {
        // What is not encrypted stays on this machine, whatever `localhost` may be.
        if matches!(endpoint.transport, Transport::Plain) && !address.ip().is_loopback() {
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = Some(error),
        }
    }
    Err(failed
        .unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the host has no address")))
}
