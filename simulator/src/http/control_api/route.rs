//! One entry of the route table: what it is called, what it takes and gives, and who answers.
//!
//! The types a handler takes and gives are at once what its body is read into and what the OpenAPI document says of
//! it, so the two cannot drift apart.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::described::{Described, Description, description};
use super::problem::{Code, Problem};
use crate::document::{Fault, Node};

/// What a handler works on.
pub(super) type State = Arc<super::Control>;

type Handler = Box<dyn Fn(State, Call, Node) -> Answering + Send + Sync>;

/// How a call is answered. All but the few that wait are answered by the time the handler returns.
pub(super) enum Answering {
    Now(Result<Reply, Problem>),
    Later(Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>),
}

impl Answering {
    pub(super) async fn finish(self) -> Result<Reply, Problem> {
        match self {
            Self::Now(answer) => answer,
            Self::Later(answer) => answer.await,
        }
    }
}

/// A good answer, ready to send: `None` is an answer without a body.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Option<Bytes>,
}

/// One call of a route: the parts of its path that vary.
#[derive(Debug, Default)]
pub(super) struct Call {
    parameters: Vec<(&'static str, String)>,
}

impl Call {
    /// The value of `{name}` in the route's path. A route that asks for one it does not have would be caught by the
    /// test that calls every route.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }

    pub(super) fn lane(&self) -> &str {
        self.parameter("lane")
    }
}

/// A route.
pub(super) struct Route {
    pub(super) method: Method,
    /// Below `/_simulator/v1`, with `{lane}` for a part that varies.
    pub(super) path: &'static str,
    /// The `operationId` of the OpenAPI document.
    pub(super) id: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the OpenAPI document"))]
    pub(super) summary: &'static str,
    /// What it takes: members of the body, or of the query for `GET`.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the OpenAPI document"))]
    pub(super) takes: Option<Description>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the OpenAPI document"))]
    pub(super) gives: Option<Description>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the OpenAPI document"))]
    pub(super) status: StatusCode,
    /// Refusals beyond those that every route may answer with.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the OpenAPI document"))]
    pub(super) refusals: &'static [Code],
    /// Open to callers without the token.
    pub(super) open: bool,
    handler: Handler,
}

impl Route {
    /// The call this route would answer `path` by, if the path is its.
    pub(super) fn matches(&self, path: &str) -> Option<Call> {
        let mut call = Call::default();
        let mut parts = path.split('/');
        for own in self.path.split('/') {
            let part = parts.next()?;
            match parameter_name(own) {
                Some(name) if !part.is_empty() => call.parameters.push((name, part.to_owned())),
                None if own == part => {}
                Some(_) | None => return None,
            }
        }
        parts.next().is_none().then_some(call)
    }

    /// The call whose path has these values where the route's path varies.
    pub(super) fn with(&self, values: &[(&str, &str)]) -> Call {
        let value = |name: &str| values.iter().find(|(given, _)| *given == name);
        let parameters = self
            .path_parameters()
            .map(|name| (name, value(name).map_or("", |(_, value)| *value).to_owned()));
        Call { parameters: parameters.collect() }
    }

    /// The names of the parts that vary.
    pub(super) fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(parameter_name)
    }

    /// The route's path with the parts of `path` where it varies: what the caller of a misspelt path may have meant.
    pub(super) fn path_like(&self, path: &str) -> Option<String> {
        if self.path.split('/').count() != path.split('/').count() {
            return None;
        }
        let parts = self.path.split('/').zip(path.split('/'));
        let parts = parts.map(|(own, part)| parameter_name(own).map_or(own, |_| part));
        Some(parts.collect::<Vec<_>>().join("/"))
    }

    pub(super) fn answer(&self, state: State, call: Call, input: Node) -> Answering {
        (self.handler)(state, call, input)
    }
}

/// `lane` of `{lane}`
fn parameter_name(part: &'static str) -> Option<&'static str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// A route without its handler.
pub(super) struct Draft {
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    status: StatusCode,
    refusals: &'static [Code],
    open: bool,
}

/// Begins a route.
pub(super) fn route(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
) -> Draft {
    Draft { method, path, id, summary, status: StatusCode::OK, refusals: &[], open: false }
}

impl Draft {
    /// The status of a good answer, where it is not 200.
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Refusals beyond those that every route may answer with.
    pub(super) fn refuses(self, refusals: &'static [Code]) -> Self {
        Self { refusals, ..self }
    }

    /// Open to callers without the token.
    pub(super) fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// A handler that takes nothing but the path.
    pub(super) fn gives<A: Answer>(
        self,
        handler: fn(&State, &Call) -> Result<A, Problem>,
    ) -> Route {
        let status = self.status;
        self.build::<A>(None, move |state, call, input| {
            let answer = nothing_in(input).and_then(|()| handler(&state, &call));
            Answering::Now(answer.map(|answer| answer.reply(status)))
        })
    }

    /// A handler that takes members of the body, or of the query for `GET`.
    pub(super) fn takes<I, A>(self, handler: fn(&State, &Call, &I) -> Result<A, Problem>) -> Route
    where
        I: DeserializeOwned + Described + 'static,
        A: Answer,
    {
        let status = self.status;
        self.build::<A>(Some(description::<I>()), move |state, call, input| {
            let answer = read(input).and_then(|input| handler(&state, &call, &input));
            Answering::Now(answer.map(|answer| answer.reply(status)))
        })
    }

    /// As [`Draft::takes`], for a handler that may wait.
    pub(super) fn waits<I, A, F>(self, handler: fn(State, Call, I) -> F) -> Route
    where
        I: DeserializeOwned + Described + Send + 'static,
        A: Answer,
        F: Future<Output = Result<A, Problem>> + Send + 'static,
    {
        let status = self.status;
        self.build::<A>(Some(description::<I>()), move |state, call, input| match read(input) {
            Ok(input) => {
                let answering = handler(state, call, input);
                Answering::Later(Box::pin(async move { Ok(answering.await?.reply(status)) }))
            }
            Err(problem) => Answering::Now(Err(problem)),
        })
    }

    /// As [`Draft::gives`], for a handler that may wait.
    pub(super) fn gives_later<A, F>(self, handler: fn(State) -> F) -> Route
    where
        A: Answer,
        F: Future<Output = Result<A, Problem>> + Send + 'static,
    {
        let status = self.status;
        self.build::<A>(None, move |state, _call, input| match nothing_in(input) {
            Ok(()) => {
                let answering = handler(state);
                Answering::Later(Box::pin(async move { Ok(answering.await?.reply(status)) }))
            }
            Err(problem) => Answering::Now(Err(problem)),
        })
    }

    fn build<A: Answer>(
        self,
        takes: Option<Description>,
        handler: impl Fn(State, Call, Node) -> Answering + Send + Sync + 'static,
    ) -> Route {
        let Self { method, path, id, summary, status, refusals, open } = self;
        let (gives, handler) = (A::description(), Box::new(handler));
        Route { method, path, id, summary, takes, gives, status, refusals, open, handler }
    }
}

fn read<I: DeserializeOwned>(input: Node) -> Result<I, Problem> {
    input.into_type().map_err(|fault: Fault| Problem::of_fault(Code::InvalidMember, fault))
}

/// A misspelt parameter is as loud where none is taken at all.
fn nothing_in(input: Node) -> Result<(), Problem> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    read(input).map(|Nothing {}| ())
}

/// What a handler may give.
pub(super) trait Answer: Send + 'static {
    /// How the OpenAPI document describes it; `None` for an answer without a body.
    fn description() -> Option<Description>;

    fn reply(self, status: StatusCode) -> Reply;
}

/// No body.
pub(super) struct Done;

impl Answer for Done {
    fn description() -> Option<Description> {
        None
    }

    fn reply(self, _status: StatusCode) -> Reply {
        Reply { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// JSON that is written already.
pub(super) struct Written(pub(super) &'static str);

impl Answer for Written {
    fn description() -> Option<Description> {
        Some(description::<serde_json::Value>())
    }

    fn reply(self, status: StatusCode) -> Reply {
        Reply { status, body: Some(Bytes::from_static(self.0.as_bytes())) }
    }
}

/// A value as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize + Described + Send + 'static> Answer for Json<T> {
    fn description() -> Option<Description> {
        Some(description::<T>())
    }

    fn reply(self, status: StatusCode) -> Reply {
        // Our own types have text keys and finite numbers, the only things JSON cannot do without.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        Reply { status, body: Some(body.into()) }
    }
}
