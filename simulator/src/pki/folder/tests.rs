//! A folder from run to run: what is kept, what is renewed, and what is refused.

use std::sync::atomic::{AtomicU32, Ordering};

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};

use super::*;

/// 2026-01-01 00:00:00Z.
const NOW_MS: u64 = 1_767_225_600_000;
const DAY_MS: u64 = 86_400_000;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "bankid-simulator-pki-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        // Left over from a process that was killed.
        drop(fs::remove_dir_all(&path));
        Self(path)
    }

    fn load(&self, names: &[&str], now_ms: u64) -> Result<(Certificates, Files), Error> {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        Certificates::load_or_generate(&self.0, &names, now_ms)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| (name.clone(), self.read(&name)))
            .collect();
        files.sort();
        files
    }

    #[track_caller]
    fn refused(&self, file: &str, expected: &str) {
        let before = self.contents();
        let error = self.load(&[], NOW_MS).unwrap_err();
        let Error::Content { path, problem } = &error else { panic!("{error:?}") };
        assert_eq!((path, *problem), (&self.0.join(file), expected));
        assert_eq!(self.contents(), before, "nothing is touched");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn everything_is_written() {
    let folder = Folder::new();
    let (certificates, files) = folder.load(&[], NOW_MS).unwrap();
    let names: Vec<_> = folder.contents().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "ca.key",
            "ca.pem",
            "rp-ca.key",
            "rp-ca.pem",
            "rp-encrypted.pem",
            "rp-legacy.pfx",
            "rp.key",
            "rp.p12",
            "rp.pem",
            "rp2-encrypted.pem",
            "rp2-legacy.pfx",
            "rp2.key",
            "rp2.p12",
            "rp2.pem",
            "server.key",
            "server.pem",
        ]
    );
    assert_eq!(fs::read_to_string(&files.ca).unwrap(), certificates.ca_pem());
    for (party, files) in certificates.relying_parties().iter().zip(&files.relying_parties) {
        assert_eq!(fs::read_to_string(&files.certificate).unwrap(), party.certificate_pem());
        assert_eq!(fs::read_to_string(&files.key).unwrap(), party.key_pem());
        for file in [&files.pfx, &files.legacy_pfx] {
            let store = KeyStore::from_pkcs12(
                &fs::read(file).unwrap(),
                PASSPHRASE,
                Pkcs12ImportPolicy::Strict,
            )
            .unwrap();
            let (_, chain) = store.private_key_chain().unwrap();
            assert_eq!(chain.certs()[0].as_der(), party.certificate().as_ref());
        }
        let encrypted = fs::read_to_string(&files.encrypted_pem).unwrap();
        assert!(encrypted.starts_with(&party.certificate_pem()));
        assert!(encrypted.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_keys() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    for entry in fs::read_dir(&folder.0).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_public =
            ["ca.pem", "rp-ca.pem", "rp.pem", "rp2.pem", "server.pem"].contains(&name.as_str());
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if is_public { 0o644 } else { 0o600 }, "{name}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = Folder::new();
    let (first, _) = folder.load(&["bankid.test"], NOW_MS).unwrap();
    let before = folder.contents();
    let (second, _) = folder.load(&["bankid.test"], NOW_MS + 100 * DAY_MS).unwrap();
    assert_eq!(folder.contents(), before);
    assert_eq!(first.ca_pem(), second.ca_pem());
}

#[test]
fn a_new_name_renews_the_server_only() {
    let folder = Folder::new();
    folder.load(&["bankid.test"], NOW_MS).unwrap();
    let before = folder.contents();
    folder.load(&["bankid.test", "other.test", "192.0.2.7", "2001:db8::7"], NOW_MS).unwrap();
    let changed: Vec<_> = folder
        .contents()
        .into_iter()
        .zip(before)
        .filter(|(now, then)| now != then)
        .map(|((name, _), _)| name)
        .collect();
    assert_eq!(changed, ["server.key", "server.pem"]);
    // Names no longer asked for are no reason to renew.
    let before = folder.contents();
    folder.load(&["other.test"], NOW_MS).unwrap();
    assert_eq!(folder.contents(), before);
}

#[test]
fn what_nears_its_end_is_renewed_and_authorities_are_kept() {
    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    let (ca, server, rp) =
        (folder.read("ca.pem"), folder.read("server.pem"), folder.read("rp.pem"));
    // The server's 397 days less the last thirty, then the 730 of relying parties.
    folder.load(&[], NOW_MS + 366 * DAY_MS).unwrap();
    assert_eq!(folder.read("server.pem"), server);
    folder.load(&[], NOW_MS + 368 * DAY_MS).unwrap();
    assert_ne!(folder.read("server.pem"), server);
    assert_eq!(folder.read("rp.pem"), rp);
    let containers = folder.read("rp.p12");
    folder.load(&[], NOW_MS + 701 * DAY_MS).unwrap();
    assert_ne!(folder.read("rp.pem"), rp);
    assert_ne!(folder.read("rp.p12"), containers);
    assert_eq!(folder.read("ca.pem"), ca);
}

#[test]
fn authorities_at_their_end_are_renewed_with_all_below() {
    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    let before = folder.contents();
    folder.load(&[], NOW_MS + 3640 * DAY_MS).unwrap();
    let after = folder.contents();
    assert!(before.iter().zip(&after).all(|(then, now)| then != now));
    // And the new ones fit together.
    folder.load(&[], NOW_MS + 3640 * DAY_MS).unwrap();
    assert_eq!(folder.contents(), after);
}

#[test]
fn containers_that_were_removed_come_back() {
    let folder = Folder::new();
    let (_, files) = folder.load(&[], NOW_MS).unwrap();
    let pem = folder.read("rp.pem");
    fs::remove_file(&files.relying_parties[0].legacy_pfx).unwrap();
    folder.load(&[], NOW_MS).unwrap();
    assert!(files.relying_parties[0].legacy_pfx.exists());
    assert_eq!(folder.read("rp.pem"), pem);
}

#[test]
fn files_with_other_content_are_refused() {
    for (file, text, expected) in [
        ("ca.pem", "nothing", "is no PEM certificate"),
        ("rp.key", "nothing", "is no PEM private key (PKCS#8)"),
        (
            "server.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "is no certificate",
        ),
    ] {
        let folder = Folder::new();
        folder.load(&[], NOW_MS).unwrap();
        fs::write(folder.0.join(file), text).unwrap();
        folder.refused(file, expected);
    }
}

#[test]
fn half_a_pair_is_refused() {
    for file in ["ca.key", "ca.pem", "rp2.pem"] {
        let folder = Folder::new();
        folder.load(&[], NOW_MS).unwrap();
        fs::remove_file(folder.0.join(file)).unwrap();
        folder.refused(file, "is missing");
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    fs::copy(folder.0.join("rp2.key"), folder.0.join("rp.key")).unwrap();
    folder.refused("rp.key", "does not belong to the certificate beside it");

    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    for extension in ["pem", "key"] {
        let name = |stem: &str| folder.0.join(format!("{stem}.{extension}"));
        fs::copy(name("server"), name("rp")).unwrap();
    }
    folder.refused("rp.pem", "was not issued by the authority in this folder");

    let folder = Folder::new();
    folder.load(&[], NOW_MS).unwrap();
    for extension in ["pem", "key"] {
        let name = |stem: &str| folder.0.join(format!("{stem}.{extension}"));
        fs::copy(name("rp"), name("rp-ca")).unwrap();
    }
    folder.refused("rp-ca.pem", "is no certificate of an authority");
}

#[test]
fn a_folder_that_cannot_be_made_names_itself() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("file");
    fs::write(&file, "").unwrap();
    let error = Certificates::load_or_generate(&file.join("below"), &[], NOW_MS).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error:?}");
    assert!(error.to_string().contains("below"), "{error}");
}
