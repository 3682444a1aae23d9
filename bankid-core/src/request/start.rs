//! The request that starts an order, as it stands on the wire.
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

use super::device::{App, Web};
use super::member::Member;
use super::object::Object;
use super::requirement::{Requirement, RequirementSeed};
use super::transaction::Transaction;
use super::{ApiVersion, Operation};
use crate::Text;
use crate::error::Invalid;

/// A request that starts an order, read but not yet checked. Members that are not the operation's (2.2) are never set by
/// [`Start::parse`]. Text is borrowed from the body wherever JSON lets it be.
#[derive(Clone, PartialEq, Eq)]
pub struct Start<'a> {
    pub(super) version: ApiVersion,
    pub(super) operation: Operation,
    pub(super) call_initiator: Option<Text<'a>>,
    pub(super) personal_number: Option<Text<'a>>,
    pub(super) end_user_ip: Option<Text<'a>>,
    pub(super) user_visible_transaction: Option<Transaction<'a>>,
    pub(super) risk_flags: Option<Vec<Text<'a>>>,
    pub(super) return_url: Option<Text<'a>>,
    pub(super) return_risk: Option<bool>,
    pub(super) user_visible_data: Option<Text<'a>>,
    pub(super) user_visible_data_format: Option<Text<'a>>,
    pub(super) user_non_visible_data: Option<Text<'a>>,
    pub(super) app: Option<App<'a>>,
    pub(super) web: Option<Web<'a>>,
    pub(super) requirement: Option<Requirement<'a>>,
}

impl<'a> Start<'a> {
    pub(super) const fn new(version: ApiVersion, operation: Operation) -> Self {
        Self {
            version,
            operation,
            call_initiator: None,
            personal_number: None,
            end_user_ip: None,
            user_visible_transaction: None,
            risk_flags: None,
            return_url: None,
            return_risk: None,
            user_visible_data: None,
            user_visible_data_format: None,
            user_non_visible_data: None,
            app: None,
            web: None,
            requirement: None,
        }
    }

    /// The version whose rules apply.
    pub const fn version(&self) -> ApiVersion {
        self.version
    }

    /// The operation whose rules apply.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Reads a body: one JSON object in UTF-8 whose members have the right types. Unknown members, and members that belong
    /// to other operations, are ignored whatever their type; `null` means absent; a known member given twice is refused.
    ///
    /// # Errors
    /// `Invalid request`, with the member where reading stopped.
    pub fn parse(
        version: ApiVersion,
        operation: Operation,
        body: &'a [u8],
    ) -> Result<Self, Invalid> {
        let text = core::str::from_utf8(body).or(Err(Invalid::request(None)))?;
        let mut start = Self::new(version, operation);
        let mut reading = None;
        let mut json = serde_json::Deserializer::from_str(text);
        let seed = StartSeed { start: &mut start, reading: &mut reading };
        match seed.deserialize(&mut json) {
            Ok(()) if json.end().is_ok() => Ok(start),
            Ok(()) | Err(_) => Err(Invalid::request(reading)),
        }
    }
}

/// Fills in a request where it lies: it is large, and to hand it on from function to function takes longer than reading
/// a small one.
struct StartSeed<'r, 'a> {
    start: &'r mut Start<'a>,
    /// The member being read, for the error.
    reading: &'r mut Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for StartSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for StartSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { start, reading } = self;
        let (version, operation) = (start.version, start.operation);
        let mut seen = 0;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let Some(member) = Member::find(&key, version, operation) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            *reading = Some(member.name());
            if seen & member.bit() != 0 {
                return Err(de::Error::duplicate_field(member.name()));
            }
            seen |= member.bit();
            match member {
                Member::CallInitiator => start.call_initiator = map.next_value()?,
                Member::PersonalNumber => start.personal_number = map.next_value()?,
                Member::EndUserIp => start.end_user_ip = map.next_value()?,
                Member::UserVisibleTransaction => {
                    start.user_visible_transaction = map.next_value::<Object<_>>()?.0;
                }
                Member::RiskFlags => start.risk_flags = map.next_value()?,
                Member::ReturnUrl => start.return_url = map.next_value()?,
                Member::ReturnRisk => start.return_risk = map.next_value()?,
                Member::UserVisibleData => start.user_visible_data = map.next_value()?,
                Member::UserVisibleDataFormat => {
                    start.user_visible_data_format = map.next_value()?;
                }
                Member::UserNonVisibleData => start.user_non_visible_data = map.next_value()?,
                Member::App => start.app = map.next_value::<Object<_>>()?.0,
                Member::Web => start.web = map.next_value::<Object<_>>()?.0,
                Member::Requirement => {
                    start.requirement =
                        map.next_value_seed(RequirementSeed { version, operation })?;
                }
            }
            *reading = None;
        }
        Ok(())
    }
}

impl Serialize for Start<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entry(&mut map, Member::CallInitiator, self.call_initiator.as_ref())?;
        entry(&mut map, Member::PersonalNumber, self.personal_number.as_ref())?;
        entry(&mut map, Member::EndUserIp, self.end_user_ip.as_ref())?;
        entry(&mut map, Member::UserVisibleTransaction, self.user_visible_transaction.as_ref())?;
        entry(&mut map, Member::RiskFlags, self.risk_flags.as_ref())?;
        entry(&mut map, Member::ReturnUrl, self.return_url.as_ref())?;
        entry(&mut map, Member::ReturnRisk, self.return_risk.as_ref())?;
        entry(&mut map, Member::UserVisibleData, self.user_visible_data.as_ref())?;
        entry(&mut map, Member::UserVisibleDataFormat, self.user_visible_data_format.as_ref())?;
        entry(&mut map, Member::UserNonVisibleData, self.user_non_visible_data.as_ref())?;
        entry(&mut map, Member::App, self.app.as_ref())?;
        entry(&mut map, Member::Web, self.web.as_ref())?;
        entry(&mut map, Member::Requirement, self.requirement.as_ref())?;
        map.end()
    }
}

fn entry<M: SerializeMap>(
    map: &mut M,
    member: Member,
    value: Option<&impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(member.name(), value))
}

impl fmt::Debug for Start<'_> {
    /// Text shows its length only: it may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("version", &self.version)
            .field("operation", &self.operation)
            .field("end_user_ip", &self.end_user_ip)
            .field("personal_number", &self.personal_number)
            .field("requirement", &self.requirement)
            .finish_non_exhaustive()
    }
}
