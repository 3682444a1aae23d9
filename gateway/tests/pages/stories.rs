//! Orders from a page's start to the end.

use std::collections::BTreeSet;

use serde_json::json;

use crate::world::{SHOP, World, complete, failed, pending};

#[tokio::test]
async fn a_page_sees_codes_and_hints_and_gets_a_code_for_its_backend() {
    let world = World::new().await;
    let browser = world.started("order", json!({"startMode": "qr", "language": "en"})).await;
    let asked: serde_json::Value = serde_json::from_str(&world.upstream.asked()[0].body).unwrap();
    assert_eq!(asked, json!({"endUserIp": "203.0.113.25"}));

    let mut page = browser.listen().await;
    // The code of BankID's documentation, and neither a start link nor anything else.
    let qr = "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8";
    assert_eq!(
        page.next().await.unwrap(),
        json!({
            "status": "pending", "hintCode": "outstandingTransaction", "qr": qr,
            "message": "Start your BankID app.", "at": 1_789_001_000_000_u64,
        })
    );
    world.clock.advance_ms(1_000);
    let event = page.next().await.unwrap();
    assert!(event["qr"].as_str().unwrap().contains(".1.949d559b"), "{event}");
    world.upstream.answers(200, &pending("order", "userSign"));
    world.clock.advance_ms(1_000);
    let event = page.hint().await;
    assert_eq!((&event["hintCode"], &event["qr"]), (&json!("userSign"), &json!(null)));
    world.collected(&complete("order"));
    let last = page.next().await.unwrap();
    let members: BTreeSet<_> = last.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["at", "code", "message", "status"]), "{last}");
    assert_eq!((&last["status"], &last["message"]), (&json!("complete"), &json!("Done.")));
    assert_eq!(page.next().await, None);

    let (status, result) = world.exchange(&last["code"]).await;
    assert_eq!(status, 200, "{result}");
    assert_eq!(result["data"]["orderRef"], "order");
    assert_eq!(result["data"]["completionData"]["user"]["personalNumber"], "190000000000");
    assert!(result["data"]["completionData"]["cert"]["notBefore"].is_string());
    let session = json!({"endUserIp": "203.0.113.25", "startMode": "qr", "returned": false});
    assert_eq!(result["meta"]["session"], session);
    assert_eq!(browser.state().await, json!(null));
    world.stop().await;
}

#[tokio::test]
async fn a_start_on_this_device_has_a_link_and_no_code() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.agent = crate::world::IPHONE;
    world.upstream.answers(200, &crate::world::started("order"));
    let body = json!({"startMode": "autostart", "maxTouchPoints": 5});
    assert_eq!(browser.start(body).await.status, 204);
    let event = browser.listen().await.next().await.unwrap();
    let link = "https://app.bankid.com/?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";
    assert_eq!((&event["startUrl"], &event["qr"]), (&json!(link), &json!(null)));
    // By Accept-Language, since the page has not said one.
    assert_eq!(event["message"], "Försöker starta BankID-appen.");
    world.stop().await;
}

#[tokio::test]
async fn a_failed_order_says_why_and_the_same_page_starts_another() {
    let world = World::new().await;
    let mut browser = world.started("first", json!({"startMode": "qr"})).await;
    let mut page = browser.listen().await;
    world.collected(&failed("first", "startFailed"));
    let event = page.hint().await;
    assert_eq!((&event["status"], &event["hintCode"]), (&json!("failed"), &json!("startFailed")));
    assert_eq!(page.next().await, None);
    assert_eq!(browser.state().await, json!({"startMode": "qr", "status": "failed"}));

    // What is over is not cancelled.
    let before = browser.cookie.clone();
    world.upstream.answers(200, &crate::world::started("second"));
    assert_eq!(browser.start(json!({"startMode": "qr"})).await.status, 204);
    assert_ne!(browser.cookie, before, "a session has a name of its own");
    assert_eq!(world.pages.sessions(), 1);
    assert_eq!(browser.listen().await.next().await.unwrap()["status"], "pending");
    world.stop().await;
}

#[tokio::test]
async fn another_start_ends_the_order_before_it() {
    let world = World::new().await;
    let mut browser = world.started("first", json!({})).await;
    let mut page = browser.listen().await;
    page.next().await;
    world.upstream.answers(200, "{}");
    world.upstream.answers(200, &crate::world::started("second"));
    assert_eq!(browser.start(json!({"startMode": "autostart"})).await.status, 204);
    let asked: Vec<_> = world.upstream.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked, ["/rp/v6.0/auth", "/rp/v6.0/cancel", "/rp/v6.0/auth"]);
    let event = page.next().await.unwrap();
    assert_eq!(
        (&event["status"], &event["message"]),
        (&json!("failed"), &json!("Åtgärden avbröts."))
    );
    assert_eq!(page.next().await, None);
    world.stop().await;
}

#[tokio::test]
async fn cancelling_ends_the_order_for_all_windows() {
    let world = World::new().await;
    let browser = world.started("order", json!({"language": "en"})).await;
    let mut page = browser.listen().await;
    page.next().await;
    world.upstream.answers(200, "{}");
    browser.cancel().await;
    assert_eq!(world.upstream.asked()[1].path, "/rp/v6.0/cancel");
    let event = page.next().await.unwrap();
    assert_eq!(event["message"], "The action was cancelled.");
    assert_eq!(page.next().await, None);
    // Nothing is left, and to cancel nothing is fine.
    browser.cancel().await;
    assert_eq!(browser.get("/session/events").await.status, 204);
    assert_eq!(browser.state().await, json!(null));
    world.clock.advance_ms(10_000);
    assert_eq!(world.upstream.asked().len(), 2);
    world.stop().await;
}

/// A result that arrives while the order is being cancelled is nobody's.
#[tokio::test]
async fn who_cancels_gets_no_result() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let (go_on, held) = tokio::sync::oneshot::channel();
    world.upstream.next(crate::upstream::Act::Held(held, 200, complete("order")));
    let mut page = browser.listen().await;
    page.next().await;
    world.clock.advance_ms(2_000);
    world.upstream.was_asked(2).await;
    world.upstream.answers(400, r#"{"errorCode":"invalidParameters","details":"No such order"}"#);
    browser.cancel().await;
    go_on.send(()).unwrap();
    loop {
        let Some(event) = page.next().await else { break };
        assert!(event["status"] != "complete" && event["code"].is_null(), "{event}");
    }
    world.stop().await;
}

#[tokio::test]
async fn calls_that_fail_in_passing_are_passed_over() {
    let world = World::new().await;
    let browser = world.started("order", json!({"language": "en"})).await;
    let mut page = browser.listen().await;
    for turn in 1..=5 {
        world.collected("{");
        world.upstream.was_asked(1 + turn).await;
    }
    world.collected(&pending("order", "userSign"));
    assert_eq!(page.hint().await["hintCode"], "userSign");
    for turn in 1..=6 {
        world.collected("{");
        world.upstream.was_asked(7 + turn).await;
    }
    let event = page.end().await;
    assert_eq!(event["status"], "failed");
    assert_eq!(event["message"], "Something went wrong. Please try again.");
    assert_eq!(event["hintCode"], json!(null));
    world.stop().await;
}

/// BankID gives a result once: where it got lost on the way, the user starts again.
#[tokio::test]
async fn a_result_that_got_lost_is_a_failure() {
    let world = World::new().await;
    let browser = world.started("order", json!({"language": "en"})).await;
    let mut page = browser.listen().await;
    world.upstream.next(crate::upstream::Act::Close);
    world.clock.advance_ms(2_000);
    world.upstream.was_asked(2).await;
    world.upstream.answers(400, r#"{"errorCode":"invalidParameters","details":"No such order"}"#);
    world.clock.advance_ms(2_000);
    let event = page.end().await;
    assert_eq!(event["message"], "Something went wrong. Please try again.");
    assert_eq!(browser.state().await["status"], "failed");
    world.stop().await;
}

#[tokio::test]
async fn a_refused_start_tells_the_user_in_their_language() {
    let world = World::new().await;
    let mut browser = world.browser();
    let refusal =
        r#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#;
    for (language, expected) in
        [("sv", "En identifiering eller underskrift"), ("en", "An identification")]
    {
        world.upstream.answers(400, refusal);
        let answer = browser.start(json!({"language": language})).await;
        assert_eq!(answer.refusal(), (409, "alreadyInProgress".to_owned()));
        assert!(
            answer.json()["message"].as_str().unwrap().starts_with(expected),
            "{}",
            answer.body
        );
        assert!(answer.headers.get("set-cookie").is_none());
    }
    assert_eq!(world.pages.sessions(), 0);
    assert_eq!(browser.get("/session/events").await.status, 204, "{SHOP}");
    world.stop().await;
}
