//! Any bytes on any port give a 4xx or a closed connection.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Running, header, start, start_site, world};
use crate::http::{Settings, Site};
use crate::pki::{Certificates, ClientTrust};
use crate::rule::Rules;

/// Sends the bytes, ends our side, and reads all that comes back.
fn exchange(server: &Running, bytes: &[u8]) -> String {
    let mut stream = server.connect();
    // The server may refuse to read on; what it said before is there all the same, or was lost to a reset.
    drop(stream.write_all(bytes));
    drop(stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Walks through answers, one behind the other, and judges each.
fn judge(answers: &str) -> Result<(), TestCaseError> {
    let mut rest = answers;
    while !rest.is_empty() {
        let Some((head, after)) = rest.split_once("\r\n\r\n") else {
            return Err(TestCaseError::fail(format!("half a head: {rest}")));
        };
        let status = head.get(9..12).and_then(|status| status.parse::<u16>().ok()).unwrap_or(0);
        prop_assert!(
            head.starts_with("HTTP/1.") && matches!(status, 100 | 200..300 | 400..500),
            "{head}"
        );
        let length: usize =
            header(head, "Content-Length").map_or(0, |length| length.parse().unwrap());
        // Answers to HEAD tell a length and bring nothing.
        let length = if after.is_empty() || after.starts_with("HTTP/1.") { 0 } else { length };
        let (Some(body), Some(next)) = (after.get(..length), after.get(length..)) else {
            return Err(TestCaseError::fail(format!("half a body: {rest}")));
        };
        if header(head, "Server") == Some("BankID") && !body.is_empty() {
            let document: serde_json::Value = serde_json::from_str(body).unwrap();
            prop_assert_eq!(status >= 400, document.get("errorCode").is_some(), "{}", body);
        }
        rest = next;
    }
    Ok(())
}

#[track_caller]
fn check(cases: u32, requests: impl Strategy<Value = Vec<u8>>) {
    let server = start();
    TestRunner::new(Config { cases, ..Config::with_source_file(file!()) })
        .run(&requests, |bytes| judge(&exchange(&server, &bytes)))
        .unwrap();
    server.stop();
}

fn one_of(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(choices).prop_map(str::to_owned)
}

/// Requests that are right in most places.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    let method = prop_oneof![
        6 => Just("POST".to_owned()),
        1 => one_of(&["GET", "HEAD", "OPTIONS", "CONNECT", "TRACE", "post", "P\u{d6}ST", ""]),
    ];
    let target = prop_oneof![
        6 => one_of(&["/rp/v6.0/auth", "/rp/v6.0/collect", "/rp/v5.1/cancel", "/l/a/rp/v6.0/phone/sign"]),
        2 => one_of(&["/", "*", "/_simulator/v1/openapi.json", "http://x/rp/v6.0/auth", "x:1", "//", "/rp/v6.0/auth#a", "/%"]),
        1 => "[ -~]{0,20}",
    ];
    let version = prop_oneof![9 => Just("HTTP/1.1".to_owned()), 1 => one_of(&["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/", ""])];
    let field = prop_oneof![
        4 => Just("Content-Type: application/json".to_owned()),
        1 => one_of(&[
            "Host: localhost", "Host: localhost", "Connection: close", "Connection: keep-alive", "Expect: 100-continue",
            "Upgrade: websocket\r\nConnection: upgrade", "Content-Length: 3", "Content-Length: -1",
            "Content-Length: 99999999999999999999", "Content-Length: 3, 3", "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip", "TE: trailers", " folded: x", ": x",
            "x", "x : y", "Content-Encoding: gzip", "\u{0}: \u{1}",
        ]),
        1 => "[ -~]{0,30}: [ -~]{0,30}",
    ];
    let body = prop_oneof![
        4 => one_of(&[
            r#"{"endUserIp":"203.0.113.25"}"#,
            r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#,
            r#"{"callInitiator":"RP","personalNumber":"190000000000","userVisibleData":"QQ=="}"#,
            "{}", "[]", "", "3\r\n{ }\r\n0\r\n\r\n", "3\r\n{ }\r\n0\r\nx: y\r\n\r\n", "zz\r\n{}", "ffffffffffffffff\r\n{}",
            "{\"endUserIp\":\"\\ud800\"}",
        ]).prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ];
    let framing = prop_oneof![6 => Just(true), 1 => Just(false)];
    (method, target, version, prop::collection::vec(field, 0..5), body, framing).prop_map(
        |(method, target, version, fields, body, framed)| {
            let mut request = format!("{method} {target} {version}\r\n");
            for field in fields {
                request.push_str(&field);
                request.push_str("\r\n");
            }
            if framed {
                let length = body.len().to_string();
                request.extend(["Content-Length: ", &length, "\r\n"]);
            }
            request.push_str("\r\n");
            [request.into_bytes(), body].concat()
        },
    )
}

#[test]
fn random_bytes() {
    check(200, prop::collection::vec(any::<u8>(), 0..2000));
}

#[test]
fn requests_with_faults() {
    check(600, prop::collection::vec(requests(), 1..4).prop_map(|requests| requests.concat()));
}

#[test]
fn requests_cut_off() {
    let cut = (requests(), any::<prop::sample::Index>())
        .prop_map(|(request, at)| request[..at.index(request.len() + 1)].to_vec());
    check(300, cut);
}

#[test]
fn requests_with_bytes_changed() {
    let changed =
        (requests(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6))
            .prop_map(|(mut request, changes)| {
                for (at, byte) in changes {
                    let at = at.index(request.len());
                    request[at] = byte;
                }
                request
            });
    check(300, changed);
}

/// Below TLS: whatever comes, the answer is an alert or nothing, and never HTTP.
#[test]
fn random_bytes_instead_of_tls() {
    let certificates = Certificates::generate(&[], 1_790_000_000_000).unwrap();
    let time = Arc::new(rustls::time_provider::DefaultTimeProvider);
    let config = certificates.server_config(ClientTrust::default(), time).unwrap();
    let site = Site::new(Some(world(Rules::default())), None, Settings::default());
    let server = start_site(site, Some(Arc::new(config)));
    let hello = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..500),
        // A record of a handshake, with anything in it.
        prop::collection::vec(any::<u8>(), 0..500).prop_map(|rest| [
            vec![22, 3, 1, 1, 0x90, 1],
            rest
        ]
        .concat()),
        Just(b"GET /rp/v6.0/auth HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
    ];
    TestRunner::new(Config { cases: 100, ..Config::with_source_file(file!()) })
        .run(&hello, |bytes| {
            prop_assert!(!exchange(&server, &bytes).contains("HTTP/"));
            Ok(())
        })
        .unwrap();
    server.stop();
}
