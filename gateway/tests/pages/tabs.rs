//! Windows of one session: how many there may be, what they cost, and what happens when they go.

use serde_json::json;

use crate::world::{World, complete, pending};

#[tokio::test]
async fn bankid_is_asked_once_in_two_seconds_however_many_look() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let mut windows = Vec::new();
    for _ in 0..8 {
        windows.push(browser.listen().await);
    }
    for (turn, hint) in ["started", "userMrtd", "userSign"].into_iter().enumerate() {
        world.collected(&pending("order", hint));
        for window in &mut windows {
            loop {
                let event = window.next().await.unwrap();
                if event["hintCode"] == hint {
                    break;
                }
            }
        }
        // The start, and one collect each two seconds.
        assert_eq!(world.upstream.asked().len(), turn + 2);
    }
    world.collected(&complete("order"));
    let mut codes = Vec::new();
    for mut window in windows {
        codes.push(window.next().await.unwrap()["code"].clone());
        assert_eq!(window.next().await, None);
    }
    codes.dedup();
    assert_eq!(codes.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_reload_goes_on_where_it_was() {
    let world = World::new().await;
    let browser = world.started("order", json!({"language": "en"})).await;
    let mut page = browser.listen().await;
    world.collected(&pending("order", "userSign"));
    page.hint().await;
    drop(page);
    assert_eq!(browser.state().await, json!({"startMode": "qr", "status": "pending"}));
    let mut page = browser.listen().await;
    let first = page.piece().await.unwrap();
    assert!(first.starts_with("retry: 1000\ndata: {"), "{first}");
    assert!(first.contains("userSign"), "{first}");
    world.collected(&complete("order"));
    assert_eq!(page.next().await.unwrap()["status"], "complete");
    world.stop().await;
}

#[tokio::test]
async fn an_order_that_nobody_looks_at_is_given_up() {
    let world = World::with(|settings| settings.grace = std::time::Duration::from_secs(4)).await;
    let browser = world.started("order", json!({})).await;
    let mut page = browser.listen().await;
    world.collected(&pending("order", "userSign"));
    page.hint().await;
    drop(page);
    world.collected(&pending("order", "userSign"));
    world.upstream.was_asked(3).await;
    // A look in time, and it goes on.
    let page = browser.listen().await;
    world.collected(&pending("order", "userSign"));
    world.upstream.was_asked(4).await;
    drop(page);
    for turn in 5..7 {
        world.collected(&pending("order", "userSign"));
        world.upstream.was_asked(turn).await;
    }
    world.upstream.answers(200, "{}");
    world.clock.advance_ms(2_000);
    world.upstream.was_asked(7).await;
    assert_eq!(world.upstream.asked()[6].path, "/rp/v6.0/cancel");
    while world.pages.sessions() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(browser.get("/session/events").await.status, 204);
    world.stop().await;
}

/// On a phone the page hangs up while the app is in front.
#[tokio::test]
async fn an_order_on_this_device_goes_on_without_its_page() {
    let world = World::new().await;
    let browser = world.started("order", json!({"startMode": "autostart"})).await;
    for turn in 0..60 {
        world.collected(&pending("order", "userSign"));
        world.upstream.was_asked(2 + turn).await;
    }
    world.collected(&complete("order"));
    world.upstream.was_asked(62).await;
    while browser.state().await["status"] != "complete" {
        tokio::task::yield_now().await;
    }
    let event = browser.listen().await.next().await.unwrap();
    assert_eq!(world.exchange(&event["code"]).await.0, 200);
    world.stop().await;
}

#[tokio::test]
async fn a_line_is_kept_open() {
    let world = World::new().await;
    let browser = world.started("order", json!({"startMode": "autostart"})).await;
    let mut page = browser.listen().await;
    page.next().await;
    let mut beats = 0;
    for turn in 1..=10 {
        world.collected(&pending("order", "outstandingTransaction"));
        world.upstream.was_asked(1 + turn).await;
        if turn % 5 == 0 {
            assert_eq!(page.piece().await.as_deref(), Some(":\n\n"));
            beats += 1;
        }
    }
    assert_eq!(beats, 2);
    world.stop().await;
}

#[tokio::test]
async fn streams_end_when_the_server_does() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let mut page = browser.listen().await;
    page.next().await;
    world.pages.close();
    assert_eq!(page.next().await, None);
    // Who comes meanwhile is told how it stands, and comes again elsewhere.
    let mut page = browser.listen().await;
    assert_eq!(page.next().await.unwrap()["status"], "pending");
    assert_eq!(page.next().await, None);
    world.stop().await;
}

#[tokio::test]
async fn the_stream_is_neither_kept_nor_held_up() {
    let world = World::new().await;
    let browser = world.started("order", json!({})).await;
    let answer = browser.get("/session/events").await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    world.stop().await;
}
