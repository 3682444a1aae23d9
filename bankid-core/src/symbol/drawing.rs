//! A symbol as an SVG path, and as pixels. Both are dark on light with the quiet zone, as 7.5 asks for.

use super::{MAX_SIZE, Symbol};

/// Room for the longest path: in each row, a run for every second module; and some to write whole words.
pub const PATH_BYTES: usize = MAX_SIZE * MAX_SIZE.div_ceil(2) * "m-52-1h57v1h-57".len() + 8;

const DARK: [u8; 4] = [0, 0, 0, 255];
const LIGHT: [u8; 4] = [255; 4];

impl Symbol {
    /// How many modules a picture has in a row and in a column: the symbol's, and the quiet zone's on both sides.
    pub fn picture_size(&self) -> usize {
        self.size + 2 * Self::QUIET_ZONE
    }

    /// The `d` of one SVG path that fills the dark modules, written to the room. A module is one unit, and the picture's left
    /// upper corner is the origin. Dark modules that are side by side make one rectangle.
    pub fn svg_path<'a>(&self, room: &'a mut [u8; PATH_BYTES]) -> &'a str {
        let len = self.write_svg_path(room);
        // Only ASCII was written, and not more than there is room.
        str::from_utf8(room.get(..len).unwrap_or_default()).unwrap_or_default()
    }

    /// [`Symbol::svg_path`] for who needs no `str`: how many bytes of the room it took, all ASCII.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "in the browser it has one caller, and the size is a constant there"
    )]
    pub fn write_svg_path(&self, room: &mut [u8; PATH_BYTES]) -> usize {
        let mut pen = Pen { room, len: 0, x: 0, y: 0 };
        for (y, row) in (0..).zip(&self.rows) {
            let mut rest = *row;
            let mut x = 0;
            while rest != 0 {
                let light = rest.trailing_zeros();
                rest >>= light;
                let width = rest.trailing_ones();
                rest >>= width;
                x += light;
                pen.rectangle(x, y, width);
                x += width;
            }
        }
        pen.len
    }

    /// One row of the picture's pixels as red, green, blue and opacity, with so many pixels to a module as there is room for:
    /// the length of the room by 4 and by [`Symbol::picture_size`]. What remains is left as it is. `y` counts modules from
    /// the upper edge of the picture.
    pub fn rgba_row(&self, y: usize, room: &mut [u8]) {
        let scale = room.len() / DARK.len() / self.picture_size();
        if scale == 0 {
            return;
        }
        let row = self.rows.get(y).copied().unwrap_or_default();
        let modules = room.chunks_exact_mut(DARK.len() * scale).take(self.picture_size());
        for (x, module) in (0..).zip(modules) {
            // The widest picture has one module more than a row has bits: it belongs to the quiet zone.
            let colour = if row.checked_shr(x).unwrap_or(0) & 1 == 1 { DARK } else { LIGHT };
            for pixel in module.chunks_exact_mut(DARK.len()) {
                pixel.copy_from_slice(&colour);
            }
        }
    }
}

/// Writes a path, and remembers where it is.
struct Pen<'a> {
    room: &'a mut [u8; PATH_BYTES],
    len: usize,
    x: u32,
    y: u32,
}

impl Pen<'_> {
    /// A rectangle that is one module high: along its top, down, and back. The way up is understood.
    fn rectangle(&mut self, x: u32, y: u32, width: u32) {
        let (sign, to_x) = if x < self.x { (u64::from(b'-'), 1) } else { (0, 0) };
        let (digits, digits_len) = number(x.abs_diff(self.x));
        // Above, in the row, or below: the timing pattern leaves no two rows in succession light.
        let (up, down) = (word(*b"-1h\0"), word(*b" 0h\0"));
        let to_y = if y < self.y { up } else { down + (u64::from(y - self.y) << 8) };
        let start = u64::from(b'm') | sign << 8 | digits << (8 + 8 * to_x);
        let start_len = 1 + to_x + digits_len;
        self.write(start | to_y << (8 * start_len), start_len + 3);

        let (digits, digits_len) = number(width);
        let back_len = digits_len + 4;
        let sides = digits | word(*b"v1h-") << (8 * digits_len) | digits << (8 * back_len);
        self.write(sides, back_len + digits_len);
        // So it is in the next row already, at the left.
        (self.x, self.y) = (x, y + 1);
    }

    /// The first bytes of a word. The others are written too, to be overwritten: eight are as quick as one.
    fn write(&mut self, bytes: u64, len: usize) {
        let place = self.room.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut);
        if let Some(place) = place {
            *place = bytes.to_le_bytes();
            self.len += len;
        }
    }
}

/// The digits of a number of at most two, and how many there are.
fn number(number: u32) -> (u64, usize) {
    let zero = u64::from(b'0');
    let (tens, ones) = (zero + u64::from(number / 10), zero + u64::from(number % 10));
    if tens == zero { (ones, 1) } else { (tens | ones << 8, 2) }
}

/// Bytes as they are written.
fn word(bytes: [u8; 4]) -> u64 {
    u32::from_le_bytes(bytes).into()
}
