//! Reading bodies: from the gateway's documents to the requests of BankID's API.
//!
//! A member is handed on as it stands in the body; core reads and judges it. The gateway's own part are the two members
//! that differ: `personalNumber`, which moves into `requirement`, and `userVisibleData`, which is plain text here.

use std::str;

use bankid_core::Text;
use bankid_core::error::Invalid;
use bankid_core::order::OrderRef;
use bankid_core::request::{ApiVersion, Operation, Start, parse_order_ref};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::documents::RESULT;
use crate::fault::{Code, Fault, Source};
use crate::media::Media;

#[cfg(test)]
mod tests;

/// A body that starts an order, in the form in which BankID takes it. `Debug` hides it.
#[derive(Clone)]
pub(crate) struct StartBody {
    operation: Operation,
    json: Vec<u8>,
    /// Whether the personal number stood at the top.
    moved: bool,
    members_at: &'static str,
}

impl std::fmt::Debug for StartBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StartBody({} bytes)", self.json.len())
    }
}

impl StartBody {
    /// Reads a body of this form.
    pub(crate) fn read(operation: Operation, media: Media, body: &[u8]) -> Result<Self, Fault> {
        Self::read_as(operation, kind(operation), media, body)
    }

    /// The same where a strict document is of another type.
    pub(crate) fn read_as(
        operation: Operation,
        kind: &str,
        media: Media,
        body: &[u8],
    ) -> Result<Self, Fault> {
        let (text, members_at) = members_of(media, kind, body)?;
        let at = |member: &str| pointer(members_at, member);
        let twice = |member: &str| {
            Fault::new(Code::InvalidParameters, "The member stands twice.").at(at(member))
        };
        let mut number = None;
        let mut requirement = None;
        let mut visible = None;
        let mut encoding = None;
        let mut json = Object::default();
        for (name, value) in members(text).map_err(|fault| fault.at(at("")))? {
            let place = match &*name {
                "personalNumber" if !operation.answers_order_ref_only() => &mut number,
                "requirement" => &mut requirement,
                "userVisibleData" => &mut visible,
                "userVisibleDataEncoding" => &mut encoding,
                _ => {
                    json.push(&name, value.get());
                    continue;
                }
            };
            if place.replace(value.get()).is_some() {
                return Err(twice(&name));
            }
        }
        let present = |value: &&str| *value != "null";
        let number = number.filter(present);
        if let Some(value) = visible {
            let plain = is_plain(encoding.filter(present))
                .map_err(|fault| fault.at(at("userVisibleDataEncoding")))?;
            json.push(
                "userVisibleData",
                plain.then(|| encoded(value)).flatten().as_deref().unwrap_or(value),
            );
        }
        match (number, requirement) {
            (Some(number), requirement) => json.push("requirement", &joined(number, requirement)),
            (None, Some(requirement)) => json.push("requirement", requirement),
            (None, None) => {}
        }
        Ok(Self { operation, json: json.end(), moved: number.is_some(), members_at })
    }

    /// One that was read before, by its [`json`](Self::json).
    pub(crate) fn kept(operation: Operation, json: &str) -> Self {
        Self { operation, json: json.as_bytes().to_vec(), moved: true, members_at: "" }
    }

    pub(crate) const fn operation(&self) -> Operation {
        self.operation
    }

    /// The request as BankID takes it.
    pub(crate) fn json(&self) -> &str {
        str::from_utf8(&self.json).unwrap_or_default()
    }

    /// With a further member, a text. One that is there already is refused as standing twice.
    pub(crate) fn with(&self, name: &str, text: &str) -> Self {
        let mut json = Object::of(self.json.clone());
        json.push(name, &serde_json::Value::from(text).to_string());
        Self { json: json.end(), ..*self }
    }

    /// The request, read and checked as BankID does.
    pub(crate) fn start(&self) -> Result<Start<'_>, Fault> {
        let refused = |invalid: Invalid| self.refused(&invalid);
        let start = Start::parse(ApiVersion::V6_0, self.operation, &self.json).map_err(refused)?;
        start.check().map_err(refused)?;
        Ok(start)
    }

    /// A check that BankID does not make: that the number can be a person's.
    pub(crate) fn check_number(&self, start: &Start<'_>) -> Result<(), Fault> {
        let checked = start.check().map_err(|invalid| self.refused(&invalid))?;
        let Some(Err(fault)) = checked.personal_number.map(bankid_core::PersonalNumber::strict)
        else {
            return Ok(());
        };
        let member = if self.operation.answers_order_ref_only() {
            "personalNumber"
        } else {
            "requirement.personalNumber"
        };
        Err(Fault::new(Code::InvalidParameters, fault.to_string()).at(self.at(member)))
    }

    pub(crate) fn len(&self) -> usize {
        self.json.len()
    }

    fn refused(&self, invalid: &Invalid) -> Fault {
        Fault::invalid(invalid).at(self.at(invalid.member().unwrap_or_default()))
    }

    fn at(&self, member: &str) -> Source {
        match member {
            "requirement.personalNumber" if self.moved => {
                pointer(self.members_at, "personalNumber")
            }
            member => pointer(self.members_at, member),
        }
    }
}

/// Which order a body of collect or cancel is about.
pub(crate) fn order_ref(media: Media, kind: &str, body: &[u8]) -> Result<OrderRef, Fault> {
    let (text, members_at) = members_of(media, kind, body)?;
    let name = parse_order_ref(text.as_bytes()).map_err(|invalid| {
        let member = invalid.member().unwrap_or_default();
        Fault::invalid(&invalid).at(pointer(members_at, member))
    })?;
    // What cannot be a name is the name of nothing.
    OrderRef::try_from(&*name)
        .map_err(|_not_a_token| Fault::no_such_order().at(pointer(members_at, "orderRef")))
}

/// Which result a body asks for.
pub(crate) fn result_code(media: Media, body: &[u8]) -> Result<String, Fault> {
    let (text, members_at) = members_of(media, RESULT, body)?;
    let at = || pointer(members_at, "code");
    let mut found = None;
    for (name, value) in members(text).map_err(|fault| fault.at(pointer(members_at, "")))? {
        if *name == *"code" && found.replace(value.get()).is_some() {
            return Err(Fault::new(Code::InvalidParameters, "The member stands twice.").at(at()));
        }
    }
    let text = found.and_then(|value| serde_json::from_str::<Text<'_>>(value).ok());
    text.map(|text| (*text).to_owned())
        .ok_or_else(|| Fault::new(Code::InvalidParameters, "code is a text.").at(at()))
}

/// The type of the resource that an operation makes.
pub(crate) const fn kind(operation: Operation) -> &'static str {
    match operation {
        Operation::Auth => "bankIdAuth",
        Operation::Sign => "bankIdSign",
        Operation::Payment => "bankIdPayment",
        Operation::OtherPayment => "bankIdOtherPayment",
        Operation::PhoneAuth => "bankIdPhoneAuth",
        Operation::PhoneSign => "bankIdPhoneSign",
    }
}

/// The object with the members of the call, and where in the body it stands.
fn members_of<'a>(
    media: Media,
    kind: &str,
    body: &'a [u8],
) -> Result<(&'a str, &'static str), Fault> {
    let text = str::from_utf8(body).map_err(|_position| not_an_object("It is not UTF-8."))?;
    if media == Media::Documented {
        return Ok((text, ""));
    }
    let data = one(text, "data", "/data")?;
    let at = |place: &str| Source::Pointer(place.to_owned());
    let mut attributes = None;
    let mut fits = false;
    for (name, value) in members(data).map_err(|fault| fault.at(at("/data")))? {
        match &*name {
            "type" => {
                let text = serde_json::from_str::<Text<'_>>(value.get());
                fits = text.is_ok_and(|text| *text == *kind);
            }
            "attributes" => attributes = Some(value.get()),
            "id" => {
                let detail = "Leave id out; the answer brings it.";
                return Err(Fault::new(Code::IdNotAllowed, detail).at(at("/data/id")));
            }
            _ => {}
        }
    }
    if !fits {
        let detail = format!("The type of this path is {kind}.");
        return Err(Fault::new(Code::TypeConflict, detail).at(at("/data/type")));
    }
    Ok((attributes.unwrap_or("{}"), "/data/attributes"))
}

/// The member of a document that must be there.
fn one<'a>(text: &'a str, wanted: &str, place: &str) -> Result<&'a str, Fault> {
    let found = members(text)?.into_iter().find(|(name, _)| **name == *wanted);
    found.map(|(_, value)| value.get()).ok_or_else(|| {
        let detail = format!("A JSON:API document with {wanted} is expected.");
        Fault::new(Code::InvalidParameters, detail).at(Source::Pointer(place.to_owned()))
    })
}

type Member<'a> = (Text<'a>, &'a RawValue);

/// The members of an object, as they stand there.
fn members(text: &str) -> Result<Vec<Member<'_>>, Fault> {
    let mut json = serde_json::Deserializer::from_str(text);
    let members = json.deserialize_map(Members).and_then(|members| json.end().map(|()| members));
    members.map_err(|error| {
        not_an_object(&format!("See line {}, column {}.", error.line(), error.column()))
    })
}

fn not_an_object(place: &str) -> Fault {
    let detail = format!("The body is not one JSON object. {place}");
    Fault::new(Code::InvalidParameters, detail).at(Source::Pointer(String::new()))
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

/// A place in the body, by the member's path of wire names.
fn pointer(members_at: &str, member: &str) -> Source {
    if member.is_empty() {
        return Source::Pointer(members_at.to_owned());
    }
    Source::Pointer(format!("{members_at}/{}", member.replace('.', "/")))
}

/// Whether `userVisibleData` is text that is still to be encoded.
fn is_plain(encoding: Option<&str>) -> Result<bool, Fault> {
    let Some(encoding) = encoding else { return Ok(true) };
    let word = serde_json::from_str::<Text<'_>>(encoding).ok();
    match word.as_deref() {
        Some("plain") => Ok(true),
        Some("base64") => Ok(false),
        Some(_) | None => Err(Fault::new(
            Code::InvalidParameters,
            "userVisibleDataEncoding is plain, which is the default, or base64.",
        )),
    }
}

/// The text in base64. Nothing for what is no text: that is core's to refuse.
fn encoded(value: &str) -> Option<String> {
    let text: Text<'_> = serde_json::from_str(value).ok()?;
    Some(format!("\"{}\"", STANDARD.encode(text.as_bytes())))
}

/// The requirement with the personal number in it. One that has a number of its own has two then, which core refuses.
fn joined(number: &str, requirement: Option<&str>) -> String {
    let rest = match requirement {
        None | Some("null") => "}",
        Some(object) => match object.strip_prefix('{') {
            Some(rest) => rest.trim_start(),
            // Core says what is wrong with it.
            None => return object.to_owned(),
        },
    };
    let comma = if rest.starts_with('}') { "" } else { "," };
    format!(r#"{{"personalNumber":{number}{comma}{rest}"#)
}

/// An object being written.
#[derive(Default)]
struct Object(Vec<u8>);

impl Object {
    /// One that was written by [`Object::end`].
    fn of(mut json: Vec<u8>) -> Self {
        json.pop();
        if json == b"{" {
            json.clear();
        }
        Self(json)
    }

    fn push(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        self.0.extend(serde_json::Value::from(name).to_string().bytes());
        self.0.push(b':');
        self.0.extend(value.bytes());
    }

    fn end(mut self) -> Vec<u8> {
        if self.0.is_empty() {
            self.0.push(b'{');
        }
        self.0.push(b'}');
        self.0
    }
}
