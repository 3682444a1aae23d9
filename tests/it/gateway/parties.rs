//! Several relying parties behind one gateway, each with a certificate of its own.

use std::collections::HashMap;

use bankid_client::Client;
use bytes::Bytes;
use gateway::{ApiKey, Gateway, Keys};
use http::Request;
use serde_json::{Value, json};

use crate::client::support::{Pair, config, identity};

async fn post(gateway: &Gateway, key: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(path)
        .header("x-api-key", key)
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let response = gateway.answer(request).await;
    let document = serde_json::from_slice(response.body()).expect("a document");
    (response.status().as_u16(), document)
}

/// BankID knows an order by the certificate that started it.
#[tokio::test]
async fn each_key_calls_with_the_certificate_of_its_relying_party() {
    let pair = Pair::scenario("userSign x3, complete").await;
    let other = Client::new(config(&pair.sim, identity(&pair.sim, 1))).expect("settings that hold");
    let clients = || HashMap::from([("other".to_owned(), other.clone())]);
    let keys = ["shop", "other"].map(|name| ApiKey::new(name).accepting(name));
    let gateway = Gateway::new(pair.client.clone(), Keys::new(keys).expect("good keys"));
    gateway.replace_clients(clients());
    for key in ["shop", "other"] {
        let auth = json!({"endUserIp": "203.0.113.25"});
        let (status, answer) = post(&gateway, key, "/auth", &auth).await;
        assert_eq!(status, 200, "{answer}");
        let order = json!({"orderRef": answer["data"]["attributes"]["orderRef"]});
        let (status, answer) = post(&gateway, key, "/collect", &order).await;
        assert_eq!(status, 200, "{key}: {answer}");
        // Orders are of the relying party's keys alone.
        let stranger = if key == "shop" { "other" } else { "shop" };
        assert_eq!(post(&gateway, stranger, "/collect", &order).await.0, 404);
        pair.sim.advance(std::time::Duration::from_secs(2));
        // With the certificate of another party BankID knows no such order.
        let moved = HashMap::from([("shop".to_owned(), other.clone())]);
        gateway.replace_clients(moved);
        assert_eq!(post(&gateway, key, "/cancel", &order).await.0, 404, "{key}");
        gateway.replace_clients(clients());
        assert_eq!(post(&gateway, key, "/cancel", &order).await, (200, json!({})), "{key}");
    }
    drop((gateway, other));
    pair.stop().await;
}
