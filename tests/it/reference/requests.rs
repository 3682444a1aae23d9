//! Protocol section 2.2: which operation takes which member, what the members may hold, how they combine.

use serde_json::{Value, json};

use crate::support::{STARTS, Sim, minimal, number, with, without};

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
