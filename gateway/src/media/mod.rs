//! Media types: what a body is, and what an answer shall be.
//!
//! There are two: `application/json`, for the documented shape, and `application/vnd.api+json`, for strict JSON:API 1.1
//! with that specification's rules for the parameters of the type.

use bankid_core::message::Language;
use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName};

use crate::fault::{Code, Fault, Source};

#[cfg(test)]
mod tests;

const JSON: &str = "application/json";
const JSON_API: &str = "application/vnd.api+json";

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// The documented shape.
    Documented,
    /// JSON:API 1.1 to the letter.
    JsonApi,
}

impl Media {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => JSON,
            Self::JsonApi => JSON_API,
        }
    }

    /// The form that the caller wants to be answered in.
    pub(crate) fn accepted(headers: &HeaderMap) -> Result<Self, Fault> {
        let ranges: Vec<_> = elements(headers, &ACCEPT).filter_map(Range::read).collect();
        if ranges.is_empty() && elements(headers, &ACCEPT).next().is_none() {
            return Ok(Self::Documented);
        }
        let refused =
            |form| ranges.iter().any(|range| range.quality == 0 && range.is == Is::Exactly(form));
        let mut best: Option<(&Range, Self)> = None;
        for range in ranges.iter().filter(|range| range.quality > 0) {
            let form = match range.is {
                Is::Exactly(form) => form,
                Is::Any | Is::AnyApplication if !refused(Self::Documented) => Self::Documented,
                Is::Any | Is::AnyApplication if !refused(Self::JsonApi) => Self::JsonApi,
                Is::Any | Is::AnyApplication | Is::Other => continue,
            };
            let better = best.is_none_or(|(known, _)| range.rank() > known.rank());
            if better {
                best = Some((range, form));
            }
        }
        best.map(|(_, form)| form).ok_or_else(|| {
            let detail = format!("Answers are {JSON}, or {JSON_API} without parameters.");
            Fault::new(Code::NotAcceptable, detail).at(Source::Header("Accept"))
        })
    }

    /// What the body of a request is by its own word.
    pub(crate) fn of_body(headers: &HeaderMap) -> Result<Self, Fault> {
        let refused = |detail: String| {
            Fault::new(Code::UnsupportedMediaType, detail).at(Source::Header("Content-Type"))
        };
        let mut values = headers.get_all(CONTENT_TYPE).iter();
        let first = values.next().map(|value| value.to_str());
        let (Some(Ok(text)), None) = (first, values.next()) else {
            return Err(refused(format!("There must be one Content-Type: {JSON}.")));
        };
        let mut parts = split(text, b';');
        let essence = parts.next().unwrap_or_default();
        let mut parameters = parts.map(parameter);
        if essence.eq_ignore_ascii_case(JSON) {
            let utf8 = |(name, value): (&str, &str)| {
                name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
            };
            return if parameters.all(utf8) {
                Ok(Self::Documented)
            } else {
                Err(refused(format!("{JSON} has no parameter but charset=utf-8 here.")))
            };
        }
        if essence.eq_ignore_ascii_case(JSON_API) {
            return if parameters.all(|(name, _)| name.eq_ignore_ascii_case("profile")) {
                Ok(Self::JsonApi)
            } else {
                Err(refused(format!("{JSON_API} has no extension and no parameter here.")))
            };
        }
        Err(refused(format!("Bodies are {JSON} or {JSON_API}.")))
    }
}

/// The language for the user's message; Swedish unless English is preferred.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let mut best = (0, Language::Swedish);
    for element in elements(headers, &ACCEPT_LANGUAGE) {
        let mut parts = split(element, b';');
        let tag = parts.next().unwrap_or_default();
        let primary = tag.split('-').next().unwrap_or_default();
        let language = if primary.eq_ignore_ascii_case("en") {
            Language::English
        } else if primary.eq_ignore_ascii_case("sv") || primary == "*" {
            Language::Swedish
        } else {
            continue;
        };
        let quality = quality(parts).unwrap_or_default();
        if quality > best.0 {
            best = (quality, language);
        }
    }
    best.1
}

/// One element of `Accept`.
struct Range {
    is: Is,
    /// In thousandths.
    quality: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Exactly(Media),
    AnyApplication,
    Any,
    Other,
}

impl Range {
    /// Nothing for what is no media range.
    fn read(element: &str) -> Option<Self> {
        let mut parts = split(element, b';');
        let essence = parts.next().unwrap_or_default();
        let is = |text: &str| essence.eq_ignore_ascii_case(text);
        let range = if is(JSON) {
            Is::Exactly(Media::Documented)
        } else if is(JSON_API) && parts.clone().all(is_known_to_json_api) {
            Is::Exactly(Media::JsonApi)
        } else if is("application/*") {
            Is::AnyApplication
        } else if is("*/*") {
            Is::Any
        } else {
            Is::Other
        };
        Some(Self { is: range, quality: quality(parts)? })
    }

    /// By quality, then by how much it says. The first of equals wins.
    const fn rank(&self) -> (u16, u8) {
        let says = match self.is {
            Is::Exactly(_) => 3,
            Is::AnyApplication => 2,
            Is::Any => 1,
            Is::Other => 0,
        };
        (self.quality, says)
    }
}

/// Whether an instance of JSON:API's type counts: profiles may be ignored, extensions must be known, and there are none.
fn is_known_to_json_api(part: &str) -> bool {
    let (name, value) = parameter(part);
    name.eq_ignore_ascii_case("q")
        || name.eq_ignore_ascii_case("profile")
        || (name.eq_ignore_ascii_case("ext") && value.trim().is_empty())
}

/// The weight of an element, in thousandths; nothing if it is none.
fn quality<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<u16> {
    let Some((_, value)) =
        parts.by_ref().map(parameter).find(|(name, _)| name.eq_ignore_ascii_case("q"))
    else {
        return Some(1_000);
    };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" => Some(1_000),
        _ => None,
    }
}

/// Name and value, without quotes.
fn parameter(part: &str) -> (&str, &str) {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    (name.trim(), value.trim().trim_matches('"'))
}

/// The elements of a list that may stand in several headers. What is no ASCII is passed over.
fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| split(value, b',')).filter(|element| !element.is_empty())
}

/// The parts of a text between separators, but for those within quotes, trimmed.
pub(crate) fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> + Clone {
    let mut quoted = false;
    text.split(move |character: char| {
        quoted ^= character == '"';
        !quoted && character == char::from(separator)
    })
    .map(str::trim)
}
