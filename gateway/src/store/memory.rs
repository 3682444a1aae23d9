//! The store of a single process. Nothing outlives it.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bankid_client::Moment;
use bankid_core::order::OrderRef;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    Answer, Claim, Found, Live, POLL_INTERVAL, Reply, Room, Settled, Store, StoreError, Turn,
};

/// Orders in memory, up to an end. Its time is that of whoever asks.
pub struct MemoryStore {
    room: Arc<Semaphore>,
    orders: Mutex<HashMap<OrderRef, Slot>>,
    values: Mutex<HashMap<Box<str>, Value>>,
}

struct Slot {
    live: Arc<Live>,
    last: Option<Answer>,
    /// The latest turn.
    turn: u64,
    /// Until when the turn is somebody's who has not settled.
    leased_until: Option<Duration>,
    /// When the latest turn began.
    asked_at: Option<Duration>,
    is_lost: bool,
    is_over: bool,
    /// From when on it is as if it had never been.
    gone_at: Duration,
    _room: Room,
}

struct Value {
    bytes: Bytes,
    gone_at: Duration,
    _room: OwnedSemaphorePermit,
}

impl MemoryStore {
    /// A store of this size.
    pub fn new(kib: u32) -> Self {
        let kib = usize::try_from(kib).unwrap_or(usize::MAX);
        let room = Arc::new(Semaphore::new(kib.min(Semaphore::MAX_PERMITS)));
        Self { room, orders: Mutex::default(), values: Mutex::default() }
    }

    fn room(&self, kib: u32, now: Moment) -> Result<OwnedSemaphorePermit, StoreError> {
        let reserve = || Arc::clone(&self.room).try_acquire_many_owned(kib).ok();
        if let Some(room) = reserve() {
            return Ok(room);
        }
        self.sweep(now);
        reserve().ok_or(StoreError::Full)
    }

    fn keep(&self, key: &str, value: Bytes, keep: Duration, now: Moment) -> Result<(), StoreError> {
        let bytes = key.len().saturating_add(value.len());
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).max(1);
        let room = self.room(kib, now)?;
        let gone_at = now.monotonic.saturating_add(keep);
        let value = Value { bytes: value, gone_at, _room: room };
        let replaced = lock(&self.values).insert(key.into(), value);
        drop(replaced);
        Ok(())
    }

    /// What is there of an order, while it is there.
    fn with<T>(
        &self,
        name: &OrderRef,
        now: Moment,
        work: impl FnOnce(&mut Slot) -> T,
    ) -> Option<T> {
        let mut orders = lock(&self.orders);
        orders.get_mut(name).filter(|slot| slot.gone_at > now.monotonic).map(work)
    }
}

impl Slot {
    fn claim(&mut self, lease: Duration, now: Duration) -> Claim {
        let live = || Arc::clone(&self.live);
        match (&self.last, self.leased_until) {
            (Some(last), _) if self.is_over => return Claim::Known(live(), last.clone()),
            (last, Some(until)) if now < until => return Claim::Elsewhere(live(), last.clone()),
            (_, Some(_)) => {
                // Whoever had the turn is gone without a word, and the answer may be with it.
                self.is_lost = true;
            }
            (Some(last), None) if self.is_early(now) => return Claim::Known(live(), last.clone()),
            (_, None) => {}
        }
        self.turn = self.turn.saturating_add(1);
        self.asked_at = Some(now);
        self.leased_until = Some(now.saturating_add(lease));
        Claim::Due { live: live(), turn: Turn(self.turn), is_lost: self.is_lost }
    }

    fn is_early(&self, now: Duration) -> bool {
        self.asked_at.is_some_and(|at| now < at.saturating_add(POLL_INTERVAL))
    }

    fn settle(&mut self, turn: Turn, settled: &Settled, now: Duration) -> Answer {
        let is_current = turn.0 == self.turn;
        match &self.last {
            Some(last) if self.is_over => return last.clone(),
            // Somebody else has had a turn since; only the end of an order is still news.
            last if !is_current && settled.over.is_none() => {
                return last.as_ref().unwrap_or(&settled.answer).clone();
            }
            _ => {}
        }
        if is_current {
            self.leased_until = None;
            self.is_lost = settled.is_lost;
        }
        self.last = Some(settled.answer.clone());
        if let Some(keep) = settled.over {
            self.is_over = true;
            self.gone_at = now.saturating_add(keep);
        }
        settled.answer.clone()
    }
}

impl Store for MemoryStore {
    fn reserve(&self, kib: u32, now: Moment) -> Reply<'_, Room> {
        Box::pin(ready(self.room(kib, now).map(|room| Room { _permit: Some(room) })))
    }

    fn insert(&self, live: Arc<Live>, room: Room, keep: Duration, now: Moment) -> Reply<'_, ()> {
        let name = live.order.order_ref.clone();
        let slot = Slot {
            live,
            last: None,
            turn: 0,
            leased_until: None,
            asked_at: None,
            is_lost: false,
            is_over: false,
            gone_at: now.monotonic.saturating_add(keep),
            _room: room,
        };
        drop(lock(&self.orders).insert(name, slot));
        Box::pin(ready(Ok(())))
    }

    fn find<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        now: Moment,
    ) -> Reply<'a, Option<Found>> {
        let found = self.with(name, now, |slot| {
            let live = Arc::clone(&slot.live);
            (*live.owner == *owner).then_some(Found { live, is_over: slot.is_over })
        });
        Box::pin(ready(Ok(found.flatten())))
    }

    fn claim<'a>(
        &'a self,
        owner: &'a str,
        name: &'a OrderRef,
        lease: Duration,
        now: Moment,
    ) -> Reply<'a, Claim> {
        let claim = self.with(name, now, |slot| {
            (*slot.live.owner == *owner).then(|| slot.claim(lease, now.monotonic))
        });
        Box::pin(ready(Ok(claim.flatten().unwrap_or(Claim::Unknown))))
    }

    fn settle<'a>(
        &'a self,
        name: &'a OrderRef,
        turn: Turn,
        settled: &'a Settled,
        now: Moment,
    ) -> Reply<'a, Option<Answer>> {
        let answer = self.with(name, now, |slot| slot.settle(turn, settled, now.monotonic));
        Box::pin(ready(Ok(answer)))
    }

    fn remove<'a>(&'a self, name: &'a OrderRef) -> Reply<'a, ()> {
        let removed = lock(&self.orders).remove(name);
        drop(removed);
        Box::pin(ready(Ok(())))
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, keep: Duration, now: Moment) -> Reply<'a, ()> {
        Box::pin(ready(self.keep(key, value, keep, now)))
    }

    fn get<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>> {
        let values = lock(&self.values);
        let value = values.get(key).filter(|value| value.gone_at > now.monotonic);
        Box::pin(ready(Ok(value.map(|value| value.bytes.clone()))))
    }

    fn take<'a>(&'a self, key: &'a str, now: Moment) -> Reply<'a, Option<Bytes>> {
        let taken = lock(&self.values).remove(key);
        let value = taken.filter(|value| value.gone_at > now.monotonic);
        Box::pin(ready(Ok(value.map(|value| value.bytes))))
    }

    fn check(&self) -> Reply<'_, ()> {
        Box::pin(ready(Ok(())))
    }

    fn sweep(&self, now: Moment) {
        let now = now.monotonic;
        // What they hold is let go after the lock.
        let orders: Vec<_> = lock(&self.orders).extract_if(|_, slot| slot.gone_at <= now).collect();
        let values: Vec<_> =
            lock(&self.values).extract_if(|_, value| value.gone_at <= now).collect();
        drop((orders, values));
    }

    fn count(&self) -> Option<usize> {
        Some(lock(&self.orders).len())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("orders", &self.count()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
