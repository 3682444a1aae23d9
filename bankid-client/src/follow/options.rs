//! How an order is followed.

use bankid_core::launch::{AppLinks, Browser, Device, Link, Redirect, RpRef, StartUrl};
use bankid_core::message::{Language, StartMode};
use bankid_core::order::AutoStartToken;
use bankid_core::update::Situation;

/// How an order is followed: what is shown to its user, and what happens when something goes wrong.
///
/// ```
/// use bankid_client::FollowOptions;
/// use bankid_core::message::Language;
///
/// let options = FollowOptions { language: Language::English, cancel_when_dropped: true, ..FollowOptions::default() };
/// assert_eq!(options.restart_after_start_failed, 0);
/// ```
#[derive(Clone, Debug)]
pub struct FollowOptions {
    /// The language of messages; Swedish by default.
    pub language: Language,
    /// The device that shows them; a computer by default.
    pub device: Device,
    /// How the user gets to the order; by QR code by default. Only then are codes made.
    pub start_mode: StartMode,
    /// The link that starts the app (8.1); by default the scheme on computers and the app link on mobile devices. See
    /// [`for_browser`](Self::for_browser).
    pub link: Option<Link>,
    /// The way back in the link (8.2): a URL, or `null` for none. By default nothing on mobile devices, where the order's
    /// `returnUrl` says it, and `null` on computers.
    pub redirect: Option<Box<str>>,
    /// The relying party's own reference in the link (8.2).
    pub rp_ref: Option<RpRef>,
    /// Whether the order is cancelled when following it is given up before it is over (5.3). That takes a tokio runtime
    /// that goes on for a moment.
    pub cancel_when_dropped: bool,
    /// How often an order that nobody scanned in time is started again, by the same request (7.1), where it is started by
    /// QR code. Never by default.
    pub restart_after_start_failed: u32,
    /// How many collects in a row may fail in passing (6.4) before the failure is handed out.
    pub transient_error_limit: u32,
}

impl Default for FollowOptions {
    fn default() -> Self {
        Self {
            language: Language::default(),
            device: Device::Computer,
            start_mode: StartMode::Qr,
            link: None,
            redirect: None,
            rp_ref: None,
            cancel_when_dropped: false,
            restart_after_start_failed: 0,
            transient_error_limit: Self::DEFAULT_TRANSIENT_ERROR_LIMIT,
        }
    }
}

impl FollowOptions {
    /// Failed collects in a row that are passed over, unless set.
    pub const DEFAULT_TRANSIENT_ERROR_LIMIT: u32 = 5;

    /// With the device and the link of a browser (8.3).
    #[must_use]
    pub fn for_browser(self, browser: Browser, app_links: AppLinks) -> Self {
        Self { device: browser.device(), link: Some(browser.way(app_links).link), ..self }
    }

    pub(super) const fn situation(&self) -> Situation {
        Situation { language: self.language, device: self.device, start_mode: self.start_mode }
    }

    pub(super) fn start_url(&self, token: &AutoStartToken) -> String {
        let link = self.link.unwrap_or(match self.device {
            Device::Computer => Link::Scheme,
            Device::Mobile => Link::App,
        });
        let mut url = StartUrl::new(link, token);
        if let Some(rp_ref) = &self.rp_ref {
            url = url.rp_ref(rp_ref);
        }
        match (self.redirect.as_deref(), self.device) {
            (Some("null"), _) | (None, Device::Computer) => url.redirect(Redirect::Null),
            (Some(target), _) => url.redirect(Redirect::To(target)),
            (None, Device::Mobile) => url,
        }
        .to_string()
    }
}
