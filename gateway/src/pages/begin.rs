//! From a page's start to a session with an order under way.

use std::sync::Arc;

use bankid_core::launch::ReturnUrl;
use bankid_core::message::{Language, StartMode};
use bankid_core::update::Situation;
use http::{Response, header};

use super::answer::empty;
use super::board::Board;
use super::cookie::Secret;
use super::desk::Names;
use super::follow::{Follower, Guide, Moment, Turn};
use super::session::{NoPlace, Session, Stage};
use super::start::{self, Asked, Way};
use super::{FIRST, PageBody, PageCall, Pages, end, shelf};
use crate::fault::{Code, Fault};
use crate::orders::Limits;
use crate::request::StartBody;

/// An order that is to be started.
struct Plan {
    owner: Arc<str>,
    body: StartBody,
    way: Way,
    language: Language,
    names: Names,
    back: Option<ReturnUrl>,
    ticket: Option<Secret>,
}

impl Pages {
    pub(super) async fn start(
        &self,
        call: &PageCall,
        asked: Asked,
        language: Language,
    ) -> Result<Response<PageBody>, Arc<Fault>> {
        let (this, call) = (self.clone(), call.clone());
        // Who hangs up leaves no order behind that nobody follows.
        let begun = tokio::spawn(async move { this.begin(&call, &asked, language).await });
        let session = begun.await.unwrap_or_else(|_ended| {
            Err(Fault::new(Code::InternalError, "The start was cut off.").into())
        })?;
        let mut response = empty();
        if let Some(cookie) = self.desk.cookie.set(&session, Limits::KEEP_PENDING) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// Starts an order in place of the one before; the name of its session.
    async fn begin(
        &self,
        call: &PageCall,
        asked: &Asked,
        language: Language,
    ) -> Result<Secret, Arc<Fault>> {
        let desk = &self.desk;
        let way = asked.way(&call.user_agent)?;
        let names = desk.names()?;
        let back = asked.return_url(&desk.settings, call.origin.as_str(), way, &names.nonce)?;
        let Some(ticket) = asked.ticket() else {
            let (owner, body) = (Arc::clone(&desk.owner), asked.body(&desk.settings)?);
            let plan = Plan { owner, body, way, language, names, back, ticket: None };
            return self.order(call, plan).await;
        };
        let orders = self.gateway.order_store();
        let presented = shelf::present(orders, &ticket, call.session, names.session.key()).await?;
        let presented = presented.ok_or_else(|| {
            Fault::new(Code::TicketRefused, "It is unknown, used up, or another browser's.")
        })?;
        let (owner, body) = (Arc::clone(&presented.owner), presented.body.clone());
        let plan = Plan { owner, body, way, language, names, back, ticket: Some(ticket.clone()) };
        let begun = self.order(call, plan).await;
        if begun.is_err() {
            shelf::release(orders, &ticket, &presented).await?;
        }
        begun
    }

    async fn order(&self, call: &PageCall, plan: Plan) -> Result<Secret, Arc<Fault>> {
        let Plan { owner, body, way, language, names, back, ticket } = plan;
        let body = start::completed(&body, call.address, back.as_ref());
        let start = body.start()?;
        if let Some(before) = self.desk.find(call.session) {
            self.desk.forget(&before);
            end(&self.gateway, &before).await;
            shelf::revoke(self.gateway.order_store(), &before).await?;
        }
        let place = self.desk.places.take(call.address).map_err(|full| match full {
            NoPlace::Here => {
                let detail = "Too many sessions at once from this address.";
                Fault::new(Code::TooManyRequests, detail).retry_after(1)
            }
            NoPlace::Anywhere => {
                tracing::warn!(code = "storeFull", "a session was refused for want of room");
                let detail = "Try again later. The operator can raise pages.sessions.";
                Fault::new(Code::StoreFull, detail).retry_after(1)
            }
        })?;
        let live = self.gateway.order_store().start(&owner, &start, body.len()).await?;
        let guide = self.guide(&live.order, way, language);
        let moment = self.gateway.client().now();
        let now = Moment { monotonic: moment.monotonic, unix_ms: moment.unix_ms };
        let first = Follower::event(&guide, &Turn::of(FIRST), names.code.as_str(), now);
        let back = back.filter(|url| names.nonce.is_in(url.as_str()));
        let session = Arc::new(Session {
            key: names.session.key(),
            owner,
            order_ref: live.order.order_ref.clone(),
            start_mode: way.start_mode,
            language,
            address: call.address,
            ticket,
            nonce: back.map(|_| names.nonce),
            code: names.code,
            board: Board::new(first),
            stage: Stage::default(),
            _place: place,
        });
        self.desk.open(&session);
        let (gateway, desk) = (self.gateway.clone(), Arc::clone(&self.desk));
        tokio::spawn(Follower { gateway, desk, session, guide }.run());
        Ok(names.session)
    }

    fn guide(&self, order: &bankid_client::Order, way: Way, language: Language) -> Guide {
        let Way { start_mode, browser } = way;
        let tokens = order.tokens.as_ref();
        let link = |tokens: &bankid_client::Tokens| {
            start::start_url(&self.desk.settings, way, &tokens.auto_start_token).into()
        };
        Guide {
            situation: Situation { language, device: browser.device(), start_mode },
            // The link lets any app take the order (7.4): who scans has no need of it.
            start_url: tokens.filter(|_| start_mode == StartMode::Autostart).map(link),
            codes: tokens
                .filter(|_| start_mode == StartMode::Qr)
                .map(bankid_client::Tokens::qr_key),
            received: order.received_at.monotonic,
        }
    }
}
