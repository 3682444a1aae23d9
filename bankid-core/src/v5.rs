//! What version 5.1 answers where it differs from 6.0 (2.13). Requests are read by
//! [`Start::parse`](crate::request::Start::parse) with [`ApiVersion::V5_1`](crate::request::ApiVersion::V5_1), and built by
//! the builders here.
//!
//! BankID stopped supporting v5.1 in 2024; this is a compatibility mode, not a base for new work.
//!
//! ```
//! let answer: bankid_core::v5::Collect = serde_json::from_str(
//!     r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"userCancel"}"#,
//! )?;
//! assert!(answer.is_final());
//! # Ok::<(), serde_json::Error>(())
//! ```
use alloc::boxed::Box;
use alloc::string::ToString;

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::collect::{Base64, Device, User};

pub use crate::request::v5::{Auth, Sign};

/// The answer of v5.1's `/collect`.
pub type Collect = crate::collect::Collect<CompletionData>;

/// The result of a completed v5.1 order: with `cert`, without the members 6.0 added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletionData {
    /// The person.
    pub user: User,
    /// The device with the BankID app.
    pub device: Device,
    /// When the user's certificate is valid.
    pub cert: Cert,
    /// The XML signature, base64 (section 10).
    pub signature: Base64,
    /// The OCSP response, base64 of DER (10.7).
    pub ocsp_response: Base64,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

/// Validity of the user's certificate: Unix time in milliseconds, written as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cert {
    /// Start of validity.
    pub not_before: Box<str>,
    /// End of validity.
    pub not_after: Box<str>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl Cert {
    /// A validity from Unix times in milliseconds.
    pub fn from_ms(not_before_ms: i64, not_after_ms: i64) -> Self {
        Self {
            not_before: not_before_ms.to_string().into(),
            not_after: not_after_ms.to_string().into(),
            other: OtherMembers::new(),
        }
    }

    /// Start of validity as Unix time in milliseconds; nothing if the server wrote something else.
    pub fn not_before_ms(&self) -> Option<i64> {
        self.not_before.parse().ok()
    }

    /// End of validity as Unix time in milliseconds; nothing if the server wrote something else.
    pub fn not_after_ms(&self) -> Option<i64> {
        self.not_after.parse().ok()
    }
}
