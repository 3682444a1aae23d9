use std::net::IpAddr;
use std::sync::Arc;

use bankid_core::request::{ApiVersion, Operation, Start};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;

use super::{Control, Guard};
use crate::clock::{ClockMode, Timestamp};
use crate::config::Config;
use crate::lane::{Collected, Rp, Started, World, WorldSettings};

mod document;
mod guard;
mod lanes;
mod local;
mod orders;
mod phone;

/// The control plane of a simulator on loopback, asked without a socket.
struct Plane(Arc<Control>);

impl Plane {
    fn new() -> Self {
        Self::guarded(Guard::new(IpAddr::from([127, 0, 0, 1]), &[], None))
    }

    fn guarded(guard: Guard) -> Self {
        let config = r#"
            [scenarios]
            slow = "outstandingTransaction 5s, userSign 9s, complete"
            [personas.me]
            personalNumber = "198001052383"
            givenName = "Me"
            surname = "Myself"
        "#;
        let world = World::new(WorldSettings {
            rules: Config::from_toml(config).unwrap().rules(false).unwrap(),
            seed: 1,
            clock: ClockMode::Frozen(Timestamp::from_unix_ms(1_800_000_000_000)),
            max_orders: 1_000,
            max_text_bytes: 1_000_000,
            max_lanes: 4,
            signers: Arc::default(),
        });
        Self(Arc::new(Control::new(guard, world)))
    }

    /// Starts an order as the plain port would, in the lane `t`.
    fn start(&self, operation: Operation, body: &str) -> Started {
        self.start_in("t", operation, body)
    }

    fn start_in(&self, lane: &str, operation: Operation, body: &str) -> Started {
        let start = Start::parse(ApiVersion::V6_0, operation, body.as_bytes()).unwrap();
        self.0.world.lane(lane).unwrap().start(&start.check().unwrap(), Rp::PLAIN).unwrap()
    }

    fn start_auth(&self) -> Started {
        self.start(Operation::Auth, r#"{"endUserIp":"127.0.0.1"}"#)
    }

    /// Collects it.
    fn collect(&self, order: &Started) -> Option<Collected> {
        self.0.world.lane("t").unwrap().collect(&order.order_ref, Rp::PLAIN)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(get(path, &[LOCAL])).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send("POST", path, &body.to_string()).await
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_simulator/v1{path}"))
            .header("host", "localhost")
            .header("content-type", "application/json; charset=utf-8");
        self.call(request.body(body.to_owned()).unwrap()).await
    }

    async fn call(&self, request: Request<String>) -> (StatusCode, Value) {
        let response = self.raw(request).await;
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).cloned();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        if body.is_empty() {
            return (status, Value::Null);
        }
        let expected =
            if status.is_success() { "application/json" } else { "application/problem+json" };
        assert_eq!(kind.unwrap(), expected);
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn raw(&self, request: Request<String>) -> Response<serve::Full> {
        self.0.answer(request.map(|body| Full::new(Bytes::from(body)))).await
    }
}

/// `GET /_simulator/v1/PATH` with headers of choice.
fn get(path: &str, headers: &[(&str, &str)]) -> Request<String> {
    let mut request = Request::get(format!("/_simulator/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(String::new()).unwrap()
}

const LOCAL: (&str, &str) = ("host", "localhost:8010");

#[tokio::test]
async fn health_says_up() {
    let (status, body) = Plane::new().call(get("/health", &[LOCAL])).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["status"], "up");
}

#[tokio::test]
async fn unknown_routes_name_the_nearest() {
    let (status, problem) = Plane::new().call(get("/helth", &[LOCAL])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(problem["code"], "notFound");
    assert_eq!(problem["nearest"], "/_simulator/v1/health");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["title"], "Not Found");
}

#[tokio::test]
async fn other_methods_are_told_which_are_taken() {
    let request = Request::delete("/_simulator/v1/health")
        .header("host", "localhost")
        .body(String::new())
        .unwrap();
    let response = Plane::new().raw(request).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[header::ALLOW], "GET");
}

#[tokio::test]
async fn parameters_nobody_takes_are_refused() {
    let (status, problem) = Plane::new().call(get("/health?verbose=1", &[LOCAL])).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(problem["code"], "invalidMember");
    assert_eq!(problem["member"], "verbose");
}
