//! The control plane over its real port.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::Value;

use super::running::{Program, exchange, post};

/// Status and document of an answer.
fn parsed(answer: &str) -> (u16, Value) {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).filter(|body| !body.is_empty());
    (status.unwrap(), body.map_or(Value::Null, |body| serde_json::from_str(body).unwrap()))
}

fn get(address: &str, path: &str, headers: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
    parsed(&exchange(stream))
}

#[test]
fn an_order_is_awaited_picked_up_approved_and_explained() {
    let running = Program::start(&["--json", "--no-tls", "--scenario", "phone"]);
    let address = running.address();
    let host = format!("Host: {address}\r\n");
    let lane = "/_simulator/v1/lanes/shop";

    // Somebody waits for the order before it is there.
    let waiting = std::thread::spawn({
        let (address, host) = (address.clone(), host.clone());
        move || get(&address, "/_simulator/v1/lanes/shop/orders/next?timeout=60s", &host)
    });
    let (status, order) =
        parsed(&post(&address, "/l/shop/rp/v6.0/auth", r#"{"endUserIp":"127.0.0.1"}"#));
    assert_eq!(status, 200);
    let (status, awaited) = waiting.join().unwrap();
    assert_eq!((status, &awaited["order"]["orderRef"]), (200, &order["orderRef"]));

    let open = format!(
        r#"{{"url":"https://app.bankid.com/?autostarttoken={}","persona":"anna"}}"#,
        order["autoStartToken"].as_str().unwrap()
    );
    let (status, opened) = parsed(&post(&address, &format!("{lane}/phone/open"), &open));
    assert_eq!((status, &opened["hintCode"]), (200, &"userSign".into()));
    let anna = r#"{"persona":"anna"}"#;
    assert_eq!(parsed(&post(&address, &format!("{lane}/phone/approve"), anna)).0, 200);
    let (status, second) = parsed(&post(&address, &format!("{lane}/phone/cancel"), anna));
    assert_eq!((status, &second["outcome"]), (409, &"complete".into()));

    let collect = format!(r#"{{"orderRef":{}}}"#, order["orderRef"]);
    let (status, collected) = parsed(&post(&address, "/l/shop/rp/v6.0/collect", &collect));
    assert_eq!(
        (status, &collected["completionData"]["user"]["name"]),
        (200, &"Anna Testberg".into())
    );

    let path = format!("{lane}/orders/{}", order["orderRef"].as_str().unwrap());
    let (_, seen) = get(&address, &path, &host);
    assert_eq!((&seen["rule"], &seen["gone"]), (&"phone".into(), &"collected".into()));
    let by: Vec<_> =
        seen["steps"].as_array().unwrap().iter().map(|step| step["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["scenario", "phone", "phone", "relyingParty"]);
    assert_eq!(running.signal("TERM").wait().code, Some(0));
}

#[test]
fn whoever_waits_is_let_go_when_the_program_is_told_to_stop() {
    let running = Program::start(&["--json", "--no-tls"]);
    let address = running.address();
    let mut stream = TcpStream::connect(&address).unwrap();
    let path = "/_simulator/v1/lanes/patient/orders/next?timeout=60s";
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    // The call has arrived once the lane is there that it makes.
    let host = format!("Host: {address}\r\n");
    while get(&address, "/_simulator/v1/lanes/patient", &host).0 != 200 {}
    let running = running.signal("TERM");
    let (status, answer) = parsed(&exchange(stream));
    assert_eq!((status, answer), (200, serde_json::json!({"order": null})));
    assert_eq!(running.wait().code, Some(0));
}

#[test]
fn pages_and_foreign_names_are_kept_out() {
    let running = Program::start(&["--json", "--no-tls", "--name", "simulator.test"]);
    let address = running.address();
    let health = |headers: &str| get(&address, "/_simulator/v1/health", headers);
    assert_eq!(health(&format!("Host: {address}\r\n")).0, 200);
    assert_eq!(health("Host: Simulator.test:80\r\n").0, 200);
    let (status, problem) = health("Host: evil.example\r\n");
    assert_eq!((status, &problem["code"]), (403, &"foreignHost".into()));
    let (status, problem) = health(&format!("Host: {address}\r\nOrigin: http://{address}\r\n"));
    assert_eq!((status, &problem["code"]), (403, &"originRefused".into()));
    // BankID's own endpoints know nothing of this: their caller is a backend, under whatever name it has for us.
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = r#"{"endUserIp":"127.0.0.1"}"#;
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: appapi2.test.bankid.com\r\nContent-Type: application/json";
    write!(stream, "{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .unwrap();
    assert_eq!(parsed(&exchange(stream)).0, 200);
    assert_eq!(running.signal("TERM").wait().code, Some(0));
}
