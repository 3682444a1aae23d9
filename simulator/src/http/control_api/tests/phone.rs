//! The phone by remote control.

use bankid_core::qr::{self, Token};
use bankid_core::request::Operation;
use http::StatusCode;
use serde_json::{Value, json};

use super::Plane;
use crate::lane::{Collected, Started};

fn code(order: &Started, seconds: u32) -> String {
    let token = Token::try_from(&*order.qr_start_token).unwrap();
    qr::frame(token, qr::Secret::from(&*order.qr_start_secret), seconds).to_string()
}

#[track_caller]
fn refused(answer: &(StatusCode, Value), status: u16, reason: &str, detail: &str) {
    let (given, problem) = answer;
    assert_eq!(
        (given.as_u16(), &problem["reason"], &problem["detail"]),
        (status, &json!(reason), &json!(detail))
    );
}

#[tokio::test]
async fn an_order_is_scanned_and_approved() {
    let plane = Plane::new();
    let order = plane.start_auth();
    assert_eq!(plane.get("/lanes/t/phone?persona=me").await.1, json!({"order": null}));
    let scan = json!({"qr": code(&order, 0), "persona": "me"});
    let (status, seen) = plane.post("/lanes/t/phone/scan", &scan).await;
    assert_eq!(
        (status, &seen["hintCode"], &seen["rule"]),
        (StatusCode::OK, &json!("userSign"), &json!("phone"))
    );
    assert_eq!(plane.get("/lanes/t/phone?persona=me").await.1["order"]["number"], 1);

    let (status, seen) = plane.post("/lanes/t/phone/approve", &json!({"persona": "me"})).await;
    assert_eq!((status, &seen["status"]), (StatusCode::OK, &json!("complete")));
    // The first writer won; the second learns the outcome.
    let late = plane.post("/lanes/t/phone/cancel", &json!({"persona": "me"})).await;
    refused(&late, 409, "over", "the order is over: complete");
    assert_eq!(
        (&late.1["code"], &late.1["outcome"]),
        (&json!("alreadyDecided"), &json!("complete"))
    );
    match plane.collect(&order) {
        Some(Collected::Complete(facts)) => assert_eq!(&*facts.person.name, "Me Myself"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn codes_are_judged_at_the_lanes_time() {
    let plane = Plane::new();
    let order = plane.start_auth();
    plane.post("/lanes/t/clock/advance", &json!({"by": "7s"})).await;
    let stale = plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 0)})).await;
    refused(&stale, 422, "stale", "stale: frame 0, the order is 7 s old");
    assert_eq!((&stale.1["code"], &stale.1["member"]), (&json!("phoneRefused"), &json!("qr")));
    let other = plane.post("/lanes/t/phone/scan", &json!({"qr": "https://example.com"})).await;
    assert_eq!((other.0.as_u16(), &other.1["reason"]), (422, &json!("notABankIdCode")));
    assert_eq!(
        plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 7)})).await.0,
        StatusCode::OK
    );
    let second =
        plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 7), "persona": "anna"})).await;
    refused(&second, 409, "taken", "the order is in an app already");
}

#[tokio::test]
async fn links_open_the_app() {
    let plane = Plane::new();
    let order = plane.start_auth();
    let url = format!("bankid:///?autostarttoken={}&redirect=null", &*order.auto_start_token);
    let (status, seen) = plane.post("/lanes/t/phone/open", &json!({"url": url})).await;
    assert_eq!((status, &seen["hintCode"]), (StatusCode::OK, &json!("userSign")));
    let (_, seen) = plane.post("/lanes/t/phone/cancel", &json!({})).await;
    assert_eq!((&seen["status"], &seen["hintCode"]), (&json!("failed"), &json!("userCancel")));

    let bad = plane.post("/lanes/t/phone/open", &json!({"url": "https://example.com/"})).await;
    assert_eq!(
        (bad.0.as_u16(), &bad.1["reason"], &bad.1["member"]),
        (422, &json!("notAStartLink"), &json!("url"))
    );
}

#[tokio::test]
async fn phone_orders_ask_about_the_call() {
    let plane = Plane::new();
    let body = r#"{"personalNumber":"198001052383","callInitiator":"RP"}"#;
    let nothing = plane.post("/lanes/t/phone/open", &json!({"persona": "me"})).await;
    assert_eq!((nothing.0.as_u16(), &nothing.1["reason"]), (422, &json!("nothingWaits")));

    plane.start(Operation::PhoneAuth, body);
    let (_, seen) = plane.post("/lanes/t/phone/open", &json!({"persona": "me"})).await;
    assert_eq!(seen["hintCode"], "userCallConfirm");
    let early = plane.post("/lanes/t/phone/approve", &json!({"persona": "me"})).await;
    refused(&early, 422, "notNow", "the app waits for something else: userCallConfirm");
    let (_, seen) =
        plane.post("/lanes/t/phone/confirmCall", &json!({"persona": "198001052383"})).await;
    assert_eq!(seen["hintCode"], "userSign");
    assert_eq!(
        plane.post("/lanes/t/phone/approve", &json!({"persona": "me"})).await.1["status"],
        "complete"
    );

    plane.start(Operation::PhoneAuth, body);
    plane.post("/lanes/t/phone/open", &json!({"persona": "me"})).await;
    let (_, seen) = plane.post("/lanes/t/phone/declineCall", &json!({"persona": "me"})).await;
    assert_eq!(seen["hintCode"], "userDeclinedCall");
}

#[tokio::test]
async fn requirements_are_honoured() {
    let plane = Plane::new();
    let order = plane.start(
        Operation::Auth,
        r#"{"endUserIp":"127.0.0.1","requirement":{"mrtd":true,"pinCode":true}}"#,
    );
    let (_, seen) = plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 0)})).await;
    assert_eq!(seen["hintCode"], "userMrtd");
    assert_eq!(
        plane.post("/lanes/t/phone/readDocument", &json!({})).await.1["hintCode"],
        "userSign"
    );
    let easy = plane.post("/lanes/t/phone/approve", &json!({"way": "biometrics"})).await;
    assert_eq!((easy.0.as_u16(), &easy.1["reason"]), (422, &json!("codeRequired")));
    assert_eq!(
        plane.post("/lanes/t/phone/approve", &json!({"way": "securityCode"})).await.1["status"],
        "complete"
    );

    let body = r#"{"endUserIp":"127.0.0.1","requirement":{"personalNumber":"198001052383"}}"#;
    let order = plane.start(Operation::Auth, body);
    let wrong =
        plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 0), "persona": "anna"})).await;
    refused(&wrong, 422, "otherPerson", "the order is for another personal number");
    let unknown =
        plane.post("/lanes/t/phone/scan", &json!({"qr": code(&order, 0), "persona": "ana"})).await;
    assert_eq!(
        (unknown.0.as_u16(), &unknown.1["member"], &unknown.1["nearest"]),
        (400, &json!("persona"), &json!("anna"))
    );
}
