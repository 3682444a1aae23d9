//! The codewords of a text: its bits, the error correction, and both in the order in which they are placed (7.4 to 7.6).
//!
//! Error correction is division by a polynomial over GF(256). Its rest is kept in a few words, highest coefficient in the
//! highest byte, so that one step for one codeword is a shift and an exclusive or for each of its two halves.

use super::field::{Words, doubled, sum};
use super::plan::{MAX_CODEWORDS, Plan};

pub(super) type Codewords = [u8; MAX_CODEWORDS];

/// The codewords in the order in which they are placed.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn of(plan: &Plan, text: &[u8]) -> Codewords {
    let message = message(plan, text);
    let divisor = Divisor::of(plan.generator);
    let short = plan.data / plan.blocks;
    let first_long = plan.blocks - plan.data % plan.blocks;

    let mut placed = [0; MAX_CODEWORDS];
    let mut rest = message.get(..plan.data).unwrap_or_default();
    for block in 0..plan.blocks {
        let (data, more) = rest.split_at(if block < first_long { short } else { short + 1 });
        rest = more;
        let (common, last) = data.split_at(short);
        spread(&mut placed, block, plan.blocks, common);
        // The last codeword of a longer block comes after all of the shorter ones.
        spread(&mut placed, short * plan.blocks + block.saturating_sub(first_long), 1, last);
        let check = divisor.remainder(data);
        let check = check.get(..plan.check).unwrap_or_default();
        spread(&mut placed, plan.data + block, plan.blocks, check);
    }
    placed
}

/// Writes values to places that are a step apart.
fn spread(placed: &mut Codewords, from: usize, step: usize, values: &[u8]) {
    let mut at = from;
    for value in values {
        if let Some(place) = placed.get_mut(at) {
            *place = *value;
        }
        at += step;
    }
}

/// Byte mode, the length, the text, an end, and padding. Mode and end are half a byte each.
fn message(plan: &Plan, text: &[u8]) -> Codewords {
    let mut message = [0; MAX_CODEWORDS];
    let [.., high, low] = text.len().to_be_bytes();
    let start: &[u8] = if plan.count_bytes == 1 { &[0b0100, low] } else { &[0b0100, high, low] };
    for (place, byte) in message.iter_mut().zip(start.iter().chain(text)) {
        *place = *byte;
    }
    // All moves half a byte up, the mode's upper half out.
    let mut next = 0;
    for place in message.iter_mut().rev() {
        (*place, next) = (*place << 4 | next >> 4, *place);
    }
    // Beyond the data this writes what nobody reads.
    let mut padding = 0b1110_1100;
    for place in message.iter_mut().skip(start.len() + text.len()) {
        *place = padding;
        padding ^= 0b1110_1100 ^ 0b0001_0001;
    }
    message
}

/// The generator polynomial times each half of a byte.
struct Divisor {
    high: [Words; 16],
    low: [Words; 16],
}

impl Divisor {
    fn of(generator: Words) -> Self {
        let mut multiple = generator;
        let (mut low, mut high) = ([[0; 4]; 16], [[0; 4]; 16]);
        for table in [&mut low, &mut high] {
            for bit in 0..4 {
                let (known, unknown) = table.split_at_mut(1 << bit);
                for (known, unknown) in known.iter().zip(unknown) {
                    *unknown = sum(*known, multiple);
                }
                multiple = doubled(multiple);
            }
        }
        Self { high, low }
    }

    /// What is left of the data, followed by as many zeros as the degree, after division.
    fn remainder(&self, data: &[u8]) -> [u8; 32] {
        let words: Words = data.iter().fold([0; 4], |[a, b, c, d], byte| {
            let [highest, ..] = a.to_be_bytes();
            let factor = usize::from(highest ^ byte);
            let shifted = [a << 8 | b >> 56, b << 8 | c >> 56, c << 8 | d >> 56, d << 8];
            match (self.high.get(factor >> 4), self.low.get(factor & 0xf)) {
                (Some(high), Some(low)) => sum(shifted, sum(*high, *low)),
                _ => shifted,
            }
        });
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *place = word.to_be_bytes();
        }
        bytes
    }
}
