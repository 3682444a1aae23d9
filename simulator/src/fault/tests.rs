use bankid_core::{error::ErrorCode, request::Operation};

use super::{ApiFault, BadFault, Counters, Endpoint, ErrorRule, When};

const AUTH: Endpoint = Endpoint::Start(Operation::Auth);

fn rule(endpoint: Option<Endpoint>, code: &str, when: When) -> ErrorRule {
    ErrorRule { endpoint, fault: ApiFault::named(code).unwrap(), when }
}

/// Which of so many calls are struck, counted from 1.
fn struck(rules: &[ErrorRule], endpoint: Endpoint, calls: u64, seed: u64) -> Vec<u64> {
    let counters = Counters::new(rules);
    (1..=calls).filter(|_| counters.strike(rules, endpoint, seed).is_some()).collect()
}

#[test]
fn every_code_has_its_status_and_text() {
    for code in ErrorCode::KNOWN {
        let fault = ApiFault::named(code.as_str()).unwrap();
        assert_eq!(fault.status(), code.statuses()[0]);
        assert_eq!(fault.error_code(), code.as_str());
        assert!(!fault.details().is_empty());
    }
    let fault = ApiFault::named("other:tooManyRequests").unwrap().with_status(429).unwrap();
    assert_eq!((fault.status(), fault.error_code()), (429, "tooManyRequests"));
    let fault =
        ApiFault::named("unauthorized").unwrap().with_status(403).unwrap().with_details("No");
    assert_eq!((fault.status(), fault.details()), (403, "No"));
}

#[test]
fn refuses_what_is_no_error() {
    assert_eq!(
        ApiFault::named("internalErr").unwrap_err().to_string(),
        "BankID has no error code `internalErr`; did you mean `internalError`?",
    );
    assert!(matches!(ApiFault::named("other:"), Err(BadFault::Name { .. })));
    assert!(matches!(ApiFault::named("other:a b"), Err(BadFault::Name { .. })));
    let fault = ApiFault::named("maintenance").unwrap();
    assert_eq!(fault.clone().with_status(200), Err(BadFault::Status { status: 200 }));
    assert_eq!(fault.with_status(600), Err(BadFault::Status { status: 600 }));
    assert_eq!(When::call(0), Err(BadFault::Call));
    for rate in [-0.1, 1.1, f64::NAN] {
        assert_eq!(When::rate(rate), Err(BadFault::Rate));
    }
}

#[test]
fn strikes_the_nth_call_once() {
    let rules = [rule(Some(AUTH), "maintenance", When::call(3).unwrap())];
    assert_eq!(struck(&rules, AUTH, 10, 1), [3]);
    assert_eq!(struck(&rules, Endpoint::Collect, 10, 1), [0; 0]);
}

#[test]
fn a_rule_without_endpoint_counts_all_calls_together() {
    let rules = [rule(None, "internalError", When::call(2).unwrap())];
    let counters = Counters::new(&rules);
    assert!(counters.strike(&rules, AUTH, 1).is_none());
    assert!(counters.strike(&rules, Endpoint::Cancel, 1).is_some());
    assert!(counters.strike(&rules, AUTH, 1).is_none());
    counters.reset();
    assert!(counters.strike(&rules, AUTH, 1).is_none());
    assert!(counters.strike(&rules, AUTH, 1).is_some());
}

#[test]
fn of_several_rules_the_first_one_strikes() {
    let rules = [
        rule(Some(AUTH), "maintenance", When::call(1).unwrap()),
        rule(None, "internalError", When::rate(1.0).unwrap()),
    ];
    let counters = Counters::new(&rules);
    let code = || counters.strike(&rules, AUTH, 1).map(|rule| rule.fault.error_code());
    assert_eq!((code(), code()), (Some("maintenance"), Some("internalError")));
}

#[test]
fn a_rate_strikes_its_part_and_the_seed_says_which() {
    let rules = |rate: f64| [rule(Some(AUTH), "maintenance", When::rate(rate).unwrap())];
    assert_eq!(struck(&rules(0.0), AUTH, 1_000, 1).len(), 0);
    assert_eq!(struck(&rules(1.0), AUTH, 1_000, 1).len(), 1_000);
    let tenth = struck(&rules(0.1), AUTH, 10_000, 1);
    assert!((850..1_150).contains(&tenth.len()), "{}", tenth.len());
    assert_eq!(tenth, struck(&rules(0.1), AUTH, 10_000, 1));
    assert_ne!(tenth, struck(&rules(0.1), AUTH, 10_000, 2));
}
