//! Following an order to its end: collecting at the permitted pace (4.4), and telling what to show meanwhile.
//!
//! A [`Follow`] has at most one call under way, and runs only while it is asked: nothing goes on in the background. It may be
//! asked by [`next`](Follow::next) or as a stream. A `next` that is dropped loses nothing: the call that was under way is kept.

mod abort;
mod options;

use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bankid_core::collect::{Collect, CompletionData, FailedHint, PendingHint};
use bankid_core::error::ErrorCode;
use bankid_core::message::StartMode;
use bankid_core::order::OrderRef;
use bankid_core::qr;
use bankid_core::update::{OrderUpdate, Status};
use futures_core::Stream;
use tokio::runtime::Handle;

pub use self::abort::AbortHandle;
pub use self::options::FollowOptions;
use crate::order::Request;
use crate::{Client, Error, Order, Retry};

/// How an order stands, and what to show for it. This is the server-side form: only [`progress`](Self::progress) is for the
/// user's browser.
#[derive(Clone, Debug)]
pub struct Update {
    /// The order it is about: after a restart, the new one.
    pub order_ref: OrderRef,
    /// What to show.
    pub progress: OrderUpdate,
    /// The order that was started in place of the one before, with the first update about it.
    pub restarted: Option<Order>,
    /// Who completed the order, and the proof of it; with the last update of a completed order.
    pub completion: Option<Box<CompletionData>>,
}

/// An order being followed. It ends with an update that is final, or with an error.
pub struct Follow {
    client: Client,
    order: Order,
    options: FollowOptions,
    qr: Option<qr::Key>,
    start_url: Option<Box<str>>,
    under_way: Option<UnderWay>,
    /// When the next collect is due.
    collect_at: Duration,
    /// What wakes it next, and when.
    alarm: Option<(Duration, Later<()>)>,
    /// How the order stood last.
    status: Option<Status>,
    /// The status and the second of the QR code that were handed out last.
    shown: Option<(Status, Option<u32>)>,
    failures: u32,
    /// Whether an answer got lost that may have been the final one.
    lost: bool,
    restarts_left: u32,
    restarted: Option<Order>,
    /// Whether there is nothing more to say.
    over: bool,
    /// Whether BankID has no such order any more, as far as is known.
    gone: bool,
    abort: AbortHandle,
    /// Where a cancel can run when this is dropped elsewhere.
    runtime: Option<Handle>,
}

enum UnderWay {
    Collect(Later<Result<Collect, Error>>),
    Start(Later<Result<Order, Error>>),
}

type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type Item = Result<Update, Error>;

impl Client {
    /// Follows an order to its end.
    pub fn follow(&self, order: &Order, options: FollowOptions) -> Follow {
        Follow::new(self.clone(), order.clone(), options)
    }
}

impl Follow {
    fn new(client: Client, order: Order, options: FollowOptions) -> Self {
        let collect_at = client.clock().now();
        let restarts_left = options.restart_after_start_failed;
        let mut follow = Self {
            client,
            order,
            options,
            qr: None,
            start_url: None,
            under_way: None,
            collect_at,
            alarm: None,
            status: None,
            shown: None,
            failures: 0,
            lost: false,
            restarts_left,
            restarted: None,
            over: false,
            gone: false,
            abort: AbortHandle::default(),
            runtime: None,
        };
        follow.prepare();
        follow
    }

    /// The next change: of the order's state, or of the QR code. Nothing once the order is over.
    pub async fn next(&mut self) -> Option<Result<Update, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The order that is followed now.
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// Gives up; the next `next` says so.
    pub fn abort(&self) {
        self.abort.abort();
    }

    /// Gives up, and waits until the order is cancelled where that is asked for: dropping this leaves it to the runtime,
    /// which may come to its end before.
    pub async fn stop(mut self) {
        if let Some(cancel) = self.last_call() {
            cancel.await;
        }
    }

    /// Gives up from elsewhere.
    pub fn abort_handle(&self) -> AbortHandle {
        self.abort.clone()
    }

    /// What stays the same as long as the order does.
    fn prepare(&mut self) {
        let tokens = self.order.tokens.as_ref();
        let codes = tokens.filter(|_| self.options.start_mode == StartMode::Qr);
        self.qr = codes.map(crate::Tokens::qr_key);
        let url = tokens.map(|tokens| self.options.start_url(&tokens.auto_start_token));
        self.start_url = url.map(Into::into);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if self.runtime.is_none() {
            self.runtime = Handle::try_current().ok();
        }
        if self.abort.is_aborted(cx) {
            self.over = true;
            self.give_up();
            return Poll::Ready(Some(Err(Error::Aborted)));
        }
        loop {
            let now = self.client.clock().now();
            if self.under_way.is_none() && now >= self.collect_at {
                self.collect(now);
            }
            if let Poll::Ready(said) = self.go_on(cx) {
                match said {
                    Some(item) => return Poll::Ready(Some(item)),
                    None => continue,
                }
            }
            if let Some(update) = self.next_code(now) {
                return Poll::Ready(Some(Ok(update)));
            }
            ready!(self.wait(now, cx));
        }
    }

    fn collect(&mut self, now: Duration) {
        self.collect_at = now.saturating_add(self.client.poll_interval());
        let (client, order) = (self.client.clone(), self.order.clone());
        let call = async move { client.collect_order(&order).await };
        self.under_way = Some(UnderWay::Collect(Box::pin(call)));
    }

    /// Lets the call under way go on. Once it has ended: what there is to say of it.
    fn go_on(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let said = match &mut self.under_way {
            None => return Poll::Pending,
            Some(UnderWay::Collect(call)) => {
                let outcome = ready!(call.as_mut().poll(cx));
                self.under_way = None;
                self.collected(outcome)
            }
            Some(UnderWay::Start(call)) => {
                let outcome = ready!(call.as_mut().poll(cx));
                self.under_way = None;
                Some(self.started_again(outcome))
            }
        };
        Poll::Ready(said)
    }

    fn collected(&mut self, outcome: Result<Collect, Error>) -> Option<Item> {
        let answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return self.failed(error),
        };
        self.failures = 0;
        self.lost = false;
        let status = Status::from(&answer);
        self.gone = answer.is_final();
        if status == Status::Failed(Some(FailedHint::StartFailed)) && self.start_again() {
            return None;
        }
        self.over = self.gone;
        let is_news = self.shown.as_ref().is_none_or(|(shown, _)| *shown != status);
        self.status = Some(status);
        let completion = match answer {
            Collect::Complete { completion_data, .. } => Some(completion_data),
            Collect::Pending { .. } | Collect::Failed { .. } => None,
        };
        is_news.then(|| self.update(completion)).flatten().map(Ok)
    }

    /// A collect that failed: passed over if another one may do better (6.4).
    fn failed(&mut self, error: Error) -> Option<Item> {
        let refused = error.error_code() == Some(&ErrorCode::InvalidParameters);
        if refused && self.lost {
            self.over = true;
            self.gone = true;
            return Some(Err(Error::ResultLost { order_ref: self.order.order_ref.clone() }));
        }
        self.lost |= matches!(
            error,
            Error::Timeout { sent: true, .. } | Error::Connection { sent: true, .. }
        );
        self.failures += 1;
        let in_passing = matches!(error.retry(), Retry::NextPoll | Retry::SafeNow);
        if in_passing && self.failures <= self.options.transient_error_limit {
            return None;
        }
        self.over = true;
        self.gone = refused || matches!(error, Error::CompletionRefused(_));
        Some(Err(error))
    }

    /// Starts the order again, if that was asked for and its request is known. Only a QR code can be followed by another:
    /// whoever tapped a link has left for the app with the old order's token.
    fn start_again(&mut self) -> bool {
        if self.options.start_mode != StartMode::Qr {
            return false;
        }
        let (Some(Request(body)), 1..) = (self.order.request.clone(), self.restarts_left) else {
            return false;
        };
        self.restarts_left -= 1;
        let (client, version, operation) =
            (self.client.clone(), self.order.api_version, self.order.operation);
        let call = async move { client.start_body(version, operation, body).await };
        self.under_way = Some(UnderWay::Start(Box::pin(call)));
        true
    }

    fn started_again(&mut self, outcome: Result<Order, Error>) -> Item {
        let order = match outcome {
            Ok(order) => order,
            Err(error) => {
                self.over = true;
                return Err(error);
            }
        };
        self.gone = false;
        self.collect_at = order.received_at.monotonic.saturating_add(self.client.poll_interval());
        self.order = order.clone();
        self.restarted = Some(order);
        self.prepare();
        // The first hint of every order (4.2): the code changes without a gap.
        let status = Status::Pending(Some(PendingHint::OutstandingTransaction));
        self.status = Some(status);
        self.update(None).ok_or(Error::Aborted)
    }

    /// An update if the second of the QR code is another than that of the last one.
    fn next_code(&mut self, now: Duration) -> Option<Update> {
        let (_, shown) = self.shown.as_ref()?;
        (*shown != self.second(now)).then(|| self.update(None)).flatten()
    }

    /// The second of the QR code to show (7.1), if there is one to show (7.3, 7.6).
    fn second(&self, now: Duration) -> Option<u32> {
        let shows = self.status.as_ref().is_some_and(Status::shows_qr) && self.qr.is_some();
        let elapsed = now.saturating_sub(self.order.received_at.monotonic);
        let second = u32::try_from(elapsed.as_secs()).ok().filter(|_| shows)?;
        (second < qr::LIFETIME_SECONDS).then_some(second)
    }

    fn update(&mut self, completion: Option<Box<CompletionData>>) -> Option<Update> {
        let status = self.status.clone()?;
        let moment = self.client.now();
        let second = self.second(moment.monotonic);
        let situation = self.options.situation();
        let mut progress = OrderUpdate::new(status.clone(), situation, moment.unix_ms);
        if let (Some(key), Some(second)) = (&self.qr, second) {
            progress = progress.with_qr(&key.frame(second));
        }
        if let Some(url) = &self.start_url {
            progress = progress.with_start_url(url);
        }
        self.shown = Some((status, second));
        let order_ref = self.order.order_ref.clone();
        Some(Update { order_ref, progress, restarted: self.restarted.take(), completion })
    }

    /// Waits for whichever comes first: the next collect or the next code. The call under way wakes by itself.
    fn wait(&mut self, now: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let collect = self.under_way.is_none().then_some(self.collect_at);
        let received = self.order.received_at.monotonic;
        let next = self.second(now).map(|second| Duration::from_secs(u64::from(second) + 1));
        let code = next.map(|next| received.saturating_add(next));
        let Some(at) = collect.into_iter().chain(code).min() else { return Poll::Pending };
        if self.alarm.as_ref().is_none_or(|(set, _)| *set != at) {
            self.alarm = Some((at, self.client.clock().sleep_until(at)));
        }
        if let Some((_, alarm)) = &mut self.alarm {
            ready!(alarm.as_mut().poll(cx));
        }
        self.alarm = None;
        Poll::Ready(())
    }

    /// Leaves what is still to do to the runtime.
    fn give_up(&mut self) {
        let runtime = Handle::try_current().ok().or_else(|| self.runtime.take());
        if let (Some(cancel), Some(runtime)) = (self.last_call(), runtime) {
            runtime.spawn(cancel);
        }
    }

    /// Cancels the order, if that was asked for and there may still be one. There is nothing more to do after it.
    fn last_call(&mut self) -> Option<Later<()>> {
        let under_way = self.under_way.take();
        let gone = mem::replace(&mut self.gone, true);
        if !self.options.cancel_when_dropped {
            return None;
        }
        let client = self.client.clone();
        match under_way {
            // The order that comes of it would be nobody's.
            Some(UnderWay::Start(call)) => Some(Box::pin(async move {
                if let Ok(order) = call.await {
                    let _best_effort = client.cancel_order(&order).await;
                }
            })),
            Some(UnderWay::Collect(_)) | None if !gone => {
                let order = self.order.clone();
                Some(Box::pin(async move {
                    let _best_effort = client.cancel_order(&order).await;
                }))
            }
            Some(UnderWay::Collect(_)) | None => None,
        }
    }
}

impl Stream for Follow {
    type Item = Result<Update, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("order_ref", &self.order.order_ref)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
