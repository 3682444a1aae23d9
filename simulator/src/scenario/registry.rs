//! The scenarios that can be chosen by name.

use std::{collections::HashMap, sync::Arc};

use super::{Scenario, Timeline, TimelineFault, built_in};
use crate::nearest::nearest;

/// Every scenario that has a name: the built-in ones, and those added.
#[derive(Clone, Debug)]
pub struct Scenarios {
    listed: Vec<Arc<Scenario>>,
    default: Arc<Scenario>,
    by_name: HashMap<Box<str>, Arc<Scenario>>,
}

impl Default for Scenarios {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Scenarios {
    /// The scenario of orders about which nothing else is said.
    pub const DEFAULT: &'static str = "default";
    /// The longest name.
    pub const MAX_NAME: usize = 64;

    /// The built-in scenarios.
    pub fn built_in() -> Self {
        let listed = built_in::all();
        let by_name = listed
            .iter()
            .filter_map(|scenario| Some((scenario.name()?.into(), Arc::clone(scenario))))
            .collect();
        Self { default: built_in::default(), listed, by_name }
    }

    /// Every scenario, the built-in ones first, in the order of the documentation.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Scenario>> {
        self.listed.iter()
    }

    /// What orders follow about which nothing else is said.
    pub(crate) fn default_scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.default)
    }

    /// Adds a scenario of the configuration.
    ///
    /// # Errors
    /// The name is taken, or is none: it must begin with a letter and hold only letters, digits, `-` and `_`.
    pub fn add(&mut self, scenario: Scenario) -> Result<(), BadScenario> {
        let name = scenario.name().unwrap_or_default();
        if !is_name(name) {
            return Err(BadScenario::Name { name: name.into() });
        }
        if self.by_name.contains_key(name) {
            return Err(BadScenario::Taken { name: name.into() });
        }
        let name = name.into();
        let scenario = Arc::new(scenario);
        self.listed.push(Arc::clone(&scenario));
        self.by_name.insert(name, scenario);
        Ok(())
    }

    /// The scenario of this name.
    ///
    /// # Errors
    /// There is none; the error names the nearest one.
    pub fn find(&self, name: &str) -> Result<Arc<Scenario>, BadScenario> {
        self.by_name.get(name).map(Arc::clone).ok_or_else(|| self.unknown(name))
    }

    /// A scenario by its name, or written out as a timeline. A single word is a name, unless it is none and the timeline
    /// `complete`.
    ///
    /// # Errors
    /// The name is unknown, or the timeline has a fault.
    pub fn resolve(&self, text: &str) -> Result<Arc<Scenario>, BadScenario> {
        let text = text.trim();
        if let Some(scenario) = self.by_name.get(text) {
            return Ok(Arc::clone(scenario));
        }
        if is_name(text) && text != "complete" {
            return Err(self.unknown(text));
        }
        Ok(Arc::new(Scenario::unnamed(text.parse::<Timeline>()?)))
    }

    fn unknown(&self, name: &str) -> BadScenario {
        let names = self.listed.iter().filter_map(|scenario| scenario.name());
        let shown = name.chars().take(Self::MAX_NAME).collect::<String>();
        BadScenario::Unknown { name: shown.into(), nearest: nearest(name, names).map(Into::into) }
    }
}

/// Names begin with a letter, so that none can be mistaken for a timeline.
fn is_name(text: &str) -> bool {
    text.len() <= Scenarios::MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Why a text names no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadScenario {
    /// No scenario has this name.
    #[error("there is no scenario `{name}`{}", Suggestion(nearest.as_deref()))]
    Unknown {
        /// What was asked for.
        name: Box<str>,
        /// What was probably meant.
        nearest: Option<Box<str>>,
    },
    /// It is a timeline, but a faulty one.
    #[error(transparent)]
    Timeline(#[from] TimelineFault),
    /// The name of a new scenario is taken.
    #[error("there is already a scenario `{name}`")]
    Taken {
        /// The name.
        name: Box<str>,
    },
    /// The name of a new scenario is none.
    #[error(
        "`{name}` is no name for a scenario: a letter, then letters, digits, `-` or `_`, {} at most",
        Scenarios::MAX_NAME
    )]
    Name {
        /// What was given as name.
        name: Box<str>,
    },
}

/// What a refusal adds about the name that was probably meant.
pub(crate) struct Suggestion<'a>(pub(crate) Option<&'a str>);

impl std::fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}
