//! Which scenario an order follows, and which rule decided it.
//!
//! From the strongest to the weakest: an action on the order itself (the virtual phone), the lane's queue, magic input
//! (the marker before the personal number), the rule of the persona whose number the order carries, the setting of the
//! operation, the lane's default, the configuration's default, the flag's default.
//!
//! [`Rules`] is what configuration and flags settle for the whole simulator; the rest belongs to a lane or to the request.

mod magic;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, sync::Arc};

use bankid_core::{
    PersonalNumber,
    request::{Checked, Operation},
};

pub use self::magic::RESERVED;
pub(crate) use self::magic::marker;
use crate::{
    fault::{ApiFault, Endpoint, ErrorRule, Strike},
    persona::Personas,
    scenario::{Scenario, Scenarios},
};

/// What configuration and flags settle.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The scenarios that can be named.
    pub scenarios: Scenarios,
    /// The people that can be named.
    pub personas: Personas,
    /// Scenarios by operation.
    pub operations: HashMap<Operation, Arc<Scenario>>,
    /// Defaults of single lanes, by the lane's name.
    pub lanes: HashMap<Box<str>, Arc<Scenario>>,
    /// The configuration's default.
    pub default: Option<Arc<Scenario>>,
    /// The default that a flag gives.
    pub flag: Option<Arc<Scenario>>,
    /// Faults on demand.
    pub errors: Vec<ErrorRule>,
}

/// What a lane does with the next order, or the next call.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(crate) what: What,
    pub(crate) only: Box<[Endpoint]>,
    pub(crate) persona: Option<PersonalNumber>,
}

/// The two kinds of [`Outcome`].
#[derive(Clone, Debug)]
pub(crate) enum What {
    Scenario(Arc<Scenario>),
    Strike(Strike),
}

impl Outcome {
    /// The next order follows this scenario.
    pub fn scenario(scenario: Arc<Scenario>) -> Self {
        Self { what: What::Scenario(scenario), only: Box::default(), persona: None }
    }

    /// The next call that would start an order is refused with this error instead.
    pub fn error(error: ApiFault) -> Self {
        Self::strike(error.into())
    }

    /// The next call that would start an order is struck so.
    pub fn strike(strike: Strike) -> Self {
        Self { what: What::Strike(strike), only: Box::default(), persona: None }
    }

    /// The same, for calls of these endpoints only. A scenario waits for ever if none of them starts orders.
    #[must_use]
    pub fn only_for(self, endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        Self { only: endpoints.into_iter().collect(), ..self }
    }

    /// The same, completed by this person, unless the order asks for another.
    #[must_use]
    pub fn completed_by(self, persona: PersonalNumber) -> Self {
        Self { persona: Some(persona), ..self }
    }

    /// The endpoints it is for; none means all that start orders.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.only
    }

    /// Whether a call of this endpoint takes the outcome.
    pub(crate) fn is_for(&self, endpoint: Endpoint) -> bool {
        if self.only.is_empty() {
            matches!(endpoint, Endpoint::Start(_))
        } else {
            self.only.contains(&endpoint)
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Scenario(scenario) => scenario.fmt(f),
            What::Strike(strike) => strike.fmt(f),
        }
    }
}

/// The queue of a lane is as long as it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the queue of a lane holds at most {} outcomes", Self::AT)]
pub struct QueueFull;

impl QueueFull {
    /// The most outcomes in a queue.
    pub const AT: usize = 10_000;
}

/// The rule that decided what happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A person took the order with the virtual phone.
    Phone,
    /// An entry of the lane's queue.
    Queue,
    /// A marker at the end of `userVisibleData`.
    Marker,
    /// A reserved personal number.
    ReservedNumber,
    /// The persona whose number the order carries.
    Persona,
    /// The setting of the operation.
    Operation,
    /// The lane's default.
    Lane,
    /// The configuration's default.
    Config,
    /// The flag's default.
    Flag,
    /// Nothing was said: the built-in default.
    BuiltIn,
}

impl Rule {
    /// One word for machines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Queue => "queue",
            Self::Marker => "marker",
            Self::ReservedNumber => "reservedNumber",
            Self::Persona => "persona",
            Self::Operation => "operation",
            Self::Lane => "lane",
            Self::Config => "config",
            Self::Flag => "flag",
            Self::BuiltIn => "builtIn",
        }
    }
}

impl fmt::Display for Rule {
    /// In words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Phone => "a person took the order with the virtual phone",
            Self::Queue => "an outcome that was queued for the lane",
            Self::Marker => "the marker at the end of userVisibleData",
            Self::ReservedNumber => "the personal number, which is reserved for this scenario",
            Self::Persona => "the rule of the persona with the order's personal number",
            Self::Operation => "the setting for this operation",
            Self::Lane => "the default of the lane",
            Self::Config => "the default of the configuration",
            Self::Flag => "the default given by --scenario",
            Self::BuiltIn => "the built-in default, since nothing else applies",
        })
    }
}

impl Rules {
    /// What the order follows if the lane's queue says nothing. `marker` is what [`marker`] found, `lane` the lane's
    /// default.
    pub(crate) fn decide(
        &self,
        checked: &Checked<'_>,
        marker: Option<Arc<Scenario>>,
        lane: Option<&Arc<Scenario>>,
    ) -> (Rule, Arc<Scenario>) {
        if let Some(scenario) = marker {
            return (Rule::Marker, scenario);
        }
        let by_number = checked.personal_number.and_then(|number| self.by_number(number));
        if let Some(decided) = by_number {
            return decided;
        }
        let weaker = [
            (Rule::Operation, self.operations.get(&checked.operation)),
            (Rule::Lane, lane),
            (Rule::Config, self.default.as_ref()),
            (Rule::Flag, self.flag.as_ref()),
        ];
        for (rule, scenario) in weaker {
            if let Some(scenario) = scenario {
                return (rule, Arc::clone(scenario));
            }
        }
        (Rule::BuiltIn, self.scenarios.default_scenario())
    }

    fn by_number(&self, number: PersonalNumber) -> Option<(Rule, Arc<Scenario>)> {
        if let Some(name) = magic::reserved(number) {
            return Some((Rule::ReservedNumber, self.scenarios.find(name).ok()?));
        }
        let scenario = self.personas.known(number)?.scenario.as_ref()?;
        Some((Rule::Persona, Arc::clone(scenario)))
    }
}
