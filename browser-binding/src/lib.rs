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

fn symbol(room: &[u8], len: usize) -> Option<Symbol> {
    Symbol::bankid_bytes(room.get(..len)?).ok()
}

/// Nothing is done in a room that is in use, which it never is.
fn with_room<T: Default>(work: impl FnOnce(&mut [u8; PATH_BYTES]) -> T) -> T {
    ROOM.with(|room| {
        room.try_borrow_mut().map_or_else(|_| T::default(), |mut room| work(&mut room))
    })
}
