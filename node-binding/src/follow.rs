//! Following an order: JavaScript asks for one update after the other.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Client, Follow, FollowOptions, Moment, Order, Tokens, Update};
use bankid_core::collect::CompletionData;
use bankid_core::launch::{AppLinks, Browser};
use bankid_core::request::ApiVersion;
use bankid_core::update::OrderUpdate;
use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::client::{NativeClient, Started, json, named, promise};
use crate::error::{Answer, Failure, answer};
use crate::request;
use crate::stop::Stop;
use crate::word::optional;

/// What to follow, and how.
#[expect(missing_debug_implementations, reason = "it is secret")]
#[napi(object, object_to_js = false)]
pub struct FollowArguments {
    /// The order's.
    pub operation: String,
    /// The order's.
    pub order_ref: String,
    /// The order's, if it has any tokens.
    pub auto_start_token: Option<String>,
    /// The order's.
    pub qr_start_token: Option<String>,
    /// The order's.
    pub qr_start_secret: Option<String>,
    /// How long ago the order was received.
    pub age_ms: f64,
    /// The request that started it, as JSON, if this process has it.
    pub request: Option<String>,
    /// Of the messages.
    pub language: Option<String>,
    /// What shows the messages.
    pub device: Option<String>,
    /// How the user gets to the order.
    pub start_mode: Option<String>,
    /// The browser's.
    pub user_agent: Option<String>,
    /// Of the browser's screen.
    pub max_touch_points: Option<u32>,
    /// Whether the order is cancelled when this is given up.
    pub cancel_when_stopped: Option<bool>,
    /// How often it may be started again.
    pub restarts: Option<u32>,
}

impl FollowArguments {
    fn order(&self, client: &Client) -> Result<Order, Box<Failure>> {
        let operation = request::operation(&self.operation)?;
        let order_ref = named(self.order_ref.clone())?;
        let order = Order::new(
            operation,
            ApiVersion::V6_0,
            order_ref,
            self.tokens()?,
            self.received(client),
        );
        match &self.request {
            Some(json) => Ok(order.with_request(&request::read(operation, json, false)?)),
            None => Ok(order),
        }
    }

    fn tokens(&self) -> Result<Option<Tokens>, Box<Failure>> {
        let (Some(auto_start), Some(token), Some(secret)) =
            (&self.auto_start_token, &self.qr_start_token, &self.qr_start_secret)
        else {
            return Ok(None);
        };
        Ok(Some(Tokens {
            auto_start_token: auto_start
                .as_str()
                .try_into()
                .map_err(|fault| Failure::argument("autoStartToken", &fault))?,
            qr_start_token: token
                .as_str()
                .try_into()
                .map_err(|fault| Failure::argument("qrStartToken", &fault))?,
            qr_start_secret: secret
                .as_str()
                .try_into()
                .map_err(|fault| Failure::argument("qrStartSecret", &fault))?,
        }))
    }

    fn received(&self, client: &Client) -> Moment {
        let now = client.now();
        let ago = Duration::try_from_secs_f64(self.age_ms / 1_000.0).unwrap_or_default();
        let ago_ms = u64::try_from(ago.as_millis()).unwrap_or(u64::MAX);
        Moment {
            monotonic: now.monotonic.saturating_sub(ago),
            unix_ms: now.unix_ms.saturating_sub(ago_ms),
        }
    }

    fn options(&self) -> Result<FollowOptions, Box<Failure>> {
        let mut options = FollowOptions::default();
        if let Some(user_agent) = &self.user_agent {
            let browser = Browser::detect(user_agent, self.max_touch_points.unwrap_or_default());
            options = options.for_browser(browser, AppLinks::default());
        }
        options.language = optional("language", self.language.as_deref())?.unwrap_or_default();
        options.device = optional("device", self.device.as_deref())?.unwrap_or(options.device);
        options.start_mode =
            optional("startMode", self.start_mode.as_deref())?.unwrap_or(options.start_mode);
        options.cancel_when_dropped = self.cancel_when_stopped.unwrap_or_default();
        options.restart_after_start_failed = self.restarts.unwrap_or_default();
        Ok(options)
    }
}

/// An order that is being followed.
#[derive(Debug)]
#[napi]
pub struct NativeFollow {
    client: Client,
    /// Nothing once it was stopped.
    follow: Arc<Mutex<Option<Follow>>>,
    stop: Stop,
}

/// One update.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct NextUpdate {
    /// As JSON.
    pub update: String,
    /// The order that was started in place of the one before.
    pub restarted: Option<Started>,
}

#[napi]
impl NativeClient {
    /// Follows an order.
    #[napi(catch_unwind)]
    pub fn follow(&self, given: FollowArguments) -> Answer<NativeFollow> {
        let follow = || {
            let client = self.open()?;
            let follow = client.follow(&given.order(&client)?, given.options()?);
            Ok(NativeFollow {
                client,
                follow: Arc::new(Mutex::new(Some(follow))),
                stop: Stop::new(),
            })
        };
        answer(follow())
    }
}

#[napi]
impl NativeFollow {
    /// The next update; nothing when it is over or was stopped.
    ///
    /// # Errors
    /// Node has no room for a promise.
    #[napi(catch_unwind, ts_return_type = "Promise<NextUpdate | null | Failure>")]
    pub fn next<'env>(
        &self,
        env: &'env Env,
    ) -> napi::Result<PromiseRaw<'env, Answer<Option<NextUpdate>>>> {
        let (client, follow, stop) =
            (self.client.clone(), Arc::clone(&self.follow), self.stop.clone());
        promise(env, async move {
            let mut follow = follow.lock().await;
            let Some(follow) = follow.as_mut() else { return Ok(None) };
            match Stop::or(Some(stop), follow.next()).await.flatten() {
                None => Ok(None),
                Some(update) => NextUpdate::new(&client, update?).map(Some),
            }
        })
    }

    /// Ends it: a `next` under way answers nothing. Once the order is cancelled, if that was asked for and is due.
    ///
    /// # Errors
    /// Node has no room for a promise.
    #[napi(catch_unwind, ts_return_type = "Promise<void | Failure>")]
    pub fn stop<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, Answer<()>>> {
        self.stop.stop();
        let follow = Arc::clone(&self.follow);
        promise(env, async move {
            let follow = follow.lock().await.take();
            if let Some(follow) = follow {
                follow.stop().await;
            }
            Ok(())
        })
    }
}

impl NextUpdate {
    fn new(client: &Client, update: Update) -> Result<Self, Box<Failure>> {
        let Update { order_ref, progress, restarted, completion } = update;
        let document = UpdateDocument {
            order_ref: order_ref.as_str(),
            progress: &progress,
            completion_data: completion.as_deref(),
        };
        let restarted = restarted.map(|order| Started::new(client, &order)).transpose()?;
        Ok(Self { update: json(&document)?, restarted })
    }
}

/// An update as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateDocument<'a> {
    order_ref: &'a str,
    #[serde(flatten)]
    progress: &'a OrderUpdate,
    #[serde(skip_serializing_if = "Option::is_none")]
    completion_data: Option<&'a CompletionData>,
}
