//! The language of timelines, its faults, and the scenarios that have names.

mod built_in;
mod faults;

use proptest::prelude::*;

use super::{BadScenario, End, Hint, Scenario, Scenarios, Stay, Step, Timeline};

/// What a text means: the steps with their collects and milliseconds, the end, and the step that an app is needed for.
#[track_caller]
fn check(text: &str, steps: &[(&str, u16, u32)], end: &str, picked_up_at: usize) {
    let timeline: Timeline = text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let read: Vec<_> = timeline
        .steps()
        .iter()
        .map(|step| match step.stay() {
            Stay::For { collects, millis } => (step.hint().as_str(), collects, millis),
            Stay::UntilActed => panic!("{text}: nobody can write a step that waits for a person"),
        })
        .collect();
    assert_eq!(read, steps, "{text}");
    let read_end = match timeline.end() {
        End::Complete => "complete",
        End::Failed(hint) => hint.as_str(),
    };
    assert_eq!(read_end, end, "{text}");
    assert_eq!(timeline.picked_up_at(), picked_up_at, "{text}");
}

#[test]
fn a_step_stays_for_collects_for_a_time_for_both_or_for_one_collect() {
    check("userSign, complete", &[("userSign", 1, 0)], "complete", 0);
    check("userSign x2, complete", &[("userSign", 2, 0)], "complete", 0);
    check("userSign 1s, complete", &[("userSign", 0, 1000)], "complete", 0);
    check("userSign x2 1s, complete", &[("userSign", 2, 1000)], "complete", 0);
    check("userSign 1s x2, complete", &[("userSign", 2, 1000)], "complete", 0);
    check("userSign x1 1ms, complete", &[("userSign", 1, 1)], "complete", 0);
}

#[test]
fn the_example_of_the_documentation_means_what_it_says() {
    check(
        "outstandingTransaction 1s, started 500ms, userSign x2, complete",
        &[("outstandingTransaction", 0, 1000), ("started", 0, 500), ("userSign", 2, 0)],
        "complete",
        1,
    );
}

#[test]
fn times_have_a_unit_and_perhaps_decimals() {
    for (time, ms) in [
        ("1ms", 1),
        ("500ms", 500),
        ("1s", 1_000),
        ("1.5s", 1_500),
        ("0.25s", 250),
        ("0.001s", 1),
        ("2m", 120_000),
        ("2min", 120_000),
        ("1.5m", 90_000),
        ("1h", 3_600_000),
        ("0.5h", 1_800_000),
        ("24h", 86_400_000),
        ("86400000ms", 86_400_000),
        ("000000001s", 1_000),
        ("24.000000000h", 86_400_000),
        // What is finer than a millisecond has no effect.
        ("1.0009s", 1_000),
        ("1.9ms", 1),
    ] {
        check(&format!("userSign {time}, complete"), &[("userSign", 0, ms)], "complete", 0);
    }
}

#[test]
fn numbers_of_collects_have_limits() {
    check("userSign x10000, complete", &[("userSign", 10_000, 0)], "complete", 0);
    check("userSign x0002, complete", &[("userSign", 2, 0)], "complete", 0);
}

#[test]
fn the_end_is_complete_or_a_failure_and_may_stand_alone() {
    check("complete", &[], "complete", 0);
    for hint in Hint::FAILED {
        check(hint, &[], hint, 0);
    }
    check("failed:newHint", &[], "newHint", 0);
}

#[test]
fn hints_that_nobody_knows_say_of_which_kind_they_are() {
    check(
        "pending:newHint x2, pending:other2 1s, failed:x",
        &[("newHint", 2, 0), ("other2", 0, 1000)],
        "x",
        0,
    );
    // Names of the other kind are unknown in this one.
    check("pending:userCancel, failed:userSign", &[("userCancel", 1, 0)], "userSign", 0);
    check("pending:complete, failed:complete", &[("complete", 1, 0)], "complete", 0);
    // Names that are documented are the documented ones.
    check(
        "pending:noClient, pending:userSign, complete",
        &[("noClient", 1, 0), ("userSign", 1, 0)],
        "complete",
        1,
    );
    let long = "a".repeat(64);
    check(&format!("pending:{long}, complete"), &[(long.as_str(), 1, 0)], "complete", 0);
}

#[test]
fn every_documented_hint_is_a_step() {
    for hint in Hint::PENDING {
        let picked_up_at = usize::from(matches!(hint, "outstandingTransaction" | "noClient"));
        check(&format!("{hint}, complete"), &[(hint, 1, 0)], "complete", picked_up_at);
    }
}

#[test]
fn an_app_has_the_order_from_the_first_hint_that_says_so() {
    let one = |hint| (hint, 1, 0);
    let [created, not_reached, app] = ["outstandingTransaction", "noClient", "started"].map(one);
    check("outstandingTransaction, noClient, complete", &[created, not_reached], "complete", 2);
    check("outstandingTransaction, started, complete", &[created, app], "complete", 1);
    check("started, outstandingTransaction, complete", &[app, created], "complete", 0);
    check("noClient, failed:x", &[not_reached], "x", 1);
}

#[test]
fn blanks_do_not_matter() {
    let steps = [("outstandingTransaction", 1, 0), ("userSign", 2, 1000)];
    for text in [
        "outstandingTransaction,userSign x2 1s,complete",
        "  outstandingTransaction  ,  userSign   x2   1s  ,  complete  ",
        "outstandingTransaction,\n\tuserSign x2\n1s,\r\ncomplete\n",
    ] {
        check(text, &steps, "complete", 1);
    }
}

#[test]
fn a_timeline_has_up_to_a_hundred_steps() {
    let text = format!("{}complete", "userSign, ".repeat(99));
    check(&text, &vec![("userSign", 1, 0); 99], "complete", 0);
}

#[track_caller]
fn check_text(text: &str, expected: &str) {
    let timeline: Timeline = text.parse().unwrap();
    assert_eq!(timeline.to_string(), expected);
    assert_eq!(expected.parse::<Timeline>().as_ref(), Ok(&timeline), "{expected} means the same");
}

#[test]
fn a_timeline_is_written_as_it_is_read() {
    check_text("userSign x1,complete", "userSign, complete");
    check_text("userSign 1s x2,userCancel", "userSign x2 1s, userCancel");
    check_text("userSign 60000ms,complete", "userSign 1m, complete");
    check_text("userSign 24h,complete", "userSign 24h, complete");
    check_text("userSign 1.5s x1,complete", "userSign x1 1500ms, complete");
    check_text("pending:userSign, failed:userCancel", "userSign, userCancel");
    check_text("pending:userCancel, failed:userSign", "pending:userCancel, failed:userSign");
    check_text("complete", "complete");
}

fn any_timeline() -> impl Strategy<Value = Timeline> {
    let hint = |documented: &'static [&'static str]| {
        prop_oneof![
            proptest::sample::select(documented).prop_map(str::to_owned),
            "[A-Za-z0-9]{1,64}"
        ]
    };
    let stay = prop_oneof![
        Just((1, 0)),
        (1..=Stay::MAX_COLLECTS, 0..=86_400_000_u32),
        (0..=Stay::MAX_COLLECTS, 1..=86_400_000_u32),
        (Just(0), (1..=1440_u32).prop_map(|minutes| minutes * 60_000)),
    ];
    let step = (hint(&Hint::PENDING), stay).prop_map(|(hint, (collects, millis))| Step {
        hint: Hint::pending(&hint),
        stay: Stay::For { collects, millis },
    });
    let end = prop_oneof![
        Just(End::Complete),
        hint(&Hint::FAILED).prop_map(|hint| End::Failed(Hint::failed(&hint))),
    ];
    (proptest::collection::vec(step, 0..Timeline::MAX_STEPS), end)
        .prop_map(|(steps, end)| Timeline::new(steps, end))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(timeline in any_timeline()) {
        prop_assert_eq!(timeline.to_string().parse(), Ok(timeline));
    }

    #[test]
    fn any_text_is_a_timeline_or_a_fault_within_it(text in "\\PC{0,60}") {
        match text.parse::<Timeline>() {
            Ok(timeline) => prop_assert_eq!(timeline.to_string().parse(), Ok(timeline)),
            Err(fault) => prop_assert!((1..=text.chars().count() + 1).contains(&fault.column)),
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_do_no_harm(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "userSign", "complete", "userCancel", "pending:a", "failed:b", "x2", "x0", "1s", "99999h", "0ms", ",",
                ",", ",", " ", "pending:", "1.5", "noClient",
            ]),
            0..24,
        ),
    ) {
        let text = words.join(" ");
        match text.parse::<Timeline>() {
            Ok(timeline) => prop_assert_eq!(timeline.to_string().parse(), Ok(timeline)),
            Err(fault) => {
                let from = text.chars().skip(fault.column - 1).collect::<String>();
                prop_assert!(from.starts_with(&*fault.found), "{} is at {}", fault.found, fault.column);
            }
        }
    }
}

#[track_caller]
fn check_resolved(text: &str, name: Option<&str>, shown: &str) {
    let scenario =
        Scenarios::built_in().resolve(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    assert_eq!((scenario.name(), &*scenario.to_string()), (name, shown), "{text}");
}

#[track_caller]
fn check_unresolved(text: &str, message: &str) {
    let fault = Scenarios::built_in().resolve(text).expect_err(text);
    assert_eq!(fault.to_string(), message, "{text}");
}

#[test]
fn a_scenario_is_chosen_by_name_or_written_out() {
    check_resolved("default", Some("default"), "default");
    check_resolved("  phone ", Some("phone"), "phone");
    // Both a scenario and the end of a timeline: the scenario, which takes its time.
    check_resolved("userCancel", Some("userCancel"), "userCancel");
    check_resolved("complete", None, "complete");
    check_resolved("userSign x2,complete", None, "userSign x2, complete");
    check_resolved("failed:newHint", None, "failed:newHint");
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    check_unresolved("userCancle", "there is no scenario `userCancle`; did you mean `userCancel`?");
    check_unresolved("Realistic", "there is no scenario `Realistic`; did you mean `realistic`?");
    check_unresolved("success", "there is no scenario `success`");
    check_unresolved("completed", "there is no scenario `completed`");
    check_unresolved(
        "userSign x2",
        "at character 12: the last step must be `complete` or the hint of a failed order",
    );
    check_unresolved("", "at character 1: expected a hint such as `userSign`, or `complete`");
    let long = "a".repeat(5000);
    check_unresolved(
        &long,
        &format!(
            "at character 1: `{0}` is no documented hint; write `pending:{0}` or `failed:{0}` if it is meant",
            "a".repeat(64)
        ),
    );
    let fault = Scenarios::built_in().find("realistik").unwrap_err();
    assert!(
        matches!(fault, BadScenario::Unknown { nearest: Some(near), .. } if *near == *"realistic")
    );
}

fn named(name: &str) -> Scenario {
    Scenario::named(name, "", "complete".parse().unwrap(), None)
}

#[test]
fn scenarios_of_the_configuration_have_names_of_their_own() {
    let mut scenarios = Scenarios::built_in();
    let built_in = scenarios.iter().count();
    for name in ["slow", "Slow", "a", "x-1_y", &"n".repeat(64)] {
        assert_eq!(scenarios.add(named(name)), Ok(()));
        assert_eq!(scenarios.find(name).unwrap().name(), Some(name));
        assert_eq!(scenarios.resolve(name).unwrap().name(), Some(name));
    }
    for taken in ["slow", "default", "userCancel", "phone"] {
        assert_eq!(scenarios.add(named(taken)), Err(BadScenario::Taken { name: taken.into() }));
    }
    for none in ["", "1a", "-a", "_a", "å", "a b", "a,b", "a:b", &"n".repeat(65)] {
        assert_eq!(scenarios.add(named(none)), Err(BadScenario::Name { name: none.into() }));
    }
    let unnamed = Scenario::unnamed("complete".parse().unwrap());
    assert_eq!(scenarios.add(unnamed), Err(BadScenario::Name { name: "".into() }));
    let added: Vec<_> = scenarios.iter().skip(built_in).map(|one| one.name().unwrap()).collect();
    assert_eq!(added, ["slow", "Slow", "a", "x-1_y", &"n".repeat(64)]);
}

#[test]
fn phone_orders_follow_the_form_for_them_if_there_is_one() {
    let timeline = |text: &str| text.parse::<Timeline>().unwrap();
    let phone = Some(timeline("userCallConfirm, complete"));
    let both = Scenario::named("a", "", timeline("userSign, complete"), phone);
    assert_eq!(both.timeline(false), &timeline("userSign, complete"));
    assert_eq!(both.timeline(true), &timeline("userCallConfirm, complete"));
    assert!(both.has_phone_form());
    let one = Scenario::unnamed(timeline("userSign, complete"));
    assert_eq!(one.timeline(true), one.timeline(false));
    assert!(!one.has_phone_form());
}
