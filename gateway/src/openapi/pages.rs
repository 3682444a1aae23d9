//! The calls for pages, and those with which a backend stands behind them.

use bankid_client::Call;
use bankid_core::request::Operation;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::generate::{JSON, JSON_API, body, by_status, object, resource_to_send, version};
use crate::documents::completed::Completed;
use crate::documents::{COLLECT, RESULT, TICKET, TicketMade};
use crate::fault::Code;
use crate::pages::SessionOrigin;

const OPEN: &str = "Only where the surface for pages is open.";

pub(super) fn describe(paths: &mut Map<String, Value>, generator: &mut SchemaGenerator) {
    for (operation, name) in
        [(Operation::Auth, "auth"), (Operation::Sign, "sign"), (Operation::Payment, "payment")]
    {
        paths
            .insert(format!("/ticket/{name}"), json!({"post": ticket(operation, name, generator)}));
    }
    paths.insert("/result".to_owned(), json!({"post": result(generator)}));
    for (path, method, described) in [
        ("/session", "get", look()),
        ("/session/start", "post", start()),
        ("/session/events", "get", events()),
        ("/session/cancel", "post", cancel()),
        ("/session/return", "post", returned()),
    ] {
        paths.insert(path.to_owned(), json!({method: described}));
    }
}

fn ticket(operation: Operation, name: &str, generator: &mut SchemaGenerator) -> Value {
    let mut members = body(Call::Start(operation), generator);
    if let Some(properties) = members["properties"].as_object_mut() {
        properties.remove("endUserIp");
        properties.remove("returnUrl");
    }
    if let Some(required) = members["required"].as_array_mut() {
        required.retain(|member| member != "endUserIp");
    }
    let attributes = generator.subschema_for::<TicketMade<'_>>().to_value();
    call(
        &format!("ticket{}", name.split_at(1).0.to_uppercase() + name.split_at(1).1),
        "Prepares an order that a page may start: what the page's connection says is left out.",
        (&members, TICKET),
        (&attributes, &attributes, TICKET, None),
        &[],
    )
}

fn result(generator: &mut SchemaGenerator) -> Value {
    let members = object(&json!({"code": {"type": "string"}}), &["code"]);
    let completed = generator.subschema_for::<Completed<'_>>().to_value();
    let session = generator.subschema_for::<SessionOrigin>().to_value();
    let meta = object(&json!({"session": session}), &["session"]);
    call(
        "result",
        "Exchanges the code that a page was given at the end of its order for the result, once.",
        (&members, RESULT),
        (&Value::Null, &completed, COLLECT, Some(&meta)),
        &[Code::NoSuchResult],
    )
}

/// A call of a backend: what is sent, and what is answered in the two forms. Without attributes of its own the documented
/// form is those of the strict one, bare.
fn call(
    id: &str,
    summary: &str,
    (members, sent): (&Value, &str),
    (documented, strict, kind, meta): (&Value, &Value, &str, Option<&Value>),
    further: &[Code],
) -> Value {
    let kind = json!({"type": "string", "const": kind});
    let documented = if documented.is_null() {
        strict.clone()
    } else {
        object(&json!({"type": kind, "attributes": documented}), &["type", "attributes"])
    };
    let id_member = json!({"type": "string"});
    let strict = json!({"type": kind, "id": id_member, "attributes": strict});
    let strict = object(&strict, &["type", "id", "attributes"]);
    let document = |api: &str, data: &Value| {
        let mut properties = json!({"jsonapi": version(api), "data": data});
        if let Some(meta) = meta {
            properties["meta"] = meta.clone();
        }
        object(&properties, &["jsonapi", "data"])
    };
    let left_out = [Code::MethodNotAllowed];
    let own = Code::ALL
        .into_iter()
        .filter(|code| further.contains(code) || !(code.is_of_pages() || left_out.contains(code)));
    let mut responses = Map::new();
    let content = json!({
        JSON: {"schema": document("1.0", &documented)}, JSON_API: {"schema": document("1.1", &strict)},
    });
    responses.insert("200".to_owned(), json!({"description": "Done.", "content": content}));
    for (status, codes) in by_status(own, std::iter::empty()) {
        let schema = json!({"schema": {"$ref": "#/components/schemas/Errors"}});
        responses.insert(
            status.to_string(),
            json!({"description": codes, "content": {JSON: schema, JSON_API: schema}}),
        );
    }
    let resource = resource_to_send(sent, members);
    json!({
        "operationId": id, "summary": summary, "description": OPEN,
        "requestBody": {
            "required": true,
            "content": {JSON: {"schema": members}, JSON_API: {"schema": resource}},
        },
        "responses": responses,
    })
}

/// A call of a page, which has a cookie in place of a key.
fn page(id: &str, summary: &str, sent: Option<&Value>, responses: &Value) -> Value {
    let mut described = json!({
        "operationId": id, "summary": summary, "description": OPEN, "security": [],
        "responses": responses,
    });
    if let Some(schema) = sent {
        described["requestBody"] = json!({"required": true, "content": {JSON: {"schema": schema}}});
    }
    let text = json!({"type": "string"});
    let refusal = object(
        &json!({"message": text, "code": text, "detail": text}),
        &["message", "code", "detail"],
    );
    described["responses"]["default"] = json!({
        "description": "Refused, with a message for the user.", "content": {JSON: {"schema": refusal}},
    });
    described
}

fn order() -> Value {
    let order = json!({
        "type": ["object", "null"], "required": ["startMode", "status"],
        "properties": {
            "startMode": {"type": "string", "enum": ["qr", "autostart"]},
            "status": {"type": "string", "enum": ["pending", "failed", "complete"]},
        },
    });
    let schema = object(&json!({"order": order}), &["order"]);
    json!({"200": {"description": "The order of the session.", "content": {JSON: {"schema": schema}}}})
}

fn look() -> Value {
    page("session", "Whether there is an order, for a page that was loaded anew.", None, &order())
}

fn returned() -> Value {
    let body = object(&json!({"returned": {"type": "string"}}), &["returned"]);
    let about = "The user is back from the app: `returned` is the fragment of the page's address.";
    page("sessionReturn", about, Some(&body), &order())
}

fn start() -> Value {
    let text = json!({"type": "string"});
    let body = json!({
        "type": "object",
        "properties": {
            "startMode": {"type": "string", "enum": ["qr", "autostart"], "default": "qr"},
            "language": {"type": "string", "enum": ["sv", "en"]},
            "maxTouchPoints": {"type": "integer", "minimum": 0},
            "ticket": text,
            "returnUrl": text,
            "userVisibleData": text,
            "userVisibleDataFormat": text,
        },
    });
    let responses =
        json!({"204": {"description": "There is an order, and a cookie of its session."}});
    page("sessionStart", "Starts an order in place of the one before.", Some(&body), &responses)
}

fn cancel() -> Value {
    let responses = json!({"204": {"description": "There is no order, or it was over."}});
    page("sessionCancel", "Ends the order.", None, &responses)
}

fn events() -> Value {
    let stream = json!({"text/event-stream": {"schema": {"type": "string"}}});
    let responses = json!({
        "200": {"description": "What there is to show, until the order is over.", "content": stream},
        "204": {"description": "There is no order. Browsers do not come back to this."},
    });
    page("sessionEvents", "Server-sent events of order updates.", None, &responses)
}
