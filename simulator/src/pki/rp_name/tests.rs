//! Names in the form of section 10.4, and what orders are bound to.

use proptest::prelude::*;
use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair};

use super::*;
use crate::pki::Certificates;

/// A certificate whose subject has these attributes, by the last number of their type.
fn certificate(attributes: &[(u64, DnValue)]) -> Vec<u8> {
    let mut name = DistinguishedName::new();
    for (arc, value) in attributes {
        name.push(DnType::CustomDnType(vec![2, 5, 4, *arc]), value.clone());
    }
    with_name(name)
}

fn with_name(name: DistinguishedName) -> Vec<u8> {
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

fn text(value: &str) -> DnValue {
    DnValue::Utf8String(value.to_owned())
}

fn printable(value: &str) -> DnValue {
    DnValue::PrintableString(value.try_into().unwrap())
}

#[track_caller]
fn check(attributes: &[(u64, DnValue)], dn: &str, display_name: &str) {
    let expected = RpName { dn: dn.to_owned(), display_name: display_name.to_owned() };
    assert_eq!(rp_name(&certificate(attributes)), expected);
}

#[test]
fn the_shared_test_certificate_of_section_10_4() {
    check(
        &[
            (6, printable("SE")),
            (10, text("Testbank A AB (publ)")),
            (5, printable("5566304928")),
            (41, text("Test av BankID")),
            (3, text("FP Testcert 5")),
        ],
        "cn=FP Testcert 5,name=Test av BankID,serialNumber=5566304928,o=Testbank A AB (publ),c=SE",
        "Test av BankID",
    );
}

#[test]
fn our_own_certificates() {
    let certificates = Certificates::generate(&[], 1_767_225_600_000).unwrap();
    let names: Vec<_> =
        certificates.relying_parties().iter().map(|party| rp_name(party.certificate())).collect();
    assert_eq!(
        names[0].dn,
        "cn=bankid-simulator RP 1,name=Simulated Shop,serialNumber=5500000011,o=Simulated Shop AB,c=SE"
    );
    assert_eq!(names[0].display_name, "Simulated Shop");
    assert_eq!(names[1].display_name, "Simulated Clinic");
}

#[test]
fn special_characters_are_escaped() {
    check(&[(3, text("#1 a, b+c \\"))], r"cn=\#1 a\, b\+c \\", r"#1 a, b+c \");
    check(&[(3, text(" x "))], r"cn=\ x\ ", " x ");
    check(&[(3, text("<\"a;b\">\0"))], r#"cn=\<\"a\;b\"\>\00"#, "<\"a;b\">\0");
    check(&[(3, text("Åhléns=Öl"))], "cn=Åhléns=Öl", "Åhléns=Öl");
}

#[test]
fn the_display_name_falls_back() {
    check(&[(10, text("Bolaget AB")), (3, text("Bolaget"))], "cn=Bolaget,o=Bolaget AB", "Bolaget");
    check(&[(10, text("Bolaget AB"))], "o=Bolaget AB", "Bolaget AB");
    check(&[(6, printable("SE"))], "c=SE", "");
}

#[test]
fn other_string_types_are_read() {
    let utf16 = "Å".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    check(
        &[(3, DnValue::BmpString(rcgen::string::BmpString::from_utf16be(utf16).unwrap()))],
        "cn=Å",
        "Å",
    );
    check(&[(3, DnValue::TeletexString("Gbg".try_into().unwrap()))], "cn=Gbg", "Gbg");
}

#[test]
fn unknown_types_are_written_as_numbers() {
    let mut name = DistinguishedName::new();
    name.push(DnType::CustomDnType(vec![1, 2, 3, 4]), "AB");
    name.push(DnType::CommonName, "x");
    // 0c is the tag of a UTF-8 string, 02 its length.
    assert_eq!(rp_name(&with_name(name)).dn, "cn=x,1.2.3.4=#0c024142");
}

#[test]
fn what_is_no_certificate_counts_as_the_plain_port() {
    assert_eq!(rp_name(b"no certificate"), RpName::plain());
}

#[test]
fn the_fingerprint_is_the_sha_256_of_the_whole() {
    // The vector of FIPS 180-4.
    assert_eq!(rp_fingerprint(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
}

proptest! {
    #[test]
    fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        rp_name(&bytes);
    }

    #[test]
    fn no_altered_certificate_does_harm(at in 0_usize..400, byte: u8) {
        let mut der = certificate(&[(6, printable("SE")), (41, text("Å, B")), (3, text("C"))]);
        let at = at % der.len();
        der[at] = byte;
        rp_name(&der);
    }

    #[test]
    fn any_name_is_one_line_of_attributes(value in "\\PC{1,40}") {
        let name = rp_name(&certificate(&[(41, text(&value)), (3, text("x"))]));
        prop_assert_eq!(&name.display_name, &value);
        // Unescaped, the name says what the certificate says.
        let (first, rest) = name.dn.split_once(",name=").unwrap();
        prop_assert_eq!(first, "cn=x");
        prop_assert_eq!(unescape(rest), value);
    }
}

fn unescape(text: &str) -> String {
    let mut characters = text.chars();
    std::iter::from_fn(|| match characters.next()? {
        '\\' => characters.next(),
        plain => Some(plain),
    })
    .collect()
}
