//! The orders that are under way, and the answers that are kept.
//!
//! An order is collected when somebody asks for it, at most once in two seconds however many ask: who comes while a call is
//! under way waits for its answer, and who comes too early is given the last one. A final answer, which BankID gives only
//! once (4.4), is in the store before anybody is told, and is given to whoever asks for as long as it is kept. The
//! [`store`](crate::store) decides who asks BankID, so that this holds across all instances that share one.

mod call;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use bankid_client::{Call as BankIdCall, Client, Error, Moment};
use bankid_core::error::ErrorCode;
use bankid_core::order::OrderRef;
use bankid_core::request::Start;
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::watch;

use self::call::Call;
#[cfg(feature = "server")]
pub(crate) use self::call::standing;
use crate::chain::Chain;
use crate::fault::{Code, Fault};
use crate::metrics::Metrics;
use crate::store::{Found, Store, StoreError};
pub(crate) use crate::store::{Live, Standing};

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

/// What a collect came to, for all who wait for it.
pub(crate) type Outcome = Result<(Arc<Live>, Arc<Standing>), Arc<Fault>>;

/// An order by its owner and its name.
type Name = (Arc<str>, OrderRef);

/// The orders of a gateway.
pub(crate) struct Orders(Arc<Inner>);

struct Inner {
    client: Client,
    /// Clients of other relying parties, by owner.
    others: RwLock<HashMap<String, Client>>,
    store: Arc<dyn Store>,
    limits: Limits,
    upstream: Mutex<Upstream>,
    metrics: Arc<Metrics>,
    /// Where the outcomes of this instance's calls will be.
    calls: Mutex<HashMap<Name, watch::Receiver<Option<Outcome>>>>,
    /// How many calls there are, those that nobody waits for included.
    under_way: watch::Sender<usize>,
}

impl Orders {
    pub(crate) fn new(
        client: Client,
        limits: Limits,
        store: Arc<dyn Store>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self(Arc::new(Inner {
            client,
            others: RwLock::default(),
            store,
            limits,
            upstream: Mutex::default(),
            metrics,
            calls: Mutex::default(),
            under_way: watch::Sender::new(0),
        }))
    }

    /// Starts an order for the caller of this name. There is room for it before BankID is asked.
    pub(crate) async fn start(
        &self,
        owner: &Arc<str>,
        start: &Start<'_>,
        request_bytes: usize,
    ) -> Result<Arc<Live>, Arc<Fault>> {
        let Inner { store, .. } = &*self.0;
        let client = self.0.client_of(owner);
        let request_kib = u32::try_from(request_bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let kib = request_kib.saturating_add(Limits::ORDER_KIB);
        let room = store.reserve(kib, client.now()).await;
        let room = room.map_err(|error| store_failed(&error))?;
        let call = BankIdCall::Start(start.operation());
        let outcome = self.0.noted(call, client.start(start)).await;
        let order = outcome.map_err(|error| {
            log_failure(&error);
            Fault::of(&error)
        })?;
        let live = Arc::new(Live { owner: Arc::clone(owner), order });
        let kept = store.insert(Arc::clone(&live), room, Limits::KEEP_PENDING, client.now());
        if let Err(error) = kept.await {
            // Nobody could collect it.
            if let Err(error) = client.cancel_order(&live.order).await {
                log_failure(&error);
            }
            return Err(store_failed(&error));
        }
        Ok(live)
    }

    /// How an order stands.
    pub(crate) async fn collect(&self, owner: &Arc<str>, order_ref: &OrderRef) -> Outcome {
        let mut told = self.0.join((Arc::clone(owner), order_ref.clone()));
        let outcome = told.wait_for(Option::is_some).await.ok().and_then(|told| told.clone());
        // The call ends without an outcome only when the process does, or by a fault of ours.
        outcome.unwrap_or_else(|| {
            Err(Arc::new(Fault::new(Code::InternalError, "The call to BankID was cut off.")))
        })
    }

    /// An order as it was started, and whether it is over; BankID is not asked.
    pub(crate) async fn find(
        &self,
        owner: &str,
        order_ref: &OrderRef,
    ) -> Result<Found, Arc<Fault>> {
        let found = self.0.store.find(owner, order_ref, self.now()).await;
        let found = found.map_err(|error| store_failed(&error))?;
        found.ok_or_else(|| Fault::no_such_order().into())
    }

    /// Ends an order.
    pub(crate) async fn cancel(
        &self,
        owner: &Arc<str>,
        order_ref: &OrderRef,
    ) -> Result<(), Arc<Fault>> {
        let Inner { store, .. } = &*self.0;
        let client = self.0.client_of(owner);
        let Found { live, is_over } = self.find(owner, order_ref).await?;
        if is_over {
            return Err(Fault::no_such_order().into());
        }
        let outcome = self.0.noted(BankIdCall::Cancel, client.cancel_order(&live.order)).await;
        match outcome {
            Ok(()) => {
                if let Err(error) = store.remove(order_ref).await {
                    // It is cancelled all the same, as the next collect finds.
                    drop(store_failed(&error));
                }
                Ok(())
            }
            Err(error) => {
                // An order that BankID does not know may have come to its end just now: collect tells (5.3).
                log_failure(&error);
                Err(Arc::new(Fault::of(&error)))
            }
        }
    }

    /// Ends once no call is under way.
    pub(crate) async fn settled(&self) {
        let mut under_way = self.0.under_way.subscribe();
        let _ended_with_us = under_way.wait_for(|count| *count == 0).await;
    }

    /// Orders of these owners are other relying parties' from now on.
    pub(crate) fn replace_clients(&self, clients: HashMap<String, Client>) {
        *self.0.others.write().unwrap_or_else(PoisonError::into_inner) = clients;
    }

    /// The client of each relying party.
    #[cfg(feature = "server")]
    pub(crate) fn clients(&self) -> Vec<Client> {
        let others = self.0.others.read().unwrap_or_else(PoisonError::into_inner);
        others.values().chain([&self.0.client]).cloned().collect()
    }

    /// Where orders are kept.
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Keeps a document for this long, for whichever instance asks for it.
    pub(crate) async fn put(
        &self,
        key: &str,
        document: &impl Serialize,
        keep: Duration,
    ) -> Result<(), Arc<Fault>> {
        let value = serde_json::to_vec(document).unwrap_or_default().into();
        self.store().put(key, value, keep, self.now()).await.map_err(|error| store_failed(&error))
    }

    /// A document that is kept.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Bytes>, Arc<Fault>> {
        self.store().get(key, self.now()).await.map_err(|error| store_failed(&error))
    }

    /// A document that was kept: of all who ask, one gets it.
    pub(crate) async fn take(&self, key: &str) -> Result<Option<Bytes>, Arc<Fault>> {
        self.store().take(key, self.now()).await.map_err(|error| store_failed(&error))
    }

    /// Whether the last call reached BankID.
    #[cfg(feature = "server")]
    pub(crate) fn upstream(&self) -> Upstream {
        *self.0.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Moment {
        self.0.client.now()
    }
}

impl Inner {
    /// The client that calls for this owner.
    fn client_of(&self, owner: &str) -> Client {
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        others.get(owner).unwrap_or(&self.client).clone()
    }

    /// The call under way about an order, or a new one.
    fn join(self: &Arc<Self>, name: Name) -> watch::Receiver<Option<Outcome>> {
        let mut calls = self.calls();
        if let Some(told) = calls.get(&name) {
            return told.clone();
        }
        let told = Call::begin(Arc::clone(self), name.clone());
        calls.insert(name, told.clone());
        told
    }

    /// A call is not to be joined any more.
    fn forget(&self, name: &Name, tell: &watch::Sender<Option<Outcome>>) {
        let mut calls = self.calls();
        if calls.get(name).is_some_and(|told| told.same_channel(&tell.subscribe())) {
            calls.remove(name);
        }
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<Name, watch::Receiver<Option<Outcome>>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call to BankID, and remembers what came of it.
    async fn noted<T>(
        &self,
        call: BankIdCall,
        outcome: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let began = self.client.now().monotonic;
        let outcome = outcome.await;
        self.metrics.asked(call, &outcome, self.client.now().monotonic.saturating_sub(began));
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner) = Upstream::of(&outcome);
        outcome
    }
}

impl fmt::Debug for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orders").field("store", &self.0.store).finish_non_exhaustive()
    }
}

/// What callers are told of a store that failed; why, once, in the log.
fn store_failed(error: &StoreError) -> Arc<Fault> {
    let fault = match error {
        StoreError::Full => {
            tracing::warn!(code = "storeFull", "an order was refused for want of room");
            let detail = "Try again later. The operator can give the store more room.";
            Fault::new(Code::StoreFull, detail)
        }
        StoreError::Lost(cause) => {
            tracing::warn!(code = "storeLost", cause = %Chain(&**cause), "the store failed");
            let detail = "Try again soon. No order has come to its end by this.";
            Fault::new(Code::StoreLost, detail)
        }
    };
    Arc::new(fault.retry_after(1))
}

/// A call that failed, once, where it is handled. What BankID refuses for its content is the caller's to know.
fn log_failure(error: &Error) {
    let expected = [ErrorCode::AlreadyInProgress, ErrorCode::InvalidParameters];
    if error.error_code().is_some_and(|code| expected.contains(code)) {
        return;
    }
    tracing::warn!(code = error.code(), cause = %Chain(error), "a call to BankID failed");
}
