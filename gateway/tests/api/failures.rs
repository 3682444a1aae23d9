//! What becomes of BankID's refusals and silence.

use crate::upstream::Act;
use crate::world::{PENDING, World, complete};

const AUTH: &str = r#"{"endUserIp":"0.0.0.0"}"#;

#[tokio::test]
async fn every_code_of_bankid_has_its_status() {
    let world = World::new().await;
    let cases = [
        (400, "alreadyInProgress", 409),
        (400, "invalidParameters", 400),
        (400, "somethingNew", 400),
        (401, "unauthorized", 502),
        (403, "unauthorized", 502),
        (404, "notFound", 502),
        (405, "methodNotAllowed", 502),
        (408, "requestTimeout", 504),
        (415, "unsupportedMediaType", 502),
        (500, "internalError", 502),
        (500, "somethingNew", 502),
        (503, "maintenance", 503),
        (503, "Maintenance", 503),
        (503, "somethingNew", 503),
    ];
    for (status, code, expected) in cases {
        world
            .upstream
            .answers(status, &format!(r#"{{"errorCode":"{code}","details":"Words of BankID"}}"#));
        let answer = world.post("/auth", AUTH).await;
        answer.fails(expected, code, "");
        // What the caller cannot mend tells nothing of the inside.
        assert_eq!(answer.body.contains("Words of BankID"), expected < 500, "{code}");
    }
    world.upstream.answers(200, "<html>");
    world.post("/auth", AUTH).await.fails(502, "badAnswer", "");
    world.upstream.answers(503, "<html>");
    world.post("/auth", AUTH).await.fails(503, "maintenance", "");
    world.upstream.next(Act::Close);
    world.post("/auth", AUTH).await.fails(502, "connectionFailed", "");
    world.stop().await;
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let world = World::new().await;
    let _never = world.hold(200, "");
    let (answer, ()) = tokio::join!(world.post("/auth", AUTH), async {
        world.upstream.was_asked(1).await;
        world.clock.advance_ms(20_000);
    });
    answer.fails(504, "timeout", "");
    drop(world);
}

/// The answer that got lost was the final one, as the next call shows.
#[tokio::test]
async fn a_lost_result_is_told_for_as_long_as_a_result_would_be() {
    for lost in [Act::Close, Act::Answer(200, complete("", "").replace("}}", ""))] {
        let world = World::new().await;
        world.auth().await;
        world.upstream.next(lost);
        assert_eq!(world.collect().await.status, 502);
        world.clock.advance_ms(2_000);
        world.upstream.answers(400, crate::world::NO_SUCH_ORDER);
        world.collect().await.fails(502, "resultLost", "");
        world.clock.advance_ms(299_999);
        world.collect().await.fails(502, "resultLost", "");
        world.clock.advance_ms(1);
        world.collect().await.fails(404, "invalidParameters", "");
        world.stop().await;
    }
}

/// The answer that got lost was none of importance, or none got lost at all.
#[tokio::test]
async fn an_order_that_is_gone_without_a_lost_answer_is_no_such_order() {
    let world = World::new().await;
    world.auth().await;
    let ask = async |act: Act, status: u16| {
        world.upstream.next(act);
        assert_eq!(world.collect().await.status, status);
        world.clock.advance_ms(2_000);
    };
    ask(Act::Close, 502).await;
    ask(Act::Answer(200, PENDING.to_owned()), 200).await;
    ask(Act::Answer(503, "<html>".to_owned()), 503).await;
    ask(Act::Answer(400, crate::world::NO_SUCH_ORDER.to_owned()), 404).await;
    // BankID is not asked again.
    assert_eq!(world.collect().await.status, 404);
    world.stop().await;
}

#[tokio::test]
async fn a_result_without_a_certificate_proves_nothing() {
    let world = World::new().await;
    world.auth().await;
    world
        .upstream
        .answers(200, &complete("", "").replace(&*crate::world::SIGNATURE, "PFNpZ25hdHVyZS8+"));
    let answer = world.collect().await;
    answer.fails(502, "badAnswer", "");
    assert!(!answer.body.contains("190000000000"), "{}", answer.body);
    world.clock.advance_ms(2_000);
    world.collect().await.fails(502, "badAnswer", "");
    world.stop().await;
}
