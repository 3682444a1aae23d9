//! Properties of any text, and of texts printed from known blocks.

extern crate std;

use std::{format, string::String, vec, vec::Vec};

use proptest::prelude::*;

use super::{
    super::{Alignment, Block, Fault, NumberedItem, Table, Text, parse},
    plain, strong,
};

/// Text that escapes to itself, without blanks at its ends or in a row.
fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec("[#+|*\\\\a-zåÅ0-9.<-]{1,6}", 1..4).prop_map(|words| words.join(" "))
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, '#' | '+' | '|' | '*' | '-' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn inlines() -> impl Strategy<Value = Vec<(bool, String)>> {
    // Strong and plain in turn: two plain pieces in a row would be one.
    (any::<bool>(), proptest::collection::vec(words(), 1..4)).prop_map(|(first, pieces)| {
        pieces
            .into_iter()
            .enumerate()
            .map(|(place, piece)| ((place % 2 == 0) == first, piece))
            .collect()
    })
}

fn print_inlines(pieces: &[(bool, String)]) -> String {
    pieces
        .iter()
        .map(|(strong, text)| if *strong { format!("*{}*", escape(text)) } else { escape(text) })
        .collect()
}

fn to_text(pieces: &[(bool, String)]) -> Text<'_> {
    pieces
        .iter()
        .map(|(is_strong, text)| if *is_strong { strong(text) } else { plain(text) })
        .collect()
}

proptest! {
    #[test]
    fn any_text_is_judged_within_its_lines(source in any::<String>()) {
        judge(&source)?;
    }

    #[test]
    fn any_markup_is_judged_within_its_lines(source in "[#+|*\\\\ \t\r\n:a19å-]{0,60}") {
        judge(&source)?;
    }

    #[test]
    fn what_is_printed_is_read_back(
        lines in proptest::collection::vec((0_u8..6, 1_u8..100, inlines()), 0..8),
        end in prop_oneof![Just("\n"), Just("\r"), Just("\r\n")],
    ) {
        let mut source = String::new();
        let mut expected = Vec::new();
        for (kind, number, pieces) in &lines {
            let line = print_inlines(pieces);
            let text = to_text(pieces);
            // A blank line after each, so that no two blocks join.
            let (printed, block) = match kind {
                level @ 1..=3 => (
                    format!("{} {line}", "#".repeat(usize::from(*level))),
                    Block::Heading { level: *level, text },
                ),
                4 => (format!("+ {line}"), Block::UnorderedList { items: vec![text] }),
                5 => (
                    format!("+{number} {line}"),
                    Block::OrderedList { items: vec![NumberedItem { number: *number, text }] },
                ),
                _ => (line, Block::Paragraph { lines: vec![text] }),
            };
            source.push_str(&printed);
            source.push_str(end);
            source.push_str(end);
            expected.push(block);
        }
        let document = parse(&source).unwrap();
        prop_assert_eq!(document.blocks(), expected.as_slice());
    }

    #[test]
    fn tables_are_read_back(
        (header, rows) in (1_usize..=5).prop_flat_map(|width| (
            proptest::collection::vec((any::<bool>(), words()), width),
            proptest::collection::vec(proptest::collection::vec((any::<bool>(), words()), width), 0..4),
        )),
    ) {
        let print = |cells: &[(bool, String)]| -> String {
            let cells: Vec<_> = cells.iter().map(|cell| print_inlines(core::slice::from_ref(cell))).collect();
            format!("|{}|\n", cells.join("|"))
        };
        let mut source = print(&header);
        source.push('|');
        source.push_str(&"-|".repeat(header.len()));
        source.push('\n');
        source.extend(rows.iter().map(|row| print(row)));
        let document = parse(&source).unwrap();
        let expected = Block::Table(Table {
            alignments: vec![Alignment::Default; header.len()],
            header: to_text(&header),
            rows: rows.iter().map(|row| to_text(row)).collect(),
        });
        prop_assert_eq!(document.blocks(), &[expected]);
    }
}

/// A text is taken, or refused at a place within it.
fn judge(source: &str) -> Result<(), TestCaseError> {
    match parse(source) {
        Ok(document) => {
            let shown = document.plain_text();
            prop_assert!(shown.is_empty() || shown.ends_with('\n'));
        }
        Err(Fault { line, column, .. }) => {
            let lines: Vec<_> = crate::plaintext::lines(source).collect();
            prop_assert!((1..=lines.len()).contains(&line));
            prop_assert!((1..=lines[line - 1].chars().count() + 1).contains(&column));
        }
    }
    Ok(())
}
