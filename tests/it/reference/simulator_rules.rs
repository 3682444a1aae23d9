//! Protocol sections 14.2 to 14.4: what the simulator chose where nothing is known.

use bankid_core::qr::{self, Secret, Token};
use serde_json::{Value, json};
use simulator::phone::Way;

use crate::support::{STARTS, Sim, minimal, number, with, without};

async fn refused(operations: &[&str], member: &str, values: &[Value], details: &str) {
    let sim = Sim::start().await;
    for operation in operations {
        for value in values {
            let body = with(minimal(operation), member, value.clone());
            sim.refuses(operation, &body, details).await;
        }
    }
    sim.stop().await;
}

async fn missing(operations: &[&str], member: &str, details: &str) {
    let sim = Sim::start().await;
    for operation in operations {
        sim.refuses(operation, &without(minimal(operation), member), details).await;
    }
    sim.stop().await;
}

const TRANSACTIONS: [&str; 2] = ["payment", "other/payment"];

#[tokio::test]
async fn row_14_2_user_visible_data_too_long_or_empty_or() {
    let details = "Invalid userVisibleData";
    missing(&["sign", "phone/sign"], "userVisibleData", details).await;
    refused(&STARTS, "userVisibleData", &[json!(""), json!("A".repeat(40_004))], details).await;
}

#[tokio::test]
async fn row_14_2_user_non_visible_data_not_base64_or_too() {
    let values = [json!("not base64"), json!("A".repeat(200_004))];
    let operations = ["auth", "sign", "phone/auth", "phone/sign"];
    refused(&operations, "userNonVisibleData", &values, "Invalid userNonVisibleData").await;
}

#[tokio::test]
async fn row_14_2_unknown_user_visible_data_format() {
    let values = [json!("markdown"), json!("simpleMarkdownV2")];
    refused(&STARTS, "userVisibleDataFormat", &values, "Invalid userVisibleDataFormat").await;
}

#[tokio::test]
async fn row_14_2_return_url_empty_or_over_512() {
    let values = [json!(""), json!("x".repeat(513))];
    let operations = ["auth", "sign", "payment", "other/payment"];
    refused(&operations, "returnUrl", &values, "Invalid returnUrl").await;
}

#[tokio::test]
async fn row_14_2_app_and_web_both_present() {
    let sim = Sim::start().await;
    // Both present is what is wrong, whatever they hold.
    for (app, web) in [
        (json!({"deviceOS": "IOS 16.7.7"}), json!({"referringDomain": "example.com"})),
        (json!({}), json!({})),
    ] {
        let body = with(with(minimal("auth"), "app", app), "web", web);
        sim.refuses("auth", &body, "Invalid request").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_2_app_or_web_empty_or_a_member_out() {
    let operations = ["auth", "sign", "payment", "other/payment"];
    let values = [json!({}), json!({"deviceIdentifier": "x".repeat(65)})];
    refused(&operations, "app", &values, "Invalid app").await;
    refused(&operations, "web", &values, "Invalid web").await;
}

#[tokio::test]
async fn row_14_2_missing_personal_number_in_phone_and_other_payment() {
    let operations = ["phone/auth", "phone/sign", "other/payment"];
    missing(&operations, "personalNumber", "Incorrect personalNumber").await;
}

#[tokio::test]
async fn row_14_2_missing_call_initiator() {
    missing(&["phone/auth", "phone/sign"], "callInitiator", "Incorrect callInitiator").await;
}

#[tokio::test]
async fn row_14_2_missing_end_user_ip() {
    missing(&["auth", "sign", "payment"], "endUserIp", "Invalid endUserIp").await;
}

#[tokio::test]
async fn row_14_2_missing_user_visible_transaction() {
    missing(&TRANSACTIONS, "userVisibleTransaction", "Invalid request").await;
}

#[tokio::test]
async fn row_14_2_recipient_name_over_40() {
    let member = "userVisibleTransaction.recipient.name";
    refused(&TRANSACTIONS, member, &[json!("x".repeat(41))], "Recipient name is invalid").await;
    let sim = Sim::start().await;
    // Characters, not bytes.
    sim.accepts("payment", &with(minimal("payment"), member, json!("ö".repeat(40)))).await;
    sim.stop().await;
}

#[tokio::test]
async fn row_14_2_money_with_npa() {
    let money = json!({"amount": "100", "currency": "SEK"});
    let member = "userVisibleTransaction.money";
    refused(&TRANSACTIONS, member, &[money], "money has invalid amount or currency").await;
}

#[tokio::test]
async fn row_14_2_unknown_risk_warning_risk_flags_member() {
    let member = "userVisibleTransaction.riskWarning";
    refused(&TRANSACTIONS, member, &[json!("rain")], "Invalid riskWarning").await;
    refused(&TRANSACTIONS, "riskFlags", &[json!(["rain"])], "Invalid riskFlags").await;
}

#[tokio::test]
async fn row_14_2_bad_policy_oid_wrong_type_in_requirement_risk() {
    let details = "Invalid requirement";
    refused(&STARTS, "requirement.certificatePolicies", &[json!(["a.b"])], details).await;
    refused(&STARTS, "requirement.pinCode", &[json!("true"), json!(1)], details).await;
    refused(&["auth", "sign"], "requirement.risk", &[json!("high")], details).await;
}

#[tokio::test]
async fn row_14_2_requirement_risk_low_or_moderate_withdrawn() {
    let sim = Sim::start().await;
    for risk in ["low", "moderate"] {
        let body = with(minimal("auth"), "requirement.risk", json!(risk));
        let order_ref = sim.order("auth", &body).await.text("orderRef");
        assert_eq!(sim.story(&order_ref).await.last().unwrap(), "complete");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_2_markdown_fault_other_than_the_known_one() {
    let sim = Sim::start().await;
    // "# Rubrik\n*oavslutad" and "####": where, in the form of the known text, and some reason.
    for (text, place) in [("IyBSdWJyaWsKKm9hdnNsdXRhZA==", "At (2, 1): "), ("IyMjIw==", "At (1, ")]
    {
        let body = with(minimal("sign"), "userVisibleData", json!(text));
        let body = with(body, "userVisibleDataFormat", json!("simpleMarkdownV1"));
        let answer = sim.post("sign", &body).await;
        assert_eq!((answer.status, answer.text("errorCode").as_str()), (400, "invalidParameters"));
        let details = answer.text("details");
        assert!(details.starts_with(place) && details.len() > place.len() + 5, "{details}");
    }
    sim.stop().await;
}

/// The tokens of a fresh order that waits for a person.
struct Started {
    order_ref: String,
    auto_start_token: String,
    qr_start_token: String,
    qr_start_secret: String,
}

async fn started(sim: &Sim, body: &Value) -> Started {
    let answer = sim.order("auth", body).await;
    Started {
        order_ref: answer.text("orderRef"),
        auto_start_token: answer.text("autoStartToken"),
        qr_start_token: answer.text("qrStartToken"),
        qr_start_secret: answer.text("qrStartSecret"),
    }
}

fn code(token: &str, secret: &str, second: u32) -> String {
    let token = Token::try_from(token).expect("a token");
    qr::frame(token, Secret::from(secret), second).to_string()
}

impl Started {
    fn code(&self, second: u32) -> String {
        code(&self.qr_start_token, &self.qr_start_secret, second)
    }

    fn link(&self) -> String {
        format!("bankid:///?autostarttoken={}&redirect=null", self.auto_start_token)
    }
}

#[tokio::test]
async fn row_14_3_state_created() {
    let sim = Sim::scenario("phone").await;
    for operation in STARTS {
        let order_ref = sim.order_ref(operation).await;
        assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction", "{operation}");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_30_s_without_pickup_qr_autostart() {
    // The deadline wins over a scenario that would wait longer, and over polling.
    let sim = Sim::scenario("outstandingTransaction 60s, complete").await;
    let order_ref = sim.order_ref("auth").await;
    sim.advance_seconds(30);
    assert_eq!(sim.state(&order_ref).await, "failed/startFailed");
    let sim2 = Sim::scenario("noClient x100, complete").await;
    let order_ref = sim2.order_ref("sign").await;
    assert_eq!(sim2.state(&order_ref).await, "pending/noClient");
    sim2.advance_seconds(30);
    assert_eq!(sim2.state(&order_ref).await, "failed/startFailed");
    sim.stop().await;
    sim2.stop().await;
}

#[tokio::test]
async fn row_14_3_180_s_without_pickup_phone_other() {
    let sim = Sim::scenario("outstandingTransaction 600s, complete").await;
    for operation in ["other/payment", "phone/auth", "phone/sign"] {
        let order_ref = sim.order_ref(operation).await;
        sim.advance_seconds(31);
        assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction");
        sim.advance_seconds(149);
        assert_eq!(sim.state(&order_ref).await, "failed/expiredTransaction");
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_picked_up() {
    let sim = Sim::scenario("phone").await;
    let order = started(&sim, &minimal("auth")).await;
    sim.phone("tolvan").scan(&order.code(0)).expect("a fresh code");
    // Picked up, the order outlives the start limit.
    sim.advance_seconds(60);
    assert_eq!(sim.state(&order.order_ref).await, "pending/userSign");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_state_picked_up() {
    let steps = "outstandingTransaction, started, userMrtd, userSign, complete";
    let sim = Sim::scenario(steps).await;
    let order_ref = sim.order_ref("auth").await;
    let story = sim.story(&order_ref).await;
    let hints = ["outstandingTransaction", "started", "userMrtd", "userSign"];
    let mut expected: Vec<String> = hints.map(|hint| format!("pending/{hint}")).into();
    expected.push("complete".to_owned());
    assert_eq!(story, expected);
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_user_cancels() {
    let sim = Sim::scenario("phone").await;
    let order = started(&sim, &minimal("auth")).await;
    let phone = sim.phone("tolvan");
    phone.scan(&order.code(0)).expect("a fresh code");
    phone.cancel().expect("an order in the app");
    assert_eq!(sim.state(&order.order_ref).await, "failed/userCancel");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_user_declines_the_call() {
    let sim = Sim::scenario("phone").await;
    let body = with(minimal("phone/auth"), "personalNumber", json!("191212121212"));
    let order_ref = sim.order("phone/auth", &body).await.text("orderRef");
    let phone = sim.phone("tolvan");
    phone.open_pending().expect("an order waits for Tolvan");
    assert_eq!(sim.state(&order_ref).await, "pending/userCallConfirm");
    phone.decline_call().expect("the call is asked about");
    assert_eq!(sim.state(&order_ref).await, "failed/userDeclinedCall");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_bank_id_blocked() {
    let sim = Sim::scenario("outstandingTransaction, userSign, certificateErr").await;
    let order_ref = sim.order_ref("sign").await;
    assert_eq!(sim.story(&order_ref).await.last().unwrap(), "failed/certificateErr");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_new_order_for_the_same_person() {
    // Two orders without a number; the same person's app picks up both (5.1).
    let sim = Sim::scenario("phone").await;
    let first = started(&sim, &minimal("auth")).await;
    let second = started(&sim, &minimal("auth")).await;
    sim.phone("tolvan").scan(&first.code(0)).expect("a fresh code");
    sim.phone("tolvan").scan(&second.code(0)).expect("a fresh code");
    assert_eq!(sim.state(&first.order_ref).await, "failed/cancelled");
    assert_eq!(sim.state(&second.order_ref).await, "pending/userSign");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_180_s_after_creation() {
    let sim = Sim::scenario("phone").await;
    let order = started(&sim, &minimal("auth")).await;
    sim.advance_seconds(29);
    sim.phone("tolvan").scan(&order.code(29)).expect("a fresh code");
    sim.advance_seconds(150);
    assert_eq!(sim.state(&order.order_ref).await, "pending/userSign");
    sim.advance_seconds(1);
    assert_eq!(sim.state(&order.order_ref).await, "failed/expiredTransaction");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_user_confirms() {
    let sim = Sim::scenario("phone").await;
    let order = started(&sim, &minimal("auth")).await;
    let phone = sim.phone("tolvan");
    phone.scan(&order.code(0)).expect("a fresh code");
    phone.approve(Way::SecurityCode).expect("nothing else is asked");
    assert_eq!(sim.state(&order.order_ref).await, "complete");
    let scripted = Sim::scenario("outstandingTransaction, userSign, processing, complete").await;
    let order_ref = scripted.order_ref("auth").await;
    let story = scripted.story(&order_ref).await;
    assert_eq!(story[story.len() - 2..], ["pending/processing", "complete"]);
    sim.stop().await;
    scripted.stop().await;
}

#[tokio::test]
async fn row_14_3_state_finished() {
    for (scenario, state) in [("complete", "complete"), ("userCancel", "failed/userCancel")] {
        let sim = Sim::scenario(&format!("outstandingTransaction, {scenario}")).await;
        let order_ref = sim.order_ref("auth").await;
        assert_eq!(sim.state(&order_ref).await, "pending/outstandingTransaction");
        assert_eq!(sim.state(&order_ref).await, state);
        for _ in 0..2 {
            assert_eq!(sim.state(&order_ref).await, "400 No such order");
        }
        sim.refuses("cancel", &json!({"orderRef": order_ref}), "No such order").await;
        sim.stop().await;
    }
}

#[tokio::test]
async fn row_14_3_a_qr_pickup_is_valid_if_the_code() {
    let sim = Sim::scenario("phone").await;
    // Frame and age of the order, and whether the phone takes it.
    for (frame, age, taken) in [
        (0, 0, true),
        (0, 5, true),
        (0, 6, false),
        (5, 0, true),
        (6, 0, false),
        (24, 29, true),
        (29, 29, true),
        (29, 30, false),
    ] {
        let order = started(&sim, &minimal("auth")).await;
        sim.advance_seconds(age);
        let outcome = sim.phone("tolvan").scan(&order.code(frame));
        assert_eq!(outcome.is_ok(), taken, "frame {frame} at {age} s: {outcome:?}");
    }
    let order = started(&sim, &minimal("auth")).await;
    let other = started(&sim, &minimal("auth")).await;
    let forged = code(&order.qr_start_token, &other.qr_start_secret, 0);
    sim.phone("tolvan").scan(&forged).expect_err("another order's secret");
    sim.phone("tolvan").scan("https://example.com/").expect_err("no BankID code");
    let unknown = code("67df3917-fa0d-44e5-b327-edcc928297f8", "secret", 0);
    sim.phone("tolvan").scan(&unknown).expect_err("nobody's token");
    sim.cancel(&order.order_ref).await;
    sim.phone("tolvan").scan(&order.code(0)).expect_err("no longer pending");
    assert_eq!(sim.state(&other.order_ref).await, "pending/outstandingTransaction");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_an_autostart_pickup_needs_the_auto_start_token() {
    let sim = Sim::scenario("phone").await;
    for link in [
        |order: &Started| order.link(),
        |order: &Started| {
            format!("https://app.bankid.com/?autostarttoken={}", order.auto_start_token)
        },
    ] {
        let order = started(&sim, &minimal("auth")).await;
        sim.phone("tolvan").open(&link(&order)).expect("the right token");
        assert_eq!(sim.state(&order.order_ref).await, "pending/userSign");
    }
    let order = started(&sim, &minimal("auth")).await;
    let wrong = format!("bankid:///?autostarttoken={}", order.qr_start_token);
    sim.phone("tolvan").open(&wrong).expect_err("another kind of token");
    assert_eq!(sim.state(&order.order_ref).await, "pending/outstandingTransaction");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_pickup_by_a_person_other_than_requirement_personal() {
    let sim = Sim::scenario("phone").await;
    let body = with(minimal("auth"), "requirement.personalNumber", json!("190000000000"));
    let order = started(&sim, &body).await;
    sim.phone("tolvan").scan(&order.code(0)).expect_err("somebody else's order");
    assert_eq!(sim.state(&order.order_ref).await, "pending/outstandingTransaction");
    sim.phone("190000000000").scan(&order.code(0)).expect("the right person");
    assert_eq!(sim.state(&order.order_ref).await, "pending/userSign");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_the_clock_should_be_replaceable_so_that_tests() {
    let sim = Sim::scenario("outstandingTransaction 10s, userSign 10s, complete").await;
    let order_ref = sim.order_ref("auth").await;
    for expected in ["pending/outstandingTransaction", "pending/userSign", "complete"] {
        assert_eq!(sim.state(&order_ref).await, expected);
        sim.advance_seconds(10);
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_3_keep_finished_orders_for_the_times_of_7() {
    let sim = Sim::scenario("phone").await;
    let order = started(&sim, &minimal("auth")).await;
    let phone = sim.phone("tolvan");
    phone.scan(&order.code(0)).expect("a fresh code");
    sim.advance_seconds(20);
    phone.approve(Way::SecurityCode).expect("nothing else is asked");
    sim.advance_seconds(179);
    assert_eq!(sim.state(&order.order_ref).await, "complete");
    let order = started(&sim, &minimal("auth")).await;
    phone.scan(&order.code(0)).expect("a fresh code");
    phone.cancel().expect("an order in the app");
    sim.advance_seconds(300);
    assert_eq!(sim.state(&order.order_ref).await, "400 No such order");
    sim.stop().await;
}

#[tokio::test]
async fn row_14_4_look_up_a_pending_order_with_the_same() {
    let sim = Sim::scenario("phone").await;
    let bodies = |number: &str| -> Vec<(&'static str, Value)> {
        STARTS
            .map(|operation| {
                let member = match operation {
                    "auth" | "sign" | "payment" => "requirement.personalNumber",
                    _ => "personalNumber",
                };
                (operation, with(minimal(operation), member, json!(number)))
            })
            .into()
    };
    // Every pair of operations, and nobody else's order.
    for first in 0..STARTS.len() {
        for second in 0..STARTS.len() {
            let orders = bodies(&number());
            let (operation, body) = &orders[first];
            let order_ref = sim.order(operation, body).await.text("orderRef");
            let bystander = sim.order_ref("phone/auth").await;
            let (operation, body) = &orders[second];
            let answer = sim.post(operation, body).await;
            assert_eq!(answer.text("errorCode"), "alreadyInProgress", "{first} {second}");
            assert_eq!(sim.state(&order_ref).await, "failed/cancelled");
            assert_eq!(sim.state(&bystander).await, "pending/outstandingTransaction");
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_14_4_if_found_set_it_to_failed_cancelled_answer() {
    let sim = Sim::scenario("phone").await;
    let body = with(minimal("auth"), "requirement.personalNumber", json!("190000000000"));
    let first = sim.order("auth", &body).await.text("orderRef");
    let answer = sim.post("auth", &body).await;
    let expected =
        r#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#;
    assert_eq!((answer.status, answer.body.as_str()), (400, expected));
    // Nothing was created, so the third attempt is accepted (5.1), while the first is still uncollected.
    let third = sim.order("auth", &body).await.text("orderRef");
    assert_eq!(sim.state(&first).await, "failed/cancelled");
    assert_eq!(sim.state(&third).await, "pending/outstandingTransaction");
    // A finished or cancelled order is in nobody's way; all checks of the body come first (2.12).
    sim.cancel(&third).await;
    let fourth = sim.order("auth", &body).await.text("orderRef");
    let bent = with(body, "requirement.cardReader", json!("class9"));
    sim.refuses("auth", &bent, "Invalid requirement").await;
    assert_eq!(sim.state(&fourth).await, "pending/outstandingTransaction");
    sim.stop().await;
}
