//! Several relying parties, each with a certificate of its own, and whose keys are which.

use std::path::{Path, PathBuf};

use bankid_client::Identity;
use serde::Deserialize;

use super::error::ConfigError;
use super::file::Document;
use super::{Environment, Flags, Lookup};

/// One relying party in the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PartyEntry {
    name: String,
    rp_certificate: Option<PathBuf>,
    rp_key: Option<PathBuf>,
    rp_pkcs12: Option<PathBuf>,
    passphrase_file: Option<PathBuf>,
}

/// A relying party, and the names of its keys.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) identity: Identity,
    pub(crate) keys: Vec<String>,
}

impl PartyEntry {
    pub(super) fn paths(&mut self) -> [&mut Option<PathBuf>; 4] {
        [&mut self.rp_certificate, &mut self.rp_key, &mut self.rp_pkcs12, &mut self.passphrase_file]
    }

    fn identity(&self, lookup: Lookup<'_>) -> Result<Identity, ConfigError> {
        let own = |path: &Option<PathBuf>| path.as_deref().map(Path::to_owned);
        let flags = Flags {
            rp_certificate: own(&self.rp_certificate),
            rp_key: own(&self.rp_key),
            rp_pkcs12: own(&self.rp_pkcs12),
            passphrase_file: own(&self.passphrase_file),
            ..Flags::default()
        };
        // A relying party that is named has a certificate, whoever is called.
        flags.identity(Environment::Test, lookup)?.ok_or(ConfigError::NoIdentity)
    }
}

impl Document {
    /// The relying parties; and whether no key is without one.
    pub(super) fn parties(&self, lookup: Lookup<'_>) -> Result<(Vec<Party>, bool), ConfigError> {
        let mut parties: Vec<Party> = Vec::new();
        for entry in &self.relying_parties {
            let name = entry.name.clone();
            if !crate::keys::is_name(&name) || parties.iter().any(|party| party.name == name) {
                return Err(ConfigError::PartyName { name });
            }
            parties.push(Party { name, identity: entry.identity(lookup)?, keys: Vec::new() });
        }
        let mut is_each = !parties.is_empty();
        for key in &self.keys {
            let Some(named) = &key.relying_party else {
                is_each = false;
                continue;
            };
            let party = parties.iter_mut().find(|party| party.name == *named);
            let unknown =
                || ConfigError::NoParty { key: key.name.clone(), relying_party: named.clone() };
            party.ok_or_else(unknown)?.keys.push(key.name.clone());
        }
        Ok((parties, is_each))
    }
}
