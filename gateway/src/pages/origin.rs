//! Which pages may call: by the origin that the browser names, which no page can forge.

use std::fmt;
use std::net::IpAddr;

use http::header::{HeaderName, HeaderValue, ORIGIN};
use http::{HeaderMap, Uri};

use crate::fault::{Code, Fault, Source};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// An origin as browsers write it: `https://shop.example`, or `http://` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: HeaderValue,
    plain: bool,
}

/// Why a text is no origin that pages can be let in from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOrigin {
    /// There is more than an origin, or less.
    #[error(
        "{origin:?} is no origin: write it as https://shop.example, with a port if it has one of its own"
    )]
    Form {
        /// The text.
        origin: Box<str>,
    },
    /// Cookies would go over the network in the clear.
    #[error(
        "{origin:?} is not secure: http:// is for origins on this machine, such as http://localhost:3000"
    )]
    Insecure {
        /// The text.
        origin: Box<str>,
    },
}

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        self.text.to_str().unwrap_or_default()
    }

    /// Whether it is of this machine, without TLS.
    pub(super) const fn is_plain(&self) -> bool {
        self.plain
    }

    pub(super) const fn header(&self) -> &HeaderValue {
        &self.text
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<&str> for Origin {
    type Error = BadOrigin;

    fn try_from(text: &str) -> Result<Self, BadOrigin> {
        let form = || BadOrigin::Form { origin: text.into() };
        let uri: Uri = text.parse().map_err(|_fault| form())?;
        let scheme = uri.scheme_str().ok_or_else(form)?;
        let authority = uri.authority().ok_or_else(form)?.as_str();
        // Browsers write small letters, no default port, and nothing else than these two parts.
        let default_port = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return Err(form()),
        };
        let written = format!("{scheme}://{authority}");
        let is_bare = written == text && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_bare || authority.contains('@') || authority.ends_with(default_port) {
            return Err(form());
        }
        let plain = scheme == "http";
        if plain && !uri.host().is_some_and(is_this_machine) {
            return Err(BadOrigin::Insecure { origin: text.into() });
        }
        let text = HeaderValue::from_str(text).map_err(|_fault| form())?;
        Ok(Self { text, plain })
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// Whether a URL is of an origin. What follows the origin must not make another host of it.
pub(super) fn is_within(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Which of these origins a request comes from, if it says so. One that changes something must.
///
/// Old browsers do not send `Sec-Fetch-Site`; those that do say there what a missing `Origin` leaves open.
pub(super) fn permitted<'a>(
    origins: &'a [Origin],
    headers: &HeaderMap,
    changes: bool,
) -> Result<Option<&'a Origin>, Fault> {
    let refused = |detail: &'static str, header| {
        Fault::new(Code::OriginRefused, detail).at(Source::Header(header))
    };
    let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    if site == Some(b"cross-site") {
        return Err(refused("The page is of another site.", "Sec-Fetch-Site"));
    }
    let mut named = headers.get_all(ORIGIN).iter();
    let Some(origin) = named.next() else {
        return if changes {
            Err(refused("There must be an Origin.", "Origin"))
        } else if site.is_none_or(|site| site == b"same-origin") {
            Ok(None)
        } else {
            Err(refused("The page is of another origin.", "Sec-Fetch-Site"))
        };
    };
    let known = origins.iter().find(|known| known.text == *origin && named.next().is_none());
    known.map(Some).ok_or_else(|| refused("The origin is not among the allowed ones.", "Origin"))
}
