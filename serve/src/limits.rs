//! How much of a server one client may take.

use std::time::Duration;

/// Bounds on what clients can make a [`Server`](crate::Server) hold. Times are checked a few times within their
/// length, so a client may get up to a quarter more, never less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once, at least one. Further ones wait in the kernel's queue until one ends.
    pub connections: usize,
    /// Bytes of a request's head, request line included; more is answered 431. (More than 100 header lines are too.)
    pub head_bytes: usize,
    /// Time for a request's head to arrive once its first byte has.
    pub head_time: Duration,
    /// Time a connection may stay open with nothing going on, before its first request as well as between two.
    pub idle_time: Duration,
    /// Time for a TLS handshake.
    pub handshake_time: Duration,
    /// Time that requests under way get to end when the server stops, or when their client has ended its side: it may
    /// still read the answer, or be gone.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head_bytes: 32 * 1024,
            head_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(75),
            handshake_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(5),
        }
    }
}
