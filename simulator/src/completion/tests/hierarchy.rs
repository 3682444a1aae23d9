//! The certificates against sections 10.5 and 10.7.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;

use super::reader::certificate;
use super::*;

fn subjects(kind: BankIdKind) -> Vec<String> {
    let verified = verified(&CompletionFacts { kind, ..facts() });
    verified.chain.iter().map(|der| certificate(der).subject().to_string()).collect()
}

#[test]
fn names_are_those_of_the_test_environment() {
    assert_eq!(
        subjects(BankIdKind::Mobile),
        [
            "C=SE, O=Testbank A AB (publ), surname=Tolvansson, givenName=Tolvan, serialNumber=191212121212, \
             name=(250601 09.00) Tolvan Tolvansson - Mobilt BankID, CN=Tolvan Tolvansson",
            "C=SE, O=Testbank A AB (publ), serialNumber=111111111111, \
             CN=Testbank A Customer CA3 v1 for BankID Test",
            "C=SE, O=Testbank A AB (publ), serialNumber=111111111111, CN=Testbank A CA v1 for BankID Test",
        ]
    );
    assert!(
        subjects(BankIdKind::File)[0]
            .contains("name=(250601 09.00) Tolvan Tolvansson - BankID på fil,")
    );
    assert!(subjects(BankIdKind::File)[1].ends_with("Customer CA1 v1 for BankID Test"));
    assert!(subjects(BankIdKind::Card)[0].contains("name=Tolvan Tolvansson - BankID på kort,"));
    assert!(subjects(BankIdKind::Card)[1].ends_with("Customer CA2 v1 for BankID Test"));
}

#[test]
fn the_root_cannot_be_mistaken_for_that_of_bankid() {
    let root = certificate(AUTHORITIES.root());
    assert_eq!(
        root.subject().to_string(),
        "O=bankid-simulator, OU=Simulated Member Banks CA, CN=bankid-simulator Root CA (not BankID)"
    );
    assert!(root.is_ca());
    root.verify_signature(None).unwrap();
}

#[test]
fn the_root_is_not_in_the_signature() {
    let chain = verified(&facts()).chain;
    assert_eq!(chain.len(), 3);
    assert!(!chain.iter().any(|der| der.as_slice() == AUTHORITIES.root().as_ref()));
}

#[test]
fn string_types_are_those_observed() {
    let verified = verified(&facts());
    let leaf = certificate(&verified.chain[0]);
    let tags: Vec<_> = leaf
        .subject()
        .iter_attributes()
        .map(|attribute| attribute.attr_value().header.tag().0)
        .collect();
    // PrintableString is 19, UTF8String 12.
    assert_eq!(tags, [19, 12, 12, 12, 19, 12, 12]);
}

#[test]
fn key_usage_follows_the_operation() {
    for (operation, flags) in [(Operation::Auth, 0b01), (Operation::Sign, 0b10)] {
        let verified = verified(&CompletionFacts { operation, ..facts() });
        let leaf = certificate(&verified.chain[0]);
        let usage = leaf.key_usage().unwrap().unwrap();
        assert!(usage.critical);
        assert_eq!(usage.value.flags, flags, "{operation:?}");
    }
}

#[test]
fn the_leaf_has_the_extensions_of_its_kind_and_no_others() {
    for (kind, policy) in [
        (BankIdKind::Mobile, "1.2.3.4.25"),
        (BankIdKind::File, "1.2.3.4.5"),
        (BankIdKind::Card, "1.2.3.4.10"),
    ] {
        let verified = verified(&CompletionFacts { kind, ..facts() });
        let leaf = certificate(&verified.chain[0]);
        let extensions: Vec<_> =
            leaf.extensions().iter().map(|extension| extension.oid.to_id_string()).collect();
        let mut expected =
            vec!["1.3.6.1.5.5.7.1.1", "2.5.29.32", "2.5.29.15", "2.5.29.35", "2.5.29.14"];
        if kind == BankIdKind::Card {
            expected.push("1.2.752.34.2.1");
            // PrintableString of 18 digits.
            let number = leaf.extensions().last().unwrap().value;
            assert_eq!(number[..2], [0x13, 18]);
            assert!(number[2..].iter().all(u8::is_ascii_digit));
        }
        assert_eq!(extensions, expected);
        assert_eq!(kind.policy(), policy);
        assert_eq!(policies(&leaf), [policy]);
        assert_eq!(policies(&certificate(&verified.chain[1])), [policy]);
        for general in [&verified.chain[2], &verified.ocsp.responder, &AUTHORITIES.root().to_vec()]
        {
            assert_eq!(policies(&certificate(general)), ["1.2.3.4.5"]);
        }
    }
}

fn policies(certificate: &X509Certificate<'_>) -> Vec<String> {
    let mut policies = Vec::new();
    for extension in certificate.extensions() {
        if let ParsedExtension::CertificatePolicies(found) = extension.parsed_extension() {
            policies.extend(found.iter().map(|policy| policy.policy_id.to_id_string()));
        }
    }
    policies
}

#[test]
fn serial_numbers_have_64_bits_and_differ() {
    let mut serials = Vec::new();
    for kind in BankIdKind::ALL {
        for operation in [Operation::Auth, Operation::Sign] {
            let verified = verified(&CompletionFacts { kind, operation, ..facts() });
            assert_eq!(verified.ocsp.serial.len(), 8);
            serials.push(verified.ocsp.serial);
        }
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 6);
}

#[test]
fn the_responder_vouches_for_half_a_year() {
    let verified = verified(&facts());
    let responder = certificate(&verified.ocsp.responder);
    assert_eq!(
        responder.subject().to_string(),
        "C=SE, O=Testbank A AB (publ), serialNumber=111111111111, \
         CN=Testbank A Customer CA3 v1 for BankID Test OCSP Signing"
    );
    // From New Year to a week into July, Swedish time.
    assert_eq!(responder.validity().not_before.timestamp(), 1_767_222_000);
    assert_eq!(responder.validity().not_after.timestamp(), 1_783_461_599);
    assert_eq!(responder.key_usage().unwrap().unwrap().value.flags, 0b10);
    assert!(responder.basic_constraints().unwrap().is_none());
    assert!(
        responder
            .extensions()
            .iter()
            .any(|extension| extension.oid.to_id_string() == "1.3.6.1.5.5.7.48.1.5")
    );
}

#[test]
fn persons_are_told_apart_by_every_part_of_their_name() {
    let base = verified(&facts());
    let mut other = facts();
    other.person.surname = "Tolvsson".into();
    other.person.name = "Tolvan Tolvsson".into();
    let other = verified(&other);
    assert_ne!(base.chain[0], other.chain[0]);
    assert!(certificate(&other.chain[0]).subject().to_string().contains("surname=Tolvsson"));
}
