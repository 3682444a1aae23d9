//! One shape for all who show an order's progress: the client's follower, streams of a gateway, a page.
//!
//! ```json
//! {"status":"pending","hintCode":"outstandingTransaction","qr":"bankid.67df3917-....0.dc69...",
//!  "message":"Starta BankID-appen.","startUrl":"bankid:///?autostarttoken=...&redirect=null","at":1789000000000}
//! ```
//!
//! | Member | Present | Meaning |
//! |---|---|---|
//! | `status` | always | `pending`, `failed` or `complete`; decides alone whether more follows |
//! | `hintCode` | with most pending and failed ones | BankID's word, known or not (4.2, 4.3) |
//! | `qr` | while the code is to be shown | the text to draw, for the current second (7.3) |
//! | `message` | always | the text for the user, in the language that was asked for |
//! | `startUrl` | while pending, for a start on this device | what the button opens (8.1) |
//! | `at` | always | when this was so, in Unix milliseconds |
//!
//! An update is for the browser of the user who started the order, and holds nothing more: no start secret, no
//! `orderRef`, no result. `Debug` hides code and link.
//!
//! ```
//! use bankid_core::{
//!     collect::PendingHint,
//!     launch::Device,
//!     message::{Language, StartMode},
//!     update::{OrderUpdate, Situation, Status},
//! };
//!
//! let situation =
//!     Situation { language: Language::English, device: Device::Computer, start_mode: StartMode::Qr };
//! let scanned = Status::Pending(Some(PendingHint::UserSign));
//! let update = OrderUpdate::new(scanned, situation, 1_789_000_000_000).with_qr("bankid.token.3.code");
//! // Somebody has scanned it: the code is not to be shown any more.
//! assert_eq!(
//!     serde_json::to_string(&update)?,
//!     r#"{"status":"pending","hintCode":"userSign","message":"Enter your security code in the BankID app and select "#
//!         .to_owned() + r#"Identify or Sign.","at":1789000000000}"#,
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, boxed::Box};
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    collect::{Collect, FailedHint, PendingHint},
    launch::Device,
    message::{self, Language, StartMode},
};

/// How an order stands, and what to show for it.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderUpdate {
    status: Status,
    qr: Option<Box<str>>,
    message: Box<str>,
    start_url: Option<Box<str>>,
    at: u64,
}

impl OrderUpdate {
    /// An update with the recommended message; `at_unix_ms` is when the order stood so.
    pub fn new(status: Status, situation: Situation, at_unix_ms: u64) -> Self {
        let message = status.text(situation).into();
        Self { status, qr: None, message, start_url: None, at: at_unix_ms }
    }

    /// With the QR text, which is left out unless the code is to be shown ([`Status::shows_qr`]).
    #[must_use]
    pub fn with_qr(mut self, text: &str) -> Self {
        self.qr = self.status.shows_qr().then(|| text.into());
        self
    }

    /// With the link that starts the app, which is left out once the order is over.
    #[must_use]
    pub fn with_start_url(mut self, url: &str) -> Self {
        self.start_url = (!self.status.is_final()).then(|| url.into());
        self
    }

    /// With another text than the recommended one, for what is no matter of the order: a call that failed, for instance.
    #[must_use]
    pub fn with_message(self, text: &str) -> Self {
        Self { message: text.into(), ..self }
    }

    /// How the order stands.
    pub const fn status(&self) -> &Status {
        &self.status
    }

    /// The text of the QR code to show.
    pub fn qr(&self) -> Option<&str> {
        self.qr.as_deref()
    }

    /// The text for the user.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The link that starts the app on this device.
    pub fn start_url(&self) -> Option<&str> {
        self.start_url.as_deref()
    }

    /// When the order stood so, in Unix milliseconds.
    pub const fn at_unix_ms(&self) -> u64 {
        self.at
    }
}

impl fmt::Debug for OrderUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderUpdate")
            .field("status", &self.status)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// How an order stands: the answer of collect without its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits, normally with a hint at what for.
    Pending(Option<PendingHint>),
    /// It is over without a result, normally with a hint at why.
    Failed(Option<FailedHint>),
    /// It is over, and the result is there.
    Complete,
}

impl Status {
    /// Whether no further update follows.
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::Pending(_))
    }

    /// Whether the QR code is to be shown: only while no app has picked the order up (7.3).
    pub const fn shows_qr(&self) -> bool {
        matches!(
            self,
            Self::Pending(Some(PendingHint::OutstandingTransaction | PendingHint::NoClient))
        )
    }

    /// The text for the user. BankID recommends none for the end of it all, so that one is ours.
    pub fn text(&self, situation: Situation) -> &'static str {
        let Situation { language, device, start_mode } = situation;
        match self {
            Self::Pending(hint) => {
                message::for_pending(hint.as_ref(), device, start_mode).text(language)
            }
            Self::Failed(hint) => message::for_failed(hint.as_ref(), start_mode).text(language),
            Self::Complete => match language {
                Language::Swedish => "Klart.",
                Language::English => "Done.",
            },
        }
    }
}

impl<D> From<&Collect<D>> for Status {
    fn from(answer: &Collect<D>) -> Self {
        match answer {
            Collect::Pending { hint_code, .. } => Self::Pending(hint_code.clone()),
            Collect::Failed { hint_code, .. } => Self::Failed(hint_code.clone()),
            Collect::Complete { .. } => Self::Complete,
        }
    }
}

/// What the choice and the wording of messages depend on, besides the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// The user's language.
    pub language: Language,
    /// The device that shows the message.
    pub device: Device,
    /// How the user gets to the order.
    pub start_mode: StartMode,
}

/// The document.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    status: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint_code: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    qr: Option<Cow<'a, str>>,
    message: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_url: Option<Cow<'a, str>>,
    at: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Word {
    Pending,
    Failed,
    Complete,
}

impl Serialize for OrderUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (status, hint_code) = match &self.status {
            Status::Pending(hint) => (Word::Pending, hint.as_ref().map(PendingHint::as_str)),
            Status::Failed(hint) => (Word::Failed, hint.as_ref().map(FailedHint::as_str)),
            Status::Complete => (Word::Complete, None),
        };
        Wire {
            status,
            hint_code: hint_code.map(Cow::Borrowed),
            qr: self.qr.as_deref().map(Cow::Borrowed),
            message: Cow::Borrowed(&self.message),
            start_url: self.start_url.as_deref().map(Cow::Borrowed),
            at: self.at,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OrderUpdate {
    /// Members nobody knows are passed over, and a code or link that is not to be shown any more is dropped.
    fn deserialize<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        let Wire { status, hint_code, qr, message, start_url, at } =
            Wire::deserialize(deserializer)?;
        let status = match (status, hint_code) {
            (Word::Pending, hint) => Status::Pending(hint.map(|hint| (*hint).into())),
            (Word::Failed, hint) => Status::Failed(hint.map(|hint| (*hint).into())),
            (Word::Complete, None) => Status::Complete,
            (Word::Complete, Some(_)) => {
                return Err(de::Error::custom("a complete order has no hintCode"));
            }
        };
        let mut update = Self { status, qr: None, message: (*message).into(), start_url: None, at };
        if let Some(qr) = qr {
            update = update.with_qr(&qr);
        }
        if let Some(url) = start_url {
            update = update.with_start_url(&url);
        }
        Ok(update)
    }
}
