use proptest::prelude::*;

use super::{decode, encode};

const TEXT: &[u8; 36] = b"131daac9-16c6-4618-beb0-365768f37288";
const UUID: u128 = 0x131d_aac9_16c6_4618_beb0_3657_68f3_7288;

#[test]
fn a_uuid_and_its_text() {
    assert_eq!(&encode(UUID), TEXT);
    assert_eq!(decode(TEXT), Some(UUID));
    assert_eq!(&encode(0), b"00000000-0000-0000-0000-000000000000");
    assert_eq!(&encode(u128::MAX), b"ffffffff-ffff-ffff-ffff-ffffffffffff");
}

/// Every byte at every place: only digits, small letters a to f, and the dashes where they belong.
#[test]
fn other_texts_are_none() {
    for place in 0..TEXT.len() {
        for byte in 0..=u8::MAX {
            let mut text = *TEXT;
            text[place] = byte;
            let right = match place {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            };
            assert_eq!(decode(&text).is_some(), right, "{byte:#x} at {place}");
        }
    }
}

proptest! {
    #[test]
    fn text_is_undone(uuid in any::<u128>()) {
        prop_assert_eq!(decode(&encode(uuid)), Some(uuid));
    }
}
