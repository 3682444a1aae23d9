//! JSON, TOML and URL queries that remember where everything stood, for errors that point at the fault.
//!
//! [`read`] turns a text into any serde type. What does not fit is refused by a [`Fault`] that names the member
//! (`personas.anna.issueDate`), its line and column, and the nearest known name of a misspelt one. Configuration
//! files and the bodies of the control plane are read this way; requests to BankID's endpoints are not, since those
//! answer as BankID does.
//!
//! It knows nothing of what the documents mean. Checks that need meaning look a member's place up with [`Node::place`].

mod de;
mod fault;
mod json;
mod query;
mod toml;

use serde::de::DeserializeOwned;

pub(crate) use fault::{Fault, Path, Position};

/// The formats a document may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Toml,
    /// The query of a URL: `limit=10&after=5`.
    Query,
}

/// How deep tables and lists may lie in each other. Nothing we read needs more than six.
const DEPTH_LIMIT: usize = 24;

/// A value and where in the text it begins.
#[derive(Debug)]
pub(crate) struct Node {
    /// Offset in bytes.
    at: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// One member of a table.
#[derive(Debug)]
struct Entry {
    key: String,
    /// Offset of the key in bytes: the place to show for a name that is not known.
    at: usize,
    value: Node,
}

impl Node {
    /// Reads the syntax of `text`.
    pub(crate) fn parse(text: &str, format: Format) -> Result<Self, Fault> {
        match format {
            Format::Json => json::parse(text),
            Format::Toml => toml::parse(text),
            Format::Query => query::parse(text),
        }
    }

    /// Reads the tree into a type.
    pub(crate) fn into_type<T: DeserializeOwned>(self) -> Result<T, Fault> {
        T::deserialize(de::Reader::new(self))
    }

    /// Where the value at `path` begins; for a path that leads out of the document, where the last known part does.
    pub(crate) fn place(&self, path: &Path) -> usize {
        let mut node = self;
        for part in path.parts() {
            let next = match &node.kind {
                Kind::Table(entries) => {
                    entries.iter().find(|entry| entry.key == *part).map(|entry| &entry.value)
                }
                Kind::List(items) => part.parse().ok().and_then(|index: usize| items.get(index)),
                Kind::Null
                | Kind::Bool(_)
                | Kind::Unsigned(_)
                | Kind::Signed(_)
                | Kind::Float(_)
                | Kind::Text(_) => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.at
    }
}

/// Reads `text` into a type.
pub(crate) fn read<T: DeserializeOwned>(text: &str, format: Format) -> Result<T, Fault> {
    Node::parse(text, format)?.into_type()
}

#[cfg(test)]
mod tests;
