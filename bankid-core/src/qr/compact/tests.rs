//! Published values of both algorithms, the shared vectors, and what others compute.

extern crate std;

use std::{string::String, vec, vec::Vec};

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{FRAME_BYTES, Hash, mac, write_frame};
use crate::qr::tests::{token, vectors};
use crate::qr::{self, Token};

fn text(token: &[u8], secret: &[u8], elapsed_seconds: u32) -> String {
    let mut room = [b'!'; FRAME_BYTES];
    let len = write_frame(token, secret, elapsed_seconds, &mut room);
    String::from_utf8(room[..len].to_vec()).unwrap()
}

fn hash(message: &[u8]) -> [u8; 32] {
    let mut hash = Hash::new();
    hash.write(message);
    hash.finish()
}

#[track_caller]
fn check(given: &[u8], hex: &str) {
    assert_eq!(base16ct::lower::encode_string(given), hex);
}

#[test]
fn vectors_of_frames() {
    for vector in vectors().frames {
        let text = text(vector.token.as_bytes(), vector.secret.as_bytes(), vector.elapsed_seconds);
        assert_eq!(text, vector.text, "{}", vector.id);
    }
}

/// The examples that NIST gives for FIPS 180-4.
#[test]
fn sha_256() {
    check(&hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check(&hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    check(&hash(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    let longer = b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno\
                   ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    check(&hash(longer), "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    let million = vec![b'a'; 1_000_000];
    check(&hash(&million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/// The test cases of RFC 4231, of which the fifth gives the start of the code only.
#[test]
fn hmac_sha_256() {
    let counted: Vec<u8> = (1..=25).collect();
    let two_blocks = "This is a test using a larger than block-size key and a larger than block-size data. \
                      The key needs to be hashed before being used by the HMAC algorithm.";
    let cases: [(&[u8], &[u8], &str); 7] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (&counted, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            &[0xaa; 131],
            two_blocks.as_bytes(),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (key, message, code) in cases {
        check(&mac(key, message)[..code.len() / 2], code);
    }
}

#[test]
fn tokens_are_bounded() {
    assert_eq!(text(b"", b"secret", 0), "");
    assert_eq!(text(&[b'x'; Token::MAX_BYTES + 1], b"secret", 0), "");
    assert_eq!(text(&[b'x'; Token::MAX_BYTES], b"secret", u32::MAX).len(), FRAME_BYTES);
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

proptest! {
    #[test]
    fn texts_are_those_of_frame(token in token(), secret in "\\PC{0,100}", elapsed in any::<u32>()) {
        let expected = qr::frame(token.as_str().try_into().unwrap(), secret.as_str().into(), elapsed);
        prop_assert_eq!(text(token.as_bytes(), secret.as_bytes(), elapsed), expected.as_str());
    }

    #[test]
    fn hashes_are_those_of_sha2(message in bytes()) {
        let expected: [u8; 32] = Sha256::digest(&message).into();
        prop_assert_eq!(hash(&message), expected);
    }

    #[test]
    fn codes_are_those_of_hmac(key in bytes(), message in bytes()) {
        let expected: [u8; 32] =
            Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(&message).finalize().into_bytes().into();
        prop_assert_eq!(mac(&key, &message), expected);
    }
}
