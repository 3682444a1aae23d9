//! QR codes as pictures: the modules of a symbol, an SVG path, and pixels.
//!
//! A BankID code is always of one kind: some 110 bytes, which take version 6 at error correction level L. [`Symbol::bankid`]
//! makes exactly that, in a few microseconds; [`Symbol::of`] makes any text of at most [`Symbol::MAX_BYTES`] bytes, in the
//! smallest version that it fits. The text is encoded in byte mode, and the mask is the one with the least penalty by the
//! rules of ISO/IEC 18004, 7.8.3. Nothing here allocates.
//!
//! It makes no image files, and knows nothing of the text: that comes from [`qr`](crate::qr).
//!
//! ```
//! use bankid_core::symbol::{PATH_BYTES, Symbol};
//!
//! let symbol = Symbol::bankid("bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e")?;
//! assert_eq!(symbol.size(), 41);
//! assert!(symbol.is_dark(0, 0) && !symbol.is_dark(7, 7));
//!
//! let mut room = [0; PATH_BYTES];
//! let path = symbol.svg_path(&mut room);
//! // The quiet zone is four modules wide, and a finder's top is seven.
//! assert!(path.starts_with("m4 4h7v1h-7m"));
//! # Ok::<(), bankid_core::symbol::DoesNotFit>(())
//! ```

mod codewords;
mod drawing;
mod field;
mod mask;
mod placement;
mod plan;
#[cfg(test)]
mod tests;

use core::fmt;

pub use self::drawing::PATH_BYTES;
use self::plan::Plan;

/// How much of a symbol may be lost before it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// About 7 %: what BankID's codes use (7.5).
    L,
    /// About 15 %.
    M,
}

/// Why a text cannot be shown as a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoesNotFit {
    /// There is nothing in it.
    #[error("a QR code must not be empty")]
    Empty,
    /// It is longer than the number of bytes that it may have.
    #[error("a QR code of this kind has at most {0} bytes")]
    TooLong(usize),
}

/// The modules of a QR code.
#[derive(Clone)]
pub struct Symbol {
    rows: Rows,
    size: usize,
}

impl Symbol {
    /// The longest text of [`Symbol::bankid`], in bytes.
    pub const MAX_BANKID_BYTES: usize = BANKID.max_bytes();

    /// The longest text of [`Symbol::of`], in bytes.
    pub const MAX_BYTES: usize = 200;

    /// How many modules must be light on each side. All that is drawn includes them.
    pub const QUIET_ZONE: usize = 4;

    /// The symbol of a BankID text: version 6, level L.
    ///
    /// # Errors
    ///
    /// The text is empty, or does not fit.
    pub fn bankid(text: &str) -> Result<Self, DoesNotFit> {
        Self::bankid_bytes(text.as_bytes())
    }

    /// [`Symbol::bankid`] for who has the text as bytes, and does not need them checked to be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Symbol::bankid`].
    pub fn bankid_bytes(text: &[u8]) -> Result<Self, DoesNotFit> {
        bounded(text, Self::MAX_BANKID_BYTES)?;
        Ok(encode(&BANKID, text))
    }

    /// The smallest symbol of a text at a level.
    ///
    /// # Errors
    ///
    /// The text is empty, or too long.
    pub fn of(text: &str, level: Level) -> Result<Self, DoesNotFit> {
        let text = text.as_bytes();
        bounded(text, Self::MAX_BYTES)?;
        let version = Plan::smallest(level, text.len());
        if version == BANKID_VERSION && level == Level::L {
            return Self::bankid_bytes(text);
        }
        Ok(encode(&Plan::new(version, level), text))
    }

    /// How many modules there are in a row and in a column, without the quiet zone.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether a module is dark. Outside of the symbol all are light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && self.row(y).unwrap_or_default() >> x & 1 == 1
    }

    /// The modules of a row, the lowest bit leftmost; `None` below the symbol.
    pub fn row(&self, y: usize) -> Option<u64> {
        self.rows
            .get(y + Self::QUIET_ZONE)
            .filter(|_| y < self.size)
            .map(|row| row >> Self::QUIET_ZONE)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text can be read from the modules, and is for one user only (7.4).
        f.debug_struct("Symbol").field("size", &self.size).finish_non_exhaustive()
    }
}

const BANKID_VERSION: usize = 6;
static BANKID: Plan = Plan::new(BANKID_VERSION, Level::L);

/// Rows with the quiet zone around them: module x, y is bit `x + 4` of row `y + 4`. At the end there are more light rows, so
/// that a window over the rows may reach beyond.
type Rows = [u64; MAX_ROWS];

const MAX_SIZE: usize = 57;
const MAX_ROWS: usize = MAX_SIZE + 15;

const fn bounded(text: &[u8], max: usize) -> Result<(), DoesNotFit> {
    match text.len() {
        0 => Err(DoesNotFit::Empty),
        len if len > max => Err(DoesNotFit::TooLong(max)),
        _ => Ok(()),
    }
}

/// With a plan that is known when this is compiled, all its numbers become constants.
#[inline(always)]
#[expect(clippy::inline_always, reason = "that is how one encoder is both general and tuned")]
fn encode(plan: &Plan, text: &[u8]) -> Symbol {
    let codewords = codewords::of(plan, text);
    let modules = placement::of(plan, &codewords);
    Symbol { rows: mask::best(plan, &modules), size: plan.size }
}
