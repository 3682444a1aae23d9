//! How often BankID is asked, and what is kept.

use std::time::Duration;

use gateway::Limits;

use crate::world::{KEY, PENDING, STARTED, World, by_order_ref, complete, request};

#[tokio::test]
async fn bankid_is_asked_once_in_two_seconds_however_many_ask() {
    let world = World::new().await;
    world.auth().await;
    for turn in 1..=3 {
        let hint = format!("hint{turn}");
        let go_on = world.hold(200, &PENDING.replace("outstandingTransaction", &hint));
        let callers = (0..20).map(|_| {
            let gateway = world.gateway.clone();
            tokio::spawn(async move {
                let request = request("/collect", &[("x-api-key", KEY)], &by_order_ref());
                gateway.answer(request).await.into_body()
            })
        });
        let callers: Vec<_> = callers.collect();
        world.upstream.was_asked(1 + turn).await;
        go_on.send(()).expect("it is awaited");
        for caller in callers {
            let body = caller.await.expect("no panic");
            assert!(String::from_utf8_lossy(&body).contains(&hint));
        }
        // Too early for another call: everybody gets what is known.
        world.clock.advance_ms(1_999);
        for _ in 0..20 {
            assert!(world.collect().await.body.contains(&hint));
        }
        assert_eq!(world.upstream.asked().len(), 1 + turn);
        world.clock.advance_ms(1);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_result_survives_the_caller_who_asked_for_it() {
    let world = World::new().await;
    world.auth().await;
    let go_on = world.hold(200, &complete("", ""));
    let asking = {
        let gateway = world.gateway.clone();
        tokio::spawn(async move {
            gateway.answer(request("/collect", &[("x-api-key", KEY)], &by_order_ref())).await
        })
    };
    world.upstream.was_asked(2).await;
    asking.abort();
    assert!(asking.await.expect_err("it was given up").is_cancelled());
    let (answer, ()) = tokio::join!(world.collect(), async {
        go_on.send(()).expect("the call goes on");
    });
    assert_eq!(answer.json()["data"]["status"], "complete");
    world.stop().await;
}

#[tokio::test]
async fn a_final_answer_can_be_had_again_for_its_time() {
    let failed =
        PENDING.replace("pending", "failed").replace("outstandingTransaction", "userCancel");
    for last in [complete("", ""), failed] {
        let world = World::new().await;
        world.auth().await;
        world.upstream.answers(200, &last);
        let first = world.collect().await;
        for ms in [0, 1, 2_000, 297_998] {
            world.clock.advance_ms(ms);
            world.collect().await.is(200, &first.body);
        }
        world.gateway.sweep();
        assert_eq!(world.gateway.orders(), Some(1));
        world.clock.advance_ms(1);
        world.collect().await.fails(404, "invalidParameters", "");
        world.gateway.sweep();
        assert_eq!(world.gateway.orders(), Some(0));
        world.stop().await;
    }
}

#[tokio::test]
async fn orders_that_nobody_asks_for_are_forgotten() {
    let world = World::new().await;
    world.auth().await;
    world.clock.advance_ms(599_999);
    world.gateway.sweep();
    assert_eq!(world.gateway.orders(), Some(1));
    world.clock.advance_ms(1);
    world.collect().await.fails(404, "invalidParameters", "");
    world.gateway.sweep();
    assert_eq!(world.gateway.orders(), Some(0));
    world.stop().await;
}

#[tokio::test]
async fn the_store_has_an_end_and_says_so_before_bankid_is_asked() {
    let keep_final = Duration::from_secs(60);
    let limits = Limits { store_kib: 2 * (Limits::ORDER_KIB + 1), keep_final };
    let world = World::with(|keys| keys, limits, false).await;
    let auth = async |name: &str| {
        world.upstream.answers(200, &STARTED.replace("131daac9", name));
        world.post("/auth", r#"{"endUserIp":"0.0.0.0"}"#).await.status
    };
    assert_eq!((auth("first").await, auth("second").await), (200, 200));
    let answer = world.post("/auth", r#"{"endUserIp":"0.0.0.0"}"#).await;
    answer.fails(503, "storeFull", "");
    assert_eq!(answer.header("retry-after"), "1");
    // A cancelled order makes room at once, others when their time is over.
    world.upstream.answers(200, "{}");
    let first = by_order_ref().replace("131daac9", "first");
    assert_eq!(world.post("/cancel", &first).await.status, 200);
    assert_eq!(auth("third").await, 200);
    world.clock.advance_ms(600_000);
    assert_eq!(auth("fourth").await, 200);
    assert_eq!(world.gateway.orders(), Some(1));
    world.stop().await;
}
