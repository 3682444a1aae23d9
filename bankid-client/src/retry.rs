//! What may be done after a failed call (6.4), as data.

use crate::Call;

/// What may be done after a failed call. A client applies it by itself only as far as [`Client`](crate::Client) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Do not send it again: it would fail again, or an order may exist that a second one would collide with.
    Never,
    /// BankID has not seen it; it may be sent again at once.
    SafeNow,
    /// BankID is temporarily unavailable; it may be sent again after a while.
    Later,
    /// Collect again when the next poll is due. If the answer that got lost was the final one, it cannot be had again.
    NextPoll,
    /// Cancel once more; `No such order` then means that it has been cancelled.
    Once,
}

impl Retry {
    /// A stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::SafeNow => "safeNow",
            Self::Later => "later",
            Self::NextPoll => "nextPoll",
            Self::Once => "once",
        }
    }
}

/// How a call failed, as far as 6.4 tells failures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Before the request was sent.
    NotSent,
    /// After it was sent, and before an answer was read.
    NoAnswer,
    /// BankID answered with this status.
    Status(u16),
}

/// The table of 6.4.
pub(crate) const fn policy(call: Call, failure: Failure) -> Retry {
    match (failure, call) {
        (Failure::NotSent, _) => Retry::SafeNow,
        (Failure::NoAnswer | Failure::Status(408 | 429 | 500..), Call::Collect) => Retry::NextPoll,
        (Failure::NoAnswer, Call::Cancel) => Retry::Once,
        (Failure::Status(429 | 503), Call::Start(_) | Call::Cancel) => Retry::Later,
        (Failure::NoAnswer, Call::Start(_)) | (Failure::Status(_), _) => Retry::Never,
    }
}
