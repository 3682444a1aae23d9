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
fn pieces(text: &str, each: impl FnMut(&[u8]) -> bool) -> bool {
    let mut decoder = Decoder { each, ended: false, bytes: [0; CHUNK / 4 * 3] };
    let bytes = text.as_bytes();
    if !bytes.contains(&b'\n') && !bytes.contains(&b'\r') {
        return bytes.chunks(CHUNK).all(|chunk| decoder.push(chunk));
    }
    let mut symbols = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).peekable();
    let mut chunk = [0; CHUNK];
    while symbols.peek().is_some() {
        let mut length = 0;
        for (place, symbol) in chunk.iter_mut().zip(&mut symbols) {
            *place = symbol;
            length += 1;
        }
        if !chunk.get(..length).is_some_and(|chunk| decoder.push(chunk)) {
            return false;
        }
    }
    true
}

struct Decoder<E> {
    each: E,
    ended: bool,
    bytes: [u8; CHUNK / 4 * 3],
}

impl<E: FnMut(&[u8]) -> bool> Decoder<E> {
    /// Takes a whole chunk, or the shorter last one.
    fn push(&mut self, chunk: &[u8]) -> bool {
        if self.ended {
            return false;
        }
        let Ok(count) = STANDARD.decode_slice(chunk, &mut self.bytes) else { return false };
        // Only the last chunk decodes short: by its length, or because padding ends the text.
        self.ended = count < self.bytes.len();
        self.bytes.get(..count).is_some_and(&mut self.each)
    }
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
