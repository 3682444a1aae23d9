//! BankID's responses: their headers (1.2) and their faults (6.2, 14.1).

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, EXPIRES, PRAGMA, SERVER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serve::{Full, HangUp};

use super::document;
use crate::fault::ApiFault;

/// The header that marks every answer as one of the simulator, with its version.
pub(crate) const MARK: HeaderName = HeaderName::from_static("x-bankid-simulator");

/// Its value.
pub(crate) const VERSION: HeaderValue = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));

/// BankID's headers in BankID's order, then ours; hyper adds the length and the date. A map is made once and cloned
/// for each answer, which spares hashing six names.
pub(crate) fn headers() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.append(EXPIRES, HeaderValue::from_static("0"));
    headers.append(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    headers.append(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.append(SERVER, HeaderValue::from_static("BankID"));
    headers.append(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.append(MARK, VERSION);
    headers
}

/// A status and a document, before they become a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) then: Then,
}

/// How an answer departs from the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// A document; the connection goes on.
    GoOn,
    /// The rest of the request was not read, so the connection cannot go on.
    Close,
    /// The body is a page of something in front of the service.
    Page,
    /// The connection is closed without the answer.
    HangUp,
}

impl Answer {
    pub(crate) const HANG_UP: Self =
        Self { status: StatusCode::OK, body: Bytes::new(), then: Then::HangUp };

    pub(crate) const fn ok(body: Bytes) -> Self {
        Self { status: StatusCode::OK, body, then: Then::GoOn }
    }

    pub(crate) const fn constant(status: StatusCode, body: &'static [u8]) -> Self {
        Self { status, body: Bytes::from_static(body), then: Then::GoOn }
    }

    pub(crate) fn invalid_parameters(details: &str) -> Self {
        let body = document::error("invalidParameters", details);
        Self { status: StatusCode::BAD_REQUEST, body, then: Then::GoOn }
    }

    pub(crate) const fn closing(mut self) -> Self {
        self.then = Then::Close;
        self
    }

    pub(crate) fn into_response(self, headers: HeaderMap) -> Response<Full> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        let headers = response.headers_mut();
        match self.then {
            Then::GoOn => {}
            Then::Close => drop(headers.insert(CONNECTION, HeaderValue::from_static("close"))),
            Then::Page => drop(headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"))),
            Then::HangUp => drop(response.extensions_mut().insert(HangUp)),
        }
        response
    }
}

pub(crate) fn not_found() -> Answer {
    Answer::constant(StatusCode::NOT_FOUND, br#"{"errorCode":"notFound","details":"Not found"}"#)
}

pub(crate) fn method_not_allowed() -> Answer {
    Answer::constant(
        StatusCode::METHOD_NOT_ALLOWED,
        br#"{"errorCode":"methodNotAllowed","details":"Method not allowed"}"#,
    )
}

pub(crate) fn method_not_allowed_empty() -> Answer {
    Answer::constant(StatusCode::METHOD_NOT_ALLOWED, b"")
}

pub(crate) fn unsupported_media_type() -> Answer {
    Answer::constant(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        br#"{"errorCode":"unsupportedMediaType","details":"Unsupported media type"}"#,
    )
}

pub(crate) fn request_timeout() -> Answer {
    Answer::constant(
        StatusCode::REQUEST_TIMEOUT,
        br#"{"errorCode":"requestTimeout","details":"Request timeout"}"#,
    )
}

pub(crate) fn invalid_request() -> Answer {
    Answer::constant(
        StatusCode::BAD_REQUEST,
        br#"{"errorCode":"invalidParameters","details":"Invalid request"}"#,
    )
}

pub(crate) fn no_such_order() -> Answer {
    Answer::constant(
        StatusCode::BAD_REQUEST,
        br#"{"errorCode":"invalidParameters","details":"No such order"}"#,
    )
}

pub(crate) fn already_in_progress() -> Answer {
    Answer::constant(
        StatusCode::BAD_REQUEST,
        br#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#,
    )
}

pub(crate) fn cancelled() -> Answer {
    Answer::constant(StatusCode::OK, document::EMPTY)
}

pub(crate) fn internal_error() -> Answer {
    Answer::constant(
        StatusCode::INTERNAL_SERVER_ERROR,
        br#"{"errorCode":"internalError","details":"Internal error"}"#,
    )
}

/// There is no room; the flag makes more.
pub(crate) fn full(flag: &str) -> Answer {
    let details = format!("The simulator is full: {flag} allows more");
    let body = document::error("maintenance", &details);
    Answer { status: StatusCode::SERVICE_UNAVAILABLE, body, then: Then::GoOn }
}

/// An error that was asked for.
pub(crate) fn fault(fault: &ApiFault) -> Answer {
    let body = document::error(fault.error_code(), fault.details());
    Answer { status: status(fault), body, then: Then::GoOn }
}

/// The same from something in front of the service, which knows nothing of documents.
pub(crate) fn html(fault: &ApiFault) -> Answer {
    let status = status(fault);
    let page =
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    Answer { status, body: page.into(), then: Then::Page }
}

fn status(fault: &ApiFault) -> StatusCode {
    StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
