//! Who may call: origins, cookies, other sites, and what is not a path of pages.

use bytes::Bytes;
use gateway::{BadPageSettings, Origin, PageSettings};
use http::Request;
use serde_json::json;

use crate::world::{SHOP, USER, World, started};

/// A start with these headers.
fn start(headers: &[(&str, &str)]) -> Request<Bytes> {
    let mut request = Request::post("/session/start");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::from_static(b"{}")).unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn the_cookie_is_out_of_reach() {
    let world = World::new().await;
    world.upstream.answers(200, &started("order"));
    let answer = world.send(start(&[("origin", SHOP), JSON]), USER).await;
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure");
    let (name, value) = pair.split_once('=').unwrap();
    assert_eq!((name, value.len()), ("__Host-bankid", 43));
    assert_eq!(
        (answer.status, &*answer.body, answer.header("cache-control")),
        (204, "", "no-store")
    );
    // Pages of other origins are told nothing.
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    world.stop().await;
}

#[tokio::test]
async fn without_tls_there_is_this_machine_alone() {
    let origin = |text: &str| Origin::try_from(text);
    let plain = PageSettings::new("shop", [origin("http://localhost:3000").unwrap()]);
    let world = World::open(plain).await.unwrap();
    world.upstream.answers(200, &started("order"));
    let local = start(&[("origin", "http://localhost:3000"), JSON]);
    let cookie = world.send(local, "127.0.0.1").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("bankid=") && cookie.ends_with("; SameSite=Strict"), "{cookie}");
    world.stop().await;

    for text in [
        "http://127.0.0.1",
        "http://[::1]:8080",
        "http://shop.localhost",
        "https://shop.example:8443",
    ] {
        assert_eq!(origin(text).unwrap().as_str(), text);
    }
    for text in [
        "http://shop.example",
        "http://localhost.example",
        "http://192.0.2.1",
        "https://shop.example/",
        "https://shop.example:443",
        "https://Shop.example",
        "https://a@shop.example",
        "shop.example",
        "null",
        "*",
        "",
        "ftp://shop.example",
        "https://*.example/",
    ] {
        assert!(origin(text).is_err(), "{text}");
    }
    let both = [origin("http://localhost").unwrap(), origin(SHOP).unwrap()];
    let refused = |settings| async { World::open(settings).await.err() };
    assert_eq!(refused(PageSettings::new("shop", both)).await, Some(BadPageSettings::MixedOrigins));
    assert_eq!(refused(PageSettings::new("shop", [])).await, Some(BadPageSettings::NoOrigins));
    let mut elsewhere = PageSettings::new("shop", [origin(SHOP).unwrap()]);
    elsewhere.return_url = Some("https://shop.example.evil/".to_owned());
    assert_eq!(refused(elsewhere).await, Some(BadPageSettings::ReturnUrl));
}

#[tokio::test]
async fn only_pages_of_the_origins_may_start() {
    let world = World::new().await;
    let refused: [&[(&str, &str)]; 9] = [
        &[JSON],
        &[("origin", "null"), JSON],
        &[("origin", "https://evil.example"), JSON],
        &[("origin", "http://shop.example"), JSON],
        &[("origin", "https://shop.example:8443"), JSON],
        &[("origin", "https://shop.example.evil"), JSON],
        &[("origin", SHOP), ("origin", "https://evil.example"), JSON],
        &[("origin", SHOP), ("sec-fetch-site", "cross-site"), JSON],
        &[("referer", "https://shop.example/"), ("sec-fetch-site", "same-origin"), JSON],
    ];
    for headers in refused {
        let answer = world.send(start(headers), USER).await;
        assert_eq!(answer.refusal(), (403, "originRefused".to_owned()), "{headers:?}");
    }
    // What a form can send, or a script of elsewhere without asking.
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/vnd.api+json",
    ] {
        let answer = world.send(start(&[("origin", SHOP), ("content-type", media)]), USER).await;
        assert_eq!(answer.refusal(), (415, "unsupportedMediaType".to_owned()), "{media}");
    }
    assert_eq!(world.send(start(&[("origin", SHOP)]), USER).await.status, 415);
    assert_eq!(world.upstream.asked().len(), 0);
    world.stop().await;
}

#[tokio::test]
async fn others_can_neither_listen_nor_cancel() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let send = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let mut request =
            Request::builder().method(method).uri(path).header("cookie", &browser.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        world.send(request.body(Bytes::new()).unwrap(), USER)
    };
    for (method, path) in
        [("GET", "/session/events"), ("GET", "/session"), ("POST", "/session/cancel")]
    {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        ] {
            let answer = send(method, path, headers).await;
            assert_eq!(answer.refusal(), (403, "originRefused".to_owned()), "{path} {headers:?}");
        }
    }
    // An event source of the page's own origin names none, and old browsers say nothing at all.
    assert_eq!(
        send("GET", "/session/events", &[("sec-fetch-site", "same-origin")]).await.status,
        200
    );
    assert_eq!(send("GET", "/session/events", &[]).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn a_session_is_found_by_its_own_cookie_alone() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let state = |cookie: String| {
        let mut browser = browser.clone();
        browser.cookie = cookie;
        async move { browser.state().await }
    };
    let ours = browser.cookie.clone();
    assert_eq!(state(ours.clone()).await["status"], "pending");
    for cookie in [
        String::new(),
        "__Host-bankid=".to_owned(),
        ours.replace("__Host-", ""),
        ours.replace("bankid=", "bankid=A"),
        ours.split_at(ours.len() - 1).0.to_owned(),
        // Somebody has set a second one: it is not known which is ours.
        format!("{ours}; __Host-bankid=AAAA"),
    ] {
        assert_eq!(state(cookie.clone()).await, json!(null), "{cookie}");
    }
    world.stop().await;
}

#[tokio::test]
async fn other_origins_are_answered_where_it_is_configured() {
    let preflight = |path: &str, origin: &str| {
        Request::options(path)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(Bytes::new())
            .unwrap()
    };
    let world = World::new().await;
    let answer = world.send(preflight("/session/start", SHOP), USER).await;
    assert_eq!(answer.refusal(), (405, "methodNotAllowed".to_owned()));
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    world.stop().await;

    let world = World::with(|settings| settings.cross_origin = true).await;
    let answer = world.send(preflight("/session/start", SHOP), USER).await;
    assert_eq!(answer.status, 204);
    for (name, value) in [
        ("access-control-allow-origin", SHOP),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "content-type"),
        ("vary", "Origin"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    let answer = world.send(preflight("/session/start", "https://evil.example"), USER).await;
    assert_eq!(answer.refusal(), (403, "originRefused".to_owned()));
    assert_eq!(answer.header("access-control-allow-origin"), "");
    // Refusals can be read too, or the page could tell its user nothing.
    let answer = world.send(start(&[("origin", SHOP)]), USER).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (415, SHOP));
    world.stop().await;
}

#[tokio::test]
async fn paths_and_methods_are_exact() {
    let world = World::new().await;
    let send = |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header("origin", SHOP);
        world.send(request.body(Bytes::new()).unwrap(), USER)
    };
    for path in
        ["/session/", "/session/start/", "/session/Events", "/session/../auth", "/session/%65vents"]
    {
        assert_eq!(send("GET", path).await.refusal(), (404, "notFound".to_owned()), "{path}");
    }
    for (method, path) in [
        ("GET", "/session/start"),
        ("POST", "/session/events"),
        ("HEAD", "/session/events"),
        ("DELETE", "/session"),
        ("PUT", "/session/cancel"),
        ("OPTIONS", "/session/start"),
    ] {
        let answer = send(method, path).await;
        assert_eq!(answer.refusal(), (405, "methodNotAllowed".to_owned()), "{method} {path}");
    }
    let (head, _) = Request::post("/auth").body(Bytes::new()).unwrap().into_parts();
    assert!(world.pages.admit(&head, "127.0.0.1".parse().unwrap()).is_none());
    world.stop().await;
}

/// Without the surface there is nothing of it, for backends neither.
#[tokio::test]
async fn the_surface_is_off_unless_it_is_opened() {
    let world = World::new().await;
    let keys = gateway::Keys::new([gateway::ApiKey::new("shop").accepting("key")]).unwrap();
    let closed = gateway::Gateway::new(world.gateway.client().clone(), keys);
    assert!(closed.pages().is_none());
    for path in ["/session/start", "/session", "/result", "/ticket/sign"] {
        let request = Request::post(path).header("x-api-key", "key").header(JSON.0, JSON.1);
        let answer = closed.answer(request.body(Bytes::from_static(b"{}")).unwrap()).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
    world.stop().await;
}
