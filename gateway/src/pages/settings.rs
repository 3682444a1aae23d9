//! How the surface for pages is set up, and what of it does not hold.

use std::time::Duration;

use bankid_core::launch::AppLinks;
use ipnet::IpNet;

use super::origin::{BadOrigin, Origin, is_within};

/// How the surface for pages is set up.
#[expect(clippy::struct_excessive_bools, reason = "what may be allowed is independent")]
#[derive(Clone, Debug)]
pub struct PageSettings {
    /// The name of the key whose orders pages start. A ticket's order is that of the key that asked for the ticket.
    pub owner: Box<str>,
    /// Where pages come from.
    pub origins: Vec<Origin>,
    /// Whether pages of these origins may call across origins, with cookies. The site must be the same nevertheless.
    pub cross_origin: bool,
    /// Proxies whose word on where a request comes from is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it.
    pub forwarding_header: ForwardingHeader,
    /// Whether a page may start an identification of its own accord, without a ticket.
    pub open_auth: bool,
    /// Whether a page may choose what its user is asked to sign.
    pub free_texts: bool,
    /// Where the app sends the user afterwards, unless the page names a place of its own origin. By default the start page
    /// of that origin.
    pub return_url: Option<String>,
    /// Whether who comes back from the app must do so from the address that the order was started from (8.4).
    pub same_address: bool,
    /// In which mobile browsers the app link is used (8.3).
    pub app_links: AppLinks,
    /// How long an order that is shown as a code goes on after the last page has hung up.
    pub grace: Duration,
    /// How long the code for a result can be exchanged.
    pub code_time: Duration,
    /// How long a ticket can be used.
    pub ticket_time: Duration,
    /// Sessions at once.
    pub sessions: usize,
    /// Sessions at once from one address: an IPv4 address, or the /64 of an IPv6 address.
    pub sessions_per_address: usize,
    /// Streams at once of one session.
    pub streams_per_session: usize,
}

/// Where a proxy says whom it speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardingHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded`, of RFC 7239.
    Forwarded,
}

/// Why settings for pages do not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPageSettings {
    /// Nobody could call.
    #[error("there are no origins, so that no page could call")]
    NoOrigins,
    /// Cookies cannot be both.
    #[error(
        "origins on this machine over http:// cannot stand beside others: cookies of these must be secure"
    )]
    MixedOrigins,
    /// The user would come back to where no page of ours is.
    #[error("returnUrl is not within one of the origins")]
    ReturnUrl,
    /// An origin that is none.
    #[error(transparent)]
    Origin(#[from] BadOrigin),
}

impl PageSettings {
    /// Settings for pages of these origins, with orders of the key of this name.
    pub fn new(owner: &str, origins: impl IntoIterator<Item = Origin>) -> Self {
        Self {
            owner: owner.into(),
            origins: origins.into_iter().collect(),
            cross_origin: false,
            trusted_proxies: Vec::new(),
            forwarding_header: ForwardingHeader::default(),
            open_auth: true,
            free_texts: false,
            return_url: None,
            same_address: true,
            app_links: AppLinks::default(),
            grace: Duration::from_secs(30),
            code_time: Duration::from_secs(60),
            ticket_time: Duration::from_secs(300),
            sessions: 10_000,
            sessions_per_address: 100,
            streams_per_session: 8,
        }
    }

    pub(crate) fn check(&self) -> Result<(), BadPageSettings> {
        let loopback = self.origins.iter().filter(|origin| origin.is_plain()).count();
        if self.origins.is_empty() {
            return Err(BadPageSettings::NoOrigins);
        }
        if loopback != 0 && loopback != self.origins.len() {
            return Err(BadPageSettings::MixedOrigins);
        }
        let within =
            |url: &String| self.origins.iter().any(|origin| is_within(url, origin.as_str()));
        if self.return_url.as_ref().is_some_and(|url| !within(url)) {
            return Err(BadPageSettings::ReturnUrl);
        }
        Ok(())
    }
}
