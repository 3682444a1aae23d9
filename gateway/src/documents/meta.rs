//! What an answer has beyond the documented members, for callers that ask for it.

use bankid_client::{Order, Tokens};
use bankid_core::launch::{Device, Link, StartUrl};
use bankid_core::message::StartMode;
use bankid_core::qr;
use bankid_core::update::{Situation, Status};
use serde::Serialize;

use super::Form;
use crate::fault::Fault;
use crate::pages::SessionOrigin;

/// What was asked for, as far as there is something to show.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Meta {
    /// The text of the QR code for this second, while one is to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Links>,
    /// BankID's text for the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// How an order that a page has started came about; with its result.
    #[cfg_attr(test, schemars(skip))]
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionOrigin>,
}

/// The links that start the app, by the device of the user.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Links {
    computer: String,
    mobile: String,
}

impl Meta {
    /// About an order. There is a code as long as it is to be shown (7.3, 7.6), and links until the order is over.
    pub(super) fn of(
        form: Form,
        status: &Status,
        order: Option<&Order>,
        elapsed_s: u64,
        session: Option<SessionOrigin>,
    ) -> Option<Self> {
        let Form { query, language, .. } = form;
        let tokens = order.and_then(|order| order.tokens.as_ref());
        let code = |tokens: &Tokens| {
            let second = u32::try_from(elapsed_s).ok().filter(|s| *s < qr::LIFETIME_SECONDS)?;
            Some(tokens.qr_key().frame(second).as_str().to_owned())
        };
        let links = |tokens: &Tokens| Links {
            computer: StartUrl::desktop(&tokens.auto_start_token).to_string(),
            mobile: StartUrl::new(Link::App, &tokens.auto_start_token).to_string(),
        };
        // Who asks for links and for no code starts the app on the same device.
        let start_mode = match tokens {
            None => StartMode::ByNumber,
            Some(_) if query.links && !query.qr => StartMode::Autostart,
            Some(_) => StartMode::Qr,
        };
        let situation = Situation { language, device: Device::Computer, start_mode };
        let meta = Self {
            qr: tokens.filter(|_| query.qr && status.shows_qr()).and_then(code),
            links: tokens.filter(|_| query.links && !status.is_final()).map(links),
            message: query.message.then(|| status.text(situation)),
            session,
        };
        meta.or_nothing()
    }

    /// About a call that failed: what to tell the user (9.1).
    pub(super) fn of_fault(form: Form, fault: &Fault) -> Option<Self> {
        let message = form.query.message.then(|| fault.message(form.language));
        let meta = Self { qr: None, links: None, message, session: None };
        meta.or_nothing()
    }

    fn or_nothing(self) -> Option<Self> {
        let has = [self.qr.is_some(), self.links.is_some(), self.message.is_some()];
        (has.contains(&true) || self.session.is_some()).then_some(self)
    }
}
