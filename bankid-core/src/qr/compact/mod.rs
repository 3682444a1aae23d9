//! [`frame`](super::frame) in little code, for pages, which have to load it: SHA-256 (FIPS 180-4) and HMAC (RFC 2104) byte by
//! byte. It is much slower, which does not matter for one text a second.

#[cfg(test)]
mod tests;

use super::{CAPACITY, PREFIX, Token};

/// Room for the longest text.
pub const FRAME_BYTES: usize = CAPACITY;

/// Writes the QR text `elapsed_seconds` after the order's answer was received, for who has token and secret as bytes. Answers
/// how many bytes it takes: none if the token is empty, or longer than [`Token::MAX_BYTES`].
pub fn write_frame(
    token: &[u8],
    secret: &[u8],
    elapsed_seconds: u32,
    room: &mut [u8; FRAME_BYTES],
) -> usize {
    if token.is_empty() || token.len() > Token::MAX_BYTES {
        return 0;
    }
    let mut pen = Pen { room, len: 0 };
    pen.write(PREFIX.as_bytes());
    pen.write(token);
    pen.write(b".");
    let digits_at = pen.len;
    pen.number(elapsed_seconds);
    let code = mac(secret, pen.room.get(digits_at..pen.len).unwrap_or_default());
    pen.write(b".");
    for byte in code {
        pen.digit(byte >> 4);
        pen.digit(byte & 0xf);
    }
    pen.len
}

struct Pen<'a> {
    room: &'a mut [u8; FRAME_BYTES],
    len: usize,
}

impl Pen<'_> {
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.room.get_mut(self.len) {
                *place = *byte;
                self.len += 1;
            }
        }
    }

    fn number(&mut self, number: u32) {
        if number > 9 {
            self.number(number / 10);
        }
        let [digit, ..] = (number % 10).to_le_bytes();
        self.digit(digit);
    }

    fn digit(&mut self, digit: u8) {
        self.write(&[digit + if digit < 10 { b'0' } else { b'a' - 10 }]);
    }
}

/// HMAC-SHA256.
fn mac(key: &[u8], message: &[u8]) -> Digest {
    let mut hash = Hash::new();
    let hashed;
    let key = if key.len() > 64 {
        hash.write(key);
        hashed = hash.finish();
        &hashed
    } else {
        key
    };
    let mut digest = [0; 32];
    for pad in [0x36, 0x5c] {
        for at in 0..64 {
            hash.take(key.get(at).copied().unwrap_or_default() ^ pad);
        }
        hash.write(if pad == 0x36 { message } else { &digest });
        digest = hash.finish();
    }
    digest
}

type Digest = [u8; 32];

/// SHA-256 under way.
struct Hash {
    state: [u32; 8],
    words: [u32; 16],
    /// Bytes taken.
    len: u32,
    constants: [u32; 64],
}

impl Hash {
    fn new() -> Self {
        Self { state: INITIAL, words: [0; 16], len: 0, constants: constants() }
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(*byte);
        }
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) {
        let at = self.len / 4;
        let word = self.word(at);
        *word = *word << 8 | u32::from(byte);
        self.len += 1;
        if self.len.is_multiple_of(64) {
            self.compress();
        }
    }

    /// Takes an end mark, and the length in bits at the end of a block. Then it is as new.
    fn finish(&mut self) -> Digest {
        let bits = u64::from(self.len) * 8;
        self.take(0x80);
        while self.len % 64 != 56 {
            self.take(0);
        }
        for at in (0..8).rev() {
            let [byte, ..] = (bits >> (8 * at)).to_le_bytes();
            self.take(byte);
        }
        let mut digest = [0; 32];
        for (at, place) in digest.iter_mut().enumerate() {
            let word = self.state.get(at / 4).copied().unwrap_or_default();
            [*place, ..] = (word >> (24 - 8 * (at % 4))).to_le_bytes();
        }
        (self.state, self.len) = (INITIAL, 0);
        digest
    }

    /// Takes the words into the state (6.2.2). They are followed by the next ones as they are used.
    #[expect(clippy::many_single_char_names, reason = "so they are called in 6.2.2")]
    fn compress(&mut self) {
        let mut new = self.state;
        for (at, constant) in (0..).zip(self.constants) {
            let [a, b, c, d, e, f, g, h] = new;
            let [first, second] = [*self.word(at), *self.word(at + 1)];
            let [tenth, fifteenth] = [*self.word(at + 9), *self.word(at + 14)];
            let s0 = second.rotate_right(7) ^ second.rotate_right(18) ^ second >> 3;
            let s1 = fifteenth.rotate_right(17) ^ fifteenth.rotate_right(19) ^ fifteenth >> 10;
            *self.word(at) = first.wrapping_add(s0).wrapping_add(tenth).wrapping_add(s1);

            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = g ^ (e & (f ^ g));
            let t1 =
                h.wrapping_add(s1).wrapping_add(chosen).wrapping_add(constant).wrapping_add(first);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = (a & b) | (c & (a | b));
            new =
                [t1.wrapping_add(s0).wrapping_add(majority), a, b, c, d.wrapping_add(t1), e, f, g];
        }
        for (word, new) in self.state.iter_mut().zip(new) {
            *word = word.wrapping_add(new);
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the rest by 16 is an index of 16 words")]
    fn word(&mut self, at: u32) -> &mut u32 {
        let [at, ..] = at.to_le_bytes();
        &mut self.words[usize::from(at % 16)]
    }
}

/// What comes after the point in the square roots of the first primes (5.3.3).
#[rustfmt::skip]
const INITIAL: [u32; 8] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
];

/// What comes after the point in the cube roots of the first primes (4.2.2). A table would take more room than this.
fn constants() -> [u32; 64] {
    let mut constants = [0; 64];
    let mut number: u32 = 1;
    for place in &mut constants {
        number += 1;
        while (2..number)
            .take_while(|part| part * part <= number)
            .any(|part| number.is_multiple_of(part))
        {
            number += 1;
        }
        *place = cube_root_fraction(number);
    }
    constants
}

/// 32 bits after the point in the cube root of a number up to 343, rounded down.
fn cube_root_fraction(number: u32) -> u32 {
    // Leaves just these bits of a sum, which is rounded to the nearest: so it is less by half of the last one.
    const UP: f64 = 1_048_576.0 - 0.5 / 4_294_967_296.0;
    let mut root = 7.0;
    for _ in 0..12 {
        root -= (root * root * root - f64::from(number)) / (3.0 * root * root);
    }
    let [a, b, c, d, ..] = (root + UP).to_bits().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
