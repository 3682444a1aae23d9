//! Strong text, escapes and white space within a line.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
};
use core::mem;

use super::{
    Fault, Inline, Reason, Text,
    piece::{Piece, is_blank},
};

/// The pieces of a line's text, blanks at both its ends ignored.
pub(super) fn parse(piece: Piece<'_>) -> Result<Text<'_>, Fault> {
    let text = piece.trim_start();
    let trimmed = text.trim_end();
    let mut parser =
        Parser { source: trimmed, text: Text::new(), run: Run::default(), opened_at: None };
    let mut characters = trimmed.text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '*' => parser.asterisk(at)?,
            '\\' => match characters.next() {
                Some((at, escaped)) if is_escapable(escaped) => {
                    parser.run.push(trimmed.text, at, escaped);
                }
                _ => return Err(trimmed.skip(at).fault(Reason::Escape)),
            },
            blank if is_blank(blank) => parser.run.push_blank(trimmed.text, at, blank),
            other => parser.run.push(trimmed.text, at, other),
        }
    }
    if let Some(at) = parser.opened_at {
        return Err(trimmed.skip(at).fault(Reason::StrongOpen));
    }
    parser.close_plain();
    if text.ends_blank() && matches!(parser.text.last(), Some(Inline::Strong(_))) {
        return Err(trimmed.fault_after(Reason::StrongTrailing));
    }
    Ok(parser.text)
}

struct Parser<'a> {
    source: Piece<'a>,
    text: Text<'a>,
    run: Run<'a>,
    /// Where the strong text began that has not ended.
    opened_at: Option<usize>,
}

impl Parser<'_> {
    /// Places are only counted out for a fault: counting at each asterisk would take quadratic time.
    fn asterisk(&mut self, at: usize) -> Result<(), Fault> {
        let fault = |at, reason| Err(self.source.skip(at).fault(reason));
        match self.opened_at.take() {
            Some(opened_at) if at == opened_at + 1 => return fault(opened_at, Reason::StrongEmpty),
            Some(_) if self.run.ends_blank => return fault(at, Reason::StrongSpace),
            Some(_) => {
                let strong = mem::take(&mut self.run).into_text();
                self.text.push(Inline::Strong(strong));
            }
            None if self
                .source
                .text
                .get(at + 1..)
                .is_some_and(|after| after.starts_with(is_blank)) =>
            {
                return fault(at, Reason::StrongSpace);
            }
            None => {
                self.close_plain();
                self.opened_at = Some(at);
            }
        }
        Ok(())
    }

    fn close_plain(&mut self) {
        let run = mem::take(&mut self.run);
        if !run.is_empty() {
            self.text.push(Inline::Plain(run.into_text()));
        }
    }
}

/// Text under way: a stretch of the source as long as it is that, character for character.
#[derive(Default)]
struct Run<'a> {
    borrowed: &'a str,
    /// Where in the source the borrowed stretch ends.
    end: usize,
    owned: Option<String>,
    ends_blank: bool,
}

impl<'a> Run<'a> {
    fn push(&mut self, source: &'a str, at: usize, character: char) {
        self.ends_blank = false;
        self.append(source, at, character, character);
    }

    /// Of several blanks only the first counts, as a space.
    fn push_blank(&mut self, source: &'a str, at: usize, blank: char) {
        if !mem::replace(&mut self.ends_blank, true) {
            self.append(source, at, blank, ' ');
        }
    }

    fn append(&mut self, source: &'a str, at: usize, found: char, wanted: char) {
        if let Some(owned) = &mut self.owned {
            owned.push(wanted);
        } else if found == wanted && (self.borrowed.is_empty() || self.end == at) {
            let start = at - self.borrowed.len();
            self.end = at + found.len_utf8();
            self.borrowed = source.get(start..self.end).unwrap_or_default();
        } else {
            let mut owned = self.borrowed.to_owned();
            owned.push(wanted);
            self.owned = Some(owned);
        }
    }

    fn is_empty(&self) -> bool {
        self.borrowed.is_empty() && self.owned.is_none()
    }

    fn into_text(self) -> Cow<'a, str> {
        self.owned.map_or(Cow::Borrowed(self.borrowed), Cow::Owned)
    }
}

fn is_escapable(character: char) -> bool {
    matches!(character, '#' | '+' | '|' | '*' | '-' | '\\')
}
