//! The program, running.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread::JoinHandle;

pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankid-simulator"));
    command.args(arguments);
    // A token of the tester's own environment must not get in.
    command.env_remove("BANKID_SIMULATOR_CONTROL_TOKEN");
    command
}

/// A simulator that has said that it is ready. It is killed if a test fails before it ends it.
pub(crate) struct Program {
    child: Child,
    out: Mutex<BufReader<ChildStdout>>,
    err: Option<JoinHandle<String>>,
    first_line: String,
}

/// How it ended, and what it printed after its first line.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// On free ports.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = program(arguments);
        if !arguments.contains(&"--no-plain") {
            command.args(["--port", "0"]);
        }
        if !arguments.contains(&"--no-tls") {
            command.args(["--tls-port", "0"]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = child.stderr.take().unwrap();
        let err = std::thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).unwrap();
            text
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        out.read_line(&mut first_line).unwrap();
        Self { child, out: Mutex::new(out), err: Some(err), first_line }
    }

    pub(crate) fn first_line(&self) -> &str {
        &self.first_line
    }

    /// The next line.
    pub(crate) fn line(&self) -> String {
        let mut line = String::new();
        let length = self.out.lock().unwrap().read_line(&mut line).unwrap();
        assert!(length > 0, "the output ended");
        line
    }

    /// What `--json` said.
    pub(crate) fn ready(&self) -> serde_json::Value {
        serde_json::from_str(&self.first_line).unwrap()
    }

    /// Host and port of plain HTTP.
    pub(crate) fn address(&self) -> String {
        self.ready()["http"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned()
    }

    /// A connection with a request that lacks the last byte of its body. The simulator has begun to read it: it has
    /// answered an earlier request of the same connection, and asked for the body of this one.
    pub(crate) fn half_a_request(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let body = r#"{"endUserIp":"127.0.0.1""#;
        let head = "POST /rp/v6.0/auth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue";
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n", body.len() + 1).unwrap();
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).unwrap();
        stream
    }

    /// Waits until the port takes no connections any more.
    pub(crate) fn wait_until_closed(&self) {
        // Every attempt is a system call of its own, so this yields.
        while TcpStream::connect(self.address()).is_ok() {
            std::thread::yield_now();
        }
    }

    pub(crate) fn signal(self, name: &str) -> Self {
        let sent =
            Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self
    }

    pub(crate) fn wait(mut self) -> Ended {
        let mut out = String::new();
        self.out.lock().unwrap().read_to_string(&mut out).unwrap();
        let code = self.child.wait().unwrap().code();
        let err = self.err.take().unwrap().join().unwrap();
        Ended { code, out, err }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The whole answer of a call.
pub(crate) fn post(address: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer s3cret-of-tests\r\nConnection: close"
    );
    let length = body.len();
    let request = format!(
        "{head}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    // In one piece: some are answered, and the connection closed, before a second one could be sent.
    stream.write_all(request.as_bytes()).unwrap();
    exchange(stream)
}

/// All that still comes.
pub(crate) fn exchange(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
