//! The wire vectors of answers, and what must never show.

use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Collect, CompletionData, FailedHint, IssueDate, PendingHint, Risk};
use crate::order::{OrderStarted, OrderStartedByNumber};
use crate::v5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    kind: Kind,
    document: String,
    result: String,
    #[serde(default)]
    read: Map<String, Value>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Started,
    StartedByNumber,
    Collect,
    CollectV5,
}

/// A document is refused, or read with the expected facts and written again as the same text.
#[track_caller]
fn check<T: DeserializeOwned + Serialize>(vector: &Vector, facts: impl Fn(&T) -> Value) {
    let id = &vector.id;
    let read: T = match serde_json::from_str(&vector.document) {
        Ok(read) => read,
        Err(error) => return assert_eq!(vector.result, "invalid", "{id} is refused: {error}"),
    };
    assert_eq!(vector.result, "valid", "{id} is taken");
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        vector.document,
        "{id} is written as something else"
    );
    let facts = facts(&read);
    for (name, expected) in &vector.read {
        assert_eq!(facts.get(name), Some(expected), "{id}: {name}");
    }
}

#[test]
fn vectors() {
    let file: File =
        serde_json::from_str(include_str!("../../../tests/vectors/wire/responses.json")).unwrap();
    for vector in &file.vectors {
        match vector.kind {
            Kind::Started => check(vector, started),
            Kind::StartedByNumber => check(
                vector,
                |started: &OrderStartedByNumber| json!({"orderRef": started.order_ref}),
            ),
            Kind::Collect => check(vector, |answer| collected(answer, completed)),
            Kind::CollectV5 => check(vector, |answer| collected(answer, completed_v5)),
        }
    }
}

fn started(started: &OrderStarted) -> Value {
    json!({
        "orderRef": started.order_ref.as_str(),
        "autoStartToken": started.auto_start_token.as_str(),
        "qrStartToken": started.qr_start_token.as_str(),
        "qrStartSecret": started.qr_start_secret.expose(),
        "other": names(&started.other),
    })
}

fn names(other: &Map<String, Value>) -> Vec<&str> {
    other.keys().map(String::as_str).collect()
}

fn collected<D>(answer: &Collect<D>, completed: impl Fn(&D) -> Value) -> Value {
    assert_eq!(answer.is_final(), !matches!(answer, Collect::Pending { .. }));
    match answer {
        Collect::Pending { hint_code, other, .. } => json!({
            "status": "pending",
            "hintCode": hint_code,
            "known": hint_code.as_ref().map(|hint| !matches!(hint, PendingHint::Other(_))),
            "other": names(other),
        }),
        Collect::Failed { hint_code, other, .. } => json!({
            "status": "failed",
            "hintCode": hint_code,
            "known": hint_code.as_ref().map(|hint| !matches!(hint, FailedHint::Other(_))),
            "other": names(other),
        }),
        Collect::Complete { completion_data, other, .. } => {
            let mut facts = completed(completion_data);
            facts["status"] = json!("complete");
            facts["other"] = json!(names(other));
            facts
        }
    }
}

fn completed(data: &CompletionData) -> Value {
    json!({
        "personalNumber": data.user.personal_number,
        "name": data.user.name,
        "givenName": data.user.given_name,
        "surname": data.user.surname,
        "ipAddress": data.device.ip_address,
        "uhi": data.device.uhi,
        "issueDate": data.bank_id_issue_date.as_ref().and_then(IssueDate::date),
        "mrtd": data.step_up.as_ref().and_then(|step_up| step_up.mrtd),
        "risk": data.risk.as_ref().map(Risk::as_str),
        "signature": data.signature.as_str(),
        "ocspResponse": data.ocsp_response.as_str(),
    })
}

fn completed_v5(data: &v5::CompletionData) -> Value {
    json!({
        "personalNumber": data.user.personal_number,
        "notBefore": data.cert.not_before_ms(),
        "notAfter": data.cert.not_after_ms(),
    })
}

#[test]
fn v5_validity_is_written_as_text() {
    let cert = v5::Cert::from_ms(1_502_983_274_000, 1_563_549_674_000);
    assert_eq!(
        serde_json::to_string(&cert).unwrap(),
        r#"{"notBefore":"1502983274000","notAfter":"1563549674000"}"#
    );
}

#[test]
fn nothing_personal_shows_in_debug() {
    let document = r#"{"orderRef":"o","status":"complete","completionData":{"user":{"personalNumber":"191212121212",
        "name":"Tolvan Tolvansson","givenName":"Tolvan","surname":"Tolvansson"},"device":{"ipAddress":"203.0.113.25"},
        "signature":"c2lnbmF0dXJl","ocspResponse":"b2NzcA==","nickname":"Tolle"}}"#;
    let shown = std::format!("{:?}", serde_json::from_str::<Collect>(document).unwrap());
    for secret in ["191212121212", "Tolvan", "c2lnbmF0dXJl", "b2NzcA==", "Tolle"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body: Vec<u8>) {
        let _answer = serde_json::from_slice::<Collect>(&body);
        let _answer = serde_json::from_slice::<v5::Collect>(&body);
        let _started = serde_json::from_slice::<OrderStarted>(&body);
    }

    #[test]
    fn any_hint_survives(hint: String, pending: bool) {
        let status = if pending { "pending" } else { "failed" };
        let document = json!({"orderRef": "o", "status": status, "hintCode": hint});
        let answer: Collect = serde_json::from_value(document.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&answer).unwrap(), document);
    }

    #[test]
    fn any_issue_date_survives(text: String) {
        let date = IssueDate::from(text.as_str());
        prop_assert_eq!(serde_json::to_value(&date).unwrap(), json!(text));
        let _date = date.date();
    }
}
