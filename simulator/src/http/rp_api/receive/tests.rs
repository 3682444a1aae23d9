use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body::{Body, Frame};
use http_body_util::Full;
use serve::BodyLimits;

use super::super::answer::{self, Answer};
use super::{Settings, receive};

fn request(method: Method, content_type: &[&str], body: &'static [u8]) -> Request<Full<Bytes>> {
    let mut builder = Request::builder().method(method);
    for value in content_type {
        builder = builder.header("content-type", *value);
    }
    builder.body(Full::from(body)).unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

fn received(
    request: Request<impl Body<Data = Bytes>>,
    settings: &Settings,
) -> Result<Bytes, Answer> {
    let (head, body) = request.into_parts();
    run(receive(&head, body, settings))
}

#[track_caller]
fn check(request: Request<impl Body<Data = Bytes>>, expected: Result<&'static [u8], Answer>) {
    assert_eq!(received(request, &Settings::default()), expected.map(Bytes::from_static));
}

const JSON: &[&str] = &["application/json"];

#[test]
fn bodies_of_posted_json_come_through() {
    check(request(Method::POST, JSON, b"{}"), Ok(b"{}"));
    check(request(Method::POST, JSON, b""), Ok(b""));
}

#[test]
fn other_methods_are_refused_before_the_content_type() {
    for method in
        [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS, Method::DELETE, Method::PATCH]
    {
        check(request(method.clone(), JSON, b"{}"), Err(answer::method_not_allowed()));
        check(request(method, &[], b""), Err(answer::method_not_allowed()));
    }
    let settings = Settings { empty_method_not_allowed: true, ..Settings::default() };
    let answer = received(request(Method::GET, &[], b""), &settings).unwrap_err();
    assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (405, b"".as_slice()));
}

#[test]
fn content_types_are_compared_exactly() {
    for values in [
        &[][..],
        &[""],
        &["text/plain"],
        &["application/json; charset=utf-8"],
        &["application/json;"],
        &["Application/JSON"],
        &["application/json, application/json"],
        &["application/json", "application/json"],
        &["application/problem+json"],
    ] {
        check(request(Method::POST, values, b"not JSON"), Err(answer::unsupported_media_type()));
    }
}

#[test]
fn large_bodies_are_refused() {
    static BODY: [u8; super::BODY_LIMIT + 1] = [b' '; super::BODY_LIMIT + 1];
    check(request(Method::POST, JSON, &BODY), Err(answer::invalid_request().closing()));
    check(request(Method::POST, JSON, &BODY[1..]), Ok(&BODY[1..]));
}

/// A body of which nothing comes.
struct Silent;

impl Body for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[test]
fn slow_bodies_are_refused() {
    let silent = |method| {
        Request::builder()
            .method(method)
            .header("content-type", "application/json")
            .body(Silent)
            .unwrap()
    };
    check(silent(Method::POST), Err(answer::request_timeout().closing()));
    // What the body holds makes no difference here, so it is not waited for as long.
    let took = run(async {
        let began = tokio::time::Instant::now();
        let (head, body) = silent(Method::GET).into_parts();
        let answer = receive(&head, body, &Settings::default()).await;
        assert_eq!(answer, Err(answer::method_not_allowed().closing()));
        began.elapsed()
    });
    assert!(took <= Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_body_that_waits_to_be_asked_for_is_not_asked_for_in_vain() {
    let mut request = request(Method::PUT, JSON, b"{}");
    request.headers_mut().insert("expect", http::HeaderValue::from_static("100-continue"));
    check(request, Err(answer::method_not_allowed().closing()));
}

#[test]
fn limits_can_be_set() {
    let body = BodyLimits { bytes: 2, time: Duration::from_secs(1) };
    let settings = Settings { body, ..Settings::default() };
    assert_eq!(
        received(request(Method::POST, JSON, b"{}"), &settings),
        Ok(Bytes::from_static(b"{}"))
    );
    assert_eq!(
        received(request(Method::POST, JSON, b"{ }"), &settings),
        Err(answer::invalid_request().closing())
    );
}
