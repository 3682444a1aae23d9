//! The table `pages` of the file.

use std::net::IpAddr;

use bankid_core::launch::AppLinks;
use ipnet::IpNet;
use serde::Deserialize;

use super::error::ConfigError;
use super::file::{seconds, size};
use crate::keys::{ApiKey, Keys};
use crate::pages::{ForwardingHeader, Origin, PageSettings};

/// The surface for pages. It is open if the table is there.
#[expect(clippy::struct_excessive_bools, reason = "what may be allowed is independent")]
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PagesEntry {
    /// Whose orders pages start; the only key's, if absent.
    owner: Option<String>,
    origins: Vec<String>,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    trusted_proxies: Vec<String>,
    #[serde(default)]
    forwarding_header: Header,
    #[serde(default = "super::file::yes")]
    open_auth: bool,
    #[serde(default)]
    free_texts: bool,
    return_url: Option<String>,
    #[serde(default = "super::file::yes")]
    same_address: bool,
    #[serde(default)]
    app_links: AppLinks,
    grace_seconds: Option<u32>,
    code_seconds: Option<u32>,
    ticket_seconds: Option<u32>,
    sessions: Option<u32>,
    sessions_per_address: Option<u32>,
    streams_per_session: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Header {
    #[default]
    XForwardedFor,
    Forwarded,
}

impl PagesEntry {
    pub(super) fn settings(&self, keys: &Keys) -> Result<PageSettings, ConfigError> {
        let owner = self.owner(keys)?;
        let origins: Result<Vec<_>, _> =
            self.origins.iter().map(|text| Origin::try_from(&**text)).collect();
        let mut settings = PageSettings::new(&owner, origins.map_err(ConfigError::from_origin)?);
        settings.cross_origin = self.cross_origin;
        settings.trusted_proxies = self.proxies()?;
        settings.forwarding_header = match self.forwarding_header {
            Header::XForwardedFor => ForwardingHeader::XForwardedFor,
            Header::Forwarded => ForwardingHeader::Forwarded,
        };
        settings.open_auth = self.open_auth;
        settings.free_texts = self.free_texts;
        settings.return_url.clone_from(&self.return_url);
        settings.same_address = self.same_address;
        settings.app_links = self.app_links;
        self.limit(&mut settings)?;
        settings.check()?;
        Ok(settings)
    }

    fn owner(&self, keys: &Keys) -> Result<String, ConfigError> {
        let mut names = keys.iter().map(ApiKey::name);
        match &self.owner {
            Some(owner) if names.any(|name| **name == **owner) => Ok(owner.clone()),
            Some(owner) => Err(ConfigError::PagesOwner { owner: owner.clone() }),
            None => match (names.next(), names.next()) {
                (Some(name), None) => Ok(name.as_ref().to_owned()),
                _ => Err(ConfigError::NoPagesOwner),
            },
        }
    }

    fn proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let net = |text: &String| {
            let alone = || text.parse::<IpAddr>().ok().map(IpNet::from);
            let net = text.parse::<IpNet>().ok().or_else(alone);
            net.ok_or_else(|| ConfigError::Proxy { text: text.clone() })
        };
        self.trusted_proxies.iter().map(net).collect()
    }

    /// A limit of nothing would let nothing through, and one beyond this is none.
    fn limit(&self, settings: &mut PageSettings) -> Result<(), ConfigError> {
        let limit = |setting, value: Option<u32>, max| match value {
            Some(value) if !(1..=max).contains(&value) => Err(ConfigError::Limit { setting, max }),
            value => Ok(value),
        };
        if let Some(value) = limit("pages.graceSeconds", self.grace_seconds, 600)? {
            settings.grace = seconds(value);
        }
        if let Some(value) = limit("pages.codeSeconds", self.code_seconds, 300)? {
            settings.code_time = seconds(value);
        }
        if let Some(value) = limit("pages.ticketSeconds", self.ticket_seconds, 86_400)? {
            settings.ticket_time = seconds(value);
        }
        if let Some(value) = limit("pages.sessions", self.sessions, 1_000_000)? {
            settings.sessions = size(value);
        }
        if let Some(value) =
            limit("pages.sessionsPerAddress", self.sessions_per_address, 1_000_000)?
        {
            settings.sessions_per_address = size(value);
        }
        if let Some(value) = limit("pages.streamsPerSession", self.streams_per_session, 1_000)? {
            settings.streams_per_session = size(value);
        }
        Ok(())
    }
}
