//! What BankID answers when an order has been started: its name and the tokens that connect an app to it (2.5, 2.9).
//!
//! The tokens are opaque text (13.5): UUIDs in every answer seen, but never read as such. Making them is the server's
//! business, and drawing a QR code from them that of `qr`.
//!
//! ```
//! use bankid_core::order::OrderRef;
//!
//! let order_ref = OrderRef::try_from("131daac9-16c6-4618-beb0-365768f37288")?;
//! assert_eq!(order_ref.as_str(), "131daac9-16c6-4618-beb0-365768f37288");
//! # Ok::<(), bankid_core::order::NotAToken>(())
//! ```
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{OtherMembers, qr};

/// Longest text taken for a token. Real ones have 36 characters; the bound keeps a hostile answer from being stored.
pub const TOKEN_MAX: usize = 256;

/// The text is empty, longer than [`TOKEN_MAX`], or holds something else than printable ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is 1 to 256 printable ASCII characters")]
pub struct NotAToken;

fn token(text: &str) -> Result<(), NotAToken> {
    let fits =
        (1..=TOKEN_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(NotAToken) }
}

macro_rules! tokens {
    ($( $(#[$meta:meta])* $name:ident { $(#[$read_doc:meta])* $read:ident } )+) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Box<str>);

        impl $name {
            $(#[$read_doc])*
            pub fn $read(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NotAToken;

            fn try_from(text: &str) -> Result<Self, NotAToken> {
                token(text).map(|()| Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAToken;

            fn try_from(text: String) -> Result<Self, NotAToken> {
                token(&text).map(|()| Self(text.into_boxed_str()))
            }
        }

        impl core::str::FromStr for $name {
            type Err = NotAToken;

            fn from_str(text: &str) -> Result<Self, NotAToken> {
                Self::try_from(text)
            }
        }
    )+ };
}

tokens! {
    /// Names an order in `/collect` and `/cancel`.
    OrderRef {
        /// The text as BankID sent it.
        as_str
    }

    /// Goes into the start URL on the user's own device; lets any BankID app take the order, so `Debug` hides it.
    AutoStartToken {
        /// The text as BankID sent it.
        as_str
    }

    /// The public part of the animated QR code.
    QrStartToken {
        /// The text as BankID sent it.
        as_str
    }

    /// The secret part of the animated QR code: stays on the backend (7.4), and `Debug` hides it.
    QrStartSecret {
        /// The secret in clear. The name says that from here on it is the caller's to protect.
        expose
    }
}

impl fmt::Debug for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrderRef").field(&self.0).finish()
    }
}

impl fmt::Debug for AutoStartToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AutoStartToken(hidden)")
    }
}

impl fmt::Debug for QrStartToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QrStartToken").field(&self.0).finish()
    }
}

impl fmt::Debug for QrStartSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrStartSecret(hidden)")
    }
}

impl<'a> From<&'a QrStartToken> for qr::Token<'a> {
    fn from(token: &'a QrStartToken) -> Self {
        const { assert!(TOKEN_MAX <= qr::Token::MAX_BYTES) };
        Self::bounded(&token.0)
    }
}

impl<'a> From<&'a QrStartSecret> for qr::Secret<'a> {
    fn from(secret: &'a QrStartSecret) -> Self {
        secret.0.as_ref().into()
    }
}

/// The answer of `/auth`, `/sign` and `/payment` (2.5), and of v5.1's `auth` and `sign`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderStarted {
    /// Names the order from now on.
    pub order_ref: OrderRef,
    /// For a start on the same device.
    pub auto_start_token: AutoStartToken,
    /// For the QR code.
    pub qr_start_token: QrStartToken,
    /// For the QR code; stays on the backend.
    pub qr_start_secret: QrStartSecret,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl OrderStarted {
    /// Prepares the QR codes of the order; their time counts from when this answer was received (7.1).
    pub fn qr_key(&self) -> qr::Key {
        qr::Key::new((&self.qr_start_token).into(), (&self.qr_start_secret).into())
    }
}

/// The answer of `/phone/auth`, `/phone/sign` and `/other/payment` (2.8, 2.9), whose users are reached by their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderStartedByNumber {
    /// Names the order from now on.
    pub order_ref: OrderRef,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

#[cfg(test)]
mod tests;
