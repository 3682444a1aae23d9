//! Texts for users (protocol section 9).

use bankid_core::collect::{FailedHint, PendingHint};
use bankid_core::error::ErrorCode;
use bankid_core::launch::Device;
use bankid_core::message::{self, Language, Message, StartMode};
use napi::Either;
use napi_derive::napi;

use crate::error::{Answer, Failure};
use crate::word::{optional, word};

/// A text for users.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct UserMessage {
    /// `RFA1` to `RFA30`.
    pub id: &'static str,
    /// In the language asked for.
    pub text: &'static str,
    /// Whether the wording is BankID's.
    pub official: bool,
}

impl UserMessage {
    fn new(message: Message, language: Language) -> Self {
        Self {
            id: message.id(),
            text: message.text(language),
            official: message.official(language),
        }
    }
}

/// What to say something about, and to whom.
#[derive(Debug)]
#[napi(object, object_to_js = false)]
pub struct MessageArguments {
    /// Of an order.
    pub status: Option<String>,
    /// Of an order.
    pub hint_code: Option<String>,
    /// Of a refused call.
    pub error_code: Option<String>,
    /// Swedish if absent.
    pub language: Option<String>,
    /// A computer if absent.
    pub device: Option<String>,
    /// By QR code if absent.
    pub start_mode: Option<String>,
}

/// The recommended message, if there is one.
#[napi(catch_unwind)]
pub fn message_for(given: MessageArguments) -> Option<Answer<UserMessage>> {
    match due(&given) {
        Ok(message) => message.map(Either::A),
        Err(failure) => Some(Either::B(*failure)),
    }
}

fn due(arguments: &MessageArguments) -> Result<Option<UserMessage>, Box<Failure>> {
    let language: Language =
        optional("language", arguments.language.as_deref())?.unwrap_or_default();
    let device: Device =
        optional("device", arguments.device.as_deref())?.unwrap_or(Device::Computer);
    let start_mode: StartMode =
        optional("startMode", arguments.start_mode.as_deref())?.unwrap_or(StartMode::Qr);
    let hint = arguments.hint_code.as_deref();
    let message = match (arguments.status.as_deref(), arguments.error_code.as_deref()) {
        (_, Some(code)) => Some(message::for_error(&word::<ErrorCode>("errorCode", code)?)),
        (Some("pending"), None) => {
            let hint: Option<PendingHint> = optional("hintCode", hint)?;
            Some(message::for_pending(hint.as_ref(), device, start_mode))
        }
        (Some("failed"), None) => {
            let hint: Option<FailedHint> = optional("hintCode", hint)?;
            Some(message::for_failed(hint.as_ref(), start_mode))
        }
        (Some("complete"), None) => None,
        (status, None) => {
            let status = status.unwrap_or("nothing");
            let why = format!("`{status}` is none of `pending`, `failed` and `complete`");
            return Err(Failure::argument("status", &why));
        }
    };
    Ok(message.map(|message| UserMessage::new(message, language)))
}

/// A message by its name.
#[napi(catch_unwind)]
pub fn message(id: String, language: Option<String>) -> Answer<UserMessage> {
    let language = match optional("language", language.as_deref()) {
        Ok(language) => language.unwrap_or_default(),
        Err(failure) => return Either::B(*failure),
    };
    match Message::ALL.iter().find(|message| message.id() == id) {
        Some(message) => Either::A(UserMessage::new(*message, language)),
        None => Either::B(*Failure::argument("id", &format!("there is no message `{id}`"))),
    }
}
