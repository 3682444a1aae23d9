use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

use crate::nearest::nearest;

/// Which member of a document is meant: `personas.anna.issueDate`, `errors[2].call`, or the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// The path of these names, from the outside in; a list's items go by their number.
    pub(crate) fn of<I: IntoIterator>(parts: I) -> Self
    where
        I::Item: Into<String>,
    {
        Self(parts.into_iter().map(Into::into).collect())
    }

    pub(super) fn parts(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() && part.len() < 6
            {
                write!(f, "[{part}]")?;
            } else if index == 0 {
                f.write_str(part)?;
            } else {
                write!(f, ".{part}")?;
            }
        }
        Ok(())
    }
}

/// Line and column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// Of the byte at `offset` in `text`.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + before.get(line_start..).map_or(0, |line| line.chars().count()),
        }
    }
}

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The member at fault; empty for the document as a whole.
    pub(crate) member: Path,
    /// Offset in bytes of the place to show.
    pub(crate) at: Option<usize>,
    /// One lowercase clause without a full stop.
    pub(crate) reason: String,
    /// The known name that was probably meant.
    pub(crate) nearest: Option<String>,
}

impl Fault {
    /// A fault in the member at `member`.
    pub(crate) fn new(member: Path, reason: impl Into<String>) -> Self {
        Self { member, at: None, reason: reason.into(), nearest: None }
    }

    pub(crate) fn with_nearest(mut self, nearest: Option<impl Into<String>>) -> Self {
        self.nearest = nearest.map(Into::into);
        self
    }

    /// At this offset, unless a more exact one is known already.
    pub(crate) fn at(mut self, offset: usize) -> Self {
        self.at.get_or_insert(offset);
        self
    }

    /// As seen from one level further out.
    pub(super) fn under(mut self, part: &str) -> Self {
        self.member.0.insert(0, part.to_owned());
        self
    }

    fn plain(reason: String) -> Self {
        Self::new(Path::default(), reason)
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.member.is_empty() {
            write!(f, "{}: ", self.member)?;
        }
        f.write_str(&self.reason)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::plain(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::plain(format!("expected {expected}, found {}", Named(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::plain(format!("expected {expected}, found {}", Named(unexpected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::plain(format!("`{variant}` is not known here; known are {}", Listed(expected)))
            .with_nearest(nearest(variant, expected.iter().copied()))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        // The member itself is added by the table that holds it, which also knows where the name stands.
        let reason = match expected {
            [] => "no member of this name; none are taken here".to_owned(),
            known => format!("no member of this name; known are {}", Listed(known)),
        };
        Self::plain(reason).with_nearest(nearest(field, expected.iter().copied()))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::plain(format!("the member `{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::plain(format!("the member `{field}` stands here twice"))
    }
}

/// What was found, in the words of documents rather than of Rust.
struct Named<'a>(Unexpected<'a>);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(value) => write!(f, "{value}"),
            Unexpected::Unsigned(value) => write!(f, "{value}"),
            Unexpected::Signed(value) => write!(f, "{value}"),
            Unexpected::Float(value) => write!(f, "{value}"),
            // A text of the wrong type may be anything, a secret included: it is not repeated.
            Unexpected::Str(_) | Unexpected::Char(_) => f.write_str("a text"),
            Unexpected::Unit | Unexpected::Option => f.write_str("null"),
            Unexpected::Seq => f.write_str("a list"),
            Unexpected::Map => f.write_str("a table"),
            Unexpected::Bytes(_)
            | Unexpected::NewtypeStruct
            | Unexpected::Enum
            | Unexpected::UnitVariant
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant
            | Unexpected::Other(_) => write!(f, "{}", self.0),
        }
    }
}

/// `a`, `b` and `c`
struct Listed(&'static [&'static str]);

impl Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let before = match index {
                0 => "",
                last if last + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}`{name}`")?;
        }
        Ok(())
    }
}
