//! Where orders are kept with what BankID said of them: in memory, or where several instances reach them.
//!
//! A store is told what to keep and decides one thing, because it is the only one that can: who asks BankID next. It gives
//! that turn to one at a time and at most once in two seconds, takes it back from whoever does not come back in time, and
//! lets the first final answer stand. What answers mean is none of its business.
//!
//! ```
//! use std::sync::Arc;
//!
//! use bankid_client::{Client, Config, Endpoint};
//! use gateway::{ApiKey, Gateway, Keys, Limits, MemoryStore};
//!
//! # fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! // Two gateways that share what they know, as instances behind a balancer do.
//! let limits = Limits::default();
//! let store = Arc::new(MemoryStore::new(limits.store_kib));
//! for port in [8010, 8011] {
//!     let endpoint = Endpoint::custom(&format!("http://127.0.0.1:{port}"), b"")?;
//!     let client = Client::new(Config::plain(endpoint))?;
//!     let keys = Keys::new([ApiKey::new("shop").accepting("the key that the shop was given")])?;
//!     let gateway = Gateway::with_store(client, keys, limits, false, store.clone());
//!     assert_eq!(gateway.orders(), Some(0));
//! }
//! # Ok(())
//! # }
//! # demo().unwrap();
//! ```

mod memory;
#[cfg(feature = "server")]
pub(crate) mod redis;
#[cfg(test)]
mod tests;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Moment, Order};
use bankid_core::collect::Collect;
use bankid_core::order::OrderRef;
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

pub use self::memory::MemoryStore;
use crate::documents::Certificate;
use crate::fault::Fault;

/// The pace that BankID asks for (4.4).
pub(crate) const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// What a store answers with.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is not reached, does not answer in time, or answers what cannot be read.
    #[error("the store is lost")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no room.
    #[error("the store is full")]
    Full,
}

/// Where orders are kept.
///
/// All that is about time is by the store's own clock, if it has one, since those of several instances differ; `now` is for
/// stores that have none.
pub trait Store: fmt::Debug + Send + Sync {
    /// Makes room for an order and its answer, before BankID is asked for it.
    fn reserve(&self, kib: u32, now: Moment) -> Reply<'_, Room>;

    /// Keeps an order that was started, for this long unless it comes to its end.
    fn insert(&self, live: Arc<Live>, room: Room, keep: Duration, now: Moment) -> Reply<'_, ()>;

    /// Looks an order of this owner up.
    fn find<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        now: Moment,
    ) -> Reply<'a, Option<Found>>;

    /// Asks for the turn to ask BankID about an order of this owner. Who gets it and has not settled after the time of the
    /// lease has lost it.
    fn claim<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        lease: Duration,
        now: Moment,
    ) -> Reply<'a, Claim>;

    /// Ends a turn with what it came to. The order is then as the reply says: as settled, unless somebody else was first.
    /// Nothing if there is no such order any more.
    fn settle<'a>(
        &'a self,
        name: &'a OrderRef,
        turn: Turn,
        settled: &'a Settled,
        now: Moment,
    ) -> Reply<'a, Option<Answer>>;

    /// Forgets an order.
    fn remove<'a>(&'a self, name: &'a OrderRef) -> Reply<'a, ()>;

    /// Keeps a value for this long.
    fn put<'a>(&'a self, key: &'a str, value: Bytes, keep: Duration, now: Moment) -> Reply<'a, ()>;

    /// The value of a key.
    fn get<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>>;

    /// The value of a key, which is then gone: of all who ask, one gets it.
    fn take<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>>;

    /// Whether it is reached.
    fn check(&self) -> Reply<'_, ()>;

    /// Forgets what is over for long enough, if it does not do so by itself.
    fn sweep(&self, now: Moment);

    /// How many orders there are, if it knows.
    fn count(&self) -> Option<usize>;
}

/// An order that was started, and whose it is.
#[derive(Debug)]
pub struct Live {
    /// The name of the key that started it; it is nobody else's.
    pub(crate) owner: Arc<str>,
    pub(crate) order: Order,
}

/// Room for an order.
#[derive(Debug, Default)]
pub struct Room {
    _permit: Option<OwnedSemaphorePermit>,
}

/// An order that was looked up.
#[derive(Clone, Debug)]
pub struct Found {
    pub(crate) live: Arc<Live>,
    /// Whether it has come to its end.
    pub(crate) is_over: bool,
}

/// What becomes of a claim.
#[derive(Debug)]
pub enum Claim {
    /// There is no such order of this owner.
    Unknown,
    /// It is over, or BankID was asked just now: what is known is the answer.
    Known(Arc<Live>, Answer),
    /// Somebody else is asking; and what was known before.
    Elsewhere(Arc<Live>, Option<Answer>),
    /// The turn is the caller's.
    Due {
        /// The order, with the request that started it.
        live: Arc<Live>,
        /// To settle with.
        turn: Turn,
        /// Whether an answer got lost that may have been the final one.
        is_lost: bool,
    },
}

/// A turn to ask BankID. Later ones of an order have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn(pub(crate) u64);

/// What a turn came to.
#[derive(Clone, Debug)]
pub struct Settled {
    pub(crate) answer: Answer,
    /// If the order is over: how long that is kept.
    pub(crate) over: Option<Duration>,
    /// Whether an answer got lost that may have been the final one.
    pub(crate) is_lost: bool,
}

/// What is known of an order: an answer of BankID's, or why there is none. `Debug` tells no more than that.
#[derive(Clone)]
pub struct Answer(pub(crate) Result<Arc<Standing>, Arc<Fault>>);

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.0 {
            Ok(standing) => match standing.answer {
                Collect::Pending { .. } => "pending",
                Collect::Failed { .. } => "failed",
                Collect::Complete { .. } => "complete",
            },
            Err(fault) => &*fault.code,
        };
        f.debug_tuple("Answer").field(&what).finish()
    }
}

/// An answer of BankID's, with what was read out of it.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) answer: Collect,
    /// Of the user; of a complete order.
    pub(crate) certificate: Option<Certificate>,
}
