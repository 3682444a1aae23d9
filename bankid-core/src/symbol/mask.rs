//! The eight masks, and which of them is best (7.8).
//!
//! A row is a word, so that each rule of the penalty looks at all modules of a row at once; what it finds is counted. The
//! quiet zone counts as light for the rule of the finder's pattern, as it does for who scans.

use super::plan::{Plan, inner, ones};
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
pub(super) fn masked(plan: &Plan, modules: &Rows, mask: usize, format: u16) -> Rows {
    let mut rows = plan.dark;
    let pattern = PATTERNS.get(mask).unwrap_or(&PATTERNS[0]).iter().cycle();
    let places = inner(&mut rows, plan.size).iter_mut();
    let data = modules.iter().zip(&plan.open).skip(Symbol::QUIET_ZONE);
    for ((row, (data, open)), pattern) in places.zip(data).zip(pattern) {
        *row |= data ^ ((u64::from(*pattern) * EVERY_SIXTH) & open);
    }
    write_format(inner(&mut rows, plan.size), plan.size, format);
    rows
}

/// Both copies: around the finder at the top left, and split between the other two (7.9.1).
fn write_format(rows: &mut [u64], size: usize, format: u16) {
    const COLUMN: usize = 8 + Symbol::QUIET_ZONE;
    // The column has bits 0 to 7 from the top, past the timing pattern, and 8 to 14 at the bottom.
    let top = u64::from(format & 0x3f | (format & 0xc0) << 1);
    let bottom = u64::from(format >> 8);
    // The row has them from the right: 0 to 7 at its end, and 8 to 14 at its start, past the timing pattern.
    let reversed = u64::from(format.reverse_bits());
    let left = reversed & 0x80 | reversed >> 1 & 0x3f;
    let right = reversed >> 8 << (size - 8);

    let bottom_at = size - 7;
    for (at, row) in rows.iter_mut().enumerate() {
        let column = match at {
            0..9 => top >> at,
            _ if at >= bottom_at => bottom >> (at - bottom_at),
            _ => 0,
        };
        *row |= (column & 1) << COLUMN;
        if at == 8 {
            *row |= (left | right) << Symbol::QUIET_ZONE;
        }
    }
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
    let mut found = Found::default();
    let mut above = 0;
    for y in 0..size {
        let Some(window) = rows.get(y..).and_then(<[u64]>::first_chunk) else { break };
        above = found.look(window, size, size - y, above);
    }
    found.penalty(size)
}

/// How often each feature was found.
#[derive(Default)]
struct Found {
    /// Five modules of one colour in a line.
    fives: u32,
    /// The first such five of a run.
    runs: u32,
    /// Two by two modules of one colour.
    blocks: u32,
    /// What looks like a finder, with four light modules on at least one side.
    finders: u32,
    dark: u32,
}

impl Found {
    /// Counts what starts in the fifth row of the window, of which there are `left` rows. Takes and gives back which columns
    /// have a vertical five that starts in the row.
    fn look(&mut self, window: &[u64; 15], size: usize, left: usize, above: u64) -> u64 {
        let &[up4, up3, up2, up1, row, next, w2, w3, w4, w5, w6, w7, w8, w9, w10] = window;
        let (both, any) = (row & row >> 1, row | row >> 1);
        let (all_four, any_four) = (both & both >> 2, any | any >> 2);

        let fives = (all_four & row >> 4 | !(any_four | row >> 4)) & ones(size - 4);
        self.fives += fives.count_ones();
        self.runs += (fives & !(fives << 1)).count_ones();
        let finder = row & !(row >> 1) & row >> 2 & row >> 3 & row >> 4 & !(row >> 5) & row >> 6;
        self.finders += (finder & !(any_four << 4 & any_four >> 7)).count_ones();

        let finder = row & !next & w2 & w3 & w4 & !w5 & w6;
        self.finders += (finder & !((up4 | up3 | up2 | up1) & (w7 | w8 | w9 | w10))).count_ones();
        self.dark += row.count_ones();
        if left >= 2 {
            let blocks = both & next & next >> 1 | !(any | next | next >> 1);
            self.blocks += (blocks & ones(size - 1)).count_ones();
        }
        if left < 5 {
            return 0;
        }
        let fives = (row & next & w2 & w3 & w4 | !(row | next | w2 | w3 | w4)) & ones(size);
        self.fives += fives.count_ones();
        self.runs += (fives & !above).count_ones();
        fives
    }

    fn penalty(&self, size: usize) -> u32 {
        let Ok(all) = u32::try_from(size * size) else { return u32::MAX };
        // A run of five costs 3, and each module more costs 1.
        let runs = self.fives + 2 * self.runs;
        let balance = (2 * self.dark).abs_diff(all) * 10 / all;
        runs + 3 * self.blocks + 40 * self.finders + 10 * balance
    }
}
