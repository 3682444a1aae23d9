//! The one table from what went wrong to what is answered: status, code, title, detail and where.
//!
//! BankID's codes pass unchanged, with the status that they mean for the gateway's caller; the gateway's own stand beside
//! them. What the caller cannot mend says nothing of the inside: that is in the log.

use std::borrow::Cow;

use bankid_client::{Call, Error};
use bankid_core::error::{ApiError, ErrorCode, Invalid};
use bankid_core::message::{self, Language};
use http::StatusCode;

use crate::routes::BodyFault;

#[cfg(test)]
mod tests;

/// A call that failed, as its caller is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) title: Cow<'static, str>,
    pub(crate) detail: Cow<'static, str>,
    pub(crate) source: Option<Source>,
    /// Seconds after which it may be tried again, where that is known.
    pub(crate) retry_after: Option<u32>,
}

/// Where in the request the fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A place in the body.
    Pointer(String),
    /// A parameter of the query.
    Parameter(String),
    /// A header.
    Header(&'static str),
}

/// The codes of what the gateway itself refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidParameters,
    InvalidQuery,
    Unauthorized,
    Forbidden,
    IdNotAllowed,
    OriginRefused,
    TicketRequired,
    TicketRefused,
    ReturnRefused,
    NotFound,
    NoSuchResult,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    TypeConflict,
    BodyTooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    InternalError,
    StoreFull,
    StoreLost,
}

impl Code {
    /// Every code, by status.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 21] = [
        Self::InvalidParameters,
        Self::InvalidQuery,
        Self::Unauthorized,
        Self::Forbidden,
        Self::IdNotAllowed,
        Self::OriginRefused,
        Self::TicketRequired,
        Self::TicketRefused,
        Self::ReturnRefused,
        Self::NotFound,
        Self::NoSuchResult,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::RequestTimeout,
        Self::TypeConflict,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::TooManyRequests,
        Self::InternalError,
        Self::StoreFull,
        Self::StoreLost,
    ];

    /// Whether only calls for pages are refused so.
    #[cfg(test)]
    pub(crate) const fn is_of_pages(self) -> bool {
        matches!(
            self,
            Self::OriginRefused
                | Self::TicketRequired
                | Self::TicketRefused
                | Self::ReturnRefused
                | Self::NoSuchResult
        )
    }

    pub(crate) const fn row(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::InvalidParameters => {
                (StatusCode::BAD_REQUEST, "invalidParameters", INVALID_PARAMETERS)
            }
            Self::InvalidQuery => {
                (StatusCode::BAD_REQUEST, "invalidQuery", "The query is not acceptable")
            }
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "No valid API key"),
            Self::Forbidden => {
                (StatusCode::FORBIDDEN, "forbidden", "The API key lacks the right to do this")
            }
            Self::IdNotAllowed => {
                (StatusCode::FORBIDDEN, "idNotAllowed", "Names of orders are BankID's to give")
            }
            Self::OriginRefused => {
                (StatusCode::FORBIDDEN, "originRefused", "Pages of this origin may not call")
            }
            Self::TicketRequired => {
                (StatusCode::FORBIDDEN, "ticketRequired", "A page needs a ticket for this")
            }
            Self::TicketRefused => {
                (StatusCode::FORBIDDEN, "ticketRefused", "The ticket is not good for an order")
            }
            Self::ReturnRefused => {
                (StatusCode::FORBIDDEN, "returnRefused", "The user is not known to have come back")
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "notFound", "There is nothing at this path"),
            Self::NoSuchResult => {
                (StatusCode::NOT_FOUND, "noSuchResult", "There is no result for this code")
            }
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "methodNotAllowed", "The path has other methods")
            }
            Self::NotAcceptable => (
                StatusCode::NOT_ACCEPTABLE,
                "notAcceptable",
                "There is no answer in an accepted media type",
            ),
            Self::RequestTimeout => {
                (StatusCode::REQUEST_TIMEOUT, "requestTimeout", "The body did not arrive in time")
            }
            Self::TypeConflict => {
                (StatusCode::CONFLICT, "typeConflict", "The resource is of another type")
            }
            Self::BodyTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "bodyTooLarge", "The body is too large")
            }
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupportedMediaType",
                "The body is of a media type that is not read",
            ),
            Self::TooManyRequests => {
                (StatusCode::TOO_MANY_REQUESTS, "tooManyRequests", "The API key is used too often")
            }
            Self::InternalError => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internalError", "The gateway failed")
            }
            Self::StoreFull => {
                (StatusCode::SERVICE_UNAVAILABLE, "storeFull", "There is no room for more orders")
            }
            Self::StoreLost => {
                (StatusCode::SERVICE_UNAVAILABLE, "storeLost", "The store of orders is not reached")
            }
        }
    }
}

const INVALID_PARAMETERS: &str = "The request is not acceptable";
const NO_SUCH_ORDER: &str = "No such order";
const REFUSED: &str = "BankID refused the gateway's call";
const LATER: &str = "Try again later. The log of the gateway says more.";

impl From<BodyFault> for Fault {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::new(Code::BodyTooLarge, "Send less."),
            BodyFault::TooSlow => Self::new(Code::RequestTimeout, "Send it faster."),
            BodyFault::Broken => Self::new(Code::InvalidParameters, "The body broke off."),
        }
    }
}

impl Fault {
    /// One of the gateway's own.
    pub(crate) fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let (status, code, title) = code.row();
        let detail = detail.into();
        let (code, title) = (code.into(), title.into());
        Self { status, code, title, detail, source: None, retry_after: None }
    }

    pub(crate) fn at(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// A request whose content BankID would refuse, with BankID's words.
    pub(crate) fn invalid(invalid: &Invalid) -> Self {
        Self::new(Code::InvalidParameters, invalid.details().to_owned())
    }

    /// What to tell the user (9.1).
    pub(crate) fn message(&self, language: Language) -> &'static str {
        let code = match &*self.code {
            // The gateway's own word for what BankID calls otherwise.
            "timeout" | "connectionFailed" => ErrorCode::InternalError,
            code => ErrorCode::from(code),
        };
        message::for_error(&code).text(language)
    }

    /// There is no surface for pages.
    pub(crate) fn no_pages() -> Self {
        Self::new(Code::NotFound, "The surface for pages is not open.")
    }

    /// Whether no further collect of the order can do better.
    pub(crate) fn ends_an_order(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
            || matches!(&*self.code, "resultLost" | "completionRefused")
    }

    /// The order is unknown, over for too long, or another key's.
    pub(crate) fn no_such_order() -> Self {
        Self::upstream(
            StatusCode::NOT_FOUND,
            ErrorCode::InvalidParameters.as_str(),
            NO_SUCH_ORDER,
            "There is no order of this name, or not any more.",
        )
    }

    /// The final answer was given by BankID and did not arrive.
    pub(crate) fn result_lost() -> Self {
        Self::upstream(
            StatusCode::BAD_GATEWAY,
            "resultLost",
            "The result of the order got lost",
            "BankID gives a result once, and its answer did not arrive. Start a new order.",
        )
    }

    /// What was answered is not BankID's.
    pub(crate) fn bad_answer() -> Self {
        Self::upstream(
            StatusCode::BAD_GATEWAY,
            "badAnswer",
            "BankID's answer cannot be used",
            LATER,
        )
    }

    /// What a call of the client came to.
    pub(crate) fn of(error: &Error) -> Self {
        let failed = |status, title| Self::upstream(status, error.code(), title, LATER);
        match error {
            Error::Invalid(invalid) => Self::invalid(invalid),
            Error::Refused { call, status, error } => Self::refused(*call, *status, error),
            Error::Timeout { .. } => {
                failed(StatusCode::GATEWAY_TIMEOUT, "BankID did not answer in time")
            }
            Error::Connection { .. } => {
                failed(StatusCode::BAD_GATEWAY, "BankID could not be reached")
            }
            Error::Tls { .. } => {
                failed(StatusCode::BAD_GATEWAY, "BankID and the gateway did not agree to talk")
            }
            Error::BadAnswer { .. } => Self::bad_answer(),
            Error::ResultLost { .. } => Self::result_lost(),
            Error::CompletionRefused(_) => Self::upstream(
                StatusCode::BAD_GATEWAY,
                error.code(),
                "The result of the order did not pass verification",
                "Treat the user as not identified. The log of the gateway says more.",
            ),
            Error::Aborted => failed(StatusCode::BAD_GATEWAY, "The call was given up"),
            Error::Identity(_) | Error::Configuration { .. } => {
                failed(StatusCode::BAD_GATEWAY, "The gateway is not set up to call BankID")
            }
        }
    }

    fn refused(call: Call, status: u16, error: &ApiError) -> Self {
        let code = error.error_code.as_str();
        let details = |default: &'static str| -> Cow<'static, str> {
            error.details.as_deref().map_or(default.into(), |details| details.to_owned().into())
        };
        let refused = |status, title, detail| Self::upstream(status, code, title, detail);
        match &error.error_code {
            ErrorCode::AlreadyInProgress => refused(
                StatusCode::CONFLICT,
                "The person has another order in progress",
                details("Both orders are cancelled. Start again."),
            ),
            ErrorCode::InvalidParameters => match call {
                Call::Start(_) => {
                    refused(StatusCode::BAD_REQUEST, INVALID_PARAMETERS, details("Invalid request"))
                }
                Call::Collect | Call::Cancel => Self::no_such_order(),
            },
            ErrorCode::RequestTimeout => {
                refused(StatusCode::GATEWAY_TIMEOUT, "The call took too long", LATER.into())
            }
            ErrorCode::Maintenance => Self::maintenance(code),
            ErrorCode::Other(_) if error.error_code.is_maintenance() || status == 503 => {
                Self::maintenance(code)
            }
            ErrorCode::Other(_) if status == 400 => {
                refused(StatusCode::BAD_REQUEST, INVALID_PARAMETERS, details("Invalid request"))
            }
            ErrorCode::Unauthorized
            | ErrorCode::NotFound
            | ErrorCode::MethodNotAllowed
            | ErrorCode::UnsupportedMediaType
            | ErrorCode::InternalError
            | ErrorCode::Other(_) => refused(StatusCode::BAD_GATEWAY, REFUSED, LATER.into()),
        }
    }

    fn maintenance(code: &str) -> Self {
        Self::upstream(
            StatusCode::SERVICE_UNAVAILABLE,
            code,
            "BankID is temporarily unavailable",
            LATER,
        )
    }

    fn upstream(
        status: StatusCode,
        code: &str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (code, title, detail) = (code.to_owned().into(), title.into(), detail.into());
        Self { status, code, title, detail, source: None, retry_after: None }
    }
}
