//! Every form that certificates and keys come in, and what is said about those that cannot be used.
//!
//! PKCS#12 files and encrypted keys of other makers are read in `tests/it`, and BankID's own published files there too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::{
    Certificate as Bag, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
};
use time::OffsetDateTime;

use super::*;
use crate::Code;

/// 2026-01-01T00:00:00Z, in seconds.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct Party {
    key: KeyPair,
    certificate: rcgen::Certificate,
}

impl Party {
    fn certificate_pem(&self) -> String {
        armour("CERTIFICATE", self.certificate.der())
    }

    fn key_pem(&self) -> String {
        armour("PRIVATE KEY", &self.key.serialize_der())
    }
}

fn armour(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<_> =
        base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn params(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = OffsetDateTime::from_unix_timestamp(NOW - DAY).unwrap();
    params.not_after = OffsetDateTime::from_unix_timestamp(NOW + 30 * DAY + 5).unwrap();
    params
}

fn self_signed(common_name: &str) -> Party {
    let key = KeyPair::generate().unwrap();
    let certificate = params(common_name).self_signed(&key).unwrap();
    Party { key, certificate }
}

/// Root, authority and party, each issued by the one before.
fn hierarchy() -> [Party; 3] {
    let authority = |name| {
        let mut params = params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let keys = [(); 3].map(|()| KeyPair::generate().unwrap());
    let root_params = authority("Root");
    let middle_params = authority("Authority");
    let root = root_params.self_signed(&keys[0]).unwrap();
    let middle =
        middle_params.signed_by(&keys[1], &Issuer::from_params(&root_params, &keys[0])).unwrap();
    let leaf = params("Party, \"the\" +1")
        .signed_by(&keys[2], &Issuer::from_params(&middle_params, &keys[1]))
        .unwrap();
    let [a, b, c] = keys;
    [(a, root), (b, middle), (c, leaf)].map(|(key, certificate)| Party { key, certificate })
}

fn pem(parts: &[&str]) -> Vec<u8> {
    parts.concat().into_bytes()
}

#[track_caller]
fn refused(outcome: Result<Identity, IdentityError>, code: Code) -> IdentityError {
    let error = outcome.expect_err("it is refused");
    assert_eq!(error.code(), code, "{error}");
    error
}

#[test]
fn facts() {
    let [_, _, party] = hierarchy();
    let identity =
        Identity::from_pem(&pem(&[&party.certificate_pem(), &party.key_pem()]), None).unwrap();
    assert_eq!(identity.subject(), r#"cn=Party\, \"the\" \+1"#);
    assert_eq!(identity.issuer(), "cn=Authority");
    assert_eq!(identity.display_name(), None);
    assert_eq!(identity.fingerprint()[..], Sha256::digest(party.certificate.der())[..]);
    assert_eq!((identity.not_before(), identity.not_after()), (NOW - DAY, NOW + 30 * DAY + 5));
    for (now, days) in [(NOW, 30), (NOW + 30 * DAY, 0), (NOW + 30 * DAY + 6, -1)] {
        assert_eq!(identity.days_left(now), days);
    }
    let shown = format!("{identity:?}");
    assert!(shown.contains("Party") && !shown.to_lowercase().contains("key"), "{shown}");
}

#[test]
fn the_order_of_pem_sections_and_what_stands_between_do_not_matter() {
    let [root, middle, leaf] = hierarchy();
    let text = [
        "Bag Attributes\n    localKeyID: 01\nsubject=CN = Party\r\n",
        &leaf.key_pem(),
        &root.certificate_pem(),
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
        &middle.certificate_pem(),
        "\n\n",
        &leaf.certificate_pem().replace('\n', "\r\n"),
    ];
    let identity = Identity::from_pem(&pem(&text), None).unwrap();
    // The root stays at home: whoever judges the chain has it.
    let shown: Vec<_> = identity.certified.cert.iter().map(AsRef::as_ref).collect();
    assert_eq!(shown, [leaf.certificate.der().as_ref(), middle.certificate.der().as_ref()]);
}

#[test]
fn strangers_are_not_shown() {
    let [_, _, leaf] = hierarchy();
    let stranger = self_signed("Stranger");
    let text = pem(&[&stranger.certificate_pem(), &leaf.certificate_pem(), &leaf.key_pem()]);
    let identity = Identity::from_pem(&text, None).unwrap();
    assert_eq!(identity.certified.cert.len(), 1);
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    let (party, other) = (self_signed("Party"), self_signed("Other"));
    let (certificate, key) = (party.certificate_pem(), party.key_pem());
    refused(Identity::from_pem(certificate.as_bytes(), None), Code::MissingKey);
    refused(Identity::from_pem(b"", None), Code::MissingKey);
    let error = refused(Identity::from_pem(key.as_bytes(), None), Code::BadIdentity);
    assert_eq!(error, IdentityError::MissingCertificate);
    let two = pem(&[&certificate, &key, &other.key_pem()]);
    let error = refused(Identity::from_pem(&two, None), Code::SeveralKeys);
    assert_eq!(error.to_string(), "there are 2 private keys; one is needed, with its certificate");
    let mixed = pem(&[&certificate, &other.key_pem()]);
    refused(Identity::from_pem(&mixed, None), Code::KeyMismatch);
    let damaged = key.replacen("MIG", "MIH", 1);
    refused(Identity::from_pem(&pem(&[&certificate, &damaged]), None), Code::BadIdentity);
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let error = refused(Identity::from_pem(&pem(&[&certificate, old]), None), Code::BadIdentity);
    assert_eq!(error, IdentityError::BadPem(pem::BadPem::OldEncryption));
}

#[test]
fn validity_is_judged_with_the_date() {
    let party = self_signed("Party");
    let identity =
        Identity::from_pem(&pem(&[&party.certificate_pem(), &party.key_pem()]), None).unwrap();
    let at = |unix_s: i64| identity.check_validity(u64::try_from(unix_s).unwrap() * 1_000);
    assert_eq!(at(NOW), Ok(()));
    let expired = at(NOW + 31 * DAY).unwrap_err();
    assert_eq!(expired.code(), Code::CertificateExpired);
    assert_eq!(expired.to_string(), "the certificate expired on 2026-01-31");
    let early = at(NOW - 2 * DAY).unwrap_err();
    assert_eq!(early.code(), Code::CertificateNotYetValid);
    assert_eq!(early.to_string(), "the certificate is not valid before 2025-12-31");
}

/// A file with the party and the authorities above it.
fn pkcs12(
    parties: &[&Party],
    passphrase: &str,
    cipher: EncryptionAlgorithm,
    mac: MacAlgorithm,
) -> Vec<u8> {
    let key = PrivateKey::from_der(&parties[0].key.serialize_der()).unwrap();
    let certificates = parties.iter().map(|party| Bag::from_der(party.certificate.der()).unwrap());
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new("1", key, certificates);
    store.add_entry("rp", KeyStoreEntry::PrivateKeyChain(chain));
    store
        .writer(passphrase)
        .encryption_algorithm(cipher)
        .encryption_iterations(10)
        .mac_algorithm(mac)
        .mac_iterations(10)
        .write()
        .unwrap()
}

fn modern(parties: &[&Party], passphrase: &str) -> Vec<u8> {
    let cipher = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;
    pkcs12(parties, passphrase, cipher, MacAlgorithm::HmacSha256)
}

#[test]
fn pkcs12_in_each_form() {
    let [root, middle, leaf] = hierarchy();
    for cipher in [
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
    ] {
        let file = pkcs12(&[&leaf, &middle, &root], "å passphrase", cipher, MacAlgorithm::HmacSha1);
        let identity = Identity::from_pkcs12(&file, "å passphrase").unwrap();
        assert_eq!(identity.certified.cert.len(), 2);
        refused(Identity::from_pkcs12(&file, "another"), Code::WrongPassphrase);
        refused(Identity::from_pkcs12(&file, ""), Code::WrongPassphrase);
    }
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_told_apart() {
    let [_, _, leaf] = hierarchy();
    let file = modern(&[&leaf], "qwerty123");
    for cut in [0, 1, 10, file.len() / 2, file.len() - 1] {
        refused(Identity::from_pkcs12(&file[..cut], "qwerty123"), Code::BadIdentity);
    }
    refused(Identity::from_pkcs12(b"-----BEGIN CERTIFICATE-----", "qwerty123"), Code::BadIdentity);
    // The check value, which is near the end: everything decrypts, but nothing vouches for it.
    let mut changed = file.clone();
    let mac = changed.len() - 20;
    changed[mac] ^= 1;
    let error = refused(Identity::from_pkcs12(&changed, "qwerty123"), Code::BadIdentity);
    assert_eq!(error, IdentityError::CheckValue);
    refused(Identity::from_pkcs12(&changed, "qwerty124"), Code::WrongPassphrase);
}

#[test]
fn the_check_value_can_be_left_out_of_files_of_any_length() {
    for length in [0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
        // Version, a content of this length, and a check value.
        let mut content = vec![0x30, 0x83];
        content.extend_from_slice(&u32::try_from(length).unwrap().to_be_bytes()[1..]);
        content.resize(content.len() + length, 7);
        let mut inside = vec![2, 1, 3];
        inside.extend_from_slice(&content);
        inside.extend_from_slice(&[0x30, 0]);
        let mut file = vec![0x30, 0x83];
        file.extend_from_slice(&u32::try_from(inside.len()).unwrap().to_be_bytes()[1..]);
        file.extend_from_slice(&inside);
        let rewritten = encrypted::without_check_value(&file).unwrap();
        let (whole, kept) = encrypted::element(&rewritten).unwrap();
        assert_eq!(whole, rewritten.len());
        assert_eq!(kept, &inside[..inside.len() - 2]);
        // The shortest form.
        let digits = rewritten.len() - kept.len() - 2;
        assert!(digits == 0 || rewritten[2] != 0);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, passphrase: String) {
        let _outcome = Identity::from_pkcs12(&bytes, &passphrase);
        let _outcome = Identity::from_pem(&bytes, Some(&passphrase));
    }

    #[test]
    fn any_sections_are_read_or_refused(der: Vec<u8>, label in 0..5_usize) {
        let label = ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"][label];
        prop_assert!(Identity::from_pem(armour(label, &der).as_bytes(), Some("qwerty123")).is_err());
    }
}
