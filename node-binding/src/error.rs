//! The one mapping from what went wrong to what JavaScript is told: `js/errors.js` makes a `BankIdError` of it.

use std::fmt::Display;

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
        }
    }
}
