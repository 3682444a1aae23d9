//! Which operation takes which member.

use serde_json::{Value, json};

use crate::support::{STARTS, Sim, minimal, with, without};

/// Where a member is a member, and what a value of the wrong JSON type does there.
struct Taken {
    member: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    /// A valid value, and what is said when a required member is missing.
    value: Value,
    missing: &'static str,
}

/// Required: refused without. Optional: fine with and without, and its type is checked. Otherwise not a member:
/// ignored, whatever it holds.
async fn check_taken(row: Taken) {
    let sim = Sim::start().await;
    for operation in STARTS {
        let takes = [row.required, row.optional].concat().contains(&operation);
        // No member is a number, so a number tells whether anybody looks. Inside `requirement` types have a text of
        // their own (2.12), but `requirement` itself is read with the rest.
        let bent = with(minimal(operation), row.member, json!(17));
        if takes {
            sim.refuses(operation, &bent, "Invalid request").await;
            let body = without(minimal(operation), row.member);
            sim.accepts(operation, &with(body, row.member, row.value.clone())).await;
        } else {
            sim.accepts(operation, &bent).await;
        }
        let body = without(minimal(operation), row.member);
        if row.required.contains(&operation) {
            sim.refuses(operation, &body, row.missing).await;
            // `null` is as good as absent (2.1, chosen).
            let null = with(minimal(operation), row.member, Value::Null);
            sim.refuses(operation, &null, row.missing).await;
        } else {
            sim.accepts(operation, &body).await;
            sim.accepts(operation, &with(minimal(operation), row.member, Value::Null)).await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_taken_end_user_ip() {
    check_taken(Taken {
        member: "endUserIp",
        required: &["auth", "sign", "payment"],
        optional: &[],
        value: json!("2001:db8::1f3a"),
        missing: "Invalid endUserIp",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_personal_number_top_level() {
    check_taken(Taken {
        member: "personalNumber",
        required: &["other/payment", "phone/auth", "phone/sign"],
        optional: &[],
        value: json!("190000000000"),
        missing: "Incorrect personalNumber",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_call_initiator() {
    check_taken(Taken {
        member: "callInitiator",
        required: &["phone/auth", "phone/sign"],
        optional: &[],
        value: json!("RP"),
        missing: "Incorrect callInitiator",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_user_visible_data() {
    check_taken(Taken {
        member: "userVisibleData",
        required: &["sign", "phone/sign"],
        optional: &["auth", "payment", "other/payment", "phone/auth"],
        value: json!("TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4="),
        missing: "Invalid userVisibleData",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_user_visible_data_format() {
    check_taken(Taken {
        member: "userVisibleDataFormat",
        required: &[],
        optional: &STARTS,
        value: json!("plaintext"),
        missing: "",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_user_non_visible_data() {
    let sim = Sim::start().await;
    for operation in STARTS {
        let body = with(minimal(operation), "userVisibleData", json!("SGVq"));
        sim.accepts(operation, &body).await;
        sim.accepts(
            operation,
            &with(body.clone(), "userNonVisibleData", json!("b3JkZXI9NDcxMTt2PTE=")),
        )
        .await;
        sim.refuses(operation, &with(body, "userNonVisibleData", json!(17)), "Invalid request")
            .await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_taken_user_visible_transaction() {
    check_taken(Taken {
        member: "userVisibleTransaction",
        required: &["payment", "other/payment"],
        optional: &[],
        value: json!({
            "transactionType": "card",
            "recipient": {"name": "Exempelbutiken AB"},
            "money": {"amount": "350,00", "currency": "SEK"},
            "riskWarning": "newRecipient"
        }),
        missing: "Invalid request",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_risk_flags() {
    check_taken(Taken {
        member: "riskFlags",
        required: &[],
        optional: &["payment", "other/payment"],
        value: json!(["newRecipient", "newCard"]),
        missing: "",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_requirement() {
    let sim = Sim::start().await;
    for operation in STARTS {
        sim.accepts(operation, &minimal(operation)).await;
        sim.accepts(operation, &with(minimal(operation), "requirement", Value::Null)).await;
        sim.accepts(operation, &with(minimal(operation), "requirement", json!({"pinCode": true})))
            .await;
        let bent = with(minimal(operation), "requirement", json!({"pinCode": "yes"}));
        sim.refuses(operation, &bent, "Invalid requirement").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_taken_return_url() {
    check_taken(Taken {
        member: "returnUrl",
        required: &[],
        optional: &["auth", "sign", "payment", "other/payment"],
        value: json!("https://www.example.com/login/return#nonce=5f6b0f7a0c8f4d0e"),
        missing: "",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_return_risk() {
    check_taken(Taken {
        member: "returnRisk",
        required: &[],
        optional: &["auth", "sign", "payment", "other/payment"],
        value: json!(true),
        missing: "",
    })
    .await;
}

#[tokio::test]
async fn row_2_2_taken_app_web() {
    for (member, value) in [
        ("app", json!({"appIdentifier": "com.example.myapp"})),
        ("web", json!({"referringDomain": "example.com"})),
    ] {
        check_taken(Taken {
            member,
            required: &[],
            optional: &["auth", "sign", "payment", "other/payment"],
            value,
            missing: "",
        })
        .await;
    }
}
