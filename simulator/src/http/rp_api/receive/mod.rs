//! The transport's part of BankID's checks, in the order of 14.1: method, content type, body. (The path comes first, and
//! is the router's.) What stands in the body is not looked at.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, EXPECT};
use http::request::Parts;
use http::{HeaderMap, Method};
use http_body::Body;
use serve::{BodyFault, BodyLimits, collect, discard};

use super::answer::{self, Answer};

#[cfg(test)]
mod tests;

/// The largest body (14.1).
const BODY_LIMIT: usize = 512 * 1024;

/// The time a body may take (14.1).
const BODY_TIME: Duration = Duration::from_secs(10);

/// The time that is spent on reading a body that makes no difference any more, so that the connection can be kept.
const DISCARD_TIME: Duration = Duration::from_secs(1);

/// What can be set about receiving requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) body: BodyLimits,
    /// 405 comes without a document (14.1 wants this as a mode, because BankID's may).
    pub(crate) empty_method_not_allowed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body: BodyLimits { bytes: BODY_LIMIT, time: BODY_TIME },
            empty_method_not_allowed: false,
        }
    }
}

/// The body of a request on a known path, or the answer that refuses it.
pub(crate) async fn receive<B>(head: &Parts, body: B, settings: &Settings) -> Result<Bytes, Answer>
where
    B: Body<Data = Bytes>,
{
    if head.method != Method::POST {
        let answer = if settings.empty_method_not_allowed {
            answer::method_not_allowed_empty()
        } else {
            answer::method_not_allowed()
        };
        return Err(refuse(answer, head, body, settings).await);
    }
    if !is_json(&head.headers) {
        return Err(refuse(answer::unsupported_media_type(), head, body, settings).await);
    }
    collect(body, settings.body).await.map_err(|fault| match fault {
        BodyFault::TooSlow => answer::request_timeout().closing(),
        BodyFault::TooLarge | BodyFault::Broken => answer::invalid_request().closing(),
    })
}

/// Readies an answer that does not depend on the body. The body is still read, as far as it comes at once, because the
/// next request stands behind it; a client that waits to be asked for it is not asked.
pub(crate) async fn refuse<B>(answer: Answer, head: &Parts, body: B, settings: &Settings) -> Answer
where
    B: Body<Data = Bytes>,
{
    let limits = BodyLimits { time: settings.body.time.min(DISCARD_TIME), ..settings.body };
    if body.is_end_stream() {
        return answer;
    }
    if head.headers.contains_key(EXPECT) || !discard(body, limits).await {
        return answer.closing();
    }
    answer
}

/// Exactly one `Content-Type`, and exactly this text (1.2): BankID refuses parameters, and media types in other letters,
/// equal by the rules of HTTP, are treated like them (chosen).
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    values.next().is_some_and(|value| value == "application/json") && values.next().is_none()
}
