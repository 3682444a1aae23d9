//! The OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::http::control_api::{openapi, table};

fn document() -> Value {
    openapi::document(&table::routes())
}

#[test]
fn golden_document_is_what_the_routes_say() {
    let document = serde_json::to_string_pretty(&document()).unwrap();
    crate::golden::check("openapi.json", &format!("{document}\n"));
}

#[test]
fn every_route_is_in_it_once() {
    let document = document();
    let mut ids = BTreeSet::new();
    for route in table::routes() {
        let operation = &document["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        assert_eq!(operation["operationId"], route.id);
        assert!(ids.insert(route.id), "{} stands twice", route.id);
        assert!(route.summary.ends_with('.'), "{}", route.id);
        let declared: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
        for name in route.path_parameters() {
            assert!(
                declared
                    .iter()
                    .any(|parameter| parameter["name"] == name && parameter["in"] == "path")
            );
        }
    }
    let operations: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(operations, ids.len());
}

#[test]
fn all_references_lead_somewhere() {
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
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    walk(&document, &document);
}

#[tokio::test]
async fn the_root_of_signatures_is_told() {
    let plane = super::Plane::new();
    let (status, root) = plane.get("/userRoot").await;
    assert_eq!(status, http::StatusCode::OK);
    let expected = plane.0.world.signers().root_pem().await.unwrap();
    assert_eq!(root, serde_json::json!({"certificate": expected}));
}
