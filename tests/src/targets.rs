//! One function per parser: any bytes go in, and what comes out must hold together.
//!
//! The fuzzers in `fuzz/` call these with bytes they invent, and `it/corpus.rs` with the committed corpus, so a stable
//! toolchain replays every case that a fuzzer once found. A target says what must hold by panicking when it does not.

#![expect(clippy::panic, reason = "a target says by a panic that something does not hold")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use bankid_core::collect::Collect;
use bankid_core::error::ApiError;
use bankid_core::qr::{self, Scanned, Secret};
use bankid_core::request::{ApiVersion, Operation, Start, parse_order_ref};
use bankid_core::{PersonalNumber, markdown, v5};
use bankid_signature::Certificate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use simulator::Simulator;
use tokio::runtime::Runtime;

/// Panics if what it made of the bytes does not hold together.
pub type Target = fn(&[u8]);

/// Every target, and the folder of its corpus.
pub const ALL: [(&str, Target); 8] = [
    ("api_error", api_error),
    ("certificates", certificates),
    ("collect", collect),
    ("markdown", markdown),
    ("personal_number", personal_number),
    ("port", port),
    ("qr_frame", qr_frame),
    ("rp_request", rp_request),
];

/// An error document read is the same when written and read again.
///
/// # Panics
/// When it is not.
pub fn api_error(bytes: &[u8]) {
    if let Ok(error) = serde_json::from_slice::<ApiError>(bytes) {
        again(&error);
    }
}

/// The XML of a signature is refused, or every certificate in it reads the same by itself.
///
/// # Panics
/// When one does not.
pub fn certificates(bytes: &[u8]) {
    let Ok(found) = bankid_signature::certificates(&STANDARD.encode(bytes)) else { return };
    for certificate in found {
        let again = Certificate::from_der(certificate.der());
        assert_eq!(again.as_ref(), Ok(&certificate));
        let _written = certificate.subject().to_string();
    }
}

/// An answer to collect, of either version, likewise; unknown members and hints included.
///
/// # Panics
/// When it is not.
pub fn collect(bytes: &[u8]) {
    if let Ok(answer) = serde_json::from_slice::<Collect>(bytes) {
        again(&answer);
    }
    if let Ok(answer) = serde_json::from_slice::<v5::Collect>(bytes) {
        again(&answer);
    }
}

/// Reading a text ends, whatever it holds, and a fault lies inside it.
///
/// # Panics
/// When it does not.
pub fn markdown(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    match markdown::parse(text) {
        Ok(document) => assert!(document.plain_text().len() <= text.len() * 2),
        Err(fault) => {
            let lines = text.split(['\r', '\n']).count();
            assert!((1..=lines).contains(&fault.line), "{fault} of {lines} lines");
            assert!(fault.column >= 1, "{fault}");
        }
    }
}

/// A number is twelve digits, and the same twelve again.
///
/// # Panics
/// When it is not.
pub fn personal_number(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let number = PersonalNumber::try_from(text);
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    assert_eq!(number.is_ok(), digits, "{text}");
    if let Ok(number) = number {
        assert_eq!(&*number.expose(), text);
        let _judged = number.strict();
    }
}

/// Bytes on the plain port are answered with no 5xx that nobody asked for, or the connection is closed; and then the
/// simulator still answers.
///
/// # Panics
/// When it does not.
pub fn port(bytes: &[u8]) {
    // One for all calls: what one input leaves behind must not hurt the next.
    static SIMULATOR: LazyLock<(SocketAddr, Runtime, Simulator)> = LazyLock::new(|| {
        let started = Runtime::new().ok().and_then(|runtime| {
            let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
            // With the control plane on a port of its own, no bytes on this one can ask for a 5xx.
            let builder = Simulator::builder().tls(false).control_listen(loopback);
            let builder = builder.body_time(Duration::from_millis(50));
            let simulator = runtime.block_on(builder.start()).ok()?;
            Some((simulator.http()?, runtime, simulator))
        });
        let Some(started) = started else { panic!("the simulator starts") };
        started
    });
    let address = SIMULATOR.0;
    for answer in exchange(address, bytes, Some(Shutdown::Write)).split("HTTP/1.1 ").skip(1) {
        let full = answer.starts_with("503") && answer.contains("The simulator is full");
        assert!(!answer.starts_with('5') || full, "{answer}");
    }
    let call = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let alive = exchange(address, call, None);
    assert!(alive.starts_with("HTTP/1.1 404"), "{alive}");
}

/// Sends the bytes, ends that side if asked to, and gives whatever came back.
fn exchange(address: SocketAddr, bytes: &[u8], end: Option<Shutdown>) -> String {
    let Ok(mut stream) = TcpStream::connect(address) else { panic!("the port is open") };
    // The peer may close before it has taken everything; what it said still counts.
    let _written = stream.write_all(bytes);
    let _ended = end.map(|end| stream.shutdown(end));
    let mut answer = Vec::new();
    let _end = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A text that is taken apart is a code only if it is the one made from the same parts.
///
/// # Panics
/// When it is not.
pub fn qr_frame(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let Ok(scanned) = Scanned::parse(text) else { return };
    let secret = Secret::from("d28db9a7-4cde-429e-a983-359be676944c");
    let made = qr::frame(scanned.token, secret, scanned.elapsed_seconds);
    let verdict = qr::verify(text, scanned.token, secret, scanned.elapsed_seconds, 0);
    assert_eq!(verdict.is_ok(), made.as_str() == text, "{text}: {verdict:?}");
}

/// A body of any operation is refused or accepted, and what is accepted is the same when written and read again.
///
/// # Panics
/// When it cannot.
pub fn rp_request(bytes: &[u8]) {
    let _order_ref = parse_order_ref(bytes);
    for version in [ApiVersion::V5_1, ApiVersion::V6_0] {
        for operation in Operation::ALL {
            let Ok(start) = Start::parse(version, operation, bytes) else { continue };
            if start.check().is_err() {
                continue;
            }
            let Ok(text) = serde_json::to_vec(&start) else {
                panic!("what was accepted can be written")
            };
            let Ok(reread) = Start::parse(version, operation, &text) else {
                panic!("what was written can be read")
            };
            assert_eq!(reread, start);
        }
    }
}

fn again<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug,
{
    let Ok(text) = serde_json::to_vec(value) else { panic!("what was read can be written") };
    let Ok(reread) = serde_json::from_slice::<T>(&text) else {
        panic!("what was written can be read")
    };
    assert_eq!(&reread, value);
}
