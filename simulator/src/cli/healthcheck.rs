//! `bankid-simulator healthcheck`: one HTTP request over a plain socket, so that containers need no curl.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Why a simulator counts as not healthy, or was not asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwell {
    #[error("`{0}` is no address to ask: it takes http://HOST:PORT")]
    Url(String),
    #[error("{0} cannot be reached")]
    Unreachable(String, #[source] io::Error),
    #[error("{0} did not answer with 200 but with `{1}`")]
    Answer(String, String),
}

/// Where to ask: what stands in `Host`, and what to connect to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    authority: String,
}

impl Target {
    pub(super) fn of_port(port: u16) -> Self {
        Self { authority: format!("127.0.0.1:{port}") }
    }

    /// Of `http://host:port`, with or without the path of the control plane behind it.
    pub(super) fn of_url(url: &str) -> Result<Self, Unwell> {
        let refused = || Unwell::Url(url.to_owned());
        let rest = url.strip_prefix("http://").ok_or_else(refused)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let parsed: http::uri::Authority = authority.parse().ok().ok_or_else(refused)?;
        if authority.contains('@') {
            return Err(refused());
        }
        let port = parsed.port_u16().unwrap_or(80);
        Ok(Self { authority: format!("{}:{port}", parsed.host()) })
    }
}

/// Asks; no error means healthy.
pub(super) fn ask(target: &Target, timeout: Duration) -> Result<(), Unwell> {
    let authority = &target.authority;
    let status = status_line(authority, timeout)
        .map_err(|error| Unwell::Unreachable(authority.clone(), error))?;
    match status.strip_prefix("HTTP/1.1 200") {
        Some(_) => Ok(()),
        None => Err(Unwell::Answer(authority.clone(), status)),
    }
}

fn status_line(authority: &str, timeout: Duration) -> io::Result<String> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in authority.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout)
            .and_then(|stream| exchange(stream, authority, timeout))
        {
            Ok(status) => return Ok(status),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn exchange(mut stream: TcpStream, authority: &str, timeout: Duration) -> io::Result<String> {
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let request = format!(
        "GET /_simulator/v1/health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    // The status line is all that matters, and whoever answers need not be a simulator: read no more than that.
    let mut head = Vec::new();
    let mut byte = [0];
    while head.len() < 128 && stream.read(&mut byte)? == 1 && byte != *b"\r" && byte != *b"\n" {
        head.extend_from_slice(&byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
