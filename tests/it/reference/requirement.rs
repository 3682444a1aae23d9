//! Protocol section 2.3: the members of `requirement`.

use serde_json::{Value, json};

use crate::support::{STARTS, Sim, minimal, with};

/// Operations whose order names its person only in `requirement`.
const OPEN: [&str; 3] = ["auth", "sign", "payment"];

async fn check(operations: &[&str], member: &str, good: &[Value], bad: &[Value]) {
    let sim = Sim::start().await;
    let member = format!("requirement.{member}");
    for operation in operations {
        for value in good {
            sim.accepts(operation, &with(minimal(operation), &member, value.clone())).await;
        }
        for value in bad {
            let body = with(minimal(operation), &member, value.clone());
            sim.refuses(operation, &body, "Invalid requirement").await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_3_pin_code() {
    check(&STARTS, "pinCode", &[json!(true), json!(false)], &[json!("true"), json!(1)]).await;
}

#[tokio::test]
async fn row_2_3_mrtd() {
    check(&STARTS, "mrtd", &[json!(true), json!(false)], &[json!("true"), json!([])]).await;
}

/// An order that asks for the document check tells its outcome.
#[tokio::test]
async fn step_up_tells_of_the_document_check() {
    let sim = Sim::start().await;
    for (body, step_up) in [
        (with(minimal("auth"), "requirement.mrtd", json!(true)), json!({"mrtd": true})),
        (minimal("auth"), Value::Null),
    ] {
        let order_ref = sim.order("auth", &body).await.text("orderRef");
        let mut answer = sim.collect(&order_ref).await;
        while answer.text("status") == "pending" {
            answer = sim.collect(&order_ref).await;
        }
        assert_eq!(answer.json()["completionData"]["stepUp"], step_up, "{}", answer.body);
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_3_card_reader() {
    let bad = [json!("class3"), json!("Class1"), json!(""), json!(1)];
    check(&STARTS, "cardReader", &[json!("class1"), json!("class2")], &bad).await;
}

#[tokio::test]
async fn row_2_3_certificate_policies() {
    check(
        &STARTS,
        "certificatePolicies",
        &[
            json!(["1.2.752.78.1.5"]),
            json!(["1.2.3.4.5", "1.2.3.4.10", "1.2.3.4.25"]),
            // One wildcard, from the fifth position (section 3).
            json!(["1.2.752.78.*"]),
        ],
        &[
            json!(["1.2.752.*"]),
            json!(["1.2.752.78.*.*"]),
            json!(["mobile"]),
            json!([""]),
            json!("1.2.752.78.1.5"),
            json!([5]),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_3_personal_number() {
    let sim = Sim::start().await;
    for operation in OPEN {
        let bent = |value: Value| with(minimal(operation), "requirement.personalNumber", value);
        sim.accepts(operation, &bent(json!("190000000000"))).await;
        for value in ["", "20000324", "aaaaaaaaaaaa"] {
            sim.refuses(operation, &bent(json!(value)), "Incorrect personalNumber").await;
        }
    }
    // Only that person completes the order.
    let body = with(minimal("auth"), "requirement.personalNumber", json!("190000000000"));
    let order_ref = sim.order("auth", &body).await.text("orderRef");
    let mut answer = sim.collect(&order_ref).await;
    while answer.text("status") == "pending" {
        answer = sim.collect(&order_ref).await;
    }
    assert_eq!(answer.json()["completionData"]["user"]["personalNumber"], "190000000000");
    sim.stop().await;
}

#[tokio::test]
async fn row_2_3_risk() {
    let bad = [json!("high"), json!("Low"), json!(""), json!(true)];
    check(&OPEN, "risk", &[json!("low"), json!("moderate")], &bad).await;
}
