//! Ours beside a genuine completion of BankID's test environment (2022), if its file lies beside the repository.

use std::io::Write as _;

use super::reader;
use super::*;

const PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/bankid-test-completion.json");

struct Genuine {
    signature: String,
    ocsp_response: String,
}

/// The genuine completion. Says so where no test runner swallows it if there is none.
fn genuine() -> Option<Genuine> {
    let Ok(text) = std::fs::read_to_string(PATH) else {
        let _best_effort = writeln!(std::io::stderr(), "SKIPPED: no genuine completion at {PATH}");
        return None;
    };
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let member = |name: &str| document[name].as_str().unwrap().to_owned();
    Some(Genuine { signature: member("signature"), ocsp_response: member("ocspResponse") })
}

/// The facts of the genuine one, as far as they decide its structure.
fn same_facts() -> CompletionFacts {
    CompletionFacts {
        kind: BankIdKind::File,
        operation: Operation::Auth,
        conditions: vec![Condition { name: "CertificatePolicies", value: "1.2.3.4.5".into() }],
        ..facts()
    }
}

#[test]
fn the_reader_accepts_the_genuine_one() {
    let Some(genuine) = genuine() else { return };
    let verified = reader::verify(&genuine.signature, &genuine.ocsp_response);
    assert_eq!(verified.ocsp.produced_at, "20220913140919Z");
}

#[test]
fn the_structure_is_the_genuine_one() {
    let Some(genuine) = genuine() else { return };
    let genuine = reader::verify(&genuine.signature, &genuine.ocsp_response);
    let ours = verified(&same_facts());
    assert_eq!(reader::structure(&ours.xml), reader::structure(&genuine.xml));
    let declaration = |xml: &str| xml.split_once("<Signature").unwrap().0.to_owned();
    assert_eq!(declaration(&ours.xml), declaration(&genuine.xml));
}

#[test]
fn the_certificates_have_the_shape_of_the_genuine_ones() {
    let Some(genuine) = genuine() else { return };
    let genuine = reader::verify(&genuine.signature, &genuine.ocsp_response);
    let ours = verified(&same_facts());
    assert_eq!(ours.chain.len(), genuine.chain.len());
    let pairs = ours
        .chain
        .iter()
        .zip(&genuine.chain)
        .chain([(&ours.ocsp.responder, &genuine.ocsp.responder)]);
    for (ours, genuine) in pairs {
        assert_eq!(shape(ours), shape(genuine));
    }
}

const NAME: &str = "2.5.4.41";

/// Names, string types, signature algorithm, extensions with their order, criticality and size.
fn shape(der: &[u8]) -> Vec<String> {
    let certificate = reader::certificate(der);
    let mut lines = vec![
        certificate.signature_algorithm.algorithm.to_id_string(),
        certificate.public_key().algorithm.algorithm.to_id_string(),
        certificate.tbs_certificate.raw_serial().len().to_string(),
    ];
    for name in [certificate.subject(), certificate.issuer()] {
        for attribute in name.iter_attributes() {
            let kind = attribute.attr_type().to_id_string();
            let tag = attribute.attr_value().header.tag();
            let value = std::str::from_utf8(attribute.attr_value().data).unwrap();
            let compared = match kind.as_str() {
                // The label starts with the day of issue.
                NAME => value.split_once(')').unwrap().1,
                // The root is not BankID's, on purpose.
                _ if name.iter_organizational_unit().next().is_some() => "",
                _ => value,
            };
            lines.push(format!("{kind} {tag} {compared}"));
        }
    }
    for extension in certificate.extensions() {
        lines.push(format!(
            "{} {} {}",
            extension.oid.to_id_string(),
            extension.critical,
            extension.value.len()
        ));
    }
    lines
}
