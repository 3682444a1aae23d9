//! Deadlines that are hardly ever reached.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::Clock;

/// A sleep that is kept from one call of a connection to the next. Setting a timer costs its runtime a system call and a
/// turn for nothing, and the deadlines of one connection only move on: so the sleep towards an earlier one is let run
/// out, once, before there is another.
#[derive(Default)]
pub(super) struct Alarm {
    asleep: Option<Asleep>,
}

struct Asleep {
    until: Duration,
    sleep: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Alarm {
    /// Ready once the deadline is reached.
    pub(super) fn poll(
        &mut self,
        deadline: Duration,
        clock: &dyn Clock,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let mut asleep = match self.asleep.take() {
            Some(asleep) if asleep.until <= deadline => asleep,
            _ => Asleep::until(deadline, clock),
        };
        loop {
            if asleep.sleep.as_mut().poll(cx).is_pending() {
                self.asleep = Some(asleep);
                return Poll::Pending;
            }
            if asleep.until == deadline || clock.now() >= deadline {
                return Poll::Ready(());
            }
            asleep = Asleep::until(deadline, clock);
        }
    }
}

impl Asleep {
    fn until(until: Duration, clock: &dyn Clock) -> Self {
        Self { until, sleep: clock.sleep_until(until) }
    }
}
