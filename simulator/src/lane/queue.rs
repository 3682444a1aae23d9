//! What a lane has been told to do: outcomes for the next orders and calls, and a default for all others.

use std::{collections::VecDeque, sync::Arc};

use bankid_core::{PersonalNumber, request::Operation};

use crate::{
    fault::{Endpoint, Strike},
    rule::{Outcome, QueueFull, What},
    scenario::Scenario,
};

/// Outcomes that wait, first in first out, and the lane's default.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<(u32, Outcome)>,
    last_ticket: u32,
    standing: Option<Arc<Scenario>>,
}

/// A scenario from the queue, with the number of its entry.
pub(crate) struct Queued {
    pub(crate) ticket: u32,
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) persona: Option<PersonalNumber>,
}

impl Queue {
    /// Adds an outcome and gives it a number, from 1.
    pub(crate) fn push(&mut self, outcome: Outcome) -> Result<u32, QueueFull> {
        if self.waiting.len() >= QueueFull::AT {
            return Err(QueueFull);
        }
        self.last_ticket = self.last_ticket.wrapping_add(1).max(1);
        self.waiting.push_back((self.last_ticket, outcome));
        Ok(self.last_ticket)
    }

    /// The strike that is next for this endpoint, if a strike is.
    pub(crate) fn take_strike(&mut self, endpoint: Endpoint) -> Option<Strike> {
        let index = self.position(endpoint)?;
        let What::Strike(_) = &self.waiting.get(index)?.1.what else { return None };
        match self.waiting.remove(index)?.1.what {
            What::Strike(strike) => Some(strike),
            What::Scenario(_) => None,
        }
    }

    /// The scenario that is next for this operation, if a scenario is.
    pub(crate) fn take_scenario(&mut self, operation: Operation) -> Option<Queued> {
        let index = self.position(Endpoint::Start(operation))?;
        let What::Scenario(_) = &self.waiting.get(index)?.1.what else { return None };
        let (ticket, outcome) = self.waiting.remove(index)?;
        match outcome.what {
            What::Scenario(scenario) => Some(Queued { ticket, scenario, persona: outcome.persona }),
            What::Strike(_) => None,
        }
    }

    fn position(&self, endpoint: Endpoint) -> Option<usize> {
        self.waiting.iter().position(|(_, outcome)| outcome.is_for(endpoint))
    }

    /// Takes back everything that waits; the default stays.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// What orders follow that take nothing from the queue: the lane's default.
    pub(crate) fn standing(&self) -> Option<Arc<Scenario>> {
        self.standing.clone()
    }

    pub(crate) fn set_standing(&mut self, scenario: Option<Arc<Scenario>>) {
        self.standing = scenario;
    }

    /// What waits, with the numbers of the entries.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &(u32, Outcome)> {
        self.waiting.iter()
    }

    /// Whether there is nothing in it, neither outcomes nor a default.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.standing.is_none()
    }
}
