//! The documented shape: same members, same order, same types. The bodies are compared as text.

use crate::world::{NO_SUCH_ORDER, PENDING, SIGNATURE, STARTED, World, by_order_ref, complete};

const ATTRIBUTES: &str = STARTED;

#[track_caller]
fn started(kind: &str) -> String {
    format!(
        r#"{{"jsonapi":{{"version":"1.0"}},"data":{{"type":"{kind}","attributes":{ATTRIBUTES}}}}}"#
    )
}

#[tokio::test]
async fn the_documentations_own_bodies_are_answered() {
    let world = World::new().await;
    let calls = [
        ("/auth", "bankIdAuth", r#"{"personalNumber": "203010101010", "endUserIp": "0.0.0.0"}"#),
        ("/auth", "bankIdAuth", r#"{"endUserIp": "0.0.0.0"}"#),
        ("/auth", "bankIdAuth", r#"{"personalNumber": null, "endUserIp": "0.0.0.0"}"#),
        (
            "/sign",
            "bankIdSign",
            r#"{"personalNumber": "190101010101", "endUserIp": "0.0.0.0", "userVisibleData": "example-message"}"#,
        ),
    ];
    for (path, kind, body) in calls {
        world.upstream.answers(200, STARTED);
        let answer = world.post(path, body).await;
        answer.is(200, &started(kind));
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    world.stop().await;
}

#[tokio::test]
async fn collect_tells_what_the_order_waits_for_and_why_it_failed() {
    let world = World::new().await;
    world.auth().await;
    for (status, hint) in
        [("pending", "userSign"), ("pending", "newHint"), ("failed", "userCancel")]
    {
        let upstream = PENDING.replace("pending", status).replace("outstandingTransaction", hint);
        world.upstream.answers(200, &upstream);
        let answer = world.collect().await;
        answer.is(
            200,
            &format!(
                r#"{{"jsonapi":{{"version":"1.0"}},"data":{{"type":"bankIdCollect","attributes":{upstream}}}}}"#
            ),
        );
        world.clock.advance_ms(2_000);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_completed_order_is_as_documented() {
    let world = World::new().await;
    world.auth().await;
    world.upstream.answers(200, &complete("", ""));
    let answer = world.collect().await;
    let signature = &*SIGNATURE;
    answer.is(
        200,
        &format!(
            r#"{{"jsonapi":{{"version":"1.0"}},"data":{{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"complete","completionData":{{"user":{{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"}},"device":{{"ipAddress":"192.168.0.1"}},"cert":{{"notBefore":"1502983274000","notAfter":"1563549674000"}},"signature":"{signature}","ocspResponse":"MIIHfgoBAKCCB3cw"}}}}}}"#
        ),
    );
    world.stop().await;
}

#[tokio::test]
async fn what_version_6_adds_follows_the_documented_members() {
    let world = World::new().await;
    world.auth().await;
    let further =
        r#","bankIdIssueDate":"2020-02-01","stepUp":{"mrtd":true},"risk":"low","tomorrow":7"#;
    world.upstream.answers(200, &complete(r#","uhi":"OZvYM9VvyiAmG7NA5jU5zqGcVpo=""#, further));
    let body = world.collect().await.body;
    let device =
        r#""device":{"ipAddress":"192.168.0.1","uhi":"OZvYM9VvyiAmG7NA5jU5zqGcVpo="},"cert":{"#;
    assert!(body.contains(device), "{body}");
    let end = format!(r#""ocspResponse":"MIIHfgoBAKCCB3cw"{further}}}}}}}"#);
    assert!(body.ends_with(&end), "{body}");
    world.stop().await;
}

#[tokio::test]
async fn cancel_answers_an_empty_object() {
    let world = World::new().await;
    world.auth().await;
    world.upstream.answers(200, "{}");
    world.post("/cancel", &by_order_ref()).await.is(200, "{}");
    // The order is gone, and BankID need not be asked for that.
    let gone = r#"{"jsonapi":{"version":"1.0"},"errors":[{"status":"404","code":"invalidParameters","title":"No such order","detail":"There is no order of this name, or not any more."}]}"#;
    world.collect().await.is(404, gone);
    world.post("/cancel", &by_order_ref()).await.is(404, gone);
    world.stop().await;
}

#[tokio::test]
async fn cancel_that_comes_too_late_leaves_the_result_to_collect() {
    let world = World::new().await;
    world.auth().await;
    world.upstream.answers(400, NO_SUCH_ORDER);
    world.post("/cancel", &by_order_ref()).await.fails(404, "invalidParameters", "");
    world.upstream.answers(200, &complete("", ""));
    assert_eq!(world.collect().await.json()["data"]["status"], "complete");
    world.post("/cancel", &by_order_ref()).await.fails(404, "invalidParameters", "");
    world.stop().await;
}

/// Every operation beyond the documented ones, with the smallest body that BankID takes.
#[tokio::test]
async fn the_other_operations_have_types_of_their_own() {
    let world = World::new().await;
    let payment = r#""userVisibleTransaction":{"transactionType":"npa","recipient":{"name":"Exempelbanken"}}"#;
    let by_number = r#""personalNumber":"190000000000""#;
    world.upstream.answers(200, STARTED);
    let answer = world.post("/payment", &format!(r#"{{"endUserIp":"0.0.0.0",{payment}}}"#)).await;
    answer.is(200, &started("bankIdPayment"));
    let calls = [
        ("/other/payment", "bankIdOtherPayment", format!("{{{by_number},{payment}}}")),
        ("/phone/auth", "bankIdPhoneAuth", format!(r#"{{{by_number},"callInitiator":"RP"}}"#)),
        (
            "/phone/sign",
            "bankIdPhoneSign",
            format!(r#"{{{by_number},"callInitiator":"user","userVisibleData":"Hej"}}"#),
        ),
    ];
    for (path, kind, body) in calls {
        world.upstream.answers(200, &by_order_ref());
        let answer = world.post(path, &body).await;
        answer.is(
            200,
            &format!(
                r#"{{"jsonapi":{{"version":"1.0"}},"data":{{"type":"{kind}","attributes":{}}}}}"#,
                by_order_ref()
            ),
        );
    }
    let paths: Vec<_> = world.upstream.asked().into_iter().map(|asked| asked.path).collect();
    let expected = ["payment", "other/payment", "phone/auth", "phone/sign"];
    assert_eq!(paths, expected.map(|path| format!("/rp/v6.0/{path}")));
    world.stop().await;
}
