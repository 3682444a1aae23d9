//! The code that a result is exchanged for.

use serde_json::{Value, json};

use crate::world::{Browser, KEY, World, complete};

/// A session whose order is complete, and its code.
async fn completed(world: &World) -> (Browser<'_>, Value) {
    let browser = world.started("order", json!({})).await;
    let mut page = browser.listen().await;
    world.collected(&complete("order"));
    let event = page.hint().await;
    assert_eq!(event["status"], "complete", "{event}");
    (browser, event["code"].clone())
}

fn refusal(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["errors"][0]["code"].as_str().expect("a code"))
}

#[tokio::test]
async fn a_code_is_good_once() {
    let world = World::new().await;
    let (browser, code) = completed(&world).await;
    assert_eq!(world.exchange(&code).await.0, 200);
    assert_eq!(refusal(&world.exchange(&code).await), (404, "noSuchResult"));
    assert_eq!(browser.get("/session/events").await.status, 204);
    world.stop().await;
}

#[tokio::test]
async fn a_code_is_good_for_a_short_time() {
    let world = World::new().await;
    let (browser, code) = completed(&world).await;
    world.clock.advance_ms(59_999);
    // A window that lost its line is told the end again.
    let event = browser.listen().await.next().await.unwrap();
    assert_eq!(event["code"], code);
    world.clock.advance_ms(1);
    while world.pages.sessions() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(refusal(&world.exchange(&code).await), (404, "noSuchResult"));
    world.stop().await;
}

#[tokio::test]
async fn a_code_is_for_the_backend_whose_order_it_was() {
    let world = World::new().await;
    let (_, code) = completed(&world).await;
    let body = json!({"code": code});
    assert_eq!(refusal(&world.post("/result", "other-key", &body).await), (404, "noSuchResult"));
    assert_eq!(refusal(&world.post("/result", "auth-key", &body).await), (403, "forbidden"));
    assert_eq!(refusal(&world.post("/result", "wrong", &body).await), (401, "unauthorized"));
    // That has not used it up.
    assert_eq!(world.exchange(&code).await.0, 200);
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_code_is_refused() {
    let world = World::new().await;
    for code in [json!(""), json!("AAAA"), json!("order")] {
        assert_eq!(refusal(&world.exchange(&code).await), (404, "noSuchResult"));
    }
    for body in [json!({}), json!({"code": 7}), json!({"code": null})] {
        let answer = world.post("/result", KEY, &body).await;
        assert_eq!(refusal(&answer), (400, "invalidParameters"));
        assert_eq!(answer.1["errors"][0]["source"]["pointer"], "/code");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_result_is_replaced_by_another_order_and_not_by_a_late_cancel() {
    let world = World::new().await;
    let (mut browser, code) = completed(&world).await;
    browser.cancel().await;
    assert_eq!(browser.state().await["status"], "complete");
    world.upstream.answers(200, &crate::world::started("another"));
    assert_eq!(browser.start(json!({})).await.status, 204);
    assert_eq!(refusal(&world.exchange(&code).await), (404, "noSuchResult"));
    world.stop().await;
}
