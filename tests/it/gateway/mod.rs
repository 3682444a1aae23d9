//! The gateway in front of the simulator, over mutual TLS, both on one clock that only the test turns.

mod faults;
mod instances;
mod pages;
mod parties;
mod settings;
mod stories;

use bankid_client::Config;
use bytes::Bytes;
use gateway::{ApiKey, Gateway, Keys};
use http::Request;
use serde_json::{Value, json};
use simulator::simulator::Builder;

use crate::client::support::Pair;

const KEY: &str = "example-api-key";

/// A gateway with its simulator.
struct Service {
    pair: Pair,
    gateway: Gateway,
}

impl Service {
    async fn scenario(scenario: &str) -> Self {
        Self::with(|builder| builder.scenario(scenario), |config| config).await
    }

    async fn with(
        set: impl FnOnce(Builder) -> Builder,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        let pair = Pair::with(set, configure).await;
        let keys = Keys::new([ApiKey::new("shop").accepting(KEY)]).expect("good keys");
        let gateway = Gateway::new(pair.client.clone(), keys);
        Self { pair, gateway }
    }

    /// Posts as the documentation has it; status and document of the answer.
    async fn post(&self, target: &str, body: &Value) -> (u16, Value) {
        post(&self.gateway, target, body).await
    }

    /// Starts an order; its attributes.
    async fn start(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{path} {body}: {answer}");
        answer["data"]["attributes"].clone()
    }

    async fn collect(&self, order_ref: &Value) -> (u16, Value) {
        self.post("/collect", &json!({"orderRef": order_ref})).await
    }

    /// Collects at the pace of the gateway until the order is over; all hints, and the last document.
    async fn story(&self, order_ref: &Value) -> (Vec<String>, Value) {
        let mut hints = Vec::new();
        for _ in 0..100 {
            let (status, answer) = self.collect(order_ref).await;
            assert_eq!(status, 200, "{answer}");
            if answer["data"]["status"] == "complete" {
                return (hints, answer);
            }
            let attributes = &answer["data"]["attributes"];
            let hint = attributes["hintCode"].as_str().expect("a hint").to_owned();
            hints.push(hint);
            if attributes["status"] == "failed" {
                return (hints, answer);
            }
            assert_eq!(attributes["status"], "pending", "{answer}");
            self.advance_ms(2_000);
        }
        panic!("no end after 100 collects: {hints:?}");
    }

    fn advance_ms(&self, ms: u64) {
        self.pair.sim.advance(std::time::Duration::from_millis(ms));
    }

    async fn stop(self) {
        drop(self.gateway);
        self.pair.stop().await;
    }
}

async fn post(gateway: &Gateway, target: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(target)
        .header("x-api-key", KEY)
        .header("content-type", "application/json; charset=utf-8")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let response = gateway.answer(request).await;
    let status = response.status().as_u16();
    let document = serde_json::from_slice(response.body()).expect("a document");
    (status, document)
}
