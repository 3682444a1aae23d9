//! Protocol sections 4.2 and 4.3: every hint, told by a scenario that takes an order there.

use serde_json::json;

use crate::support::{Sim, minimal};

/// An order that stays in one hint for a collect and is completed after it.
#[track_caller]
fn pending_answer(order_ref: &str, hint: &str) -> String {
    json!({"orderRef": order_ref, "status": "pending", "hintCode": hint}).to_string()
}

async fn check_pending(operation: &str, hint: &str) {
    let sim = Sim::scenario(&format!("outstandingTransaction, {hint}, complete")).await;
    let order_ref = sim.order_ref(operation).await;
    let first = sim.collect(&order_ref).await;
    assert_eq!(
        (first.status, first.body),
        (200, pending_answer(&order_ref, "outstandingTransaction"))
    );
    let shown = hint.strip_prefix("pending:").unwrap_or(hint);
    let second = sim.collect(&order_ref).await;
    assert_eq!((second.status, second.body), (200, pending_answer(&order_ref, shown)));
    assert_eq!(sim.collect(&order_ref).await.text("status"), "complete");
    sim.stop().await;
}

async fn check_failed(operation: &str, hint: &str) {
    let sim = Sim::scenario(&format!("outstandingTransaction, {hint}")).await;
    let order_ref = sim.order_ref(operation).await;
    assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction");
    let shown = hint.strip_prefix("failed:").unwrap_or(hint);
    let failed = sim.collect(&order_ref).await;
    // A failed order is no HTTP error (4.1).
    let expected = json!({"orderRef": order_ref, "status": "failed", "hintCode": shown});
    assert_eq!((failed.status, failed.body), (200, expected.to_string()));
    assert_eq!(sim.state(&order_ref).await, "400 No such order");
    sim.stop().await;
}

#[tokio::test]
async fn row_4_2_outstanding_transaction() {
    let sim = Sim::scenario("outstandingTransaction x3, complete").await;
    for operation in ["auth", "sign", "payment", "other/payment", "phone/auth", "phone/sign"] {
        let order_ref = sim.order_ref(operation).await;
        for _ in 0..3 {
            let answer = sim.collect(&order_ref).await;
            assert_eq!(answer.body, pending_answer(&order_ref, "outstandingTransaction"));
        }
        assert_eq!(sim.collect(&order_ref).await.text("status"), "complete");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_4_2_no_client() {
    check_pending("auth", "noClient").await;
}

#[tokio::test]
async fn row_4_2_started() {
    check_pending("auth", "started").await;
}

#[tokio::test]
async fn row_4_2_user_mrtd() {
    check_pending("auth", "userMrtd").await;
}

#[tokio::test]
async fn row_4_2_user_call_confirm() {
    check_pending("phone/auth", "userCallConfirm").await;
}

#[tokio::test]
async fn row_4_2_user_sign() {
    check_pending("sign", "userSign").await;
}

#[tokio::test]
async fn row_4_2_processing() {
    check_pending("auth", "processing").await;
}

#[tokio::test]
async fn row_4_2_user_step_up() {
    check_pending("auth", "userStepUp").await;
}

#[tokio::test]
async fn row_4_2_user_face() {
    check_pending("auth", "userFace").await;
}

#[tokio::test]
async fn row_4_2_anything_else() {
    check_pending("auth", "pending:userDance").await;
}

#[tokio::test]
async fn row_4_3_expired_transaction() {
    check_failed("auth", "expiredTransaction").await;
}

#[tokio::test]
async fn row_4_3_certificate_err() {
    check_failed("auth", "certificateErr").await;
}

#[tokio::test]
async fn row_4_3_user_cancel() {
    check_failed("sign", "userCancel").await;
}

#[tokio::test]
async fn row_4_3_cancelled() {
    check_failed("auth", "cancelled").await;
}

#[tokio::test]
async fn row_4_3_start_failed() {
    check_failed("auth", "startFailed").await;
}

#[tokio::test]
async fn row_4_3_user_declined_call() {
    check_failed("phone/auth", "userDeclinedCall").await;
}

#[tokio::test]
async fn row_4_3_not_supported_byuser_app() {
    check_failed("phone/sign", "notSupportedByUserApp").await;
}

#[tokio::test]
async fn row_4_3_transaction_risk_blocked() {
    check_failed("auth", "transactionRiskBlocked").await;
}

#[tokio::test]
async fn row_4_3_mrtd_verification_failed() {
    check_failed("auth", "mrtdVerificationFailed").await;
}

#[tokio::test]
async fn row_4_3_facial_recognition_failed() {
    check_failed("auth", "facialRecognitionFailed").await;
}

#[tokio::test]
async fn row_4_3_nfc_not_supported_bydevice() {
    check_failed("auth", "nfcNotSupportedByDevice").await;
}

#[tokio::test]
async fn row_4_3_multiple_bank_ids_ondevice() {
    check_failed("auth", "multipleBankIdsOnDevice").await;
}

#[tokio::test]
async fn row_4_3_step_upfailed() {
    check_failed("auth", "stepUpFailed").await;
}

#[tokio::test]
async fn row_4_3_anything_else() {
    check_failed("auth", "failed:phoneOnFire").await;
}

/// The answer to a completed order (4.5), member by member, in the reference's order.
#[tokio::test]
async fn complete_has_every_member_in_order() {
    let sim = Sim::start().await;
    let body = json!({
        "endUserIp": "203.0.113.25",
        "returnRisk": true,
        "requirement": {"mrtd": true, "personalNumber": "191212121212"}
    });
    let order_ref = sim.order("auth", &body).await.text("orderRef");
    let mut answer = sim.collect(&order_ref).await;
    while answer.text("status") == "pending" {
        answer = sim.collect(&order_ref).await;
    }
    let document = answer.json();
    let members = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(members(&document), ["orderRef", "status", "completionData"]);
    let data = &document["completionData"];
    let expected =
        ["user", "device", "bankIdIssueDate", "stepUp", "signature", "ocspResponse", "risk"];
    assert_eq!(members(data), expected);
    let user = json!({"personalNumber": "191212121212", "name": "Tolvan Tolvansson",
                      "givenName": "Tolvan", "surname": "Tolvansson"});
    assert_eq!(data["user"].to_string(), user.to_string());
    assert_eq!(members(&data["device"]), ["ipAddress", "uhi"]);
    assert_eq!(data["stepUp"], json!({"mrtd": true}));
    let issued = data["bankIdIssueDate"].as_str().expect("a date");
    assert!(issued.len() == 11 && issued.ends_with('Z'), "{issued}");
    assert!(!answer.body.contains(": "), "compact: {}", answer.body);
    sim.stop().await;
}

/// The answer to a completed v5.1 order (2.13).
#[tokio::test]
async fn complete_in_v5_1_has_the_certificate_times() {
    let sim = Sim::start().await;
    let body = json!({"personalNumber": "190000000000", "endUserIp": "203.0.113.25",
                      "requirement": {"tokenStartRequired": true, "allowFingerprint": true}});
    let started = sim.post_to("/rp/v5.1/auth", &body.to_string()).await;
    assert_eq!(started.status, 200, "{}", started.body);
    let collect = json!({"orderRef": started.text("orderRef")}).to_string();
    let mut answer = sim.post_to("/rp/v5.1/collect", &collect).await;
    while answer.text("status") == "pending" {
        answer = sim.post_to("/rp/v5.1/collect", &collect).await;
    }
    let document = answer.json();
    let data = document["completionData"].as_object().expect("completion data");
    let members: Vec<_> = data.keys().collect();
    assert_eq!(members, ["user", "device", "cert", "signature", "ocspResponse"]);
    assert_eq!(data["user"]["personalNumber"], "190000000000");
    assert_eq!(data["device"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ipAddress"]);
    for end in ["notBefore", "notAfter"] {
        let text = data["cert"][end].as_str().expect("milliseconds as text");
        assert!(text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
    }
    sim.stop().await;
}

/// An answer of a start (2.5): four texts of UUID form, in the order that was seen.
#[tokio::test]
async fn started_has_four_tokens_in_order() {
    let sim = Sim::start().await;
    for operation in ["auth", "sign", "payment"] {
        let answer = sim.order(operation, &minimal(operation)).await;
        let json = answer.json();
        let tokens = json.as_object().unwrap();
        let names: Vec<_> = tokens.keys().collect();
        assert_eq!(names, ["orderRef", "autoStartToken", "qrStartToken", "qrStartSecret"]);
        for token in tokens.values() {
            let token = token.as_str().unwrap();
            let shape: String =
                token.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
            assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "{token}");
            assert_eq!(token, token.to_lowercase());
            assert_eq!(token.as_bytes()[14], b'4', "version 4: {token}");
        }
    }
    for operation in ["other/payment", "phone/auth", "phone/sign"] {
        let answer = sim.order(operation, &minimal(operation)).await;
        let json = answer.json();
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["orderRef"]);
    }
    sim.stop().await;
}
