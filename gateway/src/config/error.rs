//! Why settings do not hold, and what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use bankid_client::{Call, IdentityError};

use crate::RedisStoreError;
use crate::keys::BadKeys;
use crate::pages::{BadOrigin, BadPageSettings};

/// Why settings do not hold.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("cannot read {}", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("{}:{fault}", file.display())]
    File { file: PathBuf, fault: FileFault },
    #[error("{variable} is not usable: {problem}")]
    Variable { variable: String, problem: String },
    #[error("{setting} must be from 1 to {max}")]
    Limit { setting: &'static str, max: u32 },
    #[error(
        "nothing says whom to call: set environment (--environment) to test, production or simulator"
    )]
    NoEnvironment,
    #[error("{setting} is for environment \"simulator\" only")]
    OnlySimulator { setting: &'static str },
    #[error("an https:// URL needs ca (--ca), the authority that vouches for it")]
    NoAuthority,
    #[error(
        "there is no certificate to call BankID with: set rpPkcs12 (--rp-pkcs12), or rpCertificate and rpKey"
    )]
    NoIdentity,
    #[error("set rpPkcs12, or rpCertificate and rpKey, not both")]
    TwoIdentities,
    #[error("rpKey needs rpCertificate")]
    KeyAlone,
    #[error("the certificate in {} cannot be used", file.display())]
    Identity { file: PathBuf, source: IdentityError },
    #[error(
        "there are no API keys, so that nobody could call: `bankid-gateway key NAME` makes one"
    )]
    NoKeys,
    #[error(transparent)]
    Keys(#[from] BadKeys),
    #[error("the key {key:?} has a sha256 that is not 64 hexadecimal digits")]
    Digest { key: String },
    #[error("the key {key:?} has the unknown operation {operation:?}; there are {}", operations())]
    Operation { key: String, operation: String },
    #[error(
        "the relying party {name:?} needs a name of its own: 1 to 64 letters, digits, dots, underscores and hyphens"
    )]
    PartyName { name: String },
    #[error(
        "the key {key:?} is of the relying party {relying_party:?}, which is not among relyingParties"
    )]
    NoParty { key: String, relying_party: String },
    #[error("{setting} needs store (--store)")]
    NoStore { setting: &'static str },
    #[error(
        "{} does not hold keys of 64 hexadecimal digits, one on a line: `openssl rand -hex 32` makes one",
        file.display()
    )]
    StoreKey { file: PathBuf },
    #[error(transparent)]
    Store(#[from] RedisStoreError),
    #[error("pages.owner is {owner:?}, and there is no key of that name")]
    PagesOwner { owner: String },
    #[error("set pages.owner: with several keys it must be said whose orders pages start")]
    NoPagesOwner,
    #[error(
        "pages.trustedProxies has {text:?}, which is neither an address nor a network such as 10.0.0.0/8"
    )]
    Proxy { text: String },
    #[error("pages cannot be set up so")]
    Pages(#[from] BadPageSettings),
    #[error(transparent)]
    Client(#[from] bankid_client::Error),
}

impl ConfigError {
    pub(super) const fn from_origin(bad: BadOrigin) -> Self {
        Self::Pages(BadPageSettings::Origin(bad))
    }
}

fn operations() -> String {
    Call::ALL.map(Call::path).join(", ")
}

/// What is wrong in the file, and where.
#[derive(Debug)]
pub(crate) struct FileFault {
    line: usize,
    column: usize,
    message: String,
}

impl FileFault {
    pub(super) fn of(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |position| position + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message: error.message().replace('\n', " "),
        }
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}
