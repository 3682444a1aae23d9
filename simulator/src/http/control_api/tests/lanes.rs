//! What a lane is told: queue, default, clock, reset.

use bankid_core::request::Operation;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::Plane;
use crate::fault::{ApiFault, Endpoint};
use crate::lane::Collected;

/// A refused call: status, code and member.
#[track_caller]
fn refused(answer: &(StatusCode, Value), status: u16, code: &str, member: &str) {
    let (given, problem) = answer;
    assert_eq!(
        (given.as_u16(), &problem["code"], &problem["member"]),
        (status, &json!(code), &json!(member)),
        "{problem}"
    );
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
}

#[tokio::test]
async fn outcomes_are_used_once_in_their_order() {
    let plane = Plane::new();
    let (status, first) = plane.post("/lanes/t/queue", &json!({"scenario": "userCancel"})).await;
    assert_eq!(
        (status, &first["number"], &first["outcome"]),
        (StatusCode::CREATED, &json!(1), &json!("userCancel"))
    );
    let sign = json!({"scenario": "userSign, certificateErr", "operations": ["sign", "phoneSign"]});
    assert_eq!(
        plane.post("/lanes/t/queue", &sign).await.1["operations"],
        json!(["sign", "phone/sign"])
    );
    assert_eq!(plane.get("/lanes/t/queue").await.1["queue"].as_array().unwrap().len(), 2);

    // The second entry is not for auth: two orders take the first entry and none.
    plane.start_auth();
    plane.start_auth();
    let (_, orders) = plane.get("/lanes/t/orders").await;
    let rules: Vec<_> =
        orders["orders"].as_array().unwrap().iter().map(|order| &order["rule"]).collect();
    assert_eq!(rules, ["queue", "builtIn"]);
    assert_eq!(orders["orders"][0]["queueNumber"], 1);
    let (_, left) = plane.get("/lanes/t/queue").await;
    assert_eq!(
        left["queue"],
        json!([{"number": 2, "outcome": "userSign, certificateErr", "operations": ["sign", "phone/sign"]}])
    );

    assert_eq!(
        plane.send("DELETE", "/lanes/t/queue", "").await,
        (StatusCode::NO_CONTENT, Value::Null)
    );
    assert_eq!(plane.get("/lanes/t/queue").await.1, json!({"queue": []}));
}

#[tokio::test]
async fn an_outcome_can_be_an_error_or_another_person() {
    let plane = Plane::new();
    let error = json!({"error": "maintenance", "details": "Back soon", "operations": ["collect"]});
    let (status, queued) = plane.post("/lanes/t/queue", &error).await;
    assert_eq!((status, &queued["outcome"]), (StatusCode::CREATED, &json!("503 maintenance")));
    let strike = plane.0.world.lane("t").unwrap().strike(Endpoint::Collect).unwrap();
    let error = ApiFault::named("maintenance").unwrap().with_details("Back soon");
    assert_eq!(strike, error.into());

    plane.post("/lanes/t/queue", &json!({"scenario": "complete", "persona": "me"})).await;
    let order = plane.start_auth();
    match plane.collect(&order) {
        Some(Collected::Complete(facts)) => assert_eq!(&*facts.person.name, "Me Myself"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn instructions_with_faults_are_refused_by_member() {
    let plane = Plane::new();
    let queue = async |body: Value| plane.post("/lanes/t/queue", &body).await;
    refused(&queue(json!({"scenario": "userCancle"})).await, 400, "invalidScenario", "scenario");
    assert_eq!(queue(json!({"scenario": "userCancle"})).await.1["nearest"], "userCancel");
    refused(&queue(json!({"senario": "x"})).await, 400, "invalidMember", "senario");
    assert_eq!(queue(json!({"senario": "x"})).await.1["nearest"], "scenario");
    refused(&queue(json!({"error": "maintenanse"})).await, 400, "invalidMember", "error");
    refused(
        &queue(json!({"error": "maintenance", "status": 200})).await,
        400,
        "invalidMember",
        "status",
    );
    refused(
        &queue(json!({"scenario": "phone", "status": 503})).await,
        400,
        "invalidMember",
        "status",
    );
    refused(
        &queue(json!({"scenario": "phone", "operations": []})).await,
        400,
        "invalidMember",
        "operations",
    );
    refused(
        &queue(json!({"scenario": "phone", "operations": ["collect"]})).await,
        400,
        "invalidMember",
        "operations",
    );
    refused(
        &queue(json!({"scenario": "phone", "operations": ["logn"]})).await,
        400,
        "invalidMember",
        "operations[0]",
    );
    refused(
        &queue(json!({"scenario": "phone", "persona": "mee"})).await,
        400,
        "invalidMember",
        "persona",
    );
    refused(
        &queue(json!({"scenario": "phone", "error": "maintenance"})).await,
        400,
        "invalidMember",
        "scenario",
    );
    refused(&queue(json!({})).await, 400, "invalidMember", "scenario");
    assert_eq!(plane.get("/lanes/t/queue").await.1, json!({"queue": []}));
}

#[tokio::test]
async fn bodies_must_be_json_and_say_so() {
    let plane = Plane::new();
    let (status, problem) = plane.send("POST", "/lanes/t/queue", "{\"scenario\": ").await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalidMember")));
    let form = Request::post("/_simulator/v1/lanes/t/queue")
        .header("host", "localhost")
        .header("content-type", "text/plain")
        .body(json!({"scenario": "phone"}).to_string())
        .unwrap();
    refused(&plane.call(form).await, 415, "unsupportedMediaType", "Content-Type");
    let large = format!("{{\"scenario\": \"{}\"}}", "x".repeat(70_000));
    let (status, problem) = plane.send("POST", "/lanes/t/queue", &large).await;
    assert_eq!((status, &problem["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("bodyTooLarge")));
}

#[tokio::test]
async fn the_default_of_a_lane_can_be_set_and_taken_back() {
    let plane = Plane::new();
    let (status, lane) = plane.send("PUT", "/lanes/t/default", r#"{"scenario": "slow"}"#).await;
    assert_eq!((status, &lane["scenario"]), (StatusCode::OK, &json!("slow")));
    plane.start_auth();
    plane.send("PUT", "/lanes/t/default", r#"{"scenario": null}"#).await;
    plane.start_auth();
    let (_, orders) = plane.get("/lanes/t/orders").await;
    assert_eq!(
        (&orders["orders"][0]["rule"], &orders["orders"][0]["scenario"]),
        (&json!("lane"), &json!("slow"))
    );
    assert_eq!(orders["orders"][1]["rule"], "builtIn");
}

#[tokio::test]
async fn the_clock_is_turned_by_hand() {
    let plane = Plane::new();
    let start = json!({"nowMs": 1_800_000_000_000_u64, "speed": 0.0});
    assert_eq!(plane.get("/lanes/t/clock").await.1, start);
    let (_, clock) = plane.post("/lanes/t/clock/advance", &json!({"by": "1.5s"})).await;
    assert_eq!(clock["nowMs"], 1_800_000_001_500_u64);
    let (status, clock) = plane.post("/lanes/t/clock/run", &json!({"speed": 60})).await;
    assert_eq!((status, &clock["speed"]), (StatusCode::OK, &json!(60.0)));
    assert_eq!(plane.send("POST", "/lanes/t/clock/freeze", "").await.1["speed"], 0.0);

    refused(
        &plane.post("/lanes/t/clock/run", &json!({"speed": -1})).await,
        400,
        "invalidMember",
        "speed",
    );
    refused(
        &plane.post("/lanes/t/clock/advance", &json!({"by": 30})).await,
        400,
        "invalidMember",
        "by",
    );
    refused(
        &plane.post("/lanes/t/clock/advance", &json!({"by": "soon"})).await,
        400,
        "invalidMember",
        "by",
    );
    refused(
        &plane.post("/lanes/t/clock/freeze", &json!({"at": 1})).await,
        400,
        "invalidMember",
        "at",
    );
    // Other lanes have their own time.
    assert_eq!(plane.get("/lanes/other/clock").await.1, start);
}

#[tokio::test]
async fn lanes_are_listed_reset_and_deleted() {
    let plane = Plane::new();
    refused(&plane.get("/lanes/t").await, 404, "noSuchLane", "lane");
    plane.start_auth();
    plane.post("/lanes/t/queue", &json!({"scenario": "phone"})).await;
    let (_, lane) = plane.get("/lanes/t").await;
    assert_eq!((&lane["liveOrders"], &lane["queued"]), (&json!(1), &json!(1)));
    let (_, lanes) = plane.get("/lanes").await;
    let names: Vec<_> =
        lanes["lanes"].as_array().unwrap().iter().map(|lane| &lane["name"]).collect();
    assert_eq!(names, ["default", "t"]);

    assert_eq!(plane.send("POST", "/lanes/t/reset", "").await.0, StatusCode::NO_CONTENT);
    let (_, lane) = plane.get("/lanes/t").await;
    assert_eq!((&lane["liveOrders"], &lane["queued"]), (&json!(0), &json!(0)));
    assert_eq!(plane.send("DELETE", "/lanes/t", "").await.0, StatusCode::NO_CONTENT);
    refused(&plane.send("DELETE", "/lanes/t", "").await, 404, "noSuchLane", "lane");
    refused(&plane.post("/lanes/a%20b/reset", &json!({})).await, 404, "noSuchLane", "lane");
}

#[tokio::test]
async fn more_lanes_than_allowed_are_refused_with_the_flag() {
    let plane = Plane::new();
    for lane in ["a", "b", "c"] {
        plane.start_in(lane, Operation::Auth, r#"{"endUserIp":"127.0.0.1"}"#);
    }
    let (status, problem) = plane.post("/lanes/d/reset", &json!({})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("full")));
    assert!(problem["detail"].as_str().unwrap().contains("--max-lanes"), "{problem}");
}

#[tokio::test]
async fn what_can_be_named_is_listed() {
    let plane = Plane::new();
    let (_, scenarios) = plane.get("/scenarios").await;
    let slow = scenarios["scenarios"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&slow["name"], &slow["steps"]),
        (&json!("slow"), &json!("outstandingTransaction 5s, userSign 9s, complete"))
    );
    let (_, personas) = plane.get("/personas").await;
    let me = personas["personas"].as_array().unwrap().last().unwrap();
    assert_eq!((&me["name"], &me["personalNumber"]), (&json!("me"), &json!("198001052383")));
}

#[tokio::test]
async fn every_route_answers_to_its_path() {
    let plane = Plane::new();
    let document: Value = serde_json::from_str(super::super::OPENAPI).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{lane}", "t").replace("{orderRef}", "none");
        for method in methods.as_object().unwrap().keys() {
            let query = if path.ends_with("/next") { "?timeout=1ms" } else { "" };
            let (status, body) =
                plane.send(&method.to_uppercase(), &format!("{path}{query}"), "").await;
            // Whatever it says of an empty call, it is not that there is no such route.
            assert!(
                !matches!(body["code"].as_str(), Some("notFound" | "methodNotAllowed")),
                "{method} {path}: {body}"
            );
            assert!(status.as_u16() < 500, "{method} {path}: {body}");
        }
    }
}
