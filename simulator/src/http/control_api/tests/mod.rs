use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;

use super::{Control, Guard};

mod document;
mod guard;

/// The control plane of a simulator on loopback, asked without a socket.
struct Plane(Arc<Control>);

impl Plane {
    fn new() -> Self {
        Self::guarded(Guard::new(IpAddr::from([127, 0, 0, 1]), &[], None))
    }

    fn guarded(guard: Guard) -> Self {
        Self(Arc::new(Control::new(guard)))
    }

    async fn call(&self, request: Request<&'static str>) -> (StatusCode, Value) {
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

    async fn raw(&self, request: Request<&'static str>) -> Response<serve::Full> {
        self.0.answer(request.map(|body| Full::new(Bytes::from(body)))).await
    }
}

/// `GET /_simulator/v1/PATH` with headers of choice.
fn get(path: &str, headers: &[(&str, &str)]) -> Request<&'static str> {
    let mut request = Request::get(format!("/_simulator/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body("").unwrap()
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
    let request =
        Request::delete("/_simulator/v1/health").header("host", "localhost").body("").unwrap();
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
