//! What the log says, and what it does not.

use crate::running::{AUTH, KEY, Program, Upstream, leaked};
use crate::signals::order;

/// A personal number that nothing may log.
const PLANTED: &str = "198001052383";

#[test]
fn the_log_has_a_line_for_every_call_and_no_secrets() {
    let pending = r#"{"orderRef":"reference","status":"pending","hintCode":"userSign"}"#;
    let upstream = Upstream::start(vec![order("reference"), pending.to_owned(), "{".to_owned()]);
    let flags = ["--log-level", "trace", "--log-format", "json"];
    let program = Program::start(&upstream.settings, &flags);
    let sign = format!(
        r#"{{"endUserIp":"203.0.113.25","personalNumber":"{PLANTED}","userVisibleData":"planted text"}}"#
    );
    assert!(program.post("/sign?meta=qr,links", &sign).contains("qr-start-secret-reference"));
    let collect = r#"{"orderRef":"reference"}"#;
    assert!(program.post("/collect", collect).contains("userSign"));
    let answer = program.post("/cancel", collect);
    assert!(answer.contains("badAnswer"), "{answer}");
    let unknown = format!("/{PLANTED}");
    assert!(program.post(&unknown, "{}").starts_with("HTTP/1.1 404 "));
    upstream.asked();
    program.signal("TERM");
    let log = program.wait().log;

    let lines = log.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("an object on each line");
        line
    });
    let answered: Vec<_> = lines
        .filter(|line| line["message"] == "answered")
        .map(|line| (line["caller"].clone(), line["call"].clone(), line["status"].clone()))
        .collect();
    let expected = [("sign", 200), ("collect", 200), ("cancel", 502)]
        .map(|(call, status)| ("shop".into(), call.into(), status.into()));
    assert_eq!(answered, expected);
    assert_eq!(leaked(&log), None, "{log}");
}

/// Every log of this suite is looked through, at its most talkative; this shows that something would be seen.
#[test]
fn what_is_planted_in_a_log_is_found() {
    let upstream = Upstream::start(vec![order("reference")]);
    let program = Program::start(&upstream.settings, &[]);
    assert!(program.post("/auth", AUTH).contains("reference"));
    upstream.asked();
    program.signal("TERM");
    let log = program.wait().log;
    assert!(log.contains("answered"), "the log tells little: {log}");
    for planted in [PLANTED, KEY, "203.0.113.25", "qr-start-secret-reference"] {
        let log = format!("{log}INFO gateway: {planted}\n");
        assert!(leaked(&log).is_some_and(|found| planted.contains(found)), "{planted}");
    }
}
