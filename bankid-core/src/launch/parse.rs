//! Reading start URLs, as the app does.

use alloc::{borrow::ToOwned, string::String};

use super::{BadRpRef, Link, RpRef, percent};
use crate::order::{AutoStartToken, NotAToken};

/// What a start URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The way it reaches the app.
    pub link: Link,
    /// Tells the order.
    pub token: AutoStartToken,
    /// The relying party's reference.
    pub rp_ref: Option<RpRef>,
    /// Where to go afterwards unless the order has a `returnUrl`, decoded; `null` and nothing both mean nowhere.
    pub redirect: Option<String>,
}

/// Reads a start URL (8.1, 8.2). Parameters nobody knows are passed over.
///
/// # Errors
///
/// A [`Fault`] with the first thing that is wrong.
///
/// ```
/// use bankid_core::launch::parse_start_url;
///
/// let opened = parse_start_url("bankid:///?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6&redirect=null")?;
/// assert_eq!(opened.token.as_str(), "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6");
///
/// let fault = parse_start_url("bankid:///?autoStartToken=7c40b5c9").unwrap_err();
/// assert_eq!(fault.to_string(), "not a start URL: the parameter must be written `autostarttoken`, all in lower case");
/// # Ok::<(), bankid_core::launch::Fault>(())
/// ```
pub fn parse_start_url(text: &str) -> Result<Opened, Fault> {
    if text.starts_with("bankid.") {
        return Err(Fault::QrText);
    }
    let (link, query) = [Link::Scheme, Link::App]
        .into_iter()
        .find_map(|link| strip_start(text, link).map(|query| (link, query)))
        .ok_or(Fault::Start)?;
    let mut given = Given::default();
    for parameter in query.split('&') {
        given.take(parameter)?;
    }
    let token =
        given.token.ok_or(if given.is_misspelt { Fault::Misspelt } else { Fault::TokenMissing })?;
    Ok(Opened {
        link,
        token: parse_token(token)?,
        rp_ref: given.rp_ref.map(parse_rp_ref).transpose()?,
        redirect: given.redirect.map(parse_redirect).transpose()?,
    })
}

/// Scheme and host are the same in any letter case.
fn strip_start(text: &str, link: Link) -> Option<&str> {
    let (start, query) = text.split_at_checked(link.start().len())?;
    start.eq_ignore_ascii_case(link.start()).then_some(query)
}

/// Parameters as they stand in the URL.
#[derive(Default)]
struct Given<'a> {
    token: Option<&'a str>,
    rp_ref: Option<&'a str>,
    redirect: Option<&'a str>,
    is_misspelt: bool,
}

impl<'a> Given<'a> {
    fn take(&mut self, parameter: &'a str) -> Result<(), Fault> {
        if self.redirect.is_some() {
            return Err(Fault::RedirectNotLast);
        }
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let (place, name) = match name {
            "autostarttoken" => (&mut self.token, "autostarttoken"),
            "rpref" => (&mut self.rp_ref, "rpref"),
            "redirect" => (&mut self.redirect, "redirect"),
            other => {
                self.is_misspelt |= other.eq_ignore_ascii_case("autostarttoken");
                return Ok(());
            }
        };
        match place.replace(value) {
            Some(_) => Err(Fault::Twice(name)),
            None => Ok(()),
        }
    }
}

fn parse_token(value: &str) -> Result<AutoStartToken, Fault> {
    if value.starts_with(['<', '[', '{', '(']) {
        return Err(Fault::TokenBrackets);
    }
    if value.contains('#') {
        return Err(Fault::Fragment);
    }
    let token = percent::decode(value).ok_or(Fault::Token(NotAToken))?;
    AutoStartToken::try_from(&*token).map_err(Fault::Token)
}

fn parse_rp_ref(value: &str) -> Result<RpRef, Fault> {
    let base64 = percent::decode(value).ok_or(Fault::RpRef(BadRpRef::NotBase64))?;
    RpRef::from_base64(&base64).map_err(Fault::RpRef)
}

fn parse_redirect(value: &str) -> Result<String, Fault> {
    if value.contains('#') {
        return Err(Fault::Fragment);
    }
    let url = percent::decode(value).ok_or(Fault::RedirectEncoding)?;
    if matches!(&*url, "" | "null")
        || url.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty())
    {
        Ok((*url).to_owned())
    } else {
        Err(Fault::Redirect)
    }
}

/// What is wrong with a text that should be a start URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A QR code's text.
    #[error("not a start URL: it is the text of a QR code, which is scanned, not opened")]
    QrText,
    /// Another scheme, host or path.
    #[error("not a start URL: it must start with `bankid:///?` or `https://app.bankid.com/?`")]
    Start,
    /// No token.
    #[error("not a start URL: the parameter `autostarttoken` is missing")]
    TokenMissing,
    /// The token's parameter in another letter case.
    #[error("not a start URL: the parameter must be written `autostarttoken`, all in lower case")]
    Misspelt,
    /// A parameter that is there twice.
    #[error("not a start URL: the parameter `{0}` is given twice")]
    Twice(&'static str),
    /// The token as documentation writes it.
    #[error("not a start URL: the token goes in as it is, without brackets")]
    TokenBrackets,
    /// The token is none.
    #[error("not a start URL: {0}")]
    Token(NotAToken),
    /// A `#` that is not encoded ends the parameters.
    #[error(
        "not a start URL: it must not have a fragment; a `#` within `redirect` must be percent-encoded"
    )]
    Fragment,
    /// The reference is none.
    #[error("not a start URL: {0}")]
    RpRef(BadRpRef),
    /// A parameter after `redirect`, or a `&` within it.
    #[error(
        "not a start URL: `redirect` must be the last parameter, and a `&` within it percent-encoded"
    )]
    RedirectNotLast,
    /// A broken escape, or bytes that are not UTF-8.
    #[error("not a start URL: `redirect` must be percent-encoded UTF-8")]
    RedirectEncoding,
    /// Neither `null` nor a URL.
    #[error("not a start URL: `redirect` must be `null` or an absolute URL")]
    Redirect,
}
