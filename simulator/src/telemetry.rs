//! What is logged of each request.

use std::time::Duration;

use http::StatusCode;
use tracing::Level;

use crate::clock;

/// One request, timed if anybody wants to know. While its line is not logged it costs one comparison.
///
/// The line says what was asked and how it went, and nothing of what was said: no path, no header, no token.
pub(crate) struct Access {
    began: Option<Duration>,
}

impl Access {
    pub(crate) fn begin() -> Self {
        Self { began: tracing::enabled!(Level::DEBUG).then(clock::real_time) }
    }

    /// The answer is about to go out.
    pub(crate) fn end(self, operation: &str, lane: &str, status: StatusCode) {
        let Some(began) = self.began else { return };
        let took = clock::real_time().saturating_sub(began);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        tracing::debug!(operation, lane, status = status.as_u16(), micros, "answered");
    }
}
