//! Start links and the way back (protocol section 8).

use bankid_core::launch::{
    AppLinks, BadReturnUrl, Browser, Device, Family, Link, Nonce, Platform, Redirect, ReturnUrl,
    RpRef, StartUrl,
};
use bankid_core::order::AutoStartToken;
use napi_derive::napi;

use crate::error::{Answer, Failure, answer};
use crate::word::optional;

/// A user's browser.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct DetectedBrowser {
    /// What it runs on.
    #[napi(ts_type = "\"desktop\" | \"ios\" | \"android\"")]
    pub platform: &'static str,
    /// What it is.
    #[napi(
        ts_type = "\"safari\" | \"chrome\" | \"firefox\" | \"edge\" | \"opera\" | \"samsung\" | \"brave\" | \"duckDuckGo\" | \"other\""
    )]
    pub family: &'static str,
    /// What that means for messages.
    #[napi(ts_type = "\"computer\" | \"mobile\"")]
    pub device: &'static str,
}

/// What a browser is, as far as starting the app is concerned (8.5).
#[napi(catch_unwind)]
pub fn detect_browser(user_agent: String, max_touch_points: u32) -> DetectedBrowser {
    let browser = Browser::detect(&user_agent, max_touch_points);
    DetectedBrowser {
        platform: match browser.platform {
            Platform::Desktop => "desktop",
            Platform::Ios => "ios",
            Platform::Android { .. } => "android",
        },
        family: match browser.family {
            Family::Safari => "safari",
            Family::Chrome => "chrome",
            Family::Firefox => "firefox",
            Family::Edge => "edge",
            Family::Opera => "opera",
            Family::Samsung => "samsung",
            Family::Brave => "brave",
            Family::DuckDuckGo => "duckDuckGo",
            Family::Other => "other",
        },
        device: match browser.device() {
            Device::Computer => "computer",
            Device::Mobile => "mobile",
        },
    }
}

/// What a start link depends on.
#[derive(Debug)]
#[napi(object, object_to_js = false)]
pub struct StartUrlArguments {
    /// The order's.
    pub auto_start_token: String,
    /// The browser's; a computer without it.
    pub user_agent: Option<String>,
    /// Of the browser's screen.
    pub max_touch_points: Option<u32>,
    /// Which mobile browsers get the app link.
    pub app_links: Option<String>,
    /// Which link, whatever the browser.
    pub link: Option<String>,
    /// Where the app goes afterwards; `null` for nowhere.
    pub redirect: Option<String>,
    /// The relying party's reference, as base64.
    pub rp_ref: Option<String>,
}

/// The link that starts the app (8.1).
#[napi(catch_unwind)]
pub fn start_url(given: StartUrlArguments) -> Answer<String> {
    answer(start_link(&given))
}

fn start_link(arguments: &StartUrlArguments) -> Result<String, Box<Failure>> {
    let token = AutoStartToken::try_from(arguments.auto_start_token.as_str())
        .map_err(|fault| Failure::argument("autoStartToken", &fault))?;
    let browser = browser(arguments.user_agent.as_deref(), arguments.max_touch_points);
    let app_links = optional("appLinks", arguments.app_links.as_deref())?.unwrap_or_default();
    let link: Option<Link> = optional("link", arguments.link.as_deref())?;
    let rp_ref = match &arguments.rp_ref {
        Some(text) => {
            Some(RpRef::from_base64(text).map_err(|fault| Failure::argument("rpRef", &fault))?)
        }
        None => None,
    };

    let mut url = match link {
        Some(link) => StartUrl::new(link, &token),
        None if browser.platform == Platform::Desktop => StartUrl::desktop(&token),
        None => StartUrl::new(browser.way(app_links).link, &token),
    };
    if let Some(rp_ref) = &rp_ref {
        url = url.rp_ref(rp_ref);
    }
    url = match arguments.redirect.as_deref() {
        None => url,
        Some("null") => url.redirect(Redirect::Null),
        Some(to) => url.redirect(Redirect::To(to)),
    };
    Ok(url.to_string())
}

/// The `returnUrl` that brings the user back to a page in this browser (8.3).
#[napi(catch_unwind)]
pub fn return_url(
    page: String,
    user_agent: Option<String>,
    max_touch_points: Option<u32>,
    nonce: Option<String>,
) -> Answer<String> {
    answer(way_back(&page, browser(user_agent.as_deref(), max_touch_points), nonce.as_deref()))
}

fn way_back(page: &str, browser: Browser, nonce: Option<&str>) -> Result<String, Box<Failure>> {
    let fault = |fault: BadReturnUrl| Failure::argument("page", &fault);
    let page = match nonce {
        Some(text) => {
            ReturnUrl::with_nonce(page, &parse_nonce(text)?).map_err(fault)?.as_str().to_owned()
        }
        None => page.to_owned(),
    };
    let url = browser.way(AppLinks::default()).back.return_url(&page).map_err(fault)?;
    Ok(url.as_str().to_owned())
}

/// The nonce made of random bytes.
#[napi(catch_unwind)]
pub fn nonce(random: &[u8]) -> Answer<String> {
    let nonce = random.try_into().map(|bytes| Nonce::new(bytes).as_str().to_owned());
    answer(nonce.map_err(|fault| Failure::argument("random", &fault)))
}

/// Whether the URL that the user came back by carries the nonce.
#[napi(catch_unwind)]
pub fn nonce_is_in(returned: String, nonce: String) -> Answer<bool> {
    answer(parse_nonce(&nonce).map(|nonce| nonce.is_in(&returned)))
}

fn parse_nonce(text: &str) -> Result<Nonce, Box<Failure>> {
    Nonce::try_from(text).map_err(|fault| Failure::argument("nonce", &fault))
}

/// What nothing is known of is a computer.
fn browser(user_agent: Option<&str>, max_touch_points: Option<u32>) -> Browser {
    Browser::detect(user_agent.unwrap_or_default(), max_touch_points.unwrap_or_default())
}
