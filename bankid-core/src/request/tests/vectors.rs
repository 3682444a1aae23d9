//! Requests written by hand from the reference, each with what the server makes of it.
use std::string::{String, ToString};
use std::vec::Vec;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Invalid;
use crate::request::{
    ApiVersion, Checked, CheckedDevice, Operation, Start, decode_text, parse_order_ref,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<V> {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    vectors: Vec<V>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    version: String,
    operation: String,
    body: Value,
    result: Verdict,
    #[serde(default)]
    checked: serde_json::Map<String, Value>,
    details: Option<String>,
    member: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OrderRefVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    body: Value,
    result: Verdict,
    order_ref: Option<String>,
    details: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Verdict {
    Valid,
    Invalid,
}

/// The body as it goes over the wire: text stands for itself, anything else is written as JSON, with `$repeat` expanded.
fn body(value: &Value) -> String {
    value.as_str().map_or_else(|| serde_json::to_string(&expand(value)).unwrap(), String::from)
}

/// `{"$repeat": [text, n], "$join": text, "$end": text}` is the text n times, for values too long to write out.
fn expand(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.contains_key("$repeat") => {
            let text_of = |name: &str| object.get(name).map_or("", |text| text.as_str().unwrap());
            let piece = expand(&object["$repeat"][0]);
            let count = usize::try_from(object["$repeat"][1].as_u64().unwrap()).unwrap();
            let pieces = std::vec![piece.as_str().unwrap(); count];
            Value::from(pieces.join(text_of("$join")) + text_of("$end"))
        }
        Value::Object(object) => {
            object.iter().map(|(name, value)| (name.clone(), expand(value))).collect()
        }
        Value::Array(items) => items.iter().map(expand).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn version(text: &str) -> ApiVersion {
    [ApiVersion::V5_1, ApiVersion::V6_0]
        .into_iter()
        .find(|version| version.as_str() == text)
        .unwrap()
}

fn operation(path: &str) -> Operation {
    Operation::ALL.into_iter().find(|operation| operation.path() == path).unwrap()
}

#[track_caller]
fn check(file: &str) {
    let file: File<RequestVector> = serde_json::from_str(file).unwrap();
    assert!(!file.vectors.is_empty());
    for vector in file.vectors {
        let id = &vector.id;
        let (version, operation) = (version(&vector.version), operation(&vector.operation));
        assert!(operation.exists_in(version), "{id}");
        let body = body(&vector.body);
        let start = Start::parse(version, operation, body.as_bytes());
        match start.as_ref().map_err(Invalid::clone).and_then(Start::check) {
            Ok(checked) => {
                assert!(vector.result == Verdict::Valid, "{id} is taken");
                assert!(
                    vector.details.is_none() && vector.member.is_none(),
                    "{id} says what is never looked at"
                );
                check_facts(id, &checked, &vector.checked);
                check_round_trip(id, &checked, start.as_ref().unwrap());
            }
            Err(invalid) => {
                assert!(vector.result == Verdict::Invalid, "{id} is refused: {invalid}");
                assert!(vector.checked.is_empty(), "{id} says what is never looked at");
                assert_eq!(Some(invalid.details()), vector.details.as_deref(), "{id}");
                assert_eq!(invalid.member(), vector.member.as_deref(), "{id}");
            }
        }
    }
}

/// Compares what the vector says; a vector need not say everything.
fn check_facts(id: &str, checked: &Checked<'_>, expected: &serde_json::Map<String, Value>) {
    for (name, expected) in expected {
        // Addresses are compared as addresses: their texts have many forms.
        let expected = match name.as_str() {
            "endUserIp" if !expected.is_null() => {
                json!(expected.as_str().unwrap().parse::<core::net::IpAddr>().unwrap().to_string())
            }
            "userVisibleDataLength" | "userNonVisibleDataLength" => expected.clone(),
            _ => expand(expected),
        };
        assert_eq!(fact(checked, name), expected, "{id}: {name}");
    }
}

fn fact(checked: &Checked<'_>, name: &str) -> Value {
    let transaction = checked.transaction.unwrap_or(crate::request::CheckedTransaction {
        transaction_type: crate::request::TransactionType::Npa,
        recipient: "",
        money: None,
        risk_warning: None,
    });
    let requirement = &checked.requirement;
    match name {
        "endUserIp" => json!(checked.end_user_ip.map(|address| address.to_string())),
        "personalNumber" => json!(checked.personal_number),
        "startsByNumber" => json!(checked.starts_by_number),
        "callInitiator" => json!(checked.call_initiator),
        "transactionType" => json!(transaction.transaction_type),
        "recipient" => json!(transaction.recipient),
        "money" => json!(transaction.money.map(|money| [money.amount, money.currency])),
        "riskWarning" => json!(transaction.risk_warning),
        "riskFlags" => json!(checked.risk_flags),
        "text" => json!(decode_text(checked.user_visible_data.unwrap())),
        "userVisibleDataLength" => json!(checked.user_visible_data.unwrap().len()),
        "userVisibleDataFormat" => json!(checked.user_visible_data_format),
        "userNonVisibleData" => json!(checked.user_non_visible_data),
        "userNonVisibleDataLength" => json!(checked.user_non_visible_data.unwrap().len()),
        "returnUrl" => json!(checked.return_url),
        "returnRisk" => json!(checked.return_risk),
        "device" => match checked.device {
            Some(CheckedDevice::App(_)) => json!("app"),
            Some(CheckedDevice::Web(_)) => json!("web"),
            None => Value::Null,
        },
        "pinCode" => json!(requirement.pin_code),
        "mrtd" => json!(requirement.mrtd),
        "cardReader" => json!(requirement.card_reader),
        "certificatePolicies" => json!(requirement.certificate_policies),
        "issuerCn" => json!(requirement.issuer_cn),
        other => panic!("no such fact: {other}"),
    }
}

/// What is written is read as the same again.
fn check_round_trip(id: &str, checked: &Checked<'_>, start: &Start<'_>) {
    let written = serde_json::to_string(start).unwrap();
    let again = Start::parse(checked.version, checked.operation, written.as_bytes()).unwrap();
    assert!(again == *start, "{id} is written as something else");
}

#[test]
fn json() {
    check(include_str!("../../../../tests/vectors/wire/requests-json.json"));
}

#[test]
fn members() {
    check(include_str!("../../../../tests/vectors/wire/requests-members.json"));
}

#[test]
fn requirement() {
    check(include_str!("../../../../tests/vectors/wire/requests-requirement.json"));
}

#[test]
fn values() {
    check(include_str!("../../../../tests/vectors/wire/requests-values.json"));
}

#[test]
fn transaction() {
    check(include_str!("../../../../tests/vectors/wire/requests-transaction.json"));
}

#[test]
fn order_of_checks() {
    check(include_str!("../../../../tests/vectors/wire/requests-order.json"));
}

#[test]
fn order_refs() {
    let file: File<OrderRefVector> =
        serde_json::from_str(include_str!("../../../../tests/vectors/wire/order-ref.json"))
            .unwrap();
    for vector in file.vectors {
        let body = body(&vector.body);
        let id = &vector.id;
        match parse_order_ref(body.as_bytes()) {
            Ok(order_ref) => {
                assert!(vector.result == Verdict::Valid, "{id} is taken");
                assert_eq!(Some(&*order_ref), vector.order_ref.as_deref(), "{id}");
            }
            Err(invalid) => {
                assert!(vector.result == Verdict::Invalid, "{id} is refused: {invalid}");
                assert_eq!(Some(invalid.details()), vector.details.as_deref(), "{id}");
            }
        }
    }
}
