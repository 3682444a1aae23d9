//! What the simulator and the gateway share as servers: an accept loop of HTTP/1.1 over TCP or TLS, with limits on
//! everything a client controls, an orderly stop, and the log of the process.
//!
//! A caller binds the listener, so its address is known before anything runs and nobody has to poll for readiness.
//! For each connection the caller makes one value of its own from the [`Peer`] (who is this, by certificate?); that
//! value then answers every request of the connection, without a box or a lock per request.
//!
//! Not here: routing, JSON, retries, HTTP/2, and making TLS configurations (the caller brings one with its provider).
//!
//! ```
//! use serve::{Body, Connection, Peer, Server};
//!
//! struct Hello;
//!
//! impl Connection for Hello {
//!     type Body = serve::Full;
//!
//!     async fn answer(&self, _request: http::Request<Body>) -> http::Response<serve::Full> {
//!         http::Response::new(serve::Full::from("hello"))
//!     }
//! }
//!
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let server = Server::new(listener);
//! let running = tokio::spawn(server.run(async { drop(stopped.await) }, |_peer: Peer| Hello));
//! stop.send(()).ok();
//! running.await??;
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(demo()).unwrap();
//! ```

#![forbid(unsafe_code)]

mod body;
mod connection;
mod limits;
pub mod log;
mod mark;
mod server;
mod signals;
mod watch;

pub use body::{BodyFault, BodyLimits, collect, discard};
pub use connection::{Connection, HangUp, Peer};
pub use limits::Limits;
pub use server::{Drained, Error, Server};
pub use signals::{Reloads, Signals};

/// The body of a request, as hyper hands it over. Read it with [`collect`].
pub type Body = hyper::body::Incoming;

/// A response body that is one buffer.
pub type Full = http_body_util::Full<bytes::Bytes>;
