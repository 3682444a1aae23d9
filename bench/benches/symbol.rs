//! A BankID text as a QR symbol, beside encoders from crates.io, all at version 6, level L, in byte mode, with the best mask by
//! their own count: `cargo bench -p bench --bench symbol`.

#![forbid(unsafe_code)]

use bankid_core::symbol::{PATH_BYTES, Symbol};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const TEXT: &str = "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.\
                    dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8";

#[divan::bench]
fn ours() -> bool {
    Symbol::bankid(black_box(TEXT)).is_ok_and(|symbol| symbol.is_dark(0, 0))
}

#[divan::bench]
fn ours_and_its_path(bencher: Bencher<'_, '_>) {
    let mut room = vec![0; PATH_BYTES];
    bencher.bench_local(|| {
        let symbol = Symbol::bankid(black_box(TEXT)).ok()?;
        Some(symbol.write_svg_path(room.first_chunk_mut()?))
    });
}

#[divan::bench]
fn fast_qr() -> bool {
    use fast_qr::{ECL, Mode, QRBuilder, Version};

    let code =
        QRBuilder::new(black_box(TEXT)).ecl(ECL::L).version(Version::V06).mode(Mode::Byte).build();
    code.is_ok_and(|code| code.size == 41)
}

#[divan::bench]
fn qrcodegen() -> bool {
    use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

    let segments = [QrSegment::make_bytes(black_box(TEXT).as_bytes())];
    let version = Version::new(6);
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, version, version, None, false)
        .is_ok_and(|code| code.size() == 41)
}

#[divan::bench]
fn qrcode() -> bool {
    use qrcode::{EcLevel, QrCode, Version};

    QrCode::with_version(black_box(TEXT), Version::Normal(6), EcLevel::L)
        .is_ok_and(|code| code.width() == 41)
}
