//! Giving up from elsewhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

/// Ends a [`Follow`](super::Follow) from wherever it is; copies end the same one.
#[derive(Clone, Debug, Default)]
pub struct AbortHandle(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    aborted: bool,
    waiting: Option<Waker>,
}

impl AbortHandle {
    /// Ends it: `next` gives [`Error::Aborted`](crate::Error::Aborted), unless the order was over already.
    pub fn abort(&self) {
        let waiting = self.with(|state| {
            state.aborted = true;
            state.waiting.take()
        });
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Whether it was ended; if not, the task is woken when it is.
    pub(super) fn is_aborted(&self, cx: &Context<'_>) -> bool {
        self.with(|state| {
            if !state.aborted && !state.waiting.as_ref().is_some_and(|it| it.will_wake(cx.waker()))
            {
                state.waiting = Some(cx.waker().clone());
            }
            state.aborted
        })
    }

    /// Nothing can panic under the lock, so a poisoned one holds what it should.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
