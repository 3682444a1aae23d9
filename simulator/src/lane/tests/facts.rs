//! What a completion says, from what the order asked for and who completed it.

use std::net::{IpAddr, Ipv4Addr};

use bankid_core::{
    PersonalNumber,
    collect::Risk,
    request::{Operation, TextFormat},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{START, advance, settings, started, world_of};
use crate::{
    completion::{BankIdKind, CompletionFacts},
    lane::{Collected, Rp, World, WorldSettings},
    persona::Persona,
    rule::{Outcome, Rules},
    sample::Request,
};

/// Completes an order at once.
#[track_caller]
fn facts_in(world: &World, request: &Request) -> CompletionFacts {
    let lane = world.default_lane();
    let order = started(lane, request);
    match lane.collect(&order, Rp::PLAIN) {
        Some(Collected::Complete(facts)) => *facts,
        other => panic!("{request:?}: {other:?}"),
    }
}

#[track_caller]
fn facts(request: &Request) -> CompletionFacts {
    facts_in(&world_of("complete"), request)
}

fn who(facts: &CompletionFacts) -> (u64, String) {
    (facts.person.personal_number.as_u64(), facts.person.name.to_string())
}

const TOLVAN: u64 = 191_212_121_212;
const ANNA: u64 = 198_504_122_386;

#[test]
fn nobody_in_particular_is_tolvan() {
    for operation in [Operation::Auth, Operation::Sign, Operation::Payment] {
        assert_eq!(who(&facts(&Request::new(operation))), (TOLVAN, "Tolvan Tolvansson".into()));
    }
}

#[test]
fn a_number_that_is_asked_for_is_honoured() {
    for operation in Operation::ALL {
        assert_eq!(
            who(&facts(&Request::new(operation).number(ANNA))),
            (ANNA, "Anna Testberg".into())
        );
        let (number, name) = who(&facts(&Request::new(operation).number(200_001_022_383)));
        assert_eq!(number, 200_001_022_383);
        assert!(name.contains(' ') && name != "Tolvan Tolvansson", "{name}");
    }
    assert_eq!(who(&facts(&Request::auth().v5().number(ANNA))).0, ANNA);
    // The server checks only length and digits (6.3).
    assert_eq!(who(&facts(&Request::auth().number(0))).0, 0);
    assert_eq!(who(&facts(&Request::auth().number(999_999_999_999))).0, 999_999_999_999);
}

#[test]
fn an_outcome_names_who_completes_unless_the_order_asks_for_somebody() {
    let world = world_of("userCancel");
    let complete = world.rules().scenarios.resolve("complete").unwrap();
    let by_anna = Outcome::scenario(complete).completed_by(PersonalNumber::from_u64(ANNA).unwrap());
    for (request, expected) in [
        (Request::auth(), ANNA),
        (Request::auth().text("Test"), ANNA),
        (Request::auth().number(7), 7),
    ] {
        world.default_lane().push(by_anna.clone()).unwrap();
        assert_eq!(who(&facts_in(&world, &request)).0, expected);
    }
}

#[test]
fn the_device_has_the_personas_address_or_else_the_users() {
    let ip = |request: &Request| facts(request).ip_address.to_string();
    let from = |address: &str| Request::auth().with("endUserIp", json!(address));
    assert_eq!(ip(&from("198.51.100.7")), "198.51.100.7");
    assert_eq!(ip(&from("2001:db8::7")), "2001:db8::7");
    assert_eq!(
        ip(&from("::ffff:198.51.100.7")).parse::<IpAddr>().unwrap().to_canonical().to_string(),
        "198.51.100.7"
    );
    assert_eq!(ip(&from("::")), "::");
    assert_eq!(ip(&from("0.0.0.0")), "0.0.0.0");
    // Nothing is known where the order says nothing: an address for documentation.
    assert_eq!(ip(&Request::new(Operation::PhoneAuth)), "203.0.113.25");

    let mut rules = Rules::default();
    let anna = Persona::generated(PersonalNumber::from_u64(ANNA).unwrap());
    let address = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    rules.personas.add("anna", Persona { ip_address: address, ..anna }, false).unwrap();
    rules.flag = Some(rules.scenarios.resolve("complete").unwrap());
    let world = World::new(WorldSettings { rules, ..settings() });
    assert_eq!(
        facts_in(&world, &from("198.51.100.7").number(ANNA)).ip_address.to_string(),
        "192.0.2.1"
    );
    assert_eq!(facts_in(&world, &from("198.51.100.7")).ip_address.to_string(), "198.51.100.7");
}

#[test]
fn the_persona_is_told_in_full() {
    let facts = facts(&Request::auth().number(ANNA));
    let anna = Persona::with_names(facts.person.personal_number, "Anna", "Testberg");
    assert_eq!((&*facts.person.given_name, &*facts.person.surname), ("Anna", "Testberg"));
    assert_eq!(facts.person.issue_date.as_str(), format!("{}Z", anna.issue_date));
    assert_eq!(facts.uhi, anna.uhi);
}

#[test]
fn what_was_to_be_signed_comes_back_as_it_was_sent() {
    let data = STANDARD.encode("Osynligt");
    for operation in Operation::ALL {
        let request =
            Request::new(operation).text("Synligt").with("userNonVisibleData", json!(data));
        let facts = facts(&request);
        assert_eq!(facts.operation, operation);
        assert_eq!(facts.visible_data.as_deref(), Some(&*STANDARD.encode("Synligt")));
        assert_eq!(facts.non_visible_data.as_deref(), Some(&*data));
        assert_eq!(facts.format, TextFormat::Plaintext);
    }
    let none = facts(&Request::auth());
    assert_eq!(
        (none.visible_data, none.non_visible_data, none.format),
        (None, None, TextFormat::Plaintext)
    );
    let markdown =
        Request::auth().text("# Rubrik").with("userVisibleDataFormat", json!("simpleMarkdownV1"));
    assert_eq!(facts(&markdown).format, TextFormat::SimpleMarkdownV1);
    // With line breaks, which the server takes: kept, as the signature is over what was sent.
    let broken = Request::auth().with("userVisibleData", json!("VGVz\r\ndA=="));
    assert_eq!(facts(&broken).visible_data.as_deref(), Some("VGVz\r\ndA=="));
}

#[test]
fn only_what_was_asked_for_is_told() {
    let plain = facts(&Request::auth());
    assert_eq!((plain.mrtd, plain.risk), (None, None));
    assert_eq!(facts(&Request::auth().requiring("mrtd", json!(true))).mrtd, Some(true));
    assert_eq!(facts(&Request::auth().requiring("mrtd", json!(false))).mrtd, None);
    assert_eq!(facts(&Request::auth().with("returnRisk", json!(true))).risk, Some(Risk::Low));
    assert_eq!(facts(&Request::auth().with("returnRisk", json!(false))).risk, None);
}

#[test]
fn policies_choose_the_kind_of_bankid() {
    let with = |policies: &[&str]| {
        facts(&Request::auth().requiring("certificatePolicies", json!(policies)))
    };
    for (policies, kind) in [
        (&[][..], BankIdKind::Mobile),
        (&["1.2.3.4.25"], BankIdKind::Mobile),
        (&["1.2.3.4.5"], BankIdKind::File),
        (&["1.2.3.4.10"], BankIdKind::Card),
        (&["1.2.3.4.10", "1.2.3.4.25"], BankIdKind::Mobile),
        (&["1.2.752.78.1.2"], BankIdKind::Card),
        (&["1.2.752.78.*"], BankIdKind::Mobile),
    ] {
        let facts = with(policies);
        assert_eq!(facts.kind, kind, "{policies:?}");
        let told: Vec<_> = facts.conditions.iter().map(|one| (one.name, &*one.value)).collect();
        let joined = policies.join(",");
        let expected =
            if policies.is_empty() { vec![] } else { vec![("CertificatePolicies", &*joined)] };
        assert_eq!(told, expected);
    }
}

#[test]
fn conditions_of_v5_are_told() {
    let told = |request: &Request| {
        facts(request)
            .conditions
            .iter()
            .map(|one| format!("{}={}", one.name, one.value))
            .collect::<Vec<_>>()
    };
    assert!(told(&Request::auth()).is_empty());
    // The defaults of 2.13: fingerprints are allowed in auth, and not in sign.
    assert_eq!(told(&Request::auth().v5()), ["AllowFingerprint=yes"]);
    assert_eq!(told(&Request::new(Operation::Sign).v5()), ["AllowFingerprint=no"]);
    assert_eq!(
        told(&Request::auth().v5().requiring("allowFingerprint", json!(false))),
        ["AllowFingerprint=no"]
    );
    let issuer = Request::auth().v5().requiring("issuerCn", json!(["Bank A", "Bank B"]));
    assert_eq!(told(&issuer), ["IssuerCn=Bank A,Bank B", "AllowFingerprint=yes"]);
}

/// The moment the user finished, not that of the collect which finds it.
#[test]
fn completion_is_dated_by_the_order() {
    let world = world_of("userSign 10s, complete");
    let lane = world.default_lane();
    advance(lane, 5_000);
    let order = started(lane, &Request::auth());
    advance(lane, 100_000);
    match lane.collect(&order, Rp::PLAIN) {
        Some(Collected::Complete(facts)) => {
            assert_eq!(facts.finished_at_ms, START.unix_ms() + 15_000);
        }
        other => panic!("{other:?}"),
    }
}
