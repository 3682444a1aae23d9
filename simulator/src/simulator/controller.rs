//! The control plane without HTTP.

use std::{fmt, pin::Pin, sync::Arc};

use bytes::Bytes;

use super::NoUserRoot;
use crate::http::{Calling, Control};

/// Calls of the control plane from within the process, as documents: what drives a simulator from another language. In
/// Rust, [`LaneHandle`](super::LaneHandle) says the same with types.
///
/// It is cheap to copy, and may outlive its simulator; when that has stopped, every call is refused as `stopped`.
///
/// ```
/// use simulator::{Called, Simulator};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let simulator = Simulator::builder().tls(false).start().await?;
/// let controller = simulator.controller();
/// let called = controller.call("queueOutcome", &[("lane", "default")], r#"{"scenario":"userCancle"}"#);
/// let Called::Done(answer) = called else { panic!("nothing to wait for") };
/// assert_eq!(answer.status, 400);
/// assert!(std::str::from_utf8(&answer.body)?.contains(r#""nearest":"userCancel""#));
/// # simulator.stop().await?;
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(demo()).unwrap();
/// ```
#[derive(Clone)]
pub struct Controller {
    control: Arc<Control>,
}

impl fmt::Debug for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controller").finish_non_exhaustive()
    }
}

/// What a call of the control plane came to.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status it would have; 400 and more is a refusal.
    pub status: u16,
    /// The document in JSON: what was asked for, a problem document (RFC 9457), or nothing at all.
    pub body: Bytes,
}

// Orders have personal numbers in them.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How far a call has come when it returns.
pub enum Called {
    /// It is done.
    Done(Answer),
    /// It waits for something to happen; dropping it ends the wait. To be awaited on a tokio runtime.
    Waiting(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(answer) => f.debug_tuple("Done").field(answer).finish(),
            Self::Waiting(_) => f.write_str("Waiting"),
        }
    }
}

impl Controller {
    pub(super) fn new(control: Arc<Control>) -> Self {
        Self { control }
    }

    /// Calls an operation by the `operationId` it has in `openapi.json`. `path` has the values of what varies in its path
    /// (`lane`, `orderRef`), `input` the members of its body or query as a JSON document.
    ///
    /// All but `waitForOrder` and `readUserRoot` are done when this returns.
    pub fn call(&self, operation: &str, path: &[(&str, &str)], input: &str) -> Called {
        let answer = |(status, body)| Answer { status, body };
        match self.control.call(operation, path, input) {
            Calling::Done(done) => Called::Done(answer(done)),
            Calling::Waiting(waiting) => {
                Called::Waiting(Box::pin(async move { answer(waiting.await) }))
            }
        }
    }

    /// The number of the order that was started last in a lane: what to wait behind for the next one. 0 if none was.
    pub fn last_order(&self, lane: &str) -> u64 {
        self.control.last_order(lane)
    }

    /// As [`Simulator::user_root_pem`](super::Simulator::user_root_pem).
    ///
    /// # Errors
    /// The keys could not be made, or the root in the folder cannot be used.
    pub async fn user_root_pem(&self) -> Result<String, NoUserRoot> {
        self.control.signers().root_pem().await.map_err(NoUserRoot)
    }
}
