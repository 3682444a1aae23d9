//! Which orders there are: listed, waited for, and explained.

use std::sync::Arc;

use bankid_core::request::Operation;
use http::StatusCode;
use serde_json::{Value, json};

use super::{Control, Plane};

#[tokio::test]
async fn orders_come_in_pages() {
    let plane = Plane::new();
    assert_eq!(plane.get("/lanes/t/orders").await.1, json!({"orders": [], "next": null}));
    for _ in 0..5 {
        plane.start_auth();
    }
    let numbers = |page: &Value| -> Vec<u64> {
        page["orders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order["number"].as_u64().unwrap())
            .collect()
    };
    let (_, page) = plane.get("/lanes/t/orders?limit=2").await;
    assert_eq!((numbers(&page), &page["next"]), (vec![1, 2], &json!(2)));
    let (_, page) = plane.get("/lanes/t/orders?limit=3&after=2").await;
    assert_eq!((numbers(&page), &page["next"]), (vec![3, 4, 5], &Value::Null));
    for query in ["limit=0", "limit=1001", "limit=ten", "after=-1", "limt=1"] {
        let (status, problem) = plane.get(&format!("/lanes/t/orders?{query}")).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::BAD_REQUEST, &json!("invalidMember")),
            "{query}"
        );
        assert_eq!(problem["member"], query.split('=').next().unwrap());
    }
}

#[tokio::test]
async fn an_order_tells_what_it_is_and_why() {
    let plane = Plane::new();
    let body = r#"{"endUserIp":"127.0.0.1","userVisibleData":"SGVq","returnUrl":"https://a.example/",
        "requirement":{"pinCode":true,"personalNumber":"198001052383"}}"#;
    let order = plane.start(Operation::Sign, body);
    plane.collect(&order);
    plane.collect(&order);
    let (status, seen) = plane.get(&format!("/lanes/t/orders/{}", &*order.order_ref)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        seen,
        json!({
            "number": 1,
            "orderRef": &*order.order_ref,
            "operation": "sign",
            "version": "v6.0",
            "createdMs": 1_800_000_000_000_u64,
            "status": "pending",
            "hintCode": "userSign",
            "personalNumber": "198001052383",
            "person": "198001052383",
            "scenario": "default",
            "rule": "builtIn",
            "request": {
                "text": "Hej",
                "format": "plaintext",
                "returnUrl": "https://a.example/",
                "pinCode": true,
                "mrtd": false,
                "certificatePolicies": [],
            },
            "steps": [
                {"what": "outstandingTransaction", "by": "scenario", "rule": "builtIn", "atMs": 1_800_000_000_000_u64},
                {"what": "started", "by": "scenario", "rule": "builtIn"},
                {"what": "userSign", "by": "scenario", "rule": "builtIn", "atMs": 1_800_000_000_000_u64},
            ],
        })
    );
    let (status, problem) = plane.get("/lanes/t/orders/131daac9-16c6-4618-beb0-365768f37288").await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("noSuchOrder")));
    assert_eq!(
        plane.get(&format!("/lanes/other/orders/{}", &*order.order_ref)).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn whoever_waits_is_woken_by_the_next_order() {
    let plane = Plane::new();
    let waiting = plane.get("/lanes/t/orders/next");
    let starting = async {
        tokio::task::yield_now().await;
        plane.start_auth()
    };
    let ((status, woken), order) = tokio::join!(biased; waiting, starting);
    assert_eq!((status, &woken["order"]["orderRef"]), (StatusCode::OK, &json!(&*order.order_ref)));
    // Who comes late finds it at once, and who has seen it does not get it again.
    assert_eq!(plane.get("/lanes/t/orders/next?timeout=60s").await.1["order"]["number"], 1);
    assert_eq!(
        plane.get("/lanes/t/orders/next?after=1&timeout=1ms").await.1,
        json!({"order": null})
    );
    let (status, problem) = plane.get("/lanes/t/orders/next?timeout=61s").await;
    assert_eq!((status, &problem["member"]), (StatusCode::BAD_REQUEST, &json!("timeout")));
}

#[tokio::test]
async fn nobody_who_waits_holds_up_the_end() {
    let plane = Plane::new();
    let control: Arc<Control> = Arc::clone(&plane.0);
    let stopping = async {
        tokio::task::yield_now().await;
        control.stop();
    };
    let ((status, answer), ()) =
        tokio::join!(biased; plane.get("/lanes/t/orders/next?timeout=60s"), stopping);
    assert_eq!((status, answer), (StatusCode::OK, json!({"order": null})));
}
