//! The text of an animated QR code, beside the same text made with a kept key of the `hmac` crate.

use std::fmt::Write as _;
use std::hint::black_box;

use bankid_core::qr::{Key, Token};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Result;
use crate::report::{Goal, Verdict, print_table};
use crate::stats::median;
use crate::stopwatch::Stopwatch;

const TOKEN: &str = "67df3917-fa0d-44e5-b327-edcc928297f8";
const SECRET: &str = "d28db9a7-4cde-429e-a983-359be676944c";
const ROUNDS: u32 = 31;
const FRAMES_PER_ROUND: u32 = 20_000;

pub(crate) fn run() -> Result<Vec<Verdict>> {
    let ours = Key::new(Token::try_from(TOKEN)?, SECRET.into());
    let peer = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
    if *ours.frame(7) != *with_hmac(&peer, 7)? {
        return Err("the two QR texts differ".into());
    }
    let mut pairs = Vec::new();
    for _ in 0..ROUNDS {
        let ours = nanoseconds(|elapsed| {
            black_box(black_box(&ours).frame(elapsed));
            Ok(())
        })?;
        let peer = nanoseconds(|elapsed| {
            black_box(with_hmac(black_box(&peer), elapsed)?);
            Ok(())
        })?;
        pairs.push((ours, peer));
    }
    let row = |name: &str, ns: f64| vec![name.to_owned(), format!("{ns:.0}")];
    let ratio = median(pairs.iter().map(|(ours, peer)| ours / peer));
    let (ours, peer) =
        (median(pairs.iter().map(|pair| pair.0)), median(pairs.iter().map(|pair| pair.1)));
    print_table(
        &["QR text, prepared key", "ns"],
        &[row("bankid_core::qr::Key", ours), row("kept key of the hmac crate", peer)],
    );
    Ok(vec![Verdict::new("QR text: time beside a kept hmac key", ratio, Goal::AtMost(1.0))])
}

/// The time of one text, in nanoseconds.
fn nanoseconds(mut frame: impl FnMut(u32) -> Result<()>) -> Result<f64> {
    let watch = Stopwatch::start();
    for n in 0..FRAMES_PER_ROUND {
        frame(n % 30)?;
    }
    Ok(watch.elapsed().as_secs_f64() * 1e9 / f64::from(FRAMES_PER_ROUND))
}

/// What a careful user of the crate writes; its one allocation has room for the whole text.
fn with_hmac(key: &Hmac<Sha256>, elapsed_seconds: u32) -> Result<String> {
    let mut text = String::with_capacity(160);
    write!(text, "bankid.{TOKEN}.")?;
    let start = text.len();
    write!(text, "{elapsed_seconds}")?;
    let mac =
        key.clone().chain_update(text.get(start..).unwrap_or_default()).finalize().into_bytes();
    let mut hex = [0; 64];
    text.push('.');
    text.push_str(base16ct::lower::encode_str(&mac, &mut hex)?);
    Ok(text)
}
