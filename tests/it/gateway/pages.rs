//! The surface for pages, from a browser's start to the result in its backend.

use bytes::Bytes;
use gateway::{Origin, PageAdmission, PageBody, PageSettings, Pages};
use http::{Request, Response};
use serde_json::{Value, json};

use super::Service;

const SHOP: &str = "https://shop.example";

/// Opens the surface, with names that are drawn one after the other.
fn open(service: &Service) -> Pages {
    let mut settings = PageSettings::new("shop", [Origin::try_from(SHOP).expect("an origin")]);
    // Before the order would end by itself.
    settings.grace = std::time::Duration::from_secs(10);
    let drawn = std::sync::atomic::AtomicU8::new(0);
    let random = move |bytes: &mut [u8]| {
        bytes.fill(drawn.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        Ok(())
    };
    service.gateway.open_pages(settings, Box::new(random)).expect("the settings hold")
}

async fn send(
    pages: &Pages,
    method: &str,
    path: &str,
    cookie: &str,
    body: &Value,
) -> Response<PageBody> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("origin", SHOP)
        .header("cookie", cookie)
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let (head, body) = request.into_parts();
    match pages.admit(&head, "203.0.113.25".parse().expect("an address")).expect("a path of pages")
    {
        PageAdmission::Answered(response) => response,
        PageAdmission::Admitted(call) => pages.serve(&call, body).await,
    }
}

/// Starts an order; its cookie.
async fn start(pages: &Pages, body: &Value) -> String {
    let response = send(pages, "POST", "/session/start", "", body).await;
    assert_eq!(response.status(), 204);
    let cookie = response.headers()["set-cookie"].to_str().expect("ASCII");
    cookie.split(';').next().expect("a pair").to_owned()
}

/// All events of one window.
async fn watch(pages: &Pages, cookie: &str) -> Vec<Value> {
    let mut body = send(pages, "GET", "/session/events", cookie, &json!({})).await.into_body();
    let mut events = Vec::new();
    while let Some(piece) = body.next().await {
        let text = String::from_utf8(piece.to_vec()).expect("text");
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        events.extend(data.map(|data| serde_json::from_str::<Value>(data).expect("JSON")));
    }
    events
}

/// The simulator counts: its user scans at the third collect, and windows add none.
#[tokio::test]
async fn windows_share_one_poller() {
    let scenario = "outstandingTransaction x2, userSign x3, complete";
    let service = Service::scenario(scenario).await;
    let pages = open(&service);
    let cookie = start(&pages, &json!({"startMode": "qr", "language": "en"})).await;
    let windows = (0..5).map(|_| {
        let (pages, cookie) = (pages.clone(), cookie.clone());
        tokio::spawn(async move { watch(&pages, &cookie).await })
    });
    let windows: Vec<_> = windows.collect();
    let mut seen = Vec::new();
    for window in windows {
        seen.push(service.pair.clock.passing(window).await.expect("no panic"));
    }
    let mut codes = Vec::new();
    for events in &seen {
        let at = |event: &Value| event["at"].as_u64().expect("a time");
        let scanned = events.iter().find(|event| event["hintCode"] == "userSign").expect("a scan");
        // The third collect. (At the end time passes while the simulator makes keys.)
        assert_eq!(at(scanned) - at(&events[0]), 6_000, "{scanned}");
        let last = &events[events.len() - 1];
        assert_eq!(last["status"], "complete", "{last}");
        let hints: Vec<_> = events.iter().filter_map(|event| event["hintCode"].as_str()).collect();
        assert!(
            hints.contains(&"outstandingTransaction") && hints.contains(&"userSign"),
            "{hints:?}"
        );
        // A code for every second until somebody scans it, and none after that.
        let drawn = events.iter().filter(|event| event["qr"].is_string()).count();
        assert!((6..=7).contains(&drawn), "{drawn}");
        for event in events {
            let text = event.to_string();
            let secrets = ["orderRef", "autoStartToken", "Secret", "personalNumber", "startUrl"];
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
        codes.push(last["code"].clone());
    }
    codes.dedup();
    assert_eq!(codes.len(), 1);
    let (status, result) = service.post("/result", &json!({"code": codes[0]})).await;
    assert_eq!((status, &result["data"]["status"]), (200, &json!("complete")));
    assert_eq!(service.post("/result", &json!({"code": codes[0]})).await.0, 404);
    service.stop().await;
}

#[tokio::test]
async fn what_a_backend_prepared_is_signed() {
    let service = Service::scenario("complete").await;
    let pages = open(&service);
    let body = json!({"userVisibleData": "Jag köper en hatt."});
    let (status, ticket) = service.post("/ticket/sign", &body).await;
    assert_eq!(status, 200, "{ticket}");
    let ticket = &ticket["data"]["attributes"]["ticket"];
    let cookie = start(&pages, &json!({"ticket": ticket})).await;
    let events = service.pair.clock.passing(watch(&pages, &cookie)).await;
    let code = &events[events.len() - 1]["code"];
    let (status, result) = service.post("/result", &json!({"code": code})).await;
    assert_eq!((status, &result["meta"]["session"]["ticket"]), (200, ticket), "{result}");
    service.stop().await;
}

#[tokio::test]
async fn nobody_who_has_left_keeps_an_order_alive() {
    let service = Service::scenario("phone").await;
    let pages = open(&service);
    start(&pages, &json!({"startMode": "qr"})).await;
    let lane = service.pair.sim.inner().default_lane();
    assert_eq!(lane.live_orders(), 1);
    let gone = async {
        while pages.sessions() > 0 {
            tokio::task::yield_now().await;
        }
    };
    service.pair.clock.passing(gone).await;
    assert_eq!(lane.live_orders(), 0);
    service.stop().await;
}
