//! How it is told to stop, and to read its settings again.

use std::io::{BufRead as _, BufReader, Write as _};

use crate::running::{AUTH, KEY, Program, Upstream, exchange, post};

/// Nobody listens there.
const NOWHERE: &str = "url = 'http://127.0.0.1:9'";

#[test]
fn it_stops_when_it_is_told_to() {
    for name in ["TERM", "INT"] {
        let program = Program::start(NOWHERE, &[]);
        program.signal(name);
        let ended = program.wait();
        assert_eq!(ended.code, Some(0), "{}", ended.log);
        assert!(ended.log.contains("stopped"), "{}", ended.log);
    }
}

#[test]
fn calls_under_way_are_answered_before_the_end() {
    let upstream = Upstream::start(vec![order("1")]);
    let program = Program::start(&upstream.settings, &[]);
    let request = post("/auth", KEY, AUTH);
    let (most, end) = request.split_at(request.len() - 1);
    let mut stream = program.connect();
    // The head is read once the gateway asks for the body.
    let (head, body) = most.split_once("\r\n\r\n").expect("a head");
    write!(stream, "{head}\r\nExpect: 100-continue\r\n\r\n").expect("it reads");
    let mut line = String::new();
    BufReader::new(stream.try_clone().expect("a handle")).read_line(&mut line).expect("a line");
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream.write_all(body.as_bytes()).expect("it reads");
    program.signal("TERM");
    while std::net::TcpStream::connect(program.address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(end.as_bytes()).expect("it reads");
    let answer = exchange(stream);
    assert!(answer.contains("HTTP/1.1 200 OK"), "{answer}");
    upstream.asked();
    assert_eq!(program.wait().code, Some(0));
}

#[test]
fn keys_are_exchanged_without_a_restart() {
    let program = Program::start(NOWHERE, &[]);
    let status = |key: &str| {
        let answer = program.send(&post("/collect", key, "{}"));
        answer.get(9..12).map(str::to_owned)
    };
    assert_eq!(status(KEY).as_deref(), Some("400"));
    assert_eq!(status("new").as_deref(), Some("401"));
    program.folder.configure(NOWHERE, "new");
    program.signal("HUP");
    while status("new").as_deref() == Some("401") {
        std::thread::yield_now();
    }
    assert_eq!(status("new").as_deref(), Some("400"));
    assert_eq!(status(KEY).as_deref(), Some("401"));
    program.signal("TERM");
    let ended = program.wait();
    assert_eq!(ended.code, Some(0));
    assert!(ended.log.contains("were read again"), "{}", ended.log);
}

pub(crate) fn order(name: &str) -> String {
    format!(
        r#"{{"orderRef":"{name}","autoStartToken":"auto-start-token-{name}","qrStartToken":"qr-start-token-{name}","qrStartSecret":"qr-start-secret-{name}"}}"#
    )
}
