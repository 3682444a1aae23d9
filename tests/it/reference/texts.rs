//! Protocol section 6.3: the known texts of `invalidParameters`, character for character.

use serde_json::json;

use crate::support::{Sim, minimal, number, with};

#[tokio::test]
async fn row_6_3_no_such_order() {
    let sim = Sim::start().await;
    let never = "131daac9-16c6-4618-beb0-365768f37288";
    let cancelled = sim.order_ref("auth").await;
    sim.cancel(&cancelled).await;
    let finished = sim.order_ref("auth").await;
    assert_eq!(sim.story(&finished).await.last().unwrap(), "complete");
    // Text of another shape than ours names no order either (13.5: opaque).
    for order_ref in [never, &cancelled, &finished, "x", &never.to_uppercase()] {
        for operation in ["collect", "cancel"] {
            sim.refuses(operation, &json!({"orderRef": order_ref}), "No such order").await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_invalid_request() {
    let sim = Sim::start().await;
    for operation in ["auth", "sign", "payment", "phone/auth", "collect", "cancel"] {
        for body in ["", "{", "[]", "\"text\"", "17", "null", "{\"endUserIp\":", "{\"a\":1}}"] {
            let answer = sim.post_to(&format!("/rp/v6.0/{operation}"), body).await;
            let expected = r#"{"errorCode":"invalidParameters","details":"Invalid request"}"#;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (400, expected),
                "{operation} {body}"
            );
        }
    }
    for operation in ["collect", "cancel"] {
        for body in [json!({}), json!({"orderRef": 17}), json!({"orderRef": null})] {
            sim.refuses(operation, &body, "Invalid request").await;
        }
    }
    sim.refuses("auth", &json!({"endUserIp": ["203.0.113.25"]}), "Invalid request").await;
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_invalid_end_user_ip() {
    let sim = Sim::start().await;
    for address in ["", "aaaaaaaaaaaaaaaaaaaaaa", "localhost"] {
        for operation in ["auth", "sign", "payment"] {
            let body = with(minimal(operation), "endUserIp", json!(address));
            sim.refuses(operation, &body, "Invalid endUserIp").await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_incorrect_personal_number() {
    let sim = Sim::start().await;
    for number in ["20000324", "abcdefghijkl", "19121212121A", ""] {
        for (operation, member) in [
            ("auth", "requirement.personalNumber"),
            ("sign", "requirement.personalNumber"),
            ("payment", "requirement.personalNumber"),
            ("other/payment", "personalNumber"),
            ("phone/auth", "personalNumber"),
            ("phone/sign", "personalNumber"),
        ] {
            let body = with(minimal(operation), member, json!(number));
            sim.refuses(operation, &body, "Incorrect personalNumber").await;
        }
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_incorrect_call_initiator() {
    let sim = Sim::start().await;
    for operation in ["phone/auth", "phone/sign"] {
        let body = with(minimal(operation), "callInitiator", json!("bank"));
        sim.refuses(operation, &body, "Incorrect callInitiator").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_invalid_requirement() {
    let sim = Sim::start().await;
    for (member, value) in [("cardReader", "class9"), ("risk", "high")] {
        let body = with(minimal("auth"), &format!("requirement.{member}"), json!(value));
        sim.refuses("auth", &body, "Invalid requirement").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_invalid_user_visible_data() {
    let sim = Sim::start().await;
    let body = with(minimal("sign"), "userVisibleData", json!("Jag godkänner"));
    sim.refuses("sign", &body, "Invalid userVisibleData").await;
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_invalid_return_url() {
    let sim = Sim::start().await;
    for url in [String::new(), "x".repeat(513)] {
        sim.refuses("auth", &with(minimal("auth"), "returnUrl", json!(url)), "Invalid returnUrl")
            .await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_at_5_1_initial_token_for_unordered_list() {
    let sim = Sim::start().await;
    // "# Köp\n\nHej\n\n+Ditt för- och efternamn" (13.3).
    let text = "IyBLw7ZwCgpIZWoKCitEaXR0IGbDtnItIG9jaCBlZnRlcm5hbW4=";
    for operation in ["auth", "sign"] {
        let body = with(minimal(operation), "userVisibleData", json!(text));
        sim.accepts(operation, &body).await;
        let body = with(body, "userVisibleDataFormat", json!("simpleMarkdownV1"));
        let details = "At (5, 1): Initial token for unordered list items must be '+' and it must be \
                       followed by space.";
        sim.refuses(operation, &body, details).await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_transaction_type_is_not_a_valid_transaction_type() {
    let sim = Sim::start().await;
    for operation in ["payment", "other/payment"] {
        for kind in ["", "Card", "transfer"] {
            let body =
                with(minimal(operation), "userVisibleTransaction.transactionType", json!(kind));
            let details = "transactionType is not a valid transaction type";
            sim.refuses(operation, &body, details).await;
        }
    }
    // requirement.personalNumber comes before it, requirement.cardReader after it (2.12).
    let body = with(minimal("payment"), "userVisibleTransaction.transactionType", json!("gift"));
    let body = with(body, "requirement.cardReader", json!("class9"));
    sim.refuses("payment", &body, "transactionType is not a valid transaction type").await;
    let body = with(body, "requirement.personalNumber", json!("20000324"));
    sim.refuses("payment", &body, "Incorrect personalNumber").await;
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_money_has_invalid_amount_or_currency() {
    let sim = Sim::start().await;
    for (amount, currency) in [("350.00", "SEK"), ("350,00", "XYZ1"), ("-1", "SEK")] {
        let transaction = json!({"transactionType": "card", "recipient": {"name": "Exempelbutiken AB"},
                                 "money": {"amount": amount, "currency": currency}});
        let body = with(minimal("payment"), "userVisibleTransaction", transaction);
        sim.refuses("payment", &body, "money has invalid amount or currency").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_recipient_name_is_invalid() {
    let sim = Sim::start().await;
    for operation in ["payment", "other/payment"] {
        let body = with(minimal(operation), "userVisibleTransaction.recipient.name", json!(""));
        sim.refuses(operation, &body, "Recipient name is invalid").await;
    }
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_user_non_visible_data_requires_user_visible_data() {
    let sim = Sim::start().await;
    let body = with(minimal("payment"), "userNonVisibleData", json!("SGVq"));
    sim.refuses("payment", &body, "userNonVisible data requires userVisibleData").await;
    sim.stop().await;
}

#[tokio::test]
async fn row_6_3_text_unknown() {
    let sim = Sim::start().await;
    let body = with(minimal("auth"), "web", json!({"userAgent": "x".repeat(257)}));
    sim.refuses("auth", &body, "Invalid web").await;
    // What the reference says of the number: neither control digit nor date is checked.
    for number in ["200003121145", "200001010101", &number()] {
        sim.accepts("auth", &with(minimal("auth"), "requirement.personalNumber", json!(number)))
            .await;
    }
    sim.stop().await;
}
