//! `healthcheck` against running programs, over each kind of port.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::running::{Program, program};

/// A folder of a test's own, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        Self(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Exit code, and what was said.
fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command: Command = program(&[&["healthcheck"], arguments].concat());
    let ran = command.output().unwrap();
    (ran.status.code(), String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
}

#[track_caller]
fn healthy(arguments: &[&str]) {
    assert_eq!(check(arguments), (Some(0), "healthy\n".to_owned()), "{arguments:?}");
}

#[track_caller]
fn unwell(arguments: &[&str], expected: &str) {
    let (code, said) = check(arguments);
    assert_eq!(code, Some(1), "{arguments:?}: {said}");
    assert!(said.contains(expected), "{arguments:?}: {said}");
}

fn port(url: &str) -> String {
    url.rsplit(':').next().unwrap().split('/').next().unwrap().to_owned()
}

#[test]
fn a_plain_port_needs_neither_curl_nor_token() {
    let running = Program::start(&["--json", "--no-tls", "--control-token", "s3cret"]);
    let ready = running.ready();
    healthy(&["--port", &port(ready["http"].as_str().unwrap())]);
    healthy(&["--url", ready["http"].as_str().unwrap()]);
    healthy(&["--url", ready["control"].as_str().unwrap()]);
    assert_eq!(running.signal("TERM").wait().code, Some(0));
    unwell(&["--url", ready["http"].as_str().unwrap()], "cannot be reached");
}

#[test]
fn the_control_plane_s_own_port_tells_and_so_does_the_one_beside_it() {
    let flags =
        ["--json", "--no-tls", "--control-listen", "127.0.0.1:0", "--control-token", "t0ken"];
    let running = Program::start(&flags);
    let ready = running.ready();
    assert_ne!(port(ready["http"].as_str().unwrap()), port(ready["control"].as_str().unwrap()));
    healthy(&["--url", ready["control"].as_str().unwrap()]);
    healthy(&["--port", &port(ready["control"].as_str().unwrap())]);
    healthy(&["--port", &port(ready["http"].as_str().unwrap())]);
    assert_eq!(running.signal("TERM").wait().code, Some(0));
}

#[test]
fn mutual_tls_is_enough() {
    let (ours, others) = (Folder::new("health-ours"), Folder::new("health-others"));
    let running = Program::start(&["--json", "--no-plain", "--certs", ours.text()]);
    let https = running.ready()["https"].as_str().unwrap().to_owned();
    let port = port(&https);
    healthy(&["--certs", ours.text(), "--port", &port]);
    healthy(&["--certs", ours.text(), "--url", &https]);
    healthy(&["--certs", ours.text(), "--url", &format!("https://localhost:{port}/")]);

    unwell(
        &["--certs", others.text(), "--port", &port],
        "--certs takes the folder that the simulator uses: ",
    );
    assert_eq!(program(&["certs", others.text()]).output().unwrap().status.code(), Some(0));
    unwell(
        &["--certs", others.text(), "--port", &port],
        "cannot be reached: invalid peer certificate",
    );
    // We trust it, and it does not know us.
    std::fs::copy(ours.0.join("ca.pem"), others.0.join("ca.pem")).unwrap();
    unwell(&["--certs", others.text(), "--port", &port], "cannot be reached: received fatal alert");
    unwell(&["--port", &port], "");
    assert_eq!(running.signal("TERM").wait().code, Some(0));
    unwell(&["--certs", ours.text(), "--port", &port], "cannot be reached");
}
