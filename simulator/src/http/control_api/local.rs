//! Calls from within the process: by the name of the operation, with the same documents and refusals.
//!
//! There is no request, so there is nobody to guard against: whoever holds the simulator may do all of this anyway. What
//! needs no waiting is done by the time [`Control::call`] returns, so that calls take effect in the order they are made.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use super::problem::{Code, Problem};
use super::route::{Answering, Reply};
use super::{BODY_LIMITS, Control};
use crate::document::{Format, Node};
use crate::nearest::nearest;

/// The HTTP status that goes with an answer, and its document; empty if it has none.
type Answer = (u16, Bytes);

/// An answer, or the promise of one.
pub(crate) enum Calling {
    Done(Answer),
    Waiting(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Control {
    /// Calls an operation by its `operationId`. `path` has the values of what varies in its path, `input` the members of
    /// its body or query as a JSON document.
    pub(crate) fn call(
        self: &Arc<Self>,
        operation: &str,
        path: &[(&str, &str)],
        input: &str,
    ) -> Calling {
        match self.begin(operation, path, input) {
            Ok(Answering::Now(answer)) => Calling::Done(written(answer)),
            Ok(Answering::Later(answer)) => {
                Calling::Waiting(Box::pin(async { written(answer.await) }))
            }
            Err(problem) => Calling::Done(written(Err(problem))),
        }
    }

    fn begin(
        self: &Arc<Self>,
        operation: &str,
        path: &[(&str, &str)],
        input: &str,
    ) -> Result<Answering, Problem> {
        if *self.stopping.borrow() {
            return Err(Problem::new(Code::Stopped, "the simulator has been stopped"));
        }
        let Some(route) = self.routes.iter().find(|route| route.id == operation) else {
            let near = nearest(operation, self.routes.iter().map(|route| route.id));
            let detail = "no such operation; the OpenAPI document lists them all";
            return Err(Problem::new(Code::NotFound, detail).with_nearest(near));
        };
        if input.len() > BODY_LIMITS.bytes {
            return Err(Problem::new(Code::BodyTooLarge, "the input is larger than 64 kB"));
        }
        let input = Node::parse(if input.is_empty() { "{}" } else { input }, Format::Json)
            .map_err(|fault| Problem::of_fault(Code::InvalidMember, fault))?;
        Ok(route.answer(Arc::clone(self), route.with(path), input))
    }
}

fn written(answer: Result<Reply, Problem>) -> Answer {
    match answer {
        Ok(Reply { status, body }) => (status.as_u16(), body.unwrap_or_default()),
        Err(problem) => {
            let body = serde_json::to_vec(&problem).unwrap_or_default();
            (problem.status().as_u16(), body.into())
        }
    }
}
