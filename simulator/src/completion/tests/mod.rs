//! Completions verified by a reader of their own, and compared with a genuine one.

mod document;
mod genuine;
mod hierarchy;
mod reader;
mod signers;

use std::sync::LazyLock;

use super::*;

/// One hierarchy for all tests, the same in every run.
static AUTHORITIES: LazyLock<Authorities> =
    LazyLock::new(|| Authorities::generate([7; 32]).unwrap());

/// 2026-01-15 12:34:56.789Z.
const FINISHED_AT_MS: u64 = 1_768_480_496_789;

const RANDOM: [u8; RANDOM_BYTES] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    26, 27, 28, 29, 30, 31,
];

fn facts() -> CompletionFacts {
    CompletionFacts {
        person: Person {
            personal_number: "191212121212".try_into().unwrap(),
            given_name: "Tolvan".into(),
            surname: "Tolvansson".into(),
            name: "Tolvan Tolvansson".into(),
            issue_date: "2025-06-01Z".into(),
        },
        kind: BankIdKind::Mobile,
        ip_address: IpAddr::from([203, 0, 113, 25]),
        uhi: "OZvYM9VvyiAmG7NA5jU5zqGcVpo=".into(),
        operation: Operation::Sign,
        visible_data: Some("c2lnbmVyaW5nc3RleHQ=".into()),
        format: TextFormat::Plaintext,
        non_visible_data: Some("ZWogc3lubGln".into()),
        conditions: vec![Condition { name: "CertificatePolicies", value: "1.2.3.4.25".into() }],
        mrtd: None,
        risk: None,
        finished_at_ms: FINISHED_AT_MS,
    }
}

fn rp() -> RpName {
    RpName {
        dn: "cn=FP Testcert 5,name=Test av BankID,serialNumber=5566304928,o=Testbank A AB (publ),c=SE".to_owned(),
        display_name: "Test av BankID".to_owned(),
    }
}

fn completed(facts: &CompletionFacts) -> Completion {
    complete_with(&AUTHORITIES, facts, &rp(), &RANDOM).unwrap()
}

fn verified(facts: &CompletionFacts) -> reader::Verified {
    let completion = completed(facts);
    reader::verify(&completion.signature, &completion.ocsp_response)
}

#[test]
fn every_kind_and_operation_verifies_up_to_the_root() {
    for kind in BankIdKind::ALL {
        for operation in Operation::ALL {
            let verified = verified(&CompletionFacts { kind, operation, ..facts() });
            reader::verify_chain(&verified, AUTHORITIES.root());
        }
    }
}

#[test]
fn texts_of_the_largest_size_verify() {
    let visible = "QUJD".repeat(10_000).into_boxed_str();
    let non_visible = "QUJD".repeat(50_000).into_boxed_str();
    let verified = verified(&CompletionFacts {
        visible_data: Some(visible.clone()),
        non_visible_data: Some(non_visible.clone()),
        ..facts()
    });
    assert!(verified.xml.contains(&*visible) && verified.xml.contains(&*non_visible));
}

#[test]
fn line_breaks_in_what_was_sent_verify() {
    // A parser turns a bare carriage return into a line feed, so canonical XML writes it as a reference.
    let verified =
        verified(&CompletionFacts { visible_data: Some("QUJD\r\nREVG".into()), ..facts() });
    assert!(verified.xml.contains("QUJD&#xD;\nREVG"));
}

#[test]
fn the_same_input_gives_the_same_documents() {
    let (first, second) = (completed(&facts()), completed(&facts()));
    assert_eq!(first, second);
    let other = complete_with(&AUTHORITIES, &facts(), &rp(), &[9; RANDOM_BYTES]).unwrap();
    assert_ne!(first.signature, other.signature);
    assert_ne!(first.ocsp_response, other.ocsp_response);
}

#[test]
fn the_validity_for_v5_1_is_that_of_the_leaf() {
    let completion = completed(&facts());
    let verified = reader::verify(&completion.signature, &completion.ocsp_response);
    let leaf = reader::certificate(&verified.chain[0]);
    assert_eq!(completion.not_before_ms, leaf.validity().not_before.timestamp() * 1000);
    assert_eq!(completion.not_after_ms, leaf.validity().not_after.timestamp() * 1000);
    // From Swedish midnight on the day of issue to the end of the same day two years later.
    assert_eq!(completion.not_before_ms, 1_748_728_800_000);
    assert_eq!(completion.not_after_ms, 1_811_887_199_000);
}

#[test]
fn whatever_the_clock_says_the_leaf_is_valid_at_the_finish() {
    const DAY_MS: u64 = 86_400_000;
    // In 2012, years before the day of issue; on its very day; and until the authorities end in 2034.
    for finished_at_ms in
        [1_330_000_000_000, 1_748_728_800_000, FINISHED_AT_MS + 800 * DAY_MS, 2_040_000_000_000]
    {
        for kind in BankIdKind::ALL {
            let verified = verified(&CompletionFacts { kind, finished_at_ms, ..facts() });
            reader::verify_chain(&verified, AUTHORITIES.root());
        }
    }
}

#[test]
fn times_beyond_all_reason_do_no_harm() {
    for finished_at_ms in [0, u64::MAX] {
        let facts = CompletionFacts { finished_at_ms, ..facts() };
        complete_with(&AUTHORITIES, &facts, &rp(), &RANDOM).unwrap();
    }
    for issue_date in ["", "2025-02-31Z", "9999-12-31", "0000-01-01Z"] {
        let mut facts = facts();
        facts.person.issue_date = issue_date.into();
        complete_with(&AUTHORITIES, &facts, &rp(), &RANDOM).unwrap();
    }
}

#[test]
fn debug_output_has_neither_names_nor_numbers() {
    let text = format!("{:?} {:?}", facts(), *AUTHORITIES);
    for secret in ["Tolvan", "191212121212", "121212", "seed"] {
        assert!(!text.contains(secret), "{text}");
    }
}
