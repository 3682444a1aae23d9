//! Every form in which relying parties are handed their certificates: the simulator's files, and those that BankID has
//! published, as packages of npm and of Python carry them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bankid_client::{Client, Code, Identity, IdentityError};
use bankid_core::request::Auth;
use simulator::pki::PASSPHRASE;

use super::support::config;
use crate::support::Sim;

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn each_of_the_simulators_files_logs_in() {
    let folder = std::env::temp_dir().join(format!("bankid-client-{}", std::process::id()));
    let sim = Sim::with(|builder| builder.tls(true).certs_dir(&folder)).await;
    let files = sim.inner().files().expect("certificates in a folder").relying_parties[0].clone();
    let plain = [read(&files.certificate), read(&files.key)].concat();
    let identities = [
        Identity::from_pem(&plain, None),
        Identity::from_pem(&read(&files.encrypted_pem), Some(PASSPHRASE)),
        Identity::from_pkcs12(&read(&files.pfx), PASSPHRASE),
        Identity::from_pkcs12(&read(&files.legacy_pfx), PASSPHRASE),
    ];
    for identity in identities {
        let client = Client::new(config(&sim, identity.unwrap())).unwrap();
        client.auth(Auth::new("203.0.113.25".parse().unwrap())).await.unwrap();
    }
    // A wrong passphrase is told from a damaged file, whatever the form.
    let wrong = [
        Identity::from_pem(&read(&files.encrypted_pem), Some("qwerty124")),
        Identity::from_pem(&read(&files.encrypted_pem), None),
        Identity::from_pkcs12(&read(&files.pfx), "qwerty124"),
        Identity::from_pkcs12(&read(&files.legacy_pfx), "qwerty124"),
    ];
    for refused in wrong {
        assert_eq!(refused.unwrap_err().code(), Code::WrongPassphrase);
    }
    for path in [&files.pfx, &files.legacy_pfx] {
        let file = read(path);
        let cut = Identity::from_pkcs12(&file[..file.len() - 5], PASSPHRASE);
        assert_eq!(cut.unwrap_err().code(), Code::BadIdentity);
        let mut changed = file.clone();
        let check_value = file.len() - 25;
        changed[check_value] ^= 1;
        let changed = Identity::from_pkcs12(&changed, PASSPHRASE);
        assert_eq!(changed.unwrap_err(), IdentityError::CheckValue);
    }
    sim.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// SHA-256 of the two issues of the shared test certificate (1.4).
const FIRST: &str = "2A8797B762B261222C13F7B0023016BF68D57CC630A62921C67D045DCBE630CB";
const CURRENT: &str = "EF15B3E1837BD4ADE7E4BFA1D0A07E9BE936E0389C10806077D0EB51271AD5F5";

const FILE: &str = "FPTestcert5_20240610";

fn fingerprint(identity: &Identity) -> String {
    identity.fingerprint().map(|byte| format!("{byte:02X}")).concat()
}

/// Says so where no test runner swallows it if a package is not installed; `npm test` installs them.
fn present(path: Option<PathBuf>, what: &str) -> Option<PathBuf> {
    if path.as_ref().is_none_or(|path| !path.exists()) {
        let _best_effort = writeln!(std::io::stderr(), "SKIPPED: {what} is not installed");
        return None;
    }
    path
}

#[test]
fn the_file_that_npms_bankid_carries() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("node_modules/bankid/cert").join(format!("{FILE}.p12"));
    let Some(path) = present(Some(path), "npm's bankid") else { return };
    let identity = Identity::from_pkcs12(&read(&path), PASSPHRASE).unwrap();
    published(&identity, CURRENT);
}

#[test]
fn the_files_that_pypis_pybankid_carries() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join("target/tools/python/lib");
    let versions = std::fs::read_dir(python).into_iter().flatten().filter_map(Result::ok);
    let mut folders = versions.map(|version| version.path().join("site-packages/bankid/certs"));
    let Some(folder) = present(folders.next(), "PyPI's pybankid") else { return };
    let pem = read(&folder.join(format!("{FILE}.pem")));
    published(&Identity::from_pem(&pem, Some(PASSPHRASE)).unwrap(), CURRENT);
    assert_eq!(
        Identity::from_pem(&pem, Some("qwerty124")).unwrap_err().code(),
        Code::WrongPassphrase
    );
    let pfx = read(&folder.join(format!("{FILE}.p12")));
    let first = Identity::from_pkcs12(&pfx, PASSPHRASE).unwrap();
    assert_eq!(fingerprint(&first), FIRST);
    assert_eq!(first.not_after(), 1_811_541_599);
}

fn published(identity: &Identity, expected: &str) {
    assert_eq!(fingerprint(identity), expected);
    // The example of 10.4.
    assert_eq!(
        identity.subject(),
        "cn=FP Testcert 5,name=Test av BankID,serialNumber=5566304928,o=Testbank A AB (publ),c=SE"
    );
    assert_eq!(identity.display_name(), Some("Test av BankID"));
    assert_eq!(identity.not_after(), 1_874_699_999);
}
