//! Values as they leave the process: enciphered, if the operator gave a key for that. This is the only file of the gateway
//! that draws random numbers for them.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305, XNonce};

/// The first byte of a value.
const OPEN: u8 = 0;
const SEALED: u8 = 1;

const NONCE_BYTES: usize = 24;

/// The keys that values are enciphered with. The first is used for what is written, and all for what is read, so that a
/// key can be exchanged.
#[derive(Clone, Default)]
pub struct Seal(Vec<XChaCha20Poly1305>);

/// Why a value cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("a value in the store is enciphered, and there is no key that opens it (storeKeyFile)")]
    NoKey,
    #[error("a value in the store is not enciphered, although there is a key (storeKeyFile)")]
    NotSealed,
    #[error("there are no random numbers to be had")]
    Random,
    #[error("a value is too long to be enciphered")]
    TooLong,
}

impl Seal {
    /// With these keys; with none, values stay as they are.
    pub fn new(keys: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self(keys.into_iter().map(|key| XChaCha20Poly1305::new(&Key::from(key))).collect())
    }

    pub(crate) fn is_there(&self) -> bool {
        !self.0.is_empty()
    }

    /// A value for this place. It cannot be opened at another.
    pub(super) fn seal(&self, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        let Some(key) = self.0.first() else {
            return Ok([&[OPEN], value].concat());
        };
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_none| SealError::Random)?;
        let payload = Payload { msg: value, aad: place.as_bytes() };
        let sealed = key.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_too_long| SealError::TooLong)?;
        Ok([&[SEALED], &nonce[..], &sealed].concat())
    }

    /// The value of this place.
    pub(super) fn open(&self, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        match value.split_first() {
            Some((&OPEN, value)) if !self.is_there() => Ok(value.to_vec()),
            Some((&SEALED, value)) => {
                let (nonce, value) =
                    value.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::NoKey)?;
                let payload = Payload { msg: value, aad: place.as_bytes() };
                let opened = |key: &XChaCha20Poly1305| {
                    let payload = Payload { msg: payload.msg, aad: payload.aad };
                    key.decrypt(&XNonce::from(*nonce), payload).ok()
                };
                self.0.iter().find_map(opened).ok_or(SealError::NoKey)
            }
            _ => Err(SealError::NotSealed),
        }
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seal({} keys)", self.0.len())
    }
}
