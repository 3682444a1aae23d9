//! The query of a URL into the tree: one table of texts and whole numbers.

use super::{Entry, Fault, Kind, Node, Path};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    for member in text.split('&') {
        if !member.is_empty() {
            let (key, value) = member.split_once('=').unwrap_or((member, ""));
            let key = decode(key).ok_or_else(|| {
                Fault::new(Path::default(), "a name is not encoded as UTF-8").at(at)
            })?;
            let value = decode(value).ok_or_else(|| {
                Fault::new(Path::of([key.as_str()]), "the value is not encoded as UTF-8").at(at)
            })?;
            if entries.iter().any(|entry| entry.key == key) {
                return Err(Fault::new(Path::of([key]), "stands here twice").at(at));
            }
            let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            let kind = match value.parse() {
                Ok(number) if is_number => Kind::Unsigned(number),
                Ok(_) | Err(_) => Kind::Text(value),
            };
            entries.push(Entry { key, at, value: Node { at, kind } });
        }
        at += member.len() + 1;
    }
    Ok(Node { at: 0, kind: Kind::Table(entries) })
}

/// `%41+` as `A `.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                rest = after;
                let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}
