//! One lane, for tests and for the control plane: what happens next, what time it is, what happened, and who acts.

use std::{fmt, sync::Arc, time::Duration};

use bankid_core::PersonalNumber;

use crate::{
    clock::{Speed, Timestamp},
    journal::OrderView,
    lane::{Lane, World},
    persona::BadPersona,
    phone::Phone,
    rule::{Outcome, QueueFull},
    scenario::{BadScenario, Scenario},
};

/// A lane of a running simulator. Cheap to copy. Once the lane is deleted, it leads nowhere.
#[derive(Clone)]
pub struct LaneHandle {
    world: Arc<World>,
    lane: Arc<Lane>,
}

impl fmt::Debug for LaneHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaneHandle").field("name", &self.name()).finish_non_exhaustive()
    }
}

impl LaneHandle {
    pub(crate) fn new(world: Arc<World>, lane: Arc<Lane>) -> Self {
        Self { world, lane }
    }

    /// The lane's name, as it stands in paths: `/l/NAME/rp/v6.0/...`.
    pub fn name(&self) -> &str {
        self.lane.name()
    }

    /// How many orders it keeps, those included that are over and may still be collected.
    pub fn live_orders(&self) -> usize {
        self.lane.live()
    }

    /// Queues what happens to the next order or call; first in, first out. Gives the entry's number.
    ///
    /// # Errors
    /// The queue is full.
    pub fn next(&self, outcome: Outcome) -> Result<u32, QueueFull> {
        self.lane.push(outcome)
    }

    /// Queues a scenario, by name or written out, for the next order. Gives the entry's number.
    ///
    /// # Errors
    /// There is no such scenario, the timeline is faulty, or the queue is full.
    pub fn next_scenario(&self, scenario: &str) -> Result<u32, NextRefused> {
        Ok(self.next(Outcome::scenario(self.scenario(scenario)?))?)
    }

    /// What waits in the queue, with the numbers of the entries.
    pub fn queue(&self) -> Vec<(u32, Outcome)> {
        self.lane.queued()
    }

    /// Takes back everything that waits in the queue.
    pub fn clear_queue(&self) {
        self.lane.clear_queue();
    }

    /// A scenario by name, or written out as a timeline.
    ///
    /// # Errors
    /// There is no such scenario, or the timeline is faulty.
    pub fn scenario(&self, text: &str) -> Result<Arc<Scenario>, BadScenario> {
        self.world.rules().scenarios.resolve(text)
    }

    /// Sets what orders follow about which no stronger rule says anything; `None` leaves it to the configuration again.
    pub fn set_default(&self, scenario: Option<Arc<Scenario>>) {
        self.lane.set_default(scenario);
    }

    /// What [`Self::set_default`] has set.
    pub fn default_scenario(&self) -> Option<Arc<Scenario>> {
        self.lane.standing()
    }

    /// The lane's clock.
    pub fn clock(&self) -> LaneClock {
        LaneClock { lane: Arc::clone(&self.lane) }
    }

    /// Every order that can be collected, and the last ones that no longer can, the oldest first.
    pub fn orders(&self) -> Vec<OrderView> {
        self.orders_after(0, usize::MAX)
    }

    /// Orders with numbers above `after`, the oldest first, at most `limit` of them.
    pub fn orders_after(&self, after: u64, limit: usize) -> Vec<OrderView> {
        self.lane.views(after, limit)
    }

    /// The order with this `orderRef`.
    pub fn order(&self, order_ref: &str) -> Option<OrderView> {
        self.lane.view_of(order_ref)
    }

    /// Waits for an order with a number above `after`; 0 is below all.
    pub async fn next_order(&self, after: u64) -> OrderView {
        self.lane.next_view(after).await
    }

    /// The number of the order that was started last; 0 if none was.
    pub fn last_order(&self) -> u64 {
        self.lane.last_sequence()
    }

    /// The phone of a person, by name or personal number. Whoever has no name is made up.
    ///
    /// # Errors
    /// Nobody has this name.
    pub fn phone(&self, persona: &str) -> Result<Phone, BadPersona> {
        let persona = self.world.rules().personas.resolve(persona)?;
        Ok(Phone::new(Arc::clone(&self.lane), persona))
    }

    /// The phone of the person with this number.
    pub fn phone_of(&self, personal_number: PersonalNumber) -> Phone {
        let persona = self.world.rules().personas.of(personal_number);
        Phone::new(Arc::clone(&self.lane), persona)
    }

    /// The phone of the default persona, who completes orders that are for nobody in particular.
    pub fn default_phone(&self) -> Phone {
        let persona = self.world.rules().personas.default_persona();
        Phone::new(Arc::clone(&self.lane), persona)
    }

    /// Begins anew: no orders, an empty queue, no default, the clock as at first, calls counted from one.
    pub fn reset(&self) {
        self.lane.reset();
    }
}

/// Why no scenario was queued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NextRefused {
    /// There is no such scenario.
    #[error(transparent)]
    Scenario(#[from] BadScenario),
    /// The queue is full.
    #[error(transparent)]
    Full(#[from] QueueFull),
}

/// The clock of a lane. Whoever waits for a time is woken when it changes.
#[derive(Clone)]
pub struct LaneClock {
    lane: Arc<Lane>,
}

impl fmt::Debug for LaneClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaneClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl LaneClock {
    /// The time on the clock.
    pub fn now(&self) -> Timestamp {
        self.lane.clock.now()
    }

    /// How many times faster than real time it runs; nothing while it stands still.
    pub fn speed(&self) -> Option<f64> {
        self.lane.clock.speed()
    }

    /// Turns it forward and gives the new time; it goes on as before.
    pub fn advance(&self, by: Duration) -> Timestamp {
        self.lane.clock.advance(by)
    }

    /// Stops it.
    pub fn freeze(&self) -> Timestamp {
        self.lane.clock.freeze()
    }

    /// Lets it run, from where it is.
    pub fn run(&self, speed: Speed) -> Timestamp {
        self.lane.clock.run(speed)
    }

    /// Waits until it shows this moment, however it gets there.
    pub async fn until(&self, moment: Timestamp) {
        self.lane.clock.until(moment).await;
    }
}
