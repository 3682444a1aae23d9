//! Lanes over the wire: worlds of their own under one address, and what happens when there is no room.

use serde_json::{Value, json};

use crate::support::{Answer, Sim, minimal, with};

async fn post(sim: &Sim, lane: &str, operation: &str, body: &Value) -> Answer {
    sim.post_to(&format!("/l/{lane}/rp/v6.0/{operation}"), &body.to_string()).await
}

async fn state(sim: &Sim, lane: &str, order_ref: &str) -> String {
    let answer = post(sim, lane, "collect", &json!({"orderRef": order_ref})).await.json();
    ["hintCode", "status", "details"]
        .iter()
        .find_map(|member| answer[member].as_str())
        .expect("a hint, a status or details")
        .to_owned()
}

fn for_tolvan() -> Value {
    with(minimal("auth"), "requirement.personalNumber", json!("191212121212"))
}

#[tokio::test]
async fn orders_collisions_clocks_and_queues_are_a_lanes_own() {
    let sim = Sim::scenario("phone").await;
    // The same person in two lanes and in the default one: no collision.
    let mut orders = Vec::new();
    for lane in ["a", "b", "default"] {
        let answer = post(&sim, lane, "auth", &for_tolvan()).await;
        assert_eq!(answer.status, 200, "{lane}: {}", answer.body);
        orders.push((lane, answer.text("orderRef")));
    }
    // An order is found in its lane only; the default lane is the one without a name in the path.
    for (lane, order_ref) in &orders {
        for other in ["a", "b", "default"] {
            let expected = if other == *lane { "outstandingTransaction" } else { "No such order" };
            assert_eq!(state(&sim, other, order_ref).await, expected, "{lane} in {other}");
        }
    }
    assert_eq!(sim.state(&orders[2].1).await, "pending/outstandingTransaction");
    // Time passes in one of them.
    sim.inner().lane("a").expect("a lane").clock().advance(std::time::Duration::from_secs(30));
    assert_eq!(state(&sim, "a", &orders[0].1).await, "startFailed");
    assert_eq!(state(&sim, "b", &orders[1].1).await, "outstandingTransaction");
    // A queued outcome is used up where it was queued.
    sim.inner().lane("b").expect("a lane").next_scenario("userCancel").expect("room");
    for (lane, expected) in [("a", "outstandingTransaction"), ("b", "userCancel")] {
        let order_ref = post(&sim, lane, "auth", &minimal("auth")).await.text("orderRef");
        let mut seen = state(&sim, lane, &order_ref).await;
        for _ in 0..5 {
            if seen == expected {
                break;
            }
            seen = state(&sim, lane, &order_ref).await;
        }
        assert_eq!(seen, expected, "{lane}");
    }
    sim.stop().await;
}

#[track_caller]
fn check_full(answer: &Answer, flag: &str) {
    assert_eq!((answer.status, answer.text("errorCode").as_str()), (503, "maintenance"));
    assert!(answer.text("details").contains(flag), "{}", answer.body);
}

#[tokio::test]
async fn no_room_is_503_and_names_the_flag() {
    let sim = Sim::with(|builder| builder.max_orders(2).max_text_bytes(1_000).max_lanes(2)).await;
    let large = with(minimal("sign"), "userVisibleData", json!("A".repeat(1_200)));
    check_full(&sim.post("sign", &large).await, "--max-text-bytes");
    let orders = [sim.order_ref("auth").await, sim.order_ref("auth").await];
    check_full(&sim.post("auth", &minimal("auth")).await, "--max-orders");
    // What is over makes room.
    sim.cancel(&orders[0]).await;
    assert_eq!(post(&sim, "a", "auth", &minimal("auth")).await.status, 200);
    // Lane `a` is in use, so there is no place for a third lane; an idle lane would make way.
    check_full(&post(&sim, "b", "auth", &minimal("auth")).await, "--max-lanes");
    sim.inner().lane("a").expect("it is there").reset();
    assert_eq!(post(&sim, "b", "auth", &minimal("auth")).await.status, 200);
    sim.stop().await;
}
