//! Settings as a JSON document, and refusals as one: how other languages start a simulator.
//!
//! Unknown members are refused with the nearest known name, and the configuration in it is read as `bankid-simulator
//! check` reads a file. What the settings do is the [`Builder`]'s business.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::de::{self, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Builder, StartError};
use crate::clock::Timestamp;
use crate::config::{Config, ConfigError, ConfigFault, rules::scenario_fault};
use crate::document::{self, Fault, Format, Path};
use crate::pki;

/// The last moment a clock may begin at, which leaves it room to run: the end of the year 9999.
const LAST_MS: u64 = 253_402_300_799_999;

const BAD_CONFIGURATION: &str = "badConfiguration";

/// Why a simulator did not start, as a document for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// One word, as [`StartError::code`] gives it.
    pub code: &'static str,
    /// What was wrong, for people; each fault on a line of its own.
    pub detail: String,
    /// The (first) member at fault: `config.operations.sing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The known name that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

impl Refusal {
    fn of_fault(code: &'static str, fault: Fault) -> Self {
        let member = (!fault.member.is_empty()).then(|| fault.member.to_string());
        Self { code, detail: fault.to_string(), member, nearest: fault.nearest }
    }

    fn of_member(member: &str, reason: impl Into<String>) -> Self {
        Self::of_fault(BAD_CONFIGURATION, Fault::new(Path::of([member]), reason))
    }

    fn of_config(error: &ConfigError) -> Self {
        let ConfigError::Refused { faults, .. } = error else {
            return Self::of_member("config", error.to_string());
        };
        // What stands in a text is found by its line; a document is a member of the settings.
        let line = |fault: &ConfigFault| match fault.line {
            0 => format!("config.{fault}"),
            _ => fault.to_string(),
        };
        let first = faults.first();
        let member = match first {
            Some(fault) if !fault.member.is_empty() => format!("config.{}", fault.member),
            Some(_) | None => "config".to_owned(),
        };
        Self {
            code: BAD_CONFIGURATION,
            detail: faults.iter().map(line).collect::<Vec<_>>().join("\n"),
            member: Some(member),
            nearest: first.and_then(|fault| fault.nearest.clone()),
        }
    }
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        let code = error.code();
        match error {
            StartError::Config(error) => Self::of_config(&error),
            StartError::Scenario(bad) => {
                Self::of_fault(code, scenario_fault(bad, Path::of(["scenario"])))
            }
            StartError::Certificates(bad @ pki::Error::ServerName { .. }) => {
                Self::of_fault(code, Fault::new(Path::of(["names"]), bad.to_string()))
            }
            error @ (StartError::NothingToListenOn
            | StartError::Certificates(_)
            | StartError::Random(_)
            | StartError::Listen { .. }) => {
                Self { code, detail: in_full(&error), member: None, nearest: None }
            }
        }
    }
}

/// The message with its causes.
fn in_full(error: &StartError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl Builder {
    /// Settings from a JSON document: `scenario`, `config` (a document, or the text of a TOML or JSON file), `listen`,
    /// `port` and `tlsPort` (a number, or `false` for none), `names`, `certsDir`, `frozenAt` (Unix milliseconds), `seed` (a
    /// number, or its digits), `allowAnyPersonalNumber`, `maxOrders`, `maxLanes`, `controlToken`.
    ///
    /// ```
    /// use simulator::Builder;
    ///
    /// assert!(Builder::from_json(r#"{"scenario":"phone","port":false,"config":"scenario = 'realistic'"}"#).is_ok());
    /// let refusal = Builder::from_json(r#"{"senario":"phone"}"#).unwrap_err();
    /// assert_eq!(refusal.nearest.as_deref(), Some("scenario"));
    /// ```
    ///
    /// # Errors
    /// The text is no such document. Whether scenarios, names and personal numbers hold is said by [`Builder::start`].
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        let options: Options = document::read(text, Format::Json)
            .map_err(|fault| Refusal::of_fault(BAD_CONFIGURATION, fault))?;
        options.into_builder()
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Options {
    scenario: Option<String>,
    config: Option<ConfigOption>,
    listen: Option<IpAddr>,
    port: Option<Port>,
    tls_port: Option<Port>,
    names: Vec<String>,
    certs_dir: Option<PathBuf>,
    frozen_at: Option<u64>,
    seed: Option<Seed>,
    allow_any_personal_number: bool,
    max_orders: Option<usize>,
    max_lanes: Option<usize>,
    control_token: Option<String>,
}

impl Options {
    fn into_builder(self) -> Result<Builder, Refusal> {
        let allow_any = self.allow_any_personal_number;
        let mut builder = Builder::default().names(self.names).allow_any_personal_number(allow_any);
        if let Some(config) = self.config {
            builder = builder.config(config.read(allow_any)?);
        }
        if let Some(listen) = self.listen {
            builder = builder.listen(listen);
        }
        if let Some(Port(port)) = self.port {
            builder.plain = port;
        }
        if let Some(Port(port)) = self.tls_port {
            builder.tls = port;
        }
        if let Some(at) = self.frozen_at {
            if at > LAST_MS {
                return Err(Refusal::of_member("frozenAt", "must lie before the year 10000"));
            }
            builder = builder.frozen_clock(Timestamp::from_unix_ms(at));
        }
        if let Some(token) = self.control_token {
            // What cannot stand in a header could never be brought.
            if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                let reason = "must be visible ASCII characters without blanks";
                return Err(Refusal::of_member("controlToken", reason));
            }
            builder = builder.control_token(token);
        }
        for (member, limit) in [("maxOrders", self.max_orders), ("maxLanes", self.max_lanes)] {
            if limit == Some(0) {
                return Err(Refusal::of_member(member, "must be at least 1"));
            }
        }
        builder.certs_dir = self.certs_dir;
        builder.scenario = self.scenario;
        builder.seed = self.seed.map(|Seed(seed)| seed);
        builder.max_orders = self.max_orders;
        builder.max_lanes = self.max_lanes;
        Ok(builder)
    }
}

/// A configuration as a document, or as the text of a file.
enum ConfigOption {
    Document(Box<Config>),
    Text(String),
}

impl ConfigOption {
    fn read(self, allow_any_personal_number: bool) -> Result<Config, Refusal> {
        match self {
            Self::Document(config) => Ok(*config),
            Self::Text(text) => Config::from_text(&text, allow_any_personal_number)
                .map_err(|error| Refusal::of_config(&error)),
        }
    }
}

impl<'de> Deserialize<'de> for ConfigOption {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ConfigOption;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a configuration, or the text of a TOML or JSON file")
            }

            fn visit_str<E>(self, text: &str) -> Result<ConfigOption, E> {
                Ok(ConfigOption::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ConfigOption, A::Error> {
                let config = Config::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ConfigOption::Document(Box::new(config)))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A port's number, if the port is wanted.
struct Port(Option<u16>);

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Port;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number from 0 to 65535, or `false`")
            }

            fn visit_bool<E: de::Error>(self, wanted: bool) -> Result<Port, E> {
                if wanted {
                    return Err(E::invalid_value(de::Unexpected::Bool(wanted), &self));
                }
                Ok(Port(None))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Port, E> {
                let port = u16::try_from(number).ok();
                let refused = || E::invalid_value(de::Unexpected::Unsigned(number), &self);
                port.map(|port| Port(Some(port))).ok_or_else(refused)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A seed as a number, or as digits where a language's numbers do not reach that far.
struct Seed(u64);

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Seed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0 to 18446744073709551615")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Seed, E> {
                Ok(Seed(number))
            }

            fn visit_str<E: de::Error>(self, digits: &str) -> Result<Seed, E> {
                digits.parse().map(Seed).ok().ok_or_else(|| {
                    E::custom("expected a whole number from 0 to 18446744073709551615")
                })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests;
