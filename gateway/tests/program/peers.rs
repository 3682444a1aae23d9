//! BankID and the way to the store, as far as a test lets them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::running::read_request;

/// A server in BankID's place: each call is told to the test, and answered when that says what.
pub(crate) struct BankId {
    pub(crate) settings: String,
    calls: Receiver<Call>,
}

/// A call that waits for its answer.
pub(crate) struct Call {
    pub(crate) request: String,
    stream: TcpStream,
}

impl BankId {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (tell, calls) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let request = read_request(&mut stream);
                if tell.send(Call { request, stream }).is_err() {
                    break;
                }
            }
        });
        Self { settings: format!("url = 'http://{address}'"), calls }
    }

    /// The next call of this path.
    pub(crate) fn called(&self, path: &str) -> Call {
        let call = self.calls.recv().expect("it runs");
        assert!(call.request.starts_with(&format!("POST /rp/v6.0/{path} ")), "{}", call.request);
        call
    }

    /// That nobody has called since.
    pub(crate) fn is_idle(&self) -> bool {
        self.calls.try_recv().is_err()
    }
}

impl Call {
    pub(crate) fn answer(mut self, status: u16, body: &str) {
        let head =
            format!("HTTP/1.1 {status} a\r\nConnection: close\r\nContent-Type: application/json");
        let length = body.len();
        write!(self.stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").expect("it reads");
    }
}

/// The way to a store, which a test can close in either direction.
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    gates: Arc<Gates>,
    held: Mutex<Receiver<()>>,
}

#[derive(Default)]
struct Gates {
    requests: AtomicBool,
    replies: AtomicBool,
}

impl Way {
    pub(crate) fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let gates = Arc::new(Gates::default());
        let (tell, held) = channel();
        let way = Self { address, gates: Arc::clone(&gates), held: Mutex::new(held) };
        thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.expect("a connection");
                let far = UnixStream::connect(&socket).expect("the store is there");
                let back =
                    (far.try_clone().expect("a handle"), near.try_clone().expect("a handle"));
                let (there, here) = (Arc::clone(&gates), Arc::clone(&gates));
                let (to_store, from_store) = (tell.clone(), tell.clone());
                thread::spawn(move || pump(near, far, &there.requests, &to_store));
                thread::spawn(move || pump(back.0, back.1, &here.replies, &from_store));
            }
        });
        way
    }

    /// From now on nothing reaches the store.
    pub(crate) fn close(&self) {
        self.gates.requests.store(true, Ordering::SeqCst);
    }

    /// From now on nothing comes back from the store.
    pub(crate) fn close_back(&self) {
        self.gates.replies.store(true, Ordering::SeqCst);
    }

    /// Waits until something was held back.
    pub(crate) fn has_held(&self) {
        self.held.lock().expect("no panic").recv().expect("it runs");
    }
}

trait Half {
    fn shut(&self);
}

impl Half for TcpStream {
    fn shut(&self) {
        drop(self.shutdown(Shutdown::Both));
    }
}

impl Half for UnixStream {
    fn shut(&self) {
        drop(self.shutdown(Shutdown::Both));
    }
}

fn pump<A: Read + Half, B: Write + Half>(
    mut from: A,
    mut to: B,
    closed: &AtomicBool,
    held: &Sender<()>,
) {
    let mut buffer = [0; 4_096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if closed.load(Ordering::SeqCst) {
            let _test_is_over = held.send(());
        } else if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    from.shut();
    to.shut();
}
