//! What the control plane takes and gives, as types. Their documentation is that of the OpenAPI document.

mod order;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::ApiOperation;

use crate::config::Span;
pub(super) use order::Order;

/// That the simulator is up.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Health {
    /// Always `up`.
    pub(super) status: &'static str,
    pub(super) version: &'static str,
}

/// The scenarios that can be named.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct ScenarioList {
    /// The built-in ones first, then those of the configuration.
    pub(super) scenarios: Vec<Scenario>,
}

/// A scenario.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Scenario {
    pub(super) name: String,
    /// What it does, in one line.
    pub(super) about: String,
    /// Its steps.
    pub(super) steps: String,
    /// The steps of phone orders, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
}

/// The people that can be named.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct PersonaList {
    /// The built-in ones first, then those of the configuration.
    pub(super) personas: Vec<Persona>,
}

/// A pretend person.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Persona {
    pub(super) name: String,
    pub(super) personal_number: String,
    pub(super) given_name: String,
    pub(super) surname: String,
    /// Day the BankID was issued.
    pub(super) issue_date: String,
    /// What this person does with orders made for their number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scenario: Option<String>,
}

/// The root of what people sign.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct UserRoot {
    /// As PEM. Chains in `completionData` lead to it, and OCSP responses.
    pub(super) certificate: String,
}

/// The lanes in use.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct LaneList {
    pub(super) lanes: Vec<Lane>,
}

/// A lane.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Lane {
    pub(super) name: String,
    /// Orders it keeps, those included that are over and may still be collected.
    pub(super) live_orders: usize,
    /// Outcomes that wait in its queue.
    pub(super) queued: usize,
    pub(super) clock: Clock,
    /// What users of its orders do when nothing more particular applies, if that was set here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scenario: Option<String>,
}

/// The clock of a lane.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Clock {
    /// The time it shows, in milliseconds of Unix time.
    pub(super) now_ms: u64,
    /// How fast it runs: 1 is real time, 0 is frozen.
    pub(super) speed: f64,
}

/// How far to turn a clock forward.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    /// For instance `30s`, `1500ms`, `2.5m`.
    pub(super) by: Span,
}

/// How fast a clock shall run.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    /// 1 is real time.
    #[serde(default = "one")]
    #[cfg_attr(test, schemars(range(min = 0.000_001, max = 100_000)))]
    pub(super) speed: f64,
}

fn one() -> f64 {
    1.0
}

/// What a lane shall do next: a scenario for the next order, or an API error for the next call. One of the two.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewOutcome {
    /// The name of a scenario, or its steps.
    pub(super) scenario: Option<String>,
    /// BankID's `errorCode`, for instance `maintenance`; `other:NAME` for one nobody knows yet; `html:CODE` for a page with
    /// the code's status; `hangUp` closes the connection; `late` gives the usual answer after `delay`.
    pub(super) error: Option<String>,
    /// HTTP status of the error, where it is not the code's own.
    #[cfg_attr(test, schemars(range(min = 400, max = 599)))]
    pub(super) status: Option<u16>,
    /// Details of the error, where they are not the code's own.
    pub(super) details: Option<String>,
    /// How much later the answer comes, on the lane's clock: `500ms`, `2s`.
    pub(super) delay: Option<Span>,
    /// The operations it is for; any that starts an order if absent.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(super) operations: Option<Vec<ApiOperation>>,
    /// Who completes the order, by name or personal number, unless the order asks for somebody.
    pub(super) persona: Option<String>,
}

/// What waits in the queue of a lane, in the order in which it will be used.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct QueueList {
    pub(super) queue: Vec<Queued>,
}

/// An outcome that waits.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Queued {
    /// Its number in the lane; orders that it decided show it as `queueNumber`.
    pub(super) number: u32,
    /// The scenario or the error.
    pub(super) outcome: String,
    /// The paths of the operations it is for; empty for any that starts an order.
    pub(super) operations: Vec<String>,
}

/// What users of a lane's orders do when nothing more particular applies.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Default {
    /// The name of a scenario, or its steps; `null` for what configuration and flags say.
    pub(super) scenario: Option<String>,
}

/// Which orders to list.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// Only orders with higher numbers than this.
    #[serde(default)]
    pub(super) after: u64,
    /// At most so many.
    #[serde(default = "page_length")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1000)))]
    pub(super) limit: usize,
}

fn page_length() -> usize {
    100
}

/// Orders of a lane, by their number.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct OrderList {
    pub(super) orders: Vec<Order>,
    /// What to give as `after` for the next page; `null` if there is none.
    pub(super) next: Option<u64>,
}

/// What to wait for.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    /// The order must have a higher number than this; 0 takes the first one of the lane.
    #[serde(default)]
    pub(super) after: u64,
    /// How long to wait, in real time, for instance `30s`; at most `60s`.
    pub(super) timeout: Option<Span>,
}

/// The order waited for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct NextOrder {
    /// `null` if none came in time.
    pub(super) order: Option<Order>,
}

/// Whose phone.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// Name or personal number; the default persona if absent.
    pub(super) persona: Option<String>,
}

/// The code that a phone sees.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Scan {
    /// The text of the QR code.
    pub(super) qr: String,
    /// Name or personal number; the default persona if absent.
    pub(super) persona: Option<String>,
}

/// How the app is opened.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    /// The start link. Without it the app is opened by hand, and finds the order that waits for this person's number.
    pub(super) url: Option<String>,
    /// Name or personal number; the default persona if absent.
    pub(super) persona: Option<String>,
}

/// How the user confirms.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Approve {
    #[serde(default)]
    pub(super) way: Way,
    /// Name or personal number; the default persona if absent.
    pub(super) persona: Option<String>,
}

/// By what the user is known to the app.
#[derive(Clone, Copy, Debug, std::default::Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) enum Way {
    /// The security code.
    #[default]
    SecurityCode,
    /// Fingerprint or face.
    Biometrics,
}

/// What is in the app.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(super) struct InApp {
    /// The order, also when it is over by now; `null` if there never was one.
    pub(super) order: Option<Order>,
}
