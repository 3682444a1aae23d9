//! A gateway as a process, and an upstream for it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;

/// The key of the configuration.
pub(crate) const KEY: &str = "example-api-key";

pub(crate) const AUTH: &str = r#"{"endUserIp":"203.0.113.25"}"#;

/// A folder of a test's own, with a configuration in it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(settings: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(format!("bankid-gateway-{name}")));
        std::fs::create_dir_all(&folder.0).expect("a folder");
        folder.configure(settings, KEY);
        folder
    }

    /// Writes the configuration, with one key.
    pub(crate) fn configure(&self, settings: &str, key: &str) {
        let digest = gateway::digest(key).map(|byte| format!("{byte:02x}")).concat();
        let text = format!(
            "environment = 'simulator'\n{settings}\n[[keys]]\nname = 'shop'\nsha256 = ['{digest}']\n"
        );
        std::fs::write(self.0.join("gateway.toml"), text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A running gateway.
pub(crate) struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    /// What it logs, read as it comes so that nothing holds it up.
    log: Option<JoinHandle<String>>,
    pub(crate) address: SocketAddr,
    pub(crate) folder: Folder,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) log: String,
}

impl Program {
    /// With these settings in its file, on a free port, until it says that it is ready.
    pub(crate) fn start(settings: &str, flags: &[&str]) -> Self {
        let folder = Folder::new(settings);
        let trace: &[&str] =
            if flags.contains(&"--log-level") { &[] } else { &["--log-level", "trace"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_bankid-gateway"))
            .args(["--config".as_ref(), folder.0.join("gateway.toml").as_os_str()])
            .args(["--json", "--port", "0"])
            .args(trace)
            .args(flags)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let errors = child.stderr.take();
        let log = std::thread::spawn(|| rest(errors));
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints");
        let Ok(ready) = serde_json::from_str::<serde_json::Value>(&line) else {
            panic!("not ready: {line}{}", log.join().expect("no panic"));
        };
        let address = ready["http"].as_str().and_then(|url| url.strip_prefix("http://"));
        let address = address.and_then(|address| address.parse().ok()).expect("an address");
        Self { child, out, log: Some(log), address, folder }
    }

    /// Exit code and log of a program that does not start.
    pub(crate) fn fails(settings: &str) -> (Option<i32>, String) {
        let folder = Folder::new(settings);
        let ended = Command::new(env!("CARGO_BIN_EXE_bankid-gateway"))
            .args(["--config".as_ref(), folder.0.join("gateway.toml").as_os_str()])
            .args(["--port", "0"])
            .env_clear()
            .output()
            .expect("the program runs");
        assert!(ended.stdout.is_empty());
        (ended.status.code(), String::from_utf8(ended.stderr).expect("text"))
    }

    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).expect("it listens")
    }

    /// One call on a connection of its own.
    pub(crate) fn send(&self, request: &str) -> String {
        let mut stream = self.connect();
        // It may answer and close before it has read everything.
        let _written = stream.write_all(request.as_bytes());
        exchange(stream)
    }

    pub(crate) fn post(&self, target: &str, body: &str) -> String {
        self.send(&post(target, KEY, body))
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    pub(crate) fn wait(mut self) -> Ended {
        // Standard output is closed by the end.
        let mut out = String::new();
        self.out.read_to_string(&mut out).expect("text");
        assert_eq!(out, "");
        let log = self.log.take().expect("it is taken once").join().expect("no panic");
        let code = self.child.wait().expect("it ends").code();
        assert_eq!(leaked(&log), None, "{log}");
        Ended { code, log }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind.
        drop(self.child.kill());
        drop(self.child.wait());
        let log = self.log.take().and_then(|log| log.join().ok());
        if let Some(log) = log.filter(|_| !std::thread::panicking()) {
            assert_eq!(leaked(&log), None, "{log}");
        }
    }
}

/// What no log may have: what is secret in the tests of this suite, and whatever looks like a personal number.
pub(crate) fn leaked(log: &str) -> Option<&str> {
    let secrets = [
        KEY,
        "planted",
        "cGxhbnRlZCB0ZXh0",
        "qr-start-secret",
        "qr-start-token",
        "auto-start-token",
        "203.0.113.25",
    ];
    let numbers = log.split(|character: char| !character.is_ascii_digit());
    let mut numbers = numbers.filter(|digits| {
        digits.len() == 12 && (digits.starts_with("19") || digits.starts_with("20"))
    });
    secrets.into_iter().find(|secret| log.contains(secret)).or_else(|| numbers.next())
}

fn rest(pipe: Option<impl std::io::Read>) -> String {
    let mut text = String::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_string(&mut text).expect("text");
    }
    text
}

/// A request to post, on a connection that ends with it.
pub(crate) fn post(target: &str, key: &str, body: &str) -> String {
    format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nx-api-key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// All that comes back.
pub(crate) fn exchange(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _end = stream.read_to_end(&mut answer);
    String::from_utf8(answer).expect("text")
}

/// A server in BankID's place that gives these answers, one per connection, and what it was asked.
pub(crate) struct Upstream {
    pub(crate) settings: String,
    serving: JoinHandle<Vec<String>>,
}

impl Upstream {
    pub(crate) fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let serving = std::thread::spawn(move || {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("a call");
                asked.push(read_request(&mut stream));
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json";
                let length = answer.len();
                write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{answer}")
                    .expect("it reads");
            }
            asked
        });
        Self { settings: format!("url = 'http://{address}'"), serving }
    }

    /// Waits until every answer was given.
    pub(crate) fn asked(self) -> Vec<String> {
        self.serving.join().expect("no panic")
    }
}

pub(crate) fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a head");
        request.extend(byte);
    }
    let head = String::from_utf8(request).expect("text");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
    });
    let mut body = vec![0; length.expect("a length")];
    stream.read_exact(&mut body).expect("a body");
    head + &String::from_utf8(body).expect("text")
}
