//! JSON into the tree. `serde_json` does the reading; the places come from where its raw slices lie in the text.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{DEPTH_LIMIT, Entry, Fault, Kind, Node, Path};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    Text { text }.node(raw, 0)
}

/// A syntax error in our form: `serde_json` counts lines and columns, we keep offsets.
fn syntax(text: &str, error: &serde_json::Error) -> Fault {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(0, |(at, _)| at + 1),
    };
    // Its column is that of the last byte read, counted from 1, and 0 for the end of the line before.
    let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or("not JSON");
    Fault::new(Path::default(), format!("not valid JSON: {reason}")).at(at)
}

struct Text<'t> {
    text: &'t str,
}

impl Text<'_> {
    /// Where a slice of the text begins in it.
    fn offset(&self, slice: &str) -> usize {
        slice.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn node(&self, raw: &RawValue, depth: usize) -> Result<Node, Fault> {
        let slice = raw.get();
        let at = self.offset(slice);
        if depth > DEPTH_LIMIT {
            return Err(Fault::new(Path::default(), "nested too deeply").at(at));
        }
        let read = |error: serde_json::Error| {
            // The whole was read once already; what is left to go wrong are texts that are no Unicode.
            let message = error.to_string();
            let reason = message.split(" at line ").next().unwrap_or_default();
            Fault::new(Path::default(), format!("not valid JSON: {reason}")).at(at)
        };
        let kind = match slice.as_bytes().first() {
            Some(b'{') => {
                let members: Members<'_> = serde_json::from_str(slice).map_err(read)?;
                Kind::Table(self.entries(members.0, depth)?)
            }
            Some(b'[') => {
                let items: Items<'_> = serde_json::from_str(slice).map_err(read)?;
                let items = items.0.into_iter().enumerate().map(|(index, item)| {
                    self.node(item, depth + 1).map_err(|fault| fault.under(&index.to_string()))
                });
                Kind::List(items.collect::<Result<_, _>>()?)
            }
            _ => serde_json::from_str::<Scalar>(slice).map_err(read)?.0,
        };
        Ok(Node { at, kind })
    }

    fn entries(
        &self,
        members: Vec<(&RawValue, &RawValue)>,
        depth: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let mut entries: Vec<Entry> = Vec::with_capacity(members.len());
        for (key, value) in members {
            let at = self.offset(key.get());
            let key: String = serde_json::from_str(key.get())
                .map_err(|error| syntax(self.text, &error).at(at))?;
            if entries.iter().any(|entry| entry.key == key) {
                return Err(Fault::new(Path::of([key]), "stands here twice").at(at));
            }
            let value = self.node(value, depth + 1).map_err(|fault| fault.under(&key))?;
            entries.push(Entry { key, at, value });
        }
        Ok(entries)
    }
}

/// The members of an object, unread, in the order and number they came.
struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The items of an array, unread.
struct Items<'t>(Vec<&'t RawValue>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Collect)
    }
}

/// What is neither object nor array.
struct Scalar(Kind);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true, false or null")
            }

            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Bool(value)))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Unsigned(value)))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Signed(value)))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Float(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(Kind::Text(value.to_owned())))
            }
        }
        deserializer.deserialize_any(One)
    }
}
