//! From types and operations to the document.

use bankid_client::Call;
use bankid_core::request::Operation;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::requests::{AtDevice, ByNumber, ByOrderRef, InCall, Paying, Text};
use crate::documents::completed::Completed;
use crate::documents::meta::Meta;
use crate::documents::{COLLECT, CancelledOrder, ErrorObject, Progress, Started};
use crate::fault::Code;
use crate::request::kind;

pub(super) const JSON: &str = "application/json";
pub(super) const JSON_API: &str = "application/vnd.api+json";

const ABOUT: &str = "\
Swedish BankID for whoever has an API key: start an order, then collect every two seconds until it is complete or has \
failed. docs/gateway.md has the whole story.";

/// The document.
pub(super) fn document() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for call in Call::ALL {
        let post = json!({"post": operation(call, &mut generator)});
        paths.insert(format!("/{call}"), post);
    }
    super::pages::describe(&mut paths, &mut generator);
    paths.insert(super::PATH.to_owned(), json!({"get": this()}));
    let errors = errors(&mut generator);
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Errors".to_owned(), errors);
    let key = json!({"type": "apiKey", "in": "header", "name": "x-api-key"});
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "bankid-gateway", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": key}},
    });
    // Any crate of a build may turn on serde_json's order of insertion, for all; the file stays the same.
    document.sort_all_objects();
    document
}

fn this() -> Value {
    let content = json!({JSON: {"schema": {"type": "object"}}});
    json!({
        "operationId": "openapi", "summary": "This document.", "security": [],
        "responses": {"200": {"description": "The document.", "content": content}},
    })
}

fn operation(call: Call, generator: &mut SchemaGenerator) -> Value {
    let name = format!("{}Body", kind_of(call));
    let members = json!({"$ref": format!("#/components/schemas/{name}")});
    let described = body(call, generator);
    generator.definitions_mut().insert(name, described);
    let document = resource_to_send(kind_of(call), &members);
    let mut responses = Map::new();
    responses.insert("200".to_owned(), answer(call, generator));
    for (status, codes) in refusals(call) {
        let content = json!({"schema": {"$ref": "#/components/schemas/Errors"}});
        responses.insert(
            status.to_string(),
            json!({"description": codes, "content": {JSON: content, JSON_API: content}}),
        );
    }
    json!({
        "operationId": id(call),
        "summary": summary(call),
        "parameters": parameters(call),
        "requestBody": {
            "required": true,
            "content": {JSON: {"schema": members}, JSON_API: {"schema": document}},
        },
        "responses": responses,
    })
}

const fn id(call: Call) -> &'static str {
    match call {
        Call::Start(Operation::Auth) => "auth",
        Call::Start(Operation::Sign) => "sign",
        Call::Start(Operation::Payment) => "payment",
        Call::Start(Operation::OtherPayment) => "otherPayment",
        Call::Start(Operation::PhoneAuth) => "phoneAuth",
        Call::Start(Operation::PhoneSign) => "phoneSign",
        Call::Collect => "collect",
        Call::Cancel => "cancel",
    }
}

const fn summary(call: Call) -> &'static str {
    match call {
        Call::Start(Operation::Auth) => "Starts an identification.",
        Call::Start(Operation::Sign) => "Starts a signature over a text.",
        Call::Start(Operation::Payment) => "Starts the approval of a payment or a card action.",
        Call::Start(Operation::OtherPayment) => {
            "Starts the same for a user pointed out by personal number."
        }
        Call::Start(Operation::PhoneAuth) => "Starts an identification during a phone call.",
        Call::Start(Operation::PhoneSign) => "Starts a signature during a phone call.",
        Call::Collect => "Asks how an order stands. A result can be had again for its time.",
        Call::Cancel => "Ends an order.",
    }
}

const fn kind_of(call: Call) -> &'static str {
    match call {
        Call::Start(operation) => kind(operation),
        Call::Collect => COLLECT,
        Call::Cancel => crate::documents::CANCEL,
    }
}

fn parameters(call: Call) -> Value {
    if call == Call::Cancel {
        return json!([]);
    }
    let words = json!({
        "type": "array", "minItems": 1, "items": {"type": "string", "enum": ["qr", "links", "message"]},
    });
    let secrets = json!({"type": "string", "const": "none"});
    let query = |name: &str, schema: &Value, about: &str| {
        json!({
            "name": name, "in": "query", "description": about, "schema": schema,
            "style": "form", "explode": false,
        })
    };
    let language = json!({
        "name": "Accept-Language", "in": "header", "schema": {"type": "string"},
        "description": "Language of `meta.message`: Swedish, or English.",
    });
    json!([
        query("meta", &words, "What the answer is to have under `meta`; also as `bankIdMeta`."),
        query("secrets", &secrets, "Leaves `qrStartSecret` out; also as `bankIdSecrets`."),
        language,
    ])
}

/// The members of a body.
pub(super) fn body(call: Call, generator: &mut SchemaGenerator) -> Value {
    let parts = match call {
        Call::Collect | Call::Cancel => vec![ByOrderRef::json_schema(generator)],
        Call::Start(operation) => {
            let text = Text::json_schema(generator);
            match operation {
                Operation::Auth | Operation::Sign => vec![AtDevice::json_schema(generator), text],
                Operation::Payment => {
                    vec![AtDevice::json_schema(generator), Paying::json_schema(generator), text]
                }
                Operation::OtherPayment => {
                    vec![ByNumber::json_schema(generator), Paying::json_schema(generator), text]
                }
                Operation::PhoneAuth | Operation::PhoneSign => {
                    vec![InCall::json_schema(generator), text]
                }
            }
        }
    };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in parts {
        let part = part.to_value();
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    if matches!(call, Call::Start(Operation::Sign | Operation::PhoneSign)) {
        properties["userVisibleData"]["type"] = "string".into();
        required.push("userVisibleData".into());
    }
    required.sort_by_key(Value::to_string);
    let mut body = json!({"type": "object", "properties": properties, "required": required});
    if let Call::Start(operation) = call {
        let rules = combinations(operation);
        if !rules.is_empty() {
            body["allOf"] = rules.into();
        }
    }
    body
}

/// What members cannot be beside each other (2.2).
fn combinations(operation: Operation) -> Vec<Value> {
    let has =
        |member: &str, schema: Value| json!({"required": [member], "properties": {member: schema}});
    let mut rules = Vec::new();
    if !matches!(operation, Operation::PhoneAuth | Operation::PhoneSign) {
        let app = has("app", json!({"type": "object"}));
        let web = has("web", json!({"type": "object"}));
        rules.push(json!({"not": {"allOf": [app, web]}}));
    }
    if matches!(operation, Operation::Payment | Operation::OtherPayment) {
        let hidden = has("userNonVisibleData", json!({"type": "string"}));
        let shown = has("userVisibleData", json!({"type": "string"}));
        rules.push(json!({"if": hidden, "then": shown}));
    }
    rules
}

pub(super) fn resource_to_send(kind: &str, attributes: &Value) -> Value {
    object(
        &json!({
            "data": object(&json!({"type": {"type": "string", "const": kind}, "attributes": attributes}), &["type", "attributes"]),
        }),
        &["data"],
    )
}

/// An object of these properties.
pub(super) fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

pub(super) fn version(version: &str) -> Value {
    object(&json!({"version": {"type": "string", "const": version}}), &["version"])
}

/// The two forms of the answer to a call.
fn answer(call: Call, generator: &mut SchemaGenerator) -> Value {
    let (documented, strict) = forms(call, generator);
    json!({
        "description": "Done.",
        "content": {JSON: {"schema": documented}, JSON_API: {"schema": strict}},
    })
}

fn forms(call: Call, generator: &mut SchemaGenerator) -> (Value, Value) {
    let mut of =
        |schema: fn(&mut SchemaGenerator) -> schemars::Schema| schema(generator).to_value();
    let meta = of(SchemaGenerator::subschema_for::<Meta>);
    let kind = json!({"type": "string", "const": kind_of(call)});
    let document = |api: &str, data: Value| {
        let members = json!({"jsonapi": version(api), "data": data, "meta": meta.clone()});
        object(&members, &["jsonapi", "data"])
    };
    let documented = |attributes: &Value| {
        object(&json!({"type": kind, "attributes": attributes}), &["type", "attributes"])
    };
    let strict = |attributes: &Value| {
        let members = json!({"type": kind, "id": {"type": "string"}, "attributes": attributes});
        object(&members, &["type", "id", "attributes"])
    };
    match call {
        Call::Start(_) => {
            let attributes = of(SchemaGenerator::subschema_for::<Started<'_>>);
            (document("1.0", documented(&attributes)), document("1.1", strict(&attributes)))
        }
        Call::Collect => {
            let progress = of(SchemaGenerator::subschema_for::<Progress<'_>>);
            let completed = of(SchemaGenerator::subschema_for::<Completed<'_>>);
            let either = json!({"oneOf": [documented(&progress), completed.clone()]});
            let attributes = json!({"oneOf": [progress, completed]});
            (document("1.0", either), document("1.1", strict(&attributes)))
        }
        Call::Cancel => {
            let order = of(SchemaGenerator::subschema_for::<CancelledOrder<'_>>);
            let members = json!({"jsonapi": version("1.1"), "meta": order});
            let nothing = json!({"type": "object", "additionalProperties": false});
            (nothing, object(&members, &["jsonapi", "meta"]))
        }
    }
}

/// The document of a call that failed.
fn errors(generator: &mut SchemaGenerator) -> Value {
    let error = generator.subschema_for::<ErrorObject<'_>>().to_value();
    let meta = generator.subschema_for::<Meta>().to_value();
    let api = object(&json!({"version": {"type": "string", "enum": ["1.0", "1.1"]}}), &["version"]);
    let list = json!({"type": "array", "items": error, "minItems": 1, "maxItems": 1});
    let members = json!({"jsonapi": api, "errors": list, "meta": meta});
    object(&members, &["jsonapi", "errors"])
}

/// The statuses of calls that fail, and their codes: the gateway's own, then those that come of BankID.
fn refusals(call: Call) -> Vec<(u16, String)> {
    // At a path that exists only another order can be missing, and the document knows no other methods.
    let other = [Code::NotFound, Code::MethodNotAllowed];
    let own = Code::ALL.into_iter().filter(|code| !other.contains(code) && !code.is_of_pages());
    let of_order: &[(u16, &str)] = match call {
        Call::Start(_) => &[(409, "alreadyInProgress")],
        Call::Collect | Call::Cancel => {
            &[(404, "invalidParameters"), (502, "resultLost"), (502, "completionRefused")]
        }
    };
    let upstream = [
        (502, "connectionFailed"),
        (502, "tlsFailed"),
        (502, "badAnswer"),
        (502, "unauthorized"),
        (502, "internalError"),
        (503, "maintenance"),
        (504, "timeout"),
        (504, "requestTimeout"),
    ];
    by_status(own, of_order.iter().copied().chain(upstream))
}

/// Codes by their status, as they are described.
pub(super) fn by_status<'a>(
    own: impl Iterator<Item = Code>,
    others: impl Iterator<Item = (u16, &'a str)>,
) -> Vec<(u16, String)> {
    let mut rows: Vec<(u16, Vec<&str>)> = Vec::new();
    let own = own.map(|code| {
        let (status, word, _) = code.row();
        (status.as_u16(), word)
    });
    for (status, word) in own.chain(others) {
        match rows.iter_mut().find(|(known, _)| *known == status) {
            Some((_, words)) => words.push(word),
            None => rows.push((status, vec![word])),
        }
    }
    let named = |(status, words): (u16, Vec<&str>)| {
        let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
        (status, format!("Refused: {}.", words.join(", ")))
    };
    rows.into_iter().map(named).collect()
}
