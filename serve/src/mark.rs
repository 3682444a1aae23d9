//! A header for the answers that no service sees.
//!
//! hyper answers a head that it cannot read by itself, with a bare 400, 414 or 431, and offers no place to add a header to
//! that. A server whose every answer is to carry one has it added here, on the way to the stream.

use http::{HeaderName, HeaderValue};

/// The header, and how it is written.
#[derive(Debug)]
pub(crate) struct Mark {
    name: HeaderName,
    line: Vec<u8>,
}

impl Mark {
    pub(crate) fn new(name: HeaderName, value: &HeaderValue) -> Self {
        let line = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat();
        Self { name, line }
    }

    /// The bytes with the header behind the status line, if they are an answer without it. The service's own answers
    /// all have it, in whatever case.
    pub(crate) fn missing_in(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !bytes.starts_with(b"HTTP/1.1 4") {
            return None;
        }
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let status = lines.next().filter(|line| line.ends_with(b"\n"))?;
        let name = self.name.as_str().as_bytes();
        let marked = lines.take_while(|line| *line != b"\r\n").any(|line| {
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        });
        let (_, rest) = bytes.split_at(status.len());
        (!marked).then(|| [status, &self.line, rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark() -> Mark {
        Mark::new(HeaderName::from_static("x-mark"), &HeaderValue::from_static("1"))
    }

    #[test]
    fn answers_without_the_header_get_it() {
        let bare = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        let marked = b"HTTP/1.1 400 Bad Request\r\nx-mark: 1\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(mark().missing_in(bare).as_deref(), Some(&marked[..]));
        assert_eq!(mark().missing_in(marked), None);
    }

    #[test]
    fn everything_else_passes() {
        for bytes in [
            &b""[..],
            b"HTTP/1.1 4",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"{\"status\":\"pending\"}",
            b"HTTP/1.1 400 Bad Request\r\nX-Mark: 1\r\n\r\n",
        ] {
            assert_eq!(mark().missing_in(bytes), None, "{bytes:?}");
        }
    }
}
