//! Coming back from the app on the same device (8.4).

use serde_json::{Value, json};

use crate::world::{Browser, IPHONE, World, complete, pending, started};

/// A phone that has started an order, and the URL that its app opens at the end.
async fn phone(world: &World, body: Value) -> (Browser<'_>, String) {
    let mut browser = world.browser();
    browser.agent = IPHONE;
    world.upstream.answers(200, &started("order"));
    let mut start = json!({"startMode": "autostart", "language": "en", "maxTouchPoints": 5});
    start.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    assert_eq!(browser.start(start).await.status, 204);
    let asked: Value = serde_json::from_str(&world.upstream.asked()[0].body).unwrap();
    (browser, asked["returnUrl"].as_str().expect("a URL").to_owned())
}

fn fragment(url: &str) -> Value {
    let (_, fragment) = url.split_once('#').expect("a fragment");
    json!({"returned": format!("#{fragment}")})
}

#[tokio::test]
async fn the_result_is_for_who_comes_back_with_the_nonce() {
    let world = World::new().await;
    let (browser, url) = phone(&world, json!({})).await;
    assert!(url.starts_with("https://shop.example/#nonce="), "{url}");
    let mut old = browser.listen().await;
    world.collected(&complete("order"));
    old.next().await;
    let event = old.end().await;
    let words = "Continue in the window that the BankID app opened.";
    assert_eq!(
        (&event["status"], &event["code"], &event["message"]),
        (&json!("complete"), &json!(null), &json!(words))
    );

    for wrong in
        [json!({}), json!({"returned": "#nonce=AAAAAAAAAAAAAAAAAAAAAA"}), json!({"returned": 7})]
    {
        let answer = browser.post("/session/return", &wrong).await;
        assert_eq!(answer.refusal(), (403, "returnRefused".to_owned()));
    }
    assert_eq!(browser.listen().await.next().await.unwrap()["code"], json!(null));
    let answer = browser.post("/session/return", &fragment(&url)).await;
    assert_eq!(answer.json(), json!({"order": {"startMode": "autostart", "status": "complete"}}));
    let event = browser.listen().await.next().await.unwrap();
    let (status, result) = world.exchange(&event["code"]).await;
    assert_eq!((status, &result["meta"]["session"]["returned"]), (200, &json!(true)));
    world.stop().await;
}

/// Somebody starts an order and sends the start link to another person, whose app opens that person's browser.
#[tokio::test]
async fn neither_the_nonce_nor_the_cookie_is_enough_alone() {
    let world = World::new().await;
    let (attacker, url) = phone(&world, json!({})).await;
    let mut victim = world.browser();
    victim.agent = IPHONE;
    let answer = victim.post("/session/return", &fragment(&url)).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"order": null})));
    let mut stream = attacker.listen().await;
    stream.next().await;
    world.collected(&complete("order"));
    assert_eq!(stream.end().await["code"], json!(null));
    world.stop().await;
}

#[tokio::test]
async fn who_comes_back_does_so_from_the_same_address() {
    let world = World::new().await;
    let (mut browser, url) = phone(&world, json!({})).await;
    browser.address = "198.51.100.7".to_owned();
    let answer = browser.post("/session/return", &fragment(&url)).await;
    assert_eq!(answer.refusal(), (403, "returnRefused".to_owned()));
    world.stop().await;

    let world = World::with(|settings| settings.same_address = false).await;
    let (mut browser, url) = phone(&world, json!({})).await;
    browser.address = "198.51.100.7".to_owned();
    assert_eq!(browser.post("/session/return", &fragment(&url)).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn a_page_that_comes_back_in_time_sees_the_end() {
    let world = World::new().await;
    let (browser, url) = phone(&world, json!({})).await;
    world.collected(&pending("order", "userSign"));
    world.upstream.was_asked(2).await;
    assert_eq!(browser.post("/session/return", &fragment(&url)).await.status, 200);
    let mut page = browser.listen().await;
    page.next().await;
    world.collected(&complete("order"));
    assert!(page.end().await["code"].is_string());
    world.stop().await;
}

#[tokio::test]
async fn the_way_back_is_to_the_pages_own_origin() {
    let within =
        ["https://shop.example/cart?a=1", "https://shop.example#a", "https://shop.example"];
    for url in within {
        let world = World::new().await;
        let (_, back) = phone(&world, json!({"returnUrl": url})).await;
        assert!(back.starts_with(url) && back.contains("nonce="), "{back}");
        world.stop().await;
    }
    let world =
        World::with(|settings| settings.return_url = Some("https://shop.example/login".to_owned()))
            .await;
    let (_, back) = phone(&world, json!({})).await;
    assert!(back.starts_with("https://shop.example/login#nonce="), "{back}");
    world.stop().await;

    let world = World::new().await;
    for url in [
        "https://evil.example/",
        "https://shop.example.evil/",
        "https://shop.example@evil.example/",
        "https://shop.example:8443/",
        "https://shop.example\\@evil.example",
        "http://shop.example/",
        "/cart",
        "",
        "javascript:alert(1)",
        &format!("https://shop.example/{}", "a".repeat(512)),
    ] {
        let answer =
            world.browser().start(json!({"startMode": "autostart", "returnUrl": url})).await;
        // A computer goes nowhere afterwards, and yet a URL of elsewhere is refused.
        assert_eq!(answer.refusal(), (400, "invalidParameters".to_owned()), "{url}");
    }
    world.stop().await;
}

/// Where the system goes back by itself, there is no nonce to come back with.
#[tokio::test]
async fn browsers_that_are_reopened_as_they_were_need_no_nonce() {
    for agent in [
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "",
    ] {
        let world = World::new().await;
        let mut browser = world.browser();
        browser.agent = agent;
        world.upstream.answers(200, &started("order"));
        assert_eq!(browser.start(json!({"startMode": "autostart"})).await.status, 204);
        let asked: Value = serde_json::from_str(&world.upstream.asked()[0].body).unwrap();
        assert_eq!(asked["returnUrl"], "null");
        let mut page = browser.listen().await;
        page.next().await;
        world.collected(&complete("order"));
        assert!(page.end().await["code"].is_string());
        world.stop().await;
    }
}
