//! One method per operation, and what is tried again by itself.

use bankid_core::collect::{Collect, CompletionData};
use bankid_core::error::ErrorCode;
use bankid_core::order::{OrderRef, OrderStarted, OrderStartedByNumber};
use bankid_core::request::{
    ApiVersion, Auth, ByOrderRef, Operation, OtherPayment, Payment, PhoneAuth, PhoneSign, Sign,
    Start,
};
use bankid_core::v5;
use bankid_core::verify::{Completion, Expected, Sent};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::Client;
use crate::order::{Request, body};
use crate::transport::Answer;
use crate::{Call, Error, Evidence, Identity, Order, RefusedCompletion, Retry, Tokens, answer};

impl Client {
    /// Starts an identification (2.5).
    ///
    /// # Errors
    /// What BankID would refuse, before it is sent; what BankID refuses; or there was no answer.
    pub async fn auth(&self, request: Auth) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts a signature over a text (2.6).
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn sign(&self, request: Sign) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts the approval of a payment or a card action (2.7).
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn payment(&self, request: Payment) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts the same for a user pointed out by personal number (2.8). The order has no tokens.
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn other_payment(&self, request: OtherPayment) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts an identification during a phone call (2.9). The order has no tokens.
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn phone_auth(&self, request: PhoneAuth) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts a signature during a phone call (2.9). The order has no tokens.
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn phone_sign(&self, request: PhoneSign) -> Result<Order, Error> {
        self.start_checked(&request.build()?).await
    }

    /// Starts an order of any kind and version, however the request was made; it is checked here.
    ///
    /// # Errors
    /// As [`auth`](Self::auth).
    pub async fn start(&self, start: &Start<'_>) -> Result<Order, Error> {
        start.check()?;
        self.start_checked(start).await
    }

    async fn start_checked(&self, start: &Start<'_>) -> Result<Order, Error> {
        self.start_body(start.version(), start.operation(), body(start)).await
    }

    /// Starts an order with a request that was checked and written.
    pub(crate) async fn start_body(
        &self,
        api_version: ApiVersion,
        operation: Operation,
        body: Bytes,
    ) -> Result<Order, Error> {
        let call = Call::Start(operation);
        let answer = self.call(api_version, call, &body).await?;
        let received_at = self.now();
        let (order_ref, tokens, other) = if operation.answers_order_ref_only() {
            let OrderStartedByNumber { order_ref, other } = answer::document(call, &answer)?;
            (order_ref, None, other)
        } else {
            let started = answer::document(call, &answer)?;
            let OrderStarted {
                order_ref,
                auto_start_token,
                qr_start_token,
                qr_start_secret,
                other,
            } = started;
            let tokens = Tokens { auto_start_token, qr_start_token, qr_start_secret };
            (order_ref, Some(tokens), other)
        };
        let order = Order::new(operation, api_version, order_ref, tokens, received_at);
        Ok(Order { other, request: Some(Request(body)), ..order })
    }

    /// Asks how an order of v6.0 stands (section 4). A final answer is given once.
    ///
    /// A judge of completions that was set is not told what the order asked for; [`collect_order`](Self::collect_order)
    /// tells it.
    ///
    /// # Errors
    /// BankID refused the call, there was no answer, or the completion was refused.
    pub async fn collect(&self, order: &OrderRef) -> Result<Collect, Error> {
        self.collect_as(ApiVersion::V6_0, order, None).await
    }

    /// Asks how an order of v5.1 stands.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    pub async fn collect_v5(&self, order: &OrderRef) -> Result<Collect<v5::CompletionData>, Error> {
        self.collect_as(ApiVersion::V5_1, order, None).await
    }

    /// Asks how an order stands, by the version that it was started with. What v5.1 tells of the certificate is then among
    /// the completion's [`other`](bankid_core::collect::CompletionData::other) members.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    pub async fn collect_order(&self, order: &Order) -> Result<Collect, Error> {
        self.collect_as(order.api_version, &order.order_ref, Some(order)).await
    }

    async fn collect_as<D>(
        &self,
        version: ApiVersion,
        order_ref: &OrderRef,
        order: Option<&Order>,
    ) -> Result<Collect<D>, Error>
    where
        D: DeserializeOwned,
        for<'a> Completion<'a>: From<&'a D>,
        Evidence: From<Box<D>>,
    {
        let answer = self.call(version, Call::Collect, &by_order_ref(order_ref)).await?;
        self.judged(answer::document(Call::Collect, &answer)?, order)
    }

    /// An answer whose completion, if it has one, has passed.
    fn judged<D>(&self, answer: Collect<D>, order: Option<&Order>) -> Result<Collect<D>, Error>
    where
        for<'a> Completion<'a>: From<&'a D>,
        Evidence: From<Box<D>>,
    {
        match answer {
            Collect::Complete { order_ref, completion_data, other } => {
                let completion_data = self.judge(&order_ref, completion_data, order)?;
                Ok(Collect::Complete { order_ref, completion_data, other })
            }
            unfinished @ (Collect::Pending { .. } | Collect::Failed { .. }) => Ok(unfinished),
        }
    }

    /// The place that every completion passes.
    fn judge<D>(
        &self,
        order_ref: &OrderRef,
        completion: Box<D>,
        order: Option<&Order>,
    ) -> Result<Box<D>, Error>
    where
        for<'a> Completion<'a>: From<&'a D>,
        Evidence: From<Box<D>>,
    {
        let Some(judge) = &self.inner.config.verify else { return Ok(completion) };
        let identity = self.identity();
        let request = order.and_then(Order::request);
        let checked = request.as_ref().and_then(|request| request.check().ok());
        let expected = Expected {
            order_ref,
            relying_party: identity.as_deref().map_or("", Identity::subject),
            sent: checked.as_ref().map(Sent::from),
            received_at_unix_ms: self.now().unix_ms,
        };
        match judge.verify(&(&*completion).into(), &expected) {
            Ok(()) => Ok(completion),
            Err(refusal) => {
                let order_ref = order_ref.clone();
                let evidence = completion.into();
                let refused = RefusedCompletion { order_ref, refusal, evidence };
                Err(Error::CompletionRefused(Box::new(refused)))
            }
        }
    }

    /// Ends an order of v6.0 (5.3).
    ///
    /// # Errors
    /// There is no such order, or not any more; or there was no answer, twice.
    pub async fn cancel(&self, order: &OrderRef) -> Result<(), Error> {
        self.cancel_as(ApiVersion::V6_0, order).await
    }

    /// Ends an order, by the version that it was started with.
    ///
    /// # Errors
    /// As [`cancel`](Self::cancel).
    pub async fn cancel_order(&self, order: &Order) -> Result<(), Error> {
        self.cancel_as(order.api_version, &order.order_ref).await
    }

    async fn cancel_as(&self, version: ApiVersion, order_ref: &OrderRef) -> Result<(), Error> {
        let body = by_order_ref(order_ref);
        let outcome = async || answer::cancelled(&self.call(version, Call::Cancel, &body).await?);
        match outcome().await {
            Err(error) if error.retry() == Retry::Once => {}
            outcome => return outcome,
        }
        match outcome().await {
            // The first one has reached BankID, and only its answer got lost.
            Err(error) if error.error_code() == Some(&ErrorCode::InvalidParameters) => Ok(()),
            outcome => outcome,
        }
    }

    /// Posts a body as it is and gives status and body of the answer as they are, for callers that must keep to the
    /// contract of another client. Nothing is checked or tried again; a completion passes the judge that was set, as
    /// everywhere.
    ///
    /// # Errors
    /// There was no answer, or none of HTTP; or the completion was refused, or cannot be read by the judge.
    pub async fn post(
        &self,
        version: ApiVersion,
        call: Call,
        body: Bytes,
    ) -> Result<(u16, Bytes), Error> {
        let answer = self.inner.transport.post(version, call, &body).await?;
        if call == Call::Collect && answer.status == 200 && self.inner.config.verify.is_some() {
            match version {
                ApiVersion::V6_0 => {
                    self.judged::<CompletionData>(answer::document(call, &answer)?, None)?;
                }
                ApiVersion::V5_1 => {
                    self.judged::<v5::CompletionData>(answer::document(call, &answer)?, None)?;
                }
            }
        }
        Ok((answer.status, answer.body))
    }

    /// Posts a body, again where that is safe.
    async fn call(&self, version: ApiVersion, call: Call, body: &Bytes) -> Result<Answer, Error> {
        let config = &self.inner.config;
        let mut tried = 0;
        loop {
            let outcome = self.inner.transport.post(version, call, body).await;
            let again = match &outcome {
                // Whoever collects comes again anyway.
                Ok(answer) if call != Call::Collect && matches!(answer.status, 429 | 503) => {
                    Retry::Later
                }
                Ok(_) | Err(Error::Timeout { .. }) => Retry::Never,
                Err(error) => error.retry(),
            };
            let waits = match again {
                Retry::SafeNow => tried > 0,
                Retry::Later => true,
                Retry::Never | Retry::NextPoll | Retry::Once => return outcome,
            };
            if tried == config.retries {
                return outcome;
            }
            tried += 1;
            if waits {
                let until = config.clock.now().saturating_add(config.retry_delay);
                config.clock.sleep_until(until).await;
            }
        }
    }
}

/// The body of collect and cancel.
#[expect(clippy::expect_used, reason = "a name of printable ASCII is JSON")]
fn by_order_ref(order_ref: &OrderRef) -> Bytes {
    serde_json::to_vec(&ByOrderRef { order_ref }).expect("a name is JSON").into()
}
