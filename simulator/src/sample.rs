//! Requests for tests of the engine: written as JSON, read and checked as the server does.

use bankid_core::request::{ApiVersion, Checked, Operation, Start};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

/// A request that starts an order; at first, one with nothing but what its operation must have.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    operation: Operation,
    version: ApiVersion,
    body: Map<String, Value>,
}

impl Request {
    /// A request of v6.0. Where the operation must have a personal number, it is `190000000000`.
    pub(crate) fn new(operation: Operation) -> Self {
        let mut request = Self { operation, version: ApiVersion::V6_0, body: Map::new() };
        if operation.answers_order_ref_only() {
            request = request.number(190_000_000_000);
        } else {
            request = request.with("endUserIp", json!("203.0.113.5"));
        }
        match operation {
            Operation::Auth => request,
            Operation::Sign => request.text("Test"),
            Operation::Payment | Operation::OtherPayment => request.with(
                "userVisibleTransaction",
                json!({"transactionType": "npa", "recipient": {"name": "Exempelbanken"}}),
            ),
            Operation::PhoneAuth => request.with("callInitiator", json!("user")),
            Operation::PhoneSign => request.with("callInitiator", json!("RP")).text("Test"),
        }
    }

    /// `auth` of v6.0 without anything else.
    pub(crate) fn auth() -> Self {
        Self::new(Operation::Auth)
    }

    /// The same by v5.1.
    pub(crate) fn v5(self) -> Self {
        Self { version: ApiVersion::V5_1, ..self }
    }

    /// For this person; set the version first.
    pub(crate) fn number(self, number: u64) -> Self {
        let number = json!(format!("{number:012}"));
        if self.operation.answers_order_ref_only() || self.version == ApiVersion::V5_1 {
            return self.with("personalNumber", number);
        }
        self.requiring("personalNumber", number)
    }

    /// Shows this text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.with("userVisibleData", json!(STANDARD.encode(text)))
    }

    /// With this member of `requirement`.
    pub(crate) fn requiring(mut self, name: &str, value: Value) -> Self {
        let requirement = self.body.entry("requirement").or_insert_with(|| json!({}));
        requirement[name] = value;
        self
    }

    /// With this member.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.body.insert(name.into(), value);
        self
    }

    /// Gives the checked request to `use_it`.
    #[track_caller]
    pub(crate) fn checked<R>(&self, use_it: impl FnOnce(&Checked<'_>) -> R) -> R {
        let body = serde_json::to_vec(&self.body).unwrap();
        let start = Start::parse(self.version, self.operation, &body).unwrap();
        use_it(&start.check().unwrap())
    }
}
