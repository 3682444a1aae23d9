//! The program as a process: what it prints, how signals end it, and what its log does not say.
#![cfg(unix)]

// Clippy allows in tests what it does not elsewhere, and knows a test by this.
#[cfg(test)]
mod control;
#[cfg(test)]
mod health;
#[cfg(test)]
mod running;

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use running::{Program, exchange, post, program};

/// A personal number that nothing may log.
const PLANTED: &str = "198001052383";

#[test]
fn programs_get_one_line_and_files_that_go_with_the_process() {
    let running = Program::start(&["--json"]);
    let ready = running.ready();
    let members: Vec<_> = ready.as_object().unwrap().keys().cloned().collect();
    let line = running.first_line().to_owned();
    let places: Vec<_> =
        members.iter().map(|member| line.find(&format!("\"{member}\":")).unwrap()).collect();
    assert_eq!(places.len(), 5, "{line}");
    for member in ["certificate", "key", "pfx", "legacyPfx"] {
        let file = ready["rp"][member].as_str().unwrap();
        assert!(std::path::Path::new(file).is_file(), "{member}: {file}");
    }
    let folder = std::path::Path::new(ready["ca"].as_str().unwrap()).parent().unwrap().to_owned();
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&folder).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "others can look into {}", folder.display());

    let ended = running.signal("TERM").wait();
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
    assert!(!folder.exists(), "{} was left behind", folder.display());
}

#[test]
fn people_get_a_command_that_works() {
    let running = Program::start(&["--no-tls"]);
    let mut told = running.first_line().to_owned();
    assert!(told.starts_with("bankid-simulator "), "{told}");
    while !told.contains("Ctrl-C") {
        told.push_str(&running.line());
    }
    let command = told.lines().find(|line| line.trim_start().starts_with("curl ")).unwrap();
    let url = command.split_whitespace().last().unwrap();
    let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    assert!(command.contains(r#"-d '{"endUserIp":"127.0.0.1"}'"#), "{command}");
    let order = post(address, "/rp/v6.0/auth", r#"{"endUserIp":"127.0.0.1"}"#);
    assert!(order.contains("\"orderRef\""), "{order}");
    assert_eq!(running.signal("INT").wait().code, Some(0));
}

#[test]
fn requests_under_way_are_answered_before_the_end() {
    let running = Program::start(&["--json", "--no-tls"]);
    let mut stream = running.half_a_request();
    let running = running.signal("TERM");
    running.wait_until_closed();
    stream.write_all(b"}").unwrap();
    let answer = exchange(stream);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(running.wait().code, Some(0));
}

#[test]
fn clients_are_bounded_by_flags() {
    let flags = ["--json", "--no-tls", "--max-body-bytes", "64", "--max-head-bytes", "400"];
    let times = ["--body-time", "50ms", "--head-time", "200ms"];
    let running = Program::start(&[&flags[..], &times[..]].concat());
    let address = running.address();
    let body = |length: usize| format!("{:<length$}", r#"{"endUserIp":"127.0.0.1"}"#);
    let status = |answer: &str| answer.get(9..12).map(str::to_owned);
    assert_eq!(status(&post(&address, "/rp/v6.0/auth", &body(64))).as_deref(), Some("200"));
    assert_eq!(status(&post(&address, "/rp/v6.0/auth", &body(65))).as_deref(), Some("400"));
    let path = format!("/rp/v6.0/{}", "x".repeat(400));
    assert_eq!(status(&post(&address, &path, "{}")).as_deref(), Some("431"));
    assert_eq!(status(&exchange(running.half_a_request())).as_deref(), Some("408"));
    let mut slow = TcpStream::connect(&address).unwrap();
    slow.write_all(b"POST /rp").unwrap();
    assert_eq!(exchange(slow), "", "the connection is closed");
    assert_eq!(running.signal("TERM").wait().code, Some(0));
}

#[test]
fn requests_under_way_get_the_drain_time_and_no_more() {
    let flags = ["--json", "--no-tls", "--body-time", "1h", "--drain-time", "50ms"];
    let running = Program::start(&flags);
    let stream = running.half_a_request();
    let running = running.signal("TERM");
    assert_eq!(exchange(stream), "", "it was cut");
    assert_eq!(running.wait().code, Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let running = Program::start(&["--json", "--no-tls"]);
    let stream = running.half_a_request();
    let running = running.signal("INT");
    running.wait_until_closed();
    let ended = running.signal("INT").wait();
    assert_eq!(ended.code, Some(130), "{}", ended.err);
    drop(stream);
}

#[test]
fn a_taken_port_is_said() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ended = program(&["--json", "--no-tls", "--port", &port]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let err = String::from_utf8(ended.stderr).unwrap();
    assert!(err.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{err}");
    assert!(err.contains("; --port, --tls-port and --control-listen take other ports"), "{err}");
    assert!(ended.stdout.is_empty());
}

#[test]
fn the_control_plane_can_have_a_port_of_its_own() {
    let running = Program::start(&["--json", "--no-plain", "--control-listen", "127.0.0.1:0"]);
    let ready = running.ready();
    assert!(ready["http"].is_null());
    let control = ready["control"].as_str().unwrap().strip_prefix("http://").unwrap();
    let (address, _) = control.split_once('/').unwrap();
    assert!(
        post(address, "/_simulator/v1/lanes/t/queue", r#"{"scenario":"phone"}"#)
            .starts_with("HTTP/1.1 201 ")
    );
    assert!(
        post(address, "/rp/v6.0/auth", r#"{"endUserIp":"127.0.0.1"}"#).starts_with("HTTP/1.1 404 ")
    );
    assert_eq!(running.signal("TERM").wait().code, Some(0));

    let running = Program::start(&["--json", "--no-plain"]);
    assert!(running.ready()["control"].is_null());
    assert_eq!(running.signal("TERM").wait().code, Some(0));
}

#[test]
fn the_log_keeps_secrets_and_personal_numbers() {
    let flags = [
        "--json",
        "--no-tls",
        "--control-token",
        "s3cret-of-tests",
        "--log-level",
        "trace",
        "--log-format",
        "json",
    ];
    let running = Program::start(&flags);
    let address = running.address();
    let mut secrets = vec![PLANTED.to_owned(), "s3cret-of-tests".to_owned()];

    let base64_of_planted = "MTk4MDAxMDUyMzgz";
    let sign = format!(
        r#"{{"endUserIp":"127.0.0.1","userVisibleData":"{base64_of_planted}","requirement":{{"personalNumber":"{PLANTED}"}}}}"#
    );
    let order = post(&address, &format!("/l/{PLANTED}/rp/v6.0/sign"), &sign);
    secrets.push(base64_of_planted.to_owned());
    let order: serde_json::Value =
        serde_json::from_str(order.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    for member in ["orderRef", "autoStartToken", "qrStartToken", "qrStartSecret"] {
        secrets.push(order[member].as_str().unwrap().to_owned());
    }
    let collect = format!(r#"{{"orderRef":{}}}"#, order["orderRef"]);
    post(&address, &format!("/l/{PLANTED}/rp/v6.0/collect"), &collect);
    let phone = format!(r#"{{"personalNumber":"{PLANTED}","callInitiator":"RP"}}"#);
    post(&address, "/rp/v6.0/phone/auth", &phone);
    let open = format!(r#"{{"persona":"{PLANTED}"}}"#);
    post(&address, "/_simulator/v1/lanes/default/phone/open", &open);
    post(&address, &format!("/_simulator/v1/lanes/default/orders/{PLANTED}"), "{}");

    let ended = running.signal("TERM").wait();
    assert_eq!(ended.code, Some(0));
    let lines: Vec<serde_json::Value> = ended
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    // The log is not empty, or this test would prove nothing.
    let of_sign = lines
        .iter()
        .find(|line| line["operation"] == "sign")
        .unwrap_or_else(|| panic!("{}", ended.err));
    assert_eq!((&of_sign["status"], &of_sign["lane"]), (&200.into(), &"************".into()));
    assert!(of_sign["micros"].is_u64(), "{of_sign}");
    for secret in secrets {
        assert!(!ended.err.contains(&secret), "{secret} is in the log:\n{}", ended.err);
    }
}

#[test]
fn the_program_refuses_with_exit_code_2() {
    let ended = Command::new(env!("CARGO_BIN_EXE_bankid-simulator"))
        .args(["--scenario", "userCancle"])
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("did you mean `userCancel`?"));
}
