//! What a page asks for when it starts an order, and what BankID is asked for then.
//!
//! A page says how its user wants to start, and nothing that matters: who the user must be, and what is to be signed, stands
//! in the ticket that the relying party's backend has asked for. Without one there are identifications only, unless the
//! operator trusts the page to choose texts.

use std::net::IpAddr;

use bankid_core::launch::{Browser, Device, Nonce, ReturnUrl, StartUrl};
use bankid_core::message::{Language, StartMode};
use bankid_core::order::AutoStartToken;
use bankid_core::request::Operation;
use serde::Deserialize;

use super::cookie::Secret;
use super::origin::is_within;
use super::settings::PageSettings;
use crate::fault::{Code, Fault, Source};
use crate::media::Media;
use crate::request::StartBody;

/// The body of a start. Members that nobody knows are the page's own affair.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Asked {
    start_mode: Option<String>,
    language: Option<String>,
    max_touch_points: Option<u32>,
    ticket: Option<String>,
    return_url: Option<String>,
    user_visible_data: Option<String>,
    user_visible_data_format: Option<String>,
}

/// How the user gets to the app.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) start_mode: StartMode,
    pub(super) browser: Browser,
}

impl Asked {
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let refused = |place: String| {
            let detail = format!("The body is not the object that starts an order. {place}");
            Fault::new(Code::InvalidParameters, detail).at(Source::Pointer(String::new()))
        };
        // To serde an array with the members' values would be one too.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(refused(String::new()));
        }
        serde_json::from_slice(body).map_err(|error| {
            refused(format!("See line {}, column {}.", error.line(), error.column()))
        })
    }

    pub(super) fn language(&self) -> Option<Language> {
        match self.language.as_deref() {
            Some("sv") => Some(Language::Swedish),
            Some("en") => Some(Language::English),
            Some(_) | None => None,
        }
    }

    pub(super) fn ticket(&self) -> Option<Secret> {
        self.ticket.as_deref().map(Secret::presented)
    }

    pub(super) fn way(&self, user_agent: &str) -> Result<Way, Fault> {
        let start_mode = match self.start_mode.as_deref() {
            None | Some("qr") => StartMode::Qr,
            Some("autostart") => StartMode::Autostart,
            Some(_) => {
                let fault = Fault::new(Code::InvalidParameters, "startMode is qr or autostart.");
                return Err(fault.at(Source::Pointer("/startMode".to_owned())));
            }
        };
        let browser = Browser::detect(user_agent, self.max_touch_points.unwrap_or_default());
        Ok(Way { start_mode, browser })
    }

    /// The request of a page without a ticket.
    pub(super) fn body(&self, settings: &PageSettings) -> Result<StartBody, Fault> {
        let required = |detail: &'static str| Err(Fault::new(Code::TicketRequired, detail));
        let Some(text) = &self.user_visible_data else {
            if !settings.open_auth {
                return required("Pages may not start identifications of their own accord.");
            }
            return StartBody::read(Operation::Auth, Media::Documented, b"{}");
        };
        if !settings.free_texts {
            return required("Pages may not choose what is signed.");
        }
        let mut body = StartBody::read(Operation::Sign, Media::Documented, b"{}")?
            .with("userVisibleData", &base64_of(text));
        if let Some(format) = &self.user_visible_data_format {
            body = body.with("userVisibleDataFormat", format);
        }
        Ok(body)
    }

    /// Where the app sends the user afterwards. Orders that are scanned have no way back.
    pub(super) fn return_url(
        &self,
        settings: &PageSettings,
        origin: &str,
        way: Way,
        nonce: &Nonce,
    ) -> Result<Option<ReturnUrl>, Fault> {
        if way.start_mode != StartMode::Autostart {
            return Ok(None);
        }
        let refused = |detail: String| {
            Fault::new(Code::InvalidParameters, detail).at(Source::Pointer("/returnUrl".to_owned()))
        };
        let page = match (&self.return_url, &settings.return_url) {
            (Some(url), _) if is_within(url, origin) => url.clone(),
            (Some(_), _) => {
                return Err(refused("The URL must be of the page's own origin.".to_owned()));
            }
            (None, Some(url)) => url.clone(),
            (None, None) => format!("{origin}/"),
        };
        let url = ReturnUrl::with_nonce(&page, nonce)
            .and_then(|url| way.browser.way(settings.app_links).back.return_url(url.as_str()));
        url.map(Some).map_err(|bad| refused(bad.to_string()))
    }
}

/// The request with what the gateway knows.
pub(super) fn completed(body: &StartBody, address: IpAddr, back: Option<&ReturnUrl>) -> StartBody {
    let body = body.with("endUserIp", &address.to_string());
    match back {
        Some(url) => body.with("returnUrl", url.as_str()),
        None => body,
    }
}

/// The link that starts the app on this device.
pub(super) fn start_url(settings: &PageSettings, way: Way, token: &AutoStartToken) -> String {
    match way.browser.device() {
        Device::Computer => StartUrl::desktop(token).to_string(),
        Device::Mobile => {
            StartUrl::new(way.browser.way(settings.app_links).link, token).to_string()
        }
    }
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// The body of a return.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Returned {
    pub(super) returned: String,
}
