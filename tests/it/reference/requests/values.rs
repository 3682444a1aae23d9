//! What the members may hold, and how long they may be.

use serde_json::{Value, json};

use crate::support::{STARTS, Sim, minimal, with};

/// Sets the member in each operation to each good value, and then to each bad one.
async fn check_values(operations: &[&str], member: &str, good: &[Value], bad: &[(Value, &str)]) {
    let sim = Sim::start().await;
    for operation in operations {
        for value in good {
            sim.accepts(operation, &with(minimal(operation), member, value.clone())).await;
        }
        for (value, details) in bad {
            sim.refuses(operation, &with(minimal(operation), member, value.clone()), details).await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_value_end_user_ip() {
    let refused = "Invalid endUserIp";
    check_values(
        &["auth", "sign", "payment"],
        "endUserIp",
        &[
            json!("203.0.113.25"),
            json!("127.0.0.1"),
            json!("192.168.0.1"),
            json!("0.0.0.0"),
            json!("2001:db8::1f3a"),
            json!("2001:0db8:0000:0000:0000:0000:0000:1f3a"),
            json!("::1"),
        ],
        &[
            (json!(""), refused),
            (json!("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), refused),
            (json!("203.0.113.25:443"), refused),
            (json!("[2001:db8::1f3a]"), refused),
            (json!("203.0.113.25, 198.51.100.7"), refused),
            (json!(" 203.0.113.25"), refused),
            (json!("256.0.0.1"), refused),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_personal_number() {
    let refused = "Incorrect personalNumber";
    check_values(
        &["other/payment", "phone/auth", "phone/sign"],
        "personalNumber",
        // Neither control digit nor date is checked (6.3).
        &[json!("200003121145"), json!("200001010101"), json!("190000000000")],
        &[
            (json!(""), refused),
            (json!("20000324"), refused),
            (json!("aaaaaaaaaaaa"), refused),
            (json!("19121212-1212"), refused),
            (json!("1912121212121"), refused),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_call_initiator() {
    let refused = "Incorrect callInitiator";
    check_values(
        &["phone/auth", "phone/sign"],
        "callInitiator",
        &[json!("user"), json!("RP")],
        &[(json!("rp"), refused), (json!("User"), refused), (json!(""), refused)],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_user_visible_data() {
    let refused = "Invalid userVisibleData";
    check_values(
        &STARTS,
        "userVisibleData",
        // Line breaks inside or after the base64 text are taken, as a MIME decoder does.
        &[json!("SGVq"), json!("SGVqIQ=="), json!("SGVq\nSGVq"), json!("SGVq\r\n")],
        &[
            (json!("SGVq SGVq"), refused),
            (json!("Hej!"), refused),
            (json!("SGVqIQ"), refused),
            (json!("SGVqIQ-_"), refused),
            (json!(""), refused),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_user_visible_data_format() {
    check_values(
        &STARTS,
        "userVisibleDataFormat",
        &[json!("plaintext"), json!("simpleMarkdownV1")],
        &[
            (json!("simplemarkdownv1"), "Invalid userVisibleDataFormat"),
            (json!(""), "Invalid userVisibleDataFormat"),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_user_non_visible_data() {
    let refused = "Invalid userNonVisibleData";
    check_values(
        &["auth", "sign", "phone/auth", "phone/sign"],
        "userNonVisibleData",
        // Any bytes, not only text.
        &[json!("b3JkZXI9NDcxMTt2PTE="), json!("AP/+gA==")],
        &[(json!("b3Jk ZXI9"), refused), (json!("!"), refused), (json!(""), refused)],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_requirement() {
    check_values(
        &STARTS,
        "requirement",
        &[json!({}), json!({"pinCode": false, "unheardOf": 1})],
        &[(json!({"cardReader": "class3"}), "Invalid requirement")],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_return_url() {
    let refused = "Invalid returnUrl";
    let longest = format!("https://www.example.com/{}", "a".repeat(512 - 24));
    let too_long = format!("{longest}a");
    check_values(
        &["auth", "sign", "payment", "other/payment"],
        "returnUrl",
        &[json!("https://www.example.com/#nonce=1"), json!("null"), json!("m"), json!(longest)],
        &[(json!(""), refused), (json!(too_long), refused)],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_return_risk() {
    let sim = Sim::start().await;
    for (value, has_risk) in [(json!(true), true), (json!(false), false), (Value::Null, false)] {
        let body = with(minimal("auth"), "returnRisk", value);
        let order_ref = sim.order("auth", &body).await.text("orderRef");
        let mut answer = sim.collect(&order_ref).await;
        while answer.text("status") == "pending" {
            answer = sim.collect(&order_ref).await;
        }
        let risk = &answer.json()["completionData"]["risk"];
        assert_eq!(risk.is_string(), has_risk, "{}", answer.body);
        assert!(!has_risk || ["low", "moderate", "high"].contains(&risk.as_str().unwrap()));
    }
    sim.refuses("auth", &with(minimal("auth"), "returnRisk", json!("true")), "Invalid request")
        .await;
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_value_app() {
    check_values(
        &["auth", "sign", "payment", "other/payment"],
        "app",
        &[
            json!({"appIdentifier": "com.example.myapp", "deviceOS": "IOS 16.7.7",
                   "deviceModelName": "Apple iPhone14,3", "deviceIdentifier": "0f6f4c9a2b7d4c7f"}),
            json!({"deviceOS": "IOS 16.7.7"}),
        ],
        &[
            (json!({}), "Invalid app"),
            (json!({"deviceIdentifier": "x".repeat(65)}), "Invalid app"),
            (json!({"deviceIdentifier": ""}), "Invalid app"),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_web() {
    let refused = "Invalid web";
    check_values(
        &["auth", "sign", "payment", "other/payment"],
        "web",
        &[
            json!({"referringDomain": "example.com", "userAgent": "Mozilla/5.0",
                   "deviceIdentifier": "a".repeat(64)}),
            json!({"userAgent": "x".repeat(256)}),
            json!({"referringDomain": "xn--exmpel-cua.se"}),
        ],
        &[
            (json!({}), refused),
            (json!({"userAgent": "x".repeat(257)}), refused),
            (json!({"userAgent": ""}), refused),
            (json!({"referringDomain": "ex"}), refused),
            (json!({"referringDomain": "Example.com"}), refused),
            (json!({"referringDomain": format!("{}.se", "a".repeat(251))}), refused),
            (json!({"deviceIdentifier": "a".repeat(65)}), refused),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_user_visible_transaction() {
    let money = "money has invalid amount or currency";
    let card = |amount: &str, currency: &str| {
        json!({"transactionType": "card", "recipient": {"name": "Exempelbutiken AB"},
               "money": {"amount": amount, "currency": currency}})
    };
    check_values(
        &["payment", "other/payment"],
        "userVisibleTransaction",
        &[
            card("1000,00", "SEK"),
            card("100,000", "SEK"),
            card("100", "EUR"),
            card("0", "SEK"),
            json!({"transactionType": "npa", "recipient": {"name": "x".repeat(40)}, "riskWarning": "largeAmount"}),
        ],
        &[
            (card("100.00", "SEK"), money),
            (card("1,0,0", "SEK"), money),
            (card("", "SEK"), money),
            (card("100", "KRONOR"), money),
            (json!({"transactionType": "gift", "recipient": {"name": "A"}}),
             "transactionType is not a valid transaction type"),
            (json!({"transactionType": "npa", "recipient": {"name": ""}}), "Recipient name is invalid"),
            (json!({"transactionType": "npa", "recipient": {"name": "A"}, "riskWarning": "rain"}),
             "Invalid riskWarning"),
        ],
    )
    .await;
}

#[tokio::test]
async fn row_2_2_value_risk_flags() {
    check_values(
        &["payment", "other/payment"],
        "riskFlags",
        &[
            json!([]),
            json!([
                "newCard",
                "newCustomer",
                "newRecipient",
                "highRiskRecipient",
                "largeAmount",
                "foreignCurrency",
                "cryptoCurrencyPurchase",
                "moneyTransfer",
                "overseasTransaction",
                "recurringPayment",
                "suspiciousPaymentPattern",
                "other"
            ]),
        ],
        &[
            (json!(["newCard", "newcard"]), "Invalid riskFlags"),
            (json!("newCard"), "Invalid request"),
        ],
    )
    .await;
}

/// The longest value is taken, one more is not; counted after encoding.
async fn check_lengths(operations: [&str; 2], visible: usize, non_visible: usize) {
    let sim = Sim::start().await;
    for operation in operations {
        let body = with(minimal(operation), "userVisibleData", json!("A".repeat(visible)));
        let body = with(body, "userNonVisibleData", json!("A".repeat(non_visible)));
        sim.accepts(operation, &body).await;
        // Four characters more, for base64 comes in fours.
        let longer = with(body.clone(), "userVisibleData", json!("A".repeat(visible + 4)));
        sim.refuses(operation, &longer, "Invalid userVisibleData").await;
        let longer = with(body, "userNonVisibleData", json!("A".repeat(non_visible + 4)));
        sim.refuses(operation, &longer, "Invalid userNonVisibleData").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_2_2_length_auth_phone_auth() {
    check_lengths(["auth", "phone/auth"], 1_500, 1_500).await;
}

#[tokio::test]
async fn row_2_2_length_sign_phone_sign() {
    check_lengths(["sign", "phone/sign"], 40_000, 200_000).await;
}

#[tokio::test]
async fn row_2_2_length_payment_other_payment() {
    check_lengths(["payment", "other/payment"], 1_000, 1_000).await;
}
