//! What the pretend user does: a timeline of hints that ends with the outcome of the order.
//!
//! A timeline is written in one line, `outstandingTransaction 1s, started 500ms, userSign x2, complete`. A step stays for
//! a number of collects (`x2`), for a time on the lane's clock (`500ms`, `1s`, `2m`), for both (whichever ends later), or,
//! with neither, for one collect. The last step is `complete` or a hint of a failed order. Hints that BankID does not
//! document are written `pending:NAME` and `failed:NAME`.
//!
//! A [`Scenario`] is a named timeline, with another one for phone orders where they differ. [`Scenarios`] knows the
//! built-in ones and those of the configuration, and refuses unknown names with the nearest one.
//!
//! It moves nothing: that is the order's own work, and the deadlines of the protocol (7.6) win over every timeline.
//!
//! ```
//! use simulator::scenario::Timeline;
//!
//! let timeline: Timeline = "outstandingTransaction 1s, userSign x2, complete".parse()?;
//! assert_eq!(timeline.to_string(), "outstandingTransaction 1s, userSign x2, complete");
//!
//! let fault = "outstandingTransaction, userSing, complete".parse::<Timeline>().unwrap_err();
//! assert!(fault.to_string().contains("did you mean `userSign`?"));
//! # Ok::<(), simulator::scenario::TimelineFault>(())
//! ```

mod built_in;
mod hint;
mod parse;
mod registry;
#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

pub use self::{
    hint::Hint,
    parse::{Expected, TimelineFault},
    registry::{BadScenario, Scenarios},
};
pub(crate) use self::{parse::parse_time, registry::Suggestion};

/// What happens to an order, from its first hint to its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    name: Option<Box<str>>,
    about: Box<str>,
    timeline: Timeline,
    phone: Option<Timeline>,
}

impl Scenario {
    /// A scenario with a name. `phone` is what phone orders follow instead, where they differ.
    pub fn named(
        name: impl Into<Box<str>>,
        about: impl Into<Box<str>>,
        timeline: Timeline,
        phone: Option<Timeline>,
    ) -> Self {
        Self { name: Some(name.into()), about: about.into(), timeline, phone }
    }

    /// A scenario without a name, for one use.
    pub fn unnamed(timeline: Timeline) -> Self {
        Self { name: None, about: Box::default(), timeline, phone: None }
    }

    /// The name, unless it was written out for one use.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// One line that says what it does.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What orders follow; `by_phone` for those of `phone/auth` and `phone/sign`.
    pub fn timeline(&self, by_phone: bool) -> &Timeline {
        match &self.phone {
            Some(phone) if by_phone => phone,
            _ => &self.timeline,
        }
    }

    /// Whether phone orders have a timeline of their own.
    pub fn has_phone_form(&self) -> bool {
        self.phone.is_some()
    }
}

impl fmt::Display for Scenario {
    /// The name, or the timeline where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => self.timeline.fmt(f),
        }
    }
}

/// Steps that an order goes through while pending, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    steps: Box<[Step]>,
    end: End,
    picked_up: usize,
}

impl Timeline {
    /// The most steps of a timeline, the last one included.
    pub const MAX_STEPS: usize = 100;

    fn new(steps: Vec<Step>, end: End) -> Self {
        let picked_up = steps.iter().position(|s| s.hint.is_picked_up()).unwrap_or(steps.len());
        Self { steps: steps.into_boxed_slice(), end, picked_up }
    }

    /// The steps while the order is pending; there may be none.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How the order ends.
    pub fn end(&self) -> &End {
        &self.end
    }

    /// The step with which an app has picked up the order: the first whose hint is neither `outstandingTransaction` nor
    /// `noClient` (4.2), or else the end.
    pub fn picked_up_at(&self) -> usize {
        self.picked_up
    }
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            step.fmt(f)?;
            if step.stay == Stay::UntilActed {
                // What follows is never reached.
                return Ok(());
            }
            f.write_str(", ")?;
        }
        self.end.fmt(f)
    }
}

/// One step of a [`Timeline`]: a hint, and how long it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    hint: Hint,
    stay: Stay,
}

impl Step {
    /// What collect answers meanwhile.
    pub fn hint(&self) -> &Hint {
        &self.hint
    }

    /// How long the step lasts.
    pub fn stay(&self) -> Stay {
        self.stay
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hint.fmt_step(f, true)?;
        match self.stay {
            Stay::For { collects: 1, millis: 0 } => Ok(()),
            Stay::For { collects: 0, millis } => write!(f, " {}", Millis(millis)),
            Stay::For { collects, millis: 0 } => write!(f, " x{collects}"),
            Stay::For { collects, millis } => write!(f, " x{collects} {}", Millis(millis)),
            Stay::UntilActed => f.write_str(" until somebody acts"),
        }
    }
}

/// How long a step lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Until so many collects have been answered with it and so much time has passed on the lane's clock; at least one of
    /// the two is not zero.
    For {
        /// Collects that are answered with it.
        collects: u16,
        /// Time on the lane's clock, in milliseconds.
        millis: u32,
    },
    /// Until a person takes the order with the virtual phone, or a deadline ends it.
    UntilActed,
}

impl Stay {
    /// The most collects a step can last.
    pub const MAX_COLLECTS: u16 = 10_000;
    /// The longest time a step can last: far beyond every deadline of the protocol.
    pub const MAX_TIME: Duration = Duration::from_secs(24 * 60 * 60);
}

/// How a timeline ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The user confirms.
    Complete,
    /// The order fails with this hint.
    Failed(Hint),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("complete"),
            Self::Failed(hint) => hint.fmt_step(f, false),
        }
    }
}

/// A time as the language writes it: the largest unit that leaves no rest.
struct Millis(u32);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ms if ms % 3_600_000 == 0 => write!(f, "{}h", ms / 3_600_000),
            ms if ms % 60_000 == 0 => write!(f, "{}m", ms / 60_000),
            ms if ms % 1_000 == 0 => write!(f, "{}s", ms / 1_000),
            ms => write!(f, "{ms}ms"),
        }
    }
}
