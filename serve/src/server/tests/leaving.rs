//! Clients that end their side, or go away, before they have their answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{NONE_CUT, OK, Running, answer, rest, send, start, with_turned_time};
use crate::Limits;

/// What was sent before has been seen once another connection is answered.
async fn settle(server: &Running) {
    let mut other = server.connect().await;
    send(&mut other, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut other).await;
}

/// A connection whose request waits for its answer.
async fn waiting(server: &Running) -> TcpStream {
    let mut stream = server.connect().await;
    send(&mut stream, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    settle(server).await;
    stream
}

#[tokio::test]
async fn a_client_that_has_ended_its_side_is_answered() {
    let server = start(Limits::default(), None).await;
    let body = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nabcde";
    let chunked =
        "POST /body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (request, expected) in
        [("GET / HTTP/1.1\r\nhost: x\r\n\r\n", "/ None"), (body, "5"), (chunked, "3")]
    {
        let mut stream = server.connect().await;
        send(&mut stream, request).await;
        stream.shutdown().await.unwrap();
        let text = rest(&mut stream).await;
        assert!(text.starts_with(OK) && text.ends_with(expected), "{request}: {text}");
    }
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn an_answer_that_takes_time_reaches_it_too() {
    let server = start(Limits::default(), None).await;
    let mut stream = waiting(&server).await;
    stream.shutdown().await.unwrap();
    settle(&server).await;
    server.shared.go.notify_one();
    let text = rest(&mut stream).await;
    assert!(text.starts_with(OK) && text.ends_with("waited"), "{text}");
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn what_it_sends_meanwhile_is_not_lost() {
    let server = start(Limits::default(), None).await;
    let mut stream = waiting(&server).await;
    send(&mut stream, "GET /se").await;
    settle(&server).await;
    send(&mut stream, "cond HTTP/1.1\r\nhost: x\r\n\r\n").await;
    stream.shutdown().await.unwrap();
    settle(&server).await;
    server.shared.go.notify_one();
    assert_eq!(answer(&mut stream).await.1, "waited");
    assert_eq!(answer(&mut stream).await.1, "/second None");
    assert_eq!(rest(&mut stream).await, "");
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused_at_once() {
    let server = start(Limits::default(), None).await;
    let mut stream = server.connect().await;
    send(&mut stream, "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nabc").await;
    settle(&server).await;
    stream.shutdown().await.unwrap();
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 400 ") && text.ends_with("body is broken"), "{text}");
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[test]
fn a_client_that_is_gone_frees_its_connection() {
    with_turned_time(async {
        let server = start(Limits { connections: 1, ..Limits::default() }, None).await;
        let mut gone = server.connect().await;
        send(&mut gone, "GET /1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
        answer(&mut gone).await;
        send(&mut gone, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let began = tokio::time::Instant::now();
        drop(gone);
        let mut next = server.connect().await;
        send(&mut next, "GET /2 HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(answer(&mut next).await.1, "/2 None");
        let took = began.elapsed();
        assert!(took >= Duration::from_secs(5) && took < Duration::from_secs(10), "{took:?}");
        drop(next);
        assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    });
}

#[tokio::test]
async fn a_connection_that_breaks_is_freed_at_once() {
    let server = start(Limits { connections: 1, ..Limits::default() }, None).await;
    let mut broken = server.connect().await;
    send(&mut broken, "GET /1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    // Closing a socket with unread bytes in it resets the connection.
    broken.readable().await.unwrap();
    send(&mut broken, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    drop(broken);
    let mut next = server.connect().await;
    send(&mut next, "GET /2 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut next).await.1, "/2 None");
    drop(next);
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn stopping_lets_it_have_its_answer() {
    let server = start(Limits::default(), None).await;
    let mut stream = waiting(&server).await;
    stream.shutdown().await.unwrap();
    let shared = Arc::clone(&server.shared);
    let stopped = tokio::spawn(server.stop());
    shared.go.notify_one();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.ends_with("waited"), "{text}");
    assert_eq!(stopped.await.unwrap().unwrap(), NONE_CUT);
}
