//! What depends on version and level only: sizes, the modules that are the same in all symbols, and which are left for data.

use super::field::{self, Words};
use super::{Level, MAX_ROWS, MAX_SIZE, Rows, Symbol};

/// The highest version in use.
const MAX_VERSION: usize = 10;

/// The most codewords of a version.
pub(super) const MAX_CODEWORDS: usize = 346;

/// The plan of all symbols of one version and level.
pub(super) struct Plan {
    pub(super) size: usize,
    /// How many codewords are data.
    pub(super) data: usize,
    /// Into how many blocks they are divided.
    pub(super) blocks: usize,
    /// Codewords of error correction in each block.
    pub(super) check: usize,
    /// The polynomial that makes them, without its first coefficient.
    pub(super) generator: Words,
    /// Bytes that say how long the text is.
    pub(super) count_bytes: usize,
    /// The modules that are dark in all symbols, whatever the mask.
    pub(super) dark: Rows,
    /// The modules that hold data, and are masked.
    pub(super) open: Rows,
    /// What each mask writes into the 15 modules of the format.
    pub(super) formats: [Format; 8],
}

impl Plan {
    /// The plan of a version from 1 to 10.
    pub(super) const fn new(version: usize, level: Level) -> Self {
        let size = 17 + 4 * version;
        let (codewords, check, blocks) = capacity(version, level);
        let (dark, open) = Canvas::of(version, size);
        Self {
            size,
            data: codewords - check * blocks,
            blocks,
            check,
            generator: field::generator(check),
            count_bytes: if version < 10 { 1 } else { 2 },
            dark,
            open,
            formats: formats(level, size),
        }
    }

    /// The lowest version that has room for so many bytes, the highest if none has.
    pub(super) fn smallest(level: Level, len: usize) -> usize {
        let fits = |&version: &usize| {
            let (codewords, check, blocks) = capacity(version, level);
            len + if version < 10 { 2 } else { 3 } <= codewords - check * blocks
        };
        (1..MAX_VERSION).find(fits).unwrap_or(MAX_VERSION)
    }

    /// How many bytes of text there is room for: mode, length and end take a byte, and the bytes of the length.
    pub(super) const fn max_bytes(&self) -> usize {
        self.data - self.count_bytes - 1
    }
}

/// Codewords in all, codewords of error correction in each block, and the blocks (ISO/IEC 18004, table 9).
const fn capacity(version: usize, level: Level) -> (usize, usize, usize) {
    let (codewords, l, m) = match version {
        1 => (26, (7, 1), (10, 1)),
        2 => (44, (10, 1), (16, 1)),
        3 => (70, (15, 1), (26, 1)),
        4 => (100, (20, 1), (18, 2)),
        5 => (134, (26, 1), (24, 2)),
        6 => (172, (18, 2), (16, 4)),
        7 => (196, (20, 2), (18, 4)),
        8 => (242, (24, 2), (22, 4)),
        9 => (292, (30, 2), (22, 5)),
        _ => (MAX_CODEWORDS, (18, 4), (26, 5)),
    };
    let (check, blocks) = match level {
        Level::L => l,
        Level::M => m,
    };
    (codewords, check, blocks)
}

/// The format's two places (7.9.1): a column, around the finder at the top left and beside the one below, of which the lowest
/// bit is the highest module; and a row, below the one at the right and around the same finder, the lowest bit leftmost.
#[derive(Clone, Copy)]
pub(super) struct Format {
    pub(super) column: u64,
    pub(super) row: u64,
}

impl Format {
    /// Bits 0 to 7 come first, but for the timing pattern's place, and then 8 to 14: from the top, and from the right.
    #[expect(clippy::as_conversions, reason = "`From` is not const")]
    const fn of(bits: u16, size: usize) -> Self {
        let (bits, reversed) = (bits as u64, bits.reverse_bits() as u64);
        Self {
            column: bits & 0x3f | (bits & 0xc0) << 1 | bits >> 8 << (size - 7),
            row: reversed & 0x80 | reversed >> 1 & 0x3f | reversed >> 8 << (size - 8),
        }
    }
}

/// For each mask the level and its number, with 10 bits of a BCH code, and what keeps them from being all light (7.9.1).
const fn formats(level: Level, size: usize) -> [Format; 8] {
    const GENERATOR: u16 = 0b101_0011_0111;
    let level = match level {
        Level::L => 0b01,
        Level::M => 0b00,
    };
    let mut formats = [Format { column: 0, row: 0 }; 8];
    let mut mask: u16 = 0;
    let mut rest: &mut [Format] = &mut formats;
    while let Some((format, more)) = rest.split_first_mut() {
        let value = (level << 3 | mask) << 10;
        *format = Format::of((value | remainder(value, GENERATOR)) ^ 0b101_0100_0001_0010, size);
        rest = more;
        mask += 1;
    }
    formats
}

/// What is left of a value of 15 bits divided by a polynomial of degree 10.
const fn remainder(value: u16, generator: u16) -> u16 {
    let mut rest = value;
    let mut bit = 15;
    while bit > 10 {
        bit -= 1;
        if rest >> bit & 1 == 1 {
            rest ^= generator << (bit - 10);
        }
    }
    rest
}

/// The modules while the fixed patterns are painted on them.
struct Canvas {
    dark: Rows,
    closed: Rows,
}

impl Canvas {
    /// The modules that are always dark, and those that are left for data.
    const fn of(version: usize, size: usize) -> (Rows, Rows) {
        let mut canvas = Self { dark: [0; MAX_ROWS], closed: [0; MAX_ROWS] };
        canvas.formats(size);
        canvas.timing(size);
        canvas.alignment(version, size);
        if version >= 7 {
            canvas.version(version, size);
        }
        canvas.finder(0, 0, 0, 0);
        canvas.finder(size - 7, 0, size - 8, 0);
        canvas.finder(0, size - 7, 0, size - 8);
        let mut open = canvas.closed;
        let mut rows = inner(&mut open, size);
        while let Some((row, more)) = rows.split_first_mut() {
            *row = !*row & ones(size);
            rows = more;
        }
        (canvas.dark, open)
    }

    /// Paints a rectangle.
    const fn paint(&mut self, x: usize, y: usize, width: usize, height: usize, is_dark: bool) {
        let bits = ((1 << width) - 1) << (x + Symbol::QUIET_ZONE);
        let (_, below) = self.dark.split_at_mut(y + Symbol::QUIET_ZONE);
        let (mut dark, _) = below.split_at_mut(height);
        let (_, below) = self.closed.split_at_mut(y + Symbol::QUIET_ZONE);
        let (mut closed, _) = below.split_at_mut(height);
        while let (Some((dark_row, more_dark)), Some((closed_row, more_closed))) =
            (dark.split_first_mut(), closed.split_first_mut())
        {
            *dark_row = if is_dark { *dark_row | bits } else { *dark_row & !bits };
            *closed_row |= bits;
            (dark, closed) = (more_dark, more_closed);
        }
    }

    /// Keeps the modules of the format free, and paints the one beside them that is always dark.
    const fn formats(&mut self, size: usize) {
        self.paint(0, 8, 9, 1, false);
        self.paint(8, 0, 1, 9, false);
        self.paint(size - 8, 8, 8, 1, false);
        self.paint(8, size - 8, 1, 8, false);
        self.paint(8, size - 8, 1, 1, true);
    }

    const fn timing(&mut self, size: usize) {
        let mut at = 0;
        while at < size {
            self.paint(at, 6, 1, 1, at % 2 == 0);
            self.paint(6, at, 1, 1, at % 2 == 0);
            at += 1;
        }
    }

    /// In versions up to 10 they lie at two or three places in each direction (annex E).
    const fn alignment(&mut self, version: usize, size: usize) {
        let (step, places) = match version {
            1 => return,
            2..=6 => (size - 13, 2),
            _ => ((size - 13) / 2, 3),
        };
        let mut at = 0;
        while at < places * places {
            let (column, row) = (at % places, at / places);
            let under_finder = (row == 0 && (column == 0 || column + 1 == places))
                || (column == 0 && row + 1 == places);
            if !under_finder {
                let (x, y) = (6 + column * step, 6 + row * step);
                self.paint(x - 2, y - 2, 5, 5, true);
                self.paint(x - 1, y - 1, 3, 3, false);
                self.paint(x, y, 1, 1, true);
            }
            at += 1;
        }
    }

    /// The version with 12 bits of a Golay code, twice (7.10).
    const fn version(&mut self, version: usize, size: usize) {
        const GENERATOR: usize = 0b1_1111_0010_0101;
        let mut rest = version << 12;
        let mut bit = 18;
        while bit > 12 {
            bit -= 1;
            if rest >> bit & 1 == 1 {
                rest ^= GENERATOR << (bit - 12);
            }
        }
        let bits = version << 12 | rest;
        let mut at = 0;
        while at < 18 {
            let is_dark = bits >> at & 1 == 1;
            self.paint(size - 11 + at % 3, at / 3, 1, 1, is_dark);
            self.paint(at / 3, size - 11 + at % 3, 1, 1, is_dark);
            at += 1;
        }
    }

    /// A finder and the light modules that separate it: a square of 8 modules.
    const fn finder(&mut self, x: usize, y: usize, square_x: usize, square_y: usize) {
        self.paint(square_x, square_y, 8, 8, false);
        self.paint(x, y, 7, 7, true);
        self.paint(x + 1, y + 1, 5, 5, false);
        self.paint(x + 2, y + 2, 3, 3, true);
    }
}

/// A row of so many ones, in its place.
pub(super) const fn ones(width: usize) -> u64 {
    ((1 << width) - 1) << Symbol::QUIET_ZONE
}

/// The rows of the symbol itself, without the quiet zone.
pub(super) const fn inner(rows: &mut Rows, size: usize) -> &mut [u64] {
    debug_assert!(size <= MAX_SIZE);
    rows.split_at_mut(Symbol::QUIET_ZONE).1.split_at_mut(size).0
}
