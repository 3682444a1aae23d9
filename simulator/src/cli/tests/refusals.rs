//! What is refused, with which exit code and in which words.

use std::collections::HashMap;

use super::{folder, run, run_with};

#[track_caller]
fn refused(arguments: &[&str], expected: &str) {
    let ran = run(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
    assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
}

#[test]
fn unknown_scenarios_name_the_nearest() {
    refused(
        &["--scenario", "realistc"],
        "there is no scenario `realistc`; did you mean `realistic`?",
    );
    refused(&["--scenario", "elephant"], "--list-scenarios");
    refused(&["--scenario", "userSing, complete"], "did you mean `userSign`?");
    refused(&["--scenario", ""], "--scenario");
}

#[test]
fn unknown_flags_name_the_nearest() {
    refused(&["--tlsport", "1"], "--tls-port");
    refused(&["sheck"], "check");
    refused(&["--port", "eighty"], "eighty");
    refused(&["--max-orders", "0"], "0");
}

#[test]
fn limits_have_bounds() {
    refused(&["--max-connections", "0"], "0 is not in 1..=1000000");
    refused(&["--max-body-bytes", "67108865"], "67108865 is not in 1..=67108864");
    refused(&["--max-head-bytes", "255"], "255 is not in 256..=262144");
    refused(&["--max-lanes", "-1"], "-1");
    for flag in ["--body-time", "--head-time", "--idle-time", "--handshake-time", "--drain-time"] {
        for time in ["10", "0s", "25h", "soon", ""] {
            refused(&[flag, time], "expected a time such as `500ms`, `1.5s` or `2m`, up to 24h");
        }
    }
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    refused(&["--no-tls", "--no-plain"], "cannot be used with");
    refused(&["--no-tls", "--certs", "x"], "cannot be used with");
    refused(&["--no-plain", "--port", "1"], "cannot be used with");
}

#[test]
fn tokens_that_nobody_could_bring_are_refused() {
    refused(&["--control-token", "two words"], "token");
    refused(&["--control-token", ""], "token");
    let environment = HashMap::from([("BANKID_SIMULATOR_CONTROL_TOKEN", "två")]);
    assert_eq!(run_with(&[], &environment).code, 2);
    let ran = run(&["--control-token-file", "/no/such/file"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("/no/such/file"), "{}", ran.err);
}

#[test]
fn faults_of_the_configuration_are_shown_with_file_line_and_column() {
    let folder = folder();
    let file = folder.path().join("sim.toml");
    std::fs::write(&file, "\nscenario = 'realistc'\n").unwrap();
    let file = file.to_str().unwrap();
    let expected = format!(
        "{file}:2:12: scenario: there is no scenario `realistc`; did you mean `realistic`?"
    );
    refused(&["check", file], &expected);
    refused(&["--config", file], &expected);
    let ran = run(&["--config", "/no/such/file.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/no/such/file.toml: the file could not be read: "), "{}", ran.err);
}

#[test]
fn numbers_that_may_be_somebodys_need_their_flag() {
    let folder = folder();
    let file = folder.path().join("sim.json");
    let text = r#"{"personas": {"me": {"personalNumber": "198001010009", "givenName": "A", "surname": "B"}}}"#;
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    refused(&["check", file], ":1:40: personas.me.personalNumber: ");
    assert_eq!(run(&["check", file, "--allow-any-personal-number"]).code, 0);
}
