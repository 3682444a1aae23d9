//! The cookie that a session hangs on, and the secrets that pages and backends present.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Random bytes of a name that cannot be guessed.
pub(super) const SECRET_BYTES: usize = 32;

/// A name that opens something to whoever has it. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    pub(super) fn new(random: &[u8; SECRET_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random).into())
    }

    /// One that somebody presents.
    pub(crate) fn presented(text: &str) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn key(&self) -> Key {
        Key::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a [`Secret`] is found by: its SHA-256, so that how long finding it takes says nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented).into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// The form of the cookie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cookie {
    /// On this machine there may be no TLS. Everywhere else the prefix `__Host-` keeps other hosts of the domain from
    /// setting it.
    pub(super) secure: bool,
}

impl Cookie {
    const fn name(self) -> &'static str {
        if self.secure { "__Host-bankid" } else { "bankid" }
    }

    /// The session that a request names. Two are none: one of them is not ours.
    pub(super) fn read(self, headers: &HeaderMap) -> Option<Key> {
        let values = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs =
            values.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
        let mut ours = pairs.filter(|(name, _)| name.trim() == self.name());
        match (ours.next(), ours.next()) {
            (Some((_, value)), None) => Some(Key::of(value.trim())),
            _ => None,
        }
    }

    /// What sets it. `SameSite=Strict` does not hinder who comes back from the app: it is the page that asks then.
    pub(super) fn set(self, session: &Secret, time: Duration) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let (name, value, seconds) = (self.name(), session.as_str(), time.as_secs());
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}
