//! How members combine.

use serde_json::json;

use crate::support::{STARTS, Sim, minimal, number, with};

#[tokio::test]
async fn row_2_2_combination_app_and_web_together() {
    let sim = Sim::start().await;
    for operation in ["auth", "sign", "payment", "other/payment"] {
        let body = with(minimal(operation), "app", json!({"deviceOS": "IOS 16.7.7"}));
        let body = with(body, "web", json!({"referringDomain": "example.com"}));
        sim.refuses(operation, &body, "Invalid request").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_app_or_web() {
    let sim = Sim::start().await;
    for (member, details) in [("app", "Invalid app"), ("web", "Invalid web")] {
        sim.refuses("auth", &with(minimal("auth"), member, json!({})), details).await;
        // A member nobody knows sets none.
        sim.refuses("auth", &with(minimal("auth"), member, json!({"unheardOf": "x"})), details)
            .await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_payment_other_payment_user_non_visible_data_without() {
    let sim = Sim::start().await;
    for operation in ["payment", "other/payment"] {
        let body = with(minimal(operation), "userNonVisibleData", json!("SGVq"));
        sim.refuses(operation, &body, "userNonVisible data requires userVisibleData").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_auth_user_non_visible_data_without_user_visible() {
    let sim = Sim::start().await;
    sim.accepts("auth", &with(minimal("auth"), "userNonVisibleData", json!("SGVq"))).await;
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_user_visible_data_format_without_user_visible_data() {
    let sim = Sim::start().await;
    for operation in ["auth", "payment", "other/payment", "phone/auth"] {
        let body = with(minimal(operation), "userVisibleDataFormat", json!("simpleMarkdownV1"));
        sim.accepts(operation, &body).await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_user_visible_transaction_money_with_transaction_type_npa() {
    let sim = Sim::start().await;
    let money = json!({"amount": "100", "currency": "SEK"});
    for operation in ["payment", "other/payment"] {
        let body = with(minimal(operation), "userVisibleTransaction.money", money.clone());
        sim.refuses(operation, &body, "money has invalid amount or currency").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_card_without_money() {
    let sim = Sim::start().await;
    for operation in ["payment", "other/payment"] {
        let body =
            with(minimal(operation), "userVisibleTransaction.transactionType", json!("card"));
        sim.accepts(operation, &body).await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_requirement_personal_number_inside_phone_and_other_payment() {
    let sim = Sim::start().await;
    for operation in ["other/payment", "phone/auth", "phone/sign"] {
        // Not a member there, so what it holds is nobody's business (2.1, chosen).
        for value in [json!(number()), json!("bad"), json!(17)] {
            sim.accepts(operation, &with(minimal(operation), "requirement.personalNumber", value))
                .await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_combination_card_reader_without_a_card_policy_in_certificate() {
    let sim = Sim::start().await;
    for operation in STARTS {
        sim.accepts(
            operation,
            &with(minimal(operation), "requirement.cardReader", json!("class1")),
        )
        .await;
    }
    sim.stop().await;
}
