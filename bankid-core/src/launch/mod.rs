//! Starting the BankID app on the user's own device, and coming back from it (protocol section 8).
//!
//! [`StartUrl`] makes the links, [`parse_start_url`] reads them, [`Browser`] knows which link and which way back a browser
//! needs (8.3), and [`ReturnUrl`] with its [`Nonce`] is where the app sends the user afterwards.
//!
//! It opens nothing and draws no random numbers. A link is for a button: most browsers start the app only from a real
//! tap, so always offer one (8.3), and let the user choose the other device instead (8.5).
//!
//! ```
//! use bankid_core::{launch::{AppLinks, Browser, Link, StartUrl}, order::AutoStartToken};
//!
//! let token = AutoStartToken::try_from("7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6")?;
//! assert_eq!(
//!     StartUrl::desktop(&token).to_string(),
//!     "bankid:///?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6&redirect=null",
//! );
//!
//! let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
//!               Version/17.5 Mobile/15E148 Safari/604.1";
//! let way = Browser::detect(iphone, 5).way(AppLinks::ByBrowser);
//! assert_eq!(way.link, Link::App);
//! assert_eq!(
//!     StartUrl::new(way.link, &token).to_string(),
//!     "https://app.bankid.com/?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6",
//! );
//! assert_eq!(way.back.return_url("https://example.com/login")?.as_str(), "https://example.com/login#initiated=true");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod browser;
mod parse;
mod percent;
mod return_url;
mod rpref;
#[cfg(test)]
mod tests;
mod way;

use core::fmt;

use serde::{Deserialize, Serialize};

pub use self::{
    browser::{Browser, Family, Platform},
    parse::{Fault, Opened, parse_start_url},
    return_url::{BadNonce, BadReturnUrl, Caution, Nonce, ReturnUrl},
    rpref::{BadRpRef, RpRef},
    way::{AppLinks, Back, Way},
};
use crate::order::AutoStartToken;

/// The package of BankID's app on Android. A native app starts it by an `ACTION_VIEW` intent with the app link and this
/// package, and shows RFA2 where no activity is found; on iOS it opens the app link with the universal-links-only option
/// (8.3).
pub const ANDROID_PACKAGE: &str = "com.bankid.bus";

/// The kind of device the user is at; decides on links, on messages, and on what to offer first (8.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Device {
    /// A desktop or laptop: offer the QR code first.
    Computer,
    /// A phone or tablet: offer this device first.
    Mobile,
}

/// The two ways to reach the app (8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Link {
    /// `bankid:///`: computers, and mobile browsers that do not hand app links over.
    Scheme,
    /// `https://app.bankid.com/`: mobile browsers and native apps.
    App,
}

impl Link {
    /// All that comes before the parameters.
    const fn start(self) -> &'static str {
        match self {
            Self::Scheme => "bankid:///?",
            Self::App => "https://app.bankid.com/?",
        }
    }
}

/// A link that starts the app for one order; prints as the URL. It lets any BankID app take the order (7.4), so it is
/// only for the device of the user who started it, and `Debug` hides the token.
#[derive(Clone, Debug)]
pub struct StartUrl<'a> {
    link: Link,
    token: &'a AutoStartToken,
    rp_ref: Option<&'a RpRef>,
    redirect: Option<Redirect<'a>>,
}

impl<'a> StartUrl<'a> {
    /// A link without further parameters: where the app goes afterwards is said by the order's `returnUrl`. Native apps
    /// use [`Link::App`].
    pub const fn new(link: Link, token: &'a AutoStartToken) -> Self {
        Self { link, token, rp_ref: None, redirect: None }
    }

    /// The link for computers: the page goes on by itself, so the app needs not go anywhere.
    pub const fn desktop(token: &'a AutoStartToken) -> Self {
        Self { redirect: Some(Redirect::Null), ..Self::new(Link::Scheme, token) }
    }

    /// With a reference of the relying party that becomes part of the signed data. Not supported on mobile devices.
    #[must_use]
    pub const fn rp_ref(self, rp_ref: &'a RpRef) -> Self {
        Self { rp_ref: Some(rp_ref), ..self }
    }

    /// With the way back in the link, deprecated in favour of the order's `returnUrl`, which overrides it.
    #[must_use]
    pub const fn redirect(self, redirect: Redirect<'a>) -> Self {
        Self { redirect: Some(redirect), ..self }
    }
}

impl fmt::Display for StartUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The tokens in use need no escaping; another one would not break out of its parameter.
        write!(f, "{}autostarttoken={}", self.link.start(), percent::Encoded(self.token.as_str()))?;
        if let Some(rp_ref) = self.rp_ref {
            write!(f, "&rpref={}", percent::Encoded(rp_ref.as_base64()))?;
        }
        // BankID wants this one last.
        match self.redirect {
            Some(Redirect::Null) => f.write_str("&redirect=null"),
            Some(Redirect::To(url)) => write!(f, "&redirect={}", percent::Encoded(url)),
            None => Ok(()),
        }
    }
}

/// What the `redirect` parameter of a link says (8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirect<'a> {
    /// No return: the app closes, and on iOS the user switches back by hand.
    Null,
    /// An absolute URL, here without any encoding.
    To(&'a str),
}
