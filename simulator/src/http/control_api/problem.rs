//! Refusals of the control plane: problem documents (RFC 9457) that name what was wrong.

use http::StatusCode;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

use crate::document::Fault;

/// Why a call was refused. In a box, since refusals are rare and results move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Problem(Box<Document>);

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, schemars(rename = "Problem"))]
pub(super) struct Document {
    /// Always `about:blank`: the `code` says more than a link would.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// Which problem it is: stable, for programs.
    code: Code,
    /// What was wrong, for people.
    detail: String,
    /// Why the phone refused, in one word: `stale`, `otherPerson` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The member of the body, the parameter or the header at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    /// The known name that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<String>,
    /// How the order had ended already, where somebody else was first.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
}

/// The codes of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) enum Code {
    /// 400: the body is no JSON, or a member of it or a query parameter does not hold.
    InvalidMember,
    /// 400: no scenario of this name, or faulty steps.
    InvalidScenario,
    /// 401: the bearer token is missing or wrong.
    Unauthorized,
    /// 403: the `Host` is none of this simulator's names.
    ForeignHost,
    /// 403: the call comes from a web page.
    OriginRefused,
    /// 404: no such route.
    NotFound,
    /// 404: no such lane.
    NoSuchLane,
    /// 404: no such order in this lane.
    NoSuchOrder,
    /// 405: the route takes other methods.
    MethodNotAllowed,
    /// 408: the body did not arrive in time.
    RequestTimeout,
    /// 409: somebody else was first; the outcome says how the order ended.
    AlreadyDecided,
    /// 413: the body is too large.
    BodyTooLarge,
    /// 415: the body is not `application/json`.
    UnsupportedMediaType,
    /// 422: the phone cannot do this with this order, and the detail says why.
    PhoneRefused,
    /// 500: something failed that should not; the log says what.
    Internal,
    /// 503: a limit is reached; the detail names its flag.
    Full,
    /// 503: the simulator has been stopped, which only callers in its own process are left to hear.
    Stopped,
}

impl Code {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::InvalidMember | Self::InvalidScenario => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::ForeignHost | Self::OriginRefused => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoSuchLane | Self::NoSuchOrder => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::AlreadyDecided => StatusCode::CONFLICT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PhoneRefused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Full | Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        let status = code.status();
        Self(Box::new(Document {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            reason: None,
            member: None,
            nearest: None,
            outcome: None,
        }))
    }

    /// A member that does not hold.
    pub(super) fn of_fault(code: Code, fault: Fault) -> Self {
        let mut problem = Self::new(code, fault.to_string());
        problem.0.member = (!fault.member.is_empty()).then(|| fault.member.to_string());
        problem.0.nearest = fault.nearest;
        problem
    }

    pub(super) fn with_member(mut self, member: impl Into<String>) -> Self {
        self.0.member = Some(member.into());
        self
    }

    pub(super) fn with_reason(mut self, reason: &'static str) -> Self {
        self.0.reason = Some(reason);
        self
    }

    pub(super) fn with_nearest(mut self, nearest: Option<impl Into<String>>) -> Self {
        self.0.nearest = nearest.map(Into::into);
        self
    }

    pub(super) fn with_outcome(mut self, outcome: impl Into<String>) -> Self {
        self.0.outcome = Some(outcome.into());
        self
    }

    pub(super) fn status(&self) -> StatusCode {
        self.0.code.status()
    }
}
