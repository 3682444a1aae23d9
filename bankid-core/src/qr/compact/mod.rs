//! [`frame`](super::frame) in little code, for pages, which have to load it: SHA-256 (FIPS 180-4) and HMAC (RFC 2104) byte by
//! byte. It takes some thirty times as long, which does not matter for one text a second.

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
    let mut block = [0; BLOCK_BYTES];
    let hashed;
    let key = if key.len() > BLOCK_BYTES {
        hashed = hash(key, &[]);
        &hashed
    } else {
        key
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let inner = hash(&block.map(|byte| byte ^ 0x36), message);
    hash(&block.map(|byte| byte ^ 0x5c), &inner)
}

type Digest = [u8; 32];

const BLOCK_BYTES: usize = 64;

/// SHA-256 of a message in two parts.
fn hash(start: &[u8], rest: &[u8]) -> Digest {
    let mut hash = Hash { state: INITIAL, words: [0; 16], len: 0 };
    for part in [start, rest] {
        for byte in part {
            hash.take(*byte);
        }
    }
    // The end mark, and the length in bits at the end of a block.
    let bits = u64::from(hash.len) * 8;
    hash.take(0x80);
    while hash.len % 64 != 56 {
        hash.take(0);
    }
    for at in (0..8).rev() {
        let [byte, ..] = (bits >> (8 * at)).to_le_bytes();
        hash.take(byte);
    }
    let mut digest = [0; 32];
    for (at, place) in digest.iter_mut().enumerate() {
        let word = hash.state.get(at / 4).copied().unwrap_or_default();
        [*place, ..] = (word >> (24 - 8 * (at % 4))).to_le_bytes();
    }
    digest
}

struct Hash {
    state: [u32; 8],
    words: [u32; 16],
    /// Bytes taken.
    len: u32,
}

impl Hash {
    fn take(&mut self, byte: u8) {
        let at = self.len / 4;
        let word = self.word(at);
        *word = *word << 8 | u32::from(byte);
        self.len += 1;
        if self.len.is_multiple_of(64) {
            self.compress();
        }
    }

    /// Takes the words into the state (6.2.2). They are followed by the next ones as they are used.
    #[expect(clippy::many_single_char_names, reason = "so they are called in 6.2.2")]
    fn compress(&mut self) {
        let mut new = self.state;
        for (at, constant) in (0..).zip(&CONSTANTS) {
            let [a, b, c, d, e, f, g, h] = new;
            let [first, second] = [*self.word(at), *self.word(at + 1)];
            let [tenth, fifteenth] = [*self.word(at + 9), *self.word(at + 14)];
            let s0 = second.rotate_right(7) ^ second.rotate_right(18) ^ second >> 3;
            let s1 = fifteenth.rotate_right(17) ^ fifteenth.rotate_right(19) ^ fifteenth >> 10;
            *self.word(at) = first.wrapping_add(s0).wrapping_add(tenth).wrapping_add(s1);

            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = g ^ (e & (f ^ g));
            let t1 =
                h.wrapping_add(s1).wrapping_add(chosen).wrapping_add(*constant).wrapping_add(first);
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

/// What comes after the point in the cube roots of the first primes (4.2.2).
#[rustfmt::skip]
const CONSTANTS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];
