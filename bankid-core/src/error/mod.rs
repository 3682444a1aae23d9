//! Why a call was refused: BankID's error codes (6.2) and the `details` of faulty requests (6.3, 14.2).
//!
//! [`ApiError`] is the document on the wire, [`Invalid`] a request's fault before it becomes one. Hints of pending and
//! failed orders are not errors; they are in [`collect`](crate::collect). Timeouts and TLS faults never reach the wire and
//! are the client's own.
//!
//! ```
//! use bankid_core::error::{ApiError, ErrorCode};
//!
//! let error: ApiError = serde_json::from_str(r#"{"errorCode":"invalidParameters","details":"No such order"}"#)?;
//! assert_eq!(error.error_code, ErrorCode::InvalidParameters);
//! assert_eq!(error.error_code.statuses(), [400]);
//! # Ok::<(), serde_json::Error>(())
//! ```
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::ToString;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::word::words;

words! {
    /// The machine-readable part of an error (6.2).
    pub enum ErrorCode {
        /// A second order for a personal number; the first one is cancelled by it (5.1).
        AlreadyInProgress = "alreadyInProgress",
        /// Something is wrong with the content of the request; `details` says what.
        InvalidParameters = "invalidParameters",
        /// The relying party has no access.
        Unauthorized = "unauthorized",
        /// Wrong path.
        NotFound = "notFound",
        /// Another method than POST.
        MethodNotAllowed = "methodNotAllowed",
        /// The request took too long to arrive.
        RequestTimeout = "requestTimeout",
        /// Wrong or missing `Content-Type`, or one with a parameter.
        UnsupportedMediaType = "unsupportedMediaType",
        /// A fault inside BankID's system.
        InternalError = "internalError",
        /// Temporarily unavailable.
        Maintenance = "maintenance",
    } else {
        /// A code this version does not know, kept as it came.
        Other
    }
}

impl ErrorCode {
    /// The HTTP statuses the code comes with (6.2), the usual one first; none for unknown codes.
    pub fn statuses(&self) -> &'static [u16] {
        match self {
            Self::AlreadyInProgress | Self::InvalidParameters => &[400],
            Self::Unauthorized => &[401, 403],
            Self::NotFound => &[404],
            Self::MethodNotAllowed => &[405],
            Self::RequestTimeout => &[408],
            Self::UnsupportedMediaType => &[415],
            Self::InternalError => &[500],
            Self::Maintenance => &[503],
            Self::Other(_) => &[],
        }
    }

    /// Whether the service says it is temporarily unavailable; one source spells the code `Maintenance`, so letter case
    /// does not count here.
    pub fn is_maintenance(&self) -> bool {
        self.as_str().eq_ignore_ascii_case("maintenance")
    }
}

/// An error as it stands on the wire (6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// What went wrong, for programs.
    pub error_code: ErrorCode,
    /// What went wrong, for the relying party's developers; never shown to users, never decided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<str>>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self {
            error_code: ErrorCode::InvalidParameters,
            details: Some(invalid.details.into()),
            other: OtherMembers::new(),
        }
    }
}

/// A request that the server refuses: 400 `invalidParameters` with exactly these details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    member: Option<&'static str>,
    details: Cow<'static, str>,
}

impl Invalid {
    pub(crate) const fn new(member: &'static str, details: &'static str) -> Self {
        Self { member: Some(member), details: Cow::Borrowed(details) }
    }

    /// A fault whose details are made from facts.
    pub(crate) fn because(member: &'static str, fault: &impl core::error::Error) -> Self {
        Self { member: Some(member), details: Cow::Owned(fault.to_string()) }
    }

    /// The body cannot be understood; `member` is where reading stopped, if that is known.
    pub(crate) const fn request(member: Option<&'static str>) -> Self {
        Self { member, details: Cow::Borrowed("Invalid request") }
    }

    /// The member at fault, as a path of wire names (`requirement.cardReader`), if one can be named.
    pub const fn member(&self) -> Option<&'static str> {
        self.member
    }

    /// The `details` BankID's server answers (6.3), or those chosen where none are known (14.2).
    pub fn details(&self) -> &str {
        &self.details
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.member {
            Some(member) => write!(f, "{member} is refused: {}", self.details),
            None => write!(f, "the request is refused: {}", self.details),
        }
    }
}

impl core::error::Error for Invalid {}

#[cfg(test)]
mod tests;
