//! One order: how it was seen last, and whether it is being asked for.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bankid_client::{BadAnswer, Error, Order};
use bankid_core::collect::Collect;
use bankid_core::error::ErrorCode;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Limits, log_failure};
use crate::documents::Certificate;
use crate::fault::Fault;

/// The pace that BankID asks for (4.4).
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// An answer of BankID's, with what was read out of it.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) answer: Collect,
    /// Of the user; of a complete order.
    pub(crate) certificate: Option<Certificate>,
}

/// What a collect came to, for all who wait for it.
pub(crate) type Seen = Result<Arc<Standing>, Arc<Fault>>;

/// An order that was started here.
pub(crate) struct Live {
    /// The name of the key that started it; it is nobody else's.
    pub(super) owner: Arc<str>,
    pub(crate) order: Order,
    state: Mutex<State>,
    _room: OwnedSemaphorePermit,
}

#[derive(Default)]
struct State {
    last: Option<Seen>,
    /// When the last call was made.
    called_at: Option<Duration>,
    /// Where the answer of the call under way will be.
    under_way: Option<watch::Receiver<Option<Seen>>>,
    /// Whether an answer got lost that may have been the final one.
    lost: bool,
    /// When it came to its end.
    over_at: Option<Duration>,
}

/// What somebody gets who asks for an order.
pub(super) enum Next {
    /// What is known.
    Known(Seen),
    /// The answer of the call under way.
    UnderWay(watch::Receiver<Option<Seen>>),
    /// The answer of a call that is to be made now.
    Due(watch::Sender<Option<Seen>>, watch::Receiver<Option<Seen>>),
}

impl Live {
    pub(super) fn new(owner: Arc<str>, order: Order, room: OwnedSemaphorePermit) -> Self {
        Self { owner, order, state: Mutex::default(), _room: room }
    }

    /// Decides who asks BankID. That is one at a time, and nobody once the order is over.
    pub(super) fn next(&self, now: Duration) -> Next {
        let mut state = self.lock();
        if let (Some(_), Some(last)) = (state.over_at, &state.last) {
            return Next::Known(last.clone());
        }
        if let Some(answer) = &state.under_way {
            if answer.has_changed().is_ok() {
                return Next::UnderWay(answer.clone());
            }
            // Whoever made that call is gone without a word, and the answer may be with it.
            state.lost = true;
        }
        let early = state.called_at.is_some_and(|at| now < at.saturating_add(POLL_INTERVAL));
        if let (true, Some(last)) = (early, &state.last) {
            return Next::Known(last.clone());
        }
        let (tell, answer) = watch::channel(None);
        state.called_at = Some(now);
        state.under_way = Some(answer.clone());
        Next::Due(tell, answer)
    }

    /// Keeps what a call came to. Only then may it be told.
    pub(super) fn settle(&self, outcome: Result<Collect, Error>, now: Duration) -> Seen {
        let mut state = self.lock();
        state.under_way = None;
        let (seen, is_final) = match outcome {
            Ok(answer) => {
                state.lost = false;
                let is_final = answer.is_final();
                (standing(answer), is_final)
            }
            Err(error) => {
                log_failure(&error);
                let is_gone = error.error_code() == Some(&ErrorCode::InvalidParameters);
                let fault =
                    if is_gone && state.lost { Fault::result_lost() } else { Fault::of(&error) };
                state.lost |= may_hide_a_result(&error);
                (Err(Arc::new(fault)), is_gone || matches!(error, Error::CompletionRefused(_)))
            }
        };
        if is_final {
            state.over_at = Some(now);
        }
        state.last = Some(seen.clone());
        seen
    }

    pub(super) fn is_over(&self) -> bool {
        self.lock().over_at.is_some()
    }

    /// From when on it is as if it had never been.
    pub(super) fn forgotten_at(&self, keep_final: Duration) -> Duration {
        match self.lock().over_at {
            Some(at) => at.saturating_add(keep_final),
            None => self.order.received_at.monotonic.saturating_add(Limits::KEEP_PENDING),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("owner", &self.owner)
            .field("order", &self.order.order_ref)
            .finish_non_exhaustive()
    }
}

/// A completion whose certificate cannot be read is no proof of anything, and none of BankID's.
fn standing(answer: Collect) -> Seen {
    let certificate = match &answer {
        Collect::Pending { .. } | Collect::Failed { .. } => None,
        Collect::Complete { completion_data, .. } => match Certificate::of(completion_data) {
            Ok(certificate) => Some(certificate),
            Err(error) => {
                tracing::error!(code = "badAnswer", %error, "a completion was refused");
                return Err(Arc::new(Fault::bad_answer()));
            }
        },
    };
    Ok(Arc::new(Standing { answer, certificate }))
}

/// Whether BankID may have answered with a result that was not read.
fn may_hide_a_result(error: &Error) -> bool {
    match error {
        Error::Timeout { sent, .. } | Error::Connection { sent, .. } => *sent,
        Error::BadAnswer { status, problem, .. } => match problem {
            BadAnswer::NoDocument => false,
            BadAnswer::TooLong { .. } | BadAnswer::Document(_) | BadAnswer::Http(_) => {
                matches!(status, 0 | 200)
            }
        },
        Error::Invalid(_)
        | Error::Refused { .. }
        | Error::Tls { .. }
        | Error::ResultLost { .. }
        | Error::CompletionRefused(_)
        | Error::Aborted
        | Error::Identity(_)
        | Error::Configuration { .. } => false,
    }
}
