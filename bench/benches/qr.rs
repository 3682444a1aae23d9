//! A QR text from a kept key, beside the `hmac` crate with a kept key: `cargo bench -p bench --bench qr`.
//!
//! Every candidate makes the same texts, one for each second of an order's life.

#![forbid(unsafe_code)]

use std::fmt::Write as _;

use bankid_core::qr::{self, Key, LIFETIME_SECONDS, Secret, Token};
use divan::{Bencher, black_box, counter::ItemsCount};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn main() {
    divan::main();
}

const TOKEN: &str = "67df3917-fa0d-44e5-b327-edcc928297f8";
const SECRET: &str = "d28db9a7-4cde-429e-a983-359be676944c";

/// Runs `make` for each second; a text's time is the shown one over [`LIFETIME_SECONDS`], or by `items/s`.
fn each_second<T>(bencher: Bencher<'_, '_>, mut make: impl FnMut(u32) -> T) {
    bencher.counter(ItemsCount::new(LIFETIME_SECONDS)).bench_local(|| {
        for elapsed in 0..LIFETIME_SECONDS {
            black_box(make(black_box(elapsed)));
        }
    });
}

#[divan::bench]
fn kept_key(bencher: Bencher<'_, '_>) {
    let key = Key::new(token(), secret());
    each_second(bencher, |elapsed| key.frame(elapsed));
}

#[divan::bench]
fn one_shot(bencher: Bencher<'_, '_>) {
    each_second(bencher, |elapsed| qr::frame(black_box(token()), black_box(secret()), elapsed));
}

/// The best that can be made of the crate: kept prefix, buffer on the stack, hex as in the core.
#[divan::bench]
fn hmac_crate_lean(bencher: Bencher<'_, '_>) {
    let key = hmac_key();
    let mut prefix = [0; TEXT_LEN];
    append(&mut prefix, 0, b"bankid.");
    append(&mut prefix, "bankid.".len(), TOKEN.as_bytes());
    append(&mut prefix, "bankid.".len() + TOKEN.len(), b".");
    each_second(bencher, |elapsed| {
        let mut time = [0; 10];
        let mut time_at = time.len();
        let mut number = elapsed;
        for place in time.iter_mut().rev() {
            let [digit, ..] = (number % 10).to_le_bytes();
            *place = b'0' + digit;
            time_at -= 1;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        let time = time.get(time_at..).unwrap_or_default();
        let mut mac = key.clone();
        mac.update(time);
        let code: [u8; 32] = mac.finalize().into_bytes().into();
        let mut hex = [0; 64];
        for (place, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(code) {
            *place = [byte >> 4, byte & 15].map(|digit| digit + b'0' + u8::from(digit > 9) * 39);
        }
        let mut text = prefix;
        let at = "bankid.".len() + TOKEN.len() + 1;
        append(&mut text, at, time);
        append(&mut text, at + time.len(), b".");
        append(&mut text, at + time.len() + 1, &hex);
        text
    });
}

/// As much as a [`qr::Frame`] holds.
const TEXT_LEN: usize = 339;

fn append(text: &mut [u8; TEXT_LEN], at: usize, part: &[u8]) {
    if let Some(room) = text.get_mut(at..at + part.len()) {
        room.copy_from_slice(part);
    }
}

/// What most write.
#[divan::bench]
fn hmac_crate_format(bencher: Bencher<'_, '_>) {
    let key = hmac_key();
    each_second(bencher, |elapsed| {
        let time = elapsed.to_string();
        let mut mac = key.clone();
        mac.update(time.as_bytes());
        let mut hex = String::new();
        for byte in mac.finalize().into_bytes() {
            infallible(write!(hex, "{byte:02x}"));
        }
        format!("bankid.{TOKEN}.{time}.{hex}")
    });
}

#[expect(clippy::expect_used, reason = "the token is a constant of 36 bytes")]
fn token() -> Token<'static> {
    Token::try_from(TOKEN).expect("36 bytes are a token")
}

fn secret() -> Secret<'static> {
    SECRET.into()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn hmac_key() -> Hmac<Sha256> {
    Hmac::new_from_slice(SECRET.as_bytes()).expect("any length will do")
}

#[expect(clippy::expect_used, reason = "writing to a String does not fail")]
fn infallible(written: std::fmt::Result) {
    written.expect("a String grows as needed");
}
