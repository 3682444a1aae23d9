//! The surface for pages: start, events, return and cancel, for browsers that have no key.
//!
//! A page starts an order and gets a cookie that no script can read. The order's name, its secrets and its result stay here;
//! the page is sent what there is to show ([`OrderUpdate`](bankid_core::update::OrderUpdate)), as server-sent events, and at
//! the end a code, which the relying party's backend exchanges for the result with its key.
//!
//! | path | |
//! |---|---|
//! | `POST /session/start` | starts an order in place of the one before |
//! | `GET /session/events` | what there is to show, until the order is over |
//! | `POST /session/cancel` | ends the order |
//! | `POST /session/return` | the user is back from the app, with the nonce (8.4) |
//! | `GET /session` | whether there is an order: after a reload |
//!
//! Like [`Gateway`] it knows no sockets: the head of a request and the address that it came from go in, a response comes out,
//! whose body may be a stream. Sessions lie in the memory of one instance, tickets and codes in the store of all.

mod address;
mod answer;
mod begin;
mod board;
mod cookie;
mod desk;
mod follow;
mod origin;
mod session;
mod settings;
pub(crate) mod shelf;
mod start;
mod stream;

use std::net::IpAddr;
use std::sync::Arc;

use bankid_core::collect::PendingHint;
use bankid_core::message::Language;
use bankid_core::update::Status;
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};

use self::answer::{OrderState, SessionState, allow, empty, failed, preflight, told};
use self::cookie::Key;
pub(crate) use self::cookie::Secret;
pub(crate) use self::desk::Desk;
pub use self::desk::{NoRandom, Random};
use self::follow::Follower;
pub use self::origin::{BadOrigin, Origin};
pub(crate) use self::session::SessionOrigin;
use self::session::{Phase, Session};
pub use self::settings::{BadPageSettings, ForwardingHeader, PageSettings};
use self::start::{Asked, Returned};
pub use self::stream::PageBody;
use crate::documents::respond;
use crate::fault::{Code, Fault};
use crate::media::{Media, language};
use crate::routes::{BodyFault, Gateway};

/// How every order stands at first (4.2).
const FIRST: Status = Status::Pending(Some(PendingHint::OutstandingTransaction));

const JSON: &str = "application/json";

/// The surface for pages of a [`Gateway`]. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Pages {
    gateway: Gateway,
    desk: Arc<Desk>,
}

/// What becomes of a page's request by its head.
#[derive(Debug)]
pub enum PageAdmission {
    /// Its body is to be read.
    Admitted(PageCall),
    /// It is answered already, and its body is of no interest.
    Answered(Response<PageBody>),
}

/// A page's request that may be served.
#[derive(Clone, Debug)]
pub struct PageCall {
    action: Action,
    origin: Origin,
    language: Language,
    address: IpAddr,
    session: Option<Key>,
    user_agent: Box<str>,
}

/// What a page may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Look,
    Listen,
    Start,
    Cancel,
    Return,
}

impl Action {
    const ALL: [Self; 5] = [Self::Look, Self::Listen, Self::Start, Self::Cancel, Self::Return];

    const fn path(self) -> &'static str {
        match self {
            Self::Look => "/session",
            Self::Listen => "/session/events",
            Self::Start => "/session/start",
            Self::Cancel => "/session/cancel",
            Self::Return => "/session/return",
        }
    }

    const fn method(self) -> Method {
        match self {
            Self::Look | Self::Listen => Method::GET,
            Self::Start | Self::Cancel | Self::Return => Method::POST,
        }
    }
}

impl Pages {
    pub(crate) const fn new(gateway: Gateway, desk: Arc<Desk>) -> Self {
        Self { gateway, desk }
    }

    /// The most that the body of a request may have, where pages may not bring texts of their own.
    pub const BODY_BYTES: usize = 16 * 1024;

    /// The most that the body of a page's request may have; nothing where texts come from pages too.
    pub fn body_bytes(&self) -> Option<usize> {
        (!self.desk.settings.free_texts).then_some(Self::BODY_BYTES)
    }

    /// Judges the head of a request, which came from this address. Nothing if its path is not one of pages.
    pub fn admit(&self, head: &Parts, connection: IpAddr) -> Option<PageAdmission> {
        let path = head.uri.path();
        if path != Action::Look.path() && !path.starts_with("/session/") {
            return None;
        }
        let action = Action::ALL.into_iter().find(|action| action.path() == path);
        let refused = |fault: &Fault, origin| {
            let response = failed(fault, language(&head.headers));
            PageAdmission::Answered(self.shared(response, origin))
        };
        let origin = match self.origin(head, action) {
            Ok(origin) => origin,
            Err(fault) => return Some(refused(&fault, None)),
        };
        let judged = self.judge(head, action, origin, connection);
        Some(judged.unwrap_or_else(|fault| refused(&fault, origin)))
    }

    /// Answers a request that was admitted.
    pub async fn serve(&self, call: &PageCall, body: Bytes) -> Response<PageBody> {
        let began = self.gateway.client().now().monotonic;
        let mut language = call.language;
        let served = match call.action {
            Action::Start => match Asked::read(&body) {
                Ok(asked) => {
                    language = asked.language().unwrap_or(language);
                    self.start(call, asked, language).await
                }
                Err(fault) => Err(fault.into()),
            },
            Action::Return => self.returns(call, &body).await,
            Action::Cancel | Action::Look | Action::Listen => self.cancel(call).await,
        };
        let code = served.as_ref().err().map(|fault| fault.code.to_string());
        let response = served.unwrap_or_else(|fault| failed(&fault, language));
        let took = self.gateway.client().now().monotonic.saturating_sub(began);
        tracing::info!(
            caller = "page",
            call = call.action.path(),
            status = response.status().as_u16(),
            code,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        self.shared(response, Some(&call.origin))
    }

    /// Answers a request that was admitted and whose body could not be read. The connection cannot be used again.
    pub fn refuse(&self, call: &PageCall, fault: BodyFault) -> Response<PageBody> {
        self.shared(failed(&fault.into(), call.language), Some(&call.origin))
    }

    /// Ends all streams, now and from now on. Browsers come back by themselves, to whoever answers then.
    pub fn close(&self) {
        self.desk.close();
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> usize {
        self.desk.len()
    }

    /// Where the page is from. What changes something must say so, and who asks whether it may call.
    fn origin(&self, head: &Parts, action: Option<Action>) -> Result<Option<&Origin>, Fault> {
        let is_change = action.is_some_and(|action| action.method() == Method::POST);
        let must_say = is_change || head.method == Method::OPTIONS;
        origin::permitted(&self.desk.settings.origins, &head.headers, must_say)
    }

    fn judge(
        &self,
        head: &Parts,
        action: Option<Action>,
        origin: Option<&Origin>,
        connection: IpAddr,
    ) -> Result<PageAdmission, Fault> {
        let Parts { method, headers, .. } = head;
        let Some(action) = action else {
            let paths = Action::ALL.map(Action::path).join(", ");
            return Err(Fault::new(Code::NotFound, format!("There are {paths}.")));
        };
        let session = self.desk.cookie.read(headers);
        let answer = match (action, origin) {
            (_, Some(origin)) if *method == Method::OPTIONS && self.desk.settings.cross_origin => {
                preflight(action, origin)
            }
            _ if *method != action.method() => {
                let detail = format!("The method is {}.", action.method());
                return Err(Fault::new(Code::MethodNotAllowed, detail));
            }
            (Action::Start | Action::Cancel | Action::Return, Some(origin)) => {
                // A form of another page cannot send this type, and a script of another origin asks before it does.
                if action != Action::Cancel && Media::of_body(headers)? != Media::Documented {
                    let detail = format!("There must be one Content-Type: {JSON}.");
                    return Err(Fault::new(Code::UnsupportedMediaType, detail));
                }
                let call = self.call(action, origin, session, headers, connection);
                return Ok(PageAdmission::Admitted(call));
            }
            (Action::Look, _) => self.state(session),
            _ => self.events(session)?,
        };
        Ok(PageAdmission::Answered(self.shared(answer, origin)))
    }

    fn call(
        &self,
        action: Action,
        origin: &Origin,
        session: Option<Key>,
        headers: &HeaderMap,
        connection: IpAddr,
    ) -> PageCall {
        let PageSettings { trusted_proxies, forwarding_header, .. } = &self.desk.settings;
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        PageCall {
            action,
            origin: origin.clone(),
            language: language(headers),
            address: address::of_user(connection, headers, trusted_proxies, *forwarding_header),
            session,
            user_agent: agent.unwrap_or_default().into(),
        }
    }

    /// The order of a session, for a page that was loaded anew.
    fn state(&self, session: Option<Key>) -> Response<PageBody> {
        let session = self.desk.find(session);
        let order = session.filter(|session| session.stage.phase() != Phase::Over);
        let order = order.map(|session| OrderState {
            start_mode: session.start_mode,
            status: session.stage.phase().as_str(),
        });
        told(StatusCode::OK, &SessionState { order })
    }

    fn events(&self, session: Option<Key>) -> Result<Response<PageBody>, Fault> {
        // To this a browser does not come back.
        let Some(session) = self.desk.find(session) else { return Ok(empty()) };
        let Some(body) = PageBody::events(session, self.desk.settings.streams_per_session) else {
            let detail = "Too many pages listen to this order.";
            return Err(Fault::new(Code::TooManyRequests, detail));
        };
        let mut response = respond(StatusCode::OK, "text/event-stream", Bytes::new()).map(|_| body);
        let buffering = HeaderName::from_static("x-accel-buffering");
        response.headers_mut().insert(buffering, HeaderValue::from_static("no"));
        Ok(response)
    }

    async fn returns(
        &self,
        call: &PageCall,
        body: &[u8],
    ) -> Result<Response<PageBody>, Arc<Fault>> {
        let returned: Returned = serde_json::from_slice(body).unwrap_or_default();
        if let Some(session) = self.desk.find(call.session) {
            let is_known =
                session.nonce.as_ref().is_none_or(|nonce| nonce.is_in(&returned.returned));
            let is_here = !self.desk.settings.same_address
                || address::block(session.address) == address::block(call.address);
            if !is_known || !is_here {
                let detail =
                    if is_known { "The address is another." } else { "The nonce is another." };
                return Err(Fault::new(Code::ReturnRefused, detail).into());
            }
            if session.nonce.is_some() && !session.stage.has_returned() {
                session.stage.returns();
                if session.stage.phase() == Phase::Complete {
                    let (orders, time) = (self.gateway.order_store(), self.desk.settings.code_time);
                    shelf::issue(orders, &session, time).await?;
                }
            }
        }
        Ok(self.state(call.session))
    }

    async fn cancel(&self, call: &PageCall) -> Result<Response<PageBody>, Arc<Fault>> {
        if let Some(session) = self.desk.find(call.session) {
            // What is over stays so: another window may be about to fetch the result.
            if session.stage.phase() == Phase::Pending {
                self.desk.forget(&session);
                end(&self.gateway, &session).await;
            }
        }
        Ok(empty())
    }

    /// Lets a page of an allowed origin read the answer, where pages may call across origins.
    fn shared(
        &self,
        mut response: Response<PageBody>,
        origin: Option<&Origin>,
    ) -> Response<PageBody> {
        if self.desk.settings.cross_origin {
            let headers = response.headers_mut();
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
            if let Some(origin) = origin {
                allow(headers, origin);
            }
        }
        response
    }
}

/// Ends a session, and its order with it.
async fn end(gateway: &Gateway, session: &Session) {
    let was = session.stage.is_over_now();
    session.board.show(Follower::cancelled(session, gateway.client().now().unix_ms));
    if was == Phase::Pending {
        // What goes wrong is logged there, and nothing comes of the order here any more.
        drop(gateway.order_store().cancel(&session.owner, &session.order_ref).await);
    }
}
