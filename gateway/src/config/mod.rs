//! Settings: from flags, environment and file into what the program runs with.
//!
//! A flag wins over the environment, which wins over the file, which wins over the default. Everything is checked before
//! anything starts. The environment comes in as a function, so that tests need none.

mod arguments;
mod error;
mod file;
mod pages;
mod parties;
mod words;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use bankid_client::{Client, Endpoint, Identity};
use clap::ValueEnum;

pub(crate) use self::arguments::{Arguments, Command, Flags};
pub(crate) use self::error::ConfigError;
pub(crate) use self::file::LimitsEntry;
use self::file::{Document, seconds, size};
pub(crate) use self::parties::Party;
pub(crate) use self::words::Environment;
use self::words::{LogFormat, LogLevel};
use crate::keys::Keys;
use crate::pages::PageSettings;
use crate::{RedisAddress, Seal};

#[cfg(test)]
mod tests;

const DEFAULT_PORT: u16 = 8020;

/// Where a simulator listens unless told otherwise.
const SIMULATOR: &str = "http://127.0.0.1:8010";

const PREFIX: &str = "BANKID_GATEWAY_";

/// Looks a variable of the environment up.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the program runs with.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) address: SocketAddr,
    pub(crate) environment: Environment,
    pub(crate) limits: LimitsEntry,
    pub(crate) strict_numbers: bool,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: LogLevel,
    pub(crate) keys: Keys,
    pub(crate) pages: Option<PageSettings>,
    pub(crate) identity: Option<Identity>,
    /// Those of several whose keys name theirs.
    pub(crate) parties: Vec<Party>,
    /// Where orders are kept, and with which keys; in memory if nowhere.
    pub(crate) store: Option<(RedisAddress, Seal)>,
    endpoint: Endpoint,
}

impl Config {
    /// Reads everything that there is.
    pub(crate) fn load(flags: &Flags, lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        let from = Environs(lookup);
        let mut settings = flags.clone();
        from.fill(&mut settings)?;
        let file = match &settings.config {
            Some(path) => Document::load(path)?,
            None => Document::default(),
        };
        file.limits.check()?;
        settings.fill(&file);
        let environment = settings.environment.ok_or(ConfigError::NoEnvironment)?;
        let keys = file.keys()?;
        let pages = file.pages.as_ref().map(|pages| pages.settings(&keys)).transpose()?;
        let (parties, is_each) = file.parties(lookup)?;
        let is_named = settings.rp_certificate.is_some() || settings.rp_pkcs12.is_some();
        let identity = match parties.first() {
            // Nobody calls for any other.
            Some(first) if is_each && !is_named => Some(first.identity.clone()),
            Some(_) | None => settings.identity(environment, lookup)?,
        };
        let listen = settings.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(Self {
            address: SocketAddr::new(listen, settings.port.unwrap_or(DEFAULT_PORT)),
            environment,
            limits: file.limits,
            strict_numbers: file.strict_personal_numbers,
            log_format: settings.log_format.unwrap_or_default(),
            log_level: settings.log_level.unwrap_or_default(),
            keys,
            pages,
            identity,
            parties,
            store: settings.store(file.limits)?,
            endpoint: settings.endpoint(environment)?,
        })
    }

    /// The client for keys that name no relying party.
    pub(crate) fn client(&self) -> Result<Client, ConfigError> {
        self.client_of(self.identity.as_ref())
    }

    /// The clients for keys that name theirs.
    pub(crate) fn clients(&self) -> Result<HashMap<String, Client>, ConfigError> {
        let mut clients = HashMap::new();
        for party in &self.parties {
            let client = self.client_of(Some(&party.identity))?;
            clients.extend(party.keys.iter().map(|key| (key.clone(), client.clone())));
        }
        Ok(clients)
    }

    fn client_of(&self, identity: Option<&Identity>) -> Result<Client, ConfigError> {
        let endpoint = self.endpoint.clone();
        let config = match identity {
            Some(identity) => bankid_client::Config::new(endpoint, identity.clone()),
            None => bankid_client::Config::plain(endpoint),
        };
        let request_timeout = seconds(self.limits.bank_id_seconds);
        let config = config
            .max_connections(size(self.limits.bank_id_connections))
            .connect_timeout(request_timeout.min(bankid_client::Config::DEFAULT_CONNECT_TIMEOUT))
            .request_timeout(request_timeout);
        Ok(Client::new(config)?)
    }

    /// Whether others than this machine can reach it.
    pub(crate) fn is_open(&self) -> bool {
        !self.address.ip().is_loopback()
    }
}

/// The environment.
struct Environs<'a>(Lookup<'a>);

impl Environs<'_> {
    /// Sets what no flag has set.
    fn fill(&self, flags: &mut Flags) -> Result<(), ConfigError> {
        let path = |text: &str| Ok(PathBuf::from(text));
        self.set(&mut flags.config, "CONFIG", path)?;
        self.set(&mut flags.listen, "LISTEN", |text| text.parse().map_err(said))?;
        self.set(&mut flags.port, "PORT", |text| text.parse().map_err(said))?;
        self.set(&mut flags.environment, "ENVIRONMENT", word)?;
        self.set(&mut flags.url, "URL", |text| Ok(text.to_owned()))?;
        self.set(&mut flags.ca, "CA", path)?;
        self.set(&mut flags.rp_certificate, "RP_CERTIFICATE", path)?;
        self.set(&mut flags.rp_key, "RP_KEY", path)?;
        self.set(&mut flags.rp_pkcs12, "RP_PKCS12", path)?;
        self.set(&mut flags.passphrase_file, "PASSPHRASE_FILE", path)?;
        self.set(&mut flags.store, "STORE", |text| text.parse().map_err(said))?;
        self.set(&mut flags.store_ca, "STORE_CA", path)?;
        self.set(&mut flags.store_key_file, "STORE_KEY_FILE", path)?;
        self.set(&mut flags.log_format, "LOG_FORMAT", word)?;
        self.set(&mut flags.log_level, "LOG_LEVEL", word)
    }

    fn set<T>(
        &self,
        place: &mut Option<T>,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(), ConfigError> {
        let variable = format!("{PREFIX}{name}");
        let Some(text) = (self.0)(&variable).filter(|text| !text.is_empty()) else { return Ok(()) };
        let value = read(&text).map_err(|problem| ConfigError::Variable { variable, problem })?;
        place.get_or_insert(value);
        Ok(())
    }
}

fn said(error: impl std::error::Error) -> String {
    error.to_string()
}

fn word<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, false).map_err(|_unknown| {
        let known = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<_> = known.map(|value| value.get_name().to_owned()).collect();
        format!("it is one of {}", known.join(", "))
    })
}

impl Flags {
    /// Takes from the file what neither flag nor environment has set.
    fn fill(&mut self, file: &Document) {
        self.listen = self.listen.or(file.listen);
        self.port = self.port.or(file.port);
        self.environment = self.environment.or(file.environment);
        self.log_format = self.log_format.or(file.log_format);
        self.log_level = self.log_level.or(file.log_level);
        self.url = self.url.take().or_else(|| file.url.clone());
        self.ca = self.ca.take().or_else(|| file.ca.clone());
        self.store = self.store.take().or_else(|| file.store.clone());
        self.store_ca = self.store_ca.take().or_else(|| file.store_ca.clone());
        self.store_key_file = self.store_key_file.take().or_else(|| file.store_key_file.clone());
        self.passphrase_file = self.passphrase_file.take().or_else(|| file.passphrase_file.clone());
        // A certificate that is given outside the file replaces the file's, whatever its form.
        if self.rp_certificate.is_none() && self.rp_key.is_none() && self.rp_pkcs12.is_none() {
            self.rp_certificate.clone_from(&file.rp_certificate);
            self.rp_key.clone_from(&file.rp_key);
            self.rp_pkcs12.clone_from(&file.rp_pkcs12);
        }
    }

    fn endpoint(&self, environment: Environment) -> Result<Endpoint, ConfigError> {
        let of_simulator = [("url", self.url.is_some()), ("ca", self.ca.is_some())];
        let endpoint = match environment {
            Environment::Simulator => {
                let url = self.url.as_deref().unwrap_or(SIMULATOR);
                if url.starts_with("https://") && self.ca.is_none() {
                    return Err(ConfigError::NoAuthority);
                }
                let roots = self.ca.as_deref().map(read).transpose()?.unwrap_or_default();
                return Ok(Endpoint::custom(url, &roots)?);
            }
            Environment::Test => Endpoint::test(),
            Environment::Production => Endpoint::production(),
        };
        match of_simulator.into_iter().find(|(_, is_set)| *is_set) {
            Some((setting, _)) => Err(ConfigError::OnlySimulator { setting }),
            None => Ok(endpoint),
        }
    }

    /// Where orders are kept beyond the process.
    fn store(&self, limits: LimitsEntry) -> Result<Option<(RedisAddress, Seal)>, ConfigError> {
        let Some(url) = &self.store else {
            let needless = [
                ("storeCa", self.store_ca.is_some()),
                ("storeKeyFile", self.store_key_file.is_some()),
            ];
            return match needless.into_iter().find(|(_, is_set)| *is_set) {
                Some((setting, _)) => Err(ConfigError::NoStore { setting }),
                None => Ok(None),
            };
        };
        let ca = self.store_ca.as_deref().map(read).transpose()?;
        let seal = self.store_key_file.as_deref().map(store_keys).transpose()?;
        let address = RedisAddress::new(&url.0, ca)?.timeout(seconds(limits.store_seconds));
        Ok(Some((address, seal.unwrap_or_default())))
    }

    /// Who calls; a simulator without TLS does not ask.
    fn identity(
        &self,
        environment: Environment,
        lookup: Lookup<'_>,
    ) -> Result<Option<Identity>, ConfigError> {
        let passphrase = self.passphrase(lookup)?;
        let refused = |file: &Path| {
            let file = file.to_owned();
            move |source| ConfigError::Identity { file, source }
        };
        let identity = match (&self.rp_pkcs12, &self.rp_certificate, &self.rp_key) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err(ConfigError::TwoIdentities);
            }
            (None, None, Some(_)) => return Err(ConfigError::KeyAlone),
            (Some(file), None, None) => {
                Identity::from_pkcs12(&read(file)?, passphrase.as_deref().unwrap_or_default())
                    .map_err(refused(file))?
            }
            (None, Some(certificate), key) => {
                let mut pem = read(certificate)?;
                if let Some(key) = key {
                    pem.push(b'\n');
                    pem.extend(read(key)?);
                }
                Identity::from_pem(&pem, passphrase.as_deref()).map_err(refused(certificate))?
            }
            (None, None, None) => {
                let url = self.url.as_deref().unwrap_or(SIMULATOR);
                let is_plain = environment == Environment::Simulator && url.starts_with("http://");
                return if is_plain { Ok(None) } else { Err(ConfigError::NoIdentity) };
            }
        };
        Ok(Some(identity))
    }

    fn passphrase(&self, lookup: Lookup<'_>) -> Result<Option<String>, ConfigError> {
        if let Some(file) = &self.passphrase_file {
            let text = std::fs::read_to_string(file)
                .map_err(|source| ConfigError::Unreadable { file: file.clone(), source })?;
            return Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()));
        }
        Ok(lookup(&format!("{PREFIX}PASSPHRASE")))
    }
}

/// The keys in a file, one on a line.
fn store_keys(file: &Path) -> Result<Seal, ConfigError> {
    let text = read(file)?;
    let mut keys = Vec::new();
    for line in text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        let mut key = [0; 32];
        match base16ct::mixed::decode(line, &mut key).map(<[u8]>::len) {
            Ok(32) => keys.push(key),
            Ok(0) => {}
            Ok(_) | Err(_) => return Err(ConfigError::StoreKey { file: file.to_owned() }),
        }
    }
    if keys.is_empty() {
        return Err(ConfigError::StoreKey { file: file.to_owned() });
    }
    Ok(Seal::new(keys))
}

fn read(file: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(file).map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })
}
