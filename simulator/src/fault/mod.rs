//! Faults on demand: what a caller meets when something is wrong on BankID's side, on the way, or with its own access.
//!
//! An [`ApiFault`] is an answer in BankID's words. A [`Strike`] is that, or a page of HTML from something in front of
//! BankID, or a connection that closes, and any of them, or the usual answer, can come late (14.1). An [`ErrorRule`] says
//! which calls meet it. Calls are counted per lane and endpoint, whatever becomes of them.
//!
//! ```
//! use simulator::fault::ApiFault;
//!
//! let fault = ApiFault::named("maintenance")?;
//! assert_eq!((fault.status(), fault.error_code(), fault.details()), (503, "maintenance", "Maintenance"));
//! assert!(ApiFault::named("maintenence").unwrap_err().to_string().contains("did you mean `maintenance`?"));
//! # Ok::<(), simulator::fault::BadFault>(())
//! ```

mod rule;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt, time::Duration};

use bankid_core::{error::ErrorCode, request::Operation};

pub(crate) use self::rule::Counters;
pub use self::rule::{ErrorRule, Rate, When};
use crate::nearest::nearest;

/// An operation of BankID's API: one that starts an order, or one about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Starts an order.
    Start(Operation),
    /// `collect`
    Collect,
    /// `cancel`
    Cancel,
}

impl Endpoint {
    /// The path below the version, without a leading slash.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Start(operation) => operation.path(),
            Self::Collect => "collect",
            Self::Cancel => "cancel",
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

/// An answer that refuses a call: status, `errorCode` and `details`, as BankID gives them (6.2, 14.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiFault {
    status: u16,
    code: ErrorCode,
    details: Cow<'static, str>,
}

impl ApiFault {
    /// The answer of an error code, with its usual status and text.
    ///
    /// `other:NAME` gives 500 with a code that nobody knows yet; a code of BankID's has a status of its own, and is
    /// refused there.
    ///
    /// # Errors
    /// The code is none; the error names the nearest one.
    pub fn named(code: &str) -> Result<Self, BadFault> {
        if let Some(name) = code.strip_prefix("other:") {
            return Self::other(name, code);
        }
        let parsed = ErrorCode::from(code);
        if matches!(parsed, ErrorCode::Other(_)) {
            let known = ErrorCode::KNOWN.iter().map(ErrorCode::as_str);
            let nearest = nearest(code, known).map(Into::into);
            return Err(BadFault::Unknown { code: shown(code), nearest });
        }
        Ok(Self::from_code(parsed))
    }

    fn other(name: &str, given: &str) -> Result<Self, BadFault> {
        if !(1..=64).contains(&name.len()) || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(BadFault::Name { code: shown(given) });
        }
        let code = ErrorCode::from(name);
        if matches!(code, ErrorCode::Other(_)) {
            Ok(Self { status: 500, code, details: "Unknown".into() })
        } else {
            Err(BadFault::Known { code: shown(given), known: name.into() })
        }
    }

    fn from_code(code: ErrorCode) -> Self {
        let details = match &code {
            ErrorCode::AlreadyInProgress => "Order already in progress for pno",
            ErrorCode::InvalidParameters => "Invalid request",
            ErrorCode::Unauthorized => "Unauthorized",
            ErrorCode::NotFound => "Not found",
            ErrorCode::MethodNotAllowed => "Method not allowed",
            ErrorCode::RequestTimeout => "Request timeout",
            ErrorCode::UnsupportedMediaType => "Unsupported media type",
            ErrorCode::InternalError => "Internal error",
            ErrorCode::Maintenance => "Maintenance",
            ErrorCode::Other(_) => "Unknown",
        };
        let status = code.statuses().first().copied().unwrap_or(500);
        Self { status, code, details: details.into() }
    }

    /// The same with another status.
    ///
    /// # Errors
    /// The status is no error status, 400 to 599.
    pub fn with_status(self, status: u16) -> Result<Self, BadFault> {
        if (400..600).contains(&status) {
            Ok(Self { status, ..self })
        } else {
            Err(BadFault::Status { status })
        }
    }

    /// The same with other details.
    #[must_use]
    pub fn with_details(self, details: impl Into<Cow<'static, str>>) -> Self {
        Self { details: details.into(), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The `errorCode`.
    pub fn error_code(&self) -> &str {
        self.code.as_str()
    }

    /// The `details`.
    pub fn details(&self) -> &str {
        &self.details
    }
}

impl fmt::Display for ApiFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code.as_str())
    }
}

/// What a call meets that is struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    delay: Duration,
    instead: Option<Instead>,
}

/// What takes the place of the usual answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    Document(ApiFault),
    Html(ApiFault),
    HangUp,
}

impl Strike {
    /// The usual answer, but later, on the lane's clock.
    pub fn late(delay: Duration) -> Self {
        Self { delay, instead: None }
    }

    /// A page of HTML with the error's status, as infrastructure in front of the service answers (6.1).
    pub fn html(error: ApiFault) -> Self {
        Self { delay: Duration::ZERO, instead: Some(Instead::Html(error)) }
    }

    /// No answer: the connection is closed, and what was asked for does not happen.
    pub fn hang_up() -> Self {
        Self { delay: Duration::ZERO, instead: Some(Instead::HangUp) }
    }

    /// The same, later, on the lane's clock.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }

    pub(crate) fn instead(&self) -> Option<&Instead> {
        self.instead.as_ref()
    }
}

impl From<ApiFault> for Strike {
    /// The error as BankID's document.
    fn from(error: ApiFault) -> Self {
        Self { delay: Duration::ZERO, instead: Some(Instead::Document(error)) }
    }
}

impl fmt::Display for Strike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.instead {
            None => f.write_str("the usual answer")?,
            Some(Instead::Document(error)) => error.fmt(f)?,
            Some(Instead::Html(error)) => write!(f, "{} as HTML", error.status())?,
            Some(Instead::HangUp) => f.write_str("a closed connection")?,
        }
        if self.delay.is_zero() { Ok(()) } else { write!(f, " after {:?}", self.delay) }
    }
}

/// Why there is no such API error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFault {
    /// BankID has no such error code.
    #[error("BankID has no error code `{code}`{}", crate::scenario::Suggestion(nearest.as_deref()))]
    Unknown {
        /// What was asked for.
        code: Box<str>,
        /// What was probably meant.
        nearest: Option<Box<str>>,
    },
    /// The part after `other:` is no name.
    #[error("`{code}`: the part after the colon must be 1 to 64 letters and digits")]
    Name {
        /// What was asked for.
        code: Box<str>,
    },
    /// The part after `other:` is a code of BankID's.
    #[error("`{code}`: BankID knows this code; say `{known}`, which has its own status")]
    Known {
        /// What was asked for.
        code: Box<str>,
        /// The code.
        known: Box<str>,
    },
    /// The status is no error status.
    #[error("{status} is no error status, 400 to 599")]
    Status {
        /// What was asked for.
        status: u16,
    },
    /// The rate is no part of a whole.
    #[error("a rate lies between 0 and 1")]
    Rate,
    /// Calls are counted from 1.
    #[error("calls are counted from 1")]
    Call,
    /// Late by nothing is not late.
    #[error("`late` needs a `delay`")]
    Delay,
    /// `hangUp` and `late` have neither status nor details, a page no details.
    #[error("does not go with `{error}`")]
    Needless {
        /// What it does not go with.
        error: Box<str>,
    },
}

/// As much of a wrong word as an error message shows.
fn shown(word: &str) -> Box<str> {
    word.chars().take(80).collect()
}
