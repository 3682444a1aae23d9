use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use serve::BodyLimits;

use super::{call, control, header, post, reply, start, start_site, world, world_of_lanes};
use crate::config::Config;
use crate::fault::{ApiFault, Endpoint, ErrorRule, When};
use crate::http::{Settings, Site};
use crate::rule::Rules;

const MINIMAL: &str = r#"{"endUserIp":"203.0.113.25"}"#;

fn order_ref(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    value["orderRef"].as_str().unwrap().to_owned()
}

/// 1.2, byte for byte but for the length, the date and our mark.
#[test]
fn response_headers() {
    let server = start();
    let answer = post(&mut server.connect(), "/rp/v6.0/auth", MINIMAL);
    let expected = concat!(
        "HTTP/1.1 200 OK\r\n",
        "Expires: 0\r\n",
        "Cache-Control: no-cache, no-store, must-revalidate\r\n",
        "Pragma: no-cache\r\n",
        "Server: BankID\r\n",
        "Content-Type: application/json\r\n",
        "X-Bankid-Simulator: 0.0.0\r\n",
        "Content-Length: 216\r\n",
        "Date: ",
    );
    assert_eq!(answer.head.get(..expected.len()), Some(expected));
    server.stop();
}

#[test]
fn a_login_over_one_connection() {
    let server = start();
    let mut stream = server.connect();
    for version in ["v6.0", "v5.1"] {
        let path = |name: &str| format!("/rp/{version}/{name}");
        let started = post(&mut stream, &path("auth"), MINIMAL);
        assert_eq!(started.status, 200);
        let body = format!(r#"{{"orderRef":"{}"}}"#, order_ref(&started.body));
        let finished = loop {
            let collected = post(&mut stream, &path("collect"), &body);
            assert_eq!(collected.status, 200);
            if !collected.body.contains(r#""status":"pending""#) {
                break collected.body;
            }
        };
        let value: serde_json::Value = serde_json::from_str(&finished).unwrap();
        assert_eq!(value["status"], "complete");
        assert_eq!(value["completionData"]["user"]["personalNumber"], "191212121212");
        let data = value["completionData"].as_object().unwrap();
        assert_eq!(data.contains_key("bankIdIssueDate"), version == "v6.0");
        assert_eq!(data.contains_key("cert"), version == "v5.1");
        // The final answer is given once.
        let again = post(&mut stream, &path("collect"), &body);
        assert_eq!((again.status, again.body.as_str()), (400, NO_SUCH_ORDER));
    }
    server.stop();
}

const NO_SUCH_ORDER: &str = r#"{"errorCode":"invalidParameters","details":"No such order"}"#;

#[test]
fn cancelled_orders() {
    let server = start();
    let mut stream = server.connect();
    let started = post(&mut stream, "/rp/v6.0/auth", MINIMAL);
    let body = format!(r#"{{"orderRef":"{}"}}"#, order_ref(&started.body));
    let cancelled = post(&mut stream, "/rp/v6.0/cancel", &body);
    assert_eq!((cancelled.status, cancelled.body.as_str()), (200, "{}"));
    for path in ["/rp/v6.0/collect", "/rp/v6.0/cancel"] {
        let answer = post(&mut stream, path, &body);
        assert_eq!((answer.status, answer.body.as_str()), (400, NO_SUCH_ORDER));
    }
    server.stop();
}

#[test]
fn orders_that_start_by_number() {
    let server = start();
    let mut stream = server.connect();
    let body = r#"{"callInitiator":"RP","personalNumber":"190000000000"}"#;
    let started = post(&mut stream, "/rp/v6.0/phone/auth", body);
    assert_eq!((started.status, started.body.len()), (200, 51));
    let again = post(&mut stream, "/rp/v6.0/phone/auth", body);
    assert_eq!(
        (again.status, again.body.as_str()),
        (400, r#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#)
    );
    let first = format!(r#"{{"orderRef":"{}"}}"#, order_ref(&started.body));
    let cancelled = post(&mut stream, "/rp/v6.0/collect", &first).body;
    assert!(cancelled.ends_with(r#","status":"failed","hintCode":"cancelled"}"#), "{cancelled}");
    server.stop();
}

/// A refusal must not cost the client its connection, whatever it sent along.
#[test]
fn refusals_keep_the_connection() {
    let server = start();
    let mut stream = server.connect();
    let cases = [
        ("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 404),
        ("POST /rp/v6.0/auth?x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 404),
        (
            "PUT /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            405,
        ),
        ("GET /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ("POST /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 415),
        (
            "POST /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\nabc",
            400,
        ),
    ];
    for (request, status) in cases {
        let answer = call(&mut stream, request);
        assert_eq!(answer.status, status, "{request}");
        assert_eq!(header(&answer.head, "Connection"), None);
        assert_eq!(header(&answer.head, "Server"), Some("BankID"));
    }
    assert_eq!(post(&mut stream, "/rp/v6.0/auth", MINIMAL).status, 200);
    server.stop();
}

#[test]
fn pipelined_calls_are_answered_in_order() {
    let server = start();
    let mut stream = server.connect();
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let one = format!("{head}Content-Length: {}\r\n\r\n{MINIMAL}", MINIMAL.len());
    let other = format!("{head}Content-Length: 2\r\n\r\n{{}}");
    stream.write_all([&one, &other, &one].map(String::as_str).concat().as_bytes()).unwrap();
    let statuses = [(); 3].map(|()| reply(&mut stream).status);
    assert_eq!(statuses, [200, 400, 200]);
    server.stop();
}

#[test]
fn bodies_are_limited() {
    let body = BodyLimits { bytes: 1000, time: Duration::from_millis(20) };
    let settings = Settings { body, ..Settings::default() };
    let server = start_site(Site::new(Some(world(Rules::default())), None, settings), None);
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let large = call(
        &mut server.connect(),
        &format!("{head}Content-Length: 1001\r\n\r\n{}", " ".repeat(1001)),
    );
    assert_eq!(
        (large.status, large.body.as_str()),
        (400, r#"{"errorCode":"invalidParameters","details":"Invalid request"}"#)
    );
    assert_eq!(header(&large.head, "Connection"), Some("close"));
    let slow = call(&mut server.connect(), &format!("{head}Content-Length: 28\r\n\r\n{{"));
    assert_eq!(
        (slow.status, slow.body.as_str()),
        (408, r#"{"errorCode":"requestTimeout","details":"Request timeout"}"#)
    );
    assert_eq!(header(&slow.head, "Connection"), Some("close"));
    server.stop();
}

#[test]
fn clients_that_ask_before_sending() {
    let server = start();
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    let mut stream = server.connect();
    let length = MINIMAL.len();
    write!(stream, "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n")
        .unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(go_on.as_slice(), b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(call(&mut stream, MINIMAL).status, 200);
    // Refused by its head alone: the body is not asked for.
    let refused = call(&mut server.connect(), &format!("{head}Content-Length: {length}\r\n\r\n"));
    assert_eq!((refused.status, header(&refused.head, "Connection")), (415, Some("close")));
    server.stop();
}

#[test]
fn lanes_do_not_see_each_other() {
    let world = world_of_lanes(Rules::default(), 3);
    let server = start_site(Site::new(Some(world), None, Settings::default()), None);
    let mut stream = server.connect();
    let started = post(&mut stream, "/l/one/rp/v6.0/auth", MINIMAL);
    let body = format!(r#"{{"orderRef":"{}"}}"#, order_ref(&started.body));
    assert_eq!(post(&mut stream, "/rp/v6.0/collect", &body).status, 400);
    assert_eq!(post(&mut stream, "/l/two/rp/v6.0/collect", &body).status, 400);
    assert_eq!(post(&mut stream, "/l/one/rp/v6.0/collect", &body).status, 200);
    assert_eq!(post(&mut stream, "/l/two/rp/v6.0/auth", MINIMAL).status, 200);
    // The default lane and two more are all there may be, and both have orders.
    let full = post(&mut stream, "/l/three/rp/v6.0/auth", MINIMAL);
    assert_eq!(full.status, 503);
    assert_eq!(
        full.body,
        r#"{"errorCode":"maintenance","details":"The simulator is full: --max-lanes allows more"}"#
    );
    server.stop();
}

#[test]
fn errors_on_demand() {
    let fault = ApiFault::named("unauthorized").unwrap().with_status(403).unwrap();
    let (endpoint, when) = (Some(Endpoint::Collect), When::call(1).unwrap());
    let rule = ErrorRule { endpoint, strike: fault.into(), when };
    let rules = Rules { errors: vec![rule], ..Rules::default() };
    let server = start_site(Site::new(Some(world(rules)), None, Settings::default()), None);
    let mut stream = server.connect();
    let started = post(&mut stream, "/rp/v6.0/auth", MINIMAL);
    let body = format!(r#"{{"orderRef":"{}"}}"#, order_ref(&started.body));
    let refused = post(&mut stream, "/rp/v6.0/collect", &body);
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (403, r#"{"errorCode":"unauthorized","details":"Unauthorized"}"#)
    );
    assert_eq!(post(&mut stream, "/rp/v6.0/collect", &body).status, 200);
    server.stop();
}

#[test]
fn method_not_allowed_may_be_empty() {
    let settings = Settings { empty_method_not_allowed: true, ..Settings::default() };
    let server = start_site(Site::new(Some(world(Rules::default())), None, settings), None);
    let answer = call(&mut server.connect(), "GET /rp/v6.0/auth HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!((answer.status, answer.body.as_str()), (405, ""));
    server.stop();
}

#[test]
fn ports_offer_what_they_should() {
    let document = "GET /_simulator/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let check = |site, rp, control| {
        let server = start_site(site, None);
        let mut stream = server.connect();
        assert_eq!(post(&mut stream, "/rp/v6.0/auth", MINIMAL).status, rp);
        let answer = call(&mut stream, document);
        assert_eq!(answer.status, control);
        assert_eq!(header(&answer.head, "X-Bankid-Simulator"), Some("0.0.0"));
        server.stop();
    };
    let world = world(Rules::default());
    check(Site::new(Some(Arc::clone(&world)), Some(control()), Settings::default()), 200, 200);
    check(Site::new(Some(world), None, Settings::default()), 200, 404);
    check(Site::new(None, Some(control()), Settings::default()), 404, 200);
}

/// The completion is made on another thread, so its answer is awaited while the client's side is ended already.
#[test]
fn a_client_that_has_ended_its_side_gets_its_completion() {
    let rules = Config::from_toml("scenario = 'complete'").unwrap().rules(false).unwrap();
    let running =
        start_site(Site::new(Some(world(rules)), Some(control()), Settings::default()), None);
    let mut stream = running.connect();
    let order = post(&mut stream, "/rp/v6.0/auth", r#"{"endUserIp":"203.0.113.25"}"#).body;
    let order: serde_json::Value = serde_json::from_str(&order).unwrap();
    let body = format!(r#"{{"orderRef":{}}}"#, order["orderRef"]);
    let head =
        "POST /rp/v6.0/collect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let reply = reply(&mut stream);
    assert!(reply.status == 200 && reply.body.contains(r#""status":"complete""#), "{reply:?}");
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the connection ends");
    running.stop();
}
