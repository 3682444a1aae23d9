//! Who is let in.

use std::net::IpAddr;

use http::{Request, StatusCode};

use super::{Guard, LOCAL, Plane, get};

async fn with_host(plane: &Plane, host: &str) -> StatusCode {
    plane.call(get("/health", &[("host", host)])).await.0
}

#[tokio::test]
async fn own_names_are_let_in() {
    let names = ["simulator".to_owned(), "BankID.test".to_owned(), "192.0.2.7".to_owned()];
    let plane = Plane::guarded(Guard::new(IpAddr::from([192, 0, 2, 1]), &names, None));
    for host in [
        "localhost",
        "LOCALHOST:8010",
        "127.0.0.1:8010",
        "127.0.0.1",
        "[::1]:8010",
        "[::1]",
        "192.0.2.1:1",
        "192.0.2.7",
        "simulator:8010",
        "bankid.TEST",
    ] {
        assert_eq!(with_host(&plane, host).await, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn foreign_names_are_refused() {
    let plane = Plane::new();
    for host in [
        "evil.example",
        "evil.example:8010",
        "localhost.evil.example",
        "localhost:8010:1",
        "192.0.2.1",
        "[::2]",
        "[::1",
        "",
        "localhost:http",
        "localhost@evil.example",
    ] {
        assert_eq!(with_host(&plane, host).await, StatusCode::FORBIDDEN, "{host}");
    }
    let (status, problem) = plane.call(get("/health", &[])).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::FORBIDDEN, Some("foreignHost")));
}

#[tokio::test]
async fn a_host_given_twice_or_in_the_request_line_cannot_smuggle_one_in() {
    let plane = Plane::new();
    let (status, _) = plane.call(get("/health", &[LOCAL, ("host", "evil.example")])).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let request = |authority: &str| {
        let uri = format!("http://{authority}/_simulator/v1/health");
        Request::get(uri).header("host", "localhost").body(String::new()).unwrap()
    };
    assert_eq!(plane.call(request("evil.example")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(plane.call(request("localhost:8010")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_simulator_on_all_addresses_answers_to_each_but_not_to_names() {
    let plane = Plane::guarded(Guard::new(IpAddr::from([0, 0, 0, 0]), &[], None));
    assert_eq!(with_host(&plane, "192.0.2.55:8010").await, StatusCode::OK);
    assert_eq!(with_host(&plane, "evil.example").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn pages_are_refused_even_our_own() {
    for origin in ["https://evil.example", "null", "http://localhost:8010", ""] {
        let (status, problem) =
            Plane::new().call(get("/health", &[LOCAL, ("origin", origin)])).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("originRefused")),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn the_token_opens_what_it_guards() {
    let plane = Plane::guarded(Guard::new(IpAddr::from([127, 0, 0, 1]), &[], Some("s3cret")));
    let call = |authorization: &'static str| {
        plane.call(get("/lanes", &[LOCAL, ("authorization", authorization)]))
    };
    assert_eq!(call("Bearer s3cret").await.0, StatusCode::OK);
    assert_eq!(call("bearer s3cret").await.0, StatusCode::OK);
    for wrong in ["Bearer s3cre", "Bearer s3cret2", "Bearer ", "s3cret", "Basic s3cret", ""] {
        let (status, problem) = call(wrong).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("unauthorized")),
            "{wrong}"
        );
        assert!(!problem.to_string().contains("s3cret"));
    }
    // Whoever watches over the process need not know the token.
    assert_eq!(plane.call(get("/health", &[LOCAL])).await.0, StatusCode::OK);
}

#[test]
fn the_token_is_not_shown() {
    let guard = Guard::new(IpAddr::from([127, 0, 0, 1]), &[], Some("s3cret"));
    assert!(!format!("{guard:?}").contains("s3cret"));
}
