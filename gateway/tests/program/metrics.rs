//! What Prometheus is told.

use crate::running::{AUTH, Program, Upstream};

const STARTED: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","autoStartToken":"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6","qrStartToken":"67df3917-fa0d-44e5-b327-edcc928297f8","qrStartSecret":"d28db9a7-4cde-429e-a983-359be676944c"}"#;
const FAILED: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"userCancel"}"#;
const COLLECT: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#;

fn metrics(program: &Program) -> String {
    program.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

#[test]
fn calls_and_ends_are_counted() {
    let upstream = Upstream::start(vec![STARTED.to_owned(), FAILED.to_owned()]);
    let program = Program::start(&upstream.settings, &[]);
    let before = metrics(&program);
    assert!(before.starts_with("HTTP/1.1 200 OK\r\n"), "{before}");
    assert!(
        before.contains("content-type: application/openmetrics-text; version=1.0.0"),
        "{before}"
    );
    assert!(before.contains("\nbankid_gateway_orders 0\n"), "{before}");
    assert!(!before.contains("caller="), "{before}");

    assert!(program.post("/auth", AUTH).starts_with("HTTP/1.1 200"));
    assert!(program.post("/auth", "{}").starts_with("HTTP/1.1 400"));
    for _ in 0..2 {
        assert!(program.post("/collect", COLLECT).starts_with("HTTP/1.1 200"));
    }
    upstream.asked();

    let after = metrics(&program);
    for line in [
        r#"bankid_gateway_calls_total{caller="shop",call="auth",status="200"} 1"#,
        r#"bankid_gateway_calls_total{caller="shop",call="auth",status="400"} 1"#,
        r#"bankid_gateway_calls_total{caller="shop",call="collect",status="200"} 2"#,
        r#"bankid_gateway_call_seconds_count{call="auth"} 2"#,
        r#"bankid_gateway_bankid_calls_total{call="auth",outcome="ok"} 1"#,
        r#"bankid_gateway_bankid_calls_total{call="collect",outcome="ok"} 1"#,
        r#"bankid_gateway_bankid_call_seconds_count{call="collect"} 1"#,
        r#"bankid_gateway_orders_ended_total{outcome="userCancel"} 1"#,
        "bankid_gateway_orders 1",
        "bankid_gateway_certificate_days_left -1",
    ] {
        assert!(after.lines().any(|known| known == line), "{line} is not in\n{after}");
    }
    assert!(after.trim_end().ends_with("# EOF"), "{after}");
}

#[test]
fn labels_do_not_grow_with_what_peers_send() {
    let unknown = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"notKnownYet"}"#;
    let upstream = Upstream::start(vec![STARTED.to_owned(), unknown.to_owned()]);
    let program = Program::start(&upstream.settings, &[]);
    assert!(program.post("/auth", AUTH).starts_with("HTTP/1.1 200"));
    assert!(program.post("/collect", COLLECT).starts_with("HTTP/1.1 200"));
    assert!(program.post("/elsewhere", AUTH).starts_with("HTTP/1.1 404"));
    upstream.asked();
    let after = metrics(&program);
    assert!(after.contains(r#"orders_ended_total{outcome="other"} 1"#), "{after}");
    assert!(!after.contains("notKnownYet") && !after.contains("elsewhere"), "{after}");
    assert!(!after.contains("203.0.113.25") && !after.contains("131daac9"), "{after}");
}
