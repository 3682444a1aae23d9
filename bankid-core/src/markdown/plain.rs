//! Blocks as text without markup.

use alloc::string::{String, ToString};

use super::{Block, Inline, Table};

/// One line per heading, rule, item, row and line of a paragraph; a blank line between blocks.
pub(super) fn render(blocks: &[Block<'_>]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading { text, .. } => line(&mut out, "", text),
            Block::Rule => out.push_str("---\n"),
            Block::UnorderedList { items } => {
                for item in items {
                    line(&mut out, "\u{2022} ", item);
                }
            }
            Block::OrderedList { items } => {
                for item in items {
                    out.push_str(&item.number.to_string());
                    line(&mut out, ". ", &item.text);
                }
            }
            Block::Table(Table { header, rows, .. }) => {
                row(&mut out, header);
                for cells in rows {
                    row(&mut out, cells);
                }
            }
            Block::Paragraph { lines } => {
                for text in lines {
                    line(&mut out, "", text);
                }
            }
        }
    }
    out
}

fn line(out: &mut String, start: &str, text: &[Inline<'_>]) {
    out.push_str(start);
    out.extend(text.iter().map(Inline::as_str));
    out.push('\n');
}

fn row(out: &mut String, cells: &[Inline<'_>]) {
    for (column, cell) in cells.iter().enumerate() {
        if column > 0 {
            out.push_str(" | ");
        }
        out.push_str(cell.as_str());
    }
    out.push('\n');
}
