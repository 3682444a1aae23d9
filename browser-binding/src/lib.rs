//! The wasm of `bankid-kit/browser`: QR texts into pictures, and with the feature `hmac` orders into QR texts.
//!
//! Its exports are called by `js/browser/draw.js` and `draw-hmac.js` alone, which check what JavaScript may get wrong, and
//! throw. What goes in and comes out lies in the [`room`], so that arguments and answers are numbers, and neither an
//! allocator nor text has to cross; a panic would bring its words with it, so nothing here can panic.
//!
//! No rule of the protocol lives here, and no clock.
//!
//! ```js
//! const bytes = new Uint8Array(wasm.memory.buffer, wasm.room());
//! const { written } = new TextEncoder().encodeInto(text, bytes);
//! const d = new TextDecoder().decode(bytes.subarray(0, wasm.path(written)));
//! ```

use core::cell::RefCell;

#[cfg(feature = "hmac")]
use bankid_core::qr::compact;
use bankid_core::symbol::{PATH_BYTES, Symbol};
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static ROOM: RefCell<[u8; PATH_BYTES]> = const { RefCell::new([0; PATH_BYTES]) };
}

/// Where JavaScript puts a text, and finds what was made of it.
#[wasm_bindgen]
pub fn room() -> *const u8 {
    ROOM.with(|room| room.as_ptr().cast())
}

/// Draws the text of so many bytes in the room, and leaves its SVG path there. Answers how long that is; 0 if the text does
/// not fit.
#[wasm_bindgen]
pub fn path(len: usize) -> usize {
    with_room(|room| match symbol(room, len) {
        Some(symbol) => symbol.write_svg_path(room),
        None => 0,
    })
}

/// Makes the QR text of an order so many seconds after it was received. Its start token and start secret are so many bytes at
/// the start of the room, one after the other, and the text is put behind them. Answers how long that is; 0 if the token is
/// empty or too long.
#[cfg(feature = "hmac")]
#[wasm_bindgen]
pub fn text(token_len: usize, secret_len: usize, seconds: u32) -> usize {
    with_room(|room| write_text(room, token_len, secret_len, seconds).unwrap_or_default())
}

#[cfg(feature = "hmac")]
fn write_text(room: &mut [u8], token_len: usize, secret_len: usize, seconds: u32) -> Option<usize> {
    let (token, rest) = room.split_at_mut_checked(token_len)?;
    let (secret, rest) = rest.split_at_mut_checked(secret_len)?;
    Some(compact::write_frame(token, secret, seconds, rest.first_chunk_mut()?))
}

fn symbol(room: &[u8], len: usize) -> Option<Symbol> {
    Symbol::bankid_bytes(room.get(..len)?).ok()
}

/// Nothing is done in a room that is in use, which it never is.
fn with_room<T: Default>(work: impl FnOnce(&mut [u8; PATH_BYTES]) -> T) -> T {
    ROOM.with(|room| {
        room.try_borrow_mut().map_or_else(|_| T::default(), |mut room| work(&mut room))
    })
}
