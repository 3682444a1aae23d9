//! What a page may have its user do, and what only its backend may.

use serde_json::{Value, json};

use crate::world::{KEY, World, complete, failed, started};

async fn ticket(world: &World, operation: &str, body: Value) -> Value {
    let (status, answer) = world.post(&format!("/ticket/{operation}"), KEY, &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["data"]["type"], "bankIdTicket");
    answer["data"]["attributes"]["ticket"].clone()
}

fn asked(world: &World) -> Value {
    serde_json::from_str(&world.upstream.asked().pop().expect("a call").body).expect("JSON")
}

#[tokio::test]
async fn what_is_signed_is_for_the_backend_to_say() {
    let world = World::new().await;
    let body = json!({"userVisibleData": "Jag köper en hatt.", "personalNumber": "190000000000"});
    let ticket = ticket(&world, "sign", body).await;
    let texts = json!({"ticket": ticket, "userVisibleData": "All I own.", "personalNumber": "1", "endUserIp": "192.0.2.66"});
    let browser = world.started("order", texts).await;
    assert_eq!(world.upstream.asked()[0].path, "/rp/v6.0/sign");
    assert_eq!(
        asked(&world),
        json!({
            "userVisibleData": "SmFnIGvDtnBlciBlbiBoYXR0Lg==", "endUserIp": "203.0.113.25",
            "requirement": {"personalNumber": "190000000000"},
        })
    );
    let mut page = browser.listen().await;
    world.collected(&complete("order"));
    let code = page.hint().await["code"].clone();
    let (status, result) = world.exchange(&code).await;
    // The backend sees which of its tickets this is about.
    assert_eq!((status, &result["meta"]["session"]["ticket"]), (200, &ticket));
    // It led to a result, and to no other.
    let answer = world.browser().start(json!({"ticket": ticket})).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_page_chooses_no_text() {
    let world = World::new().await;
    let text = json!({"userVisibleData": "All I own."});
    let answer = world.browser().start(text.clone()).await;
    assert_eq!(answer.refusal(), (403, "ticketRequired".to_owned()));
    world.stop().await;

    let world = World::with(|settings| settings.free_texts = true).await;
    world.upstream.answers(200, &started("order"));
    assert_eq!(world.browser().start(text).await.status, 204);
    assert_eq!(asked(&world)["userVisibleData"], "QWxsIEkgb3duLg==");
    world.stop().await;

    let world = World::with(|settings| settings.open_auth = false).await;
    let answer = world.browser().start(json!({})).await;
    assert_eq!(answer.refusal(), (403, "ticketRequired".to_owned()));
    let ticket = ticket(&world, "auth", json!({})).await;
    world.started("order", json!({"ticket": ticket})).await;
    world.stop().await;
}

/// A code that nobody scans in time is followed by another, by the same page and with the same ticket.
#[tokio::test]
async fn a_ticket_is_good_for_one_browser_until_it_led_to_a_result() {
    let world = World::new().await;
    let ticket = ticket(&world, "sign", json!({"userVisibleData": "a"})).await;
    let body = json!({"ticket": ticket});
    let mut browser = world.started("first", body.clone()).await;
    let answer = world.browser().start(body.clone()).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    let mut page = browser.listen().await;
    world.collected(&failed("first", "startFailed"));
    page.hint().await;
    world.clock.advance_ms(61_000);
    while world.pages.sessions() > 0 {
        tokio::task::yield_now().await;
    }
    // A refusal of BankID's uses nothing up.
    world.upstream.answers(503, r#"{"errorCode":"maintenance","details":"a"}"#);
    assert_eq!(browser.start(body.clone()).await.refusal(), (503, "maintenance".to_owned()));
    world.upstream.answers(200, &started("second"));
    assert_eq!(browser.start(body.clone()).await.status, 204);
    let answer = world.browser().start(body).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn tickets_end() {
    let world = World::new().await;
    let ticket = ticket(&world, "auth", json!({})).await;
    world.clock.advance_ms(300_000);
    let answer = world.browser().start(json!({"ticket": ticket})).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    let answer = world.browser().start(json!({"ticket": "made up"})).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_ticket_is_checked_before_it_is_handed_out() {
    let world = World::new().await;
    for (path, key, body, expected, source) in [
        ("/ticket/sign", KEY, json!({}), (400, "invalidParameters"), "/userVisibleData"),
        (
            "/ticket/auth",
            KEY,
            json!({"personalNumber": "1"}),
            (400, "invalidParameters"),
            "/personalNumber",
        ),
        // These the page's connection says.
        (
            "/ticket/auth",
            KEY,
            json!({"endUserIp": "192.0.2.66"}),
            (400, "invalidParameters"),
            "/endUserIp",
        ),
        (
            "/ticket/auth",
            KEY,
            json!({"returnUrl": "https://evil.example"}),
            (400, "invalidParameters"),
            "/returnUrl",
        ),
        ("/ticket/sign", "auth-key", json!({"userVisibleData": "a"}), (403, "forbidden"), ""),
        ("/ticket/sign", "wrong", json!({"userVisibleData": "a"}), (401, "unauthorized"), ""),
        ("/ticket/phone/auth", KEY, json!({}), (404, "notFound"), ""),
    ] {
        let (status, answer) = world.post(path, key, &body).await;
        let error = &answer["errors"][0];
        assert_eq!((status, error["code"].as_str().unwrap()), expected, "{path} {body}");
        if !source.is_empty() {
            assert_eq!(error["source"]["pointer"], source, "{path} {body}");
        }
    }
    world.stop().await;
}
