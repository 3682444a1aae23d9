//! What is printed.

use std::io::{self, Write};
use std::net::SocketAddr;

use bankid_client::{Call, Client, Identity};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::config::{Config, Party};
use crate::keys::digest;

#[derive(Serialize)]
struct Ready {
    http: String,
}

/// Where the gateway listens.
pub(super) fn ready(
    config: &Config,
    bound: SocketAddr,
    json: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let ready = Ready { http: format!("http://{bound}") };
    if json {
        serde_json::to_writer(&mut *out, &ready)?;
        writeln!(out)?;
    } else {
        let environment = config.environment.as_str();
        let version = env!("CARGO_PKG_VERSION");
        writeln!(out, "bankid-gateway {version} is ready on {} ({environment})", ready.http)?;
    }
    out.flush()
}

/// What the settings come to.
pub(super) fn checked(config: &Config, client: &Client, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |name: &str, value: &str| writeln!(out, "{name:<13}{value}");
    line("listen", &config.address.to_string())?;
    line("environment", config.environment.as_str())?;
    let now_s = i64::try_from(client.now().unix_ms / 1_000).unwrap_or(i64::MAX);
    let about = |identity: &Identity| {
        format!("{} ({} days left)", identity.subject(), identity.days_left(now_s))
    };
    match client.identity() {
        None => line("certificate", "none: the simulator is called over plain HTTP")?,
        Some(identity) => line("certificate", &about(&identity))?,
    }
    for Party { name, identity, keys } in &config.parties {
        let keys = keys.join(", ");
        line("party", &format!("{name}: {}, of keys: {keys}", about(identity)))?;
    }
    match &config.store {
        None => line("orders", "in memory, of this instance alone")?,
        Some((address, seal)) => {
            let how = if seal.is_there() { "enciphered" } else { "as they are" };
            line("orders", &format!("in Redis at {address}, {how}"))?;
        }
    }
    for key in config.keys.iter() {
        let calls: Vec<_> = Call::ALL.into_iter().filter(|call| key.may(*call)).collect();
        let rights = if calls.len() == Call::ALL.len() {
            "everything".to_owned()
        } else {
            calls.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        line("key", &format!("{}: {rights}", key.name()))?;
    }
    if let Some(pages) = &config.pages {
        let origins: Vec<_> = pages.origins.iter().map(ToString::to_string).collect();
        line("pages", &format!("{} as {}", origins.join(", "), pages.owner))?;
    }
    writeln!(out, "all settings hold")
}

/// A new key, which is nowhere else.
pub(super) fn key(name: &str, random: &[u8; 32], out: &mut dyn Write) -> io::Result<()> {
    let key = URL_SAFE_NO_PAD.encode(random);
    let digest = base16ct::lower::encode_string(&digest(&key));
    writeln!(out, "# For the caller, in x-api-key; it is shown this once:\n{key}\n")?;
    writeln!(out, "# For the configuration file of the gateway:")?;
    writeln!(out, "[[keys]]\nname = \"{name}\"\nsha256 = [\"{digest}\"]")?;
    out.flush()
}
