//! Looking at a lane's orders from outside.

use std::sync::atomic::Ordering;

use super::{Lane, lock};
use crate::{
    clock::Timestamp,
    journal::OrderView,
    order::{Closed, Order},
    token::{Kind, Locator},
};

impl Lane {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The number of the order that was started last.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.sequence.0.load(Ordering::Relaxed)
    }

    /// An order as it stands, also if it can no longer be collected but is still remembered.
    pub(crate) fn view(&self, locator: Locator) -> Option<OrderView> {
        let shard = self.shard(locator.shard);
        if let Some(order) = shard.get(locator) {
            return Some(self.view_now(order, locator, self.clock.now()));
        }
        let closed = shard.gone().find(|closed| closed.is(locator))?;
        Some(OrderView::of_closed(closed, &self.tokens.encode(Kind::OrderRef, locator)))
    }

    /// The same for one that is at hand.
    pub(crate) fn view_now(&self, order: &Order, locator: Locator, now: Timestamp) -> OrderView {
        OrderView::of(order, &self.tokens.encode(Kind::OrderRef, locator), now)
    }

    /// The order with this reference.
    pub(crate) fn view_of(&self, order_ref: &str) -> Option<OrderView> {
        self.view(self.tokens.decode(Kind::OrderRef, order_ref)?)
    }

    /// Orders with numbers above `after`, in order, at most so many.
    pub(crate) fn views(&self, after: u64, limit: usize) -> Vec<OrderView> {
        let mut found = self.locators(after);
        found.sort_unstable_by_key(|locator| locator.sequence);
        found.truncate(limit);
        found.into_iter().filter_map(|locator| self.view(locator)).collect()
    }

    /// Waits for an order with a number above `after`.
    pub(crate) async fn next_view(&self, after: u64) -> OrderView {
        let _waiting = Waiting::new(self);
        loop {
            // Created before the orders are looked at, so that none is missed in between.
            let started = self.started.notified();
            let first = self.locators(after).into_iter().min_by_key(|locator| locator.sequence);
            if let Some(view) = first.and_then(|locator| self.view(locator)) {
                return view;
            }
            started.await;
        }
    }

    /// Orders with numbers above `after`, without gaps: an order gets its number and its place under one lock, so those up
    /// to the last number of this moment are all in their places by the time that their shards are looked at. Later ones may
    /// be there while one with a lower number is not, and are left for the next time.
    fn locators(&self, after: u64) -> Vec<Locator> {
        let last = self.last_sequence();
        let mut found = Vec::new();
        for (shard, index) in self.shards.iter().zip(0..) {
            let shard = lock(&shard.0);
            let gone = shard.gone().map(|Closed { slot, order, .. }| (*slot, order));
            let locator = |(slot, order): (u32, &Order)| Locator {
                shard: index,
                slot,
                sequence: order.sequence,
            };
            found.extend(
                shard
                    .orders()
                    .chain(gone)
                    .map(locator)
                    .filter(|found| found.sequence > after && found.sequence <= last),
            );
        }
        found
    }
}

/// Counts one who waits for as long as it lives.
struct Waiting<'a>(&'a Lane);

impl<'a> Waiting<'a> {
    fn new(lane: &'a Lane) -> Self {
        lane.waiting.fetch_add(1, Ordering::SeqCst);
        Self(lane)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
