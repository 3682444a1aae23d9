//! UUIDs as text and back. Every call of BankID's API does this up to four times, so there is no branch for a
//! single digit in it.

#[cfg(test)]
mod tests;

/// The length of a UUID's text.
const LEN: usize = 36;

/// The text of a UUID, in lower case.
pub(super) fn encode(uuid: u128) -> [u8; LEN] {
    let [a, b, c, d] = [uuid >> 96, uuid >> 64, uuid >> 32, uuid].map(eight_digits);
    let mut text = [b'-'; LEN];
    text[..8].copy_from_slice(&a);
    text[9..13].copy_from_slice(&b[..4]);
    text[14..18].copy_from_slice(&b[4..]);
    text[19..23].copy_from_slice(&c[..4]);
    text[24..28].copy_from_slice(&c[4..]);
    text[28..].copy_from_slice(&d);
    text
}

/// The digits of the lowest 32 bits, made side by side in the eight bytes of one word.
fn eight_digits(bits: u128) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // What the mask leaves fits.
    let bits = u64::try_from(bits & 0xffff_ffff).unwrap_or_default();
    let spread = (bits | bits << 16) & 0x0000_ffff_0000_ffff;
    let spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff;
    let digits = (spread | spread << 4) & (0x0f * ONES);
    // Six more than a digit from ten on carries into the upper half of its byte.
    let letters = (digits + 0x06 * ONES) >> 4 & ONES;
    (digits + u64::from(b'0') * ONES + letters * u64::from(b'a' - b'0' - 10)).to_be_bytes()
}

/// The UUID of a text, if it is exactly one in lower case.
pub(super) fn decode(text: &[u8; LEN]) -> Option<u128> {
    let mut digits = [0; 32];
    digits[..8].copy_from_slice(&text[..8]);
    digits[8..12].copy_from_slice(&text[9..13]);
    digits[12..16].copy_from_slice(&text[14..18]);
    digits[16..20].copy_from_slice(&text[19..23]);
    digits[20..].copy_from_slice(&text[24..]);
    let mut good = [text[8], text[13], text[18], text[23]] == [b'-'; 4];
    for digit in &mut digits {
        let (decimal, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
        good &= decimal < 10 || letter < 6;
        *digit = if decimal < 10 { decimal } else { letter.wrapping_add(10) };
    }
    let mut uuid = [0; 16];
    for (byte, [high, low]) in uuid.iter_mut().zip(digits.as_chunks().0) {
        *byte = high << 4 | low & 0xf;
    }
    good.then_some(u128::from_be_bytes(uuid))
}
