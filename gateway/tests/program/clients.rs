//! What clients can do to it: nothing beyond its limits.

use crate::running::{AUTH, KEY, Program, post};

const NOWHERE: &str = "url = 'http://127.0.0.1:9'";

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or(answer)
}

#[test]
fn health_needs_no_key() {
    let program = Program::start(NOWHERE, &[]);
    let get = |path: &str| {
        program.send(&format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
    };
    let answer = get("/health/live");
    assert!(answer.ends_with(r#"{"status":"live"}"#), "{answer}");
    let answer = get("/health/ready");
    assert!(answer.ends_with(r#"{"status":"ready","bankId":"unknown","orders":0}"#), "{answer}");
    let answer = program.post("/auth", AUTH);
    assert_eq!(status(&answer), "502", "{answer}");
    assert!(answer.contains("connectionFailed"), "{answer}");
    // It is told, but another instance could do no better.
    let answer = get("/health/ready");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains(r#""bankId":"notReached""#), "{answer}");
    assert_eq!(status(&get("/health")), "404");
    assert_eq!(status(&program.post("/health/live", "{}")), "404");
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}

#[test]
fn bodies_and_heads_have_limits() {
    let limits = "[limits]\nbodyKib = 1\nbodySeconds = 1\nheadKib = 8\nheadSeconds = 1";
    let program = Program::start(&format!("{NOWHERE}\n{limits}"), &[]);
    let body = |length: usize| format!("{:<length$}", "{}");
    assert_eq!(status(&program.post("/collect", &body(1_024))), "400");
    let answer = program.post("/collect", &body(1_025));
    assert_eq!(status(&answer), "413", "{answer}");
    assert!(answer.contains("bodyTooLarge"), "{answer}");
    // Announced, and never sent: refused by its length alone.
    let announced = post("/collect", KEY, "").replace("Length: 0", "Length: 1000000000");
    assert_eq!(status(&program.send(&announced)), "413");
    // Announced, and sent in part.
    let slow = post("/collect", KEY, "{}").replace("Length: 2", "Length: 3");
    let answer = program.send(&slow);
    assert_eq!(status(&answer), "408", "{answer}");
    let long_head = post("/collect", &"k".repeat(9_000), "{}");
    assert_eq!(status(&program.send(&long_head)), "431");
    // A head that never ends.
    assert_eq!(program.send("POST /auth HTTP/1.1\r\nHost"), "");
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}

/// Who is not let in has no body read: not even a header of it, if the client waits to be asked.
#[test]
fn a_stranger_is_not_asked_for_a_body() {
    let program = Program::start(NOWHERE, &[]);
    let request =
        post("/auth", "wrong", AUTH).replace("x-api-key", "Expect: 100-continue\r\nx-api-key");
    let (head, _) = request.split_once("\r\n\r\n").expect("a head");
    let answer = program.send(&format!("{head}\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}

/// Two lengths, a length beside chunks, a folded header: no request stands hidden in another.
#[test]
fn requests_cannot_be_smuggled() {
    let program = Program::start(NOWHERE, &[]);
    let request = post("/collect", KEY, "{}");
    for bent in [
        request.replace("Content-Length: 2", "Content-Length: 2\r\nContent-Length: 40"),
        request.replace("Content-Length: 2", "Content-Length: +2"),
        request.replace("Content-Length: 2", "Content-Length: 2\r\nTransfer-Encoding: identity"),
        request.replace("Content-Length: 2", "Transfer-Encoding: chunked, identity"),
        request.replace("x-api-key: ", "x-api-key : "),
        request.replace("x-api-key: ", "x-api-key: a\r\n "),
    ] {
        let answer = program.send(&bent);
        let refused = ["400", "401", "411", "501"].contains(&status(&answer)) || answer.is_empty();
        assert!(refused, "{bent}\n{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), usize::from(!answer.is_empty()), "{answer}");
    }
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}
