//! The gateway's settings with the simulator's files: every form in which relying parties are handed their certificates.

use std::path::Path;

use simulator::pki::PASSPHRASE;

use super::KEY;
use crate::support::Sim;

#[tokio::test]
async fn each_of_the_simulators_files_passes_the_check() {
    let folder = std::env::temp_dir().join(format!("bankid-gateway-it-{}", std::process::id()));
    let sim = Sim::with(|builder| builder.tls(true).certs_dir(&folder)).await;
    let files = sim.inner().files().expect("certificates in a folder").clone();
    let party = &files.relying_parties[0];
    let name = |path: &Path| path.file_name().expect("a name").to_str().expect("text").to_owned();
    let digest = gateway::digest(KEY).map(|byte| format!("{byte:02x}")).concat();
    let (passphrase, wrong) = (folder.join("passphrase"), folder.join("wrong"));
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).expect("a file");
    std::fs::write(&wrong, "other").expect("a file");
    let configuration = folder.join("gateway.toml");
    let check = |identity: &str, passphrase: &Path| {
        let text = format!(
            "environment = 'simulator'\nurl = 'https://localhost:8011'\nca = '{}'\n{identity}\npassphraseFile = '{}'\n[[keys]]\nname = 'shop'\nsha256 = ['{digest}']\n",
            name(&files.ca),
            name(passphrase),
        );
        std::fs::write(&configuration, text).expect("a file");
        let file = configuration.to_str().expect("text");
        gateway::cli::run(["bankid-gateway", "check", "--config", file])
    };
    let (certificate, key) = (name(&party.certificate), name(&party.key));
    let encrypted = format!("rpCertificate = '{}'", name(&party.encrypted_pem));
    let pfx = format!("rpPkcs12 = '{}'", name(&party.pfx));
    let legacy = format!("rpPkcs12 = '{}'", name(&party.legacy_pfx));
    assert_eq!(check(&format!("rpCertificate = '{certificate}'\nrpKey = '{key}'"), &wrong), 0);
    for identity in [&encrypted, &pfx, &legacy] {
        assert_eq!(check(identity, &passphrase), 0, "{identity}");
        assert_eq!(check(identity, &wrong), 2, "{identity}");
    }
    let other = name(&files.relying_parties[1].key);
    assert_eq!(check(&format!("rpCertificate = '{certificate}'\nrpKey = '{other}'"), &wrong), 2);
    // Two relying parties, each with a form of its own, and a key that is of a third.
    let second = &files.relying_parties[1];
    let parties = |named: &str| {
        let text = format!(
            "environment = 'simulator'\nurl = 'https://localhost:8011'\nca = '{}'\n[[keys]]\nname = 'shop'\nsha256 = ['{digest}']\nrelyingParty = '{named}'\n[[relyingParties]]\nname = 'one'\nrpPkcs12 = '{}'\npassphraseFile = '{}'\n[[relyingParties]]\nname = 'two'\nrpCertificate = '{}'\nrpKey = '{}'\n",
            name(&files.ca),
            name(&party.pfx),
            name(&passphrase),
            name(&second.certificate),
            name(&second.key),
        );
        std::fs::write(&configuration, text).expect("a file");
        let file = configuration.to_str().expect("text");
        gateway::cli::run(["bankid-gateway", "check", "--config", file])
    };
    assert_eq!((parties("one"), parties("two"), parties("three")), (0, 0, 2));
    std::fs::remove_dir_all(&folder).expect("it is ours");
    sim.stop().await;
}
