//! What is wrong with a text, in the server's way of saying it.

/// The first fault of a text; prints as the `details` of the server's answer (protocol 6.3, 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("At ({line}, {column}): {reason}")]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column in the line as sent, from 1, in characters.
    pub column: usize,
    /// The rule that is broken.
    pub reason: Reason,
}

/// A rule of 13.3 that a text breaks. Only the text of [`Reason::UnorderedSpace`] is known to be BankID's; the others
/// are ours in its manner, full stop included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A character outside the set; see [`is_allowed`](crate::plaintext::is_allowed).
    #[error("Character U+{0:04X} is not allowed.")]
    Character(u32),
    /// Four or more `#`.
    #[error("Headings must have at most three levels.")]
    HeadingLevel,
    /// `#text`.
    #[error(
        "Initial token for headings must be '#', '##' or '###' and it must be followed by space."
    )]
    HeadingSpace,
    /// `#` and blanks.
    #[error("Text of headings must not be empty.")]
    HeadingEmpty,
    /// A line that begins with `-` and is no rule.
    #[error(
        "Horizontal rules must be '---' alone on the line; an initial '-' in text must be escaped."
    )]
    Rule,
    /// `+text`.
    #[error("Initial token for unordered list items must be '+' and it must be followed by space.")]
    UnorderedSpace,
    /// `+1text`.
    #[error(
        "Initial token for ordered list items must be '+' with a number and it must be followed by space."
    )]
    OrderedSpace,
    /// `+0 text`, `+01 text`, `+100 text`.
    #[error("Numbers of ordered list items must have one or two digits without leading zero.")]
    OrderedNumber,
    /// `+` or `+1` and blanks.
    #[error("Text of list items must not be empty.")]
    ItemEmpty,
    /// A row without its last bar.
    #[error("Table rows must start and end with '|'.")]
    RowEnd,
    /// A blank beside a bar.
    #[error("Table cells must not start or end with white space.")]
    CellSpace,
    /// Plain and strong in one cell.
    #[error("Table cells must be either plain or strong as a whole.")]
    CellMixed,
    /// More than five columns.
    #[error("Tables must have at most 5 columns.")]
    Columns,
    /// A row with fewer or more cells than the first.
    #[error("Table rows must all have the same number of cells.")]
    CellCount,
    /// A header row with nothing below it.
    #[error("Tables must have a delimiter row after the header row.")]
    DelimiterMissing,
    /// A second row that holds anything else than delimiters.
    #[error(
        "Cells of the delimiter row must be '-' characters with an optional ':' on either side."
    )]
    Delimiter,
    /// An asterisk alone.
    #[error("Strong text must have a closing '*' on the same line.")]
    StrongOpen,
    /// `**`.
    #[error("Strong text must not be empty.")]
    StrongEmpty,
    /// `* text*`, `*text *`.
    #[error("Strong text must not start or end with white space.")]
    StrongSpace,
    /// Strong text, blanks, end of the line.
    #[error("Strong text must not be followed by white space at the end of the line.")]
    StrongTrailing,
    /// A backslash before anything that is not markup.
    #[error("Escape character '\\' must be followed by one of '#', '+', '|', '*', '-' and '\\'.")]
    Escape,
}
