//! How much pages can take.

use gateway::{BodyFault, PageAdmission};
use http::Request;
use serde_json::json;

use crate::world::{SHOP, World, started};

#[tokio::test]
async fn sessions_have_an_end_in_all_and_by_address() {
    let world = World::with(|settings| {
        settings.sessions = 3;
        settings.sessions_per_address = 2;
    })
    .await;
    let start = async |address: &str| {
        let mut browser = world.browser();
        browser.address = address.to_owned();
        browser.start(json!({})).await
    };
    for address in ["2001:db8::1", "2001:db8::2"] {
        world.upstream.answers(200, &started(address));
        assert_eq!(start(address).await.status, 204);
    }
    let answer = start("2001:db8::3").await;
    assert_eq!(answer.refusal(), (429, "tooManyRequests".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    world.upstream.answers(200, &started("elsewhere"));
    assert_eq!(start("2001:db8:0:1::1").await.status, 204);
    assert_eq!(start("198.51.100.7").await.refusal(), (503, "storeFull".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_session_that_ends_makes_room() {
    let world = World::with(|settings| settings.sessions = 1).await;
    for name in ["first", "second"] {
        let browser = world.started(name, json!({})).await;
        assert_eq!(world.browser().start(json!({})).await.status, 503);
        world.upstream.answers(200, "{}");
        browser.cancel().await;
        // The follower lets go of it when it looks again.
        world.clock.advance_ms(2_000);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_session_has_so_many_streams() {
    let world = World::with(|settings| settings.streams_per_session = 2).await;
    let browser = world.started("order", json!({})).await;
    let (first, second) = (browser.listen().await, browser.listen().await);
    let answer = browser.get("/session/events").await;
    assert_eq!(answer.refusal(), (429, "tooManyRequests".to_owned()));
    drop(first);
    let third = browser.listen().await;
    drop((second, third));
    world.stop().await;
}

#[tokio::test]
async fn bodies_that_are_not_understood_start_nothing() {
    let world = World::new().await;
    for body in [
        json!([]),
        json!("a"),
        json!({"startMode": "byNumber"}),
        json!({"startMode": 7}),
        json!({"ticket": 7}),
        json!({"maxTouchPoints": -1}),
    ] {
        let answer = world.browser().start(body.clone()).await;
        assert_eq!(answer.refusal(), (400, "invalidParameters".to_owned()), "{body}");
    }
    assert_eq!((world.pages.body_bytes(), world.upstream.asked().len()), (Some(16_384), 0));
    let request = Request::post("/session/start").header("origin", SHOP);
    let request = request.header("content-type", "application/json").body(()).unwrap();
    let (head, ()) = request.into_parts();
    let admission = world.pages.admit(&head, "127.0.0.1".parse().unwrap());
    let Some(PageAdmission::Admitted(call)) = admission else { panic!("it is admitted") };
    for (fault, status) in
        [(BodyFault::TooLarge, 413), (BodyFault::TooSlow, 408), (BodyFault::Broken, 400)]
    {
        assert_eq!(world.pages.refuse(&call, fault).status(), status);
    }
    world.stop().await;
}
