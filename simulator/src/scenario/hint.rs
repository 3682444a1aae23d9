//! Hints as a scenario names them.

use std::{fmt, sync::Arc};

/// A `hintCode`: one of the documented ones (4.2, 4.3), or one that nobody knows yet. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Hint(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Documented(&'static str),
    Unknown(Arc<str>),
}

impl Hint {
    /// Every documented hint of a pending order (4.2).
    pub const PENDING: [&'static str; 9] = [
        "outstandingTransaction",
        "noClient",
        "started",
        "userMrtd",
        "userCallConfirm",
        "userSign",
        "processing",
        "userStepUp",
        "userFace",
    ];

    /// Every documented hint of a failed order (4.3).
    pub const FAILED: [&'static str; 13] = [
        "expiredTransaction",
        "certificateErr",
        "userCancel",
        "cancelled",
        "startFailed",
        "userDeclinedCall",
        "notSupportedByUserApp",
        "transactionRiskBlocked",
        "mrtdVerificationFailed",
        "facialRecognitionFailed",
        "nfcNotSupportedByDevice",
        "multipleBankIdsOnDevice",
        "stepUpFailed",
    ];

    pub(crate) const fn documented(text: &'static str) -> Self {
        Self(Kind::Documented(text))
    }

    /// The hint of a pending order with this text.
    pub(super) fn pending(text: &str) -> Self {
        Self::of(&Self::PENDING, text)
    }

    /// The hint of a failed order with this text.
    pub(super) fn failed(text: &str) -> Self {
        Self::of(&Self::FAILED, text)
    }

    fn of(documented: &[&'static str], text: &str) -> Self {
        match documented.iter().find(|known| **known == text) {
            Some(known) => Self::documented(known),
            None => Self(Kind::Unknown(text.into())),
        }
    }

    /// The hint as collect answers it.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Documented(text) => text,
            Kind::Unknown(text) => text,
        }
    }

    /// Whether an order with this hint has been picked up by an app.
    pub(super) fn is_picked_up(&self) -> bool {
        !matches!(self.as_str(), "outstandingTransaction" | "noClient")
    }

    /// As the language of timelines writes it.
    pub(super) fn fmt_step(&self, f: &mut fmt::Formatter<'_>, pending: bool) -> fmt::Result {
        match &self.0 {
            Kind::Documented(text) => f.write_str(text),
            Kind::Unknown(text) if pending => write!(f, "pending:{text}"),
            Kind::Unknown(text) => write!(f, "failed:{text}"),
        }
    }
}

impl PartialEq for Hint {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Hint {}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
