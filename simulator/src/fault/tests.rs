//! API errors on demand: what they say, and which calls they strike.

use std::{collections::HashSet, time::Duration};

use bankid_core::{error::ErrorCode, request::Operation};
use proptest::prelude::*;

use super::{ApiFault, BadFault, Counters, Endpoint, ErrorRule, Instead, Strike, When};

#[track_caller]
fn check(code: &str, status: u16, details: &str) {
    let fault = ApiFault::named(code).unwrap();
    assert_eq!((fault.status(), fault.error_code(), fault.details()), (status, code, details));
    assert_eq!(fault.to_string(), format!("{status} {code}"));
}

/// The texts of 6.2, 6.3 and 14.1, written out here.
#[test]
fn every_error_code_has_its_status_and_text() {
    check("alreadyInProgress", 400, "Order already in progress for pno");
    check("invalidParameters", 400, "Invalid request");
    check("unauthorized", 401, "Unauthorized");
    check("notFound", 404, "Not found");
    check("methodNotAllowed", 405, "Method not allowed");
    check("requestTimeout", 408, "Request timeout");
    check("unsupportedMediaType", 415, "Unsupported media type");
    check("internalError", 500, "Internal error");
    check("maintenance", 503, "Maintenance");
    assert_eq!(ErrorCode::KNOWN.len(), 9, "no other is known");
}

#[test]
fn status_and_text_can_be_others() {
    let fault = ApiFault::named("unauthorized").unwrap().with_status(403).unwrap();
    assert_eq!(
        (fault.status(), fault.error_code(), fault.details()),
        (403, "unauthorized", "Unauthorized")
    );
    let fault = fault.with_details("No access");
    assert_eq!((fault.status(), fault.details()), (403, "No access"));
    for status in [0, 100, 200, 204, 301, 399, 600, 999, u16::MAX] {
        let refused = ApiFault::named("maintenance").unwrap().with_status(status);
        assert_eq!(refused, Err(BadFault::Status { status }));
    }
    for status in [400, 418, 499, 500, 599] {
        assert_eq!(
            ApiFault::named("maintenance").unwrap().with_status(status).unwrap().status(),
            status
        );
    }
}

#[test]
fn codes_that_nobody_knows_are_marked_as_such() {
    let fault = ApiFault::named("other:somethingNew").unwrap();
    assert_eq!((fault.status(), fault.error_code()), (500, "somethingNew"));
    assert!(ApiFault::named(&format!("other:{}", "a".repeat(64))).is_ok());
}

#[track_caller]
fn check_refused(code: &str, message: &str) {
    assert_eq!(ApiFault::named(code).expect_err(code).to_string(), message);
}

#[test]
fn what_is_no_code_is_refused() {
    check_refused(
        "maintenence",
        "BankID has no error code `maintenence`; did you mean `maintenance`?",
    );
    check_refused(
        "Unauthorised",
        "BankID has no error code `Unauthorised`; did you mean `unauthorized`?",
    );
    check_refused(
        "InternalError",
        "BankID has no error code `InternalError`; did you mean `internalError`?",
    );
    check_refused("userCancel", "BankID has no error code `userCancel`");
    check_refused("", "BankID has no error code ``");
    for code in ["other:", "other:a b", "other:a-b", "other:å", "other:\""] {
        check_refused(
            code,
            &format!("`{code}`: the part after the colon must be 1 to 64 letters and digits"),
        );
    }
    // With the status of an unknown code it would be an answer that BankID never gives.
    for known in ErrorCode::KNOWN.iter().map(ErrorCode::as_str) {
        check_refused(
            &format!("other:{known}"),
            &format!(
                "`other:{known}`: BankID knows this code; say `{known}`, which has its own status"
            ),
        );
    }
    let long = format!("other:{}", "a".repeat(65));
    check_refused(
        &long,
        &format!("`{long}`: the part after the colon must be 1 to 64 letters and digits"),
    );
    check_refused(&"x".repeat(999), &format!("BankID has no error code `{}`", "x".repeat(80)));
}

#[test]
fn a_strike_says_what_the_caller_meets_and_when() {
    let error = || ApiFault::named("maintenance").unwrap();
    let time = Duration::from_millis(1500);
    for (strike, instead, words) in [
        (Strike::from(error()), Some(Instead::Document(error())), "503 maintenance"),
        (Strike::html(error()), Some(Instead::Html(error())), "503 as HTML"),
        (Strike::hang_up(), Some(Instead::HangUp), "a closed connection"),
        (Strike::late(Duration::ZERO), None, "the usual answer"),
    ] {
        assert_eq!((strike.instead(), strike.delay()), (instead.as_ref(), Duration::ZERO));
        assert_eq!(strike.to_string(), words);
        let later = strike.after(time);
        assert_eq!((later.instead(), later.delay()), (instead.as_ref(), time));
        assert_eq!(later.to_string(), format!("{words} after 1.5s"));
    }
    assert_eq!(Strike::late(time), Strike::late(Duration::ZERO).after(time));
}

#[test]
fn calls_and_rates_have_bounds() {
    assert_eq!(When::call(0), Err(BadFault::Call));
    assert!(When::call(1).is_ok() && When::call(u64::MAX).is_ok());
    for rate in [-0.1, 1.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(When::rate(rate), Err(BadFault::Rate), "{rate}");
    }
    for rate in [0.0, -0.0, 1e-300, 0.5, 1.0] {
        assert!(When::rate(rate).is_ok(), "{rate}");
    }
}

fn rule(endpoint: impl Into<Option<Endpoint>>, code: &str, when: When) -> ErrorRule {
    ErrorRule { endpoint: endpoint.into(), strike: ApiFault::named(code).unwrap().into(), when }
}

fn call(n: u64) -> When {
    When::call(n).unwrap()
}

fn rate(rate: f64) -> When {
    When::rate(rate).unwrap()
}

/// Which of so many calls of an endpoint are struck, counted from 1.
fn struck(
    rules: &[ErrorRule],
    counters: &Counters,
    endpoint: Endpoint,
    calls: u64,
    seed: u64,
) -> Vec<u64> {
    (1..=calls).filter(|_| counters.strike(rules, endpoint, seed).is_some()).collect()
}

const AUTH: Endpoint = Endpoint::Start(Operation::Auth);
const SIGN: Endpoint = Endpoint::Start(Operation::Sign);

#[test]
fn the_nth_call_of_an_endpoint_is_struck_and_no_other() {
    for n in [1, 2, 3, 10] {
        let rules = [rule(Endpoint::Collect, "maintenance", call(n))];
        let counters = Counters::new(&rules);
        for other in Operation::ALL.map(Endpoint::Start).into_iter().chain([Endpoint::Cancel]) {
            assert!(struck(&rules, &counters, other, 12, 1).is_empty(), "{other}");
        }
        assert_eq!(struck(&rules, &counters, Endpoint::Collect, 50, 1), [n]);
        assert!(struck(&rules, &counters, Endpoint::Collect, 50, 1).is_empty(), "once is once");
        counters.reset();
        assert_eq!(struck(&rules, &counters, Endpoint::Collect, 50, 1), [n]);
    }
}

#[test]
fn a_rule_without_endpoint_counts_all_calls() {
    let rules = [rule(None, "maintenance", call(4))];
    let counters = Counters::new(&rules);
    for (endpoint, expected) in [
        (AUTH, false),
        (SIGN, false),
        (Endpoint::Collect, false),
        (Endpoint::Cancel, true),
        (AUTH, false),
    ] {
        assert_eq!(counters.strike(&rules, endpoint, 1).is_some(), expected, "{endpoint}");
    }
}

#[test]
fn lanes_count_by_themselves() {
    let rules = [rule(AUTH, "maintenance", call(2))];
    let lanes = [(); 2].map(|()| Counters::new(&rules));
    assert!(lanes.iter().all(|lane| lane.strike(&rules, AUTH, 1).is_none()));
    assert!(lanes.iter().all(|lane| lane.strike(&rules, AUTH, 1).is_some()));
}

/// The first rule that strikes gives the answer, and the others count all the same.
#[test]
fn the_first_rule_wins_and_all_count() {
    let rules = [
        rule(AUTH, "maintenance", call(2)),
        rule(None, "internalError", call(2)),
        rule(AUTH, "unauthorized", call(3)),
    ];
    let counters = Counters::new(&rules);
    let struck =
        [(); 4].map(|()| counters.strike(&rules, AUTH, 1).map(|rule| rule.strike.to_string()));
    let shown = struck.each_ref().map(Option::as_deref);
    assert_eq!(shown, [None, Some("503 maintenance"), Some("401 unauthorized"), None]);
}

#[test]
fn a_rate_strikes_that_part_of_the_calls() {
    for (part, expected) in [
        (0.0, 0..=0),
        (0.01, 150..=250),
        (0.25, 4800..=5200),
        (0.5, 9700..=10_300),
        (1.0, 20_000..=20_000),
    ] {
        for seed in [0, 1, 2, u64::MAX, 0xdead_beef] {
            let rules = [rule(Endpoint::Collect, "internalError", rate(part))];
            let hits =
                struck(&rules, &Counters::new(&rules), Endpoint::Collect, 20_000, seed).len();
            assert!(expected.contains(&hits), "{part} with seed {seed}: {hits} of 20000");
        }
    }
}

#[test]
fn the_seed_says_which_calls() {
    let rules = [rule(None, "internalError", rate(0.3)), rule(AUTH, "maintenance", rate(0.3))];
    let with = |rules: &[ErrorRule], seed| struck(rules, &Counters::new(rules), AUTH, 200, seed);
    assert_eq!(with(&rules, 7), with(&rules, 7));
    let different: HashSet<_> = (0..100).map(|seed| with(&rules, seed)).collect();
    assert_eq!(different.len(), 100);
    // Two rules with one rate do not strike the same calls: together they strike more.
    let (one, both) = (with(&rules[..1], 7).len(), with(&rules, 7).len());
    assert!(both > one + 20, "{one} {both}");
}

/// A rate does not strike in a rhythm: neighbours are independent of each other.
#[test]
fn a_rate_has_no_rhythm() {
    let rules = [rule(AUTH, "internalError", rate(0.5))];
    for seed in 0..20 {
        let hits: HashSet<_> =
            struck(&rules, &Counters::new(&rules), AUTH, 4000, seed).into_iter().collect();
        for distance in 1..=8 {
            let pairs = (1..=4000 - distance)
                .filter(|n| hits.contains(n) && hits.contains(&(n + distance)))
                .count();
            assert!(
                (800..1200).contains(&pairs),
                "seed {seed}, distance {distance}: {pairs} of about 1000"
            );
        }
    }
}

proptest! {
    #[test]
    fn calls_from_many_threads_are_counted_once(n in 1..400_u64) {
        let rules = [rule(AUTH, "maintenance", call(n))];
        let counters = Counters::new(&rules);
        let hits: usize = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(|| struck(&rules, &counters, AUTH, 100, 1).len()));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        prop_assert_eq!(hits, 1);
    }
}

#[test]
fn endpoints_are_named_by_their_path() {
    let paths = Operation::ALL
        .map(Endpoint::Start)
        .into_iter()
        .chain([Endpoint::Collect, Endpoint::Cancel]);
    assert_eq!(
        paths.map(|endpoint| endpoint.to_string()).collect::<Vec<_>>(),
        [
            "auth",
            "sign",
            "payment",
            "other/payment",
            "phone/auth",
            "phone/sign",
            "collect",
            "cancel"
        ]
    );
}
