//! A server that answers each request with the next thing it was told to do, and remembers what it was asked.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::pki_types::CertificateDer;
use rustls::{HandshakeKind, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// What to do with the next request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answer with this status and body.
    Answer(u16, String),
    /// Answer, and close the connection without having said so.
    AnswerAndClose(u16, String),
    /// Write these bytes, whatever they are, and close.
    Raw(Vec<u8>),
    /// Close without an answer.
    Close,
    /// Never answer.
    Hang,
}

impl Act {
    pub(crate) fn ok(body: &str) -> Self {
        Self::Answer(200, body.to_owned())
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
    /// On which connection, counted from 1.
    pub(crate) connection: usize,
}

impl Asked {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// What the server saw of a TLS handshake.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    pub(crate) version: ProtocolVersion,
    pub(crate) kind: HandshakeKind,
    pub(crate) name: Option<String>,
    pub(crate) certificates: Vec<CertificateDer<'static>>,
}

#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<VecDeque<Act>>,
    asked: watch::Sender<Vec<Asked>>,
    connections: watch::Sender<usize>,
    closed: watch::Sender<usize>,
    handshakes: Mutex<Vec<Handshake>>,
}

impl Server {
    /// On a free plain port.
    pub(crate) async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        Self::over(None, script).await
    }

    /// On a free port, with TLS or without.
    pub(crate) async fn over(
        tls: Option<TlsAcceptor>,
        script: impl IntoIterator<Item = Act>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            asked: watch::Sender::new(Vec::new()),
            connections: watch::Sender::new(0),
            closed: watch::Sender::new(0),
            handshakes: Mutex::default(),
        });
        let mut accepting = JoinSet::new();
        let common = Arc::clone(&shared);
        accepting.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                serving.spawn(serve(stream, tls.clone(), Arc::clone(&common)));
            }
        });
        Self { address, shared, accepting }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The handshakes that succeeded.
    pub(crate) fn handshakes(&self) -> Vec<Handshake> {
        self.shared.handshakes.lock().expect("no panic").clone()
    }

    /// Closes the port and every connection.
    pub(crate) fn hang_up(&mut self) {
        self.accepting.abort_all();
    }

    /// What else to do.
    pub(crate) fn then(&self, act: Act) {
        self.shared.script.lock().expect("no panic").push_back(act);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.borrow().clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        *self.shared.connections.borrow()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn was_asked(&self, times: usize) {
        let mut asked = self.shared.asked.subscribe();
        asked.wait_for(|asked| asked.len() >= times).await.expect("the server is there");
    }

    /// Waits until so many connections have ended.
    pub(crate) async fn closed(&self, times: usize) {
        let mut closed = self.shared.closed.subscribe();
        closed.wait_for(|closed| *closed >= times).await.expect("the server is there");
    }
}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut number = 0;
    shared.connections.send_modify(|connections| {
        *connections += 1;
        number = *connections;
    });
    match tls {
        None => answer(stream, number, &shared).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                let (_, tls) = stream.get_ref();
                let handshake = Handshake {
                    version: tls.protocol_version().expect("a version"),
                    kind: tls.handshake_kind().expect("a kind"),
                    name: tls.server_name().map(ToOwned::to_owned),
                    certificates: tls
                        .peer_certificates()
                        .into_iter()
                        .flatten()
                        .map(|one| one.clone().into_owned())
                        .collect(),
                };
                shared.handshakes.lock().expect("no panic").push(handshake);
                answer(stream, number, &shared).await;
            }
        }
    }
    shared.closed.send_modify(|closed| *closed += 1);
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    connection: usize,
    shared: &Shared,
) {
    while let Some(asked) = read(&mut stream, connection).await {
        // Taken before it is known that the request came, so that a test can add to the script only before.
        let act = shared.script.lock().expect("no panic").pop_front();
        shared.asked.send_modify(|all| all.push(asked));
        let (bytes, goes_on) = match act {
            Some(Act::Answer(status, body)) => (document(status, &body), true),
            Some(Act::AnswerAndClose(status, body)) => (document(status, &body), false),
            Some(Act::Raw(bytes)) => (bytes, false),
            Some(Act::Close) => return,
            Some(Act::Hang) => return std::future::pending().await,
            None => panic!("the server was not told what to do"),
        };
        if stream.write_all(&bytes).await.is_err() || !goes_on {
            let _end = stream.shutdown().await;
            return;
        }
    }
}

fn document(status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Said\r\nServer: BankID\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, connection: usize) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is text");
            let mut asked = Asked { head, body: String::new(), connection };
            let length: usize =
                asked.header("content-length").expect("a length").parse().expect("digits");
            if bytes.len() - end - 4 == length {
                asked.body = String::from_utf8(bytes[end + 4..].to_vec()).expect("JSON is text");
                return Some(asked);
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
            return None;
        }
    }
}
