//! The answer of `/collect`: why an order still waits, why it failed, or who completed it (section 4).
//!
//! Hints and members that nobody knows yet are kept as they came, because BankID adds both without notice; `status` alone
//! decides whether to go on. Polling is the caller's, and so is the verification of the signed result.
//!
//! ```
//! use bankid_core::collect::{Collect, PendingHint};
//!
//! let answer: Collect = serde_json::from_str(
//!     r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"userSign"}"#,
//! )?;
//! assert!(matches!(answer, Collect::Pending { hint_code: Some(PendingHint::UserSign), .. }));
//! # Ok::<(), serde_json::Error>(())
//! ```
use alloc::boxed::Box;
use core::fmt;

use serde::de::{self, Deserializer};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::days_in_month;
use crate::order::OrderRef;
use crate::word::words;
use crate::{OtherMembers, PersonalNumber};

words! {
    /// Why a pending order is still pending (4.2).
    pub enum PendingHint {
        /// The order exists but no app has picked it up.
        OutstandingTransaction = "outstandingTransaction",
        /// The app has not been started or has not contacted the server.
        NoClient = "noClient",
        /// The app was started but has found no usable BankID yet.
        Started = "started",
        /// The app waits for a passport or identity card to be read.
        UserMrtd = "userMrtd",
        /// A phone order asks whether the user is in a call with the relying party.
        UserCallConfirm = "userCallConfirm",
        /// The app waits for the user's code or biometrics.
        UserSign = "userSign",
        /// The order is being finished.
        Processing = "processing",
        /// The user must choose how to confirm the identity.
        UserStepUp = "userStepUp",
        /// Facial recognition is going on in the app.
        UserFace = "userFace",
    } else {
        /// A hint this version does not know, kept as it came: go on polling.
        Other
    }
}

words! {
    /// Why a failed order failed (4.3).
    pub enum FailedHint {
        /// The app was never started, the user did not finish, or the collect came too late.
        ExpiredTransaction = "expiredTransaction",
        /// The user's BankID is blocked, revoked or no longer valid.
        CertificateErr = "certificateErr",
        /// The user cancelled in the app.
        UserCancel = "userCancel",
        /// The system cancelled the order because a new one for the user arrived.
        Cancelled = "cancelled",
        /// Nobody picked the order up within the start time limit.
        StartFailed = "startFailed",
        /// The user said they are not in a call with the relying party.
        UserDeclinedCall = "userDeclinedCall",
        /// The user's app is too old for what the order asks.
        NotSupportedByUserApp = "notSupportedByUserApp",
        /// The risk was too high.
        TransactionRiskBlocked = "transactionRiskBlocked",
        /// Reading or checking the identity document failed.
        MrtdVerificationFailed = "mrtdVerificationFailed",
        /// Facial recognition failed.
        FacialRecognitionFailed = "facialRecognitionFailed",
        /// The device cannot read chips.
        NfcNotSupportedByDevice = "nfcNotSupportedByDevice",
        /// The user has more than one BankID on the device and must remove all but one.
        MultipleBankIdsOnDevice = "multipleBankIdsOnDevice",
        /// The extra confirmation of the identity failed.
        StepUpFailed = "stepUpFailed",
    } else {
        /// A hint this version does not know, kept as it came: the order has failed all the same.
        Other
    }
}

words! {
    /// The risk BankID computed for an order (4.5).
    pub enum Risk {
        /// Nothing suspicious in the data.
        Low = "low",
        /// May need action by the relying party.
        Moderate = "moderate",
        /// The relying party should stop the order.
        High = "high",
    } else {
        /// A value this version does not know, kept as it came.
        Other
    }
}

/// The answer of `/collect` (4.1). `D` is the completion data: v6.0's unless said otherwise, see [`v5`](crate::v5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collect<D = CompletionData> {
    /// The order waits; collect again.
    Pending {
        /// Echo of the request.
        order_ref: OrderRef,
        /// Why it waits; missing in rare cases.
        hint_code: Option<PendingHint>,
        /// Members this version does not know.
        other: OtherMembers,
    },
    /// The order is over without a result.
    Failed {
        /// Echo of the request.
        order_ref: OrderRef,
        /// Why it failed; missing in rare cases.
        hint_code: Option<FailedHint>,
        /// Members this version does not know.
        other: OtherMembers,
    },
    /// The order is over, and this is the only time its result is handed out.
    Complete {
        /// Echo of the request.
        order_ref: OrderRef,
        /// Who completed the order, and the proof of it.
        completion_data: Box<D>,
        /// Members this version does not know.
        other: OtherMembers,
    },
}

impl<D> Collect<D> {
    /// The order this is about.
    pub const fn order_ref(&self) -> &OrderRef {
        match self {
            Self::Pending { order_ref, .. }
            | Self::Failed { order_ref, .. }
            | Self::Complete { order_ref, .. } => order_ref,
        }
    }

    /// Whether the order is over; there is nothing more to collect then.
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::Pending { .. })
    }
}

impl<D: Serialize> Serialize for Collect<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (status, hint, other) = match self {
            Self::Pending { hint_code, other, .. } => {
                ("pending", hint_code.as_ref().map(PendingHint::as_str), other)
            }
            Self::Failed { hint_code, other, .. } => {
                ("failed", hint_code.as_ref().map(FailedHint::as_str), other)
            }
            Self::Complete { other, .. } => ("complete", None, other),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("orderRef", self.order_ref())?;
        map.serialize_entry("status", status)?;
        if let Some(hint) = hint {
            map.serialize_entry("hintCode", hint)?;
        }
        if let Self::Complete { completion_data, .. } = self {
            map.serialize_entry("completionData", completion_data)?;
        }
        for (name, value) in other.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, D: Deserialize<'de>> Deserialize<'de> for Collect<D> {
    fn deserialize<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        let Flat { order_ref, status, hint_code, completion_data, mut other } =
            Flat::deserialize(deserializer)?;
        match &*status {
            "pending" => Ok(Self::Pending {
                order_ref,
                hint_code: hint_code.map(|hint| (*hint).into()),
                other,
            }),
            "failed" => Ok(Self::Failed {
                order_ref,
                hint_code: hint_code.map(|hint| (*hint).into()),
                other,
            }),
            "complete" => {
                // No known answer has both, but one that had would not lose its hint here.
                if let Some(hint) = hint_code {
                    other.insert("hintCode".into(), Value::from(&*hint));
                }
                let completion_data =
                    completion_data.ok_or_else(|| de::Error::missing_field("completionData"))?;
                Ok(Self::Complete { order_ref, completion_data, other })
            }
            _ => Err(de::Error::custom("the status is none of pending, failed and complete")),
        }
    }
}

/// Every known member of the answer, whatever its status.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "D: Deserialize<'de>")]
struct Flat<D> {
    order_ref: OrderRef,
    status: Box<str>,
    hint_code: Option<Box<str>>,
    completion_data: Option<Box<D>>,
    #[serde(flatten)]
    other: OtherMembers,
}

/// The result of a completed order (4.5). `Debug` hides what is personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletionData {
    /// The person.
    pub user: User,
    /// The device with the BankID app.
    pub device: Device,
    /// The day the BankID was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_id_issue_date: Option<IssueDate>,
    /// The extra checks, if any was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
    /// The XML signature, base64 (section 10).
    pub signature: Base64,
    /// The OCSP response, base64 of DER (10.7).
    pub ocsp_response: Base64,
    /// The risk, if it was asked for and could be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

/// The person who completed an order (4.5). Names are as the bank wrote them; the number is the key. `Debug` hides them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The personal number.
    pub personal_number: PersonalNumber,
    /// Given name and surname.
    pub name: Box<str>,
    /// Given name.
    pub given_name: Box<str>,
    /// Surname.
    pub surname: Box<str>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(hidden)")
    }
}

/// The device with the BankID app (4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The device's address as BankID sees it, in the server's own spelling.
    pub ip_address: Box<str>,
    /// Unique hardware identifier, opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uhi: Option<Box<str>>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

/// The extra checks of an order (4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepUp {
    /// Whether the passport or identity card was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrtd: Option<bool>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

/// The day a BankID was issued, in the server's own spelling (13.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssueDate(Box<str>);

impl IssueDate {
    /// The text as the server sent it, such as `2023-11-29Z`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year, month and day, whether `Z`, an offset or nothing follows them. Nothing if the text is of no known form.
    pub fn date(&self) -> Option<(u16, u8, u8)> {
        let (date, zone) = self.0.split_at_checked(10)?;
        let zone_known = match zone.as_bytes() {
            [] | [b'Z'] => true,
            [b'+' | b'-', a, b, b':', c, d] => {
                [a, b, c, d].iter().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        };
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        let real = (1..=days_in_month(year.into(), month.into())).contains(&day.into())
            && parts.next().is_none();
        (zone_known && real).then_some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
    }
}

/// Reads a number written with exactly this many digits.
fn digits(text: &str, count: usize) -> Option<u16> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

impl From<&str> for IssueDate {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// A large base64 document of the answer, kept as it came. It holds personal data, so `Debug` tells its length only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(Box<str>);

impl Base64 {
    /// The text as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Box<str>>> From<T> for Base64 {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests;
