//! What is added to answers, and left out of them, for who asks.

use gateway::ApiKey;

use crate::world::{KEY, PENDING, STARTED, World, by_order_ref, complete, request};

const AUTH: &str = r#"{"endUserIp":"0.0.0.0"}"#;

#[tokio::test]
async fn an_order_brings_code_links_and_message() {
    let world = World::new().await;
    world.upstream.answers(200, STARTED);
    let answer = world.post("/auth?meta=qr,links,message", AUTH).await;
    // The code of BankID's documentation for the first second.
    let meta = r#""meta":{"qr":"bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8","links":{"computer":"bankid:///?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6&redirect=null","mobile":"https://app.bankid.com/?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6"},"message":"Starta BankID-appen."}}"#;
    assert!(answer.body.ends_with(meta), "{}", answer.body);
    assert_eq!(answer.header("vary"), "Accept, Accept-Language");
    world.stop().await;
}

#[tokio::test]
async fn codes_and_links_end_when_they_are_of_no_use() {
    let world = World::new().await;
    world.auth().await;
    let collect = async || {
        let answer = world.post("/collect?bankIdMeta=qr%2Clinks%2Cmessage", &by_order_ref()).await;
        answer.json()["meta"].clone()
    };
    world.clock.advance_ms(9_999);
    world.upstream.answers(200, PENDING);
    let meta = collect().await;
    assert_eq!(
        meta["qr"],
        "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.9.85fc3076b6a1d9ec5ff73014b006035375c8e9dd34bbbaea60c08e931a6eceeb"
    );
    // Between two calls to BankID the code goes on.
    world.clock.advance_ms(1);
    assert!(collect().await["qr"].as_str().expect("a code").contains(".10."));
    world.clock.advance_ms(2_000);
    world.upstream.answers(200, &PENDING.replace("outstandingTransaction", "userSign"));
    let meta = collect().await;
    assert!(meta.get("qr").is_none() && meta["links"]["mobile"].is_string(), "{meta}");
    world.clock.advance_ms(18_000);
    world.upstream.answers(200, PENDING);
    assert!(collect().await.get("qr").is_none(), "codes end after 30 seconds");
    world.clock.advance_ms(2_000);
    world.upstream.answers(200, &complete("", ""));
    assert_eq!(collect().await, serde_json::json!({"message": "Klart."}));
    world.stop().await;
}

#[tokio::test]
async fn the_message_is_in_the_callers_language() {
    let world = World::new().await;
    let message = async |accept: &str, target: &str| {
        world.upstream.answers(200, STARTED);
        let headers = [("x-api-key", KEY), ("accept-language", accept)];
        let answer = world.send(request(target, &headers, AUTH)).await;
        answer.json()["meta"]["message"].as_str().expect("a message").to_owned()
    };
    let qr = "/auth?meta=message";
    assert_eq!(message("sv", qr).await, "Starta BankID-appen.");
    assert_eq!(message("en-GB,en;q=0.9", qr).await, "Start your BankID app.");
    assert_eq!(message("de, en;q=0.3, sv;q=0.2", qr).await, "Start your BankID app.");
    assert_eq!(message("de", qr).await, "Starta BankID-appen.");
    assert_eq!(message("*", qr).await, "Starta BankID-appen.");
    // Who wants links and no code starts the app on the same device.
    let autostart = message("sv", "/auth?meta=links,message").await;
    assert_ne!(autostart, "Starta BankID-appen.");
    world.upstream.answers(
        400,
        r#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#,
    );
    let answer = world.post("/auth?meta=message", AUTH).await;
    answer.fails(409, "alreadyInProgress", "");
    let meta = answer.json()["meta"].clone();
    let text = meta["message"].as_str().expect("a message");
    assert!(text.starts_with("En identifiering eller underskrift pågår redan"), "{text}");
    world.stop().await;
}

#[tokio::test]
async fn the_start_secret_can_be_kept_in() {
    let world = World::keys([ApiKey::new("page").accepting("page-key").start_secrets(false)]).await;
    let started = async |target: &str, key: &str| {
        world.upstream.answers(200, STARTED);
        world.send(request(target, &[("x-api-key", key)], AUTH)).await.json()
    };
    let secret = |answer: &serde_json::Value| answer["data"]["attributes"]["qrStartSecret"].clone();
    assert!(secret(&started("/auth", KEY).await).is_string());
    for (target, key) in [
        ("/auth?secrets=none", KEY),
        ("/auth?bankIdSecrets=none", KEY),
        ("/auth", "page-key"),
        ("/auth?meta=qr", "page-key"),
    ] {
        let answer = started(target, key).await;
        assert!(secret(&answer).is_null(), "{answer}");
        assert!(answer["data"]["attributes"]["qrStartToken"].is_string(), "{answer}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused() {
    let world = World::new().await;
    for (query, name) in [
        ("meta=", "meta"),
        ("meta=qr,code", "meta"),
        ("meta=qr&bankIdMeta=qr", "bankIdMeta"),
        ("secrets=all", "secrets"),
        ("secrets=none&secrets=none", "secrets"),
        ("include=order", "include"),
        ("x", "x"),
    ] {
        let answer = world.post(&format!("/auth?{query}"), AUTH).await;
        answer.fails(400, "invalidQuery", &format!("parameter {name}"));
    }
    world.stop().await;
}
