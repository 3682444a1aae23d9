//! The relying party's own reference in a start URL.

use alloc::string::String;

use base64::{Engine, engine::general_purpose::STANDARD};

/// A reference of the relying party that becomes part of the signed data (8.2), kept as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpRef(String);

impl RpRef {
    /// The shortest reference, in characters of base64. Which length the limit means is not known; ours satisfies both
    /// readings at this end.
    pub const MIN_BASE64: usize = 8;
    /// The longest reference, in characters of base64.
    pub const MAX_BASE64: usize = 255;

    /// The reference as base64, before percent-encoding.
    pub fn as_base64(&self) -> &str {
        &self.0
    }

    /// Takes base64 as it stands in a link, after percent-decoding.
    ///
    /// # Errors
    ///
    /// [`BadRpRef`]: not base64, too short or too long.
    pub fn from_base64(text: &str) -> Result<Self, BadRpRef> {
        // Length first: base64 of any length may come from outside.
        let bounded = bounded(text.into())?;
        if STANDARD.decode(text).is_ok() { Ok(bounded) } else { Err(BadRpRef::NotBase64) }
    }
}

impl TryFrom<&[u8]> for RpRef {
    type Error = BadRpRef;

    fn try_from(reference: &[u8]) -> Result<Self, BadRpRef> {
        bounded(STANDARD.encode(reference))
    }
}

impl TryFrom<&str> for RpRef {
    type Error = BadRpRef;

    fn try_from(reference: &str) -> Result<Self, BadRpRef> {
        Self::try_from(reference.as_bytes())
    }
}

/// Why a reference cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRpRef {
    /// It is not base64 with padding, standard alphabet.
    #[error("`rpref` must be base64, then percent-encoded")]
    NotBase64,
    /// It is shorter or longer than allowed.
    #[error(
        "`rpref` must have {} to {} characters as base64",
        RpRef::MIN_BASE64,
        RpRef::MAX_BASE64
    )]
    Length,
}

fn bounded(base64: String) -> Result<RpRef, BadRpRef> {
    if (RpRef::MIN_BASE64..=RpRef::MAX_BASE64).contains(&base64.len()) {
        Ok(RpRef(base64))
    } else {
        Err(BadRpRef::Length)
    }
}
