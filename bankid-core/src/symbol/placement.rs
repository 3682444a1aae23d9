//! Codewords into modules: in columns of two, from right to left, up and down by turns (7.7.3).

use super::codewords::Codewords;
use super::plan::Plan;
use super::{Rows, Symbol};

/// The symbol without mask and format.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the plan's numbers become constants")]
pub(super) fn of(plan: &Plan, codewords: &Codewords) -> Rows {
    let mut rows = plan.dark;
    let mut bits = Bits { codewords: codewords.iter(), kept: 0, count: 0 };
    let mut upwards = true;
    for pair in 0..plan.size / 2 {
        // The column of the vertical timing pattern is passed over.
        let left = plan.size - 2 - 2 * pair;
        let left = if left < 6 { left - 1 } else { left } + Symbol::QUIET_ZONE;
        for step in 0..plan.size {
            let y = if upwards { plan.size - 1 - step } else { step } + Symbol::QUIET_ZONE;
            if let (Some(row), Some(open)) = (rows.get_mut(y), plan.open.get(y)) {
                *row |= bits.next(open >> left) << left;
            }
        }
        upwards = !upwards;
    }
    rows
}

struct Bits<'a> {
    codewords: core::slice::Iter<'a, u8>,
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
        let places = open & 0b11;
        let taken = places.count_ones();
        self.count -= taken;
        let bits = self.kept >> self.count & ((1 << taken) - 1);
        if places == 0b10 { bits << 1 } else { bits }
    }
}
