//! Any bytes are read or refused, never worse; what is written reads as the same.
use std::string::String;
use std::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::Text;
use crate::request::encoded::{decode, decode_text, is_base64, is_base64_text};
use crate::request::member::{Condition, Member};
use crate::request::{ApiVersion, Operation, Start, parse_order_ref, policy_permits};

fn any_operation() -> impl Strategy<Value = (ApiVersion, Operation)> {
    (
        prop::sample::select(&[ApiVersion::V5_1, ApiVersion::V6_0]),
        prop::sample::select(&Operation::ALL),
    )
}

/// Values that are right for some member, or nearly.
fn any_leaf() -> impl Strategy<Value = Value> {
    let words = [
        "203.0.113.25",
        "::1",
        "190000000000",
        "RP",
        "user",
        "plaintext",
        "simpleMarkdownV1",
        "QQ==",
        "KyB4",
        "class1",
        "1.2.752.78.1.5",
        "1.2.752.78.*",
        "low",
        "card",
        "npa",
        "SEK",
        "100,00",
        "newCard",
        "example.com",
        "",
    ];
    prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let mut names: Vec<&str> = Member::ALL.iter().map(|member| member.name()).collect();
    names.extend(Condition::ALL.iter().map(|condition| condition.name()));
    names.extend([
        "transactionType",
        "recipient",
        "name",
        "money",
        "amount",
        "currency",
        "riskWarning",
    ]);
    names.extend(["appIdentifier", "deviceIdentifier", "referringDomain", "userAgent", "unknown"]);
    any_leaf().prop_recursive(3, 24, 6, move |inner| {
        let name = prop::sample::select(names.clone());
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            4 => prop::collection::vec((name, inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.into(), value)).collect::<Map<_, _>>())
                .prop_map(Value::from),
        ]
    })
}

/// Requests with their required members, some of the others, and a chance of being accepted.
fn any_request() -> impl Strategy<Value = ((ApiVersion, Operation), Value)> {
    (any_operation(), any_value(), any::<bool>()).prop_map(|(operation, value, complete)| {
        let mut members = value.as_object().cloned().unwrap_or_default();
        if complete {
            for (name, value) in [
                ("endUserIp", Value::from("203.0.113.25")),
                ("personalNumber", Value::from("190000000000")),
                ("callInitiator", Value::from("RP")),
                ("userVisibleData", Value::from("QUJD")),
                (
                    "userVisibleTransaction",
                    serde_json::json!({"transactionType": "npa", "recipient": {"name": "A"}}),
                ),
            ] {
                members.insert(name.into(), value);
            }
        }
        (operation, Value::from(members))
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused((version, operation) in any_operation(), body: Vec<u8>) {
        if let Ok(start) = Start::parse(version, operation, &body) {
            let _checked = start.check();
        }
        let _order_ref = parse_order_ref(&body);
    }

    #[test]
    fn any_json_is_read_or_refused((version, operation) in any_operation(), value in any_value()) {
        let body = serde_json::to_vec(&value).unwrap();
        if let Ok(start) = Start::parse(version, operation, &body) {
            let _checked = start.check();
        }
        let _order_ref = parse_order_ref(&body);
    }

    #[test]
    fn a_checked_request_is_written_and_read_as_the_same(((version, operation), value) in any_request()) {
        let body = serde_json::to_vec(&value).unwrap();
        let Ok(start) = Start::parse(version, operation, &body) else { return Ok(()) };
        if start.check().is_err() {
            return Ok(());
        }
        let written = serde_json::to_vec(&start).unwrap();
        let again = Start::parse(version, operation, &written).unwrap();
        prop_assert!(again == start);
        prop_assert!(again.check().is_ok());
    }

    /// A request is cut somewhere: never taken for a whole one.
    #[test]
    fn half_a_document_is_refused((version, operation) in any_operation(), value in any_value(), at: prop::sample::Index) {
        let body = serde_json::to_vec(&serde_json::json!({"x": value})).unwrap();
        let cut = &body[..at.index(body.len())];
        let invalid = Start::parse(version, operation, cut).unwrap_err();
        prop_assert_eq!(invalid.details(), "Invalid request");
    }

    #[test]
    fn base64_of_any_bytes_is_base64(bytes: Vec<u8>) {
        let text = STANDARD.encode(&bytes);
        prop_assert_eq!(is_base64(&text), !bytes.is_empty());
        prop_assert_eq!(is_base64_text(&text), !bytes.is_empty() && core::str::from_utf8(&bytes).is_ok());
        prop_assert_eq!(decode(&text), Some(bytes));
    }

    /// The pieces that long text is checked in never show, wherever characters fall.
    #[test]
    fn long_text_is_text(text in "[aå€]{700,900}", cut in 0_usize..3) {
        let encoded = STANDARD.encode(&text);
        prop_assert!(is_base64_text(&encoded));
        prop_assert_eq!(decode_text(&encoded), Some(text.clone()));
        let bytes = &text.as_bytes()[..text.len() - cut];
        prop_assert_eq!(is_base64_text(&STANDARD.encode(bytes)), core::str::from_utf8(bytes).is_ok());
    }

    #[test]
    fn line_breaks_anywhere_change_nothing(text in ".{1,40}", at: prop::sample::Index, line_break in "[\r\n]{1,3}") {
        let mut encoded = STANDARD.encode(&text);
        encoded.insert_str(at.index(encoded.len() + 1), &line_break);
        prop_assert!(is_base64_text(&encoded));
        prop_assert_eq!(decode_text(&encoded), Some(text));
    }

    #[test]
    fn a_foreign_symbol_anywhere_is_refused(text in ".{1,40}", at: prop::sample::Index, symbol in "[^A-Za-z0-9+/=\r\n]") {
        let mut encoded = STANDARD.encode(&text);
        encoded.insert_str(at.index(encoded.len() + 1), &symbol);
        prop_assert!(!is_base64(&encoded));
        prop_assert_eq!(decode(&encoded), None);
    }

    /// Text is borrowed from the body unless it holds an escape.
    #[test]
    fn text_without_escapes_is_borrowed(text in "[^\"\\\\\\x00-\\x1f]{0,40}") {
        let json = std::format!("\"{text}\"");
        let read: Text<'_> = serde_json::from_str(&json).unwrap();
        prop_assert!(read.is_borrowed());
        prop_assert_eq!(&*read, text.as_str());
    }
}

#[test]
fn policies_cover_what_they_say() {
    #[track_caller]
    fn check(pattern: &str, oid: &str, expected: bool) {
        assert_eq!(policy_permits(pattern, oid), expected, "{pattern} {oid}");
    }
    check("1.2.752.78.1.5", "1.2.752.78.1.5", true);
    check("1.2.752.78.1.5", "1.2.752.78.1.50", false);
    check("1.2.752.78.*", "1.2.752.78.1.5", true);
    check("1.2.752.78.*", "1.2.752.78.1", true);
    check("1.2.752.78.*", "1.2.752.78.", false);
    check("1.2.752.78.*", "1.2.752.78", false);
    check("1.2.752.78.*", "1.2.752.781.1", false);
    check("1.2.752.78.*.5", "1.2.752.78.1.5", true);
    check("1.2.752.78.*.5", "1.2.752.78.5", false);
    check("1.2.752.78.*.5", "1.2.752.78.1.1", false);
}

/// The requests a server sees most are read in place.
#[test]
fn the_smallest_requests_are_borrowed() {
    let body = br#"{"endUserIp":"203.0.113.25"}"#;
    let start = Start::parse(ApiVersion::V6_0, Operation::Auth, body).unwrap();
    assert!(start.end_user_ip.is_some_and(|text| text.is_borrowed()));
    assert!(parse_order_ref(br#"{"orderRef":"131daac9"}"#).unwrap().is_borrowed());
}
