//! The text format simpleMarkdownV1 (protocol 13.3): a full parser, and the blocks that a page shows.
//!
//! [`parse`] either gives the blocks, with escapes resolved and white space normalised, or says where the first fault is
//! and what it is, as the server does. It makes no HTML, and does not decode the base64 that carries the text.
//!
//! Where the reference leaves a point open, this parser does as follows. Blanks are space and tab; blanks before a
//! construct do not hide it. A line that begins with `#`, `+`, `-` or `|` is that construct or a fault, never a
//! paragraph. Strong text ends on the line it began on, and no blanks may follow it at the end of a line (11.2). Headings,
//! items and paragraphs may hold strong text; cells may be empty, and a table may do without body rows. An ordered item
//! is numbered 1 to 99.
//!
//! ```
//! use bankid_core::markdown::{self, Block, Inline};
//!
//! let document = markdown::parse("# Köp\n\n*Summa:* 350 kr")?;
//! let [Block::Heading { level: 1, .. }, Block::Paragraph { lines }] = document.blocks() else { unreachable!() };
//! assert_eq!(lines[0][0], Inline::Strong("Summa:".into()));
//! assert_eq!(document.plain_text(), "Köp\n\nSumma: 350 kr\n");
//!
//! let fault = markdown::parse("+ Biljett 1\n+Biljett 2").unwrap_err();
//! assert_eq!(
//!     fault.to_string(),
//!     "At (2, 1): Initial token for unordered list items must be '+' and it must be followed by space.",
//! );
//! # Ok::<(), markdown::Fault>(())
//! ```

mod block;
mod fault;
mod inline;
mod piece;
mod plain;
mod table;
#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::Serialize;

pub use self::fault::{Fault, Reason};
use self::{block::Blocks, piece::Piece};
use crate::plaintext;

/// Parses a text; time and memory grow with its length only.
///
/// # Errors
///
/// The first [`Fault`], by lines.
pub fn parse(text: &str) -> Result<Document<'_>, Fault> {
    let mut blocks = Blocks::default();
    for (text, line) in plaintext::lines(text).zip(1..) {
        let line = Piece::new(line, text);
        line.check_characters()?;
        blocks.take(line)?;
    }
    Ok(Document { blocks: blocks.finish()? })
}

/// A text without faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Document<'a> {
    blocks: Vec<Block<'a>>,
}

impl<'a> Document<'a> {
    /// The blocks, as they follow each other.
    pub fn blocks(&self) -> &[Block<'a>] {
        &self.blocks
    }

    /// The text without its markup, for where there is no styling: logs of a test, a terminal, a preview.
    pub fn plain_text(&self) -> String {
        plain::render(&self.blocks)
    }
}

/// A stretch of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Block<'a> {
    /// `# text`.
    Heading {
        /// 1 to 3, as many as there are marks.
        level: u8,
        /// Never empty.
        text: Text<'a>,
    },
    /// `---`.
    Rule,
    /// `+ item`.
    UnorderedList {
        /// At least one.
        items: Vec<Text<'a>>,
    },
    /// `+1 item`.
    OrderedList {
        /// At least one.
        items: Vec<NumberedItem<'a>>,
    },
    /// Rows of cells between bars.
    Table(Table<'a>),
    /// Anything else.
    Paragraph {
        /// At least one; whether to break between them is up to who shows them.
        lines: Vec<Text<'a>>,
    },
}

/// The pieces of one line: plain and strong in any order.
pub type Text<'a> = Vec<Inline<'a>>;

/// A piece of text, borrowed from the source unless an escape or white space had to be resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "text", rename_all = "camelCase")]
pub enum Inline<'a> {
    /// Text as it is.
    Plain(Cow<'a, str>),
    /// `*text*`, without the asterisks.
    Strong(Cow<'a, str>),
}

impl Inline<'_> {
    /// The text, without its weight.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) => text,
        }
    }
}

/// An item of an ordered list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberedItem<'a> {
    /// 1 to 99; numbers need not be consecutive.
    pub number: u8,
    /// Never empty.
    pub text: Text<'a>,
}

/// A table; all rows have as many cells as there are columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table<'a> {
    /// Of each column, 1 to 5.
    pub alignments: Vec<Alignment>,
    /// The first row. A cell is plain or strong as a whole.
    pub header: Vec<Inline<'a>>,
    /// The rows below the delimiter row.
    pub rows: Vec<Vec<Inline<'a>>>,
}

/// How a column stands, by the colons of its delimiter cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Alignment {
    /// `-`: not said.
    Default,
    /// `:-`.
    Left,
    /// `:-:`.
    Center,
    /// `-:`.
    Right,
}
