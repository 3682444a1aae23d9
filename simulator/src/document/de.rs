//! The tree as a serde data format whose errors are [`Fault`]s.

use std::fmt::Display;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Entry, Fault, Kind, Node};

pub(super) struct Reader {
    node: Node,
}

impl Reader {
    pub(super) fn new(node: Node) -> Self {
        Self { node }
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let at = self.node.at;
        let value = match self.node.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(value),
            Kind::Unsigned(value) => visitor.visit_u64(value),
            Kind::Signed(value) => visitor.visit_i64(value),
            Kind::Float(value) => visitor.visit_f64(value),
            Kind::Text(value) => visitor.visit_string(value),
            Kind::List(items) => visitor.visit_seq(List { items: items.into_iter().enumerate() }),
            Kind::Table(entries) => {
                visitor.visit_map(Table { entries: entries.into_iter(), value: None })
            }
        };
        value.map_err(|fault| fault.at(at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.kind {
            Kind::Null => visitor.visit_none(),
            Kind::Bool(_)
            | Kind::Unsigned(_)
            | Kind::Signed(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::List(_)
            | Kind::Table(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// An enumeration is a word, or a table of one member: the word and what goes with it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let at = self.node.at;
        let variant = match self.node.kind {
            Kind::Text(word) => Variant { word, content: None },
            Kind::Table(mut entries) if entries.len() == 1 => match entries.pop() {
                Some(entry) => Variant { word: entry.key, content: Some(entry.value) },
                None => return Err(Fault::missing_field(name).at(at)),
            },
            Kind::Table(_)
            | Kind::Null
            | Kind::Bool(_)
            | Kind::Unsigned(_)
            | Kind::Signed(_)
            | Kind::Float(_)
            | Kind::List(_) => {
                let words =
                    variants.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
                return Err(Fault::custom(format!("expected one of {words}")).at(at));
            }
        };
        visitor.visit_enum(variant).map_err(|fault| fault.at(at))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct List<I> {
    items: I,
}

impl<'de, I: Iterator<Item = (usize, Node)>> SeqAccess<'de> for List<I> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.items.next() else { return Ok(None) };
        seed.deserialize(Reader::new(node))
            .map(Some)
            .map_err(|fault| fault.under(&index.to_string()))
    }
}

struct Table<I> {
    entries: I,
    /// The member whose name was read and whose value is next.
    value: Option<(String, Node)>,
}

impl<'de, I: Iterator<Item = Entry>> MapAccess<'de> for Table<I> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        let key: StrDeserializer<'_, Fault> = entry.key.as_str().into_deserializer();
        let key = seed.deserialize(key).map_err(|fault| fault.at(entry.at).under(&entry.key))?;
        self.value = Some((entry.key, entry.value));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, node)) = self.value.take() else {
            return Err(misuse("a value was asked for before its name"));
        };
        seed.deserialize(Reader::new(node)).map_err(|fault| fault.under(&key))
    }
}

struct Variant {
    word: String,
    content: Option<Node>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Fault;
    type Variant = Content;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content), Fault> {
        let word: StrDeserializer<'_, Fault> = self.word.as_str().into_deserializer();
        Ok((seed.deserialize(word)?, Content { word: self.word, node: self.content }))
    }
}

/// What goes with the word of an enumeration.
struct Content {
    word: String,
    node: Option<Node>,
}

impl Content {
    fn node(self) -> Result<(String, Node), Fault> {
        match self.node {
            Some(node) => Ok((self.word, node)),
            None => Err(Fault::custom(format!("`{}` needs a value", self.word))),
        }
    }
}

impl<'de> VariantAccess<'de> for Content {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.node {
            None => Ok(()),
            Some(node) => Err(Fault::invalid_type(Unexpected::Map, &"a word alone")
                .at(node.at)
                .under(&self.word)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let (word, node) = self.node()?;
        seed.deserialize(Reader::new(node)).map_err(|fault| fault.under(&word))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        let (word, node) = self.node()?;
        Reader::new(node).deserialize_any(visitor).map_err(|fault| fault.under(&word))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let (word, node) = self.node()?;
        Reader::new(node).deserialize_any(visitor).map_err(|fault| fault.under(&word))
    }
}

fn misuse(message: impl Display) -> Fault {
    Fault::custom(message)
}
