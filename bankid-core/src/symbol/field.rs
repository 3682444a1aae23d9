//! Arithmetic in GF(256), for 32 coefficients of a polynomial at a time (ISO/IEC 18004, 7.5.2).

/// 32 coefficients, the highest in the highest byte of the first word. Of lower degrees the last ones are zero.
pub(super) type Words = [u64; 4];

/// (x - 1)(x - a)(x - a^2)..., without its first coefficient, which is one.
pub(super) const fn generator(degree: usize) -> Words {
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
pub(super) const fn doubled([a, b, c, d]: Words) -> Words {
    const fn double(word: u64) -> u64 {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        const ONES: u64 = 0x0101_0101_0101_0101;
        ((word & LOW) << 1) ^ ((word >> 7 & ONES) * 0b1_1101)
    }
    [double(a), double(b), double(c), double(d)]
}

/// All coefficients one place up, the highest out.
pub(super) const fn shifted([a, b, c, d]: Words) -> Words {
    [a << 8 | b >> 56, b << 8 | c >> 56, c << 8 | d >> 56, d << 8]
}

/// The highest coefficient.
pub(super) const fn highest([word, ..]: Words) -> u8 {
    let [highest, ..] = word.to_be_bytes();
    highest
}

pub(super) const fn sum([a, b, c, d]: Words, other: Words) -> Words {
    let [other_a, other_b, other_c, other_d] = other;
    [a ^ other_a, b ^ other_b, c ^ other_c, d ^ other_d]
}
