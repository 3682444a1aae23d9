//! What certificates say, in BankID's shape and in others.

use rcgen::string::{BmpString, PrintableString};
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, KeyPair,
    KeyUsagePurpose,
};
use time::OffsetDateTime;

use super::*;

const DAY_S: i64 = 86_400;

fn dn(oid: &[u64]) -> DnType {
    DnType::CustomDnType(oid.to_vec())
}

fn printable(text: &str) -> DnValue {
    DnValue::PrintableString(PrintableString::try_from(text).unwrap())
}

/// In the shape of 10.5.
fn user() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let mut push = |kind, value: &str| params.distinguished_name.push(kind, value);
    push(DnType::CountryName, "SE");
    push(DnType::OrganizationName, "Testbank A AB (publ)");
    push(dn(&[2, 5, 4, 4]), "Tolvansson");
    push(dn(&[2, 5, 4, 42]), "Tolvan");
    push(dn(&[2, 5, 4, 5]), "191212121212");
    push(dn(&[2, 5, 4, 41]), "(220913 08.33) Tolvan Tolvansson - BankID på fil");
    push(DnType::CommonName, "Tolvan Tolvansson");
    params.not_before = OffsetDateTime::from_unix_timestamp(-DAY_S).unwrap();
    params.not_after = OffsetDateTime::from_unix_timestamp(20_000 * DAY_S - 1).unwrap();
    params
}

fn made(params: &CertificateParams) -> Certificate {
    let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    Certificate::from_der(certificate.der()).unwrap()
}

#[test]
fn facts_of_a_person() {
    let mut params = user();
    params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    // certificatePolicies with 1.2.3.4.25
    let policy = [0x30, 8, 0x30, 6, 6, 4, 0x2a, 3, 4, 25];
    params.custom_extensions =
        vec![CustomExtension::from_oid_content(&[2, 5, 29, 32], policy.to_vec())];
    let user = made(&params);
    let subject = user.subject();
    assert_eq!(subject.common_name(), Some("Tolvan Tolvansson"));
    assert_eq!((subject.given_name(), subject.surname()), (Some("Tolvan"), Some("Tolvansson")));
    assert_eq!(subject.organization(), Some("Testbank A AB (publ)"));
    assert_eq!(subject.serial_number(), Some("191212121212"));
    assert_eq!(user.personal_number(), "191212121212".parse().ok());
    assert_eq!(user.policy(), Some("1.2.3.4.25"));
    assert_eq!(user.not_before_ms(), -DAY_S * 1_000);
    assert_eq!(user.not_after_ms(), (20_000 * DAY_S - 1) * 1_000);
    let usage = user.key_usage();
    assert!(usage.non_repudiation && !usage.digital_signature && !usage.key_cert_sign);
    assert!(user.is_self_issued());
}

#[test]
fn debug_output_tells_nothing_about_the_person() {
    let user = made(&user());
    let shown = format!("{user:?} {:?}", user.subject());
    for secret in ["1912", "Tolvan", "Testbank"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_number_that_is_none_is_no_persons() {
    let mut params = user();
    params.distinguished_name.push(dn(&[2, 5, 4, 5]), "5566304928");
    assert_eq!(made(&params).personal_number(), None);
}

/// The example of 10.4.
#[test]
fn names_are_written_as_bankid_writes_them() {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let mut push = |kind, value: DnValue| params.distinguished_name.push(kind, value);
    push(DnType::CountryName, printable("SE"));
    push(DnType::OrganizationName, "Testbank A AB (publ)".into());
    push(dn(&[2, 5, 4, 5]), printable("5566304928"));
    push(dn(&[2, 5, 4, 41]), "Test av BankID".into());
    push(DnType::CommonName, "FP Testcert 5".into());
    assert_eq!(
        made(&params).subject().to_string(),
        "cn=FP Testcert 5,name=Test av BankID,serialNumber=5566304928,o=Testbank A AB (publ),c=SE"
    );
}

#[test]
fn names_of_others_are_written_too() {
    for (value, expected) in [
        ("a,b+c\"d\\e<f>g;h", r#"cn=a\,b\+c\"d\\e\<f\>g\;h"#),
        (" a ", r"cn=\ a\ "),
        ("#a#", r"cn=\#a#"),
        (" ", r"cn=\ "),
        ("Åsa", "cn=Åsa"),
    ] {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, value);
        assert_eq!(made(&params).subject().to_string(), expected);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(dn(&[1, 2, 3]), DnValue::from("x"));
    let wide = BmpString::try_from("Åsa").unwrap();
    params.distinguished_name.push(DnType::CommonName, DnValue::BmpString(wide));
    assert_eq!(made(&params).subject().to_string(), "cn=Åsa,1.2.3=x");
}

#[test]
fn without_extensions_there_are_no_policies_and_no_usage() {
    let plain = made(&user());
    assert_eq!((plain.policy(), plain.policies().count()), (None, 0));
    assert_eq!(plain.key_usage(), KeyUsage::default());
}

#[test]
fn an_extension_that_is_malformed_is_named() {
    for (oid, name) in [(&[2, 5, 29, 32][..], "certificatePolicies"), (&[2, 5, 29, 15], "keyUsage")]
    {
        let mut params = user();
        params.custom_extensions = vec![CustomExtension::from_oid_content(oid, vec![5, 0])];
        let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let fault = Certificate::from_der(certificate.der()).unwrap_err();
        assert_eq!(fault, BadCertificate::Extension(name));
    }
}

#[test]
fn bytes_after_the_certificate_are_not_passed_over() {
    let certificate = user().self_signed(&KeyPair::generate().unwrap()).unwrap();
    let longer = [certificate.der().as_ref(), &[0]].concat();
    assert_eq!(Certificate::from_der(&longer), Err(BadCertificate::NotDer));
    assert_eq!(Certificate::from_der(&[]), Err(BadCertificate::NotDer));
}
