//! What commands print.

use std::io::{self, Write};
use std::path::Path;

use crate::config::Config;
use crate::pki::Files;
use crate::scenario::{Scenario, Scenarios};

/// Two columns: the scenario and what it does.
pub(super) fn scenarios(scenarios: &Scenarios, out: &mut dyn Write) -> io::Result<()> {
    let name = |scenario: &Scenario| scenario.name().unwrap_or_default().to_owned();
    let width = scenarios.iter().map(|scenario| name(scenario).len()).max().unwrap_or_default();
    for scenario in scenarios.iter() {
        writeln!(out, "{:<width$}  {}", name(scenario), scenario.about())?;
    }
    Ok(())
}

/// That a configuration holds, and what is in it.
pub(super) fn checked(file: &Path, config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let counted = [
        (config.scenarios.len(), "scenario"),
        (config.personas.len(), "persona"),
        (config.errors.len(), "API error"),
        (config.lanes.len(), "lane"),
    ];
    let counted =
        counted.map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
    writeln!(out, "{}: no faults; {}", file.display(), counted.join(", "))
}

/// Where the certificates lie.
pub(super) fn files(files: &Files, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |what: &str, path: &Path| writeln!(out, "{what:<28}{}", path.display());
    line("CA", &files.ca)?;
    line("root of signatures", &files.user_ca)?;
    for (index, party) in files.relying_parties.iter().enumerate() {
        let number = index + 1;
        line(&format!("RP {number} certificate"), &party.certificate)?;
        line(&format!("RP {number} key"), &party.key)?;
        line(&format!("RP {number} encrypted PEM"), &party.encrypted_pem)?;
        line(&format!("RP {number} PKCS#12"), &party.pfx)?;
        line(&format!("RP {number} PKCS#12, old"), &party.legacy_pfx)?;
    }
    writeln!(out, "{:<28}{}", "passphrase", crate::pki::PASSPHRASE)
}
