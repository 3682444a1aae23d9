//! Where the orders of a lane are kept: shards of slots, each behind a lock of its own.
//!
//! An order with a personal number lives in the shard of that number, so that one lock covers the question whether the
//! person has an order already (14.4). Slots are kept in chunks that never move, and a free one is used again before new
//! ones are made. What nobody fetches is forgotten after the times of 7.6: every few new orders sweep the next chunk if
//! anything in it can be due, and [`Shard::sweep`] sweeps all. The last orders that are gone are remembered for those who
//! ask what happened.
//!
//! It decides nothing about orders; what they do is in `order`, and who may see them is the lane's business.

mod limits;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

use bankid_core::PersonalNumber;

pub(crate) use self::limits::{Full, Limits};
use crate::{
    clock::Timestamp,
    order::{Closed, Gone, KEEP_COMPLETE_MS, KEEP_UNSTARTED_MS, Order, Texts},
    token::Locator,
};

/// Slots of a chunk: few, since most lanes hold few orders.
const CHUNK: usize = 64;
/// With every so many new orders a chunk is swept: many more slots than are filled meanwhile.
const SWEEP_EVERY: u32 = 8;
/// How many of the last orders that are gone a shard remembers.
const REMEMBERED: usize = 32;

/// A part of a lane's orders.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    chunks: Vec<Chunk>,
    /// The first of the free slots, which are chained.
    free: Option<u32>,
    live: usize,
    by_person: HashMap<PersonalNumber, u32>,
    /// The chunk that is swept next.
    cursor: usize,
    /// Counts new orders, for the sweep.
    turn: u32,
    gone: VecDeque<Closed>,
}

#[derive(Debug)]
struct Chunk {
    slots: Vec<Slot>,
    /// Before this moment there is nothing in it to forget, so that mostly its slots need not be looked at.
    due: Timestamp,
}

#[derive(Debug)]
enum Slot {
    Free(Option<u32>),
    Live(Order),
}

impl Shard {
    /// Keeps an order. That there is room has been settled with the [`Limits`].
    pub(crate) fn insert(&mut self, order: Order) -> u32 {
        let number = order.number();
        let slot = self.place(order);
        self.live += 1;
        if let Some(number) = number {
            self.by_person.insert(number, slot);
        }
        slot
    }

    fn place(&mut self, order: Order) -> u32 {
        // No order is forgotten before it could have been completed, and kept for as long as that asks for.
        let due = order.moment(KEEP_COMPLETE_MS);
        let free = self.free.map(|slot| (slot, address(slot)));
        if let Some((slot, (chunk, within))) = free
            && let Some(chunk) = self.chunks.get_mut(chunk)
            && let Some(place) = chunk.slots.get_mut(within)
        {
            let next = match place {
                Slot::Free(next) => *next,
                Slot::Live(_) => None,
            };
            *place = Slot::Live(order);
            chunk.due = chunk.due.min(due);
            self.free = next;
            return slot;
        }
        if self.chunks.last().is_none_or(|chunk| chunk.slots.len() == CHUNK) {
            self.chunks.push(Chunk { slots: Vec::with_capacity(CHUNK), due });
        }
        let full_chunks = self.chunks.len().saturating_sub(1);
        let within = self.chunks.last_mut().map_or(0, |chunk| {
            chunk.slots.push(Slot::Live(order));
            chunk.due = chunk.due.min(due);
            chunk.slots.len() - 1
        });
        u32::try_from(full_chunks * CHUNK + within).unwrap_or(u32::MAX)
    }

    /// The order in a slot, if it is the one of this number.
    pub(crate) fn get(&self, locator: Locator) -> Option<&Order> {
        match self.slot(locator.slot)? {
            Slot::Live(order) if order.is(locator) => Some(order),
            Slot::Live(_) | Slot::Free(_) => None,
        }
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, locator: Locator) -> Option<&mut Order> {
        match self.slot_mut(locator.slot)? {
            Slot::Live(order) if order.is(locator) => Some(order),
            Slot::Live(_) | Slot::Free(_) => None,
        }
    }

    /// The order that carries this person's number, whatever its state.
    pub(crate) fn of_person(&mut self, number: PersonalNumber) -> Option<(u32, &mut Order)> {
        let slot = *self.by_person.get(&number)?;
        match self.slot_mut(slot)? {
            Slot::Live(order) => Some((slot, order)),
            Slot::Free(_) => None,
        }
    }

    /// Lets an order go, which gives back its share of the limits, and gives its texts to whoever still needs them.
    pub(crate) fn remove(
        &mut self,
        slot: u32,
        gone: Gone,
        at: Timestamp,
        limits: &Limits,
    ) -> Option<Texts> {
        let next = self.free;
        let place = self.slot_mut(slot)?;
        if matches!(place, Slot::Free(_)) {
            return None;
        }
        let Slot::Live(mut order) = std::mem::replace(place, Slot::Free(next)) else { return None };
        self.free = Some(slot);
        self.live -= 1;
        if let Some(number) = order.number()
            && self.by_person.get(&number) == Some(&slot)
        {
            self.by_person.remove(&number);
        }
        order.life = order.life_at(at);
        let texts = order.extras.as_mut().map(|extras| std::mem::take(&mut extras.texts));
        limits.give_back(texts.as_ref().map_or(0, Texts::bytes));
        if self.gone.len() == REMEMBERED {
            self.gone.pop_front();
        }
        self.gone.push_back(Closed { order, slot, gone, at });
        texts
    }

    /// Forgets what has been kept long enough in one chunk, when it is time for one.
    pub(crate) fn sweep_some(&mut self, now: Timestamp, limits: &Limits) {
        self.turn = self.turn.wrapping_add(1);
        if !self.turn.is_multiple_of(SWEEP_EVERY) {
            return;
        }
        let chunk = self.cursor;
        self.cursor = if chunk + 1 < self.chunks.len() { chunk + 1 } else { 0 };
        self.sweep_chunk(chunk, now, limits);
    }

    /// Forgets everything that has been kept long enough, and says before which moment there will be nothing more to
    /// forget.
    pub(crate) fn sweep(&mut self, now: Timestamp, limits: &Limits) -> Timestamp {
        let mut next = now.plus_millis(KEEP_COMPLETE_MS.into());
        for chunk in 0..self.chunks.len() {
            next = next.min(self.sweep_chunk(chunk, now, limits));
        }
        if self.live == 0 {
            self.chunks = Vec::new();
            self.by_person = HashMap::new();
            (self.free, self.cursor) = (None, 0);
        }
        next
    }

    /// The same for one chunk.
    fn sweep_chunk(&mut self, index: usize, now: Timestamp, limits: &Limits) -> Timestamp {
        let Some(chunk) = self.chunks.get(index).filter(|chunk| chunk.due <= now) else {
            return self.chunks.get(index).map_or(Timestamp::MAX, |chunk| chunk.due);
        };
        let first = index * CHUNK;
        let mut due = Timestamp::MAX;
        for slot in first..first + chunk.slots.len() {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            due = due.min(self.forget_if_due(slot, now, limits).unwrap_or(Timestamp::MAX));
        }
        if let Some(chunk) = self.chunks.get_mut(index) {
            chunk.due = due;
        }
        due
    }

    /// Forgets the order in a slot if it is time; otherwise says before which moment it cannot be.
    fn forget_if_due(&mut self, slot: u32, now: Timestamp, limits: &Limits) -> Option<Timestamp> {
        let Slot::Live(order) = self.slot(slot)? else { return None };
        let life = order.life_at(now);
        match life.forgotten_at().map(|age| order.moment(age)) {
            Some(due) if due <= now => {
                self.remove(slot, Gone::Forgotten, now, limits);
                None
            }
            Some(due) => Some(due),
            // Pending: it may complete at this moment, or never be picked up.
            None => {
                Some(order.moment(KEEP_UNSTARTED_MS).min(now.plus_millis(KEEP_COMPLETE_MS.into())))
            }
        }
    }

    /// Lets go of everything at once, also of what is remembered.
    pub(crate) fn clear(&mut self, limits: &Limits) {
        for order in self.orders().map(|(_, order)| order) {
            limits.give_back(order.texts().map_or(0, Texts::bytes));
        }
        *self = Self::default();
    }

    /// How many orders are kept.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// Every order with its slot.
    pub(crate) fn orders(&self) -> impl Iterator<Item = (u32, &Order)> {
        self.chunks.iter().flat_map(|chunk| &chunk.slots).zip(0..).filter_map(|(place, slot)| {
            match place {
                Slot::Live(order) => Some((slot, order)),
                Slot::Free(_) => None,
            }
        })
    }

    /// The last orders that are gone, the newest first.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &Closed> {
        self.gone.iter().rev()
    }

    fn slot(&self, slot: u32) -> Option<&Slot> {
        let (chunk, within) = address(slot);
        self.chunks.get(chunk)?.slots.get(within)
    }

    fn slot_mut(&mut self, slot: u32) -> Option<&mut Slot> {
        let (chunk, within) = address(slot);
        self.chunks.get_mut(chunk)?.slots.get_mut(within)
    }
}

/// The chunk of a slot, and the slot's place within.
fn address(slot: u32) -> (usize, usize) {
    let slot = usize::try_from(slot).unwrap_or(usize::MAX);
    (slot / CHUNK, slot % CHUNK)
}

impl Closed {
    /// Whether it is the order that a token leads to.
    pub(crate) fn is(&self, locator: Locator) -> bool {
        self.slot == locator.slot && self.order.is(locator)
    }
}

impl Order {
    fn is(&self, locator: Locator) -> bool {
        (self.sequence ^ locator.sequence) & ((1 << Locator::SEQUENCE_BITS) - 1) == 0
    }
}
