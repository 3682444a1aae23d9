//! One call to BankID about an order: who makes it, and how what it came to is kept.
//!
//! A call belongs to no caller: it is a task of its own, so that one who hangs up takes nothing along. Nobody is told an
//! answer before the store has it.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{BadAnswer, Call as BankIdCall, Error, Moment};
use bankid_core::collect::Collect;
use bankid_core::error::ErrorCode;
use tokio::sync::watch;

use super::{Inner, Name, Outcome, log_failure, store_failed};
use crate::documents::Certificate;
use crate::fault::Fault;
use crate::store::{Answer, Claim, Live, POLL_INTERVAL, Settled, Standing, Turn};

/// How often the store is asked for an answer that another instance is waiting for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a turn lasts beyond the call, for its answer to reach the store.
const SETTLE_TIME: Duration = Duration::from_secs(2);

/// How often an answer is offered to a store that is lost.
const OFFER_EVERY: Duration = Duration::from_millis(500);

/// Makes a call, and tells it to whoever waits for it.
pub(super) struct Call {
    inner: Arc<Inner>,
    name: Name,
    tell: watch::Sender<Option<Outcome>>,
}

impl Call {
    /// A call that is under way from now on, and where its outcome will be.
    pub(super) fn begin(inner: Arc<Inner>, name: Name) -> watch::Receiver<Option<Outcome>> {
        let (tell, told) = watch::channel(None);
        inner.under_way.send_modify(|count| *count = count.saturating_add(1));
        let call = Self { inner, name, tell };
        tokio::spawn(async move {
            let outcome = call.make().await;
            call.tell(outcome);
        });
        told
    }

    fn now(&self) -> Moment {
        self.inner.client.now()
    }

    async fn sleep(&self, time: Duration) {
        let clock = self.inner.client.clock();
        clock.sleep_until(clock.now().saturating_add(time)).await;
    }

    fn tell(&self, outcome: Outcome) {
        // Who comes from now on begins a call anew.
        self.inner.forget(&self.name, &self.tell);
        self.tell.send_if_modified(|told| {
            let is_first = told.is_none();
            told.get_or_insert(outcome);
            is_first
        });
    }

    async fn make(&self) -> Outcome {
        let Inner { client, store, .. } = &*self.inner;
        let (owner, order_ref) = &self.name;
        let lease = client.call_timeout().saturating_add(SETTLE_TIME);
        let patience = self.now().monotonic.saturating_add(POLL_INTERVAL);
        loop {
            let now = self.now();
            let claim = store.claim(owner, order_ref, lease, now).await;
            match claim.map_err(|error| store_failed(&error))? {
                Claim::Unknown => return Err(Fault::no_such_order().into()),
                Claim::Known(live, answer) => return of(live, answer),
                // BankID is slow to answer the other instance, or that instance is gone.
                Claim::Elsewhere(live, Some(answer)) if now.monotonic >= patience => {
                    return of(live, answer);
                }
                Claim::Elsewhere(..) => self.sleep(LOOK_EVERY).await,
                Claim::Due { live, turn, is_lost } => return self.ask(live, turn, is_lost).await,
            }
        }
    }

    async fn ask(&self, live: Arc<Live>, turn: Turn, is_lost: bool) -> Outcome {
        let client = self.inner.client_of(&live.owner);
        let asking = client.collect_order(&live.order);
        let outcome = self.inner.noted(BankIdCall::Collect, asking).await;
        let settled = settled(outcome, is_lost, self.inner.limits.keep_final);
        let is_over = settled.over.is_some();
        if is_over {
            self.inner.metrics.ended(&settled.answer);
        }
        match self.settle(turn, settled).await {
            Some(answer) => of(live, answer),
            // The order was cancelled meanwhile, or the store has lost it, and the result with it.
            None if is_over => Err(Fault::result_lost().into()),
            None => Err(Fault::no_such_order().into()),
        }
    }

    /// Has the store keep what the call came to. A store that is lost may come back, and BankID does not repeat a result:
    /// callers are told, and the answer is offered again until it is of no use any more.
    async fn settle(&self, turn: Turn, settled: Settled) -> Option<Answer> {
        let (_, order_ref) = &self.name;
        let began = self.now().monotonic;
        let useful = settled.over.unwrap_or(POLL_INTERVAL);
        loop {
            match self.inner.store.settle(order_ref, turn, &settled, self.now()).await {
                Ok(answer) => return answer,
                Err(error) if self.tell.borrow().is_none() => self.tell(Err(store_failed(&error))),
                Err(_) => {}
            }
            if self.now().monotonic >= began.saturating_add(useful) {
                if settled.over.is_some() {
                    tracing::error!(
                        code = "resultLost",
                        "the store did not come back for a result"
                    );
                }
                return None;
            }
            self.sleep(OFFER_EVERY).await;
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.inner.forget(&self.name, &self.tell);
        self.inner.under_way.send_modify(|count| *count = count.saturating_sub(1));
    }
}

fn of(live: Arc<Live>, answer: Answer) -> Outcome {
    answer.0.map(|standing| (live, standing))
}

/// What is to be kept of a call.
fn settled(outcome: Result<Collect, Error>, is_lost: bool, keep_final: Duration) -> Settled {
    match outcome {
        Ok(answer) => {
            let over = answer.is_final().then_some(keep_final);
            Settled { answer: standing(answer), over, is_lost: false }
        }
        Err(error) => {
            log_failure(&error);
            let is_gone = error.error_code() == Some(&ErrorCode::InvalidParameters);
            let fault = if is_gone && is_lost { Fault::result_lost() } else { Fault::of(&error) };
            let is_over = is_gone || matches!(error, Error::CompletionRefused(_));
            Settled {
                answer: Answer(Err(Arc::new(fault))),
                over: is_over.then_some(keep_final),
                is_lost: is_lost || may_hide_a_result(&error),
            }
        }
    }
}

/// A completion whose certificate cannot be read is no proof of anything, and none of BankID's.
pub(crate) fn standing(answer: Collect) -> Answer {
    let certificate = match &answer {
        Collect::Pending { .. } | Collect::Failed { .. } => None,
        Collect::Complete { completion_data, .. } => match Certificate::of(completion_data) {
            Ok(certificate) => Some(certificate),
            Err(error) => {
                tracing::error!(code = "badAnswer", %error, "a completion was refused");
                return Answer(Err(Arc::new(Fault::bad_answer())));
            }
        },
    };
    Answer(Ok(Arc::new(Standing { answer, certificate })))
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
