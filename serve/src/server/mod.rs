//! The accept loop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use crate::connection::{self, Common, Connection, Peer};
use crate::limits::Limits;
use crate::mark::Mark;

#[cfg(test)]
mod tests;

/// A listener with its settings, ready to run.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    limits: Limits,
    title_case: bool,
    mark: Option<Mark>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy at the deadline and were cut.
    pub cut: usize,
}

/// What went wrong in a server's life.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Answering panicked. The connections in question were closed, the others went on.
    #[error("{connections} connections ended in a panic")]
    Panicked {
        /// How many.
        connections: usize,
    },
}

impl Server {
    /// A server of plain HTTP with the default [`Limits`].
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, tls: None, limits: Limits::default(), title_case: false, mark: None }
    }

    /// Speaks TLS. Whether clients need certificates, and which, is in the configuration.
    #[must_use]
    pub fn tls(mut self, config: Arc<rustls::ServerConfig>) -> Self {
        self.tls = Some(config);
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Writes header names as `Content-Type` instead of `content-type`.
    #[must_use]
    pub fn title_case_headers(mut self) -> Self {
        self.title_case = true;
        self
    }

    /// A header that also the answers get which hyper makes itself, to heads that it cannot read. All answers of the
    /// service are to have it already.
    #[must_use]
    pub fn mark(mut self, name: HeaderName, value: &HeaderValue) -> Self {
        self.mark = Some(Mark::new(name, value));
        self
    }

    /// Serves until `shutdown` is done, then lets the requests under way end within [`Limits::drain_time`].
    ///
    /// `connect` is called once per connection, after the handshake. Dropping the future closes everything at once.
    ///
    /// # Errors
    ///
    /// [`Error::Panicked`], told at the end: the server outlives a panic while answering.
    pub async fn run<C: Connection>(
        self,
        shutdown: impl Future<Output = ()> + Send,
        connect: impl Fn(Peer) -> C + Send + Sync + 'static,
    ) -> Result<Drained, Error> {
        let (stopping, stop) = watch::channel(false);
        let drain_time = self.limits.drain_time;
        let places =
            Arc::new(Semaphore::new(self.limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
        let mut http = http1::Builder::new();
        // `Watchdog` times the heads, and what is left to a client that has ended its side, see there.
        http.header_read_timeout(None)
            .half_close(true)
            .max_header_size(self.limits.head_bytes)
            .title_case_headers(self.title_case);
        let common = Common {
            http,
            tls: self.tls.map(TlsAcceptor::from),
            limits: Arc::new(self.limits),
            mark: self.mark.map(Arc::new),
            stop,
        };
        let connect = Arc::new(connect);
        let mut connections = Connections::default();

        let accepting = async {
            let mut pause = Pause::default();
            loop {
                // The semaphore is never closed.
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                let (stream, address) = match connections.reap_while(self.listener.accept()).await {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        if let Some(length) = pause.after(&error) {
                            warn!(%error, "cannot accept connections");
                            tokio::time::sleep(length).await;
                        }
                        continue;
                    }
                };
                pause = Pause::default();
                let served =
                    connection::serve(stream, address, common.clone(), Arc::clone(&connect));
                connections.tasks.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
        };
        tokio::select! {
            () = accepting => {}
            () = shutdown => {}
        }
        drop(self.listener);
        stopping.send_replace(true);
        let cut = connections.drain(drain_time).await;
        match connections.panicked {
            0 => Ok(Drained { cut }),
            connections => Err(Error::Panicked { connections }),
        }
    }
}

/// The tasks of the open connections.
#[derive(Debug, Default)]
struct Connections {
    tasks: JoinSet<()>,
    panicked: usize,
}

impl Connections {
    /// Waits for `future`, taking note of connections that end meanwhile.
    async fn reap_while<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        loop {
            tokio::select! {
                output = future.as_mut() => return output,
                Some(ended) = self.tasks.join_next() => self.note(ended),
            }
        }
    }

    fn note(&mut self, ended: Result<(), JoinError>) {
        if ended.is_err_and(|error| error.is_panic()) {
            self.panicked = self.panicked.saturating_add(1);
        }
    }

    /// Waits for the connections to end; those that take longer are cut, and counted.
    async fn drain(&mut self, limit: Duration) -> usize {
        let all_ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                self.note(ended);
            }
        };
        if tokio::time::timeout(limit, all_ended).await.is_ok() {
            return 0;
        }
        let cut = self.tasks.len();
        debug!(cut, "connections cut at the deadline");
        self.tasks.abort_all();
        while let Some(ended) = self.tasks.join_next().await {
            self.note(ended);
        }
        cut
    }
}

/// How long to wait after accepting failed. A connection that broke before it was accepted is nothing; a process out
/// of file descriptors would fail again at once, for ever, so each failure in a row doubles the wait.
#[derive(Debug, Default)]
struct Pause {
    last: Option<Duration>,
}

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Pause {
    fn after(&mut self, error: &io::Error) -> Option<Duration> {
        if matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionRefused
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::Interrupted
        ) {
            return None;
        }
        let length =
            self.last.map_or(FIRST_PAUSE, |last| last.saturating_mul(2).min(LONGEST_PAUSE));
        self.last = Some(length);
        Some(length)
    }
}
