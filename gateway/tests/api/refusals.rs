//! Who is not let in, and what is not understood.

use bankid_client::Call;
use bankid_core::request::Operation;
use gateway::{Admission, ApiKey, BodyFault, Keys, Limits};
use http::Request;

use crate::world::{KEY, STARTED, World, by_order_ref, request};

const AUTH: &str = r#"{"endUserIp":"0.0.0.0"}"#;

#[tokio::test]
async fn without_a_key_there_is_nothing() {
    let world = World::new().await;
    let auth = async |headers: &[(&str, &str)]| world.send(request("/auth", headers, AUTH)).await;
    let answer = auth(&[]).await;
    answer.fails(401, "unauthorized", "header x-api-key");
    assert!(answer.header("www-authenticate").starts_with("ApiKey"));
    for wrong in ["", "example-api-kez", "example-api-key ", "EXAMPLE-API-KEY", &"k".repeat(9_000)]
    {
        auth(&[("x-api-key", wrong)]).await.fails(401, "unauthorized", "header x-api-key");
    }
    let twice = [("x-api-key", KEY), ("x-api-key", KEY)];
    auth(&twice).await.fails(401, "unauthorized", "header x-api-key");
    world.stop().await;
}

#[tokio::test]
async fn a_key_has_rights() {
    let key = ApiKey::new("login").accepting("login-key");
    let world = World::keys([key.rights([Call::Start(Operation::Auth), Call::Collect])]).await;
    let post = async |path: &str, body: &str| {
        world.send(request(path, &[("x-api-key", "login-key")], body)).await
    };
    for call in Call::ALL {
        let path = format!("/{call}");
        match call {
            Call::Start(Operation::Auth) => {
                world.upstream.answers(200, STARTED);
                assert_eq!(post(&path, AUTH).await.status, 200);
            }
            Call::Collect => {
                post(&path, "{}").await.fails(400, "invalidParameters", "pointer /orderRef");
            }
            Call::Start(_) | Call::Cancel => {
                post(&path, AUTH).await.fails(403, "forbidden", "");
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn an_order_belongs_to_the_key_that_started_it() {
    let world = World::keys([ApiKey::new("other").accepting("other-key")]).await;
    world.auth().await;
    for path in ["/collect", "/cancel"] {
        let request = request(path, &[("x-api-key", "other-key")], &by_order_ref());
        world.send(request).await.fails(404, "invalidParameters", "");
    }
    // A key is exchanged without its orders being lost.
    let keys = [ApiKey::new("shop").accepting("new-key").accepting(KEY)];
    world.gateway.replace_keys(Keys::new(keys).expect("good keys"));
    for key in [KEY, "new-key"] {
        world.upstream.answers(200, crate::world::PENDING);
        let request = request("/collect", &[("x-api-key", key)], &by_order_ref());
        assert_eq!(world.send(request).await.status, 200, "{key}");
        world.clock.advance_ms(2_000);
    }
    let request = request("/collect", &[("x-api-key", "other-key")], &by_order_ref());
    world.send(request).await.fails(401, "unauthorized", "header x-api-key");
    world.stop().await;
}

#[tokio::test]
async fn a_key_is_used_at_its_pace() {
    let world = World::keys([ApiKey::new("slow").accepting("slow-key").calls_per_second(2)]).await;
    let call = async || {
        let answer = world.send(request("/cancel", &[("x-api-key", "slow-key")], "{}")).await;
        (answer.status, answer.header("retry-after").to_owned())
    };
    let allowed = (400, String::new());
    let refused = (429, "1".to_owned());
    for expected in [&allowed, &allowed, &refused, &refused] {
        assert_eq!(&call().await, expected);
    }
    world.clock.advance_ms(500);
    assert_eq!(call().await, allowed);
    assert_eq!(call().await, refused);
    world.stop().await;
}

#[tokio::test]
async fn paths_and_methods_are_exact() {
    let world = World::new().await;
    for path in [
        "/",
        "/auth/",
        "//auth",
        "/AUTH",
        "/%61uth",
        "/auth/../auth",
        "/rp/v6.0/auth",
        "/phone",
        "*",
    ] {
        world.post(path, AUTH).await.fails(404, "notFound", "");
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"] {
        let request = Request::builder().method(method).uri("/auth").body(AUTH.into()).unwrap();
        let answer = world.send(request).await;
        answer.fails(405, "methodNotAllowed", "");
        assert_eq!(answer.header("allow"), "POST");
        // Pages of other origins are told nothing.
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    }
    world.stop().await;
}

#[tokio::test]
async fn the_description_needs_no_key() {
    let world = World::new().await;
    let ask = async |method: &str| {
        let request = Request::builder().method(method).uri("/openapi.json");
        world.send(request.body(bytes::Bytes::new()).unwrap()).await
    };
    let answer = ask("GET").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.json()["openapi"], "3.1.0");
    let answer = ask("POST").await;
    answer.fails(405, "methodNotAllowed", "");
    assert_eq!(answer.header("allow"), "GET, HEAD");
    world.stop().await;
}

#[tokio::test]
async fn bodies_that_are_not_understood_are_refused_where_they_are_wrong() {
    let world = World::new().await;
    let cases = [
        ("/auth", "", "pointer "),
        ("/auth", "[]", "pointer "),
        ("/auth", r#"{"endUserIp":"0.0.0.0"}}"#, "pointer "),
        ("/auth", "{}", "pointer /endUserIp"),
        ("/auth", r#"{"endUserIp":7}"#, "pointer /endUserIp"),
        ("/auth", r#"{"endUserIp":"0.0.0.0","endUserIp":"0.0.0.0"}"#, "pointer /endUserIp"),
        ("/auth", r#"{"endUserIp":"0.0.0.0","personalNumber":"1"}"#, "pointer /personalNumber"),
        (
            "/auth",
            r#"{"endUserIp":"0.0.0.0","personalNumber":191212121212}"#,
            "pointer /personalNumber",
        ),
        (
            "/auth",
            r#"{"endUserIp":"0.0.0.0","requirement":{"personalNumber":"1"}}"#,
            "pointer /requirement/personalNumber",
        ),
        (
            "/auth",
            r#"{"endUserIp":"0.0.0.0","personalNumber":"191212121212","requirement":{"personalNumber":"191212121212"}}"#,
            "pointer /requirement",
        ),
        (
            "/auth",
            r#"{"endUserIp":"0.0.0.0","personalNumber":null,"personalNumber":"1"}"#,
            "pointer /personalNumber",
        ),
        (
            "/auth",
            r#"{"endUserIp":"0.0.0.0","personalNumber":"191212121212","requirement":7}"#,
            "pointer /requirement",
        ),
        ("/sign", r#"{"endUserIp":"0.0.0.0"}"#, "pointer /userVisibleData"),
        ("/sign", r#"{"endUserIp":"0.0.0.0","userVisibleData":""}"#, "pointer /userVisibleData"),
        ("/sign", r#"{"endUserIp":"0.0.0.0","userVisibleData":7}"#, "pointer /userVisibleData"),
        (
            "/sign",
            r#"{"endUserIp":"0.0.0.0","userVisibleData":"%","userVisibleDataEncoding":"base64"}"#,
            "pointer /userVisibleData",
        ),
        (
            "/sign",
            r#"{"endUserIp":"0.0.0.0","userVisibleData":"a","userVisibleDataEncoding":"hex"}"#,
            "pointer /userVisibleDataEncoding",
        ),
        ("/phone/auth", r#"{"callInitiator":"RP"}"#, "pointer /personalNumber"),
        ("/collect", "{}", "pointer /orderRef"),
    ];
    for (path, body, source) in cases {
        let answer = world.post(path, body).await;
        assert_eq!(
            answer.error(),
            (400, "invalidParameters".into(), source.into()),
            "{path} {body}"
        );
    }
    let answer = world.send(request("/auth", &[("x-api-key", KEY)], "{}")).await;
    assert_eq!(answer.json()["errors"][0]["detail"], "Invalid endUserIp");
    for body in [r#"{"orderRef":""}"#, r#"{"orderRef":"å"}"#, r#"{"orderRef":"unknown"}"#] {
        assert_eq!(world.post("/collect", body).await.status, 404, "{body}");
    }
    world.stop().await;
}

#[tokio::test]
async fn stricter_numbers_are_a_setting() {
    let world = World::with(|keys| keys, Limits::default(), true).await;
    let number = |number: &str| format!(r#"{{"personalNumber":"{number}","endUserIp":"0.0.0.0"}}"#);
    for impossible in ["203010101010", "190101010101", "199902300000"] {
        let answer = world.post("/auth", &number(impossible)).await;
        answer.fails(400, "invalidParameters", "pointer /personalNumber");
    }
    world.upstream.answers(200, STARTED);
    assert_eq!(world.post("/auth", &number("191212121212")).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn bodies_that_do_not_arrive_are_refused_in_the_same_form() {
    let world = World::new().await;
    let (head, _) = request("/auth", &[("x-api-key", KEY)], "").into_parts();
    let Admission::Admitted(admitted) = world.gateway.admit(&head) else {
        panic!("it is admitted")
    };
    assert_eq!((admitted.caller(), admitted.call()), ("shop", Call::Start(Operation::Auth)));
    for (fault, status, code) in [
        (BodyFault::TooLarge, 413, "bodyTooLarge"),
        (BodyFault::TooSlow, 408, "requestTimeout"),
        (BodyFault::Broken, 400, "invalidParameters"),
    ] {
        let response = world.gateway.refuse(&admitted, fault);
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(
            (response.status().as_u16(), &body["errors"][0]["code"]),
            (status, &code.into())
        );
    }
    world.stop().await;
}
