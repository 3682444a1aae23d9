//! Time that stands still until it is turned.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::Clock;
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct Turned(watch::Sender<Duration>);

impl Turned {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(Duration::from_secs(1_000))))
    }

    pub(crate) fn advance_ms(&self, ms: u64) {
        self.0.send_modify(|now| *now += Duration::from_millis(ms));
    }
}

impl Clock for Turned {
    fn now(&self) -> Duration {
        *self.0.borrow()
    }

    fn unix_ms(&self) -> u64 {
        1_789_000_000_000 + u64::try_from(self.now().as_millis()).expect("a test is short")
    }

    fn sleep_until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut now = self.0.subscribe();
        Box::pin(async move {
            let _ended_with_the_clock = now.wait_for(|now| *now >= at).await;
        })
    }
}
