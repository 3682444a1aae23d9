//! `app` and `web`: facts about where the user came from, for the risk assessment (2.4).
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::error::Invalid;

/// Longest `deviceIdentifier`, in characters.
const DEVICE_IDENTIFIER_MAX: usize = 64;
/// Longest `userAgent`, in characters; BankID recommends to cut there.
const USER_AGENT_MAX: usize = 256;

/// Facts about the relying party's own app. At least one must be given; leave out rather than guess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App<'a> {
    /// Android package name or iOS bundle id.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub app_identifier: Option<Text<'a>>,
    /// Operating system and its version, `IOS 16.7.7`.
    #[serde(rename = "deviceOS", skip_serializing_if = "Option::is_none")]
    pub device_os: Option<Text<'a>>,
    /// `Apple iPhone14,3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_model_name: Option<Text<'a>>,
    /// Stable identifier of the device, 1 to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_identifier: Option<Text<'a>>,
}

/// Facts about the user's browser. At least one must be given; leave out rather than guess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Web<'a> {
    /// The domain that starts the BankID app, 3 to 253 of `0-9 a-z . -`; punycode for international names.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub referring_domain: Option<Text<'a>>,
    /// The browser's User-Agent, 1 to 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<Text<'a>>,
    /// Stable identifier of the browser, 1 to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_identifier: Option<Text<'a>>,
}

/// Where the user came from: at most one of the two is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedDevice<'a> {
    /// The relying party's own app.
    App(&'a App<'a>),
    /// A browser.
    Web(&'a Web<'a>),
}

/// The part of a browser's User-Agent that `web.userAgent` has room for. In-app browsers send longer ones, which are refused
/// uncut; BankID's support recommends cutting (2.4).
pub fn cut_user_agent(user_agent: &str) -> &str {
    user_agent
        .char_indices()
        .nth(USER_AGENT_MAX)
        .map_or(user_agent, |(end, _)| user_agent.split_at(end).0)
}

pub(super) fn check<'a>(
    app: Option<&'a App<'_>>,
    web: Option<&'a Web<'_>>,
) -> Result<Option<CheckedDevice<'a>>, Invalid> {
    match (app, web) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Invalid::request(Some("app"))),
        (Some(app), None) => check_app(app).map(|()| Some(CheckedDevice::App(app))),
        (None, Some(web)) => check_web(web).map(|()| Some(CheckedDevice::Web(web))),
    }
}

fn check_app(app: &App<'_>) -> Result<(), Invalid> {
    let App { app_identifier, device_os, device_model_name, device_identifier } = app;
    let members = [
        // The limits of the first three are not known, save that empty text is refused everywhere.
        ("app.appIdentifier", app_identifier, usize::MAX),
        ("app.deviceOS", device_os, usize::MAX),
        ("app.deviceModelName", device_model_name, usize::MAX),
        ("app.deviceIdentifier", device_identifier, DEVICE_IDENTIFIER_MAX),
    ];
    check_members("app", "Invalid app", &members)
}

fn check_web(web: &Web<'_>) -> Result<(), Invalid> {
    let Web { referring_domain, user_agent, device_identifier } = web;
    if referring_domain.as_deref().is_some_and(|domain| !is_domain(domain)) {
        return Err(Invalid::new("web.referringDomain", "Invalid web"));
    }
    let members = [
        ("web.referringDomain", referring_domain, usize::MAX),
        ("web.userAgent", user_agent, USER_AGENT_MAX),
        ("web.deviceIdentifier", device_identifier, DEVICE_IDENTIFIER_MAX),
    ];
    check_members("web", "Invalid web", &members)
}

fn check_members(
    object: &'static str,
    details: &'static str,
    members: &[(&'static str, &Option<Text<'_>>, usize)],
) -> Result<(), Invalid> {
    if members.iter().all(|(_, text, _)| text.is_none()) {
        return Err(Invalid::new(object, details));
    }
    for (name, text, max) in members {
        if text.as_deref().is_some_and(|text| text.is_empty() || text.chars().count() > *max) {
            return Err(Invalid::new(name, details));
        }
    }
    Ok(())
}

fn is_domain(text: &str) -> bool {
    (3..=253).contains(&text.len())
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'.' | b'-'))
}
