//! Who may call the control plane: whoever reaches the port and is no web page.
//!
//! A browser on the same machine reaches loopback too, so any site could drive the simulator of whoever visits it.
//! Scripts of foreign pages always send `Origin`; a name that a foreign site had resolved to this machine shows in
//! `Host`. Both are refused. The token, if set, is compared in constant time.

use std::net::IpAddr;

use http::request::Parts;
use http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use super::problem::{Code, Problem};

/// What a caller must show.
#[derive(Debug)]
pub(crate) struct Guard {
    listen: IpAddr,
    names: Vec<String>,
    token: Option<TokenDigest>,
}

/// The digest of the token: equal length for all, so that comparing tells nothing of the token.
struct TokenDigest([u8; 32]);

impl std::fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenDigest(hidden)")
    }
}

impl TokenDigest {
    fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }

    fn matches(&self, token: &[u8]) -> bool {
        let other = Self::of(token);
        self.0.iter().zip(other.0).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl Guard {
    /// For a control plane on `listen` that also goes by `names`.
    pub(crate) fn new(listen: IpAddr, names: &[String], token: Option<&str>) -> Self {
        let names = names.iter().map(|name| bare(name).to_ascii_lowercase()).collect();
        Self { listen, names, token: token.map(|token| TokenDigest::of(token.as_bytes())) }
    }

    /// Whether the call comes from a page or goes to a foreign name.
    pub(super) fn check_origin(&self, parts: &Parts) -> Result<(), Problem> {
        if parts.headers.contains_key(header::ORIGIN) {
            let detail = "calls from web pages (with an Origin header) are refused";
            return Err(Problem::new(Code::OriginRefused, detail).with_member("Origin"));
        }
        let mut hosts = parts.headers.get_all(header::HOST).iter();
        // What stands in the request line goes before the header (RFC 9112, section 3.2.2), so both must be ours.
        let in_line = parts.uri.authority().map(http::uri::Authority::as_str);
        let known = match (hosts.next().map(http::HeaderValue::to_str), hosts.next()) {
            (Some(Ok(host)), None) => {
                self.is_ours(host) && in_line.is_none_or(|host| self.is_ours(host))
            }
            _ => false,
        };
        if known {
            return Ok(());
        }
        let detail = "the Host header is none of this simulator's names; more are given by --name";
        Err(Problem::new(Code::ForeignHost, detail).with_member("Host"))
    }

    /// Whether the caller brings the token.
    pub(super) fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let brought =
            headers.get(header::AUTHORIZATION).map(http::HeaderValue::as_bytes).unwrap_or_default();
        let (scheme, credentials) = brought.split_at_checked(7).unwrap_or_default();
        if scheme.eq_ignore_ascii_case(b"Bearer ") && token.matches(credentials) {
            return Ok(());
        }
        let detail = "this control plane wants its token: Authorization: Bearer TOKEN";
        Err(Problem::new(Code::Unauthorized, detail).with_member("Authorization"))
    }

    fn is_ours(&self, host: &str) -> bool {
        let name = bare(host);
        if let Ok(address) = name.parse::<IpAddr>() {
            // A foreign page needs a name to point at us; a bare address is what somebody typed. It is only asked to
            // be one we listen on where we listen on one.
            return self.listen.is_unspecified()
                || address.is_loopback()
                || address == self.listen
                || self.names.iter().any(|own| own == name);
        }
        name.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The name in `name`, `name:port`, `[address]`, `[address]:port`, or a bare IPv6 address.
fn bare(host: &str) -> &str {
    if let Some(bracketed) = host.strip_prefix('[') {
        return match bracketed.split_once(']') {
            Some((address, port)) if is_port(port) => address,
            _ => "",
        };
    }
    match host.split_once(':') {
        Some((_, rest)) if rest.contains(':') => host,
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) => "",
        None => host,
    }
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}
