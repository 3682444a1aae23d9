//! The eight masks, and which of them is best (7.8).
//!
//! A row is a word, so that each rule of the penalty looks at all modules of a row at once; what it finds is counted. The
//! quiet zone counts as light for the rule of the finder's pattern, as it does for who scans.

use super::plan::{Format, Plan, inner, ones};
use super::{MAX_ROWS, Rows, Symbol};

/// The symbol under the mask with the least penalty; of equals the first.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn best(plan: &Plan, modules: &Rows) -> Rows {
    let mut best = ([0; MAX_ROWS], u32::MAX);
    for (mask, format) in (0..).zip(plan.formats) {
        let rows = masked(plan, modules, mask, format);
        let penalty = penalty(&rows, plan.size);
        if penalty < best.1 {
            best = (rows, penalty);
        }
    }
    best.0
}

/// The whole symbol under a mask.
pub(super) fn masked(plan: &Plan, modules: &Rows, mask: usize, format: Format) -> Rows {
    let mut rows = *modules;
    let pattern = PATTERNS.get(mask).unwrap_or(&PATTERNS[0]);
    let open = plan.open.iter().skip(Symbol::QUIET_ZONE);
    for (y, (row, open)) in inner(&mut rows, plan.size).iter_mut().zip(open).enumerate() {
        let flips = pattern.get(y % PERIOD).copied().map_or(0, u64::from);
        *row ^= (flips * EVERY_SIXTH) & open;
        *row |= (format.column >> y & 1) << (8 + Symbol::QUIET_ZONE);
        if y == 8 {
            *row |= format.row << Symbol::QUIET_ZONE;
        }
    }
    rows
}

/// All patterns repeat themselves every six columns, or twelve rows.
const EVERY_SIXTH: u64 = 0x0104_1041_0410_4104 << 2;
const PERIOD: usize = 12;
const PATTERNS: [[u8; PERIOD]; 8] = patterns();

#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it")]
const fn patterns() -> [[u8; PERIOD]; 8] {
    let mut patterns = [[0; PERIOD]; 8];
    let mut at = 0;
    while at < 8 * PERIOD * 6 {
        let (mask, y, x) = (at / 6 / PERIOD, at / 6 % PERIOD, at % 6);
        let flips = match mask {
            0 => (x + y) % 2 == 0,
            1 => y % 2 == 0,
            2 => x % 3 == 0,
            3 => (x + y) % 3 == 0,
            4 => (y / 2 + x / 3) % 2 == 0,
            5 => x * y % 2 + x * y % 3 == 0,
            6 => (x * y % 2 + x * y % 3) % 2 == 0,
            _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
        };
        if flips {
            patterns[mask][y] |= 1 << x;
        }
        at += 1;
    }
    patterns
}

/// How hard the symbol is to read (7.8.3).
pub(super) fn penalty(rows: &Rows, size: usize) -> u32 {
    let mut penalty = 0;
    let mut above = 0;
    for y in 0..size {
        let Some(window) = rows.get(y..).and_then(<[u64]>::first_chunk) else { break };
        let (found, fives) = look(window, size, size - y, above);
        penalty += found;
        above = fives;
    }
    let dark: u32 =
        rows.iter().skip(Symbol::QUIET_ZONE).take(size).map(|row| row.count_ones()).sum();
    let Ok(all) = u32::try_from(size * size) else { return u32::MAX };
    penalty + 10 * ((2 * dark).abs_diff(all) * 10 / all)
}

/// The penalty of what starts in the fifth row of the window, of which there are `left` rows. Takes and gives back which columns
/// have a vertical five that starts in the row.
fn look(window: &[u64; 15], size: usize, left: usize, above: u64) -> (u32, u64) {
    let &[up4, up3, up2, up1, row, next, w2, w3, w4, w5, w6, w7, w8, w9, w10] = window;
    let (both, any) = (row & row >> 1, row | row >> 1);
    let (all_four, any_four) = (both & both >> 2, any | any >> 2);

    let fives = (all_four & row >> 4 | !(any_four | row >> 4)) & ones(size - 4);
    let mut penalty = runs(fives, fives << 1);

    // What looks like a finder, with four light modules on at least one side.
    let finder = row & !(row >> 1) & row >> 2 & row >> 3 & row >> 4 & !(row >> 5) & row >> 6;
    penalty += 40 * (finder & !(any_four << 4 & any_four >> 7)).count_ones();
    let finder = row & !next & w2 & w3 & w4 & !w5 & w6;
    penalty += 40 * (finder & !((up4 | up3 | up2 | up1) & (w7 | w8 | w9 | w10))).count_ones();

    // Two by two of one colour.
    if left >= 2 {
        let blocks = both & next & next >> 1 | !(any | next | next >> 1);
        penalty += 3 * (blocks & ones(size - 1)).count_ones();
    }
    if left < 5 {
        return (penalty, 0);
    }
    let fives = (row & next & w2 & w3 & w4 | !(row | next | w2 | w3 | w4)) & ones(size);
    (penalty + runs(fives, above), fives)
}

/// Five modules of one colour in a line cost 3, and each one more costs 1. Such fives are given, and which of them have one before.
fn runs(fives: u64, before: u64) -> u32 {
    fives.count_ones() + 2 * (fives & !before).count_ones()
}
