//! The animated QR code (protocol section 7): texts to show, and the judging of scanned ones.
//!
//! [`frame`] makes one text; a [`Key`] prepares an order's HMAC once and makes them cheaply, one each second. [`verify`]
//! is the other side, the app's and its server's: it says precisely what is wrong with a scanned text. Nothing here
//! allocates.
//!
//! It draws no pictures and reads no clock: the caller says how many whole seconds ago the order's answer was received.
//!
//! ```
//! use bankid_core::qr::{self, Token};
//!
//! let token = Token::try_from("67df3917-fa0d-44e5-b327-edcc928297f8")?;
//! let key = qr::Key::new(token, "d28db9a7-4cde-429e-a983-359be676944c".into());
//! assert_eq!(
//!     &*key.frame(0),
//!     "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.\
//!      dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8",
//! );
//! # Ok::<(), bankid_core::qr::BadToken>(())
//! ```

pub mod compact;
mod mac;
mod scanned;
#[cfg(test)]
mod tests;

use core::{fmt, ops::Deref};

use self::mac::{Digits, Mac};
pub use self::scanned::{Fault, Reason, Scanned, verify};

/// How long the codes of an order are useful, in seconds (7.6): then the order fails with `startFailed`.
pub const LIFETIME_SECONDS: u32 = 30;

/// The QR text of an order `elapsed_seconds` after its answer was received, rounded down (7.1).
///
/// Who shows more than one code of an order keeps a [`Key`].
pub fn frame(token: Token<'_>, secret: Secret<'_>, elapsed_seconds: u32) -> Frame {
    Key::new(token, secret).frame(elapsed_seconds)
}

/// An order's `qrStartToken`: opaque text of 1 to [`Token::MAX_BYTES`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a>(&'a str);

impl<'a> Token<'a> {
    /// The longest token that is accepted, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// A token of a length that was checked.
    pub(crate) const fn bounded(text: &'a str) -> Self {
        Self(text)
    }

    /// The token as text.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

impl<'a> TryFrom<&'a str> for Token<'a> {
    type Error = BadToken;

    fn try_from(text: &'a str) -> Result<Self, BadToken> {
        match text.len() {
            0 => Err(BadToken::Empty),
            1..=Self::MAX_BYTES => Ok(Self(text)),
            _ => Err(BadToken::TooLong),
        }
    }
}

/// Why a text cannot be a `qrStartToken`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// There is nothing in it.
    #[error("a start token must not be empty")]
    Empty,
    /// It is longer than [`Token::MAX_BYTES`].
    #[error("a start token has at most {} bytes", Token::MAX_BYTES)]
    TooLong,
}

/// An order's `qrStartSecret`, exactly as received: the key is its characters, dashes included (7.1).
#[derive(Clone, Copy)]
pub struct Secret<'a>(&'a str);

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What stays the same in all codes of one order, prepared once.
#[derive(Clone)]
pub struct Key {
    /// `bankid.TOKEN.`, in a buffer that has room for the rest.
    prefix: Frame,
    mac: Mac,
}

impl Key {
    /// Prepares the codes of the order with this token and secret.
    pub fn new(token: Token<'_>, secret: Secret<'_>) -> Self {
        let mut prefix = Frame { bytes: [0; CAPACITY], len: 0 };
        prefix.push(PREFIX.as_bytes());
        prefix.push(token.0.as_bytes());
        prefix.push(b".");
        Self { prefix, mac: Mac::new(secret.0.as_bytes()) }
    }

    /// The QR text `elapsed_seconds` after the order's answer was received, rounded down.
    pub fn frame(&self, elapsed_seconds: u32) -> Frame {
        let digits = Digits::of(elapsed_seconds);
        let mut frame = self.prefix.clone();
        frame.push_first(digits.padded(), digits.len());
        frame.push(b".");
        frame.push_first(&self.mac.of(&digits), AUTH_CODE_LEN);
        frame
    }

    /// The last part of [`Key::frame`].
    fn auth_code(&self, elapsed_seconds: u32) -> [u8; AUTH_CODE_LEN] {
        self.mac.of(&Digits::of(elapsed_seconds))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// A QR text: `bankid.TOKEN.SECONDS.AUTHCODE`.
///
/// It is for the browser of the user who started the order, and only for the current second (7.4), so `Debug` hides it.
#[derive(Clone)]
pub struct Frame {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Frame {
    /// The text.
    pub fn as_str(&self) -> &str {
        // Only whole texts were written, all of which fit: neither fallback can be reached.
        let written = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(written).unwrap_or_default()
    }

    /// Appends; `CAPACITY` has room for all that is ever written.
    fn push(&mut self, part: &[u8]) {
        let end = self.len + part.len();
        if let Some(room) = self.bytes.get_mut(self.len..end) {
            room.copy_from_slice(part);
            self.len = end;
        }
    }

    /// Appends the first `len` bytes, by copying all of them: a copy of fixed size is a few instructions.
    fn push_first<const N: usize>(&mut self, part: &[u8; N], len: usize) {
        let room = self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut);
        if let Some(room) = room {
            *room = *part;
            self.len += len;
        }
    }
}

impl Deref for Frame {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Frame {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame(..)")
    }
}

const PREFIX: &str = "bankid.";

/// Digits of the largest time.
const MAX_DIGITS: usize = 10;

/// Hex digits of an auth code.
const AUTH_CODE_LEN: usize = 64;

const CAPACITY: usize = PREFIX.len() + Token::MAX_BYTES + 1 + MAX_DIGITS + 1 + AUTH_CODE_LEN;
