//! The documents that go out, in either form, and the responses around them.
//!
//! The documented form has the members of the documentation in its order; what v6.0 of BankID's API adds follows them in the
//! same objects. The strict form has the same data where JSON:API 1.1 wants it. Nothing here knows how a call came to its
//! end.

pub(crate) mod completed;
pub(crate) mod meta;
#[cfg(test)]
pub(crate) mod sample;

use std::sync::Arc;

use bankid_client::Order;
use bankid_core::OtherMembers;
use bankid_core::collect::{Collect, FailedHint, PendingHint};
use bankid_core::message::Language;
use bankid_core::update::Status;
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

pub(crate) use self::completed::Certificate;
use self::completed::Completed;
use self::meta::Meta;
use crate::fault::{Fault, Source};
use crate::media::Media;
use crate::orders::Standing;
use crate::pages::SessionOrigin;
use crate::query::Query;
use crate::request::kind;

/// The type of what collect answers.
pub(crate) const COLLECT: &str = "bankIdCollect";

/// The type of what cancel is sent, in strict JSON:API.
pub(crate) const CANCEL: &str = "bankIdCancel";

/// The type of a ticket.
pub(crate) const TICKET: &str = "bankIdTicket";

/// The type of what asks for the result of an order that a page has started.
pub(crate) const RESULT: &str = "bankIdResult";

/// How an answer is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) media: Media,
    pub(crate) query: Query,
    pub(crate) language: Language,
}

#[derive(Serialize)]
struct Document<D> {
    jsonapi: JsonApi,
    data: D,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
}

#[derive(Serialize)]
struct JsonApi {
    version: &'static str,
}

/// A resource object, or what the documentation has in its place.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a, A> {
    Strict {
        r#type: &'static str,
        id: &'a str,
        attributes: A,
    },
    Documented {
        r#type: &'static str,
        attributes: A,
    },
    /// The documentation has a complete order without a type.
    Bare(A),
}

/// An order that was started.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Started<'a> {
    /// Names the order from now on.
    order_ref: &'a str,
    /// For a start on the same device. Orders by personal number have no tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_start_token: Option<&'a str>,
    /// For the QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_token: Option<&'a str>,
    /// For the QR code; it must stay on the backend. Not with `secrets=none`, and not for every key.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_secret: Option<&'a str>,
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    other: &'a OtherMembers,
}

/// What a page starts an order with.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct TicketMade<'a> {
    /// Good for one order that completes, in one browser.
    ticket: &'a str,
}

/// An order without a result, or without one yet.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Progress<'a> {
    /// Names the order.
    order_ref: &'a str,
    /// `pending`: collect again; `failed`: the order is over.
    #[cfg_attr(test, schemars(extend("enum" = ["pending", "failed"])))]
    status: &'static str,
    /// What the order waits for, or why it failed. BankID adds to these words without notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint_code: Option<&'a str>,
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    other: &'a OtherMembers,
}

/// That an order was cancelled, in the strict form: a document must have something in it.
#[derive(Serialize)]
struct Cancelled<'a> {
    jsonapi: JsonApi,
    meta: CancelledOrder<'a>,
}

/// The order that was cancelled.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelledOrder<'a> {
    order_ref: &'a str,
    #[cfg_attr(test, schemars(extend("const" = "cancelled")))]
    status: &'static str,
}

#[derive(Serialize)]
struct Failed<'a> {
    jsonapi: JsonApi,
    errors: [ErrorObject<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
}

/// What went wrong.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ErrorObject<'a> {
    /// The HTTP status, as text.
    status: &'a str,
    /// For programs: BankID's own where there is one.
    code: &'a str,
    /// What the code means.
    title: &'a str,
    /// What to do about it, or BankID's words.
    detail: &'a str,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceObject<'a>>,
}

/// Where in the request something is wrong.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) enum SourceObject<'a> {
    /// A place in the body, as a JSON pointer.
    Pointer(&'a str),
    /// A parameter of the query.
    Parameter(&'a str),
    /// A header.
    Header(&'a str),
}

impl Form {
    /// An order that was started; `elapsed_s` seconds ago its answer was received.
    pub(crate) fn started(self, order: &Order, elapsed_s: u64) -> Response<Bytes> {
        let order_ref = order.order_ref.as_str();
        let tokens = order.tokens.as_ref();
        let secret = tokens.filter(|_| !self.query.no_secrets);
        let attributes = Started {
            order_ref,
            auto_start_token: tokens.map(|tokens| tokens.auto_start_token.as_str()),
            qr_start_token: tokens.map(|tokens| tokens.qr_start_token.as_str()),
            qr_start_secret: secret.map(|tokens| tokens.qr_start_secret.expose()),
            other: &order.other,
        };
        // The first hint of every order (4.2).
        let status = Status::Pending(Some(PendingHint::OutstandingTransaction));
        let meta = Meta::of(self, &status, Some(order), elapsed_s, None);
        self.document(self.resource(kind(order.operation), order_ref, attributes), meta)
    }

    /// How an order stands.
    pub(crate) fn collected(
        self,
        order: &Order,
        standing: &Arc<Standing>,
        elapsed_s: u64,
    ) -> Response<Bytes> {
        self.standing(order, standing, elapsed_s, None)
    }

    fn standing(
        self,
        order: &Order,
        standing: &Arc<Standing>,
        elapsed_s: u64,
        session: Option<SessionOrigin>,
    ) -> Response<Bytes> {
        let Standing { answer, certificate } = &**standing;
        let status = Status::from(answer);
        let meta = Meta::of(self, &status, Some(order), elapsed_s, session);
        let order_ref = answer.order_ref().as_str();
        let progress = |status, hint_code, other| {
            let attributes = Progress { order_ref, status, hint_code, other };
            self.resource(COLLECT, order_ref, attributes)
        };
        match answer {
            Collect::Pending { hint_code, other, .. } => {
                let hint = hint_code.as_ref().map(PendingHint::as_str);
                self.document(progress("pending", hint, other), meta)
            }
            Collect::Failed { hint_code, other, .. } => {
                let hint = hint_code.as_ref().map(FailedHint::as_str);
                self.document(progress("failed", hint, other), meta)
            }
            Collect::Complete { completion_data, other, .. } => {
                let attributes =
                    Completed::new(order_ref, completion_data, certificate.as_ref(), other);
                let data = match self.media {
                    Media::JsonApi => self.resource(COLLECT, order_ref, attributes),
                    Media::Documented => Data::Bare(attributes),
                };
                self.document(data, meta)
            }
        }
    }

    /// What a page starts an order with.
    pub(crate) fn ticket(self, ticket: &str) -> Response<Bytes> {
        self.document(self.resource(TICKET, ticket, TicketMade { ticket }), None)
    }

    /// A complete order that a page has started, and how that came about.
    pub(crate) fn result(
        self,
        order: &Order,
        standing: &Arc<Standing>,
        session: SessionOrigin,
    ) -> Response<Bytes> {
        self.standing(order, standing, 0, Some(session))
    }

    /// An order that was cancelled.
    pub(crate) fn cancelled(self, order_ref: &str) -> Response<Bytes> {
        match self.media {
            Media::Documented => self.respond(StatusCode::OK, Bytes::from_static(b"{}")),
            Media::JsonApi => {
                let meta = CancelledOrder { order_ref, status: "cancelled" };
                self.json(StatusCode::OK, &Cancelled { jsonapi: self.version(), meta })
            }
        }
    }

    /// A call that failed.
    pub(crate) fn failed(self, fault: &Fault) -> Response<Bytes> {
        let source = fault.source.as_ref().map(|source| match source {
            Source::Pointer(pointer) => SourceObject::Pointer(pointer),
            Source::Parameter(name) => SourceObject::Parameter(name),
            Source::Header(name) => SourceObject::Header(name),
        });
        let error = ErrorObject {
            status: fault.status.as_str(),
            code: &fault.code,
            title: &fault.title,
            detail: &fault.detail,
            source,
        };
        let meta = Meta::of_fault(self, fault);
        let document = Failed { jsonapi: self.version(), errors: [error], meta };
        let mut response = self.json(fault.status, &document);
        let headers = response.headers_mut();
        if fault.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("ApiKey realm=\"bankid-gateway\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = fault.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    fn resource<'a, A>(self, r#type: &'static str, id: &'a str, attributes: A) -> Data<'a, A> {
        match self.media {
            Media::Documented => Data::Documented { r#type, attributes },
            Media::JsonApi => Data::Strict { r#type, id, attributes },
        }
    }

    fn document(self, data: impl Serialize, meta: Option<Meta>) -> Response<Bytes> {
        self.json(StatusCode::OK, &Document { jsonapi: self.version(), data, meta })
    }

    const fn version(self) -> JsonApi {
        match self.media {
            Media::Documented => JsonApi { version: "1.0" },
            Media::JsonApi => JsonApi { version: "1.1" },
        }
    }

    #[expect(clippy::expect_used, reason = "the documents hold nothing that JSON cannot say")]
    fn json(self, status: StatusCode, document: &impl Serialize) -> Response<Bytes> {
        let body = serde_json::to_vec(document).expect("a document is JSON");
        self.respond(status, body.into())
    }

    fn respond(self, status: StatusCode, body: Bytes) -> Response<Bytes> {
        let mut response = respond(status, self.media.as_str(), body);
        let vary = if self.query.message { "Accept, Accept-Language" } else { "Accept" };
        response.headers_mut().insert(header::VARY, HeaderValue::from_static(vary));
        response
    }
}

/// A response with the headers that all have.
pub(crate) fn respond(status: StatusCode, media: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
