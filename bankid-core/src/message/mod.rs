//! The messages to show to users, RFA1 to RFA30 (protocol section 9), and which one is due when.
//!
//! [`for_pending`], [`for_failed`] and [`for_error`] choose; the texts are BankID's in their latest known wording, in
//! Swedish and English. RFA2 (no app), RFA19 and RFA20 (this device or another) are for what the relying party sees or
//! asks itself. Where the official English text is not known there is one of our own, and
//! [`official`](Message::official) says so. No other languages, and no older wording.
//!
//! ```
//! use bankid_core::{collect::PendingHint, launch::Device, message::{self, Language, Message, StartMode}};
//!
//! let hint = PendingHint::OutstandingTransaction;
//! let message = message::for_pending(Some(&hint), Device::Computer, StartMode::Qr);
//! assert_eq!(message, Message::Rfa1);
//! assert_eq!(message.text(Language::Swedish), "Starta BankID-appen.");
//! ```

#[cfg(test)]
mod tests;
mod texts;

use serde::{Deserialize, Serialize};

pub use self::texts::Message;
use crate::{
    collect::{FailedHint, PendingHint},
    error::ErrorCode,
    launch::Device,
};

/// A language of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// `sv`.
    #[default]
    #[serde(rename = "sv")]
    Swedish,
    /// `en`.
    #[serde(rename = "en")]
    English,
}

/// How the user gets to the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StartMode {
    /// By a start URL on the same device.
    Autostart,
    /// By scanning the QR code.
    Qr,
    /// By opening the app, which knows of the order by the personal number: phone orders and `other/payment`.
    ByNumber,
}

/// The message for a pending order (4.2, 9.1); without a hint, that for unknown ones.
///
/// The device is the one that shows the message.
pub fn for_pending(hint: Option<&PendingHint>, device: Device, start_mode: StartMode) -> Message {
    match (hint, start_mode, device) {
        (Some(PendingHint::OutstandingTransaction), StartMode::Autostart, _) => Message::Rfa13,
        (Some(PendingHint::OutstandingTransaction), StartMode::Qr | StartMode::ByNumber, _)
        | (Some(PendingHint::NoClient), ..) => Message::Rfa1,
        (Some(PendingHint::Started), _, Device::Computer) => Message::Rfa15a,
        (Some(PendingHint::Started), _, Device::Mobile) => Message::Rfa15b,
        (Some(PendingHint::UserMrtd), ..) => Message::Rfa23,
        (Some(PendingHint::UserSign), ..) => Message::Rfa9,
        (Some(PendingHint::UserStepUp), ..) => Message::Rfa25,
        (Some(PendingHint::UserFace), ..) => Message::Rfa24,
        (
            Some(PendingHint::UserCallConfirm | PendingHint::Processing | PendingHint::Other(_))
            | None,
            ..,
        ) => Message::Rfa21,
    }
}

/// The message for a failed order (4.3, 9.1); without a hint, that for unknown ones.
pub fn for_failed(hint: Option<&FailedHint>, start_mode: StartMode) -> Message {
    match (hint, start_mode) {
        (Some(FailedHint::ExpiredTransaction), _) => Message::Rfa8,
        (Some(FailedHint::CertificateErr), _) => Message::Rfa16,
        (Some(FailedHint::UserCancel), _) => Message::Rfa6,
        (Some(FailedHint::Cancelled), _) => Message::Rfa3,
        (Some(FailedHint::StartFailed), StartMode::Autostart | StartMode::ByNumber) => {
            Message::Rfa17a
        }
        (Some(FailedHint::StartFailed), StartMode::Qr) => Message::Rfa17b,
        (Some(FailedHint::MrtdVerificationFailed), _) => Message::Rfa26,
        (Some(FailedHint::FacialRecognitionFailed), _) => Message::Rfa27,
        (Some(FailedHint::NfcNotSupportedByDevice), _) => Message::Rfa28,
        (Some(FailedHint::MultipleBankIdsOnDevice), _) => Message::Rfa29,
        (Some(FailedHint::StepUpFailed), _) => Message::Rfa30,
        (
            Some(
                FailedHint::UserDeclinedCall
                | FailedHint::NotSupportedByUserApp
                | FailedHint::TransactionRiskBlocked
                | FailedHint::Other(_),
            )
            | None,
            _,
        ) => Message::Rfa22,
    }
}

/// The message for a refused call (6.2, 9.1).
///
/// Where the fault is the relying party's own, such as `invalidParameters`, RFA22 stands in for a text of its own, which
/// would be better.
pub fn for_error(code: &ErrorCode) -> Message {
    match code {
        ErrorCode::AlreadyInProgress => Message::Rfa4,
        ErrorCode::RequestTimeout | ErrorCode::InternalError | ErrorCode::Maintenance => {
            Message::Rfa5
        }
        ErrorCode::Other(_) if code.is_maintenance() => Message::Rfa5,
        ErrorCode::InvalidParameters
        | ErrorCode::Unauthorized
        | ErrorCode::NotFound
        | ErrorCode::MethodNotAllowed
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::Other(_) => Message::Rfa22,
    }
}
