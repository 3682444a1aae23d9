//! TOML into the tree.

use ::toml::Spanned;
use ::toml::de::{DeArray, DeTable, DeValue};

use super::{DEPTH_LIMIT, Entry, Fault, Kind, Node, Path};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let table = DeTable::parse(text).map_err(|error| {
        let reason = format!("not valid TOML: {}", error.message().replace('\n', ", "));
        Fault::new(Path::default(), reason).at(error.span().map_or(0, |span| span.start))
    })?;
    let at = table.span().start;
    Ok(Node { at, kind: Kind::Table(entries(table.into_inner(), 0)?) })
}

fn node(value: Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Fault> {
    let at = value.span().start;
    if depth > DEPTH_LIMIT {
        return Err(Fault::new(Path::default(), "nested too deeply").at(at));
    }
    let too_large = || Fault::new(Path::default(), "the number is too large").at(at);
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        // `issueDate = 2023-11-29` without quotes means what it says.
        DeValue::Datetime(date) => Kind::Text(date.to_string()),
        DeValue::Boolean(value) => Kind::Bool(value),
        DeValue::Integer(digits) => {
            let (digits, radix) = (digits.as_str(), digits.radix());
            let unsigned = u64::from_str_radix(digits, radix).ok().map(Kind::Unsigned);
            let signed = || i64::from_str_radix(digits, radix).ok().map(Kind::Signed);
            unsigned.or_else(signed).ok_or_else(too_large)?
        }
        DeValue::Float(digits) => Kind::Float(digits.as_str().parse().ok().ok_or_else(too_large)?),
        DeValue::Array(items) => Kind::List(list(items, depth)?),
        DeValue::Table(table) => Kind::Table(entries(table, depth)?),
    };
    Ok(Node { at, kind })
}

fn list(items: DeArray<'_>, depth: usize) -> Result<Vec<Node>, Fault> {
    let items = items.into_iter().enumerate();
    items
        .map(|(index, item)| node(item, depth + 1).map_err(|fault| fault.under(&index.to_string())))
        .collect()
}

fn entries(table: DeTable<'_>, depth: usize) -> Result<Vec<Entry>, Fault> {
    let entries = table.into_iter().map(|(key, value)| {
        let (at, key) = (key.span().start, key.into_inner().into_owned());
        let value = node(value, depth + 1).map_err(|fault| fault.under(&key))?;
        Ok(Entry { key, at, value })
    });
    entries.collect()
}
