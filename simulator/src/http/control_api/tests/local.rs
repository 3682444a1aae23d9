//! Calls from within the process.

use serde_json::{Value, json};

use super::Plane;
use crate::http::Calling;

impl Plane {
    /// Calls an operation in the lane `t`.
    fn local(&self, operation: &str, input: &Value) -> (u16, Value) {
        let path = [("lane", "t"), ("orderRef", "none")];
        match self.0.call(operation, &path, &input.to_string()) {
            Calling::Done((status, body)) => (status, read(&body)),
            Calling::Waiting(_) => panic!("{operation} waits"),
        }
    }

    async fn wait(&self, input: Value) -> Value {
        match self.0.call("waitForOrder", &[("lane", "t")], &input.to_string()) {
            Calling::Waiting(answer) => read(&answer.await.1),
            Calling::Done(answer) => panic!("{answer:?}"),
        }
    }
}

fn read(body: &[u8]) -> Value {
    if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap() }
}

#[tokio::test]
async fn answers_are_those_of_the_wire() {
    let plane = Plane::new();
    assert_eq!(plane.local("health", &json!({})), (200, plane.get("/health").await.1));
    assert_eq!(plane.local("setDefault", &json!({"scenario": "slow"})).1["scenario"], "slow");
    assert_eq!(plane.local("readLane", &json!({})), (200, plane.get("/lanes/t").await.1));
    let (status, queued) = plane.local("queueOutcome", &json!({"scenario": "userCancel"}));
    assert_eq!((status, &queued["number"]), (201, &json!(1)));
    assert_eq!(plane.local("resetLane", &json!({})), (204, Value::Null));
    plane.start_auth();
    // What stands in a query there has its type here.
    let page = plane.local("listOrders", &json!({"after": 0, "limit": 1}));
    assert_eq!(page, (200, plane.get("/lanes/t/orders?limit=1").await.1));
}

#[tokio::test]
async fn refusals_are_those_of_the_wire() {
    let plane = Plane::new();
    let (status, problem) = plane.local("queueOutcome", &json!({"scenario": "userCancle"}));
    assert_eq!((status, &problem["nearest"]), (400, &json!("userCancel")));
    assert_eq!(plane.local("readOrder", &json!({})).1["code"], "noSuchOrder");
    assert_eq!(plane.local("freezeClock", &json!({"at": 1})).1["member"], "at");
    let (status, problem) = plane.local("listLane", &json!({}));
    assert_eq!((status, &problem["nearest"]), (404, &json!("listLanes")));
    let large = json!({"qr": "x".repeat(70_000)});
    assert_eq!(plane.local("scan", &large).1["code"], "bodyTooLarge");
    // Without a lane, it is as with a name that can be none.
    let Calling::Done((status, _)) = plane.0.call("resetLane", &[], "") else { panic!("it waits") };
    assert_eq!(status, 404);
    let Calling::Done((status, _)) = plane.0.call("health", &[], "{") else { panic!("it waits") };
    assert_eq!(status, 400);
}

#[tokio::test]
async fn orders_are_waited_for_until_they_come_or_the_simulator_stops() {
    let plane = Plane::new();
    assert_eq!(plane.0.last_order("t"), 0);
    plane.start_auth();
    assert_eq!(plane.0.last_order("t"), 1);
    let second = async {
        tokio::task::yield_now().await;
        plane.start_auth();
    };
    let (found, ()) = tokio::join!(plane.wait(json!({"after": 1})), second);
    assert_eq!(found["order"]["number"], 2);

    let stop = async {
        tokio::task::yield_now().await;
        plane.0.stop();
    };
    let (found, ()) = tokio::join!(plane.wait(json!({"after": 2, "timeout": "60s"})), stop);
    assert_eq!(found["order"], Value::Null);
    let (status, problem) = plane.local("health", &json!({}));
    assert_eq!((status, &problem["code"]), (503, &json!("stopped")));
}
