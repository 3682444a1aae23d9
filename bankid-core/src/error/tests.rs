//! The error codes, and the documents they come in.

use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;
use serde::Deserialize;

use super::{ApiError, ErrorCode, Invalid};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesFile {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    codes: Vec<Entry>,
    /// Those of the clients, who test them.
    #[serde(rename = "own")]
    _own: serde::de::IgnoredAny,
    /// Those of the gateway, which tests them.
    #[serde(rename = "gateway")]
    _gateway: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    statuses: Vec<u16>,
    #[serde(rename = "comment")]
    _comment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorsFile {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    document: String,
    result: String,
    error_code: Option<String>,
    details: Option<String>,
    known: Option<bool>,
}

#[test]
fn codes_and_statuses() {
    let file: CodesFile =
        serde_json::from_str(include_str!("../../../tests/vectors/codes.json")).unwrap();
    let known: Vec<_> = ErrorCode::KNOWN.iter().map(ErrorCode::as_str).collect();
    let listed: Vec<_> = file.codes.iter().map(|code| code.code.as_str()).collect();
    assert_eq!(known, listed);
    for Entry { code, statuses, .. } in file.codes {
        let parsed = ErrorCode::from(code.as_str());
        assert!(!matches!(parsed, ErrorCode::Other(_)), "{code}");
        assert_eq!(parsed.statuses(), statuses, "{code}");
    }
}

#[test]
fn documents() {
    let file: ErrorsFile =
        serde_json::from_str(include_str!("../../../tests/vectors/wire/errors.json")).unwrap();
    for vector in file.vectors {
        let id = &vector.id;
        let read: ApiError = match serde_json::from_str(&vector.document) {
            Ok(read) => read,
            Err(error) => {
                assert_eq!(vector.result, "invalid", "{id} is refused: {error}");
                continue;
            }
        };
        assert_eq!(vector.result, "valid", "{id} is taken");
        assert_eq!(Some(read.error_code.as_str()), vector.error_code.as_deref(), "{id}");
        assert_eq!(read.details.as_deref(), vector.details.as_deref(), "{id}");
        assert_eq!(Some(!matches!(read.error_code, ErrorCode::Other(_))), vector.known, "{id}");
        assert_eq!(
            serde_json::to_string(&read).unwrap(),
            vector.document,
            "{id} is written as something else"
        );
    }
}

#[test]
fn maintenance_is_known_in_any_spelling() {
    for (code, expected) in [("maintenance", true), ("Maintenance", true), ("internalError", false)]
    {
        assert_eq!(ErrorCode::from(code).is_maintenance(), expected, "{code}");
        assert_eq!(ErrorCode::from(code).as_str(), code);
    }
}

#[test]
fn a_refused_request_becomes_the_document() {
    let invalid = Invalid::new("endUserIp", "Invalid endUserIp");
    assert_eq!(std::format!("{invalid}"), "endUserIp is refused: Invalid endUserIp");
    let document = serde_json::to_string(&ApiError::from(invalid)).unwrap();
    assert_eq!(document, r#"{"errorCode":"invalidParameters","details":"Invalid endUserIp"}"#);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body: Vec<u8>) {
        let _error = serde_json::from_slice::<ApiError>(&body);
    }

    #[test]
    fn any_code_survives(code: String) {
        let error: ApiError = serde_json::from_value(serde_json::json!({"errorCode": code})).unwrap();
        prop_assert_eq!(error.error_code.as_str(), code);
    }
}
