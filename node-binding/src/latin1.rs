//! Short strings in and out as Latin-1, the one file with `unsafe`.
//!
//! A QR text is made in a tenth of a microsecond, and napi's own `String` costs more than that in each direction: it asks
//! for the length, allocates, transcodes, and allocates again. Here a string is read into a buffer on the stack in one
//! go, and written from one. This calls Node-API itself, which no safe function of `napi` does.
//!
//! V8 keeps only the low byte of characters beyond Latin-1, and says nothing. So the length in UTF-8 is asked for as well:
//! it equals the number of characters only if all are ASCII, and then the bytes are right. Anything else takes the way
//! of napi's `String`, and gives the same text more slowly.
#![expect(
    unsafe_code,
    reason = "calls of Node-API that `napi` does not offer; each says what it relies on"
)]

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue};
use napi::{Env, Error, JsValue, Result, Status, sys};

/// Room for the strings in use, tokens of at most 256 bytes, and for the end mark.
const ROOM: usize = 264;

/// A string argument, normally without an allocation.
pub(crate) struct Short {
    buffer: [u8; ROOM],
    len: usize,
    /// What is not ASCII, or longer.
    other: Option<String>,
}

impl Short {
    pub(crate) fn as_str(&self) -> &str {
        match &self.other {
            Some(text) => text,
            // ASCII was shown below, so that this never falls back.
            None => {
                str::from_utf8(self.buffer.get(..self.len).unwrap_or_default()).unwrap_or_default()
            }
        }
    }
}

impl FromNapiValue for Short {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let mut short = Self { buffer: [0; ROOM], len: 0, other: None };
        // SAFETY: `env` and `value` come from Node-API's own call; the buffer is `ROOM` bytes long, of which Node-API
        // writes at most that many, end mark included.
        let status = unsafe {
            sys::napi_get_value_string_latin1(
                env,
                value,
                short.buffer.as_mut_ptr().cast(),
                ROOM,
                &raw mut short.len,
            )
        };
        check(status, "a string is needed")?;
        let mut utf8_len = 0;
        // SAFETY: as above; without a buffer only the length is written.
        let status = unsafe {
            sys::napi_get_value_string_utf8(env, value, ptr::null_mut(), 0, &raw mut utf8_len)
        };
        check(status, "a string is needed")?;
        if utf8_len != short.len {
            // SAFETY: the same `env` and `value`.
            short.other = Some(unsafe { String::from_napi_value(env, value) }?);
        }
        Ok(short)
    }
}

/// A value that a closure returns: one that was made in the call, by the `Env` of the call, and goes back at once.
#[derive(Debug)]
pub struct Raw(sys::napi_value);

impl Raw {
    /// Any value of napi's.
    pub(crate) fn of<'env>(value: &impl JsValue<'env>) -> Self {
        Self(value.raw())
    }

    /// A string.
    pub(crate) fn text(env: &Env, text: &str) -> Result<Self> {
        let mut value = ptr::null_mut();
        let Ok(len) = isize::try_from(text.len()) else {
            return Err(Error::new(Status::InvalidArg, "the text is too long".to_owned()));
        };
        let create = if text.is_ascii() {
            sys::napi_create_string_latin1
        } else {
            sys::napi_create_string_utf8
        };
        // SAFETY: `env` is alive while it is borrowed; Node-API copies `len` bytes, all of them the text's.
        let status = unsafe { create(env.raw(), text.as_ptr().cast(), len, &raw mut value) };
        check(status, "no room for a string")?;
        Ok(Self(value))
    }
}

impl ToNapiValue for Raw {
    unsafe fn to_napi_value(_: sys::napi_env, value: Self) -> Result<sys::napi_value> {
        Ok(value.0)
    }
}

fn check(status: sys::napi_status, reason: &str) -> Result<()> {
    let status = Status::from(status);
    if status == Status::Ok { Ok(()) } else { Err(Error::new(status, reason.to_owned())) }
}
