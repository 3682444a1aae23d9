//! That the document is what the code does.

use std::collections::BTreeSet;

use bankid_client::Call;
use bankid_core::collect::Collect;
use bankid_core::request::Operation;
use serde_json::{Value, json};

use super::generate;
use crate::documents::sample;
use crate::fault::Source;
use crate::media::Media;
use crate::query::Query;
use crate::request::StartBody;

#[test]
fn golden_document_is_what_the_code_says() {
    let text = serde_json::to_string_pretty(&generate::document()).unwrap() + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(file, text).unwrap();
        return;
    }
    let committed = super::DOCUMENT;
    assert!(
        committed == text,
        "openapi.json is not what the code generates: run the test again with UPDATE_GOLDEN=1"
    );
}

#[test]
fn every_call_is_in_it_and_every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(path) = members.get("$ref") {
                    let pointer = path.as_str().unwrap().strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{path}");
                }
                members.values().for_each(|member| walk(member, document));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, document)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = generate::document();
    walk(&document, &document);
    for call in Call::ALL {
        assert!(document["paths"][format!("/{call}")]["post"].is_object(), "{call}");
    }
}

fn properties(call: Call) -> BTreeSet<String> {
    let document = generate::document();
    let operation = &document["paths"][format!("/{call}")]["post"];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let pointer = schema["$ref"].as_str().unwrap().trim_start_matches('#');
    let schema = document.pointer(pointer).unwrap();
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}

/// A member that an operation has is refused with a value of no type that it takes; one that it has not is ignored.
#[test]
fn bodies_have_the_members_that_are_read() {
    let all: BTreeSet<_> = Call::ALL.into_iter().flat_map(properties).collect();
    assert_eq!(all.len(), 15, "{all:?}");
    for operation in Operation::ALL {
        let known = properties(Call::Start(operation));
        for member in &all {
            // A number in an array is neither text nor truth nor object nor list of texts.
            let mut body = json!({
                "endUserIp": "203.0.113.25", "personalNumber": "190000000000", "callInitiator": "RP",
                "userVisibleData": "text",
                "userVisibleTransaction": {"transactionType": "npa", "recipient": {"name": "Exempelbanken"}},
            });
            body[member] = json!([7]);
            let read = StartBody::read(operation, Media::Documented, body.to_string().as_bytes());
            let fault = read.and_then(|body| body.start().map(|_| ()));
            let pointer = match fault.map_err(|fault| fault.source) {
                Err(Some(Source::Pointer(pointer))) => pointer,
                Ok(()) | Err(_) => String::new(),
            };
            let is_read = pointer == format!("/{member}");
            assert_eq!(is_read, known.contains(member), "{operation:?} {member}: {pointer}");
        }
    }
}

/// Whether a value is of a schema, as far as schemas of this document go.
fn fits(value: &Value, schema: &Value, document: &Value) -> bool {
    if let Some(path) = schema.get("$ref") {
        let pointer = path.as_str().unwrap().strip_prefix('#').unwrap();
        return fits(value, document.pointer(pointer).unwrap(), document);
    }
    for (word, wanted) in [("oneOf", 1..=1), ("anyOf", 1..=usize::MAX)] {
        if let Some(Value::Array(schemas)) = schema.get(word) {
            let count = schemas.iter().filter(|schema| fits(value, schema, document)).count();
            return wanted.contains(&count);
        }
    }
    let is_type = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other}"),
    };
    let one = &schema["type"];
    let types = one.as_array().map_or_else(|| is_type(one), |types| types.iter().any(is_type));
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    types
        && schema.get("const").is_none_or(|wanted| wanted == value)
        && schema.get("enum").is_none_or(|words| words.as_array().unwrap().contains(value))
        && required.into_iter().flatten().all(|name| value.get(name.as_str().unwrap()).is_some())
        && value.as_object().into_iter().flatten().all(|(name, member)| {
            // No member is undescribed: every one of these values is known.
            properties.is_some_and(|known| {
                known.get(name).is_some_and(|schema| fits(member, schema, document))
            })
        })
        && value.as_array().into_iter().flatten().all(|item| fits(item, &schema["items"], document))
}

#[track_caller]
fn check(call: Call, media: Media, status: u16, body: &[u8]) {
    check_at(call.path(), media, status, body);
}

#[track_caller]
fn check_at(call: &str, media: Media, status: u16, body: &[u8]) {
    let document = generate::document();
    let body: Value = serde_json::from_slice(body).unwrap();
    let operation = &document["paths"][format!("/{call}")]["post"];
    let schema = &operation["responses"][status.to_string()]["content"][media.as_str()]["schema"];
    assert!(fits(&body, schema, &document), "{call} {media:?} {status}: {body}\n{schema:#}");
    // The check does check.
    assert!(!fits(&json!({"data": 7}), schema, &document));
}

#[test]
fn answers_are_as_described() {
    for media in [Media::Documented, Media::JsonApi] {
        let form = sample::form(media);
        for operation in Operation::ALL {
            let order = sample::order(operation);
            let call = Call::Start(operation);
            check(call, media, 200, form.started(&order, 0).body());
        }
        let order = sample::order(Operation::Auth);
        for standing in sample::standings() {
            let is_complete = matches!(standing.answer, Collect::Complete { .. });
            let response = form.collected(&order, &standing, 0);
            check(Call::Collect, media, 200, response.body());
            let text = std::str::from_utf8(response.body()).unwrap();
            assert_eq!(text.contains("stepUp"), is_complete);
        }
        check(Call::Cancel, media, 200, form.cancelled("order").body());
        check_at("ticket/sign", media, 200, form.ticket("a").body());
        let mut form = form;
        form.query = Query::default();
        let standing = sample::standings().last().unwrap();
        check_at("result", media, 200, form.result(&order, &standing, sample::session()).body());
        for fault in sample::faults() {
            let response = form.failed(&fault);
            check(Call::Collect, media, fault.status.as_u16(), response.body());
        }
    }
}
