//! The OpenAPI 3.1 document, assembled from the route table.

use http::Method;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::problem::{Code, Document};
use super::route::Route;
use super::{PREFIX, VERSION};

const ABOUT: &str = "\
Drives a running bankid-simulator: what its pretend users do next, what time it is, and a phone to act with. \
For tests; it has nothing in common with BankID's own API.";

/// Refusals any call may meet before its route is asked.
const COMMON: &[Code] = &[Code::InvalidMember, Code::ForeignHost, Code::OriginRefused];
/// The same of calls with a body.
const BODY: &[Code] = &[Code::RequestTimeout, Code::BodyTooLarge, Code::UnsupportedMediaType];

/// The document of these routes.
pub(super) fn document(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Document>();

    let mut paths = Map::new();
    for route in routes {
        let operation = operation(route, &mut generator, &problem);
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = path {
            methods.insert(route.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Control plane of bankid-simulator", "version": VERSION, "description": ABOUT},
        "servers": [{"url": PREFIX}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Only where --control-token is set."}
            },
        },
    });
    // Any crate of a build may turn on serde_json's order of insertion, for all; the file stays the same.
    document.sort_all_objects();
    document
}

fn operation(route: &Route, generator: &mut SchemaGenerator, problem: &Schema) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), route.id.into());
    operation.insert("summary".to_owned(), route.summary.into());

    let mut parameters: Vec<Value> = route.path_parameters().map(path_parameter).collect();
    if let Some(takes) = route.takes {
        let schema = takes(generator);
        if takes_body(route) {
            let content = json!({"application/json": {"schema": schema}});
            operation
                .insert("requestBody".to_owned(), json!({"required": true, "content": content}));
        } else {
            parameters.extend(query_parameters(&schema, generator));
        }
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if route.open {
        operation.insert("security".to_owned(), json!([]));
    }
    operation.insert("responses".to_owned(), responses(route, generator, problem));
    Value::Object(operation)
}

fn takes_body(route: &Route) -> bool {
    route.takes.is_some() && route.method != Method::GET
}

fn path_parameter(name: &str) -> Value {
    let description = match name {
        "lane" => "Name of the lane; it is made by its first use.",
        "orderRef" => "The order, by the name BankID's API gave it.",
        _ => "",
    };
    json!({
        "name": name, "in": "path", "required": true, "description": description, "schema": {"type": "string"}
    })
}

/// Members of the query, one by one: OpenAPI knows no object there.
fn query_parameters(schema: &Schema, generator: &SchemaGenerator) -> Vec<Value> {
    // A named type is a reference into the definitions.
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let schema =
        name.and_then(|name| generator.definitions().get(name)).unwrap_or(schema.as_value());
    let Some(Value::Object(members)) = schema.get("properties") else { return Vec::new() };
    let parameters = members.iter().map(|(name, member)| {
        let mut member = member.clone();
        let description = member.as_object_mut().and_then(|member| member.remove("description"));
        json!({"name": name, "in": "query", "description": description, "schema": member})
    });
    parameters.collect()
}

fn responses(route: &Route, generator: &mut SchemaGenerator, problem: &Schema) -> Value {
    let mut responses = Map::new();
    let good = match route.gives {
        Some(gives) => json!({
            "description": "Done.", "content": {"application/json": {"schema": gives(generator)}}
        }),
        None => json!({"description": "Done; no body."}),
    };
    let status = if route.gives.is_some() { route.status } else { http::StatusCode::NO_CONTENT };
    responses.insert(status.as_str().to_owned(), good);

    let token: &[Code] = if route.open { &[] } else { &[Code::Unauthorized] };
    let body = if takes_body(route) { BODY } else { &[] };
    let mut codes = [COMMON, token, body, route.refusals].concat();
    codes.sort_by_key(|code| code.status());
    for same_status in codes.chunk_by(|a, b| a.status() == b.status()) {
        let Some(status) = same_status.first().map(|code| code.status()) else { continue };
        let names: Vec<_> =
            same_status.iter().map(|code| format!("`{}`", name_of(*code))).collect();
        let refusal = json!({
            "description": format!("Refused: {}.", names.join(" or ")),
            "content": {"application/problem+json": {"schema": problem}},
        });
        responses.insert(status.as_str().to_owned(), refusal);
    }
    Value::Object(responses)
}

/// The code as it stands in a problem document.
fn name_of(code: Code) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}
