//! The configuration file as it stands.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bankid_client::Call;
use serde::Deserialize;

use super::error::{ConfigError, FileFault};
use super::pages::PagesEntry;
use super::parties::PartyEntry;
use super::words::{Environment, LogFormat, LogLevel, StoreUrl};
use crate::keys::{ApiKey, Keys};
use crate::orders;

/// Everything that can stand in the file. Paths in it are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Document {
    pub(super) listen: Option<IpAddr>,
    pub(super) port: Option<u16>,
    pub(super) environment: Option<Environment>,
    pub(super) url: Option<String>,
    pub(super) ca: Option<PathBuf>,
    pub(super) rp_certificate: Option<PathBuf>,
    pub(super) rp_key: Option<PathBuf>,
    pub(super) rp_pkcs12: Option<PathBuf>,
    pub(super) passphrase_file: Option<PathBuf>,
    pub(super) store: Option<StoreUrl>,
    pub(super) store_ca: Option<PathBuf>,
    pub(super) store_key_file: Option<PathBuf>,
    pub(super) log_format: Option<LogFormat>,
    pub(super) log_level: Option<LogLevel>,
    pub(super) strict_personal_numbers: bool,
    pub(super) keys: Vec<KeyEntry>,
    pub(super) relying_parties: Vec<PartyEntry>,
    pub(super) pages: Option<PagesEntry>,
    pub(super) limits: LimitsEntry,
}

/// One API key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct KeyEntry {
    pub(super) name: String,
    /// Which of several relying parties it is of.
    pub(super) relying_party: Option<String>,
    /// SHA-256 of the key in hexadecimal digits; several while it is being exchanged.
    sha256: Vec<String>,
    /// What it may call, as paths without the first slash; everything if absent.
    operations: Option<Vec<String>>,
    /// Whether it is given `qrStartSecret`.
    #[serde(default = "yes")]
    start_secrets: bool,
    /// Calls a second; any number if absent.
    calls_per_second: Option<u32>,
}

pub(super) const fn yes() -> bool {
    true
}

/// Bounds on what callers can make the gateway hold, and on BankID's answers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct LimitsEntry {
    pub(crate) body_kib: u32,
    pub(crate) body_seconds: u32,
    pub(crate) connections: u32,
    pub(crate) head_kib: u32,
    pub(crate) head_seconds: u32,
    pub(crate) idle_seconds: u32,
    pub(crate) drain_seconds: u32,
    pub(crate) store_mib: u32,
    pub(crate) keep_final_seconds: u32,
    pub(crate) store_seconds: u32,
    pub(crate) bank_id_connections: u32,
    pub(crate) bank_id_seconds: u32,
}

impl Default for LimitsEntry {
    fn default() -> Self {
        Self {
            body_kib: 512,
            body_seconds: 10,
            connections: 4_096,
            head_kib: 32,
            head_seconds: 10,
            idle_seconds: 75,
            drain_seconds: 25,
            store_mib: 512,
            keep_final_seconds: 300,
            store_seconds: 2,
            bank_id_connections: 128,
            bank_id_seconds: 20,
        }
    }
}

impl LimitsEntry {
    /// A limit of nothing would let nothing through, and one beyond this is none.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let limits = [
            ("limits.bodyKib", self.body_kib, 65_536),
            ("limits.bodySeconds", self.body_seconds, 3_600),
            ("limits.connections", self.connections, 1_000_000),
            // What hyper can be told.
            ("limits.headKib", self.head_kib, 1_024),
            ("limits.headSeconds", self.head_seconds, 3_600),
            ("limits.idleSeconds", self.idle_seconds, 86_400),
            ("limits.drainSeconds", self.drain_seconds, 3_600),
            ("limits.storeMib", self.store_mib, 1 << 20),
            ("limits.keepFinalSeconds", self.keep_final_seconds, 86_400),
            ("limits.storeSeconds", self.store_seconds, 60),
            ("limits.bankIdConnections", self.bank_id_connections, 65_536),
            ("limits.bankIdSeconds", self.bank_id_seconds, 600),
        ];
        match limits.into_iter().find(|(_, value, max)| !(1..=*max).contains(value)) {
            Some((setting, _, max)) => Err(ConfigError::Limit { setting, max }),
            None => Ok(()),
        }
    }

    pub(crate) fn orders(&self) -> orders::Limits {
        orders::Limits {
            store_kib: self.store_mib.saturating_mul(1_024),
            keep_final: seconds(self.keep_final_seconds),
        }
    }

    pub(crate) fn server(&self) -> serve::Limits {
        serve::Limits {
            connections: size(self.connections),
            head_bytes: size(self.head_kib).saturating_mul(1_024),
            head_time: seconds(self.head_seconds),
            idle_time: seconds(self.idle_seconds),
            drain_time: seconds(self.drain_seconds),
            ..serve::Limits::default()
        }
    }

    pub(crate) fn bodies(&self) -> serve::BodyLimits {
        serve::BodyLimits {
            bytes: size(self.body_kib).saturating_mul(1_024),
            time: seconds(self.body_seconds),
        }
    }
}

pub(super) fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

pub(super) fn size(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

impl Document {
    /// Reads a file. What is wrong in it is told by its place, without its text: there may be secrets in it.
    pub(super) fn load(path: &Path) -> Result<Self, ConfigError> {
        let file = || path.to_owned();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { file: file(), source })?;
        let mut read: Self = toml::from_str(&text).map_err(|error| ConfigError::File {
            file: file(),
            fault: FileFault::of(&text, &error),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let paths = [
            &mut read.ca,
            &mut read.rp_certificate,
            &mut read.rp_key,
            &mut read.rp_pkcs12,
            &mut read.passphrase_file,
            &mut read.store_ca,
            &mut read.store_key_file,
        ];
        let parties = read.relying_parties.iter_mut().flat_map(PartyEntry::paths);
        for path in paths.into_iter().chain(parties).flatten() {
            *path = folder.join(&path);
        }
        Ok(read)
    }

    /// The API keys.
    pub(super) fn keys(&self) -> Result<Keys, ConfigError> {
        let keys: Result<Vec<_>, _> = self.keys.iter().map(KeyEntry::key).collect();
        let keys = Keys::new(keys?)?;
        if keys.is_empty() { Err(ConfigError::NoKeys) } else { Ok(keys) }
    }
}

impl KeyEntry {
    fn key(&self) -> Result<ApiKey, ConfigError> {
        let name = || self.name.clone();
        let mut key = ApiKey::new(&self.name)
            .start_secrets(self.start_secrets)
            .calls_per_second(self.calls_per_second.unwrap_or_default());
        for text in &self.sha256 {
            let mut digest = [0; 32];
            let decoded = base16ct::mixed::decode(text, &mut digest).map(<[u8]>::len);
            if decoded != Ok(32) {
                return Err(ConfigError::Digest { key: name() });
            }
            key = key.accepting_digest(digest);
        }
        let Some(operations) = &self.operations else { return Ok(key) };
        let mut rights = Vec::new();
        for operation in operations {
            let known = Call::ALL.into_iter().find(|call| call.path() == operation);
            let unknown = || ConfigError::Operation { key: name(), operation: operation.clone() };
            rights.push(known.ok_or_else(unknown)?);
        }
        Ok(key.rights(rights))
    }
}
