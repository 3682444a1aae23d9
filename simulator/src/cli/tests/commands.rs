//! The commands that end by themselves.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::{folder, run};
use crate::config::Config;
use crate::http::Settings;
use crate::simulator::Builder;

#[test]
fn help_and_version_are_answers() {
    let help = run(&["--help"]);
    // Where the lines break depends on the terminal.
    let out = help.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(help.code, 0);
    for documented in
        ["Exit codes:", "130", "--list-scenarios", "healthcheck", "BANKID_SIMULATOR_CONTROL_TOKEN"]
    {
        assert!(out.contains(documented), "{documented} is missing:\n{}", help.out);
    }
    let (ports, bodies) = (serve::Limits::default(), Settings::default().body);
    for (flag, default) in [
        ("--max-orders", Builder::DEFAULT_MAX_ORDERS),
        ("--max-text-bytes", Builder::DEFAULT_MAX_TEXT_BYTES),
        ("--max-lanes", Builder::DEFAULT_MAX_LANES),
        ("--max-connections", ports.connections),
        ("--max-body-bytes", bodies.bytes),
        ("--max-head-bytes", ports.head_bytes),
    ] {
        documented(&out, flag, &default.to_string());
    }
    for (flag, default) in [
        ("--body-time", bodies.time),
        ("--head-time", ports.head_time),
        ("--idle-time", ports.idle_time),
        ("--handshake-time", ports.handshake_time),
        ("--drain-time", ports.drain_time),
    ] {
        documented(&out, flag, &format!("{}s", default.as_secs()));
    }
    assert!(run(&["--version"]).out.starts_with("bankid-simulator "));
}

/// The help states this default of a flag.
#[track_caller]
fn documented(help: &str, flag: &str, default: &str) {
    let (_, about) = help.split_once(&format!("{flag} <")).unwrap_or_else(|| panic!("{flag}"));
    let (_, stated) = about.split_once("[default: ").unwrap();
    let (stated, _) = stated.split_once(']').unwrap();
    assert_eq!(stated, default, "{flag}");
}

#[test]
fn schema_and_openapi_are_printed_as_committed() {
    let committed = |file: &str| {
        std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    // Not `assert_eq`, which would print both.
    assert!(run(&["schema"]).out == committed("config.schema.json"));
    assert!(run(&["openapi"]).out == committed("openapi.json"));
}

#[test]
fn scenarios_are_listed_with_a_line_each_and_those_of_the_file_too() {
    let folder = folder();
    let file = folder.path().join("sim.toml");
    std::fs::write(
        &file,
        "[scenarios.slow]\nabout = 'takes its time'\nsteps = 'userSign 9s, complete'\n",
    )
    .unwrap();
    let ran = run(&["--list-scenarios", "--config", file.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for name in ["default ", "realistic ", "phone ", "userCancel ", "slow "] {
        assert!(ran.out.lines().any(|line| line.starts_with(name)), "{name}:\n{}", ran.out);
    }
    assert!(ran.out.lines().last().unwrap().ends_with("  takes its time"));
}

#[test]
fn a_good_configuration_is_counted() {
    let folder = folder();
    let file = folder.path().join("sim.json");
    let config =
        Config::from_toml("[lanes.a]\n[scenarios]\none = 'complete'\ntwo = 'userCancel'\n")
            .unwrap();
    std::fs::write(&file, serde_json::to_string(&config).unwrap()).unwrap();
    let ran = run(&["check", file.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.ends_with("no faults; 2 scenarios, 0 personas, 0 API errors, 1 lane\n"),
        "{}",
        ran.out
    );
}

#[test]
fn certificates_are_written_and_kept() {
    let folder = folder();
    let dir = folder.path().join("certs");
    let ran = run(&["certs", dir.to_str().unwrap(), "--name", "bankid.test"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ca = std::fs::read(dir.join("ca.pem")).unwrap();
    assert!(
        ran.out.contains(dir.join("ca.pem").to_str().unwrap()) && ran.out.contains("qwerty123"),
        "{}",
        ran.out
    );
    assert_eq!(run(&["certs", dir.to_str().unwrap()]).code, 0);
    assert_eq!(std::fs::read(dir.join("ca.pem")).unwrap(), ca);

    assert_eq!(run(&["certs", dir.to_str().unwrap(), "--name", "not a name"]).code, 2);
    assert_eq!(run(&["certs", "/proc/no-such-folder"]).code, 1);
}

/// Answers one connection with these bytes.
fn answering(answer: &'static str) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let length = stream.read(&mut request).unwrap();
        assert!(request[..length].starts_with(b"GET /_simulator/v1/health HTTP/1.1\r\nHost: "));
        stream.write_all(answer.as_bytes()).unwrap();
    });
    port
}

#[test]
fn health_is_the_status_and_nothing_else() {
    let healthy = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").to_string();
    assert_eq!(run(&["healthcheck", "--port", &healthy]).code, 0);
    let port = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        run(&["healthcheck", "--url", &format!("http://localhost:{port}/_simulator/v1")]).code,
        0
    );

    let other =
        run(&["healthcheck", "--port", &answering("HTTP/1.1 404 Not Found\r\n\r\n").to_string()]);
    assert_eq!(other.code, 1);
    assert!(other.err.contains("404 Not Found"), "{}", other.err);
    assert_eq!(
        run(&["healthcheck", "--port", &answering("SSH-2.0-OpenSSH\r\n").to_string()]).code,
        1
    );
    assert_eq!(run(&["healthcheck", "--port", &answering("").to_string()]).code, 1);
}

#[test]
fn nobody_there_is_not_healthy() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    let ran = run(&["healthcheck", "--port", &port]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("cannot be reached"), "{}", ran.err);
}

#[test]
fn whoever_answers_too_slowly_is_not_healthy() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let dribbling = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // A byte now and then, for as long as somebody listens.
        while stream.write_all(b" ").is_ok() {
            drop(stream.set_read_timeout(Some(std::time::Duration::from_millis(300))));
            drop(stream.read(&mut [0; 1024]));
        }
    });
    let ran = run(&["healthcheck", "--port", &port, "--timeout", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no answer in time"), "{}", ran.err);
    dribbling.join().unwrap();
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let refused = |arguments: &[&str], expected: &str| {
        let ran = run(&[&["healthcheck"], arguments].concat());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    };
    refused(&["--url", "https://localhost:8011"], "needs --certs DIR");
    refused(&["--url", "http://localhost:8010", "--certs", "x"], "must begin with https://");
    for url in ["http://", "localhost:8010", "ftp://localhost", "http://a@b", ""] {
        refused(&["--url", url], "is no address to ask");
    }
    refused(&["--certs", "x", "--url", "https://a_b c/"], "is no address to ask");
    refused(&["--port", "1", "--url", "http://localhost"], "cannot be used with");
    refused(&["--timeout", "0"], "0 is not in 1..=60");
}
