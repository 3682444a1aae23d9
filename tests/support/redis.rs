//! A Redis of a test's own: on a socket in a folder of its own, ended by its process id.

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server.
#[derive(Debug)]
pub(crate) struct Redis {
    folder: PathBuf,
    settings: Vec<String>,
    child: Child,
}

impl Redis {
    /// Starts one, with these settings as on its command line. If the program is not installed nothing is started, and that
    /// is said where no test runner swallows it.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(format!("bankid-redis-{name}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let settings = settings.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let Some(child) = launch(&folder, &settings) else {
            let _best_effort =
                writeln!(std::io::stderr(), "SKIPPED: redis-server is not installed");
            std::fs::remove_dir_all(&folder).expect("it is ours");
            return None;
        };
        Some(Self { folder, settings, child })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", socket(&self.folder).display())
    }

    /// Ends it without a word.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Starts it again where it was, with what it has on its disk.
    pub(crate) fn restart(&mut self) {
        self.child = launch(&self.folder, &self.settings).expect("it ran before");
    }

    /// Stops it in its tracks, or lets it go on.
    pub(crate) fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { "STOP" } else { "CONT" };
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("redis.sock")
}

fn launch(folder: &Path, settings: &[String]) -> Option<Child> {
    // One that was killed leaves its socket behind.
    drop(std::fs::remove_file(socket(folder)));
    let child = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--daemonize", "no", "--unixsocket"])
        .arg(socket(folder))
        .arg("--dir")
        .arg(folder)
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("redis-server does not run: {error}"),
    };
    let out = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(out).lines();
    let mut said = String::new();
    for line in lines.by_ref() {
        let line = line.expect("text");
        if line.to_ascii_lowercase().contains("ready to accept connections") {
            // What it has to say from now on must not hold it up.
            std::thread::spawn(move || lines.for_each(drop));
            return Some(child);
        }
        said.push_str(&line);
        said.push('\n');
    }
    panic!("redis-server ended: {said}");
}
