//! Codewords into modules: in columns of two, from right to left, up and down by turns (7.7.3).

use super::codewords::Codewords;
use super::plan::Plan;
use super::{MAX_ROWS, Rows, Symbol};

/// The data modules, unmasked; all others are light.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn of(plan: &Plan, codewords: &Codewords) -> Rows {
    let mut rows = [0; MAX_ROWS];
    let mut bits = Bits { codewords: codewords.iter().take(plan.codewords), kept: 0, count: 0 };
    let mut upwards = true;
    for pair in 0..plan.size / 2 {
        // The column of the vertical timing pattern is passed over.
        let left = plan.size - 2 - 2 * pair;
        let left = if left < 6 { left - 1 } else { left } + Symbol::QUIET_ZONE;
        let places = rows.iter_mut().zip(&plan.open).skip(Symbol::QUIET_ZONE).take(plan.size);
        if upwards {
            places.rev().for_each(|(row, open)| *row |= bits.next(open >> left) << left);
        } else {
            places.for_each(|(row, open)| *row |= bits.next(open >> left) << left);
        }
        upwards = !upwards;
    }
    rows
}

struct Bits<'a> {
    codewords: core::iter::Take<core::slice::Iter<'a, u8>>,
    kept: u64,
    count: u32,
}

impl Bits<'_> {
    /// Bits for those of the two lowest places that are open, the higher one first.
    fn next(&mut self, open: u64) -> u64 {
        if self.count < 2 {
            // When all codewords are placed a few modules are left, which are light.
            self.kept = self.kept << 8 | self.codewords.next().copied().map_or(0, u64::from);
            self.count += 8;
        }
        match open & 0b11 {
            0b11 => self.take(2),
            0b10 => self.take(1) << 1,
            0b01 => self.take(1),
            _ => 0,
        }
    }

    fn take(&mut self, count: u32) -> u64 {
        self.count -= count;
        self.kept >> self.count & ((1 << count) - 1)
    }
}
