use std::borrow::Cow;
use std::io::{self, Write};

/// A writer that masks personal numbers. Each `write` is one whole event, as `tracing-subscriber` promises.
pub(super) struct Masked<W> {
    inner: W,
}

impl<W> Masked<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner }
    }
}

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.inner.write_all(&mask(event))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// `event` with the digits of everything that looks like a personal number replaced: 12 or 10 digits alone, and 8 or 6
/// digits with 4 more behind `-` or `+`. A date and time is written otherwise and survives.
pub(super) fn mask(event: &[u8]) -> Cow<'_, [u8]> {
    let mut masked = Cow::Borrowed(event);
    let mut at = 0;
    while at < event.len() {
        let first = digits(event, at);
        if first == 0 {
            at += 1;
            continue;
        }
        let separated = matches!(event.get(at + first), Some(b'-' | b'+'));
        let second = if separated { digits(event, at + first + 1) } else { 0 };
        let end = match (first, second) {
            (6 | 8, 4) => at + first + 1 + second,
            (10 | 12, _) => at + first,
            _ => {
                at += first;
                continue;
            }
        };
        for byte in
            masked.to_mut().iter_mut().take(end).skip(at).filter(|byte| byte.is_ascii_digit())
        {
            *byte = b'*';
        }
        at = end;
    }
    masked
}

/// How many digits stand at `at` in a row.
fn digits(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}
