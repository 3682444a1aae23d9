//! Protocol section 6.2: every status and error code, where it comes of itself and where it is switched on.

use bankid_core::request::Operation;
use simulator::fault::{ApiFault, Endpoint};

use crate::support::{Answer, STARTS, Sim, http, minimal};

#[track_caller]
fn check(answer: &Answer, status: u16, code: &str, details: &str) {
    let body = format!(r#"{{"errorCode":"{code}","details":"{details}"}}"#);
    assert_eq!((answer.status, answer.body.as_str()), (status, body.as_str()));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

/// Every operation gives the error when it is told to, once.
async fn check_switched(fault: ApiFault, status: u16, code: &str, details: &str) {
    let sim = Sim::start().await;
    for (name, operation) in STARTS.into_iter().zip(Operation::ALL) {
        assert_eq!(name, operation.path());
        sim.fault(Endpoint::Start(operation), &fault);
        check(&sim.post(name, &minimal(name)).await, status, code, details);
        let order_ref = sim.order_ref(name).await;
        sim.fault(Endpoint::Collect, &fault);
        sim.fault(Endpoint::Cancel, &fault);
        check(&sim.collect(&order_ref).await, status, code, details);
        check(&sim.cancel(&order_ref).await, status, code, details);
        // The order has not suffered.
        assert_eq!(sim.collect(&order_ref).await.text("status"), "pending");
        assert_eq!(sim.cancel(&order_ref).await.body, "{}");
    }
    sim.stop().await;
}

fn named(code: &str) -> ApiFault {
    ApiFault::named(code).expect("a code of the reference")
}

#[tokio::test]
async fn row_6_2_400_already_inprogress() {
    let details = "Order already in progress for pno";
    check_switched(named("alreadyInProgress"), 400, "alreadyInProgress", details).await;
}

#[tokio::test]
async fn row_6_2_400_invalid_parameters() {
    check_switched(named("invalidParameters"), 400, "invalidParameters", "Invalid request").await;
}

#[tokio::test]
async fn row_6_2_401_unauthorized() {
    check_switched(named("unauthorized"), 401, "unauthorized", "Unauthorized").await;
}

#[tokio::test]
async fn row_6_2_403_unauthorized() {
    let fault = named("unauthorized").with_status(403).expect("an error status");
    check_switched(fault, 403, "unauthorized", "Unauthorized").await;
}

#[tokio::test]
async fn row_6_2_404_not_found() {
    let sim = Sim::start().await;
    let answer = sim.post_to("/rp/v6.0/authenticate", "{}").await;
    check(&answer, 404, "notFound", "Not found");
    sim.stop().await;
}

#[tokio::test]
async fn row_6_2_405_method_not_allowed() {
    let sim = Sim::start().await;
    // The liveness check of BankID's own sample (1.2).
    let answer =
        sim.send(&http::request("GET", "/rp/v6.0/auth", &[], "")).await.expect("an answer");
    check(&answer, 405, "methodNotAllowed", "Method not allowed");
    sim.stop().await;
}

#[tokio::test]
async fn row_6_2_408_request_timeout() {
    check_switched(named("requestTimeout"), 408, "requestTimeout", "Request timeout").await;
}

#[tokio::test]
async fn row_6_2_415_unsupported_media_type() {
    let sim = Sim::start().await;
    let headers = [("Content-Type", "application/json; charset=utf-8")];
    let bytes = http::request("POST", "/rp/v6.0/auth", &headers, &minimal("auth").to_string());
    let answer = sim.send(&bytes).await.expect("an answer");
    check(&answer, 415, "unsupportedMediaType", "Unsupported media type");
    sim.stop().await;
}

#[tokio::test]
async fn row_6_2_500_internal_error() {
    check_switched(named("internalError"), 500, "internalError", "Internal error").await;
}

#[tokio::test]
async fn row_6_2_503_maintenance() {
    check_switched(named("maintenance"), 503, "maintenance", "Maintenance").await;
}

#[tokio::test]
async fn row_6_2_any_unknown_code() {
    let fault = named("other:brandNew").with_status(418).expect("an error status");
    check_switched(fault.with_details("What now?"), 418, "brandNew", "What now?").await;
}
