//! What is sent, over which connection, and that nothing is sent twice.

use std::time::Duration;

use bankid_client::{Config, Retry};
use bankid_core::request::{ApiVersion, Operation, Start};

use crate::server::{Act, Server};
use crate::{COMPLETE, NO_SUCH_ORDER, PENDING, STARTED, auth, client, clock, order_ref};

const BODY: &str = r#"{"endUserIp":"203.0.113.25"}"#;

fn same(config: Config) -> Config {
    config
}

#[tokio::test]
async fn requests_are_exactly_what_bankid_takes() {
    let server = Server::start([Act::ok(STARTED), Act::ok(PENDING), Act::ok("{}")]).await;
    let (client, _) = client(&server, same);
    let order = client.auth(auth()).await.unwrap();
    client.collect(&order.order_ref).await.unwrap();
    client.cancel(&order.order_ref).await.unwrap();
    let asked = server.asked();
    let by_order = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#;
    for (asked, (path, body)) in
        asked.iter().zip([("auth", BODY), ("collect", by_order), ("cancel", by_order)])
    {
        assert_eq!(asked.line(), format!("POST /rp/v6.0/{path} HTTP/1.1"));
        assert_eq!(asked.header("content-type"), Some("application/json"));
        assert_eq!(asked.header("host"), Some(&*server.address().to_string()));
        assert_eq!(asked.body, body);
        // Nothing else: no compression, no user agent.
        assert_eq!(asked.head.lines().count(), 4, "{}", asked.head);
    }
    assert_eq!(asked.iter().map(|asked| asked.connection).collect::<Vec<_>>(), [1, 1, 1]);
}

#[tokio::test]
async fn any_request_of_either_version_can_be_started() {
    let server = Server::start([Act::ok(STARTED), Act::ok(PENDING), Act::ok("{}")]).await;
    let (client, _) = client(&server, same);
    let body = r#"{"endUserIp":"203.0.113.25","requirement":{"tokenStartRequired":true}}"#;
    let start = Start::parse(ApiVersion::V5_1, Operation::Auth, body.as_bytes()).unwrap();
    let order = client.start(&start).await.unwrap();
    assert_eq!((order.api_version, order.operation), (ApiVersion::V5_1, Operation::Auth));
    assert_eq!(order.request(), Some(start));
    client.collect_order(&order).await.unwrap();
    client.cancel_order(&order).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].body, body);
    let lines: Vec<_> = asked.iter().map(|asked| asked.line().to_owned()).collect();
    let expected =
        ["auth", "collect", "cancel"].map(|path| format!("POST /rp/v5.1/{path} HTTP/1.1"));
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn what_bankid_would_refuse_is_not_sent() {
    let server = Server::start([]).await;
    let (client, _) = client(&server, same);
    for (operation, body, member, details) in [
        (Operation::Auth, r#"{"endUserIp":""}"#, "endUserIp", "Invalid endUserIp"),
        (
            Operation::PhoneAuth,
            r#"{"personalNumber":"190000000000","callInitiator":"rp"}"#,
            "callInitiator",
            "Incorrect callInitiator",
        ),
    ] {
        let start = Start::parse(ApiVersion::V6_0, operation, body.as_bytes()).unwrap();
        let error = client.start(&start).await.unwrap_err();
        assert_eq!((error.code(), error.status()), ("invalidParameters", None));
        assert_eq!((error.member(), error.details()), (Some(member), Some(details)));
        assert_eq!(error.retry(), Retry::Never);
    }
    let error = client.auth(auth().text("")).await.unwrap_err();
    assert_eq!(error.details(), Some("Invalid userVisibleData"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_meanwhile_is_replaced() {
    let server =
        Server::start([Act::AnswerAndClose(200, STARTED.to_owned()), Act::ok(STARTED)]).await;
    let (client, _) = client(&server, same);
    client.auth(auth()).await.unwrap();
    server.closed(1).await;
    client.auth(auth()).await.unwrap();
    let connections: Vec<_> = server.asked().iter().map(|asked| asked.connection).collect();
    assert_eq!(connections, [1, 2]);
}

#[tokio::test]
async fn a_request_that_may_have_arrived_is_never_sent_again() {
    // On a new connection, and on a kept one.
    let script = [Act::Close, Act::ok(STARTED), Act::Close];
    let server = Server::start(script).await;
    let (client, _) = client(&server, same);
    for (answered, times) in [(false, 1), (true, 2), (false, 3)] {
        match client.auth(auth()).await {
            Ok(_) => assert!(answered),
            Err(error) => {
                assert!(!answered, "{error}");
                assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::Never));
            }
        }
        assert_eq!(server.asked().len(), times);
    }
    assert_eq!(server.connections(), 2);
    server.then(Act::Close);
    let error = client.collect(&order_ref()).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::NextPoll));
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"orderRef\"";
    let server =
        Server::start([Act::Raw(half.into()), Act::Raw(b"ICY 200 OK\r\n\r\n".into())]).await;
    let (client, _) = client(&server, same);
    let error = client.auth(auth()).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::Never));
    let error = client.auth(auth()).await.unwrap_err();
    assert_eq!((error.code(), error.status()), ("badAnswer", None));
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn nobody_there_is_told_after_some_tries() {
    let server = Server::start([]).await;
    let (client, clock) = client(&server, |config| config.retries(3));
    drop(server);
    let before = client.now();
    let error = clock.passing(client.auth(auth())).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::SafeNow));
    // Tried again at once, and then twice after a second.
    assert_eq!(clock.since(before), Duration::from_secs(2));
}

#[tokio::test]
async fn unavailability_is_waited_out_within_bounds() {
    let unavailable = || Act::Answer(503, r#"{"errorCode":"Maintenance"}"#.to_owned());
    let server = Server::start([unavailable(), unavailable(), Act::ok(STARTED)]).await;
    let (client, clock) = client(&server, same);
    let before = client.now();
    clock.passing(client.auth(auth())).await.unwrap();
    assert_eq!(clock.since(before), Duration::from_secs(2));

    (0..3).for_each(|_| server.then(unavailable()));
    let error = clock.passing(client.auth(auth())).await.unwrap_err();
    assert_eq!((error.code(), error.status()), ("Maintenance", Some(503)));
    assert_eq!(error.retry(), Retry::Later);
    assert_eq!(server.asked().len(), 6);

    // Whoever collects comes again anyway.
    server.then(unavailable());
    let error = client.collect(&order_ref()).await.unwrap_err();
    assert_eq!((error.status(), error.retry()), (Some(503), Retry::NextPoll));
}

#[tokio::test]
async fn a_cancel_whose_answer_got_lost_is_sent_once_more() {
    let gone = || Act::Answer(400, NO_SUCH_ORDER.to_owned());
    let server = Server::start([Act::Close, gone(), Act::Close, Act::Close, gone()]).await;
    let (client, _) = client(&server, same);
    client.cancel(&order_ref()).await.unwrap();
    assert_eq!(server.asked().len(), 2);
    let error = client.cancel(&order_ref()).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("connectionFailed", Retry::Once));
    assert_eq!(server.asked().len(), 4);
    // Not after an answer.
    let error = client.cancel(&order_ref()).await.unwrap_err();
    assert_eq!((error.code(), error.details()), ("invalidParameters", Some("No such order")));
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn a_collision_is_never_tried_again() {
    let refusal =
        r#"{"errorCode":"alreadyInProgress","details":"Order already in progress for pno"}"#;
    let server = Server::start([Act::Answer(400, refusal.to_owned())]).await;
    let (client, _) = client(&server, same);
    let error = client.auth(auth()).await.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("alreadyInProgress", Retry::Never));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_with_the_limit() {
    let server = Server::start([Act::Hang, Act::Hang, Act::ok(STARTED)]).await;
    let (client, clock) =
        client(&server, |config| config.request_timeout(Duration::from_millis(300)));
    let turn = async |times| {
        server.was_asked(times).await;
        clock.advance(Duration::from_millis(299));
        clock.advance(Duration::from_millis(1));
    };
    let (outcome, ()) = tokio::join!(client.auth(auth()), turn(1));
    let error = outcome.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("timeout", Retry::Never));
    assert_eq!(error.to_string(), "auth took longer than 300 ms");
    let reference = order_ref();
    let (outcome, ()) = tokio::join!(client.collect(&reference), turn(2));
    assert_eq!(outcome.unwrap_err().retry(), Retry::NextPoll);
    // The connections on which an answer may still come are not used again.
    client.auth(auth()).await.unwrap();
    assert_eq!(server.connections(), 3);
}

/// Whatever the connection was waiting for in the call before.
#[tokio::test]
async fn every_call_has_the_whole_limit() {
    let server = Server::start([Act::ok(PENDING), Act::Hang]).await;
    let (client, clock) =
        client(&server, |config| config.request_timeout(Duration::from_millis(300)));
    let reference = order_ref();
    client.collect(&reference).await.unwrap();
    clock.advance(Duration::from_millis(200));
    let mut call = Box::pin(client.collect(&reference));
    let nearly = async {
        server.was_asked(2).await;
        clock.advance(Duration::from_millis(100));
        clock::settle().await;
        clock.advance(Duration::from_millis(199));
        clock::settle().await;
    };
    tokio::select! {
        () = nearly => {}
        _ = &mut call => panic!("too early"),
    }
    clock.advance(Duration::from_millis(1));
    assert_eq!(call.await.unwrap_err().code(), "timeout");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_is_ready_counts_however_late_it_is_asked_for() {
    let server = Server::start([Act::ok(COMPLETE)]).await;
    let (client, clock) =
        client(&server, |config| config.request_timeout(Duration::from_millis(300)));
    let reference = order_ref();
    let mut call = Box::pin(client.collect(&reference));
    tokio::select! {
        biased;
        () = server.was_asked(1) => {}
        _ = &mut call => panic!("the answer was not to be looked at yet"),
    }
    clock::settle().await;
    clock.advance(Duration::from_secs(60));
    assert!(call.await.is_ok_and(|answer| answer.is_final()));
}

#[tokio::test]
async fn connections_are_bounded_and_calls_beyond_wait() {
    let server = Server::start([Act::Hang, Act::ok(STARTED)]).await;
    let (client, clock) =
        client(&server, |config| config.max_connections(1).connect_timeout(Duration::from_secs(1)));
    let other = client.clone();
    let first = tokio::spawn(async move { other.auth(auth()).await });
    server.was_asked(1).await;
    let turn = async { clock.advance(Duration::from_secs(1)) };
    let (outcome, ()) = tokio::join!(client.auth(auth()), turn);
    let error = outcome.unwrap_err();
    assert_eq!((error.code(), error.retry()), ("timeout", Retry::SafeNow));
    assert_eq!(server.connections(), 1);
    // A call that is given up makes room.
    first.abort();
    assert!(first.await.is_err());
    client.auth(auth()).await.unwrap();
}

#[tokio::test]
async fn idle_connections_are_let_go() {
    let server = Server::start([Act::ok(STARTED), Act::ok(STARTED)]).await;
    let (client, clock) = client(&server, |config| config.idle_timeout(Duration::from_secs(5)));
    client.auth(auth()).await.unwrap();
    clock.advance(Duration::from_secs(5));
    server.closed(1).await;
    client.auth(auth()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_client_outlives_a_runtime() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let serving = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let server =
        serving.block_on(Server::start([Act::ok(STARTED), Act::ok(STARTED), Act::ok(STARTED)]));
    let (client, _) = client(&server, same);
    let first = runtime();
    first.block_on(client.auth(auth())).unwrap();
    // Another runtime does not take the connection of the first, which is still there.
    runtime().block_on(client.auth(auth())).unwrap();
    assert_eq!(server.connections(), 2);
    first.block_on(client.auth(auth())).unwrap();
    assert_eq!(server.connections(), 2);
    drop(first);
}
