//! Protocol section 14.1: what the transport answers before anybody looks at an order.

use std::time::Duration;

use bankid_core::request::Operation;
use simulator::fault::{ApiFault, Endpoint, Strike};
use tokio::io::AsyncWriteExt;

use crate::support::http::{self, TlsIdentity, exchange, request};
use crate::support::{Answer, Sim, minimal};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const KNOWN: [&str; 12] = [
    "/rp/v6.0/auth",
    "/rp/v6.0/sign",
    "/rp/v6.0/payment",
    "/rp/v6.0/other/payment",
    "/rp/v6.0/phone/auth",
    "/rp/v6.0/phone/sign",
    "/rp/v6.0/collect",
    "/rp/v6.0/cancel",
    "/rp/v5.1/auth",
    "/rp/v5.1/sign",
    "/rp/v5.1/collect",
    "/rp/v5.1/cancel",
];

#[track_caller]
fn check(answer: &Answer, status: u16, code: &str, details: &str) {
    let body = format!(r#"{{"errorCode":"{code}","details":"{details}"}}"#);
    assert_eq!((answer.status, answer.body.as_str()), (status, body.as_str()));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

async fn send(sim: &Sim, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    sim.send(&request(method, path, headers, body)).await.expect("an answer")
}

#[tokio::test]
async fn row_14_1_no_or_untrusted_client_certificate() {
    let sim = Sim::with(|builder| builder.tls(true)).await;
    let other = Sim::with(|builder| builder.tls(true)).await;
    let call = request("POST", "/rp/v6.0/auth", &[JSON], &minimal("auth").to_string());

    // With TLS 1.3 the refusal may show up only at the first read, so "no answer" is what counts (1.3).
    let answer = sim.call_tls(None, &call).await;
    assert!(answer.is_none(), "no certificate: {answer:?}");
    let answer = sim.call_tls(Some(other.identity(0)), &call).await;
    assert!(answer.is_none(), "a certificate of nobody's: {answer:?}");
    let answer = sim.call_tls(Some(sim.identity(0)), &call).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    sim.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn row_14_1_unknown_path() {
    let sim = Sim::start().await;
    for path in [
        "/",
        "/rp",
        "/rp/v6.0/",
        "/rp/v6.0/auth/",
        "/rp/v6.0/Auth",
        "/rp/v6.0/phone/payment",
        "/rp/v5.1/payment",
        "/rp/v5.1/phone/auth",
        "/rp/v4/auth",
        "//rp/v6.0/auth",
        "/l//rp/v6.0/auth",
        "/l/a%20b/rp/v6.0/auth",
    ] {
        // The path is judged before method and content type (chosen).
        for method in ["POST", "GET"] {
            check(&send(&sim, method, path, &[], "").await, 404, "notFound", "Not found");
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_method_other_than_post_on_a_known_path() {
    let sim = Sim::start().await;
    for path in KNOWN {
        for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let answer = send(&sim, method, path, &[], "").await;
            check(&answer, 405, "methodNotAllowed", "Method not allowed");
        }
    }
    sim.stop().await;
}

/// The mode that 14.1 asks for beside the usual answer.
#[tokio::test]
async fn a_405_can_come_without_a_document() {
    let sim = Sim::with(|builder| builder.empty_method_not_allowed(true)).await;
    let answer = send(&sim, "GET", "/rp/v6.0/auth", &[], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (405, ""));
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_content_type_missing_other_or_with_any_parameter() {
    let sim = Sim::start().await;
    let body = minimal("auth").to_string();
    for path in KNOWN {
        for headers in [
            &[][..],
            &[("Content-Type", "text/plain")],
            &[("Content-Type", "application/json; charset=utf-8")],
            &[("Content-Type", "application/json;charset=UTF-8")],
            &[("Content-Type", "application/vnd.api+json")],
            &[("Content-Type", "")],
        ] {
            let answer = send(&sim, "POST", path, headers, &body).await;
            check(&answer, 415, "unsupportedMediaType", "Unsupported media type");
        }
    }
    sim.stop().await;
}

/// Also those that never came as far as to be read as a request.
#[tokio::test]
async fn every_answer_is_marked() {
    let sim = Sim::with(|builder| builder.tls(true)).await;
    let long = format!("GET / HTTP/1.1\r\nLong: {}\r\n\r\n", "x".repeat(1024 * 1024));
    let calls = [
        (request("POST", "/rp/v6.0/auth", &[JSON], &minimal("auth").to_string()), 200),
        (request("GET", "/", &[], ""), 404),
        (b"no request\r\n\r\n".to_vec(), 400),
        (long.into_bytes(), 431),
    ];
    for (call, status) in calls {
        let plain = sim.send(&call).await.expect("an answer");
        let tls = sim.call_tls(Some(sim.identity(0)), &call).await.expect("an answer");
        for answer in [plain, tls] {
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("x-bankid-simulator"), Some(env!("CARGO_PKG_VERSION")));
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_body_slower_than_a_limit_10_s() {
    let sim = Sim::with(|builder| builder.body_time(Duration::from_millis(20))).await;
    let mut stream = http::plain(sim.inner().http().expect("plain")).await;
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/json\r\nContent-Length: 30\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("the head is taken");
    // The rest of the body never comes.
    let answer = exchange(stream, b"{\"endUserIp\":").await.expect("an answer");
    check(&answer, 408, "requestTimeout", "Request timeout");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_body_larger_than_512_kb() {
    let sim = Sim::start().await;
    let body = |size: usize| {
        let start = r#"{"endUserIp":"203.0.113.25","unheardOf":""#;
        format!("{start}{}\"}}", "x".repeat(size - start.len() - 2))
    };
    let answer = sim.post_to("/rp/v6.0/auth", &body(512 * 1024)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = sim.post_to("/rp/v6.0/auth", &body(512 * 1024 + 1)).await;
    check(&answer, 400, "invalidParameters", "Invalid request");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_body_not_json_not_an_object_wrong_member() {
    let sim = Sim::start().await;
    for body in [
        "hello",
        "{\"endUserIp\":\"203.0.113.25\"",
        "[\"203.0.113.25\"]",
        "{\"endUserIp\":17}",
        "{\"endUserIp\":\"203.0.113.25\",\"returnRisk\":\"yes\"}",
        "{\"endUserIp\":\"203.0.113.25\",\"endUserIp\":\"203.0.113.26\"}",
        "\u{feff}{\"endUserIp\":\"203.0.113.25\"}",
    ] {
        let answer = sim.post_to("/rp/v6.0/auth", body).await;
        check(&answer, 400, "invalidParameters", "Invalid request");
    }
    let answer = sim.post_to("/rp/v6.0/collect", "{}").await;
    check(&answer, 400, "invalidParameters", "Invalid request");
    // Not UTF-8.
    let mut bytes = request("POST", "/rp/v6.0/auth", &[JSON], "{\"endUserIp\":\"??\"}");
    let place = bytes.len() - 4;
    bytes[place] = 0xff;
    check(&sim.send(&bytes).await.expect("an answer"), 400, "invalidParameters", "Invalid request");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_1_switchable_faults() {
    let sim = Sim::start().await;
    let auth = Endpoint::Start(Operation::Auth);
    for (code, status, details) in [
        ("internalError", 500, "Internal error"),
        ("maintenance", 503, "Maintenance"),
        ("unauthorized", 401, "Unauthorized"),
    ] {
        sim.fault(auth, &ApiFault::named(code).expect("a code of the reference"));
        check(&sim.post("auth", &minimal("auth")).await, status, code, details);
    }
    let forbidden = ApiFault::named("unauthorized").and_then(|fault| fault.with_status(403));
    sim.fault(auth, &forbidden.expect("an error status"));
    check(&sim.post("auth", &minimal("auth")).await, 403, "unauthorized", "Unauthorized");

    sim.strike(auth, Strike::html(ApiFault::named("maintenance").expect("a code")));
    let page = sim.post("auth", &minimal("auth")).await;
    assert_eq!((page.status, page.header("content-type")), (503, Some("text/html")));
    assert!(page.body.starts_with("<html>"), "{}", page.body);

    // Nothing came of it, and the next call is served.
    sim.strike(auth, Strike::hang_up());
    let call = request("POST", "/rp/v6.0/auth", &[JSON], &minimal("auth").to_string());
    assert!(sim.send(&call).await.is_none());
    assert_eq!(sim.post("auth", &minimal("auth")).await.status, 200);
    assert_eq!(sim.inner().default_lane().orders().len(), 1);

    // Late means later on the lane's clock, and then as usual.
    sim.strike(auth, Strike::late(Duration::from_secs(20)));
    let late = async { sim.post("auth", &minimal("auth")).await.status };
    let turned = async {
        sim.struck().await;
        sim.advance_seconds(20);
    };
    assert_eq!(tokio::join!(late, turned).0, 200);
    sim.stop().await;
}

/// Headers of 1.2, for answers of every kind.
#[tokio::test]
async fn headers_are_those_of_the_reference() {
    let sim = Sim::start().await;
    for answer in [
        sim.post_to("/rp/v6.0/auth", &minimal("auth").to_string()).await,
        sim.post_to("/rp/v6.0/auth", "{}").await,
        send(&sim, "GET", "/rp/v6.0/auth", &[], "").await,
        send(&sim, "GET", "/nothing", &[], "").await,
    ] {
        for (name, value) in [
            ("expires", "0"),
            ("cache-control", "no-cache, no-store, must-revalidate"),
            ("pragma", "no-cache"),
            ("server", "BankID"),
            ("content-type", "application/json"),
            ("connection", "close"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} in {answer:?}");
        }
        assert!(answer.header("date").is_some(), "{answer:?}");
        assert!(answer.header("x-bankid-simulator").is_some(), "{answer:?}");
    }
    sim.stop().await;
}

/// Orders of the plain port and of each RP certificate are apart.
#[tokio::test]
async fn row_14_3_orders_belong_to_the_sha_256_of_the() {
    let sim = Sim::with(|builder| builder.tls(true).scenario("phone")).await;
    let auth = request("POST", "/rp/v6.0/auth", &[JSON], &minimal("auth").to_string());
    let collect = |order_ref: &str| {
        let body = serde_json::json!({"orderRef": order_ref}).to_string();
        request("POST", "/rp/v6.0/collect", &[JSON], &body)
    };
    let identity = |index: Option<usize>| -> Option<TlsIdentity> { index.map(|i| sim.identity(i)) };
    let parties = [None, Some(0), Some(1)];
    for owner in parties {
        let answer = sim.call(identity(owner), &auth).await.expect("an answer");
        let order_ref = answer.text("orderRef");
        for asking in parties {
            let answer = sim.call(identity(asking), &collect(&order_ref)).await.expect("an answer");
            if asking == owner {
                assert_eq!(answer.text("status"), "pending");
            } else {
                check(&answer, 400, "invalidParameters", "No such order");
            }
        }
    }
    sim.stop().await;
}
