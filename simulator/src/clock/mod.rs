//! Time as a lane sees it: real, frozen, turned forward, or running faster or slower.
//!
//! This is the only file of the simulator that reads a real clock. A lane's time never goes backwards: setting the
//! system's clock does not move it, and it can only be turned forward. Whoever waits for a time is woken when the clock
//! is changed.

#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rustls::{pki_types::UnixTime, time_provider::TimeProvider};
use tokio::sync::Notify;

/// A moment, in milliseconds of Unix time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Later than any other moment.
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// The moment so many milliseconds after 1970 began (UTC).
    pub const fn from_unix_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970 began (UTC).
    pub const fn unix_ms(self) -> u64 {
        self.0
    }

    /// Milliseconds since an earlier moment; 0 since a later one.
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment so many milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a clock does until it is told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ClockMode {
    /// Follows real time.
    #[default]
    Real,
    /// Stands still at this moment.
    Frozen(Timestamp),
}

/// How much faster than real time a clock runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed(f64);

impl Speed {
    /// The fastest: a day in less than a second.
    pub const MAX: f64 = 100_000.0;
}

impl TryFrom<f64> for Speed {
    type Error = BadSpeed;

    fn try_from(speed: f64) -> Result<Self, BadSpeed> {
        if speed > 0.0 && speed <= Self::MAX { Ok(Self(speed)) } else { Err(BadSpeed) }
    }
}

/// The speed is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a clock runs at a speed above 0 and up to {}; freeze it to stop it", Speed::MAX)]
pub struct BadSpeed;

/// The clock of a lane.
#[derive(Debug)]
pub(crate) struct Clock {
    start: ClockMode,
    /// Whether the clock simply follows real time, so that reading it needs no lock.
    real: AtomicBool,
    hands: Mutex<Hands>,
    changed: Notify,
}

/// A straight line from real time to the lane's.
#[derive(Clone, Copy, Debug)]
struct Hands {
    /// Real time when the line began.
    real: Duration,
    /// The lane's time at that moment, since 1970.
    lane: Duration,
    /// How fast the lane's time goes from there; `None` stands still.
    speed: Option<Speed>,
}

impl Hands {
    fn new(mode: ClockMode) -> Self {
        let real = real_time();
        match mode {
            ClockMode::Real => Self { real, lane: real, speed: Some(Speed(1.0)) },
            ClockMode::Frozen(at) => Self { real, lane: Duration::from_millis(at.0), speed: None },
        }
    }

    fn at(&self, real: Duration) -> Duration {
        let Some(Speed(speed)) = self.speed else { return self.lane };
        let passed = real.saturating_sub(self.real);
        let turned = if (speed - 1.0).abs() < f64::EPSILON {
            passed
        } else {
            Duration::try_from_secs_f64(passed.as_secs_f64() * speed).unwrap_or(Duration::MAX)
        };
        self.lane.saturating_add(turned)
    }
}

impl Clock {
    pub(crate) fn new(start: ClockMode) -> Self {
        Self {
            start,
            real: AtomicBool::new(start == ClockMode::Real),
            hands: Mutex::new(Hands::new(start)),
            changed: Notify::new(),
        }
    }

    /// The time on the clock.
    pub(crate) fn now(&self) -> Timestamp {
        // Read before the question whether it counts: whoever stops the clock says so first and reads real time then, so
        // what is returned here is no later than where the clock stops.
        let real = real_time();
        if self.real.load(Ordering::SeqCst) {
            return timestamp(real);
        }
        // Real time is read under the lock for the same reason.
        let hands = self.hands();
        timestamp(hands.at(real_time()))
    }

    /// Turns the clock forward; it goes on as before.
    pub(crate) fn advance(&self, by: Duration) -> Timestamp {
        self.set(|now, hands| Hands { lane: now.saturating_add(by), ..hands })
    }

    /// Stops the clock.
    pub(crate) fn freeze(&self) -> Timestamp {
        self.set(|lane, hands| Hands { lane, speed: None, ..hands })
    }

    /// Lets the clock run at a speed, from where it is.
    pub(crate) fn run(&self, speed: Speed) -> Timestamp {
        self.set(|lane, hands| Hands { lane, speed: Some(speed), ..hands })
    }

    /// Puts the clock back to what it was when the lane was made. Orders must be gone by then.
    pub(crate) fn reset(&self) {
        let mut hands = self.hands();
        *hands = Hands::new(self.start);
        self.real.store(self.start == ClockMode::Real, Ordering::SeqCst);
        drop(hands);
        self.changed.notify_waiters();
    }

    /// The speed the clock runs at; nothing while it stands still.
    pub(crate) fn speed(&self) -> Option<f64> {
        self.hands().speed.map(|Speed(speed)| speed)
    }

    /// Waits until the clock shows this moment, however it gets there.
    pub(crate) async fn until(&self, moment: Timestamp) {
        loop {
            // Created before the clock is read, so that no change in between is missed.
            let changed = self.changed.notified();
            let left = moment.millis_since(self.now());
            if left == 0 {
                return;
            }
            match self.speed() {
                None => changed.await,
                Some(speed) => {
                    let seconds = Duration::from_millis(left).as_secs_f64() / speed;
                    let real = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
                    // Rounded up by a millisecond: waking too early would only go round once more.
                    let real = real.saturating_add(Duration::from_millis(1));
                    tokio::select! {
                        () = changed => {}
                        () = tokio::time::sleep(real) => {}
                    }
                }
            }
        }
    }

    fn set(&self, turn: impl FnOnce(Duration, Hands) -> Hands) -> Timestamp {
        let mut hands = self.hands();
        self.real.store(false, Ordering::SeqCst);
        let real = real_time();
        *hands = turn(hands.at(real), Hands { real, ..*hands });
        let now = timestamp(hands.lane);
        drop(hands);
        self.changed.notify_waiters();
        now
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn timestamp(since_1970: Duration) -> Timestamp {
    Timestamp(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}

/// Real time since 1970, read from the system once and then counted on by a clock that never goes backwards.
#[expect(clippy::disallowed_methods, reason = "this file owns the clock")]
pub(crate) fn real_time() -> Duration {
    static START: OnceLock<(Instant, Duration)> = OnceLock::new();
    let (instant, since_1970) = START.get_or_init(|| {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (Instant::now(), since_1970)
    });
    since_1970.saturating_add(instant.elapsed())
}

/// Real time as TLS wants it: certificates are judged by it, whatever the lanes' clocks show.
#[derive(Debug)]
pub(crate) struct TlsTime;

impl TimeProvider for TlsTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(real_time()))
    }
}
