//! Lanes: isolated worlds with orders, collisions, clock, queue and default of their own.
//!
//! A [`Lane`] starts, collects and cancels orders as BankID does (sections 4, 5 and 14), for whoever proved to be the
//! relying party. A [`World`] holds the lanes and what they have in common: rules and limits. The virtual phone is in
//! `phone`, the handle for tests in `simulator`; HTTP is not known here.
//!
//! Which fault on demand a call meets is asked first ([`Lane::strike`]), as a fault in front of BankID's service would
//! strike: before the body is looked at, so such calls count whatever their body holds. An outcome from the queue, on
//! the other hand, is used up only by a call that starts an order.

mod facts;
mod instruct;
mod queue;
#[cfg(test)]
mod tests;
mod watch;
mod world;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bankid_core::{PersonalNumber, request::Checked};
use tokio::sync::Notify;

use self::{facts::Finished, queue::Queue};
pub(crate) use self::{
    facts::{Rp, permits},
    world::{DEFAULT_LANE, LaneRefused, World, WorldSettings},
};
use crate::{
    clock::{Clock, Timestamp},
    completion::CompletionFacts,
    fault::{Counters, Endpoint, Strike},
    order::{Event, Extras, Gone, KEEP_COMPLETE_MS, NewOrder, Order, Status, Texts},
    rule::{Rule, Rules, marker},
    scenario::{Hint, Scenario},
    store::{Limits, Shard},
    token::{Kind, Locator, TokenText, Tokens, mix},
};

/// An isolated set of orders.
#[derive(Debug)]
pub(crate) struct Lane {
    name: Box<str>,
    seed: u64,
    rules: Arc<Rules>,
    limits: Arc<Limits>,
    world: Weak<World>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    shards: [Apart<Mutex<Shard>>; SHARDS],
    /// How many of the shards are used.
    spread: u64,
    /// The number of the order that was started last.
    sequence: Apart<AtomicU64>,
    /// Before this moment of the lane's time there is nothing to forget. Held by whoever sweeps or resets the lane.
    nothing_due_before: Mutex<Timestamp>,
    calls: Counters,
    queue: Mutex<Queue>,
    /// Whether the queue holds anything or the lane has a default, so that usually no lock is taken to see.
    instructed: AtomicBool,
    /// The order that is in each person's app, also when it is over by now.
    pub(crate) phones: Mutex<HashMap<PersonalNumber, Locator>>,
    /// Wakes those who wait for an order, of whom there are so many.
    started: Notify,
    waiting: AtomicUsize,
    /// Which of all uses of lanes was this one's last.
    last_used: AtomicU64,
}

/// Enough for the cores of a large machine.
const SHARDS: usize = 16;

/// A value on cache lines of its own: what one core writes with every order takes nothing else from the others.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Apart<T>(T);

/// An order that was started: its tokens.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) order_ref: TokenText,
    /// What QR code and start link need; not handed out for orders that start by number only.
    pub(crate) auto_start_token: TokenText,
    pub(crate) qr_start_token: TokenText,
    pub(crate) qr_start_secret: TokenText,
}

/// Why no order was started.
#[derive(Debug)]
pub(crate) enum StartRefused {
    /// The person has an order already; it is cancelled now, too (5.1).
    AlreadyInProgress,
    /// There is no room; this flag makes more.
    Full(&'static str),
    /// The marker at the end of `userVisibleData` names no scenario: 400 `invalidParameters` with these details.
    Marker(String),
}

/// The answer to a collect.
#[derive(Debug)]
pub(crate) enum Collected {
    Pending(Hint),
    /// The order is forgotten with this answer.
    Failed(Hint),
    /// The order is forgotten with this answer.
    Complete(Box<CompletionFacts>),
}

impl Lane {
    /// The fault that a call meets on demand, before anything of it but its path has been looked at.
    pub(crate) fn strike(&self, endpoint: Endpoint) -> Option<Strike> {
        // Asked first, so that calls count that the queue refuses.
        let rule = self.calls.strike(&self.rules.errors, endpoint, self.seed);
        if self.instructed.load(Ordering::Acquire)
            && let Some(strike) = self.instruct(|queue| queue.take_strike(endpoint))
        {
            return Some(strike);
        }
        rule.map(|rule| rule.strike.clone())
    }

    /// Lets time pass on the lane's clock.
    pub(crate) async fn pass(&self, time: Duration) {
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.clock.until(self.clock.now().plus_millis(ms)).await;
    }

    /// Starts an order.
    pub(crate) fn start(&self, checked: &Checked<'_>, rp: Rp) -> Result<Started, StartRefused> {
        let marker = match checked.user_visible_data {
            Some(text) => marker(text, &self.rules.scenarios).map_err(|fault| {
                StartRefused::Marker(format!("Marker in userVisibleData: {fault}"))
            })?,
            None => None,
        };
        let texts = Texts::of(checked);
        let bytes = texts.as_ref().map_or(0, Texts::bytes);
        let extras = texts.map(|texts| Box::new(Extras { texts, ..Extras::default() }));
        let index = self.shard_for(checked.personal_number);
        let mut may_make_room = true;
        loop {
            let mut shard = self.shard(index);
            let now = self.clock.now();
            if let Some(number) = checked.personal_number
                && superseded(&mut shard, number, now)
            {
                return Err(StartRefused::AlreadyInProgress);
            }
            shard.sweep_some(now, &self.limits);
            match self.limits.take(bytes) {
                Ok(()) => {}
                // Perhaps what nobody fetched in time has only not been swept yet.
                Err(_) if may_make_room => {
                    may_make_room = false;
                    drop(shard);
                    self.make_room();
                    continue;
                }
                Err(full) => return Err(StartRefused::Full(full.flag())),
            }
            let order = self.new_order(checked, rp, marker, extras, now);
            let sequence = order.sequence;
            let slot = shard.insert(order);
            drop(shard);
            self.announce();
            return Ok(self.started(Locator { shard: index, slot, sequence }));
        }
    }

    fn new_order(
        &self,
        checked: &Checked<'_>,
        rp: Rp,
        marker: Option<Arc<Scenario>>,
        mut extras: Option<Box<Extras>>,
        created: Timestamp,
    ) -> Order {
        let (mut queued, mut default) = (None, None);
        if self.instructed.load(Ordering::Acquire) {
            (queued, default) =
                self.instruct(|queue| (queue.take_scenario(checked.operation), queue.standing()));
        }
        let (rule, scenario, ticket) = if let Some(queued) = queued {
            // A number that the order carries is always honoured.
            if queued.persona.is_some() && checked.personal_number.is_none() {
                extras.get_or_insert_default().person = queued.persona;
            }
            (Rule::Queue, queued.scenario, queued.ticket)
        } else {
            let default = default.as_ref().or_else(|| self.rules.lanes.get(&self.name));
            let (rule, scenario) = self.rules.decide(checked, marker, default);
            (rule, scenario, 0)
        };
        let sequence = self.sequence.0.fetch_add(1, Ordering::Relaxed) + 1;
        Order::new(NewOrder { checked, sequence, created, rp, scenario, rule, ticket, extras })
    }

    /// Answers a collect; nothing if there is no such order (4.4).
    pub(crate) fn collect(&self, order_ref: &str, rp: Rp) -> Option<Collected> {
        let locator = self.tokens.decode(Kind::OrderRef, order_ref)?;
        let mut shard = self.shard(locator.shard);
        let now = self.clock.now();
        let order = shard.get_mut(locator).filter(|order| order.rp == rp)?;
        // A collect counts for the state it is answered with.
        let life = order.life_at(now);
        let status = match life.status(order.terms().timeline) {
            Status::Pending(hint) => {
                let hint = hint.clone();
                order.life = order.after(Event::Collect, now).unwrap_or(life);
                return Some(Collected::Pending(hint));
            }
            Status::Failed(hint) => Some(hint.clone()),
            Status::Complete => None,
        };
        if life.forgotten_at().is_some_and(|age| age <= order.age(now)) {
            shard.remove(locator.slot, Gone::Forgotten, now, &self.limits);
            return None;
        }
        order.life = life;
        let finished = Finished::of(order);
        let texts = shard.remove(locator.slot, Gone::Collected, now, &self.limits);
        drop(shard);
        Some(match status {
            Some(hint) => Collected::Failed(hint),
            None => Collected::Complete(Box::new(
                finished.facts(texts.unwrap_or_default(), &self.rules.personas),
            )),
        })
    }

    /// Cancels a pending order; false if there is no such order (5.3).
    pub(crate) fn cancel(&self, order_ref: &str, rp: Rp) -> bool {
        let Some(locator) = self.tokens.decode(Kind::OrderRef, order_ref) else { return false };
        let mut shard = self.shard(locator.shard);
        let now = self.clock.now();
        let Some(order) = shard.get_mut(locator).filter(|order| order.rp == rp) else {
            return false;
        };
        order.life = order.life_at(now);
        let pending = order.life.is_pending();
        if pending {
            shard.remove(locator.slot, Gone::Cancelled, now, &self.limits);
        }
        pending
    }

    /// Forgets what has been kept long enough, if there can be anything.
    pub(crate) fn sweep(&self) {
        let mut nothing_due_before = lock(&self.nothing_due_before);
        let now = self.clock.now();
        if now < *nothing_due_before {
            return;
        }
        // Orders made from now on are due later than this.
        let mut next = now.plus_millis(KEEP_COMPLETE_MS.into());
        for shard in &self.shards {
            next = next.min(lock(&shard.0).sweep(now, &self.limits));
        }
        *nothing_due_before = next;
    }

    /// How many orders the lane keeps, those included that are over and may still be collected.
    pub(crate) fn live(&self) -> usize {
        self.shards.iter().map(|shard| lock(&shard.0).live()).sum()
    }

    fn make_room(&self) {
        match self.world.upgrade() {
            Some(world) => world.sweep(),
            None => self.sweep(),
        }
    }

    /// The shard of a person's orders, or else the one whose turn it is.
    pub(crate) fn shard_for(&self, number: Option<PersonalNumber>) -> u8 {
        let hash = match number {
            Some(number) => mix(number.as_u64(), self.seed),
            None => self.sequence.0.load(Ordering::Relaxed),
        };
        u8::try_from(hash % self.spread).unwrap_or_default()
    }

    pub(crate) fn shard(&self, index: u8) -> MutexGuard<'_, Shard> {
        // Indices come from `shard_for` and from tokens, and both only name shards there are.
        let [first, ..] = &self.shards;
        lock(&self.shards.get(usize::from(index)).unwrap_or(first).0)
    }

    fn started(&self, locator: Locator) -> Started {
        let kinds = [Kind::OrderRef, Kind::AutoStart, Kind::QrStart, Kind::QrSecret];
        let [order_ref, auto_start_token, qr_start_token, qr_start_secret] =
            self.tokens.encode_all(kinds, locator);
        Started { order_ref, auto_start_token, qr_start_token, qr_start_secret }
    }

    /// Wakes those who wait for an order.
    fn announce(&self) {
        // Usually nobody waits. Whoever begins to wait after this was read looks at the orders first.
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.started.notify_waiters();
        }
    }
}

/// Cancels the pending order of a person, if there is one (14.4).
fn superseded(shard: &mut Shard, number: PersonalNumber, now: Timestamp) -> bool {
    let Some((_, order)) = shard.of_person(number) else { return false };
    match order.after(Event::Supersede, now) {
        Ok(life) => {
            order.life = life;
            true
        }
        Err(_) => false,
    }
}

/// A panic under a lock is a bug that its own thread reports; the others go on.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
