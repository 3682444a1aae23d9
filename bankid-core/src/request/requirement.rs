//! `requirement`: conditions on how an order may be completed (2.3), its policies and readers (section 3).
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::member::Condition;
use super::{ApiVersion, Operation};
use crate::Text;
use crate::error::Invalid;
use crate::word::words;

words! {
    /// Where the code of a card is entered (section 3).
    pub enum CardReader {
        /// On the computer's keyboard, or a reader of higher class.
        Class1 = "class1",
        /// On the reader itself, or a reader of higher class.
        Class2 = "class2",
    }
}

/// Conditions as on the wire. A member whose JSON type is wrong is remembered as such, because the server refuses it only
/// at the place of `requirement` in its order of checks (2.12).
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    /// The user must enter the security code even if biometrics are active.
    pub(super) pin_code: Option<bool>,
    /// The user must read the chip of a passport or identity card.
    pub(super) mrtd: Option<bool>,
    /// `class1` or `class2`.
    pub(super) card_reader: Option<Text<'a>>,
    /// Allowed kinds of BankID; empty or absent means all.
    pub(super) certificate_policies: Option<Vec<Text<'a>>>,
    /// Only this person may complete the order.
    pub(super) personal_number: Option<Text<'a>>,
    /// Withdrawn: `low` and `moderate` are accepted without effect.
    pub(super) risk: Option<Text<'a>>,
    /// v5.1: the app must be started with QR or autostart.
    pub(super) token_start_required: Option<bool>,
    /// v5.0's older name of the same, still taken by 5.1.
    pub(super) auto_start_token_required: Option<bool>,
    /// v5.1: the inverse of `pinCode`.
    pub(super) allow_fingerprint: Option<bool>,
    /// v5.1: allowed names of the authority that issued the user's certificate.
    pub(super) issuer_cn: Option<Vec<Text<'a>>>,
    mistyped: u16,
}

impl Requirement<'_> {
    /// Whether any of the members came with a wrong JSON type.
    fn is_mistyped(&self, condition: Condition) -> bool {
        self.mistyped & condition.bit() != 0
    }

    /// The personal number came, but not as a string: no twelve digits either.
    pub(super) fn personal_number_mistyped(&self) -> bool {
        self.is_mistyped(Condition::PersonalNumber)
    }
}

impl fmt::Debug for Requirement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requirement")
            .field("pin_code", &self.pin_code)
            .field("mrtd", &self.mrtd)
            .field("card_reader", &self.card_reader.as_deref())
            .field("certificate_policies", &self.certificate_policies.as_ref().map(Vec::len))
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}

/// Conditions that passed the checks, with the defaults filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckedRequirement<'a> {
    /// The user must enter the security code; in v5.1 the inverse of `allowFingerprint`, whose default is true for `auth`
    /// and false for `sign`.
    pub pin_code: bool,
    /// The user must read the chip of a passport or identity card.
    pub mrtd: bool,
    /// Where the code of a card must be entered.
    pub card_reader: Option<CardReader>,
    /// Allowed kinds of BankID as OIDs, perhaps with a wildcard; empty means all. See [`policy_permits`].
    pub certificate_policies: &'a [Text<'a>],
    /// v5.1: allowed names of the issuing authority; empty means all.
    pub issuer_cn: &'a [Text<'a>],
}

impl CheckedRequirement<'_> {
    /// Whether a BankID with this certificate policy may complete the order.
    pub fn permits_policy(&self, oid: &str) -> bool {
        self.certificate_policies.is_empty()
            || self.certificate_policies.iter().any(|pattern| policy_permits(pattern, oid))
    }
}

/// Whether the policy `pattern` of a request covers the policy `oid` of a certificate. A `*` stands for one or more numbers.
pub fn policy_permits(pattern: &str, oid: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == oid };
    let Some(rest) = oid.strip_prefix(head) else { return false };
    let Some(middle) = rest.strip_suffix(tail) else { return false };
    !middle.is_empty() && !middle.starts_with('.') && !middle.ends_with('.')
}

/// The rest of the requirement, after the personal number: wrong types first, then the values.
pub(super) fn check<'a>(
    requirement: Option<&'a Requirement<'_>>,
    version: ApiVersion,
    operation: Operation,
) -> Result<CheckedRequirement<'a>, Invalid> {
    let pin_code_unasked = matches!((version, operation), (ApiVersion::V5_1, Operation::Sign));
    let Some(requirement) = requirement else {
        return Ok(CheckedRequirement {
            pin_code: pin_code_unasked,
            ..CheckedRequirement::default()
        });
    };
    if let Some(path) = first_mistyped(requirement) {
        return Err(bad(path));
    }
    let card_reader = match requirement.card_reader.as_deref() {
        None => None,
        Some(word) => Some(CardReader::from_word(word).ok_or(bad("requirement.cardReader"))?),
    };
    let certificate_policies = requirement.certificate_policies.as_deref().unwrap_or_default();
    if !certificate_policies.iter().all(|policy| is_policy(policy)) {
        return Err(bad("requirement.certificatePolicies"));
    }
    if requirement.risk.as_deref().is_some_and(|risk| !matches!(risk, "low" | "moderate")) {
        return Err(bad("requirement.risk"));
    }
    let issuer_cn = requirement.issuer_cn.as_deref().unwrap_or_default();
    if issuer_cn.iter().any(|name| name.is_empty()) {
        return Err(bad("requirement.issuerCn"));
    }
    let pin_code = match version {
        ApiVersion::V6_0 => requirement.pin_code.unwrap_or_default(),
        ApiVersion::V5_1 => requirement.allow_fingerprint.map_or(pin_code_unasked, |allow| !allow),
    };
    Ok(CheckedRequirement {
        pin_code,
        mrtd: requirement.mrtd.unwrap_or_default(),
        card_reader,
        certificate_policies,
        issuer_cn,
    })
}

const fn bad(member: &'static str) -> Invalid {
    Invalid::new(member, "Invalid requirement")
}

fn first_mistyped(requirement: &Requirement<'_>) -> Option<&'static str> {
    const PATHS: [(Condition, &str); 9] = [
        (Condition::PinCode, "requirement.pinCode"),
        (Condition::Mrtd, "requirement.mrtd"),
        (Condition::CardReader, "requirement.cardReader"),
        (Condition::CertificatePolicies, "requirement.certificatePolicies"),
        (Condition::Risk, "requirement.risk"),
        (Condition::TokenStartRequired, "requirement.tokenStartRequired"),
        (Condition::AutoStartTokenRequired, "requirement.autoStartTokenRequired"),
        (Condition::AllowFingerprint, "requirement.allowFingerprint"),
        (Condition::IssuerCn, "requirement.issuerCn"),
    ];
    PATHS.iter().find(|(condition, _)| requirement.is_mistyped(*condition)).map(|(_, path)| *path)
}

/// An OID in dotted decimal, or one with a single `*` in place of a number from the fifth on (section 3).
fn is_policy(text: &str) -> bool {
    let mut wildcards = 0;
    let mut numbers = 0;
    for (index, part) in text.split('.').enumerate() {
        let fits = match part {
            "*" => {
                wildcards += 1;
                index >= 4
            }
            // The first number of an OID is 0, 1 or 2 and no number has a leading zero.
            "0" | "1" | "2" => true,
            _ => {
                index > 0
                    && !part.starts_with('0')
                    && !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_digit())
            }
        };
        if !fits {
            return false;
        }
        numbers += 1;
    }
    numbers >= 2 && wildcards <= 1
}

/// Reads a requirement of the given operation, or `null`.
pub(super) struct RequirementSeed {
    pub(super) version: ApiVersion,
    pub(super) operation: Operation,
}

impl<'de> DeserializeSeed<'de> for RequirementSeed {
    type Value = Option<Requirement<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RequirementSeed {
    type Value = Option<Requirement<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut requirement = Requirement::default();
        let mut seen = 0;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let Some(condition) = Condition::find(&key, self.version, self.operation) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & condition.bit() != 0 {
                return Err(de::Error::duplicate_field(condition.name()));
            }
            seen |= condition.bit();
            let value = map.next_value::<Loose<'de>>()?;
            if !requirement.take(condition, value) {
                requirement.mistyped |= condition.bit();
            }
        }
        Ok(Some(requirement))
    }
}

impl<'a> Requirement<'a> {
    /// Puts a value in its place; says no if its type does not fit.
    fn take(&mut self, condition: Condition, value: Loose<'a>) -> bool {
        match condition {
            Condition::PinCode => value.into_bool(&mut self.pin_code),
            Condition::Mrtd => value.into_bool(&mut self.mrtd),
            Condition::CardReader => value.into_text(&mut self.card_reader),
            Condition::CertificatePolicies => value.into_list(&mut self.certificate_policies),
            Condition::PersonalNumber => value.into_text(&mut self.personal_number),
            Condition::Risk => value.into_text(&mut self.risk),
            Condition::TokenStartRequired => value.into_bool(&mut self.token_start_required),
            Condition::AutoStartTokenRequired => {
                value.into_bool(&mut self.auto_start_token_required)
            }
            Condition::AllowFingerprint => value.into_bool(&mut self.allow_fingerprint),
            Condition::IssuerCn => value.into_list(&mut self.issuer_cn),
        }
    }
}

/// Any JSON value, as far as a requirement can use it.
enum Loose<'a> {
    Null,
    Bool(bool),
    Text(Text<'a>),
    List(Vec<Text<'a>>),
    Useless,
}

impl<'a> Loose<'a> {
    fn into_bool(self, place: &mut Option<bool>) -> bool {
        match self {
            Self::Bool(value) => *place = Some(value),
            Self::Null => *place = None,
            Self::Text(_) | Self::List(_) | Self::Useless => return false,
        }
        true
    }

    fn into_text(self, place: &mut Option<Text<'a>>) -> bool {
        match self {
            Self::Text(text) => *place = Some(text),
            Self::Null => *place = None,
            Self::Bool(_) | Self::List(_) | Self::Useless => return false,
        }
        true
    }

    fn into_list(self, place: &mut Option<Vec<Text<'a>>>) -> bool {
        match self {
            Self::List(list) => *place = Some(list),
            Self::Null => *place = None,
            Self::Bool(_) | Self::Text(_) | Self::Useless => return false,
        }
        true
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Loose<'de>, E> {
        Ok(Loose::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose<'de>, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Loose<'de>, E> {
        Ok(Loose::Useless)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Loose<'de>, E> {
        Ok(Loose::Useless)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose<'de>, E> {
        Ok(Loose::Useless)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(Text::from(text).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose<'de>, A::Error> {
        let mut list = Vec::new();
        let mut fits = true;
        while let Some(item) = seq.next_element::<Loose<'de>>()? {
            match item {
                Loose::Text(text) => list.push(text),
                Loose::Null | Loose::Bool(_) | Loose::List(_) | Loose::Useless => fits = false,
            }
        }
        Ok(if fits { Loose::List(list) } else { Loose::Useless })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Useless)
    }
}

impl Serialize for Requirement<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.mistyped != 0 {
            return Err(ser::Error::custom(
                "a requirement whose members had wrong types cannot be written again",
            ));
        }
        let mut map = serializer.serialize_map(None)?;
        entry(&mut map, Condition::PinCode, self.pin_code.as_ref())?;
        entry(&mut map, Condition::Mrtd, self.mrtd.as_ref())?;
        entry(&mut map, Condition::CardReader, self.card_reader.as_ref())?;
        entry(&mut map, Condition::CertificatePolicies, self.certificate_policies.as_ref())?;
        entry(&mut map, Condition::PersonalNumber, self.personal_number.as_ref())?;
        entry(&mut map, Condition::Risk, self.risk.as_ref())?;
        entry(&mut map, Condition::TokenStartRequired, self.token_start_required.as_ref())?;
        entry(
            &mut map,
            Condition::AutoStartTokenRequired,
            self.auto_start_token_required.as_ref(),
        )?;
        entry(&mut map, Condition::AllowFingerprint, self.allow_fingerprint.as_ref())?;
        entry(&mut map, Condition::IssuerCn, self.issuer_cn.as_ref())?;
        map.end()
    }
}

fn entry<M: SerializeMap>(
    map: &mut M,
    condition: Condition,
    value: Option<&impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(condition.name(), value))
}
