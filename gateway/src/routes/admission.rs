//! Who may have its body read: everything that the head of a request says.

use std::sync::{Arc, PoisonError};

use bankid_client::Call;
use bankid_core::message::Language;
use bankid_core::request::Operation;
use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Response, StatusCode};

use super::Gateway;
use crate::documents::{Form, respond};
use crate::fault::{Code, Fault, Source};
use crate::keys::ApiKey;
use crate::media::{Media, language};
use crate::openapi;
use crate::query::Query;

/// The header that brings the key.
pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What becomes of a request by its head.
#[derive(Debug)]
pub enum Admission {
    /// Its body is to be read.
    Admitted(Admitted),
    /// It is answered already, and its body is of no interest.
    Answered(Response<Bytes>),
}

/// What there is to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The documented calls, and BankID's others.
    Call(Call),
    /// A ticket for a page to start an order with.
    Ticket(Operation),
    /// The result of an order that a page has started.
    Result,
}

impl Route {
    /// Those beside [`Call::ALL`], for gateways whose surface for pages is open.
    pub(crate) const FOR_PAGES: [Self; 4] = [
        Self::Ticket(Operation::Auth),
        Self::Ticket(Operation::Sign),
        Self::Ticket(Operation::Payment),
        Self::Result,
    ];

    /// The path, without the first slash.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Call(call) => call.path(),
            Self::Ticket(Operation::Sign) => "ticket/sign",
            Self::Ticket(Operation::Payment) => "ticket/payment",
            // Orders by personal number are no matter of pages.
            Self::Ticket(_) => "ticket/auth",
            Self::Result => "result",
        }
    }

    /// What a key must be allowed for it.
    pub(crate) const fn right(self) -> Call {
        match self {
            Self::Call(call) => call,
            Self::Ticket(operation) => Call::Start(operation),
            Self::Result => Call::Collect,
        }
    }
}

/// A request that may be served.
#[derive(Clone, Debug)]
pub struct Admitted {
    pub(super) route: Route,
    pub(super) key: Arc<ApiKey>,
    /// What the body is.
    pub(super) body: Media,
    pub(super) form: Form,
}

impl Admitted {
    /// What it asks for: the call that its key must have the right to.
    pub const fn call(&self) -> Call {
        self.route.right()
    }

    /// The name of the key that it came with.
    pub fn caller(&self) -> &str {
        self.key.name()
    }
}

impl Gateway {
    /// Judges the head of a request: path, method, key, right, media types, query, in this order.
    pub fn admit(&self, head: &Parts) -> Admission {
        let accepted = Media::accepted(&head.headers);
        let query = Query::read(&head.uri);
        // Refusals too are in the form that was asked for, as far as that is understood.
        let form = Form {
            media: *accepted.as_ref().unwrap_or(&Media::Documented),
            query: *query.as_ref().unwrap_or(&Query::default()),
            language: Language::default(),
        };
        let form = if form.query.message {
            Form { language: language(&head.headers), ..form }
        } else {
            form
        };
        if head.uri.path() == openapi::PATH {
            return Admission::Answered(openapi(&head.method, form));
        }
        let Some(route) = self.routes().find(|route| is_path(*route, head.uri.path())) else {
            let paths: Vec<_> = self.routes().map(|route| format!("/{}", route.path())).collect();
            let fault = Fault::new(Code::NotFound, format!("There are {}.", paths.join(", ")));
            return Admission::Answered(form.failed(&fault));
        };
        if head.method != Method::POST {
            return Admission::Answered(other_method(form, "POST"));
        }
        let admitted = self.key(&head.headers).and_then(|key| {
            if !key.may(route.right()) {
                let detail = format!("The key {:?} may not call {}.", key.name(), route.right());
                return Err(Fault::new(Code::Forbidden, detail));
            }
            key.count(self.client().now().monotonic).map_err(|wait| {
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
                Fault::new(Code::TooManyRequests, "Call less often.").retry_after(seconds)
            })?;
            accepted?;
            let body = Media::of_body(&head.headers)?;
            let mut form = Form { query: query?, ..form };
            form.query.no_secrets |= !key.gets_start_secrets();
            Ok(Admitted { route, key, body, form })
        });
        match admitted {
            Ok(admitted) => Admission::Admitted(admitted),
            Err(fault) => Admission::Answered(form.failed(&fault)),
        }
    }

    /// What there is to call here.
    fn routes(&self) -> impl Iterator<Item = Route> {
        let further = Route::FOR_PAGES.into_iter().filter(|_| self.inner.pages.get().is_some());
        Call::ALL.into_iter().map(Route::Call).chain(further)
    }

    /// Whose key the request brings.
    fn key(&self, headers: &HeaderMap) -> Result<Arc<ApiKey>, Fault> {
        let refused = |detail: &'static str| {
            Fault::new(Code::Unauthorized, detail).at(Source::Header("x-api-key"))
        };
        let mut values = headers.get_all(API_KEY).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(refused("There must be one header x-api-key."));
        };
        let keys = self.inner.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.find(value.as_bytes()).map(Arc::clone);
        key.ok_or_else(|| refused("The key is not known."))
    }
}

/// The description of the API, which needs no key.
fn openapi(method: &Method, form: Form) -> Response<Bytes> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return other_method(form, "GET, HEAD");
    }
    let document = Bytes::from_static(openapi::DOCUMENT.as_bytes());
    respond(StatusCode::OK, "application/json", document)
}

fn other_method(form: Form, allowed: &'static str) -> Response<Bytes> {
    let fault = Fault::new(Code::MethodNotAllowed, format!("Allowed is {allowed}."));
    let mut response = form.failed(&fault);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Paths are compared byte by byte.
fn is_path(route: Route, path: &str) -> bool {
    path.strip_prefix('/') == Some(route.path())
}
