//! The configuration file: what a simulator's pretend users do, who they are, and how much it may hold.
//!
//! TOML or JSON, by the file's extension. Every name is checked before anything starts: an unknown member, scenario,
//! operation or error code is refused with its line, column and the nearest known name, because a misspelt setting
//! that silently did nothing would make a test pass that should fail. Where to listen is no business of this file;
//! that is the command line's.
//!
//! ```
//! use simulator::config::Config;
//!
//! let config = Config::from_toml(r#"
//!     scenario = "realistic"
//!
//!     [operations]
//!     sign = "outstandingTransaction, userSign x2, userCancel"
//! "#)?;
//! assert_eq!(config.scenario.as_deref(), Some("realistic"));
//!
//! let error = Config::from_toml("[operations]\nsing = 'realistic'").unwrap_err();
//! assert!(error.to_string().starts_with("2:1: operations.sing: no member of this name"));
//! # Ok::<(), simulator::config::ConfigError>(())
//! ```

mod error;
mod limits;
pub(crate) mod rules;
#[cfg(test)]
mod schema;
mod span;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path as FilePath;

#[cfg(test)]
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::document::{self, Format, Node};
use crate::rule::Rules;

pub use error::{ConfigError, ConfigFault};
pub use limits::Limits;
pub(crate) use limits::bounds;
pub use span::{BadSpan, Span};

/// What a simulator does beyond its defaults.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Config {
    /// Where an editor finds the schema of this file; without effect.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What the user of an order does when nothing more particular applies: the name of a scenario, or its steps
    /// (`outstandingTransaction 1s, userSign x2, complete`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Scenarios of your own, by name: either the steps alone, or a table with a form for phone orders.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub scenarios: BTreeMap<String, ScenarioEntry>,
    /// What the user does by kind of order.
    #[serde(skip_serializing_if = "Operations::is_empty")]
    pub operations: Operations,
    /// People beside the built-in ones, by a name of your choice.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub personas: BTreeMap<String, PersonaEntry>,
    /// API errors on demand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorEntry>,
    /// How much the simulator may hold, and how long its clients may take.
    #[serde(skip_serializing_if = "Limits::is_empty")]
    pub limits: Limits,
    /// What differs in single lanes, by the lane's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lanes: BTreeMap<String, LaneEntry>,
    /// Makes tokens and error rates repeat from run to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// A scenario of the file's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum ScenarioEntry {
    /// The steps, for every kind of order.
    Steps(String),
    /// The steps, and what they are for phone orders.
    Forms(ScenarioForms),
}

/// The forms of a scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioForms {
    /// One line for people, shown by `--list-scenarios`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The steps.
    pub steps: String,
    /// The steps for orders that begin with a phone call; as `steps` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Scenarios, by name or as steps, by kind of order.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Operations {
    /// For `auth`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// For `sign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<String>,
    /// For `payment` and `other/payment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// For `phone/auth` and `phone/sign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Operations {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A pretend person.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonaEntry {
    /// Twelve digits. Numbers that might belong to somebody need `--allow-any-personal-number`.
    #[cfg_attr(test, schemars(regex(pattern = r"^[0-9]{12}$")))]
    pub personal_number: String,
    /// Given names.
    #[cfg_attr(test, schemars(length(min = 1, max = 100)))]
    pub given_name: String,
    /// Surname.
    #[cfg_attr(test, schemars(length(min = 1, max = 100)))]
    pub surname: String,
    /// Day the BankID was issued (`2023-11-29`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub issue_date: Option<String>,
    /// Address of the device with the app; the order's `endUserIp` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<std::net::IpAddr>,
    /// Unique hardware identifier of the device, as it goes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(min = 1, max = 100)))]
    pub uhi: Option<String>,
    /// What this person does with orders made for their number: the name of a scenario, or its steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
}

/// A fault on demand: at one call, or at some part of all calls.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorEntry {
    /// The operation it strikes; all of them if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<ApiOperation>,
    /// BankID's `errorCode`, for instance `maintenance`; `other:NAME` for one nobody knows yet; `html:CODE` for a page with
    /// the code's status; `hangUp` closes the connection; `late` gives the usual answer after `delay`.
    pub error: String,
    /// HTTP status, where it is not the code's own: `unauthorized` with 403, or the status of an `other:NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 400, max = 599)))]
    pub status: Option<u16>,
    /// The `details` text, where it is not the code's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// How much later the answer comes, on the lane's clock: `500ms`, `2s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Span>,
    /// Strikes this call of the operation in each lane, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub call: Option<u64>,
    /// Strikes this part of all calls, from 0 to 1; the seed says which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0, max = 1)))]
    pub rate: Option<f64>,
}

/// An operation of BankID's API.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ApiOperation {
    /// `auth`
    Auth,
    /// `sign`
    Sign,
    /// `payment`
    Payment,
    /// `other/payment`
    OtherPayment,
    /// `phone/auth`
    PhoneAuth,
    /// `phone/sign`
    PhoneSign,
    /// `collect`
    Collect,
    /// `cancel`
    Cancel,
}

/// What differs in one lane.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LaneEntry {
    /// What the user of an order does when nothing more particular applies: the name of a scenario, or its steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
}

impl Config {
    /// The JSON Schema of the file, for editors. Generated from the types here; a test keeps it so.
    pub const JSON_SCHEMA: &'static str = include_str!("../../config.schema.json");

    /// Reads a file; `.json` is JSON, anything else TOML.
    ///
    /// # Errors
    /// The file cannot be read, or [`Config::from_toml`] would refuse it.
    pub fn load(path: &FilePath) -> Result<Self, ConfigError> {
        Self::load_allowing(path, true)
    }

    /// As [`Config::load`], and says whether personas may have any personal number, so that a fault is shown where the
    /// number stands.
    pub(crate) fn load_allowing(
        path: &FilePath,
        allow_any_personal_number: bool,
    ) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let format = match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
            _ => Format::Toml,
        };
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text, format, allow_any_personal_number)
                .map_err(|error| error.in_file(name)),
            Err(source) => Err(ConfigError::Unreadable { file: name, source }),
        }
    }

    /// Reads a text in TOML.
    ///
    /// # Errors
    /// The text is no TOML, or names or values in it do not hold; all faults of the latter kind at once. Personal
    /// numbers that may belong to somebody are not among them: whether they are allowed is settled by the
    /// simulator.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::read(text, Format::Toml, true)
    }

    /// Reads a text in JSON.
    ///
    /// # Errors
    /// As [`Config::from_toml`].
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        Self::read(text, Format::Json, true)
    }

    /// Reads a text in TOML, or in JSON where it begins as a JSON document does; TOML never does.
    pub(crate) fn from_text(
        text: &str,
        allow_any_personal_number: bool,
    ) -> Result<Self, ConfigError> {
        let format = if text.trim_start().starts_with('{') { Format::Json } else { Format::Toml };
        Self::read(text, format, allow_any_personal_number)
    }

    fn read(
        text: &str,
        format: Format,
        allow_any_personal_number: bool,
    ) -> Result<Self, ConfigError> {
        let config: Self =
            document::read(text, format).map_err(|fault| ConfigError::refused(text, &[fault]))?;
        let Err(mut faults) = rules::of(&config, allow_any_personal_number) else {
            return Ok(config);
        };
        // Only now are the places of single members worth a second reading.
        if let Ok(node) = Node::parse(text, format) {
            for fault in &mut faults {
                fault.at = Some(node.place(&fault.member));
            }
        }
        faults.sort_by_key(|fault| fault.at);
        Err(ConfigError::refused(text, &faults))
    }

    /// What the simulator goes by.
    ///
    /// # Errors
    /// A name or value does not hold; all faults at once, by member. A configuration read from a text has been checked
    /// already, except for personal numbers that may belong to somebody.
    pub fn rules(&self, allow_any_personal_number: bool) -> Result<Rules, ConfigError> {
        rules::of(self, allow_any_personal_number).map_err(|faults| ConfigError::unplaced(&faults))
    }
}

// Serde's own `untagged` would forget which member inside was wrong.
impl<'de> Deserialize<'de> for ScenarioEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ScenarioEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the steps of a scenario, or a table with `steps` and `phone`")
            }

            fn visit_str<E>(self, steps: &str) -> Result<ScenarioEntry, E> {
                Ok(ScenarioEntry::Steps(steps.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ScenarioEntry, A::Error> {
                ScenarioForms::deserialize(MapAccessDeserializer::new(map))
                    .map(ScenarioEntry::Forms)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests;
