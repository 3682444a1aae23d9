//! A server in BankID's place that answers each call with the next thing it was told to, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response};
use serve::{Body, BodyLimits, Connection, Full, HangUp, Server};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// What to do with a call.
#[derive(Debug)]
pub(crate) enum Act {
    /// Answer with this status and body.
    Answer(u16, String),
    /// Answer so once told to.
    Held(oneshot::Receiver<()>, u16, String),
    /// Close without an answer.
    Close,
}

/// A call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) body: String,
}

pub(crate) struct Upstream {
    pub(crate) url: String,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<serve::Drained, serve::Error>>,
}

struct Shared {
    script: Mutex<VecDeque<Act>>,
    asked: watch::Sender<Vec<Asked>>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared =
            Arc::new(Shared { script: Mutex::default(), asked: watch::Sender::new(Vec::new()) });
        let (stop, stopped) = oneshot::channel();
        let visited = Arc::clone(&shared);
        let limits = serve::Limits { drain_time: Duration::ZERO, ..serve::Limits::default() };
        let server = Server::new(listener).limits(limits);
        let running = tokio::spawn(
            server.run(async { drop(stopped.await) }, move |_peer| Visit(Arc::clone(&visited))),
        );
        Self { url, shared, stop, running }
    }

    pub(crate) fn next(&self, act: Act) {
        self.shared.script.lock().expect("no panic").push_back(act);
    }

    /// The next call is answered so.
    pub(crate) fn answers(&self, status: u16, body: &str) {
        self.next(Act::Answer(status, body.to_owned()));
    }

    /// What it was asked until now.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.borrow().clone()
    }

    /// Waits until it has been asked so often.
    pub(crate) async fn was_asked(&self, times: usize) {
        let mut asked = self.shared.asked.subscribe();
        asked.wait_for(|asked| asked.len() >= times).await.expect("it is there");
    }

    /// Ends it; everything it was told must have been asked for.
    pub(crate) async fn stop(self) {
        self.stop.send(()).expect("it runs");
        self.running.await.expect("it is not cancelled").expect("nothing panicked");
        let left = std::mem::take(&mut *self.shared.script.lock().expect("no panic"));
        assert!(left.is_empty(), "nobody asked for {left:?}");
    }
}

struct Visit(Arc<Shared>);

impl Connection for Visit {
    type Body = Full;

    async fn answer(&self, request: Request<Body>) -> Response<Full> {
        let (head, body) = request.into_parts();
        let limits = BodyLimits { bytes: 1 << 20, time: Duration::from_secs(10) };
        let body = serve::collect(body, limits).await.expect("the client sends whole bodies");
        let body = String::from_utf8(body.to_vec()).expect("the client sends JSON");
        let path = head.uri.path().to_owned();
        let act = self.0.script.lock().expect("no panic").pop_front();
        self.0.asked.send_modify(|asked| asked.push(Asked { path: path.clone(), body }));
        let (status, body) = match act {
            Some(Act::Answer(status, body)) => (status, body),
            Some(Act::Held(go_on, status, body)) => {
                go_on.await.expect("it is told to go on");
                (status, body)
            }
            Some(Act::Close) => {
                let mut response = Response::new(Full::default());
                response.extensions_mut().insert(HangUp);
                return response;
            }
            None => panic!("nobody said what to answer to {path}"),
        };
        let response =
            Response::builder().status(status).header("Content-Type", "application/json");
        response.body(Full::from(body)).expect("a response")
    }
}
