//! The base64 text of `userVisibleData` and `userNonVisibleData` (2.2).
//!
//! Standard alphabet with padding and zero trailing bits. CR and LF are skipped wherever they stand, as the server does;
//! anything else, blanks included, is a fault.
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Characters decoded at a time; a multiple of four.
const CHUNK: usize = 1024;

/// Decodes text as it stands in a request. Nothing if it is not base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    pieces(text, |piece| {
        bytes.extend_from_slice(piece);
        true
    })
    .then_some(bytes)
}

/// Decodes `userVisibleData` to the text that the app shows. Nothing if it is not base64 of UTF-8.
pub fn decode_text(text: &str) -> Option<String> {
    String::from_utf8(decode(text)?).ok()
}

/// Whether the text is base64 of at least one byte.
pub(super) fn is_base64(text: &str) -> bool {
    let mut any = false;
    pieces(text, |piece| {
        any |= !piece.is_empty();
        true
    }) && any
}

/// Whether the text is base64 of at least one byte, and UTF-8 throughout.
pub(super) fn is_base64_text(text: &str) -> bool {
    let mut utf8 = Utf8::default();
    let mut any = false;
    pieces(text, |piece| {
        any |= !piece.is_empty();
        utf8.push(piece)
    }) && any
        && utf8.ended()
}

/// Hands the decoded bytes over piece by piece, so that checking needs no memory. False if the text is not base64 or
/// `each` says stop.
fn pieces(text: &str, mut each: impl FnMut(&[u8]) -> bool) -> bool {
    let mut symbols = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).peekable();
    let mut encoded = [0; CHUNK];
    let mut decoded = [0; CHUNK / 4 * 3];
    while symbols.peek().is_some() {
        let mut length = 0;
        for (place, symbol) in encoded.iter_mut().zip(&mut symbols) {
            *place = symbol;
            length += 1;
        }
        let Some(chunk) = encoded.get(..length) else { return false };
        let Ok(count) = STANDARD.decode_slice(chunk, &mut decoded) else { return false };
        // Padding ends the text: a chunk that decodes short must be the last one.
        if count < CHUNK / 4 * 3 && symbols.peek().is_some() {
            return false;
        }
        if !decoded.get(..count).is_some_and(&mut each) {
            return false;
        }
    }
    true
}

/// Checks UTF-8 that comes in pieces: keeps the unfinished character between them.
#[derive(Default)]
struct Utf8 {
    pending: [u8; 4],
    length: usize,
}

impl Utf8 {
    fn push(&mut self, mut piece: &[u8]) -> bool {
        while self.length > 0 {
            let Some((first, rest)) = piece.split_first() else { return true };
            let Some(place) = self.pending.get_mut(self.length) else { return false };
            *place = *first;
            self.length += 1;
            piece = rest;
            match core::str::from_utf8(self.pending.get(..self.length).unwrap_or_default()) {
                Ok(_) => self.length = 0,
                Err(fault) if fault.error_len().is_some() => return false,
                Err(_) => {}
            }
        }
        match core::str::from_utf8(piece) {
            Ok(_) => true,
            Err(fault) if fault.error_len().is_some() => false,
            Err(fault) => {
                for byte in piece.get(fault.valid_up_to()..).unwrap_or_default() {
                    if let Some(place) = self.pending.get_mut(self.length) {
                        *place = *byte;
                        self.length += 1;
                    }
                }
                true
            }
        }
    }

    const fn ended(&self) -> bool {
        self.length == 0
    }
}
