//! What goes wrong at BankID or on the way.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::fault::{ApiFault, Endpoint, Strike};

use bankid_core::request::Operation;

use super::Service;
use crate::support::number;

fn auth() -> Value {
    json!({"endUserIp": "203.0.113.25"})
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["errors"][0]["code"].as_str().expect("a code"))
}

#[tokio::test]
async fn a_second_order_for_a_person_ends_the_first() {
    let service = Service::scenario("phone").await;
    let body = json!({"endUserIp": "203.0.113.25", "personalNumber": number()});
    let first = service.start("/auth", &body).await;
    let answer = service.post("/auth", &body).await;
    assert_eq!(code(&answer), (409, "alreadyInProgress"));
    let (_, answer) = service.collect(&first["orderRef"]).await;
    assert_eq!(answer["data"]["attributes"]["hintCode"], "cancelled");
    service.stop().await;
}

#[tokio::test]
async fn a_cancelled_order_is_gone_on_both_sides() {
    let service = Service::scenario("phone").await;
    let order = service.start("/auth", &auth()).await;
    let by_order_ref = json!({"orderRef": order["orderRef"]});
    assert_eq!(service.post("/cancel", &by_order_ref).await, (200, json!({})));
    assert_eq!(service.pair.sim.inner().default_lane().live_orders(), 0);
    for path in ["/cancel", "/collect"] {
        let answer = service.post(path, &by_order_ref).await;
        assert_eq!(code(&answer), (404, "invalidParameters"));
    }
    service.stop().await;
}

#[tokio::test]
async fn a_result_can_be_collected_again() {
    let service = Service::scenario("complete").await;
    let order = service.start("/auth", &auth()).await;
    let first = service.collect(&order["orderRef"]).await;
    assert_eq!(first.1["data"]["status"], "complete");
    service.advance_ms(60_000);
    assert_eq!(service.collect(&order["orderRef"]).await, first);
    service.stop().await;
}

#[tokio::test]
async fn every_error_on_the_way_has_its_status_and_passes() {
    let service =
        Service::with(|builder| builder.scenario("phone"), |config| config.retries(0)).await;
    let sim = &service.pair.sim;
    let named = |name: &str| ApiFault::named(name).expect("a code");
    let strikes = [
        (named("maintenance").into(), 503, "maintenance"),
        (Strike::html(named("maintenance")), 503, "maintenance"),
        (named("internalError").into(), 502, "internalError"),
        (named("unauthorized").into(), 502, "unauthorized"),
        (named("requestTimeout").into(), 504, "requestTimeout"),
        (named("other:somethingNew").into(), 502, "somethingNew"),
        (Strike::hang_up(), 502, "connectionFailed"),
    ];
    let order = service.start("/auth", &auth()).await;
    for (strike, status, expected) in strikes {
        sim.strike(Endpoint::Start(Operation::Auth), strike.clone());
        let answer = service.post("/auth", &auth()).await;
        assert_eq!(code(&answer), (status, expected));
        sim.strike(Endpoint::Collect, strike);
        let answer = service.collect(&order["orderRef"]).await;
        assert_eq!(code(&answer), (status, expected));
        service.advance_ms(2_000);
        assert_eq!(service.collect(&order["orderRef"]).await.0, 200);
        service.advance_ms(2_000);
    }
    service.stop().await;
}

/// A service whose first collect of an order in this scenario was answered too late, and is over.
async fn timed_out(scenario: &'static str) -> (Service, Value) {
    let service = Service::with(
        |builder| builder.scenario(scenario),
        |config| config.request_timeout(Duration::from_secs(20)).retries(0),
    )
    .await;
    let order = service.start("/auth", &auth()).await;
    let clock = Arc::clone(&service.pair.clock);
    service.pair.sim.strike(Endpoint::Collect, Strike::late(Duration::from_secs(21)));
    let answer = clock.passing(service.collect(&order["orderRef"])).await;
    assert_eq!(code(&answer), (504, "timeout"));
    service.advance_ms(2_000);
    (service, order)
}

/// An upstream that is slower than the gateway waits: the call is over, and the order is not.
#[tokio::test]
async fn a_slow_answer_is_a_timeout_and_the_order_goes_on() {
    let (service, order) = timed_out("userSign x9, complete").await;
    let (status, answer) = service.collect(&order["orderRef"]).await;
    assert_eq!((status, &answer["data"]["attributes"]["hintCode"]), (200, &"userSign".into()));
    service.stop().await;
}

/// The connection breaks under the final answer: BankID gave it, and does not give it again.
#[tokio::test]
async fn a_result_that_got_lost_on_the_way_is_told_as_lost() {
    let (service, order) = timed_out("complete").await;
    for _ in 0..2 {
        let answer = service.collect(&order["orderRef"]).await;
        assert_eq!(code(&answer), (502, "resultLost"));
        service.advance_ms(2_000);
    }
    service.stop().await;
}
