//! The control plane: how tests drive a running simulator (`/_simulator/v1/...`).
//!
//! One table of routes ([`table`]) drives both what is answered and the OpenAPI document that describes it. Members that
//! are not known are refused: a misspelt instruction that silently did nothing would let a test pass that should fail.
//! Refusals are problem documents (RFC 9457) with a stable `code`.
//!
//! It answers programs on the same machine or network, not web pages (see [`guard`]), and callers in the process by the
//! name of the operation (see [`local`]). It never speaks BankID's protocol: everything here exists in the simulator alone.

mod described;
mod documents;
mod guard;
mod handlers;
mod local;
#[cfg(test)]
mod openapi;
mod problem;
mod route;
mod table;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serve::{BodyFault, BodyLimits};
use tokio::sync::watch;

use crate::completion::Signers;
use crate::document::{Format, Node};
use crate::lane::World;
use crate::nearest::nearest;
use crate::telemetry::Access;

pub(crate) use guard::Guard;
pub(crate) use local::Calling;
use problem::{Code, Problem};
use route::{Answer as _, Reply, Route};

/// Where the control plane lies.
pub(crate) const PREFIX: &str = "/_simulator/v1";

/// What tells whether the simulator is up, on every port.
pub(crate) const HEALTH: &str = "/_simulator/v1/health";

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Bodies are small: a scenario's steps, a scanned QR text.
const BODY_LIMITS: BodyLimits = BodyLimits { bytes: 64 * 1024, time: Duration::from_secs(10) };

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The control plane of one simulator.
pub(crate) struct Control {
    guard: Guard,
    routes: Vec<Route>,
    world: Arc<World>,
    stopping: watch::Sender<bool>,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("guard", &self.guard).finish_non_exhaustive()
    }
}

/// The OpenAPI document of the control plane. Generated from the route table; a test keeps it so.
pub(crate) const OPENAPI: &str = include_str!("../../../openapi.json");

impl Control {
    pub(crate) fn new(guard: Guard, world: Arc<World>) -> Self {
        Self { guard, routes: table::routes(), world, stopping: watch::Sender::new(false) }
    }

    /// Whether a path is the control plane's.
    pub(crate) fn owns(path: &str) -> bool {
        path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Lets everybody go who waits for something: the simulator is about to stop.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// The number of the order that was started last in a lane; 0 if none was.
    pub(crate) fn last_order(&self, lane: &str) -> u64 {
        self.world.existing(lane).map_or(0, |lane| lane.last_sequence())
    }

    /// Who signs for the people of all lanes.
    pub(crate) fn signers(&self) -> &Arc<Signers> {
        self.world.signers()
    }

    /// Waits until the simulator is about to stop.
    async fn stopped(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        drop(self.stopping.subscribe().wait_for(|stopping| *stopping).await);
    }

    /// Answers one call.
    pub(crate) async fn answer<B>(self: &Arc<Self>, request: Request<B>) -> Response<serve::Full>
    where
        B: http_body::Body<Data = Bytes>,
    {
        let access = Access::begin();
        let (parts, body) = request.into_parts();
        // What is named in the log: never the path, which may hold an orderRef.
        let (mut operation, mut lane) = ("none", String::new());
        let found = self.guard.check_origin(&parts).map_err(Refusal::from);
        let reply = match found.and_then(|()| self.find(&parts)) {
            Ok((route, call)) => {
                operation = route.id;
                call.lane().clone_into(&mut lane);
                self.reply(&parts, body, route, call).await
            }
            Err(refusal) => Err(refusal),
        };
        let mut response = match reply {
            Ok(reply) => good(reply),
            Err(refusal) => refusal.response(),
        };
        access.end(operation, &lane, response.status());
        guard_from_browsers(&mut response);
        response
    }

    async fn reply<B>(
        self: &Arc<Self>,
        parts: &Parts,
        body: B,
        route: &Route,
        call: route::Call,
    ) -> Result<Reply, Refusal>
    where
        B: http_body::Body<Data = Bytes>,
    {
        if !route.open {
            self.guard.check_token(&parts.headers)?;
        }
        let input = if parts.method == Method::GET {
            Node::parse(parts.uri.query().unwrap_or_default(), Format::Query)
        } else {
            let body = read_body(parts, body).await?;
            let text = std::str::from_utf8(&body).map_err(|error| {
                Problem::new(Code::InvalidMember, format!("the body is not UTF-8: {error}"))
            })?;
            // A call that has nothing to say needs no body.
            Node::parse(if text.is_empty() { "{}" } else { text }, Format::Json)
        };
        let input = input.map_err(|fault| Problem::of_fault(Code::InvalidMember, fault))?;
        Ok(route.answer(Arc::clone(self), call, input).finish().await?)
    }

    /// The route that answers, and what varies in its path.
    fn find(&self, parts: &Parts) -> Result<(&Route, route::Call), Refusal> {
        let path = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        let mut allowed = Vec::new();
        for route in &self.routes {
            if let Some(call) = route.matches(path) {
                if route.method == parts.method {
                    return Ok((route, call));
                }
                allowed.push(route.method.as_str());
            }
        }
        if allowed.is_empty() {
            let known: Vec<String> =
                self.routes.iter().filter_map(|route| route.path_like(path)).collect();
            let near = nearest(path, known.iter().map(String::as_str))
                .map(|near| format!("{PREFIX}{near}"));
            let detail = format!("no such route; {PREFIX}/openapi.json lists them all");
            return Err(Problem::new(Code::NotFound, detail).with_nearest(near).into());
        }
        let allowed = allowed.join(", ");
        let problem = Problem::new(Code::MethodNotAllowed, format!("this route takes {allowed}"));
        Err(Refusal { problem, allow: HeaderValue::try_from(allowed).ok(), close: false })
    }
}

/// The health, on ports that have no control plane: whoever watches over a process may reach no other. It tells no more
/// than that something is there.
pub(crate) fn health() -> Response<serve::Full> {
    let mut response = good(handlers::server::up().reply(StatusCode::OK));
    guard_from_browsers(&mut response);
    response
}

fn guard_from_browsers(response: &mut Response<serve::Full>) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Whatever a browser is made to fetch from here, it shall not take for a page.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

async fn read_body<B>(parts: &Parts, body: B) -> Result<Bytes, Refusal>
where
    B: http_body::Body<Data = Bytes>,
{
    let body = serve::collect(body, BODY_LIMITS).await.map_err(|fault| {
        let problem = match fault {
            BodyFault::TooLarge => {
                Problem::new(Code::BodyTooLarge, "the body is larger than 64 kB")
            }
            BodyFault::TooSlow => {
                Problem::new(Code::RequestTimeout, "the body did not arrive in time")
            }
            BodyFault::Broken => Problem::new(Code::InvalidMember, "the body did not arrive whole"),
        };
        Refusal { close: true, ..Refusal::from(problem) }
    })?;
    if !body.is_empty() && !is_json(parts) {
        let problem = Problem::new(Code::UnsupportedMediaType, "the body must be application/json");
        return Err(problem.with_member("Content-Type").into());
    }
    Ok(body)
}

/// Unlike BankID's, this API minds no parameters behind the type. It does mind the type: a form of a foreign page
/// cannot send this one.
fn is_json(parts: &Parts) -> bool {
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn good(reply: Reply) -> Response<serve::Full> {
    let mut response = Response::new(serve::Full::default());
    *response.status_mut() = reply.status;
    if let Some(body) = reply.body {
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        *response.body_mut() = serve::Full::from(body);
    }
    response
}

/// A problem and what goes with it in the head of the answer.
struct Refusal {
    problem: Problem,
    allow: Option<HeaderValue>,
    close: bool,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, allow: None, close: false }
    }
}

impl Refusal {
    fn response(self) -> Response<serve::Full> {
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = Response::new(serve::Full::from(body));
        *response.status_mut() = self.problem.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, allow);
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if self.problem.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests;
