//! One connection: its handshake, who is at the other end, and its requests until it ends.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use crate::limits::Limits;
use crate::mark::Mark;
use crate::watch::{Activity, Watchdog, Watched};

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// The certificate it proved itself with, in DER, where TLS asked for one. The TLS configuration has judged it.
    pub client_certificate: Option<CertificateDer<'static>>,
}

/// Answers the requests of one connection. Made once per connection from its [`Peer`], so what depends on who is
/// calling is computed once.
pub trait Connection: Send + Sync + 'static {
    /// The body of its responses.
    type Body: http_body::Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>>
        + Send
        + 'static;

    /// Answers one request. HTTP/1.1 brings them one after the other.
    fn answer(
        &self,
        request: http::Request<crate::Body>,
    ) -> impl Future<Output = http::Response<Self::Body>> + Send;
}

/// An extension of a response that takes it back: the connection is closed instead, without an answer. For servers that
/// play a broken one.
#[derive(Clone, Copy, Debug)]
pub struct HangUp;

/// Ends a connection from within the service, which hyper wants to be an error.
#[derive(Debug, thiserror::Error)]
#[error("the service hung up")]
struct HungUp;

/// The settings that all connections of one server have in common.
#[derive(Clone)]
pub(crate) struct Common {
    pub(crate) http: http1::Builder,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) mark: Option<Arc<Mark>>,
    pub(crate) stop: watch::Receiver<bool>,
}

/// Serves one connection to its end. Faults of the client end the connection and are no news to anybody, so they are
/// logged for debugging only, without its address.
pub(crate) async fn serve<C: Connection>(
    stream: TcpStream,
    address: SocketAddr,
    common: Common,
    connect: Arc<impl Fn(Peer) -> C>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "no TCP_NODELAY");
    }
    let Some(tls) = common.tls.clone() else {
        let connection = connect(Peer { address, client_certificate: None });
        return requests(stream, connection, common).await;
    };
    let mut stop = common.stop.clone();
    let stream = tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => return,
        shaken = tokio::time::timeout(common.limits.handshake_time, tls.accept(stream)) => match shaken {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return debug!(%error, "TLS handshake failed"),
            Err(_) => return debug!("TLS handshake took too long"),
        },
    };
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let client_certificate = certificate.map(|certificate| certificate.clone().into_owned());
    let connection = connect(Peer { address, client_certificate });
    // The handshake's state is large and most of a connection's life is after it.
    requests(stream, connection, common).await;
}

async fn requests<S, C>(stream: S, connection: C, common: Common)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    C: Connection,
{
    let Common { http, limits, mark, mut stop, .. } = common;
    let activity = Arc::new(Activity::default());
    let shared = Arc::new((connection, Arc::clone(&activity)));
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        shared.1.request_begins();
        async move {
            let response = shared.0.answer(request).await;
            shared.1.request_ends();
            if response.extensions().get::<HangUp>().is_some() { Err(HungUp) } else { Ok(response) }
        }
    });
    let stream = TokioIo::new(Watched::new(stream, Arc::clone(&activity), mark));
    let mut http = pin!(http.serve_connection(stream, service));
    let mut watchdog = Watchdog::new(&limits, Arc::clone(&activity));
    let mut barked = pin!(watchdog.bark());

    let mut broken = pin!(activity.breaks());

    tokio::select! {
        biased;
        result = http.as_mut() => return log_end(result),
        () = broken.as_mut() => return debug!("connection broke before its answer"),
        () = barked.as_mut() => return debug!("{TOO_LONG}"),
        _ = stop.wait_for(|stop| *stop) => {}
    }
    // The request under way ends, none follows; the server's deadline bounds this.
    activity.server_stops();
    http.as_mut().graceful_shutdown();
    tokio::select! {
        biased;
        result = http => log_end(result),
        () = broken => debug!("connection broke before its answer"),
        () = barked => debug!("{TOO_LONG}"),
    }
}

const TOO_LONG: &str = "connection was idle, its request head too slow, or its client gone";

fn log_end(result: hyper::Result<()>) {
    if let Err(error) = result {
        debug!(%error, "connection ended early");
    }
}
