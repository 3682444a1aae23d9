//! How much a simulator may hold, and how long its clients may take.

use std::ops::RangeInclusive;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// How much the simulator may hold, and how long its clients may take. What is absent has the default of the flag of the
/// same name.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Live orders in all lanes together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub orders: Option<u32>,
    /// Bytes of text kept for live orders in all lanes together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub text_bytes: Option<u64>,
    /// Lanes, `default` included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub lanes: Option<u32>,
    /// Connections open at once on each port; further ones wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1_000_000)))]
    pub connections: Option<u32>,
    /// Bytes of a request's body; more is answered 400 as BankID does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = 67_108_864)))]
    pub body_bytes: Option<u32>,
    /// Time for a request's body to arrive; then it is answered 408.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_time: Option<Span>,
    /// Bytes of a request's head; more is answered 431.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 256, max = 262_144)))]
    pub head_bytes: Option<u32>,
    /// Time for a request's head to arrive; then the connection is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_time: Option<Span>,
    /// Time a connection may stay open with nothing going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_time: Option<Span>,
    /// Time for a TLS handshake; then the connection is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handshake_time: Option<Span>,
    /// Time that requests under way get to end when the simulator stops, or when their client has ended its side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_time: Option<Span>,
}

/// What numbers of the transport may be; the schema above says the same, and a test compares.
pub(crate) mod bounds {
    use super::RangeInclusive;

    pub(crate) const CONNECTIONS: RangeInclusive<u32> = 1..=1_000_000;
    pub(crate) const BODY_BYTES: RangeInclusive<u32> = 1..=64 << 20;
    /// No request fits into less; and no buffer of hyper's holds much more.
    pub(crate) const HEAD_BYTES: RangeInclusive<u32> = 256..=256 << 10;
}

impl Limits {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Those that are out of bounds: the member, and what it must be.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let at_least_one = |is_zero: bool| is_zero.then(|| "must be at least 1".to_owned());
        let within = |number: Option<u32>, bounds: RangeInclusive<u32>| {
            number
                .filter(|number| !bounds.contains(number))
                .map(|_| format!("must be from {} to {}", bounds.start(), bounds.end()))
        };
        [
            ("orders", at_least_one(self.orders == Some(0))),
            ("textBytes", at_least_one(self.text_bytes == Some(0))),
            ("lanes", at_least_one(self.lanes == Some(0))),
            ("connections", within(self.connections, bounds::CONNECTIONS)),
            ("bodyBytes", within(self.body_bytes, bounds::BODY_BYTES)),
            ("headBytes", within(self.head_bytes, bounds::HEAD_BYTES)),
        ]
        .into_iter()
        .filter_map(|(member, fault)| Some((member, fault?)))
        .collect()
    }
}
