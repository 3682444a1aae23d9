//! Following the order of a session: one task for each, however many pages look on.
//!
//! It asks [`Orders`] how the order stands, which asks BankID at BankID's pace, and writes what there is to show on the
//! session's board. It goes on without anybody looking: on a phone the page hangs up while the app is in front. Only an order
//! that is shown as a code is given up when its last page has been gone for a while.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::FollowOptions;
use bankid_core::launch::Device;
use bankid_core::message::{Language, Message, StartMode};
use bankid_core::qr;
use bankid_core::update::{OrderUpdate, Situation, Status};
use serde::Serialize;

use super::board::Event;
use super::desk::Desk;
use super::session::{Phase, Session};
use super::shelf;
use crate::fault::Fault;
use crate::orders::{Limits, Standing};
use crate::routes::Gateway;

/// How often BankID may be asked (4.4).
const COLLECT_EVERY: Duration = Duration::from_secs(2);

/// A line on which nothing was said for so long is taken for dead by many proxies; and whether the other side is gone shows
/// when something is written.
const BEAT_EVERY: Duration = Duration::from_secs(10);

/// Collects in a row that may fail in passing before the user is told.
const FAILURES: u32 = FollowOptions::DEFAULT_TRANSIENT_ERROR_LIMIT;

/// What stays the same as long as the order does.
pub(super) struct Guide {
    pub(super) situation: Situation,
    pub(super) start_url: Option<Box<str>>,
    pub(super) codes: Option<qr::Key>,
    pub(super) received: Duration,
}

/// How the order stands, and what to tell its user instead of the usual where it is no matter of the order.
#[derive(Clone, PartialEq)]
pub(super) struct Turn {
    pub(super) status: Status,
    pub(super) text: Option<&'static str>,
}

impl Turn {
    pub(super) const fn of(status: Status) -> Self {
        Self { status, text: None }
    }

    fn failed(fault: &Fault, language: Language) -> Self {
        Self { status: Status::Failed(None), text: Some(fault.message(language)) }
    }
}

type Collected = Result<Arc<Standing>, Arc<Fault>>;

pub(super) struct Follower {
    pub(super) gateway: Gateway,
    pub(super) desk: Arc<Desk>,
    pub(super) session: Arc<Session>,
    pub(super) guide: Guide,
}

impl Follower {
    /// The event of this moment.
    pub(super) fn event(guide: &Guide, turn: &Turn, code: &str, now: Moment) -> Event {
        let mut update = OrderUpdate::new(turn.status.clone(), guide.situation, now.unix_ms);
        if let Some(text) = turn.text {
            update = update.with_message(text);
        }
        if let (Some(key), Some(second)) = (&guide.codes, now.second(guide)) {
            update = update.with_qr(&key.frame(second));
        }
        if let Some(url) = &guide.start_url {
            update = update.with_start_url(url);
        }
        if turn.status != Status::Complete {
            let whole = written(&update, None);
            return Event { whole, withheld: None, is_last: turn.status.is_final() };
        }
        let elsewhere = match guide.situation.language {
            Language::Swedish => "Fortsätt i fönstret som BankID-appen öppnade.",
            Language::English => "Continue in the window that the BankID app opened.",
        };
        let whole = written(&update, Some(code));
        let withheld = written(&update.with_message(elsewhere), None);
        Event { whole, withheld: Some(withheld), is_last: true }
    }

    /// The event of an order that its user has given up.
    pub(super) fn cancelled(session: &Session, unix_ms: u64) -> Event {
        let (language, start_mode) = (session.language, session.start_mode);
        let situation = Situation { language, device: Device::Computer, start_mode };
        let update = OrderUpdate::new(Status::Failed(None), situation, unix_ms)
            .with_message(Message::Rfa6.text(language));
        Event { whole: written(&update, None), withheld: None, is_last: true }
    }

    /// Follows the order to its end, and keeps the session for as long as its result can be fetched.
    pub(super) async fn run(self) {
        let is_told = self.until_final().await;
        let Self { gateway, desk, session, .. } = self;
        if !is_told {
            return desk.forget(&session);
        }
        // A result that is fetched ends the session, and nothing here must hold on to it.
        let kept = Arc::downgrade(&session);
        drop(session);
        let until = gateway.client().now().monotonic.saturating_add(desk.settings.code_time);
        gateway.client().clock().sleep_until(until).await;
        if let Some(session) = kept.upgrade() {
            desk.forget(&session);
        }
    }

    /// Whether there is an end to be told.
    async fn until_final(&self) -> bool {
        let mut turn = Turn::of(super::FIRST);
        let mut shown = (turn.clone(), self.now().second(&self.guide));
        let mut collect_at = self.guide.received.saturating_add(COLLECT_EVERY);
        let mut beat_at = self.guide.received.saturating_add(BEAT_EVERY);
        let (mut failures, mut left_at) = (0, None);
        let mut under_way: Option<Pin<Box<dyn Future<Output = Collected> + Send>>> = None;
        loop {
            let now = self.now();
            if self.session.stage.phase() == Phase::Over {
                return false;
            }
            if self.is_given_up(now.monotonic, &mut left_at) {
                super::end(&self.gateway, &self.session).await;
                return false;
            }
            if under_way.is_none() && now.monotonic >= collect_at {
                collect_at = now.monotonic.saturating_add(COLLECT_EVERY);
                under_way =
                    Some(Box::pin(collect(self.gateway.clone(), Arc::clone(&self.session))));
            }
            let seen = (turn.clone(), now.second(&self.guide).filter(|_| turn.status.shows_qr()));
            if seen != shown {
                let before = std::mem::replace(&mut shown, seen);
                beat_at = now.monotonic.saturating_add(BEAT_EVERY);
                match self.tell(&turn, now).await {
                    Ok(true) => return true,
                    Ok(false) => {}
                    // A result is told when it can be had: the next collect comes to the same.
                    Err(_lost) => {
                        turn = before.0.clone();
                        shown = before;
                    }
                }
            } else if now.monotonic >= beat_at {
                beat_at = now.monotonic.saturating_add(BEAT_EVERY);
                self.session.board.beat();
            }
            let code_at = shown.1.map(|_| now.next_second(&self.guide));
            let collect_due = under_way.is_none().then_some(collect_at);
            let next = [Some(beat_at), collect_due, code_at].into_iter().flatten().min();
            let alarm = self.gateway.client().clock().sleep_until(next.unwrap_or(beat_at));
            tokio::select! {
                biased;
                collected = answer_of(&mut under_way) => {
                    under_way = None;
                    turn = self.judge(collected, &mut failures).unwrap_or(turn);
                }
                () = alarm => {}
            }
        }
    }

    /// Shows how the order stands. Whether that was the end of it, which a result becomes only unless it was cancelled
    /// meanwhile.
    async fn tell(&self, turn: &Turn, now: Moment) -> Result<bool, Arc<Fault>> {
        let phase = Phase::of(&turn.status);
        let is_final = turn.status.is_final();
        let session = &*self.session;
        let mut is_issued = false;
        if phase == Phase::Complete && session.is_with_its_user() {
            self.issue().await?;
            is_issued = true;
        }
        if is_final && !session.stage.ends_as(phase) {
            shelf::revoke(self.gateway.order_store(), session).await?;
            return Ok(false);
        }
        // Who has come back at this very moment has seen an order that was not complete.
        if phase == Phase::Complete && !is_issued && session.is_with_its_user() {
            self.issue().await?;
        }
        let event = Self::event(&self.guide, turn, session.code.as_str(), now);
        session.board.show(event);
        Ok(is_final)
    }

    async fn issue(&self) -> Result<(), Arc<Fault>> {
        let time = self.desk.settings.code_time;
        shelf::issue(self.gateway.order_store(), &self.session, time).await
    }

    /// What a collect comes to; nothing if the next one may do better.
    fn judge(&self, collected: Collected, failures: &mut u32) -> Option<Turn> {
        match collected {
            Ok(standing) => {
                *failures = 0;
                Some(Turn::of(Status::from(&standing.answer)))
            }
            Err(fault) => {
                // Where the store is away for a while, the order goes on.
                let age = self.now().monotonic.saturating_sub(self.guide.received);
                if fault.code != "storeLost" || age > Limits::KEEP_PENDING {
                    *failures += 1;
                }
                let is_end = fault.ends_an_order() || *failures > FAILURES;
                is_end.then(|| Turn::failed(&fault, self.guide.situation.language))
            }
        }
    }

    /// Whether nobody has looked for so long that nobody will.
    fn is_given_up(&self, now: Duration, left_at: &mut Option<Duration>) -> bool {
        if self.session.start_mode != StartMode::Qr || !self.session.board.is_left() {
            *left_at = None;
            return false;
        }
        let since = *left_at.get_or_insert(now);
        now.saturating_sub(since) >= self.desk.settings.grace
    }

    fn now(&self) -> Moment {
        let moment = self.gateway.client().now();
        Moment { monotonic: moment.monotonic, unix_ms: moment.unix_ms }
    }
}

/// A moment of an order.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) monotonic: Duration,
    pub(super) unix_ms: u64,
}

impl Moment {
    /// The second of the code to show (7.1), while there is one (7.6).
    fn second(self, guide: &Guide) -> Option<u32> {
        guide.codes.as_ref()?;
        let elapsed = self.monotonic.saturating_sub(guide.received).as_secs();
        u32::try_from(elapsed).ok().filter(|second| *second < qr::LIFETIME_SECONDS)
    }

    fn next_second(self, guide: &Guide) -> Duration {
        let elapsed = self.monotonic.saturating_sub(guide.received).as_secs();
        guide.received.saturating_add(Duration::from_secs(elapsed.saturating_add(1)))
    }
}

async fn collect(gateway: Gateway, session: Arc<Session>) -> Collected {
    let (_, standing) = gateway.order_store().collect(&session.owner, &session.order_ref).await?;
    Ok(standing)
}

async fn answer_of<F: Future + Unpin>(under_way: &mut Option<F>) -> F::Output {
    match under_way {
        Some(call) => call.await,
        None => std::future::pending().await,
    }
}

/// An update with what only the end of an order has.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    update: &'a OrderUpdate,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

/// An event of the stream.
#[expect(clippy::expect_used, reason = "an update holds nothing that JSON cannot say")]
fn written(update: &OrderUpdate, code: Option<&str>) -> bytes::Bytes {
    let mut event = b"data: ".to_vec();
    serde_json::to_writer(&mut event, &Written { update, code }).expect("an update is JSON");
    event.extend(b"\n\n");
    event.into()
}
