//! Strict JSON:API 1.1, as its specification has it.

use crate::world::{KEY, ORDER_REF, PENDING, STARTED, World, by_order_ref, complete, request};

const STRICT: &str = "application/vnd.api+json";

#[tokio::test]
async fn documents_have_an_id_and_all_data_in_attributes() {
    let world = World::new().await;
    world.upstream.answers(200, STARTED);
    let answer = world.post_strict("/auth", "bankIdAuth", r#"{"endUserIp":"0.0.0.0"}"#).await;
    let resource = |kind: &str, attributes: &str| {
        format!(
            r#"{{"jsonapi":{{"version":"1.1"}},"data":{{"type":"{kind}","id":"{ORDER_REF}","attributes":{attributes}}}}}"#
        )
    };
    answer.is(200, &resource("bankIdAuth", STARTED));
    assert_eq!(answer.header("content-type"), STRICT);
    assert_eq!(answer.header("vary"), "Accept");

    world.upstream.answers(200, PENDING);
    let answer = world.post_strict("/collect", "bankIdCollect", &by_order_ref()).await;
    answer.is(200, &resource("bankIdCollect", PENDING));

    world.clock.advance_ms(2_000);
    world.upstream.answers(200, &complete("", ""));
    let answer = world.post_strict("/collect", "bankIdCollect", &by_order_ref()).await.json();
    let documented = world.collect().await.json();
    assert_eq!(answer["data"]["id"], ORDER_REF);
    assert_eq!(answer["data"]["type"], "bankIdCollect");
    assert_eq!(answer["data"]["attributes"], documented["data"]);
    world.stop().await;
}

#[tokio::test]
async fn cancel_is_a_document_with_meta() {
    let world = World::new().await;
    world.auth().await;
    world.upstream.answers(200, "{}");
    world.post_strict("/cancel", "bankIdCancel", &by_order_ref()).await.is(
        200,
        &format!(
            r#"{{"jsonapi":{{"version":"1.1"}},"meta":{{"orderRef":"{ORDER_REF}","status":"cancelled"}}}}"#
        ),
    );
    world.stop().await;
}

#[tokio::test]
async fn errors_point_into_the_document() {
    let world = World::new().await;
    let auth = async |body: &str| {
        let headers = [("x-api-key", KEY), ("accept", STRICT), ("content-type", STRICT)];
        world.send(request("/auth", &headers, body)).await
    };
    let answer = auth(r#"{"data":{"type":"bankIdAuth","attributes":{"endUserIp":"1"}}}"#).await;
    answer.fails(400, "invalidParameters", "pointer /data/attributes/endUserIp");
    assert_eq!(answer.header("content-type"), STRICT);
    assert_eq!(answer.json()["jsonapi"]["version"], "1.1");
    auth(r#"{"data":{"type":"bankIdAuth"}}"#).await.fails(
        400,
        "invalidParameters",
        "pointer /data/attributes/endUserIp",
    );
    auth(r#"{"endUserIp":"0.0.0.0"}"#).await.fails(400, "invalidParameters", "pointer /data");
    auth(r#"{"data":[]}"#).await.fails(400, "invalidParameters", "pointer /data");
    auth(r#"{"data":{"type":"bankIdSign","attributes":{}}}"#).await.fails(
        409,
        "typeConflict",
        "pointer /data/type",
    );
    auth(r#"{"data":{"attributes":{}}}"#).await.fails(409, "typeConflict", "pointer /data/type");
    auth(r#"{"data":{"type":"bankIdAuth","id":"1","attributes":{}}}"#).await.fails(
        403,
        "idNotAllowed",
        "pointer /data/id",
    );
    world.stop().await;
}

#[tokio::test]
async fn the_media_types_follow_the_specification() {
    let world = World::new().await;
    let auth = async |accept: &str| {
        let headers = [("x-api-key", KEY), ("accept", accept)];
        world.send(request("/auth", &headers, r#"{"endUserIp":"0.0.0.0"}"#)).await
    };
    let documented = "application/json";
    let answered = [
        ("", documented),
        ("*/*", documented),
        ("application/json", documented),
        ("application/json, text/plain, */*", documented),
        ("text/html, application/*;q=0.8", documented),
        (STRICT, STRICT),
        ("application/vnd.api+json, */*", STRICT),
        ("*/*, application/vnd.api+json", STRICT),
        ("application/json;q=0.5, application/vnd.api+json;q=0.9", STRICT),
        ("application/json, application/vnd.api+json", documented),
        // Profiles may be ignored; instances with other parameters must be.
        (r#"application/vnd.api+json;profile="https://example.com/a,b""#, STRICT),
        ("application/vnd.api+json;version=2, application/vnd.api+json;q=0.1", STRICT),
        ("application/json;q=0, */*", STRICT),
    ];
    for (accept, media) in answered {
        world.upstream.answers(200, STARTED);
        let answer = auth(accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media), "{accept}");
    }
    let refused = [
        "application/vnd.api+json;version=2",
        r#"application/vnd.api+json;ext="https://example.com/ext""#,
        "text/html",
        "*/*;q=0",
    ];
    for accept in refused {
        auth(accept).await.fails(406, "notAcceptable", "header Accept");
    }
    let sent = async |media: &str| {
        let headers = [("x-api-key", KEY), ("content-type", media)];
        world.send(request("/auth", &headers, "{}")).await
    };
    for media in [
        "application/vnd.api+json;version=2",
        r#"application/vnd.api+json;ext="https://example.com/ext""#,
        "application/json;charset=latin1",
        "application/json;a=b",
        "text/plain",
        "application/x-www-form-urlencoded",
    ] {
        sent(media).await.fails(415, "unsupportedMediaType", "header Content-Type");
    }
    world.stop().await;
}
