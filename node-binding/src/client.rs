//! The client's calls: requests and answers cross as JSON text, which both sides read faster than they build objects.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bankid_client::{Client, Config, Endpoint, Error, Order};
use bankid_core::OtherMembers;
use bankid_core::order::{AutoStartToken, OrderRef, QrStartSecret, QrStartToken};
use bankid_core::request::ApiVersion;
use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue, Uint8Array, within_runtime_if_available};
use napi_derive::napi;
use serde::Serialize;

use crate::error::{Answer, Failure, answer};
use crate::identity::{CertificateFacts, IdentityArguments};
use crate::request;
use crate::stop::Stop;

/// Base URLs of BankID's own environments; their root certificates are built in.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct Environments {
    /// For development.
    pub test: String,
    /// For people.
    pub production: String,
}

/// Where BankID's own environments are.
#[napi(catch_unwind)]
pub fn environments() -> Environments {
    let versioned = |url: &str| format!("{url}/rp/{}", ApiVersion::V6_0.as_str());
    Environments {
        test: versioned(Endpoint::TEST_URL),
        production: versioned(Endpoint::PRODUCTION_URL),
    }
}

/// The settings of a client; what is absent has the default of `bankid-client`.
#[expect(missing_debug_implementations, reason = "it is secret")]
#[napi(object, object_to_js = false)]
pub struct ClientOptions {
    /// With or without the version.
    pub base_url: String,
    /// The authorities to trust, as PEM.
    pub ca: Option<Uint8Array>,
    /// The relying party's.
    pub identity: Option<IdentityArguments>,
    /// For a connection with its handshake.
    pub connect_timeout_ms: Option<u32>,
    /// For an answer.
    pub request_timeout_ms: Option<u32>,
    /// Of one answer.
    pub response_limit_bytes: Option<u32>,
    /// At a time.
    pub max_connections: Option<u32>,
    /// Until an unused connection is let go.
    pub idle_timeout_ms: Option<u32>,
    /// Between collects of one order.
    pub poll_interval_ms: Option<u32>,
    /// Of a call, where that is safe.
    pub retries: Option<u32>,
    /// Before a call is tried again that BankID had no time for.
    pub retry_delay_ms: Option<u32>,
}

impl ClientOptions {
    fn config(&self) -> Result<Config, Box<Failure>> {
        let known = if self.ca.is_none() { Endpoint::of_bankid(&self.base_url) } else { None };
        let endpoint = match known {
            Some(endpoint) => endpoint,
            None => Endpoint::custom(&self.base_url, self.ca.as_deref().unwrap_or_default())?,
        };
        let mut config = match &self.identity {
            Some(identity) => Config::new(endpoint, identity.read()?),
            None => Config::plain(endpoint),
        };
        let ms = |value: u32| Duration::from_millis(value.into());
        let bytes = |value| usize::try_from(value).unwrap_or(usize::MAX);
        if let Some(value) = self.connect_timeout_ms {
            config = config.connect_timeout(ms(value));
        }
        if let Some(value) = self.request_timeout_ms {
            config = config.request_timeout(ms(value));
        }
        if let Some(value) = self.response_limit_bytes {
            config = config.response_limit_bytes(bytes(value));
        }
        if let Some(value) = self.max_connections {
            config = config.max_connections(bytes(value));
        }
        if let Some(value) = self.idle_timeout_ms {
            config = config.idle_timeout(ms(value));
        }
        if let Some(value) = self.poll_interval_ms {
            config = config.poll_interval(ms(value));
        }
        if let Some(value) = self.retries {
            config = config.retries(value);
        }
        if let Some(value) = self.retry_delay_ms {
            config = config.retry_delay(ms(value));
        }
        Ok(config)
    }
}

/// A client of BankID's service.
#[derive(Debug)]
#[napi]
pub struct NativeClient {
    /// Nothing once it is closed.
    client: Mutex<Option<Client>>,
}

/// An order that was started.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct Started {
    /// As JSON.
    pub order: String,
    /// How long ago it was received.
    pub age_ms: f64,
}

/// Makes a client.
#[napi(catch_unwind)]
pub fn connect(options: ClientOptions) -> Answer<NativeClient> {
    let client = options.config().and_then(|config| Ok(Client::new(config)?));
    answer(client.map(|client| NativeClient { client: Mutex::new(Some(client)) }))
}

#[napi]
impl NativeClient {
    /// Starts an order: operation, and request as JSON.
    ///
    /// # Errors
    /// Node has no room for a promise.
    #[napi(catch_unwind, ts_return_type = "Promise<Started | Failure>")]
    pub fn start<'env>(
        &self,
        env: &'env Env,
        operation: String,
        request: String,
        strict: bool,
        stop: Option<&Stop>,
    ) -> napi::Result<PromiseRaw<'env, Answer<Started>>> {
        let (client, stop) = (self.open(), stop.cloned());
        let work = async move {
            let client = client?;
            let start = request::read(request::operation(&operation)?, &request, strict)?;
            let order = ended(Stop::or(stop, client.start(&start)).await)?;
            Ok((client, order))
        };
        promise_of(env, work, |(client, order)| Started::new(&client, &order))
    }

    /// How an order stands, as JSON.
    ///
    /// # Errors
    /// Node has no room for a promise.
    #[napi(catch_unwind, ts_return_type = "Promise<string | Failure>")]
    pub fn collect<'env>(
        &self,
        env: &'env Env,
        order_ref: String,
        stop: Option<&Stop>,
    ) -> napi::Result<PromiseRaw<'env, Answer<String>>> {
        let (client, stop) = (self.open(), stop.cloned());
        promise(env, async move {
            let (client, order_ref) = (client?, named(order_ref)?);
            let collect = ended(Stop::or(stop, client.collect(&order_ref)).await)?;
            json(&collect)
        })
    }

    /// Ends an order.
    ///
    /// # Errors
    /// Node has no room for a promise.
    #[napi(catch_unwind, ts_return_type = "Promise<void | Failure>")]
    pub fn cancel<'env>(
        &self,
        env: &'env Env,
        order_ref: String,
        stop: Option<&Stop>,
    ) -> napi::Result<PromiseRaw<'env, Answer<()>>> {
        let (client, stop) = (self.open(), stop.cloned());
        promise(env, async move {
            let (client, order_ref) = (client?, named(order_ref)?);
            ended(Stop::or(stop, client.cancel(&order_ref)).await)
        })
    }

    /// The certificate in use.
    #[napi(catch_unwind)]
    pub fn identity(&self) -> Option<CertificateFacts> {
        let identity = self.open().ok()?.identity()?;
        Some(CertificateFacts::from(&*identity))
    }

    /// Uses another certificate from now on.
    #[napi(catch_unwind, ts_return_type = "void | Failure")]
    pub fn replace_identity(&self, identity: IdentityArguments) -> Answer<()> {
        let replace = || Ok(self.open()?.replace_identity(identity.read()?)?);
        answer(replace())
    }

    /// Lets go of connections; calls under way end as usual.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        drop(self.client.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl NativeClient {
    pub(crate) fn open(&self) -> Result<Client, Box<Failure>> {
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(Failure::closed)
    }
}

/// A promise of what the work comes to.
pub(crate) fn promise<T: Send + 'static>(
    env: &Env,
    work: impl Future<Output = Result<T, Box<Failure>>> + Send + 'static,
) -> napi::Result<PromiseRaw<'_, Answer<T>>>
where
    Answer<T>: ToNapiValue,
{
    promise_of(env, work, Ok)
}

/// A promise of what is made, on JavaScript's thread, of what the work comes to.
fn promise_of<T: Send + 'static, U: 'static>(
    env: &Env,
    work: impl Future<Output = Result<T, Box<Failure>>> + Send + 'static,
    then: impl FnOnce(T) -> Result<U, Box<Failure>> + 'static,
) -> napi::Result<PromiseRaw<'_, Answer<U>>>
where
    Answer<U>: ToNapiValue,
{
    // Boxed, since napi moves it a dozen times before it runs.
    let mut work = Box::pin(work);
    let call = UnderWay::begin();
    // Where it is the only call, its first turn is on this thread: over a kept connection the request is then on its way
    // before another thread has woken. Many calls are better begun by that thread, which then is awake.
    let first = if call.alone {
        let mut cx = Context::from_waker(Waker::noop());
        within_runtime_if_available(|| work.as_mut().poll(&mut cx))
    } else {
        Poll::Pending
    };
    let rest = async {
        let _call = call;
        match first {
            Poll::Ready(outcome) => Ok(outcome),
            Poll::Pending => Ok(work.await),
        }
    };
    env.spawn_future_with_callback(rest, |_, outcome| Ok(answer(outcome.and_then(then))))
}

/// A call until its answer is there.
struct UnderWay {
    /// No other was under way when it began.
    alone: bool,
}

static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

impl UnderWay {
    fn begin() -> Self {
        Self { alone: UNDER_WAY.fetch_add(1, Ordering::Relaxed) == 0 }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a call came to that may have been ended.
fn ended<T>(outcome: Option<Result<T, Error>>) -> Result<T, Box<Failure>> {
    Ok(outcome.ok_or_else(Failure::aborted)??)
}

pub(crate) fn named(order_ref: String) -> Result<OrderRef, Box<Failure>> {
    OrderRef::try_from(order_ref).map_err(|fault| Failure::argument("orderRef", &fault))
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Box<Failure>> {
    serde_json::to_string(value).map_err(|fault| Failure::argument("answer", &fault))
}

impl Started {
    pub(crate) fn new(client: &Client, order: &Order) -> Result<Self, Box<Failure>> {
        let age = client.now().monotonic.saturating_sub(order.received_at.monotonic);
        Ok(Self { order: json(&OrderDocument::from(order))?, age_ms: age.as_secs_f64() * 1_000.0 })
    }
}

/// An order as JavaScript keeps it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderDocument<'a> {
    operation: &'static str,
    order_ref: &'a OrderRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_start_token: Option<&'a AutoStartToken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_token: Option<&'a QrStartToken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_secret: Option<&'a QrStartSecret>,
    received_at: u64,
    #[serde(flatten)]
    other: &'a OtherMembers,
}

impl<'a> From<&'a Order> for OrderDocument<'a> {
    fn from(order: &'a Order) -> Self {
        let tokens = order.tokens.as_ref();
        Self {
            operation: request::name(order.operation),
            order_ref: &order.order_ref,
            auto_start_token: tokens.map(|tokens| &tokens.auto_start_token),
            qr_start_token: tokens.map(|tokens| &tokens.qr_start_token),
            qr_start_secret: tokens.map(|tokens| &tokens.qr_start_secret),
            received_at: order.received_at.unix_ms,
            other: &order.other,
        }
    }
}
