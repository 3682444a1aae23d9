//! Time that stands still until it is turned.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bankid_client::{Clock, Moment};
use tokio::sync::watch;

use crate::NOW_UNIX_S;

#[derive(Debug)]
pub(crate) struct Turned {
    now: watch::Sender<Duration>,
    /// When somebody sleeps until.
    due: Mutex<BTreeSet<Duration>>,
}

/// Lets everything happen that needs no time: what is on its way gets as many turns as it needs.
pub(crate) async fn settle() {
    for _ in 0..300 {
        tokio::task::yield_now().await;
    }
}

impl Turned {
    pub(crate) fn new() -> Arc<Self> {
        // Not at zero, so that a moment before the beginning can be told from it.
        let now = watch::Sender::new(Duration::from_secs(1_000));
        Arc::new(Self { now, due: Mutex::default() })
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now += by);
    }

    /// How long ago that was.
    pub(crate) fn since(&self, moment: Moment) -> Duration {
        self.now().saturating_sub(moment.monotonic)
    }

    /// What the future gives, while time passes to whatever is due next when nothing else happens.
    pub(crate) async fn passing<F: Future>(&self, future: F) -> F::Output {
        let pass = async {
            loop {
                settle().await;
                let now = self.now();
                let next = {
                    let mut due = self.due.lock().expect("no panic");
                    due.retain(|at| *at > now);
                    due.first().copied()
                };
                if let Some(next) = next {
                    self.now.send_replace(next);
                }
            }
        };
        tokio::select! {
            biased;
            output = future => output,
            () = pass => unreachable!("time passes for ever"),
        }
    }
}

impl Clock for Turned {
    fn now(&self) -> Duration {
        *self.now.borrow()
    }

    fn unix_ms(&self) -> u64 {
        let start = u64::try_from(NOW_UNIX_S).expect("after 1970") * 1_000;
        let passed = self.now().as_millis() - 1_000_000;
        start + u64::try_from(passed).expect("a test is short")
    }

    fn sleep_until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.due.lock().expect("no panic").insert(at);
        let mut now = self.now.subscribe();
        Box::pin(async move {
            let _ended_with_the_clock = now.wait_for(|now| *now >= at).await;
        })
    }
}
