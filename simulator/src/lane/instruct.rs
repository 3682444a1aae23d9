//! Telling a lane what to do.

use std::sync::{Arc, atomic::Ordering};

use super::{Lane, lock, queue::Queue};
use crate::{
    rule::{Outcome, QueueFull},
    scenario::Scenario,
};

impl Lane {
    /// Adds to the queue and gives the entry's number.
    pub(crate) fn push(&self, outcome: Outcome) -> Result<u32, QueueFull> {
        self.instruct(|queue| queue.push(outcome))
    }

    pub(crate) fn queued(&self) -> Vec<(u32, Outcome)> {
        lock(&self.queue).waiting().cloned().collect()
    }

    pub(crate) fn clear_queue(&self) {
        self.instruct(Queue::clear);
    }

    pub(crate) fn set_default(&self, scenario: Option<Arc<Scenario>>) {
        self.instruct(|queue| queue.set_standing(scenario));
    }

    pub(crate) fn standing(&self) -> Option<Arc<Scenario>> {
        lock(&self.queue).standing()
    }

    pub(super) fn instruct<R>(&self, instruct: impl FnOnce(&mut Queue) -> R) -> R {
        let mut queue = lock(&self.queue);
        let result = instruct(&mut queue);
        self.instructed.store(!queue.is_empty(), Ordering::Release);
        result
    }
}
