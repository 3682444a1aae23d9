//! What is said once the simulator listens.

use std::io::{self, Write};

use serde::Serialize;

/// Where a simulator can be reached, and the files a client needs. `null` in JSON for what is off.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ready {
    /// Without a slash at the end, as clients want it.
    pub(super) http: Option<String>,
    pub(super) https: Option<String>,
    pub(super) control: Option<String>,
    /// The authority that signed the server's certificate.
    pub(super) ca: Option<String>,
    pub(super) rp: Option<RelyingParty>,
}

/// The files of one client certificate.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RelyingParty {
    pub(super) certificate: String,
    pub(super) key: String,
    pub(super) pfx: String,
    pub(super) legacy_pfx: String,
    pub(super) passphrase: &'static str,
}

impl Ready {
    /// One line for programs.
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        writeln!(out)?;
        out.flush()
    }

    /// The same for people, with something to try.
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "bankid-simulator {} is ready", env!("CARGO_PKG_VERSION"))?;
        writeln!(out)?;
        let mut line = |name: &str, value: &str| writeln!(out, "  {name:<14}{value}");
        if let Some(http) = &self.http {
            line("plain HTTP", &format!("{http}/rp/v6.0/"))?;
        }
        if let Some(https) = &self.https {
            line("mutual TLS", &format!("{https}/rp/v6.0/"))?;
        }
        if let Some(control) = &self.control {
            line("control", &format!("{control}/"))?;
        }
        if let Some(ca) = &self.ca {
            line("CA", ca)?;
        }
        if let Some(rp) = &self.rp {
            line("RP", &rp.certificate)?;
            line("", &rp.key)?;
            line("", &format!("{}  (passphrase {})", rp.pfx, rp.passphrase))?;
            line("", &format!("{}  (the same in the old encryption)", rp.legacy_pfx))?;
        }
        if let Some(command) = self.first_command() {
            writeln!(out, "\nTry:\n\n  {command}")?;
        }
        writeln!(out, "\nCtrl-C stops it.")?;
        out.flush()
    }

    /// A command that starts an order.
    fn first_command(&self) -> Option<String> {
        let request = r#"-H 'Content-Type: application/json' -d '{"endUserIp":"127.0.0.1"}'"#;
        match (self, &self.ca, &self.rp) {
            (Self { http: Some(http), .. }, ..) => {
                Some(format!("curl {request} {http}/rp/v6.0/auth"))
            }
            (Self { https: Some(https), .. }, Some(ca), Some(rp)) => {
                let (ca, certificate, key) = (quoted(ca), quoted(&rp.certificate), quoted(&rp.key));
                let files = format!("--cacert {ca} --cert {certificate} --key {key}");
                Some(format!("curl {files} {request} {https}/rp/v6.0/auth"))
            }
            _ => None,
        }
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':');
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
