//! The orders that are under way, and the answers that are kept.
//!
//! An order is collected when somebody asks for it, at most once in two seconds however many ask: who comes while a call is
//! under way waits for its answer, and who comes too early is given the last one. The call belongs to no caller, so that one
//! who hangs up takes nothing along. A final answer, which BankID gives only once (4.4), is kept here before anybody is told,
//! and is given to whoever asks for as long as it is kept.
//!
//! Nothing outlives the process.

mod live;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bankid_client::{Client, Error};
use bankid_core::error::ErrorCode;
use bankid_core::order::OrderRef;
use bankid_core::request::Start;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use self::live::Next;
pub(crate) use self::live::{Live, Seen, Standing};
use crate::fault::{Code, Fault};

/// How many orders are kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What all orders together may take, in KiB: each counts with its request and [`Limits::ORDER_KIB`] more.
    pub store_kib: u32,
    /// How long a final answer is kept.
    pub keep_final: Duration,
}

impl Limits {
    /// What an order counts beyond its request: the usual size of a result.
    pub const ORDER_KIB: u32 = 16;
    /// The longest that an order can take (7.6) and an answer about it be of use.
    pub const KEEP_PENDING: Duration = Duration::from_secs(600);
}

impl Default for Limits {
    fn default() -> Self {
        Self { store_kib: 512 * 1024, keep_final: Duration::from_secs(300) }
    }
}

/// Whether the last call reached BankID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Upstream {
    /// There was none yet.
    #[default]
    Unknown,
    /// It answered, whatever it said.
    Reached,
    /// There was no connection, or no answer.
    NotReached,
}

impl Upstream {
    fn of<T>(outcome: &Result<T, Error>) -> Self {
        match outcome {
            Err(Error::Timeout { .. } | Error::Connection { .. } | Error::Tls { .. }) => {
                Self::NotReached
            }
            Ok(_) | Err(_) => Self::Reached,
        }
    }
}

/// The orders of a gateway.
pub(crate) struct Orders {
    client: Client,
    upstream: Arc<Mutex<Upstream>>,
    limits: Limits,
    room: Arc<Semaphore>,
    live: Mutex<HashMap<OrderRef, Arc<Live>>>,
}

impl Orders {
    pub(crate) fn new(client: Client, limits: Limits) -> Self {
        let kib = usize::try_from(limits.store_kib).unwrap_or(usize::MAX);
        let room = Arc::new(Semaphore::new(kib.min(Semaphore::MAX_PERMITS)));
        Self { client, upstream: Arc::default(), limits, room, live: Mutex::default() }
    }

    /// Starts an order for the caller of this name. There is room for it before BankID is asked.
    pub(crate) async fn start(
        &self,
        owner: &Arc<str>,
        start: &Start<'_>,
        request_bytes: usize,
    ) -> Result<Arc<Live>, Fault> {
        let room = self.reserve(request_bytes)?;
        let outcome = self.client.start(start).await;
        note(&self.upstream, &outcome);
        let order = outcome.map_err(|error| {
            log_failure(&error);
            Fault::of(&error)
        })?;
        let name = order.order_ref.clone();
        let live = Arc::new(Live::new(Arc::clone(owner), order, room));
        self.lock().insert(name, Arc::clone(&live));
        Ok(live)
    }

    fn reserve(&self, request_bytes: usize) -> Result<OwnedSemaphorePermit, Fault> {
        let request_kib = u32::try_from(request_bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let kib = request_kib.saturating_add(Limits::ORDER_KIB);
        let reserve = || Arc::clone(&self.room).try_acquire_many_owned(kib).ok();
        if let Some(room) = reserve() {
            return Ok(room);
        }
        self.sweep();
        reserve().ok_or_else(|| {
            tracing::warn!(code = "storeFull", "an order was refused for want of room");
            let detail = "Try again later. The operator can raise limits.storeMib.";
            Fault::new(Code::StoreFull, detail).retry_after(1)
        })
    }

    /// How an order stands.
    pub(crate) async fn collect(
        &self,
        owner: &Arc<str>,
        order_ref: &OrderRef,
    ) -> Result<(Arc<Live>, Arc<Standing>), Arc<Fault>> {
        let live = self.find(owner, order_ref)?;
        let mut answer = match live.next(self.now()) {
            Next::Known(seen) => return seen.map(|standing| (live, standing)),
            Next::UnderWay(answer) => answer,
            Next::Due(tell, answer) => {
                let (client, upstream) = (self.client.clone(), Arc::clone(&self.upstream));
                tokio::spawn(poll(client, upstream, Arc::clone(&live), tell));
                answer
            }
        };
        let seen = answer.wait_for(Option::is_some).await.ok().and_then(|seen| seen.clone());
        // The call ends without an answer only when the process does, or by a fault of ours.
        let seen = seen.unwrap_or_else(|| {
            Err(Arc::new(Fault::new(Code::InternalError, "The call to BankID was cut off.")))
        });
        seen.map(|standing| (live, standing))
    }

    /// Ends an order.
    pub(crate) async fn cancel(
        &self,
        owner: &Arc<str>,
        order_ref: &OrderRef,
    ) -> Result<(), Arc<Fault>> {
        let live = self.find(owner, order_ref)?;
        if live.is_over() {
            return Err(Arc::new(Fault::no_such_order()));
        }
        let outcome = self.client.cancel_order(&live.order).await;
        note(&self.upstream, &outcome);
        match outcome {
            Ok(()) => {
                self.lock().remove(order_ref);
                Ok(())
            }
            Err(error) => {
                // An order that BankID does not know may have come to its end just now: collect tells (5.3).
                log_failure(&error);
                Err(Arc::new(Fault::of(&error)))
            }
        }
    }

    /// Forgets what is over for long enough.
    pub(crate) fn sweep(&self) {
        let now = self.now();
        let keep_final = self.limits.keep_final;
        let mut gone = Vec::new();
        self.lock().retain(|_, live| {
            let keep = live.forgotten_at(keep_final) > now;
            if !keep {
                gone.push(Arc::clone(live));
            }
            keep
        });
        // What they hold is let go after the lock.
        drop(gone);
    }

    /// Whether the last call reached BankID.
    #[cfg(feature = "server")]
    pub(crate) fn upstream(&self) -> Upstream {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many orders are known.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    pub(crate) fn now(&self) -> Duration {
        self.client.now().monotonic
    }

    fn find(&self, owner: &Arc<str>, order_ref: &OrderRef) -> Result<Arc<Live>, Arc<Fault>> {
        let found = self.lock().get(order_ref).map(Arc::clone);
        let now = self.now();
        found
            .filter(|live| live.owner == *owner && live.forgotten_at(self.limits.keep_final) > now)
            .ok_or_else(|| Arc::new(Fault::no_such_order()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrderRef, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orders").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// One collect.
async fn poll(
    client: Client,
    upstream: Arc<Mutex<Upstream>>,
    live: Arc<Live>,
    tell: watch::Sender<Option<Seen>>,
) {
    let outcome = client.collect_order(&live.order).await;
    note(&upstream, &outcome);
    let seen = live.settle(outcome, client.now().monotonic);
    tell.send_replace(Some(seen));
}

fn note<T>(upstream: &Mutex<Upstream>, outcome: &Result<T, Error>) {
    *upstream.lock().unwrap_or_else(PoisonError::into_inner) = Upstream::of(outcome);
}

/// A call that failed, once, where it is handled. What BankID refuses for its content is the caller's to know.
fn log_failure(error: &Error) {
    let expected = [ErrorCode::AlreadyInProgress, ErrorCode::InvalidParameters];
    if error.error_code().is_some_and(|code| expected.contains(code)) {
        return;
    }
    tracing::warn!(code = error.code(), cause = %Chain(error), "a call to BankID failed");
}

/// An error with what is behind it.
struct Chain<'a>(&'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
