//! HMAC-SHA256 of a time's digits, from kept mid states.
//!
//! The `hmac` crate gives the same from a kept key; this is here because it is faster by more than the 15 % that would
//! justify it, 20 % for a whole text against the best that can be made of the crate (`cargo bench -p bench --bench qr`).
//! At most ten digits and their padding are one block, so a code takes exactly two runs of the compression function on
//! the stack, without buffering. Longer messages are not for this module.

use sha2::{Digest, Sha256, block_api::compress256};

use super::AUTH_CODE_LEN;

/// The decimal digits of a time, no leading zeros, no sign.
pub(super) struct Digits {
    /// The digits, then SHA-256's mark of the message's end, then zeros.
    padded: [u8; Self::ROOM],
    len: usize,
}

impl Digits {
    /// More than the ten that a time has, so that whole buffers can be copied, which is faster.
    pub(super) const ROOM: usize = 16;

    /// Built up in a register: bytes written one by one and then read as a block stall the processor.
    pub(super) fn of(mut number: u32) -> Self {
        let mut bytes = u128::from(END_MARK);
        let mut len = 0;
        loop {
            bytes = (bytes << 8) | u128::from(u32::from(b'0') + number % 10);
            len += 1;
            number /= 10;
            if number == 0 {
                return Self { padded: bytes.to_le_bytes(), len };
            }
        }
    }

    /// How many digits there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The digits, and then anything.
    pub(super) fn padded(&self) -> &[u8; Self::ROOM] {
        &self.padded
    }
}

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
            None => start_with::<DIGEST_LEN>(&mut block, Sha256::digest(key).into()),
        }
        Self { inner: keyed(block, INNER_PAD), outer: keyed(block, OUTER_PAD) }
    }

    /// The code of a time, in lower-case hex.
    pub(super) fn of(&self, digits: &Digits) -> [u8; AUTH_CODE_LEN] {
        let mut inner = self.inner;
        compress256(&mut inner, &[inner_block(digits)]);
        let mut outer = self.outer;
        let mut block = OUTER_BLOCK;
        start_with(&mut block, bytes(inner));
        compress256(&mut outer, &[block]);
        hex(bytes(outer))
    }
}

const BLOCK_LEN: usize = 64;
const DIGEST_LEN: usize = 32;
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;
/// What SHA-256 puts after the last byte of a message.
const END_MARK: u8 = 0x80;

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

/// The digits, padded, as the second and last block of the inner hash.
fn inner_block(digits: &Digits) -> [u8; BLOCK_LEN] {
    let mut block = [0; BLOCK_LEN];
    start_with(&mut block, digits.padded);
    let [low, high, ..] = ((BLOCK_LEN + digits.len) * 8).to_le_bytes();
    let [.., second_last, last] = &mut block;
    (*second_last, *last) = (high, low);
    block
}

/// The second and last block of the outer hash, without the inner hash's result at its start.
const OUTER_BLOCK: [u8; BLOCK_LEN] = {
    let mut block = [0; BLOCK_LEN];
    block[DIGEST_LEN] = END_MARK;
    let [low, high, ..] = ((BLOCK_LEN + DIGEST_LEN) * 8).to_le_bytes();
    (block[BLOCK_LEN - 2], block[BLOCK_LEN - 1]) = (high, low);
    block
};

fn start_with<const N: usize>(block: &mut [u8; BLOCK_LEN], content: [u8; N]) {
    const { assert!(N <= BLOCK_LEN) };
    if let Some(start) = block.first_chunk_mut() {
        *start = content;
    }
}

fn bytes(state: State) -> [u8; DIGEST_LEN] {
    let mut bytes = [0; DIGEST_LEN];
    for (place, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *place = word.to_be_bytes();
    }
    bytes
}

/// Lower-case hex. By arithmetic instead of a table, because the compiler makes vector instructions of it: 4 ns, not 14.
fn hex(bytes: [u8; DIGEST_LEN]) -> [u8; AUTH_CODE_LEN] {
    let mut text = [0; AUTH_CODE_LEN];
    for (place, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *place = [byte >> 4, byte & 15]
            .map(|digit| digit + b'0' + u8::from(digit > 9) * (b'a' - b'0' - 10));
    }
    text
}
