//! A part of a line that knows where it stands.

use super::{Fault, Reason};
use crate::plaintext;

/// Text within one line, with the place of its first character.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Piece<'a> {
    /// A whole line.
    pub(super) fn new(line: usize, text: &'a str) -> Self {
        Self { text, line, column: 1 }
    }

    /// A fault at the first character.
    pub(super) fn fault(self, reason: Reason) -> Fault {
        Fault { line: self.line, column: self.column, reason }
    }

    /// A fault right after the last character.
    pub(super) fn fault_after(self, reason: Reason) -> Fault {
        self.skip(self.text.len()).fault(reason)
    }

    pub(super) fn check_characters(self) -> Result<(), Fault> {
        match self.text.char_indices().find(|(_, character)| !plaintext::is_allowed(*character)) {
            Some((at, character)) => Err(self.skip(at).fault(Reason::Character(character.into()))),
            None => Ok(()),
        }
    }

    pub(super) fn trim_start(self) -> Self {
        self.skip(self.text.len() - self.text.trim_start_matches(is_blank).len())
    }

    pub(super) fn trim_end(self) -> Self {
        Self { text: self.text.trim_end_matches(is_blank), ..self }
    }

    /// What comes after the first `bytes`, which end at a character.
    pub(super) fn skip(self, bytes: usize) -> Self {
        let (before, text) = self.text.split_at_checked(bytes).unwrap_or((self.text, ""));
        Self { text, column: self.column + before.chars().count(), ..self }
    }

    /// The first `bytes`, which end at a character.
    pub(super) fn take(self, bytes: usize) -> Self {
        Self { text: self.text.get(..bytes).unwrap_or(self.text), ..self }
    }

    pub(super) fn starts_blank(self) -> bool {
        self.text.starts_with(is_blank)
    }

    pub(super) fn ends_blank(self) -> bool {
        self.text.ends_with(is_blank)
    }
}

/// White space within a line.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}
