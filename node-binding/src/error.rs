//! The one mapping from what went wrong to what JavaScript is told: `js/errors.js` makes a `BankIdError` of it.

use std::error::Error;
use std::fmt::Display;

use bankid_client::{Evidence, IdentityError};
use bankid_core::error::Invalid;
use napi::Either;
use napi_derive::napi;

/// What went wrong.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct Failure {
    /// Tells it from an answer.
    #[napi(ts_type = "true")]
    pub failed: bool,
    /// A stable word: BankID's `errorCode`, or one of ours.
    pub code: String,
    /// For developers.
    pub message: String,
    /// BankID's `details`, or what BankID would have said.
    pub details: Option<String>,
    /// The HTTP status, if BankID has answered.
    pub status: Option<u32>,
    /// The member at fault, as a path of wire names.
    pub member: Option<String>,
    /// What may be done about it (6.4).
    #[napi(ts_type = "\"never\" | \"safeNow\" | \"later\" | \"nextPoll\" | \"once\"")]
    pub retry: String,
    /// The completion that was refused, as JSON.
    pub completion_data: Option<String>,
}

/// An answer, or what went wrong.
#[napi]
pub type Answer<T> = Either<T, Failure>;

/// Crosses the boundary.
pub(crate) fn answer<T>(result: Result<T, Box<Failure>>) -> Answer<T> {
    match result {
        Ok(value) => Either::A(value),
        Err(failure) => Either::B(*failure),
    }
}

impl Failure {
    /// An argument of the wrong kind.
    pub(crate) fn kind(member: &str, kind: &str) -> Box<Self> {
        let message = format!("{member} must be {kind}");
        Box::new(Self { member: Some(member.to_owned()), ..Self::new("invalidArgument", message) })
    }

    /// An argument that cannot be used.
    pub(crate) fn argument(member: &str, why: &impl Display) -> Box<Self> {
        let message = format!("{member}: {why}");
        Box::new(Self { member: Some(member.to_owned()), ..Self::new("invalidArgument", message) })
    }

    fn new(code: &str, message: String) -> Self {
        Self {
            failed: true,
            code: code.to_owned(),
            message,
            details: None,
            status: None,
            member: None,
            retry: "never".to_owned(),
            completion_data: None,
        }
    }

    /// The caller's signal has ended a call.
    pub(crate) fn aborted() -> Box<Self> {
        let code = bankid_client::Error::Aborted;
        Box::new(Self::new(code.code(), "the call was aborted".to_owned()))
    }

    /// The client was closed.
    pub(crate) fn closed() -> Box<Self> {
        Box::new(Self::new("badConfiguration", "the client is closed".to_owned()))
    }
}

impl From<bankid_client::Error> for Failure {
    fn from(error: bankid_client::Error) -> Self {
        Self {
            details: error.details().map(str::to_owned),
            status: error.status().map(u32::from),
            member: error.member().map(str::to_owned),
            retry: error.retry().as_str().to_owned(),
            completion_data: evidence(&error),
            ..Self::new(error.code(), chain(&error))
        }
    }
}

impl From<bankid_client::Error> for Box<Failure> {
    fn from(error: bankid_client::Error) -> Self {
        Self::new(error.into())
    }
}

impl From<IdentityError> for Box<Failure> {
    fn from(error: IdentityError) -> Self {
        bankid_client::Error::from(error).into()
    }
}

impl From<Invalid> for Box<Failure> {
    fn from(invalid: Invalid) -> Self {
        bankid_client::Error::from(invalid).into()
    }
}

/// What an error says, and what its causes say that has not been said.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// A completion that was refused cannot be collected again.
fn evidence(error: &bankid_client::Error) -> Option<String> {
    let bankid_client::Error::CompletionRefused(refused) = error else { return None };
    match &refused.evidence {
        Evidence::V6(data) => serde_json::to_string(data),
        Evidence::V5(data) => serde_json::to_string(data),
    }
    .ok()
}
