//! The shared vectors, and properties of every code.

extern crate std;

use std::{string::String, string::ToString, vec::Vec};

use proptest::prelude::*;
use serde::Deserialize;

use super::{BadToken, Fault, Frame, Key, Scanned, Secret, Token, frame, verify};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vectors {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    pub(super) frames: Vec<FrameVector>,
    scans: Vec<ScanVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct FrameVector {
    pub(super) id: String,
    #[serde(rename = "comment")]
    _comment: String,
    pub(super) token: String,
    pub(super) secret: String,
    pub(super) elapsed_seconds: u32,
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ScanVector {
    id: String,
    #[serde(rename = "comment")]
    _comment: String,
    text: String,
    token: String,
    secret: String,
    elapsed_seconds: u32,
    tolerance_seconds: u32,
    result: String,
    fault: Option<String>,
    message: Option<String>,
}

pub(super) fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/qr.json"))
        .expect("the vectors match their schema")
}

#[test]
fn vectors_of_frames() {
    for FrameVector { id, token, secret, elapsed_seconds, text, .. } in vectors().frames {
        let token = Token::try_from(token.as_str()).unwrap();
        let secret = Secret::from(secret.as_str());
        assert_eq!(&*frame(token, secret, elapsed_seconds), text, "{id}");
        let key = Key::new(token, secret);
        assert_eq!(&*key.frame(elapsed_seconds), text, "{id}, kept key");
        assert_eq!(&*key.frame(elapsed_seconds), text, "{id}, kept key used again");
        assert_eq!(
            verify(&text, token, secret, elapsed_seconds, 0),
            Ok(elapsed_seconds),
            "{id}, judged"
        );
    }
}

#[test]
fn vectors_of_scans() {
    for vector in vectors().scans {
        let ScanVector { id, text, elapsed_seconds, tolerance_seconds, .. } = &vector;
        let token = Token::try_from(vector.token.as_str()).unwrap();
        let secret = Secret::from(vector.secret.as_str());
        let judged = verify(text, token, secret, *elapsed_seconds, *tolerance_seconds);
        assert_eq!(judged.is_ok(), vector.result == "valid", "{id}: {judged:?}");
        assert_eq!(judged.err().map(|fault| fault.to_string()), vector.message, "{id}");
        assert_eq!(judged.err().map(kind), vector.fault.as_deref(), "{id}");
    }
}

fn kind(fault: Fault) -> &'static str {
    match fault {
        Fault::NotABankIdCode(_) => "notABankIdCode",
        Fault::UnknownToken => "unknownToken",
        Fault::WrongAuthCode { .. } => "wrongAuthCode",
        Fault::Stale { .. } => "stale",
        Fault::Early { .. } => "early",
    }
}

#[test]
fn an_answer_prepares_its_codes() {
    let FrameVector { token, secret, text, .. } = vectors().frames.remove(0);
    let answer = serde_json::json!({
        "orderRef": "131daac9-16c6-4618-beb0-365768f37288",
        "autoStartToken": "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6",
        "qrStartToken": token,
        "qrStartSecret": secret,
    });
    let started: crate::order::OrderStarted = serde_json::from_value(answer).unwrap();
    assert_eq!(&*started.qr_key().frame(0), text);
}

#[test]
fn tokens_are_bounded() {
    assert_eq!(Token::try_from(""), Err(BadToken::Empty));
    assert!(Token::try_from("x".repeat(256).as_str()).is_ok());
    assert_eq!(Token::try_from("x".repeat(257).as_str()), Err(BadToken::TooLong));
}

#[test]
fn debug_hides_what_is_secret() {
    let token = Token::try_from("token").unwrap();
    let secret = Secret::from("hush");
    let frame: Frame = frame(token, secret, 0);
    let shown = std::format!(
        "{secret:?} {:?} {frame:?} {:?}",
        Key::new(token, secret),
        Scanned::parse(&frame).unwrap()
    );
    let (_, auth_code) = frame.rsplit_once('.').unwrap();
    assert!(!shown.contains("hush") && !shown.contains(auth_code), "{shown}");
}

#[test]
fn nothing_allocates() {
    for source in [
        include_str!("mod.rs"),
        include_str!("mac.rs"),
        include_str!("scanned.rs"),
        include_str!("compact/mod.rs"),
    ] {
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let is_free = ["alloc", "format!", "String", "Vec<", "Box<", "Cow<"]
                .iter()
                .all(|word| !line.contains(word));
            assert!(is_free, "{line}");
        }
    }
}

pub(super) fn token() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{12}", "[ -~]{1,256}", "\\PC{1,64}"]
}

proptest! {
    #[test]
    fn every_frame_verifies(token in token(), secret in "\\PC{0,100}", elapsed in any::<u32>(), now in any::<u32>()) {
        let token = Token::try_from(token.as_str()).unwrap();
        let secret = Secret::from(secret.as_str());
        let text = frame(token, secret, elapsed);
        prop_assert_eq!(verify(&text, token, secret, now, now.abs_diff(elapsed)), Ok(elapsed));
        if let Some(less) = now.abs_diff(elapsed).checked_sub(1) {
            let expected = if elapsed < now {
                Fault::Stale { frame: elapsed, order_age_seconds: now }
            } else {
                Fault::Early { frame: elapsed, order_age_seconds: now }
            };
            prop_assert_eq!(verify(&text, token, secret, now, less), Err(expected));
        }
        let scanned = Scanned::parse(&text).unwrap();
        prop_assert_eq!((scanned.token, scanned.elapsed_seconds), (token, elapsed));
    }

    #[test]
    fn every_altered_frame_fails(
        token in token(), elapsed in any::<u32>(), place in any::<prop::sample::Index>(), new in any::<char>(),
        how in 0..3_u8,
    ) {
        let token = Token::try_from(token.as_str()).unwrap();
        let secret = Secret::from("d28db9a7-4cde-429e-a983-359be676944c");
        let genuine = frame(token, secret, elapsed);
        let mut letters: Vec<char> = genuine.chars().collect();
        let place = place.index(letters.len());
        match how {
            0 => letters[place] = new,
            1 => letters.insert(place, new),
            _ => drop(letters.remove(place)),
        }
        let altered: String = letters.into_iter().collect();
        prop_assume!(altered != *genuine);
        prop_assert!(verify(&altered, token, secret, elapsed, u32::MAX).is_err());
    }

    #[test]
    fn any_text_is_judged(text in "\\PC*", tail in "(bankid\\.)?[0-9a-f.]{0,90}") {
        let token = Token::try_from("t").unwrap();
        for text in [text, tail] {
            prop_assert!(verify(&text, token, "s".into(), 0, u32::MAX).is_err());
        }
    }

    #[test]
    fn the_code_is_hmac_sha_256(secret in prop::collection::vec(any::<char>(), 0..80), elapsed in any::<u32>()) {
        use hmac::{Hmac, KeyInit, Mac};
        let secret: String = secret.into_iter().collect();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(elapsed.to_string().as_bytes());
        let expected = base16ct::lower::encode_string(&mac.finalize().into_bytes());
        let text = frame(Token::try_from("t").unwrap(), secret.as_str().into(), elapsed);
        prop_assert_eq!(text.rsplit_once('.').unwrap().1, expected);
    }
}
