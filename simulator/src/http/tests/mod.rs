//! A site over real sockets, without the rest of the simulator around it.

mod answers;
mod garbage;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use serve::{Drained, Limits, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::control_api::Guard;
use super::{Control, Settings, Site};
use crate::clock::ClockMode;
use crate::lane::{World, WorldSettings};
use crate::rule::Rules;

/// A server on a thread of its own, so that tests can use blocking sockets.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<Result<Drained, serve::Error>>,
}

fn world(rules: Rules) -> Arc<World> {
    world_of_lanes(rules, 10_000)
}

fn world_of_lanes(rules: Rules, max_lanes: usize) -> Arc<World> {
    World::new(WorldSettings {
        rules,
        seed: 1,
        clock: ClockMode::Real,
        max_orders: 100_000,
        max_text_bytes: 100_000_000,
        max_lanes,
        signers: Arc::default(),
    })
}

fn control() -> Arc<Control> {
    let guard = Guard::new([127, 0, 0, 1].into(), &[], None);
    Arc::new(Control::new(guard, world(Rules::default())))
}

/// Everything on one plain port.
fn start() -> Running {
    start_site(Site::new(Some(world(Rules::default())), Some(control()), Settings::default()), None)
}

fn start_site(site: Site, tls: Option<Arc<rustls::ServerConfig>>) -> Running {
    let (stop, stopped) = oneshot::channel::<()>();
    let (bound, address) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            bound.send(listener.local_addr().unwrap()).unwrap();
            let limits = Limits { drain_time: Duration::from_secs(30), ..Limits::default() };
            let mut server = Server::new(listener).limits(limits).title_case_headers();
            if let Some(config) = tls {
                server = server.tls(config);
            }
            let site = Arc::new(site);
            server.run(async { drop(stopped.await) }, move |peer| site.visit(peer)).await
        })
    });
    Running { address: address.recv().unwrap(), stop, thread }
}

impl Running {
    /// Ends the server; what panicked in it fails the test.
    #[track_caller]
    fn stop(self) {
        self.stop.send(()).unwrap();
        assert_eq!(self.thread.join().unwrap().unwrap(), Drained { cut: 0 });
    }

    /// A connection whose reads fail rather than hang.
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }
}

/// One answer, as it came.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: String,
}

/// Sends one call and reads its answer; the connection stays open.
#[track_caller]
fn call(stream: &mut TcpStream, request: &str) -> Reply {
    stream.write_all(request.as_bytes()).unwrap();
    reply(stream)
}

#[track_caller]
fn post(stream: &mut TcpStream, path: &str, body: &str) -> Reply {
    let length = body.len();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    call(stream, &format!("{head}Content-Length: {length}\r\n\r\n{body}"))
}

#[track_caller]
fn reply(stream: &mut TcpStream) -> Reply {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = header(&head, "Content-Length").unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Reply { status, head, body: String::from_utf8(body).unwrap() }
}

/// The value of a header, its name spelt as here.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
