//! Protocol section 7.6: how long an order lives in each phase, to the second, on a turned clock.

use serde_json::json;

use crate::support::{Sim, minimal};

const GONE: &str = "400 No such order";

#[tokio::test]
async fn row_7_6_created_no_app_has_picked_it_up_qr() {
    let sim = Sim::scenario("phone").await;
    for operation in ["auth", "sign", "payment"] {
        let order_ref = sim.order_ref(operation).await;
        sim.advance_seconds(29);
        assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction");
        sim.advance_seconds(1);
        assert_eq!(sim.state(&order_ref).await, "failed/startFailed");
        assert_eq!(sim.state(&order_ref).await, GONE);
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_7_6_phone_and_other_payment_order_not_picked_up() {
    let sim = Sim::scenario("phone").await;
    for operation in ["other/payment", "phone/auth", "phone/sign"] {
        let order_ref = sim.order_ref(operation).await;
        sim.advance_seconds(179);
        assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction");
        sim.advance_seconds(1);
        assert_eq!(sim.state(&order_ref).await, "failed/expiredTransaction");
        assert_eq!(sim.state(&order_ref).await, GONE);
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_7_6_app_has_picked_it_up_user_has_not() {
    let sim = Sim::scenario("outstandingTransaction 5s, userSign 1000s, complete").await;
    let order_ref = sim.order_ref("auth").await;
    sim.advance_seconds(5);
    assert_eq!(sim.state(&order_ref).await, "pending/userSign");
    sim.advance_seconds(174);
    assert_eq!(sim.state(&order_ref).await, "pending/userSign");
    sim.advance_seconds(1);
    assert_eq!(sim.state(&order_ref).await, "failed/expiredTransaction");
    assert_eq!(sim.state(&order_ref).await, GONE);
    sim.stop().await;
}

#[tokio::test]
async fn row_7_6_complete_not_collected() {
    let sim = Sim::scenario("outstandingTransaction 1s, complete").await;
    for (wait, state) in [(179, "complete"), (180, GONE)] {
        let order_ref = sim.order_ref("auth").await;
        sim.advance_seconds(1 + wait);
        assert_eq!(sim.state(&order_ref).await, state, "after {wait} s");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_7_6_failed_not_collected() {
    let sim = Sim::scenario("outstandingTransaction 1s, userCancel").await;
    for (wait, state) in [(299, "failed/userCancel"), (300, GONE)] {
        let order_ref = sim.order_ref("auth").await;
        sim.advance_seconds(1 + wait);
        assert_eq!(sim.state(&order_ref).await, state, "after {wait} s");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_7_6_never_picked_up() {
    let sim = Sim::scenario("phone").await;
    // Counted from creation (chosen, 4.4).
    for (wait, state) in [(189, "failed/startFailed"), (190, GONE)] {
        let order_ref = sim.order_ref("auth").await;
        sim.advance_seconds(wait);
        assert_eq!(sim.state(&order_ref).await, state, "after {wait} s");
    }
    // A phone order expires at 180 s and can be fetched for ten seconds more.
    for (wait, state) in [(189, "failed/expiredTransaction"), (190, GONE)] {
        let order_ref = sim.order_ref("phone/auth").await;
        sim.advance_seconds(wait);
        assert_eq!(sim.state(&order_ref).await, state, "after {wait} s");
    }
    sim.stop().await;
}

/// v5.1 (2.13): an order for a person at whose app it starts has as long as a phone order (chosen).
#[tokio::test]
async fn v5_1_order_for_a_person_lives_180_seconds() {
    let sim = Sim::scenario("phone").await;
    for (token_start, lives) in [(false, 179), (true, 29)] {
        let body = json!({"endUserIp": "203.0.113.25", "personalNumber": crate::support::number(),
                          "requirement": {"tokenStartRequired": token_start}});
        let answer = sim.post_to("/rp/v5.1/auth", &body.to_string()).await;
        let collect = json!({"orderRef": answer.text("orderRef")}).to_string();
        sim.advance_seconds(lives);
        assert_eq!(sim.post_to("/rp/v5.1/collect", &collect).await.text("status"), "pending");
        sim.advance_seconds(1);
        assert_eq!(sim.post_to("/rp/v5.1/collect", &collect).await.text("status"), "failed");
    }
    sim.stop().await;
}

/// A cancelled order is gone at once (4.4).
#[tokio::test]
async fn cancelled_orders_are_gone_at_once() {
    let sim = Sim::start().await;
    for operation in ["auth", "phone/sign"] {
        let order_ref = sim.order(operation, &minimal(operation)).await.text("orderRef");
        let answer = sim.cancel(&order_ref).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
        assert_eq!(sim.state(&order_ref).await, GONE);
        sim.refuses("cancel", &json!({"orderRef": order_ref}), "No such order").await;
    }
    sim.stop().await;
}
