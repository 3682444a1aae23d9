//! A client that knows the documentation's text and nothing else: it takes the documented members, and no others.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::world::{PENDING, SIGNATURE, STARTED, World, complete};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<D> {
    jsonapi: JsonApi,
    data: D,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonApi {
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource<A> {
    r#type: String,
    attributes: A,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Started {
    order_ref: String,
    auto_start_token: String,
    qr_start_token: String,
    qr_start_secret: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Collected {
    Progress(Resource<Progress>),
    Complete(Complete),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Progress {
    order_ref: String,
    status: String,
    hint_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Complete {
    order_ref: String,
    status: String,
    completion_data: CompletionData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CompletionData {
    user: User,
    device: Device,
    cert: Cert,
    signature: String,
    ocsp_response: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct User {
    personal_number: String,
    name: String,
    given_name: String,
    surname: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Device {
    ip_address: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Cert {
    not_before: String,
    not_after: String,
}

/// How the workflow ends: the session expires, the user cancels, or the user succeeds.
enum End {
    Failed(String),
    Succeeded(Box<Complete>),
}

async fn post<D: DeserializeOwned>(world: &World, path: &str, body: &str) -> D {
    let answer = world.post(path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let document: Document<D> = serde_json::from_str(&answer.body).expect(&answer.body);
    assert_eq!(document.jsonapi.version, "1.0");
    document.data
}

/// Makes a request, and polls collect until it is over.
async fn workflow(world: &World, path: &str, body: &str) -> End {
    let started: Resource<Started> = post(world, path, body).await;
    assert_eq!(started.r#type, if path == "/auth" { "bankIdAuth" } else { "bankIdSign" });
    let Started { order_ref, auto_start_token, qr_start_token, qr_start_secret } =
        started.attributes;
    assert!(![&auto_start_token, &qr_start_token, &qr_start_secret].iter().any(|t| t.is_empty()));
    loop {
        let collect = format!(r#"{{"orderRef": "{order_ref}"}}"#);
        match post(world, "/collect", &collect).await {
            Collected::Complete(complete) => {
                assert_eq!((&complete.order_ref, &*complete.status), (&order_ref, "complete"));
                return End::Succeeded(Box::new(complete));
            }
            Collected::Progress(Resource { r#type, attributes }) => {
                assert_eq!((&*r#type, &attributes.order_ref), ("bankIdCollect", &order_ref));
                if attributes.status == "failed" {
                    return End::Failed(attributes.hint_code);
                }
                assert_eq!(attributes.status, "pending");
            }
        }
        world.clock.advance_ms(2_000);
    }
}

#[tokio::test]
async fn a_client_of_the_documentations_text_comes_to_each_end() {
    let world = World::new().await;
    let auth = r#"{"personalNumber": "203010101010", "endUserIp": "0.0.0.0"}"#;
    let sign = r#"{"personalNumber": "190101010101", "endUserIp": "0.0.0.0", "userVisibleData": "example-message"}"#;
    for (path, body) in [("/auth", auth), ("/auth", r#"{"endUserIp": "0.0.0.0"}"#), ("/sign", sign)]
    {
        for hint in ["expiredTransaction", "userCancel"] {
            let failed =
                PENDING.replace("pending", "failed").replace("outstandingTransaction", hint);
            for answer in [STARTED, PENDING, &failed] {
                world.upstream.answers(200, answer);
            }
            let End::Failed(told) = workflow(&world, path, body).await else { panic!("{path}") };
            assert_eq!(told, hint);
        }
        let done = complete("", "");
        for answer in
            [STARTED, PENDING, &PENDING.replace("outstandingTransaction", "userSign"), &done]
        {
            world.upstream.answers(200, answer);
        }
        let End::Succeeded(end) = workflow(&world, path, body).await else { panic!("{path}") };
        let CompletionData { user, device, cert, signature, ocsp_response } = end.completion_data;
        let user = [user.personal_number, user.name, user.given_name, user.surname];
        assert_eq!(user, ["190000000000", "Karl Karlsson", "Karl", "Karlsson"]);
        assert_eq!(device.ip_address, "192.168.0.1");
        assert_eq!((&*cert.not_before, &*cert.not_after), ("1502983274000", "1563549674000"));
        assert_eq!((signature, &*ocsp_response), (SIGNATURE.clone(), "MIIHfgoBAKCCB3cw"));
    }
    // And ends one on its own.
    world.upstream.answers(200, STARTED);
    let started: Resource<Started> = post(&world, "/auth", auth).await;
    world.upstream.answers(200, "{}");
    let body = format!(r#"{{"orderRef": "{}"}}"#, started.attributes.order_ref);
    world.post("/cancel", &body).await.is(200, "{}");
    world.stop().await;
}
