//! Reading answers: documents of the operation, BankID's errors, and what stands in for either.

use bankid_core::OtherMembers;
use bankid_core::error::{ApiError, ErrorCode};
use serde::de::DeserializeOwned;

use crate::transport::Answer;
use crate::{BadAnswer, Call, Error};

/// The document of a successful call.
pub(crate) fn document<T: DeserializeOwned>(call: Call, answer: &Answer) -> Result<T, Error> {
    let Answer { status, body } = answer;
    if *status != 200 {
        return Err(refusal(call, answer));
    }
    serde_json::from_slice(body).map_err(|error| bad(call, *status, BadAnswer::Document(error)))
}

/// That a cancel succeeded: `{}`, or nothing at all (2.11).
pub(crate) fn cancelled(answer: &Answer) -> Result<(), Error> {
    if answer.status == 200 && answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    document::<OtherMembers>(Call::Cancel, answer).map(|_nothing_known| ())
}

/// The error of a call that was not successful. What is in front of BankID's service answers without a document (6.1):
/// then the status says what it is.
fn refusal(call: Call, answer: &Answer) -> Error {
    let Answer { status, body } = answer;
    let by_status = || {
        let error_code = of_status(*status)?;
        Some(ApiError { error_code, details: None, other: OtherMembers::new() })
    };
    let read = (*status >= 400).then(|| serde_json::from_slice(body).ok()).flatten();
    match read.or_else(by_status) {
        Some(error) => Error::Refused { call, status: *status, error: Box::new(error) },
        None => bad(call, *status, BadAnswer::NoDocument),
    }
}

/// The code that comes with a status (6.2); nothing for 400, which may mean two things, and for statuses of others.
fn of_status(status: u16) -> Option<ErrorCode> {
    Some(match status {
        401 | 403 => ErrorCode::Unauthorized,
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        408 => ErrorCode::RequestTimeout,
        // A body that is too large, which BankID itself answers 400.
        413 => ErrorCode::InvalidParameters,
        415 => ErrorCode::UnsupportedMediaType,
        500 => ErrorCode::InternalError,
        429 | 503 => ErrorCode::Maintenance,
        _ => return None,
    })
}

const fn bad(call: Call, status: u16, problem: BadAnswer) -> Error {
    Error::BadAnswer { call, status, problem }
}
