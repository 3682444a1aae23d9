//! Rows into tables.

use alloc::{borrow::Cow, vec::Vec};

use super::{Alignment, Fault, Inline, Reason, Table, inline, piece::Piece};

/// A table that the next line may continue.
pub(super) struct OpenTable<'a> {
    first_line: Piece<'a>,
    header: Vec<Inline<'a>>,
    /// Known once the second row is there.
    alignments: Option<Vec<Alignment>>,
    rows: Vec<Vec<Inline<'a>>>,
}

const MAX_COLUMNS: usize = 5;

impl<'a> OpenTable<'a> {
    /// A line that begins with a bar, where no table is open.
    pub(super) fn begin(line: Piece<'a>) -> Result<Self, Fault> {
        let header = cells(line)?.into_iter().map(cell).collect::<Result<_, _>>()?;
        Ok(Self { first_line: line, header, alignments: None, rows: Vec::new() })
    }

    /// A further line that begins with a bar.
    pub(super) fn take(&mut self, line: Piece<'a>) -> Result<(), Fault> {
        let cells = cells(line)?;
        if cells.len() != self.header.len() {
            return Err(line.fault(Reason::CellCount));
        }
        if self.alignments.is_none() {
            self.alignments = Some(cells.into_iter().map(alignment).collect::<Result<_, _>>()?);
        } else {
            self.rows.push(cells.into_iter().map(cell).collect::<Result<_, _>>()?);
        }
        Ok(())
    }

    pub(super) fn close(self) -> Result<Table<'a>, Fault> {
        let Self { first_line, header, alignments, rows } = self;
        let alignments = alignments.ok_or_else(|| first_line.fault(Reason::DelimiterMissing))?;
        Ok(Table { alignments, header, rows })
    }
}

/// The cells of a line that begins with a bar, escapes not yet resolved.
fn cells(line: Piece<'_>) -> Result<Vec<Piece<'_>>, Fault> {
    let line = line.trim_end();
    let mut cells = Vec::new();
    let mut rest = line.skip(1);
    while let Some(end) = bar(rest.text) {
        let cell = rest.take(end);
        if cells.len() == MAX_COLUMNS {
            return Err(cell.fault(Reason::Columns));
        }
        if cell.starts_blank() {
            return Err(cell.fault(Reason::CellSpace));
        }
        if cell.ends_blank() {
            return Err(cell.trim_end().fault_after(Reason::CellSpace));
        }
        cells.push(cell);
        rest = rest.skip(end + 1);
    }
    if cells.is_empty() || !rest.text.is_empty() {
        return Err(rest.fault_after(Reason::RowEnd));
    }
    Ok(cells)
}

/// Where the next bar is that no backslash stands before.
fn bar(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let is_bar = byte == b'|' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_bar
    })
}

fn cell(piece: Piece<'_>) -> Result<Inline<'_>, Fault> {
    let mut text = inline::parse(piece)?;
    match text.len() {
        0 => Ok(Inline::Plain(Cow::Borrowed(""))),
        1 => Ok(text.swap_remove(0)),
        _ => Err(piece.fault(Reason::CellMixed)),
    }
}

fn alignment(cell: Piece<'_>) -> Result<Alignment, Fault> {
    let (dashes, left) =
        cell.text.strip_prefix(':').map_or((cell.text, false), |rest| (rest, true));
    let (dashes, right) = dashes.strip_suffix(':').map_or((dashes, false), |rest| (rest, true));
    if dashes.is_empty() || dashes.bytes().any(|byte| byte != b'-') {
        return Err(cell.fault(Reason::Delimiter));
    }
    Ok(match (left, right) {
        (false, false) => Alignment::Default,
        (true, false) => Alignment::Left,
        (true, true) => Alignment::Center,
        (false, true) => Alignment::Right,
    })
}
