//! The surface for pages over a socket.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use crate::running::{KEY, Program, Upstream, post};
use crate::signals::order;

const PAGES: &str = "[pages]\norigins = ['https://shop.example']";

/// A request of a page, on a connection that ends with it.
fn page(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: shop.example\r\nOrigin: https://shop.example\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Starts an order; the cookie.
fn start(program: &Program, headers: &str) -> String {
    let answer = program.send(&page("POST", "/session/start", headers, "{}"));
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    format!("Cookie: {}\r\n", line.split(';').next().expect("a pair"))
}

/// Listens until the first event is there.
fn listen(program: &Program, cookie: &str) -> (BufReader<TcpStream>, String) {
    let mut stream = program.connect();
    write!(stream, "{}", page("GET", "/session/events", cookie, "")).expect("it reads");
    let mut reader = BufReader::new(stream);
    let mut answer = String::new();
    while !answer.contains("data: ") {
        assert_ne!(reader.read_line(&mut answer).expect("text"), 0, "{answer}");
    }
    (reader, answer)
}

#[test]
fn a_stream_ends_in_order_when_the_gateway_does() {
    let upstream = Upstream::start(vec![order("reference")]);
    let program = Program::start(&format!("{}\n{PAGES}", upstream.settings), &[]);
    let cookie = start(&program, "");
    let (mut reader, answer) = listen(&program, &cookie);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("transfer-encoding: chunked"), "{answer}");
    program.signal("TERM");
    let mut rest = Vec::new();
    loop {
        let before = rest.len();
        if reader.read_until(b'\n', &mut rest).expect("it is not cut off") == 0 {
            break;
        }
        assert!(rest.len() > before);
    }
    assert!(rest.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&rest));
    let ended = program.wait();
    assert_eq!(ended.code, Some(0));
    assert!(ended.log.contains("cut=0"), "{}", ended.log);
}

#[test]
fn the_log_has_a_line_for_a_page_and_none_of_its_secrets() {
    let upstream = Upstream::start(vec![order("reference"), "{}".to_owned()]);
    let flags = ["--log-level", "trace", "--log-format", "json"];
    let settings = format!("{}\n{PAGES}\ntrustedProxies = ['127.0.0.1']", upstream.settings);
    let program = Program::start(&settings, &flags);
    let ticket = r#"{"userVisibleData":"planted text","personalNumber":"198001052383"}"#;
    let answer = program.send(&post("/ticket/sign", KEY, ticket));
    let (_, ticket) = answer.split_once(r#""ticket":""#).expect("a ticket");
    let ticket = ticket.split('"').next().expect("a text").to_owned();
    let body = format!(r#"{{"ticket":"{ticket}"}}"#);
    let forwarded = "X-Forwarded-For: 203.0.113.25\r\n";
    let answer = program.send(&page("POST", "/session/start", forwarded, &body));
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = line.split(';').next().expect("a pair").to_owned();
    let (reader, event) = listen(&program, &format!("Cookie: {cookie}\r\n"));
    assert!(event.contains("bankid.qr-start-token-reference."), "{event}");
    drop(reader);
    let header = format!("Cookie: {cookie}\r\n");
    let answer = program.send(&page("POST", "/session/cancel", &header, "{}"));
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert_eq!(program.post("/result", r#"{"code":"planted-code"}"#).get(9..12), Some("404"));
    let asked = upstream.asked();
    assert!(asked[0].contains("203.0.113.25"), "{asked:?}");
    program.signal("TERM");
    let log = program.wait().log;
    for call in ["/session/start", "/session/cancel", "ticket/sign", "result"] {
        assert!(log.contains(&format!("\"call\":\"{call}\"")), "{call}: {log}");
    }
    let name = cookie.split('=').next_back().expect("a value");
    let secrets = [
        name,
        &ticket,
        "planted",
        "cGxhbnRlZCB0ZXh0",
        "198001052383",
        "203.0.113.25",
        "qr-start-secret",
        "qr-start-token",
        "auto-start-token",
        KEY,
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} was logged: {log}");
    }
}

#[test]
fn bodies_of_pages_are_small() {
    let program = Program::start(&format!("url = 'http://127.0.0.1:9'\n{PAGES}"), &[]);
    let long = format!("{:<20000}", "{}");
    let answer = program.send(&page("POST", "/session/start", "", &long));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""message":"#), "{answer}");
    let answer = program.send(&page("POST", "/session/start", "", "{}"));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}
