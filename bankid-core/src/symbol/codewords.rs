//! The codewords of a text: its bits, the error correction, and both in the order in which they are placed (7.4 to 7.6).
//!
//! Error correction is division by a polynomial over GF(256). Its rest is kept in a few words, highest coefficient in the
//! highest byte, so that one step for one codeword is a shift and an exclusive or.

use super::field::{Words, doubled, highest, shifted, sum};
use super::plan::{MAX_CODEWORDS, Plan};

pub(super) type Codewords = [u8; MAX_CODEWORDS];

/// The codewords in the order in which they are placed; behind them are zeros.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn of(plan: &Plan, text: &[u8]) -> Codewords {
    let message = message(plan, text);
    let mut multiples = [[0; 4]; 256];
    fill(&mut multiples, plan.generator);
    let short = plan.data / plan.blocks;
    let first_long = plan.blocks - plan.data % plan.blocks;

    let mut placed = [0; MAX_CODEWORDS];
    let mut place = |at: usize, codeword| {
        if let Some(place) = placed.get_mut(at) {
            *place = codeword;
        }
    };
    let mut from = 0;
    for block in 0..plan.blocks {
        let len = if block < first_long { short } else { short + 1 };
        let mut rest = [0; 4];
        for at in 0..len {
            let codeword = message.get(from + at).copied().unwrap_or_default();
            // The last codeword of a longer block comes after all of the shorter ones.
            let before = if at < short { block } else { block - first_long };
            place(at * plan.blocks + before, codeword);
            rest = step(&multiples, rest, codeword);
        }
        for at in 0..plan.check {
            place(plan.data + at * plan.blocks + block, highest(rest));
            rest = shifted(rest);
        }
        from += len;
    }
    placed
}

/// Byte mode, the length, the text, an end, and padding. Mode and end are half a byte each.
fn message(plan: &Plan, text: &[u8]) -> Codewords {
    let mut message = [0; MAX_CODEWORDS];
    let [.., high, low] = text.len().to_be_bytes();
    let start = 1 + plan.count_bytes;
    // Of a length of one byte, the lower one takes the upper one's place.
    (message[0], message[1]) = (0b0100, high);
    if let Some(place) = message.get_mut(plan.count_bytes) {
        *place = low;
    }
    if let Some(place) = message.get_mut(start..start + text.len()) {
        place.copy_from_slice(text);
    }
    let data = message.get_mut(..plan.data).unwrap_or_default();
    // All moves half a byte up, the mode's upper half out.
    let mut next = 0;
    for place in data.iter_mut().rev() {
        (*place, next) = (*place << 4 | next >> 4, *place);
    }
    let mut padding = 0b1110_1100;
    for place in data.get_mut(start + text.len()..).unwrap_or_default() {
        *place = padding;
        padding ^= 0b1110_1100 ^ 0b0001_0001;
    }
    message
}

/// A polynomial times each byte; the first one is there.
fn fill(multiples: &mut [Words; 256], polynomial: Words) {
    let mut multiple = polynomial;
    for bit in 0..8 {
        let (known, unknown) = multiples.split_at_mut(1 << bit);
        for (known, unknown) in known.iter().zip(unknown) {
            *unknown = sum(*known, multiple);
        }
        multiple = doubled(multiple);
    }
}

/// The rest of the division when there is one more codeword.
fn step(multiples: &[Words; 256], rest: Words, codeword: u8) -> Words {
    let factor = usize::from(highest(rest) ^ codeword);
    multiples.get(factor).map_or(rest, |multiple| sum(shifted(rest), *multiple))
}
