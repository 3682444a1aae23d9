//! Server processes: started, measured from outside, and ended with the value that owns them.

use std::io::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::Result;

/// Longest wait for a server to say that it listens.
const READY: Duration = Duration::from_secs(30);

/// A running server that printed where it listens, in the form of `bankid-simulator --json`.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    ready: Value,
}

impl Server {
    /// Starts a program and waits for its ready line. It is killed when the value is dropped.
    pub(crate) async fn start<A: AsRef<Path>>(program: &Path, arguments: &[A]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments.iter().map(AsRef::as_ref))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Error::new(error.kind(), format!("{}: {error}", program.display())))?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut line = String::new();
        timeout(READY, BufReader::new(stdout).read_line(&mut line)).await??;
        let ready = serde_json::from_str(&line).map_err(|error| {
            format!("{} printed no ready line: {line:?} ({error})", program.display())
        })?;
        Ok(Self { child, ready })
    }

    /// The text at a JSON pointer into the ready line.
    pub(crate) fn ready(&self, pointer: &str) -> Result<&str> {
        let text = self.ready.pointer(pointer).and_then(Value::as_str);
        Ok(text.ok_or_else(|| format!("no {pointer} in the ready line {}", self.ready))?)
    }

    /// The address of the plain port.
    pub(crate) fn http(&self) -> Result<SocketAddr> {
        address(self.ready("/http")?)
    }

    /// The address of the TLS port.
    pub(crate) fn https(&self) -> Result<SocketAddr> {
        address(self.ready("/https")?)
    }

    /// Processor time so far, user and system.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu(&self.id()?.to_string())
    }

    /// Resident memory in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Ends the process and waits for it.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    fn id(&self) -> Result<u32> {
        Ok(self.child.id().ok_or("the server has ended")?)
    }
}

/// Processor time of all threads of a process. `schedstat` counts nanoseconds, where `stat` counts in hundredths.
pub(crate) fn cpu(process: &str) -> Result<Duration> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

fn address(url: &str) -> Result<SocketAddr> {
    let address =
        url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    Ok(address.parse().map_err(|error| format!("{url}: {error}"))?)
}
