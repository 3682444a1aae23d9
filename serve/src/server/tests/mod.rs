mod leaving;
mod tls;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::{Drained, Error, FIRST_PAUSE, LONGEST_PAUSE, Pause, Server};
use crate::{Body, BodyLimits, Connection, Full, Limits, Peer, collect};

/// What the answering side of a test needs to know and to count.
#[derive(Default)]
struct Shared {
    connections: AtomicUsize,
    go: Notify,
}

/// Answers `/` with what it knows, `/body` with the length of the body, `/panic` and `/wait` as they say.
struct Answers {
    shared: Arc<Shared>,
    peer: Peer,
}

impl Connection for Answers {
    type Body = Full;

    async fn answer(&self, request: Request<Body>) -> Response<Full> {
        let text = match request.uri().path() {
            "/wait" => {
                self.shared.go.notified().await;
                "waited".to_owned()
            }
            "/panic" => panic!("as asked"),
            "/body" => {
                let limits = BodyLimits { bytes: 1000, time: Duration::from_secs(10) };
                match collect(request.into_body(), limits).await {
                    Ok(bytes) => bytes.len().to_string(),
                    Err(fault) => return refusal(&fault.to_string()),
                }
            }
            path => {
                format!("{path} {:?}", self.peer.client_certificate.as_ref().map(|der| der.len()))
            }
        };
        Response::new(Full::from(text))
    }
}

fn refusal(text: &str) -> Response<Full> {
    let mut response = Response::new(Full::from(text.to_owned()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

struct Running {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<Drained, Error>>,
}

async fn start(limits: Limits, tls: Option<Arc<rustls::ServerConfig>>) -> Running {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let shared = Arc::new(Shared::default());
    let (stop, stopped) = oneshot::channel::<()>();
    let mut server = Server::new(listener).limits(limits);
    if let Some(config) = tls {
        server = server.tls(config);
    }
    let connect = {
        let shared = Arc::clone(&shared);
        move |peer| {
            shared.connections.fetch_add(1, Ordering::SeqCst);
            Answers { shared: Arc::clone(&shared), peer }
        }
    };
    let server = tokio::spawn(server.run(async { drop(stopped.await) }, connect));
    Running { address, shared, stop, server }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) -> Result<Drained, Error> {
        self.stop.send(()).unwrap();
        self.server.await.unwrap()
    }
}

const NONE_CUT: Drained = Drained { cut: 0 };

/// Runs a test in which time passes as soon as nobody has anything else to do.
fn with_turned_time<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Reads one answer that has a Content-Length, and gives its status line and body.
async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    (head.lines().next().unwrap().to_owned(), String::from_utf8(body).unwrap())
}

/// Whatever still comes until the connection ends, in whichever way.
async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes).await);
    String::from_utf8(bytes).unwrap()
}

const OK: &str = "HTTP/1.1 200 OK";

#[tokio::test]
async fn requests_of_a_connection_share_what_was_made_for_it() {
    let server = start(Limits::default(), None).await;
    let mut one = server.connect().await;
    for path in ["/a", "/b"] {
        send(&mut one, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await;
        assert_eq!(answer(&mut one).await, (OK.to_owned(), format!("{path} None")));
    }
    let mut other = server.connect().await;
    send(&mut other, "GET /c HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut other).await;
    assert_eq!(server.shared.connections.load(Ordering::SeqCst), 2);
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = start(Limits::default(), None).await;
    let mut stream = server.connect().await;
    send(
        &mut stream,
        "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nabcde\
         GET /second HTTP/1.1\r\nhost: x\r\n\r\n\
         POST /body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
    )
    .await;
    for expected in ["5", "/second None", "7"] {
        assert_eq!(answer(&mut stream).await, (OK.to_owned(), expected.to_owned()));
    }
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn a_refused_upload_still_gets_its_answer() {
    let server = start(Limits::default(), None).await;
    let mut stream = server.connect().await;
    send(&mut stream, "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 700000\r\n\r\n").await;
    stream.write_all(&vec![b'x'; 700_000]).await.unwrap();
    assert_eq!(
        answer(&mut stream).await,
        ("HTTP/1.1 400 Bad Request".to_owned(), "body is too large".to_owned())
    );
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn large_heads_are_refused() {
    let server = start(Limits { head_bytes: 10_000, ..Limits::default() }, None).await;
    let many = "h: x\r\n".repeat(101);
    for head in [format!("x: {}\r\n", "y".repeat(10_000)), many] {
        let mut stream = server.connect().await;
        send(&mut stream, &format!("GET / HTTP/1.1\r\n{head}\r\n")).await;
        assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431 "));
    }
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[test]
fn a_slow_head_ends_the_connection() {
    with_turned_time(async {
        let limits = Limits { idle_time: Duration::from_secs(1000), ..Limits::default() };
        let server = start(limits, None).await;
        for first in ["", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"] {
            let mut stream = server.connect().await;
            send(&mut stream, first).await;
            if !first.is_empty() {
                answer(&mut stream).await;
            }
            send(&mut stream, "POST /").await;
            let began = tokio::time::Instant::now();
            assert_eq!(rest(&mut stream).await, "");
            let took = began.elapsed();
            assert!(took >= Duration::from_secs(7) && took < Duration::from_secs(20), "{took:?}");
        }
        assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    });
}

#[test]
fn a_silent_connection_ends_later() {
    with_turned_time(async {
        let server = start(Limits::default(), None).await;
        for first in ["", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"] {
            let mut stream = server.connect().await;
            let began = tokio::time::Instant::now();
            send(&mut stream, first).await;
            if !first.is_empty() {
                answer(&mut stream).await;
            }
            assert_eq!(rest(&mut stream).await, "");
            let took = began.elapsed();
            assert!(took >= Duration::from_secs(75) && took < Duration::from_secs(90), "{took:?}");
        }
        assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    });
}

#[test]
fn a_long_answer_is_not_idleness() {
    with_turned_time(async {
        let server = start(Limits::default(), None).await;
        let mut stream = server.connect().await;
        send(&mut stream, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
        tokio::time::advance(Duration::from_secs(200)).await;
        let shared = Arc::clone(&server.shared);
        let later = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(200)).await;
            shared.go.notify_one();
        });
        assert_eq!(answer(&mut stream).await.1, "waited");
        later.await.unwrap();
        assert_eq!(server.stop().await.unwrap(), NONE_CUT);
    });
}

#[tokio::test]
async fn connections_over_the_limit_wait() {
    let server = start(Limits { connections: 1, ..Limits::default() }, None).await;
    let mut first = server.connect().await;
    send(&mut first, "GET /1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut first).await;
    let mut second = server.connect().await;
    send(&mut second, "GET /2 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    // The first connection is still served, and alone.
    send(&mut first, "GET /3 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut first).await;
    assert_eq!(server.shared.connections.load(Ordering::SeqCst), 1);
    drop(first);
    assert_eq!(answer(&mut second).await.1, "/2 None");
    assert_eq!(server.stop().await.unwrap(), NONE_CUT);
}

#[tokio::test]
async fn stopping_lets_requests_end_and_closes_the_rest() {
    let server = start(Limits::default(), None).await;
    let mut idle = server.connect().await;
    send(&mut idle, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut idle).await;
    let mut busy = server.connect().await;
    send(&mut busy, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\nGET /never HTTP/1.1\r\nhost: x\r\n\r\n")
        .await;
    // The busy one has been accepted once a later connection is answered.
    let mut later = server.connect().await;
    send(&mut later, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut later).await;
    let (address, shared) = (server.address, Arc::clone(&server.shared));
    let stopped = tokio::spawn(server.stop());
    assert_eq!(rest(&mut idle).await, "");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    shared.go.notify_one();
    let text = rest(&mut busy).await;
    assert!(text.starts_with(OK) && text.ends_with("waited"), "{text}");
    assert_eq!(stopped.await.unwrap().unwrap(), NONE_CUT);
}

#[test]
fn stopping_cuts_what_takes_too_long() {
    with_turned_time(async {
        let server = start(Limits::default(), None).await;
        let mut busy = server.connect().await;
        send(&mut busy, "GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let mut later = server.connect().await;
        send(&mut later, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        answer(&mut later).await;
        assert_eq!(server.stop().await.unwrap(), Drained { cut: 1 });
        assert_eq!(rest(&mut busy).await, "");
    });
}

#[tokio::test]
async fn panics_end_their_connection_only_and_are_told_at_the_end() {
    let server = start(Limits::default(), None).await;
    let mut other = server.connect().await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET /panic HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(rest(&mut stream).await, "");
    send(&mut other, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    answer(&mut other).await;
    assert!(matches!(server.stop().await, Err(Error::Panicked { connections: 1 })));
}

#[test]
fn failing_to_accept_is_retried_ever_more_slowly() {
    let out_of_descriptors = io::Error::from_raw_os_error(24);
    let broken = io::Error::from(io::ErrorKind::ConnectionAborted);
    let mut pause = Pause::default();
    assert_eq!(pause.after(&broken), None);
    assert_eq!(pause.after(&out_of_descriptors), Some(FIRST_PAUSE));
    assert_eq!(pause.after(&out_of_descriptors), Some(FIRST_PAUSE * 2));
    assert_eq!(pause.after(&broken), None);
    let longest = (0..20).filter_map(|_| pause.after(&out_of_descriptors)).last();
    assert_eq!(longest, Some(LONGEST_PAUSE));
}
