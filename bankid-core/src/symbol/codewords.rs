//! The codewords of a text: its bits, the error correction, and both in the order in which they are placed (7.4 to 7.6).
//!
//! Error correction is division by a polynomial over GF(256). Its rest is kept in a few words, highest coefficient in the
//! highest byte, so that one step for one codeword is a shift and an exclusive or for each of its two halves.

use super::plan::{MAX_CODEWORDS, Plan};

pub(super) type Codewords = [u8; MAX_CODEWORDS];

/// The codewords in the order in which they are placed.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn of(plan: &Plan, text: &[u8]) -> Codewords {
    let message = message(plan, text);
    let divisor = Divisor::of_degree(plan.check);
    let short = plan.data / plan.blocks;
    let first_long = plan.blocks - plan.data % plan.blocks;

    let mut placed = [0; MAX_CODEWORDS];
    let mut rest = message.get(..plan.data).unwrap_or_default();
    for block in 0..plan.blocks {
        let (data, more) = rest.split_at(if block < first_long { short } else { short + 1 });
        rest = more;
        // The last codeword of a longer block comes after all of the shorter ones.
        let (common, last) = data.split_at(short);
        spread(&mut placed, block, plan.blocks, common.iter().copied());
        spread(
            &mut placed,
            short * plan.blocks + block.saturating_sub(first_long),
            1,
            last.iter().copied(),
        );
        let check = divisor.remainder(data);
        let check = check.iter().flat_map(|word| word.to_be_bytes()).take(plan.check);
        spread(&mut placed, plan.data + block, plan.blocks, check);
    }
    placed
}

/// Writes values to places that are a step apart.
fn spread(placed: &mut Codewords, from: usize, step: usize, values: impl Iterator<Item = u8>) {
    for (place, value) in placed.iter_mut().skip(from).step_by(step).zip(values) {
        *place = value;
    }
}

/// Byte mode, the length, the text, an end of four bits, and padding. All but the padding is half a byte off.
fn message(plan: &Plan, text: &[u8]) -> Codewords {
    let mut message = [0; MAX_CODEWORDS];
    let len = text.len().to_be_bytes();
    let (_, count) = len.split_at(len.len() - plan.count_bytes);
    let mut half = 0b0100;
    let mut places = message.iter_mut();
    for (&byte, place) in count.iter().chain(text).chain(&[0]).zip(&mut places) {
        *place = half << 4 | byte >> 4;
        half = byte & 0xf;
    }
    // Beyond the data this writes what nobody reads.
    for (place, padding) in places.zip([0b1110_1100, 0b0001_0001].into_iter().cycle()) {
        *place = padding;
    }
    message
}

/// 32 coefficients, of which so many as the polynomial's degree are used.
type Words = [u64; 4];

/// The generator polynomial times each half of a byte.
struct Divisor {
    high: [Words; 16],
    low: [Words; 16],
}

impl Divisor {
    fn of_degree(degree: usize) -> Self {
        let mut multiple = generator(degree);
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
    fn remainder(&self, data: &[u8]) -> Words {
        data.iter().fold([0; 4], |[a, b, c, d], byte| {
            let [highest, ..] = a.to_be_bytes();
            let factor = usize::from(highest ^ byte);
            let shifted = [a << 8 | b >> 56, b << 8 | c >> 56, c << 8 | d >> 56, d << 8];
            match (self.high.get(factor >> 4), self.low.get(factor & 0xf)) {
                (Some(high), Some(low)) => sum(shifted, sum(*high, *low)),
                _ => shifted,
            }
        })
    }
}

/// (x - 1)(x - a)(x - a^2)..., without its first coefficient, which is one.
const fn generator(degree: usize) -> Words {
    let mut product = [0; 4];
    let mut root = [1 << 56, 0, 0, 0];
    let mut at = 0;
    while at < degree {
        let [a, b, c, d] = product;
        let shifted = [1 << 56 | a >> 8, a << 56 | b >> 8, b << 56 | c >> 8, c << 56 | d >> 8];
        product = sum(product, times(shifted, root));
        root = doubled(root);
        at += 1;
    }
    product
}

/// All coefficients times the one in the highest byte of `factor`.
const fn times(mut words: Words, factor: Words) -> Words {
    let [factor, ..] = factor;
    let mut product = [0; 4];
    let mut bit = 56;
    while bit < 64 {
        if factor >> bit & 1 == 1 {
            product = sum(product, words);
        }
        words = doubled(words);
        bit += 1;
    }
    product
}

/// All coefficients times two, modulo x^8 + x^4 + x^3 + x^2 + 1.
const fn doubled([a, b, c, d]: Words) -> Words {
    const fn double(word: u64) -> u64 {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        const ONES: u64 = 0x0101_0101_0101_0101;
        ((word & LOW) << 1) ^ ((word >> 7 & ONES) * 0b1_1101)
    }
    [double(a), double(b), double(c), double(d)]
}

const fn sum([a, b, c, d]: Words, other: Words) -> Words {
    let [other_a, other_b, other_c, other_d] = other;
    [a ^ other_a, b ^ other_b, c ^ other_c, d ^ other_d]
}
