//! UUIDs as text and back. Every call of BankID's API does this up to four times, so it is written as loops over fixed
//! arrays without an early way out, which the compiler turns into a few vector instructions.

#[cfg(test)]
mod tests;

/// The length of a UUID's text.
const LEN: usize = 36;

/// The text of a UUID, in lower case.
pub(super) fn encode(uuid: u128) -> [u8; LEN] {
    let mut digits = [0; 32];
    for ([high, low], byte) in digits.as_chunks_mut().0.iter_mut().zip(uuid.to_be_bytes()) {
        (*high, *low) = (byte >> 4, byte & 0xf);
    }
    for digit in &mut digits {
        *digit += if *digit < 10 { b'0' } else { b'a' - 10 };
    }
    let mut text = [b'-'; LEN];
    text[..8].copy_from_slice(&digits[..8]);
    text[9..13].copy_from_slice(&digits[8..12]);
    text[14..18].copy_from_slice(&digits[12..16]);
    text[19..23].copy_from_slice(&digits[16..20]);
    text[24..].copy_from_slice(&digits[20..]);
    text
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
