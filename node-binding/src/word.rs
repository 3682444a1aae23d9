//! Words of JavaScript's options into the enums of `bankid-core`, by the names these have in JSON.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::error::Failure;

/// The value that a word stands for; the failure lists the words there are.
pub(crate) fn word<T: DeserializeOwned>(member: &str, text: &str) -> Result<T, Box<Failure>> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(text).map_err(|fault| Failure::argument(member, &fault))
}

/// The same, of a word that may be absent.
pub(crate) fn optional<T: DeserializeOwned>(
    member: &str,
    text: Option<&str>,
) -> Result<Option<T>, Box<Failure>> {
    text.map(|text| word(member, text)).transpose()
}
