//! Our files read again by another implementation, and the algorithms they name.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};

use super::*;
use crate::pki::{Certificates, PASSPHRASE};

const SALTS: Salts = Salts {
    certificate: Salt { salt: *b"certsalt", vector: *b"sixteen of bytes" },
    key: Salt { salt: *b"key salt", vector: [7; 16] },
    mac: *b"mac salt",
};

fn certificates() -> Certificates {
    Certificates::generate(&[], 1_767_225_600_000).unwrap()
}

#[track_caller]
fn check(write: fn(&Identity, &str, &Salts) -> Vec<u8>, passphrase: &str) {
    for party in certificates().relying_parties() {
        let file = write(party, passphrase, &SALTS);
        let store = KeyStore::from_pkcs12(&file, passphrase, Pkcs12ImportPolicy::Strict).unwrap();
        let (alias, chain) = store.private_key_chain().unwrap();
        assert_eq!(alias, party.name());
        assert_eq!(chain.key().as_der(), party.key().secret_pkcs8_der());
        // The certificate alone, as BankID's own files have it (section 1.4).
        let [certificate] = chain.certs() else { panic!("{} certificates", chain.certs().len()) };
        assert_eq!(certificate.as_der(), party.certificate().as_ref());
        assert_eq!(store.entries_len(), 1);
        // The check value depends on the passphrase.
        assert!(KeyStore::from_pkcs12(&file, "another", Pkcs12ImportPolicy::Strict).is_err());
    }
}

#[test]
fn the_modern_form_is_read_by_others() {
    check(modern, PASSPHRASE);
}

#[test]
fn the_old_form_is_read_by_others() {
    check(legacy, PASSPHRASE);
}

#[test]
fn an_identity_gives_both_forms_without_a_folder() {
    let certificates = certificates();
    let party = &certificates.relying_parties()[0];
    let (pfx, legacy) = (party.pfx().unwrap(), party.legacy_pfx().unwrap());
    for file in [&pfx, &legacy] {
        let store = KeyStore::from_pkcs12(file, PASSPHRASE, Pkcs12ImportPolicy::Strict).unwrap();
        let (_, chain) = store.private_key_chain().unwrap();
        assert_eq!(chain.key().as_der(), party.key().secret_pkcs8_der());
    }
    // Salts are drawn anew.
    assert_ne!(party.pfx().unwrap(), pfx);
}

#[test]
fn passphrases_of_any_length_and_script() {
    for passphrase in
        ["", "å", "a passphrase of more than thirty-two characters, which takes several blocks"]
    {
        check(modern, passphrase);
        check(legacy, passphrase);
    }
}

#[test]
fn each_form_names_its_algorithms_and_no_others() {
    let certificates = certificates();
    let party = &certificates.relying_parties()[0];
    let all = [
        PBES2,
        PBKDF2,
        HMAC_SHA256,
        AES_256_CBC,
        SHA256,
        legacy::SHA_40_BIT_RC2_CBC,
        legacy::SHA_3_KEY_TRIPLE_DES_CBC,
        SHA1,
    ];
    let modern = modern(party, PASSPHRASE, &SALTS);
    let count = |file: &[u8], arcs: &[u64]| {
        let der = construct_der(|writer| writer.write_oid(&oid(arcs)));
        file.windows(der.len()).filter(|window| *window == der).count()
    };
    assert_eq!(all.map(|arcs| count(&modern, arcs)), [2, 2, 2, 2, 1, 0, 0, 0]);
    // RC2-40 for the certificate, triple DES for the key: one each.
    let legacy = legacy(party, PASSPHRASE, &SALTS);
    assert_eq!(all.map(|arcs| count(&legacy, arcs)), [0, 0, 0, 0, 0, 1, 1, 1]);
    let position = |arcs: &[u64]| {
        let der = construct_der(|writer| writer.write_oid(&oid(arcs)));
        legacy.windows(der.len()).position(|window| window == der).unwrap()
    };
    let key_bag = position(SHROUDED_KEY_BAG);
    assert!(
        position(legacy::SHA_40_BIT_RC2_CBC) < key_bag
            && key_bag < position(legacy::SHA_3_KEY_TRIPLE_DES_CBC)
    );
}

#[test]
fn neither_key_nor_certificate_stands_in_the_open() {
    let certificates = certificates();
    let party = &certificates.relying_parties()[0];
    for file in [modern(party, PASSPHRASE, &SALTS), legacy(party, PASSPHRASE, &SALTS)] {
        for secret in [party.key().secret_pkcs8_der(), party.certificate().as_ref()] {
            assert!(!file.windows(24).any(|window| window == &secret[40..64]));
        }
    }
}

#[test]
fn the_same_salts_give_the_same_file() {
    let certificates = certificates();
    let party = &certificates.relying_parties()[0];
    assert_eq!(modern(party, PASSPHRASE, &SALTS), modern(party, PASSPHRASE, &SALTS));
    let drawn = Salts::draw().unwrap();
    assert_ne!(modern(party, PASSPHRASE, &SALTS), modern(party, PASSPHRASE, &drawn));
}

/// Values computed with OpenSSL 3.0 (`openssl kdf ... PKCS12KDF`).
#[test]
fn the_derivation_agrees_with_openssl() {
    #[track_caller]
    fn check<const N: usize>(derived: [u8; N], expected: &str) {
        assert_eq!(base16ct::lower::encode_string(&derived), expected);
    }
    let salt = b"key salt";
    let key: [u8; 24] = legacy::derive::<Sha1, 24>(PASSPHRASE, salt, legacy::Purpose::Key);
    check(key, "a0b2782f20921a7a57c371adf8f98d320872817ea0c8c654");
    let vector: [u8; 8] = legacy::derive::<Sha1, 8>(PASSPHRASE, salt, legacy::Purpose::Vector);
    check(vector, "5fcbcedd0bf49710");
    let mac: [u8; 32] = legacy::derive::<Sha256, 32>(PASSPHRASE, salt, legacy::Purpose::Mac);
    check(mac, "8ecf577828c41e74cc015ed49de39c5376dd8e77332b943439f9ad60ba1c6477");
    let long = "a passphrase of more than thirty-two characters, which takes several blocks";
    let key: [u8; 24] = legacy::derive::<Sha1, 24>(long, salt, legacy::Purpose::Key);
    check(key, "c86162544f159d849cc09c01e9ccf09bf207d4d8ee9c1710");
}
