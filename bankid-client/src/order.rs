//! An order that was started, as far as its relying party needs it afterwards.

use std::fmt;

use bankid_core::order::{AutoStartToken, OrderRef, QrStartSecret, QrStartToken};
use bankid_core::request::{ApiVersion, Operation, Start};
use bankid_core::{OtherMembers, qr};
use bytes::Bytes;

use crate::Moment;

/// An order that was started. It can be taken apart and made again elsewhere, by whatever process goes on with it.
///
/// It remembers the request that started it, where it has one: then it can be started again when nobody scanned it in
/// time, and its completion can be held against what was asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// What started it.
    pub operation: Operation,
    /// The version of the API that it belongs to.
    pub api_version: ApiVersion,
    /// Its name.
    pub order_ref: OrderRef,
    /// What connects an app to it; phone and other-payment orders have none (2.1).
    pub tokens: Option<Tokens>,
    /// When its answer was received: the time of QR codes counts from then (7.1).
    pub received_at: Moment,
    /// Members of the answer that this version does not know.
    pub other: OtherMembers,
    pub(crate) request: Option<Request>,
}

/// What connects an app to an order (2.5). `Debug` hides what is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// For a start on the same device.
    pub auto_start_token: AutoStartToken,
    /// For the QR code.
    pub qr_start_token: QrStartToken,
    /// For the QR code; stays on the backend.
    pub qr_start_secret: QrStartSecret,
}

impl Tokens {
    /// Prepares the QR codes of the order.
    pub fn qr_key(&self) -> qr::Key {
        qr::Key::new((&self.qr_start_token).into(), (&self.qr_start_secret).into())
    }
}

/// A request in the form in which it is sent; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request(pub(crate) Bytes);

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} bytes)", self.0.len())
    }
}

impl Order {
    /// An order that was started elsewhere.
    pub fn new(
        operation: Operation,
        api_version: ApiVersion,
        order_ref: OrderRef,
        tokens: Option<Tokens>,
        received_at: Moment,
    ) -> Self {
        let other = OtherMembers::new();
        Self { operation, api_version, order_ref, tokens, received_at, other, request: None }
    }

    /// With the request that started it. One that is not this order's, by operation or version, is not taken.
    #[must_use]
    pub fn with_request(self, start: &Start<'_>) -> Self {
        let fits = start.operation() == self.operation && start.version() == self.api_version;
        let request = fits.then(|| body(start)).map(Request);
        Self { request: request.or(self.request), ..self }
    }

    /// The request that started it, if that is known.
    pub fn request(&self) -> Option<Start<'_>> {
        let Request(body) = self.request.as_ref()?;
        Start::parse(self.api_version, self.operation, body).ok()
    }
}

/// A request as it is sent.
#[expect(clippy::expect_used, reason = "a request holds nothing that JSON cannot say")]
pub(crate) fn body(start: &Start<'_>) -> Bytes {
    serde_json::to_vec(start).expect("a request is JSON").into()
}
