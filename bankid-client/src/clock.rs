//! Time as the client sees it. This is the only file of the client that reads a real clock.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the client's time comes from: deadlines, pace, QR codes, and the validity of certificates.
pub trait Clock: Send + Sync + Debug {
    /// Time since some fixed moment, never going backwards.
    fn now(&self) -> Duration;

    /// The time of day, in Unix milliseconds.
    fn unix_ms(&self) -> u64;

    /// Ends when [`now`](Self::now) has reached this.
    fn sleep_until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A moment on both scales of a [`Clock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// On the scale that never goes backwards, of this process only.
    pub monotonic: Duration,
    /// The time of day, in Unix milliseconds.
    pub unix_ms: u64,
}

/// Real time. Sleeping needs a tokio runtime with its timer on.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

#[expect(clippy::disallowed_methods, reason = "this is the clock of the client")]
impl SystemClock {
    /// A clock that begins now.
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }

    fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(self.start)
    }

    fn unix() -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.elapsed()
    }

    fn unix_ms(&self) -> u64 {
        Self::unix()
    }

    fn sleep_until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        // A moment that cannot be represented is never reached.
        match self.start.checked_add(at) {
            Some(at) => Box::pin(tokio::time::sleep_until(at.into())),
            None => Box::pin(std::future::pending()),
        }
    }
}
