//! Against encoders and decoders that others wrote, and a scorer that counts module by module.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

use super::*;
use crate::qr;

/// The same text as qrcodegen encodes it.
fn theirs(text: &str, level: Level, version: usize, mask: u8) -> Vec<Vec<bool>> {
    let level = match level {
        Level::L => QrCodeEcc::Low,
        Level::M => QrCodeEcc::Medium,
    };
    let version = Version::new(version.try_into().unwrap());
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let code = QrCode::encode_segments_advanced(
        &segments,
        level,
        version,
        version,
        Some(Mask::new(mask)),
        false,
    )
    .unwrap();
    let side = 0..code.size();
    side.clone().map(|y| side.clone().map(|x| code.get_module(x, y)).collect()).collect()
}

fn modules(symbol: &Symbol) -> Vec<Vec<bool>> {
    let side = 0..symbol.size();
    side.clone().map(|y| side.clone().map(|x| symbol.is_dark(x, y)).collect()).collect()
}

/// The version of a symbol.
fn version(symbol: &Symbol) -> usize {
    (symbol.size() - 17) / 4
}

/// Counts each rule of 7.8.3 by looking at one place after the other.
fn plain_penalty(modules: &[Vec<bool>]) -> u32 {
    let size = modules.len();
    let columns: Vec<Vec<bool>> =
        (0..size).map(|x| modules.iter().map(|row| row[x]).collect()).collect();
    let mut penalty = 0;
    for line in modules.iter().chain(&columns) {
        for run in line.chunk_by(|a, b| a == b) {
            if run.len() >= 5 {
                penalty += u32::try_from(run.len()).unwrap() - 2;
            }
        }
        // With the quiet zone.
        let quiet = [false; 4];
        let line: Vec<bool> = quiet.iter().chain(line).chain(&quiet).copied().collect();
        for place in line.windows(15) {
            let is_finder = place[4..11] == [true, false, true, true, true, false, true];
            let is_free = place[..4] == quiet || place[11..] == quiet;
            penalty += if is_finder && is_free { 40 } else { 0 };
        }
    }
    for pair in modules.windows(2) {
        for (above, below) in pair[0].windows(2).zip(pair[1].windows(2)) {
            if above[0] == above[1] && above == below {
                penalty += 3;
            }
        }
    }
    let dark = modules.iter().flatten().filter(|module| **module).count();
    let all = size * size;
    // For each whole step of five percent away from the half.
    let steps = (1..=10).filter(|step| (20 * dark).abs_diff(10 * all) >= step * all);
    penalty + steps.map(|_| 10).sum::<u32>()
}

/// Ours is qrcodegen's under the mask that the plain scorer likes best.
#[track_caller]
fn check(symbol: &Symbol, text: &str, level: Level) {
    let all: Vec<_> = (0..8).map(|mask| theirs(text, level, version(symbol), mask)).collect();
    let best = all.iter().min_by_key(|modules| plain_penalty(modules)).unwrap();
    assert_eq!(&modules(symbol), best);
}

/// What somebody reads who sees the picture.
fn scan(symbol: &Symbol, scale: usize) -> String {
    let side = symbol.picture_size() * scale;
    let rows: Vec<Vec<u8>> = (0..symbol.picture_size())
        .map(|y| {
            let mut row = alloc::vec![0; side * 4];
            symbol.rgba_row(y, &mut row);
            row
        })
        .collect();
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| rows[y / scale][x * 4]);
    let [code] = image.detect_grids().try_into().unwrap_or_else(|_| panic!("not one code"));
    code.decode().unwrap().1
}

fn bankid_text() -> impl Strategy<Value = String> {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    (uuid, uuid, any::<u32>()).prop_map(|(token, secret, seconds)| {
        let token = qr::Token::try_from(token.as_str()).unwrap();
        qr::frame(token, secret.as_str().into(), seconds).as_str().into()
    })
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::L), Just(Level::M)]
}

proptest! {
    #[test]
    fn bankid_texts_are_encoded_as_by_others(text in bankid_text()) {
        check(&Symbol::bankid(&text).unwrap(), &text, Level::L);
    }

    #[test]
    fn any_text_is_encoded_as_by_others(text in "[ -~å-ö]{1,100}", level in level()) {
        check(&Symbol::of(&text, level).unwrap(), &text, level);
    }

    #[test]
    fn what_is_drawn_can_be_scanned(text in bankid_text(), scale in 2_usize..6) {
        prop_assert_eq!(scan(&Symbol::bankid(&text).unwrap(), scale), text);
    }

    #[test]
    fn every_text_in_bounds_can_be_scanned(text in "[ -~]{1,200}", level in level()) {
        prop_assert_eq!(scan(&Symbol::of(&text, level).unwrap(), 3), text);
    }

    #[test]
    fn a_path_fills_what_is_dark(text in "[ -~]{1,200}", level in level()) {
        let symbol = Symbol::of(&text, level).unwrap();
        prop_assert_eq!(filled(&path(&symbol), symbol.picture_size()), picture(&symbol));
    }
}

#[test]
fn each_version_at_its_limits() {
    for level in [Level::L, Level::M] {
        let mut text = String::new();
        let mut last = 0;
        while text.len() < Symbol::MAX_BYTES {
            text.push('x');
            let symbol = Symbol::of(&text, level).unwrap();
            if version(&symbol) == last {
                continue;
            }
            last += 1;
            assert_eq!(version(&symbol), last, "{} bytes at {level:?}", text.len());
            check(&symbol, &text, level);
            let full = &"x".repeat(text.len() - 1);
            if last > 1 {
                let symbol = Symbol::of(full, level).unwrap();
                assert_eq!(version(&symbol), last - 1);
                check(&symbol, full, level);
                assert_eq!(full.len(), capacity(level, last - 1));
            }
        }
        assert_eq!(last, if level == Level::L { 9 } else { 10 });
        check(&Symbol::of(&text, level).unwrap(), &text, level);
    }
}

/// The most bytes that qrcodegen takes.
fn capacity(level: Level, version: usize) -> usize {
    let level = match level {
        Level::L => QrCodeEcc::Low,
        Level::M => QrCodeEcc::Medium,
    };
    let version = Version::new(version.try_into().unwrap());
    (1..300)
        .take_while(|len| {
            let segments = [QrSegment::make_bytes(&alloc::vec![0; *len])];
            QrCode::encode_segments_advanced(
                &segments,
                level,
                version,
                version,
                Some(Mask::new(0)),
                false,
            )
            .is_ok()
        })
        .last()
        .unwrap()
}

#[test]
fn each_mask_is_drawn_and_scored_as_by_others() {
    let text = "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8";
    for (version, level) in [(6, Level::L), (7, Level::M), (10, Level::M), (10, Level::L)] {
        let plan = Plan::new(version, level);
        let text: String = text.chars().take(plan.max_bytes()).collect();
        let unmasked = placement::of(&plan, &codewords::of(&plan, text.as_bytes()));
        for (mask, format) in (0..8).zip(plan.formats) {
            let rows = mask::masked(&plan, &unmasked, mask.into(), format);
            let ours = Symbol { rows, size: plan.size };
            let theirs = theirs(&text, level, version, mask);
            assert_eq!(modules(&ours), theirs, "version {version}, mask {mask}");
            assert_eq!(
                mask::penalty(&rows, plan.size),
                plain_penalty(&theirs),
                "version {version}, mask {mask}"
            );
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(Symbol::bankid("").unwrap_err(), DoesNotFit::Empty);
    assert_eq!(Symbol::of("", Level::M).unwrap_err(), DoesNotFit::Empty);
    assert_eq!(Symbol::MAX_BANKID_BYTES, 134);
    assert_eq!(scan(&Symbol::bankid(&"a".repeat(134)).unwrap(), 3), "a".repeat(134));
    assert_eq!(Symbol::bankid(&"a".repeat(135)).unwrap_err(), DoesNotFit::TooLong(134));
    assert_eq!(Symbol::of(&"a".repeat(201), Level::L).unwrap_err(), DoesNotFit::TooLong(200));
    assert_eq!(
        DoesNotFit::TooLong(134).to_string(),
        "a QR code of this kind has at most 134 bytes"
    );
}

#[test]
fn the_tuned_encoder_is_the_general_one() {
    for len in [1, 50, 107, 110, 134] {
        let text = "b".repeat(len);
        let general = encode(&Plan::new(6, Level::L), text.as_bytes());
        assert_eq!(general.rows, Symbol::bankid(&text).unwrap().rows);
    }
}

#[test]
fn modules_outside_are_light_and_debug_shows_none() {
    let symbol = Symbol::bankid("bankid.x.0.y").unwrap();
    assert!(
        symbol.is_dark(40, 0)
            && !symbol.is_dark(41, 0)
            && !symbol.is_dark(0, 41)
            && !symbol.is_dark(200, 2)
    );
    assert_eq!((symbol.row(0).map(|row| row & 0x7f), symbol.row(41)), (Some(0x7f), None));
    assert_eq!(alloc::format!("{symbol:?}"), "Symbol { size: 41, .. }");
    // No room for a pixel of each module: nothing is written.
    let mut room = [7; 49 * 4 - 1];
    symbol.rgba_row(4, &mut room);
    assert_eq!(room, [7; 49 * 4 - 1]);
}

#[test]
fn the_longest_paths_fit() {
    let check = |row: fn(usize) -> u64| {
        let mut rows = [0; MAX_ROWS];
        for (y, place) in rows.iter_mut().skip(Symbol::QUIET_ZONE).take(MAX_SIZE).enumerate() {
            *place = row(y) & plan::ones(MAX_SIZE);
        }
        let symbol = Symbol { rows, size: MAX_SIZE };
        assert_eq!(filled(&path(&symbol), symbol.picture_size()), picture(&symbol));
    };
    check(|_| u64::MAX);
    check(|_| 0x5555_5555_5555_5555);
    // Back and forth between the edges.
    check(|y| if y % 2 == 0 { 1 << (MAX_SIZE + 3) } else { 1 << 4 });
}

/// So a path never goes down by more than one row.
#[test]
fn no_two_rows_in_succession_are_always_light() {
    for version in 1..=10 {
        for level in [Level::L, Level::M] {
            let mut plan = Plan::new(version, level);
            let rows: Vec<u64> = plan::inner(&mut plan.dark, plan.size).to_vec();
            assert!(rows.windows(2).all(|pair| pair[0] | pair[1] != 0), "version {version}");
            assert_ne!(rows[0], 0);
        }
    }
}

/// The picture, quiet zone included.
fn picture(symbol: &Symbol) -> Vec<Vec<bool>> {
    let quiet = Symbol::QUIET_ZONE;
    let side = 0..symbol.picture_size();
    let is_dark =
        |x: usize, y: usize| x >= quiet && y >= quiet && symbol.is_dark(x - quiet, y - quiet);
    side.clone().map(|y| side.clone().map(|x| is_dark(x, y)).collect()).collect()
}

fn path(symbol: &Symbol) -> String {
    let mut room = alloc::vec![0; PATH_BYTES];
    symbol.svg_path(room.first_chunk_mut().unwrap()).into()
}

/// What a path of `m x y h w v 1 h -w` fills, read by the grammar of SVG: a sign begins a number, a space is passed over.
fn filled(path: &str, size: usize) -> Vec<Vec<bool>> {
    let spaced = path.replace('-', " -").replace(['h', 'v'], " ");
    let mut picture = alloc::vec![alloc::vec![false; size]; size];
    let (mut x, mut y) = (0, 0);
    assert_eq!(path.matches('m').count() * 2, path.matches('h').count());
    for rectangle in spaced.split('m').skip(1) {
        let numbers: Vec<i32> =
            rectangle.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let [right, down, width, 1, back] = *numbers else { panic!("{rectangle}") };
        assert_eq!(width, -back);
        (x, y) = (x + right, y + down);
        let row = &mut picture[usize::try_from(y).unwrap()];
        for place in x..x + width {
            let module = &mut row[usize::try_from(place).unwrap()];
            assert!(!*module, "painted twice");
            *module = true;
        }
        y += 1;
    }
    picture
}
