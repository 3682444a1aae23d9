//! A symbol as an SVG path, and as pixels. Both are dark on light with the quiet zone, as 7.5 asks for.

use super::{MAX_SIZE, Symbol};

/// Room for the longest path: in each row, a run for every second module.
pub const PATH_BYTES: usize = MAX_SIZE * MAX_SIZE.div_ceil(2) * "m-52-1h57v1h-57".len();

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
        let rows = self.rows.iter().skip(Self::QUIET_ZONE).take(self.size);
        for (y, row) in (4..).zip(rows) {
            let mut rest = *row;
            let mut x = 0;
            while rest != 0 {
                let light = rest.trailing_zeros();
                rest >>= light;
                let width = rest.trailing_ones();
                rest >>= width;
                x += light;
                pen.rectangle(x.cast_signed(), y, width.cast_signed());
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
    x: i32,
    y: i32,
}

impl Pen<'_> {
    /// A rectangle that is one module high: along its top, down, and back. The way up is understood.
    fn rectangle(&mut self, x: i32, y: i32, width: i32) {
        self.byte(b'm');
        self.number(x - self.x);
        if y >= self.y {
            self.byte(b' ');
        }
        self.number(y - self.y);
        self.byte(b'h');
        self.number(width);
        self.byte(b'v');
        self.byte(b'1');
        self.byte(b'h');
        self.number(-width);
        // So it is in the next row already, at the left.
        (self.x, self.y) = (x, y + 1);
    }

    /// A number of at most two digits.
    fn number(&mut self, number: i32) {
        if number < 0 {
            self.byte(b'-');
        }
        let [digits, ..] = number.unsigned_abs().to_le_bytes();
        if digits >= 10 {
            self.byte(b'0' + digits / 10);
        }
        self.byte(b'0' + digits % 10);
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.room.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }
}
