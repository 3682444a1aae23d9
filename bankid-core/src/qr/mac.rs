//! HMAC-SHA256 of a number's digits, from kept mid states.
//!
//! The `hmac` crate gives the same from a kept key; this is here because it is faster by more than the 15 % that would
//! justify it (`cargo bench -p bench --bench qr`): a message of at most ten digits and its padding are one block, so a
//! code takes exactly two runs of the compression function on the stack, without buffering. Longer messages are not
//! for this module.

use sha2::{Digest, Sha256, block_api::compress256};

use super::{AUTH_CODE_LEN, MAX_DIGITS};

/// The states after the key's inner and outer block.
#[derive(Clone)]
pub(super) struct Mac {
    inner: State,
    outer: State,
}

type State = [u32; 8];

impl Mac {
    pub(super) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK_LEN];
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => write(&mut block, Sha256::digest(key).as_slice()),
        }
        Self { inner: keyed(block, INNER_PAD), outer: keyed(block, OUTER_PAD) }
    }

    /// The code of a message of at most [`MAX_DIGITS`] bytes.
    pub(super) fn of(&self, message: &[u8]) -> [u8; DIGEST_LEN] {
        debug_assert!(message.len() <= MAX_DIGITS, "message and padding are one block");
        let mut inner = self.inner;
        finish(&mut inner, message);
        let mut outer = self.outer;
        finish(&mut outer, &bytes(inner));
        bytes(outer)
    }
}

const BLOCK_LEN: usize = 64;
const DIGEST_LEN: usize = 32;
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// SHA-256's initial state (FIPS 180-4, 5.3.3).
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

fn keyed(key: [u8; BLOCK_LEN], pad: u8) -> State {
    let mut state = INITIAL;
    compress256(&mut state, &[key.map(|byte| byte ^ pad)]);
    state
}

/// Takes in the last, padded block, which comes after one block of key.
fn finish(state: &mut State, message: &[u8]) {
    let mut block = [0; BLOCK_LEN];
    write(&mut block, message);
    if let Some(mark) = block.get_mut(message.len()) {
        *mark = 0x80;
    }
    let [low, high, ..] = ((BLOCK_LEN + message.len()) * 8).to_le_bytes();
    let [.., second_last, last] = &mut block;
    (*second_last, *last) = (high, low);
    compress256(state, &[block]);
}

/// Writes what is shorter than a block to its start.
fn write(block: &mut [u8; BLOCK_LEN], content: &[u8]) {
    for (place, byte) in block.iter_mut().zip(content) {
        *place = *byte;
    }
}

fn bytes(state: State) -> [u8; DIGEST_LEN] {
    let mut bytes = [0; DIGEST_LEN];
    for (place, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *place = word.to_be_bytes();
    }
    bytes
}

/// Lower-case hex. The code stands in the picture for all to see, so looking it up in a table tells nothing.
pub(super) fn hex(bytes: &[u8; DIGEST_LEN]) -> [u8; AUTH_CODE_LEN] {
    let mut text = [0; AUTH_CODE_LEN];
    for (place, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *place = HEX_PAIRS.get(usize::from(*byte)).copied().unwrap_or_default();
    }
    text
}

static HEX_PAIRS: [[u8; 2]; 256] = hex_pairs();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated when compiled, where a wrong index is a compile error"
)]
const fn hex_pairs() -> [[u8; 2]; 256] {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut high = 0;
    while high < 16 {
        let mut low = 0;
        while low < 16 {
            pairs[high * 16 + low] = [digits[high], digits[low]];
            low += 1;
        }
        high += 1;
    }
    pairs
}
