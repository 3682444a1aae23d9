//! The scenarios that need no configuration.

use std::collections::HashSet;

use crate::scenario::{End, Hint, Scenario, Scenarios, Stay, Timeline};

/// The hints of a timeline with its end.
fn path(timeline: &Timeline) -> Vec<&str> {
    let end = match timeline.end() {
        End::Complete => "complete",
        End::Failed(hint) => hint.as_str(),
    };
    timeline.steps().iter().map(|step| step.hint().as_str()).chain([end]).collect()
}

#[track_caller]
fn check(name: &str, expected: &[&str], expected_by_phone: &[&str]) {
    let scenario = Scenarios::built_in().find(name).unwrap();
    assert_eq!(path(scenario.timeline(false)), expected, "{name}");
    assert_eq!(path(scenario.timeline(true)), expected_by_phone, "{name} by phone");
}

#[test]
fn typical_sequences_of_the_documentation() {
    let by_phone = ["outstandingTransaction", "userCallConfirm", "userSign", "complete"];
    let same_device = ["outstandingTransaction", "started", "userSign", "complete"];
    check("sameDevice", &same_device, &by_phone);
    check("otherDevice", &["outstandingTransaction", "userSign", "complete"], &by_phone);
    check("default", &same_device, &by_phone);
    check(
        "userMrtd",
        &["outstandingTransaction", "userMrtd", "userSign", "complete"],
        &["outstandingTransaction", "userCallConfirm", "userMrtd", "userSign", "complete"],
    );
}

/// Each of them ends as its name says or completes, has a line that says so, and every order of it ends.
#[test]
fn every_one_is_complete_in_itself() {
    let scenarios = Scenarios::built_in();
    let mut names = HashSet::new();
    for scenario in scenarios.iter() {
        let name = scenario.name().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        let about = scenario.about();
        assert!(!about.is_empty() && !about.contains('\n') && about.len() <= 80, "{name}: {about}");
        assert_eq!(scenarios.resolve(name).unwrap().as_ref(), scenario.as_ref());
        for timeline in [scenario.timeline(false), scenario.timeline(true)] {
            assert_eq!(
                timeline.steps()[0].hint().as_str(),
                "outstandingTransaction",
                "the first hint of every order (4.2): {name}"
            );
            let by_person = timeline.steps().iter().any(|step| step.stay() == Stay::UntilActed);
            assert_eq!(by_person, name == "phone", "{name}");
            if !by_person {
                assert_eq!(timeline.to_string().parse().as_ref(), Ok(timeline), "{name}");
            }
        }
        assert!(
            path(scenario.timeline(true)).iter().all(|hint| *hint != "started")
                || name == "started",
            "phone orders are not started by token: {name}"
        );
        assert!(
            !path(scenario.timeline(false)).contains(&"userCallConfirm")
                || !scenario.has_phone_form(),
            "{name}"
        );
    }
}

#[test]
fn every_documented_pending_hint_has_one() {
    for hint in Hint::PENDING {
        let scenario = Scenarios::built_in().find(hint).unwrap();
        for timeline in [scenario.timeline(false), scenario.timeline(true)] {
            assert_eq!(timeline.end(), &End::Complete, "{hint}");
            let step = timeline.steps().iter().find(|step| step.hint().as_str() == hint).unwrap();
            assert!(
                matches!(step.stay(), Stay::For { collects: 2.., .. }),
                "{hint} is seen more than in passing"
            );
        }
    }
}

#[test]
fn every_documented_failure_has_one() {
    for hint in Hint::FAILED {
        let scenario = Scenarios::built_in().find(hint).unwrap();
        for timeline in [scenario.timeline(false), scenario.timeline(true)] {
            assert_eq!(timeline.end(), &End::Failed(Hint::failed(hint)), "{hint}");
        }
    }
}

#[test]
fn hints_that_nobody_knows_have_one_each() {
    check(
        "unknownPending",
        &["outstandingTransaction", "unheardOf", "userSign", "complete"],
        &["outstandingTransaction", "userCallConfirm", "unheardOf", "userSign", "complete"],
    );
    check(
        "unknownFailed",
        &["outstandingTransaction", "userSign", "unheardOf"],
        &["outstandingTransaction", "userCallConfirm", "userSign", "unheardOf"],
    );
    assert!(!Hint::PENDING.contains(&"unheardOf") && !Hint::FAILED.contains(&"unheardOf"));
}

/// How long a timeline lasts if it is collected all the time: collects, milliseconds.
fn length(scenario: &Scenario) -> (u32, u32) {
    let mut length = (0, 0);
    for step in scenario.timeline(false).steps() {
        if let Stay::For { collects, millis } = step.stay() {
            length = (length.0 + u32::from(collects), length.1 + millis);
        }
    }
    length
}

#[test]
fn the_default_takes_a_handful_of_collects_and_no_time() {
    let scenarios = Scenarios::built_in();
    let default = scenarios.default_scenario();
    assert_eq!(default.name(), Some(Scenarios::DEFAULT));
    assert_eq!(default.timeline(false).end(), &End::Complete);
    assert_eq!(length(&default), (3, 0));
    assert_eq!(scenarios.iter().next().unwrap().as_ref(), default.as_ref(), "it is listed first");
}

#[test]
fn the_realistic_one_takes_human_time() {
    let (collects, millis) = length(&Scenarios::built_in().find("realistic").unwrap());
    assert_eq!(collects, 0);
    assert!((5_000..30_000).contains(&millis), "{millis}");
}

/// All of 4.2 and 4.3 as the reference has them, so that the engine cannot agree with itself.
#[test]
fn the_hints_are_those_of_the_reference() {
    let reference = include_str!("../../../../docs/protocol.md");
    let table = |heading: &str| -> Vec<&str> {
        let (_, section) = reference.split_once(heading).unwrap();
        let section = section.split("\n###").next().unwrap();
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
    };
    assert_eq!(table("### 4.2 Hints while pending"), Hint::PENDING);
    assert_eq!(table("### 4.3 Hints when failed"), Hint::FAILED);
}
