//! What BankID is asked for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::world::{STARTED, World};

/// Posts, and gives the body that BankID got.
async fn sent(world: &World, path: &str, body: &str) -> serde_json::Value {
    world.upstream.answers(200, STARTED);
    let answer = world.post(path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let asked = world.upstream.asked().pop().expect("BankID was asked");
    serde_json::from_str(&asked.body).expect("JSON")
}

#[tokio::test]
async fn the_personal_number_becomes_a_requirement() {
    let world = World::new().await;
    let auth = async |body: &str| sent(&world, "/auth", body).await;
    let with = |requirement: serde_json::Value| serde_json::json!({"endUserIp": "0.0.0.0", "requirement": requirement});
    let number = r#""personalNumber":"203010101010","endUserIp":"0.0.0.0""#;
    let alone = with(serde_json::json!({"personalNumber": "203010101010"}));
    assert_eq!(auth(&format!("{{{number}}}")).await, alone);
    assert_eq!(auth(&format!(r#"{{{number},"requirement":null}}"#)).await, alone);
    assert_eq!(auth(&format!(r#"{{{number},"requirement":{{ }}}}"#)).await, alone);
    assert_eq!(
        auth(&format!(r#"{{"requirement":{{"pinCode":true}},{number}}}"#)).await,
        with(serde_json::json!({"personalNumber": "203010101010", "pinCode": true}))
    );
    assert_eq!(
        auth(r#"{"endUserIp":"0.0.0.0","requirement":{"personalNumber":"203010101010"}}"#).await,
        alone
    );
    assert_eq!(
        auth(r#"{"personalNumber":null,"endUserIp":"0.0.0.0"}"#).await,
        serde_json::json!({"endUserIp": "0.0.0.0"})
    );
    world.stop().await;
}

#[tokio::test]
async fn visible_text_is_encoded_unless_it_is_already() {
    let world = World::new().await;
    let sign = async |members: &str| {
        let body = format!(r#"{{"endUserIp":"0.0.0.0",{members}}}"#);
        sent(&world, "/sign", &body).await["userVisibleData"].as_str().expect("text").to_owned()
    };
    assert_eq!(
        sign(r#""userVisibleData":"example-message""#).await,
        STANDARD.encode("example-message")
    );
    let text = "Å\n\"ja\" \u{1f600}";
    let escaped = serde_json::Value::from(text).to_string();
    assert_eq!(sign(&format!(r#""userVisibleData":{escaped}"#)).await, STANDARD.encode(text));
    let plain = r#""userVisibleDataEncoding":"plain","userVisibleData":"SGVq""#;
    assert_eq!(sign(plain).await, STANDARD.encode("SGVq"));
    let base64 = r#""userVisibleData":"SGVq","userVisibleDataEncoding":"base64""#;
    assert_eq!(sign(base64).await, "SGVq");
    let null = r#""userVisibleData":"SGVq","userVisibleDataEncoding":null"#;
    assert_eq!(sign(null).await, STANDARD.encode("SGVq"));
    world.stop().await;
}

#[tokio::test]
async fn optional_members_go_through_and_unknown_ones_do_not() {
    let world = World::new().await;
    let body = r#"{"endUserIp":"0.0.0.0","userVisibleData":"Hej","userVisibleDataFormat":"simpleMarkdownV1",
        "userNonVisibleData":"SGVq","returnUrl":"https://example.com/#nonce=1","returnRisk":true,
        "web":{"referringDomain":"example.com","userAgent":"test","deviceIdentifier":"1"},"unknown":[1,{"a":2}]}"#;
    let expected = serde_json::json!({
        "endUserIp": "0.0.0.0", "userVisibleData": "SGVq", "userVisibleDataFormat": "simpleMarkdownV1",
        "userNonVisibleData": "SGVq", "returnUrl": "https://example.com/#nonce=1", "returnRisk": true,
        "web": {"referringDomain": "example.com", "userAgent": "test", "deviceIdentifier": "1"},
    });
    assert_eq!(sent(&world, "/auth", body).await, expected);
    world.stop().await;
}

#[tokio::test]
async fn bodies_may_carry_a_charset() {
    let world = World::new().await;
    for media in [
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "Application/JSON",
    ] {
        world.upstream.answers(200, STARTED);
        let headers = [("x-api-key", crate::world::KEY), ("content-type", media)];
        let request = crate::world::request("/auth", &headers, r#"{"endUserIp":"0.0.0.0"}"#);
        assert_eq!(world.send(request).await.status, 200, "{media}");
    }
    world.stop().await;
}
