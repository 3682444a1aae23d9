//! Where the app sends the user afterwards (8.4), and how the page knows that it is the one that was meant.

use alloc::{borrow::ToOwned, string::String};
use core::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// The `returnUrl` of an order (8.4): 1 to [`ReturnUrl::MAX_CHARACTERS`] characters, or [`ReturnUrl::null`].
///
/// It opens in the device's default browser. The return itself proves nothing: check the [`Nonce`], the session cookie and
/// the address, then rely on collect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReturnUrl(String);

impl ReturnUrl {
    /// The longest URL that the server takes, in characters.
    pub const MAX_CHARACTERS: usize = 512;

    /// Do not return: the literal text `null`.
    pub fn null() -> Self {
        Self("null".to_owned())
    }

    /// The page with a nonce in its fragment, after what is there already. The fragment stays in the browser: the page's
    /// script hands it in for [`Nonce::is_in`].
    ///
    /// # Errors
    ///
    /// [`BadReturnUrl`]: empty, or too long with the nonce.
    pub fn with_nonce(page: &str, nonce: &Nonce) -> Result<Self, BadReturnUrl> {
        let joint = match page.split_once('#') {
            None => "#",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        if page.is_empty() {
            return Err(BadReturnUrl::Empty);
        }
        [page, joint, Nonce::NAME, nonce.as_str()].concat().try_into()
    }

    /// The text as it goes into the request.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says that the app should not return.
    pub fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// What the server accepts but BankID advises against.
    pub fn caution(&self) -> Option<Caution> {
        match self.0.split_once(':') {
            _ if self.is_null() => None,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => Some(Caution::PlainHttp),
            Some((scheme, _)) if is_scheme(scheme) => None,
            _ => Some(Caution::NotAbsolute),
        }
    }
}

impl TryFrom<String> for ReturnUrl {
    type Error = BadReturnUrl;

    fn try_from(text: String) -> Result<Self, BadReturnUrl> {
        if text.is_empty() {
            Err(BadReturnUrl::Empty)
        } else if text.chars().nth(Self::MAX_CHARACTERS).is_some() {
            Err(BadReturnUrl::TooLong)
        } else {
            Ok(Self(text))
        }
    }
}

impl TryFrom<&str> for ReturnUrl {
    type Error = BadReturnUrl;

    fn try_from(text: &str) -> Result<Self, BadReturnUrl> {
        text.to_owned().try_into()
    }
}

impl From<ReturnUrl> for String {
    fn from(url: ReturnUrl) -> Self {
        url.0
    }
}

/// Why a text cannot be a `returnUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReturnUrl {
    /// An empty one used to mean "do not return", and is refused since October 2025 (11.2).
    #[error("a return URL must not be empty; `null` says that the app should not return")]
    Empty,
    /// It is longer than [`ReturnUrl::MAX_CHARACTERS`].
    #[error("a return URL has at most {} characters", ReturnUrl::MAX_CHARACTERS)]
    TooLong,
    /// What was given as the page to return to has no web address.
    #[error("the page to return to must start with `https://` or `http://`")]
    NotAPage,
}

/// A returnUrl that is accepted, and yet not what BankID asks for: an `https` URL, or the relying party's own app link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Caution {
    /// `http:`.
    #[error("a return URL should be https")]
    PlainHttp,
    /// No scheme at all.
    #[error("a return URL should be absolute")]
    NotAbsolute,
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// A random text that ties a return to the session that started the order. Keep it in the session; `Debug` hides it.
///
/// ```
/// use bankid_core::launch::{Nonce, ReturnUrl};
///
/// let nonce = Nonce::new([7; 16]); // from a random number generator
/// let url = ReturnUrl::with_nonce("https://example.com/login", &nonce)?;
/// assert_eq!(url.as_str(), "https://example.com/login#nonce=BwcHBwcHBwcHBwcHBwcHBw");
/// assert!(nonce.is_in("#nonce=BwcHBwcHBwcHBwcHBwcHBw"));
/// assert!(!Nonce::new([8; 16]).is_in(url.as_str()));
/// # Ok::<(), bankid_core::launch::BadReturnUrl>(())
/// ```
#[derive(Clone)]
pub struct Nonce(String);

impl Nonce {
    /// Random bytes it is made of.
    pub const BYTES: usize = 16;

    /// How it stands in a fragment.
    const NAME: &str = "nonce=";

    /// From bytes that nobody can guess.
    pub fn new(random: [u8; Self::BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// The text, to keep in the session.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the fragment of a URL, or a fragment with its `#`, holds this nonce. Takes the same time whatever the
    /// difference.
    pub fn is_in(&self, returned: &str) -> bool {
        let fragment = returned.split_once('#').map_or("", |(_, fragment)| fragment);
        let mut given = fragment.split('&').filter_map(|part| part.strip_prefix(Self::NAME));
        given.any(|given| given.as_bytes().ct_eq(self.0.as_bytes()).into())
    }
}

impl TryFrom<&str> for Nonce {
    type Error = BadNonce;

    /// From the text of [`Nonce::as_str`].
    fn try_from(text: &str) -> Result<Self, BadNonce> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self::new).ok_or(BadNonce)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// The text was not made by [`Nonce::as_str`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nonce is {} bytes in URL-safe base64 without padding", Nonce::BYTES)]
pub struct BadNonce;
