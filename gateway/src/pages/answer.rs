//! Answers to pages: short documents with a text for the user where something went wrong, and the headers of CORS.

use bankid_core::message::{Language, StartMode};
use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{HeaderMap, Method, Response, StatusCode};
use serde::Serialize;

use super::{Action, JSON, Origin, PageBody};
use crate::documents::respond;
use crate::fault::Fault;

#[derive(Serialize)]
pub(super) struct SessionState {
    pub(super) order: Option<OrderState>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderState {
    pub(super) start_mode: StartMode,
    pub(super) status: &'static str,
}

/// What went wrong, for the user, and for whoever writes the page.
#[derive(Serialize)]
struct Failure<'a> {
    message: &'a str,
    code: &'a str,
    detail: &'a str,
}

pub(super) fn failed(fault: &Fault, language: Language) -> Response<PageBody> {
    let (code, detail) = (&*fault.code, &*fault.detail);
    let mut response =
        told(fault.status, &Failure { message: fault.message(language), code, detail });
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

#[expect(clippy::expect_used, reason = "the answers hold nothing that JSON cannot say")]
pub(super) fn told(status: StatusCode, answer: &impl Serialize) -> Response<PageBody> {
    let body = serde_json::to_vec(answer).expect("an answer is JSON");
    respond(status, JSON, body.into()).map(PageBody::from)
}

pub(super) fn empty() -> Response<PageBody> {
    let mut response =
        respond(StatusCode::NO_CONTENT, JSON, Bytes::new()).map(|_| PageBody::default());
    response.headers_mut().remove(header::CONTENT_TYPE);
    response
}

/// The answer to a browser that asks whether a page of another origin may call.
pub(super) fn preflight(action: Action, origin: &Origin) -> Response<PageBody> {
    let mut response = empty();
    let headers = response.headers_mut();
    allow(headers, origin);
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    let method =
        HeaderValue::from_static(if action.method() == Method::POST { "POST" } else { "GET" });
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method);
    let names = HeaderValue::from_static("content-type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

pub(super) fn allow(headers: &mut HeaderMap, origin: &Origin) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.header().clone());
    let credentials = HeaderValue::from_static("true");
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
}
