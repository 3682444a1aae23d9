//! Which link and which way back a browser needs (8.3).

use alloc::{format, string::ToString};

use serde::{Deserialize, Serialize};

use super::{BadReturnUrl, Browser, Family, Link, Platform, ReturnUrl, percent};

/// When to use the app link in mobile browsers. Two schools exist, and which is better for a given browser release is not
/// known (8.3), so it is a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AppLinks {
    /// As the table of 8.3 says: in all mobile browsers but unknown ones on iOS.
    #[default]
    ByBrowser,
    /// In every mobile browser, as BankID's own sample does.
    Everywhere,
    /// Only where they are known to be handed over: Safari on iOS, and Chrome and Edge on Android 6 or later.
    WhereKnown,
}

/// How to start the app from a browser, and how to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// The link to offer.
    pub link: Link,
    /// The link to offer if nothing happens.
    pub fallback: Option<Link>,
    /// What to say about the way back.
    pub back: Back,
}

/// The way back from the app to a browser (8.3). They come from the browsers' vendors and change with their releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Back {
    /// `null`: the page goes on by itself, the system goes back, or the user does.
    Null,
    /// The page's own URL with a fragment, `#initiated=true` if it has none of its own. Safari loads the page anew, so
    /// the session must keep the state.
    Page,
    /// `googlechromes://` alone: a full URL would open a new tab without the old context.
    Chrome,
    /// `firefox://` alone, for the same reason.
    Firefox,
    /// `touch-https://...`.
    Opera,
    /// `brave://open-url?url=...`; not sure.
    Brave,
    /// `ddgQuickLink://...`; not sure.
    DuckDuckGo,
}

impl Browser {
    /// The row of the table that this browser is in.
    pub fn way(self, app_links: AppLinks) -> Way {
        let link = self.link(app_links);
        let fallback = match (self.platform, self.family) {
            (Platform::Ios, Family::Safari)
            | (Platform::Android { .. }, Family::Chrome | Family::Edge) => None,
            _ => (link == Link::App).then_some(Link::Scheme),
        };
        let back = if self.platform == Platform::Ios { ios_back(self.family) } else { Back::Null };
        Way { link, fallback, back }
    }

    fn link(self, app_links: AppLinks) -> Link {
        let is_app_link = match (app_links, self.platform, self.family) {
            (_, Platform::Desktop, _) => false,
            (AppLinks::Everywhere, ..) => true,
            (AppLinks::ByBrowser, platform, family) => {
                platform != Platform::Ios || family != Family::Other
            }
            (AppLinks::WhereKnown, Platform::Ios, family) => family == Family::Safari,
            (AppLinks::WhereKnown, Platform::Android { version }, family) => {
                matches!(family, Family::Chrome | Family::Edge)
                    && version.is_none_or(|version| version >= 6)
            }
        };
        if is_app_link { Link::App } else { Link::Scheme }
    }
}

fn ios_back(family: Family) -> Back {
    match family {
        Family::Safari => Back::Page,
        Family::Chrome => Back::Chrome,
        Family::Firefox => Back::Firefox,
        Family::Opera => Back::Opera,
        Family::Brave => Back::Brave,
        Family::DuckDuckGo => Back::DuckDuckGo,
        // For Edge there is also a scheme, of which less is known than of `null`.
        Family::Edge | Family::Samsung | Family::Other => Back::Null,
    }
}

impl Back {
    /// The `returnUrl` of an order that is started from the page at this URL. Put a [`Nonce`](super::Nonce) into the URL
    /// first; some browsers can only be reopened as they were, and then there is none on the way back.
    ///
    /// # Errors
    ///
    /// [`BadReturnUrl`]: the page's URL is not one of the web, or too long.
    pub fn return_url(self, page: &str) -> Result<ReturnUrl, BadReturnUrl> {
        let (scheme, rest) = page.split_once("://").ok_or(BadReturnUrl::NotAPage)?;
        if !matches!(scheme, "http" | "https") || rest.is_empty() {
            return Err(BadReturnUrl::NotAPage);
        }
        match self {
            Self::Null => Ok(ReturnUrl::null()),
            Self::Page if page.contains('#') => page.try_into(),
            Self::Page => format!("{page}#initiated=true").try_into(),
            Self::Chrome if scheme == "http" => "googlechrome://".try_into(),
            Self::Chrome => "googlechromes://".try_into(),
            Self::Firefox => "firefox://".try_into(),
            Self::Opera => format!("touch-{page}").try_into(),
            Self::Brave => {
                ["brave://open-url?url=", &percent::Encoded(page).to_string()].concat().try_into()
            }
            Self::DuckDuckGo => format!("ddgQuickLink://{rest}").try_into(),
        }
    }
}
