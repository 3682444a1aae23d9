//! Which part of the simulator a request's target belongs to.
//!
//! Paths are compared byte by byte: BankID's are in lower case and without a trailing slash (1.1), and a client that
//! writes them otherwise should learn it here rather than in production. For the same reason a query makes a path
//! unknown (chosen: nothing is known of what BankID's server does with one), and percent-encoding is not undone.
//!
//! Methods, content types and bodies are not looked at here.

use bankid_core::request::{ApiVersion, Operation};

use super::control_api::Control;
use crate::fault::Endpoint;

#[cfg(test)]
mod tests;

/// What a target names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// An endpoint of BankID's, in a lane or (`None`) in the default one.
    Rp { lane: Option<&'a str>, version: ApiVersion, endpoint: Endpoint },
    /// The control plane. Its own table takes it from here, with the whole target.
    Control,
    /// Nothing.
    Unknown,
}

/// The longest name of a lane.
pub(crate) const LANE_NAME_LIMIT: usize = 64;

/// Names the part that a target, path and query together, belongs to.
pub(crate) fn route(target: &str) -> Route<'_> {
    if let Some(rest) = target.strip_prefix("/rp/") {
        return rp(None, rest);
    }
    if let Some(rest) = target.strip_prefix("/l/") {
        return match rest.split_once("/rp/") {
            Some((lane, rest)) if is_lane_name(lane) => rp(Some(lane), rest),
            Some(_) | None => Route::Unknown,
        };
    }
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    if Control::owns(path) { Route::Control } else { Route::Unknown }
}

/// Whether a text can name a lane: 1 to 64 letters, digits, dots, underscores and hyphens of ASCII.
pub(crate) fn is_lane_name(text: &str) -> bool {
    (1..=LANE_NAME_LIMIT).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn rp<'a>(lane: Option<&'a str>, rest: &str) -> Route<'a> {
    let (version, name) = if let Some(name) = rest.strip_prefix("v6.0/") {
        (ApiVersion::V6_0, name)
    } else if let Some(name) = rest.strip_prefix("v5.1/") {
        (ApiVersion::V5_1, name)
    } else {
        return Route::Unknown;
    };
    let endpoint = match name {
        "collect" => Endpoint::Collect,
        "cancel" => Endpoint::Cancel,
        name => {
            let known =
                |operation: &Operation| operation.path() == name && operation.exists_in(version);
            match Operation::ALL.into_iter().find(known) {
                Some(operation) => Endpoint::Start(operation),
                None => return Route::Unknown,
            }
        }
    };
    Route::Rp { lane, version, endpoint }
}
