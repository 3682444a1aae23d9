//! Documents written by hand, the genuine one, and everything else.

use std::io::Write as _;

use bankid_core::PersonalNumber;
use proptest::prelude::*;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

use super::*;

/// A certificate whose subject has these attributes, in this order.
fn certificate(attributes: &[(&[u64], &str)]) -> Vec<u8> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (oid, value) in attributes {
        params.distinguished_name.push(DnType::CustomDnType(oid.to_vec()), *value);
    }
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

fn named(common_name: &str) -> Vec<u8> {
    certificate(&[(&[2, 5, 4, 3], common_name)])
}

/// The skeleton of 10.2 with this in its `KeyInfo`.
fn document(key_info: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="no"?><Signature xmlns="{DSIG}"><SignedInfo xmlns="{DSIG}"></SignedInfo><SignatureValue>AA==</SignatureValue><KeyInfo xmlns="{DSIG}" Id="bidKeyInfo">{key_info}</KeyInfo><Object><bankIdSignedData xmlns="http://www.bankid.com/signature/v1.0.0/types" Id="bidSignedData"></bankIdSignedData></Object></Signature>"#
    )
}

fn x509_data(certificates: &[Vec<u8>]) -> String {
    let element = |der| format!("<X509Certificate>{}</X509Certificate>", STANDARD.encode(der));
    format!("<X509Data>{}</X509Data>", certificates.iter().map(element).collect::<String>())
}

fn read(xml: &str) -> Result<Vec<Certificate>, Error> {
    certificates(&STANDARD.encode(xml))
}

#[track_caller]
fn refused(xml: &str, expected: &str) {
    assert_eq!(read(xml).expect_err("it is refused").to_string(), expected);
}

#[test]
fn certificates_come_in_the_order_of_the_document() {
    let all = ["user", "customer CA", "bank CA"].map(named);
    let found = read(&document(&x509_data(&all))).unwrap();
    assert_eq!(found.iter().map(Certificate::der).collect::<Vec<_>>(), all);
    let names: Vec<_> = found.iter().map(|one| one.subject().common_name().unwrap()).collect();
    assert_eq!(names, ["user", "customer CA", "bank CA"]);
}

#[test]
fn a_prefix_is_as_good_as_a_default_namespace() {
    let xml = document(&x509_data(&[named("user")]))
        .replace("<Signature xmlns=", "<d:Signature xmlns:d=")
        .replace("</Signature>", "</d:Signature>");
    assert_eq!(read(&xml).unwrap().len(), 1);
}

#[test]
fn what_is_not_built_so_is_refused() {
    let good = x509_data(&[named("user")]);
    let xml = document(&good);
    read(&xml).unwrap();
    refused(&xml.replace(DSIG, "urn:other"), "the root element is not a signature of XMLDSig");
    refused(&document(""), "there is not exactly one X509Data in KeyInfo");
    refused(&document(&good.repeat(2)), "there is not exactly one X509Data in KeyInfo");
    refused(&document("<X509Data></X509Data>"), "X509Data holds no certificate, or too many");
    let many = x509_data(&vec![named("user"); 9]);
    refused(&document(&many), "X509Data holds no certificate, or too many");
    let second = format!(r#"<KeyInfo xmlns="{DSIG}"></KeyInfo><Object>"#);
    refused(&xml.replace("<Object>", &second), "there is not exactly one KeyInfo");
    // A KeyInfo elsewhere is not one of the signature's.
    let elsewhere = format!(r#"<Object><KeyInfo xmlns="{DSIG}"></KeyInfo>"#);
    read(&xml.replace("<Object>", &elsewhere)).unwrap();
    let other = good.replace("X509Certificate", "X509CRL");
    refused(&document(&other), "X509Data holds something else than certificates");
    for inside in ["<!-- -->", "<a></a>"] {
        let split = good.replace("</X509C", &format!("{inside}AA==</X509C"));
        let expected = "an X509Certificate holds something else than text";
        refused(&document(&split), expected);
    }
    refused(
        &document("<X509Data><X509Certificate></X509Certificate></X509Data>"),
        "an X509Certificate holds something else than text",
    );
}

#[test]
fn only_the_safe_part_of_xml_is_read() {
    let xml = document(&x509_data(&[named("user")]));
    let not_xml = "the signature is not XML of the kind that BankID makes";
    let doctype = "<!DOCTYPE Signature [<!ENTITY a \"b\">]><Signature";
    refused(&xml.replacen("<Signature", doctype, 1), not_xml);
    refused(&xml.replace("AA==", "&a;"), not_xml);
    refused("", not_xml);
    refused("<Signature>", not_xml);
    let pi = "<?php ?><Object>";
    refused(&xml.replace("<Object>", pi), "there is a processing instruction");
    let (open, close) = ("<a>".repeat(40), "</a>".repeat(40));
    let deep = format!("<Object>{open}{close}");
    refused(&xml.replace("<Object>", &deep), "the elements are nested too deeply");
    let many = format!("<Object>{}", "<a></a>".repeat(1_000));
    refused(&xml.replace("<Object>", &many), not_xml);
    let very_deep = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
    refused(&very_deep, not_xml);
}

#[test]
fn text_that_is_no_document_is_refused() {
    for text in ["=", "AA", "A A=", "PFNpZ25hdHVyZS8+\n", "PFNpZ25hdHVyZS8-"] {
        assert_eq!(certificates(text), Err(Error::NotBase64), "{text}");
    }
    assert_eq!(certificates(&STANDARD.encode(b"\xff")), Err(Error::NotUtf8));
    let long = "AAAA".repeat(XML_MAX_BYTES.div_ceil(3) + 1);
    assert_eq!(certificates(&long), Err(Error::TooLarge { limit_bytes: XML_MAX_BYTES }));
}

#[test]
fn a_certificate_that_is_none_is_named() {
    let good = STANDARD.encode(named("user"));
    let longer = STANDARD.encode([named("user"), vec![0]].concat());
    for (text, source) in [
        ("AA", BadCertificate::NotBase64),
        ("AA==", BadCertificate::NotDer),
        (&*longer, BadCertificate::NotDer),
    ] {
        let key_info = format!(
            "<X509Data><X509Certificate>{good}</X509Certificate><X509Certificate>{text}</X509Certificate></X509Data>"
        );
        assert_eq!(read(&document(&key_info)), Err(Error::Certificate { position: 1, source }));
    }
    let broken = good.as_str().chars().enumerate();
    let broken: String = broken.map(|(at, c)| if at % 70 == 69 { '\n' } else { c }).collect();
    let key_info = format!("<X509Data><X509Certificate>{broken}</X509Certificate></X509Data>");
    let source = BadCertificate::NotBase64;
    assert_eq!(read(&document(&key_info)), Err(Error::Certificate { position: 0, source }));
}

const GENUINE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/bankid-test-completion.json");

/// A genuine completion of BankID's test environment (2022), if its file lies beside the repository.
#[test]
fn the_genuine_one() {
    let Ok(text) = std::fs::read_to_string(GENUINE) else {
        let _best_effort =
            writeln!(std::io::stderr(), "SKIPPED: no genuine completion at {GENUINE}");
        return;
    };
    let genuine: serde_json::Value = serde_json::from_str(&text).unwrap();
    let found = certificates(genuine["signature"].as_str().unwrap()).unwrap();
    let [user, customer, bank] = &*found else { panic!("{} certificates", found.len()) };
    // Section 10.5.
    assert_eq!(user.subject().name(), Some("(220913 08.33) Tolvan Tolvansson - BankID på fil"));
    assert_eq!(user.personal_number(), "191212121212".parse::<PersonalNumber>().ok());
    assert_eq!(user.subject().given_name(), Some("Tolvan"));
    assert_eq!(user.subject().surname(), Some("Tolvansson"));
    assert_eq!(user.policy(), Some("1.2.3.4.5"));
    assert!(user.key_usage().digital_signature && !user.key_usage().non_repudiation);
    assert_eq!(user.not_before_ms() % 86_400_000, 22 * 3_600_000);
    assert!(user.not_after_ms() > user.not_before_ms());
    for (authority, name) in [
        (customer, "Testbank A Customer CA1 v1 for BankID Test"),
        (bank, "Testbank A CA v1 for BankID Test"),
    ] {
        assert_eq!(authority.subject().common_name(), Some(name));
        assert!(authority.key_usage().key_cert_sign && !authority.is_self_issued());
    }
    assert_eq!((user.issuer(), customer.issuer()), (customer.subject(), bank.subject()));
    assert_eq!(bank.issuer().common_name(), Some("Test BankID Root CA v1 Test"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text: String) {
        let _outcome = certificates(&text);
    }

    #[test]
    fn any_document_is_read_or_refused(xml: Vec<u8>) {
        prop_assert!(certificates(&STANDARD.encode(xml)).is_err());
    }

    #[test]
    fn any_certificate_is_read_or_refused(der: Vec<u8>) {
        prop_assert!(read(&document(&x509_data(&[der]))).is_err());
    }

    #[test]
    fn any_change_of_a_certificate_is_read_or_refused(at in 0..300_usize, byte: u8) {
        let mut der = named("user");
        if let Some(place) = der.get_mut(at) {
            *place = byte;
        }
        let _outcome = read(&document(&x509_data(&[der])));
    }
}
