//! What is no timeline: where the fault is, and what should stand there.

use crate::scenario::{Expected, Timeline, TimelineFault};

#[track_caller]
fn check(text: &str, column: usize, found: &str, expected: &Expected) {
    let fault = text.parse::<Timeline>().expect_err(text);
    let wanted = TimelineFault { column, found: found.into(), expected: expected.clone() };
    assert_eq!(fault, wanted, "{text}");
}

const HINT: Expected = Expected::Hint { nearest: None };

#[test]
fn a_step_is_a_documented_hint() {
    let near = |nearest| Expected::Hint { nearest: Some(nearest) };
    check("userSing, complete", 1, "userSing", &near("userSign"));
    check("outstandingTransaction, userSing, complete", 25, "userSing", &near("userSign"));
    check("usersign, complete", 1, "usersign", &near("userSign"));
    check("UserSign, complete", 1, "UserSign", &near("userSign"));
    check("user-mrtd, complete", 1, "user-mrtd", &near("userMrtd"));
    check("userSign, completed", 11, "completed", &near("complete"));
    check("userSign, userCancelled", 11, "userCancelled", &near("userCancel"));
    check("userSign, canceled", 11, "canceled", &near("cancelled"));
    check("userSign, Complete x2", 11, "Complete", &near("complete"));
    check("elephant, complete", 1, "elephant", &HINT);
    check("x2, complete", 1, "x2", &HINT);
    check("1s, complete", 1, "1s", &HINT);
    check("complete: userSign", 1, "complete:", &Expected::Hint { nearest: Some("complete") });
}

#[test]
fn no_step_is_missing() {
    check("", 1, "", &HINT);
    check("   ", 4, "", &HINT);
    check(",", 1, "", &HINT);
    check(" ,complete", 2, "", &HINT);
    check("userSign,,complete", 10, "", &HINT);
    check("userSign, , complete", 11, "", &HINT);
}

#[test]
fn names_of_unknown_hints_are_letters_and_digits() {
    for word in [
        "pending:",
        "failed:",
        "pending:a-b",
        "failed:a_b",
        "pending:å",
        "failed:a:b",
        "pending:\"",
        "failed:a\\",
    ] {
        check(&format!("userSign, {word}, complete"), 11, word, &Expected::Name);
    }
    let long = format!("pending:{}", "a".repeat(65));
    check(&format!("{long}, complete"), 1, &format!("pending:{}", "a".repeat(56)), &Expected::Name);
}

#[test]
fn what_follows_a_hint_says_how_long_it_stays() {
    for word in [
        "2x",
        "two",
        "1",
        "1.5",
        "1sec",
        "1d",
        "s",
        "ms",
        ".5s",
        "1.s",
        "1.5.5s",
        "-1s",
        "+1s",
        "1e3s",
        "1,5s",
        "1S",
        "X2",
        "1234567890s",
        "0.0000000001h",
        "1\u{660}s",
        "userSign",
        "complete",
        "*2",
    ] {
        let found = word.split(',').next().unwrap();
        check(&format!("started {word}, complete"), 9, found, &Expected::Stay);
    }
    check("started x2 1s soon, complete", 15, "soon", &Expected::Stay);
}

#[test]
fn it_is_said_once() {
    check("started x2 x2, complete", 12, "x2", &Expected::OneStay);
    check("started 1s 500ms, complete", 12, "500ms", &Expected::OneStay);
    check("started x2 1s x2, complete", 15, "x2", &Expected::OneStay);
    check("started 1s x2 1s, complete", 15, "1s", &Expected::OneStay);
}

#[test]
fn collects_and_times_have_limits() {
    for word in [
        "x",
        "x0",
        "x00",
        "x10001",
        "x65536",
        "x99999999999999999999",
        "x-1",
        "x+1",
        "x1.5",
        "xx2",
        "x2s",
    ] {
        check(&format!("started {word}, complete"), 9, word, &Expected::Collects);
    }
    for word in [
        "0s",
        "0ms",
        "0.0h",
        "0.9ms",
        "0.0009s",
        "24.1h",
        "25h",
        "1441m",
        "86401s",
        "86400001ms",
        "999999999h",
        "999999999.999999999h",
    ] {
        check(&format!("started {word}, complete"), 9, word, &Expected::Time);
    }
}

#[test]
fn the_order_ends_with_the_last_step_and_only_there() {
    check("complete, userSign", 1, "complete", &Expected::EndLast);
    check("userSign, userCancel, complete", 11, "userCancel", &Expected::EndLast);
    check("userSign, complete, complete", 11, "complete", &Expected::EndLast);
    check("userSign, complete,", 11, "complete", &Expected::EndLast);
    check("userSign, failed:x, userSign", 11, "failed:x", &Expected::EndLast);
    check("userSign", 9, "", &Expected::End);
    check("userSign x2, started 1s", 24, "", &Expected::End);
    check("åäö", 1, "åäö", &HINT);
    check("pending:ö", 1, "pending:ö", &Expected::Name);
}

#[test]
fn a_final_answer_is_given_once() {
    check("userSign, complete x2", 20, "x2", &Expected::EndWithoutStay);
    check("userSign, userCancel 1s", 22, "1s", &Expected::EndWithoutStay);
    check("complete soon", 10, "soon", &Expected::EndWithoutStay);
}

#[test]
fn a_timeline_has_limits() {
    let steps = "started, ".repeat(99);
    check(&format!("{steps}userSign, complete"), 892, "userSign", &Expected::FewerSteps);
    check(&"a".repeat(16 * 1024 + 1), 1, "", &Expected::Shorter);
    check(&" ".repeat(16 * 1024 + 1), 1, "", &Expected::Shorter);
    check(&"a".repeat(16 * 1024), 1, &"a".repeat(64), &HINT);
}

#[test]
fn columns_are_characters() {
    check("userSign, pending:å, complete", 11, "pending:å", &Expected::Name);
    check("å, userSing, complete", 1, "å", &HINT);
    // Blanks need not be ASCII, and count as one.
    check(
        "userSign\u{a0}x2, userSing, complete",
        14,
        "userSing",
        &Expected::Hint { nearest: Some("userSign") },
    );
}

#[track_caller]
fn check_message(text: &str, message: &str) {
    assert_eq!(text.parse::<Timeline>().expect_err(text).to_string(), message);
}

#[test]
fn every_fault_says_what_to_do() {
    check_message("", "at character 1: expected a hint such as `userSign`, or `complete`");
    check_message(
        "userSing, complete",
        "at character 1: `userSing` is no documented hint; did you mean `userSign`?",
    );
    check_message(
        "elephant",
        "at character 1: `elephant` is no documented hint; write `pending:elephant` or `failed:elephant` if it is meant",
    );
    check_message(
        "pending:, complete",
        "at character 1: expected a name of 1 to 64 letters and digits after the colon of `pending:`",
    );
    check_message(
        "started soon, complete",
        "at character 9: expected a number of collects (`x2`), a time (`500ms`, `1.5s`, `2m`) or a comma, found `soon`",
    );
    check_message(
        "started 1s 1s, complete",
        "at character 12: `1s` says a second time how long the step stays",
    );
    check_message(
        "started x0, complete",
        "at character 9: expected a number of collects from x1 to x10000, found `x0`",
    );
    check_message(
        "started 25h, complete",
        "at character 9: expected a time from 1ms to 24h, found `25h`",
    );
    check_message(
        "complete, started",
        "at character 1: `complete` ends the order, so no step can follow it",
    );
    check_message(
        "complete x2",
        "at character 10: a final answer is given once, so `x2` has no meaning here",
    );
    check_message(
        "started",
        "at character 8: the last step must be `complete` or the hint of a failed order",
    );
    check_message(&"started, ".repeat(100), "at character 892: a timeline has at most 100 steps");
    check_message(&" ".repeat(20_000), "at character 1: a timeline has at most 16384 bytes");
}
