//! The place that every completion passes before a client hands it out (10.8).
//!
//! [`VerifyCompletion`] is what stands there: it is shown the completion and what the relying party asked for, and lets it
//! through or says which step failed. The trait is all there is here; who verifies signatures brings the cryptography.
//!
//! ```
//! use bankid_core::collect::Base64;
//! use bankid_core::verify::{Completion, Expected, Refusal, Step, VerifyCompletion};
//!
//! /// Refuses everybody but the person that the order was for.
//! #[derive(Debug)]
//! struct ExpectedPerson;
//!
//! impl VerifyCompletion for ExpectedPerson {
//!     fn verify(&self, completion: &Completion<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
//!         let wanted = expected.sent.and_then(|sent| sent.personal_number);
//!         match wanted {
//!             Some(number) if number != completion.user.personal_number => {
//!                 Err(Refusal::new(Step::Business, "somebody else than the order was for"))
//!             }
//!             _ => Ok(()),
//!         }
//!     }
//! }
//! ```
use alloc::boxed::Box;
use core::fmt;

use crate::collect::{Base64, CompletionData, Device, User};
use crate::order::OrderRef;
use crate::request::{ApiVersion, Checked, Operation, TextFormat};
use crate::word::words;
use crate::{PersonalNumber, v5};

/// Judges completions. One judge serves all orders of a client, from many threads.
pub trait VerifyCompletion: fmt::Debug + Send + Sync {
    /// Lets a completion through, or says why not.
    ///
    /// # Errors
    /// Which step failed, and why.
    fn verify(&self, completion: &Completion<'_>, expected: &Expected<'_>) -> Result<(), Refusal>;
}

/// What the two versions' completion data have in common (4.5).
#[derive(Clone, Copy, Debug)]
pub struct Completion<'a> {
    /// The person.
    pub user: &'a User,
    /// The device with the BankID app.
    pub device: &'a Device,
    /// The XML signature, base64.
    pub signature: &'a Base64,
    /// The OCSP response, base64.
    pub ocsp_response: &'a Base64,
}

impl<'a> From<&'a CompletionData> for Completion<'a> {
    fn from(data: &'a CompletionData) -> Self {
        let CompletionData { user, device, signature, ocsp_response, .. } = data;
        Self { user, device, signature, ocsp_response }
    }
}

impl<'a> From<&'a v5::CompletionData> for Completion<'a> {
    fn from(data: &'a v5::CompletionData) -> Self {
        let v5::CompletionData { user, device, signature, ocsp_response, .. } = data;
        Self { user, device, signature, ocsp_response }
    }
}

/// What the completion has to fit.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The order it was collected for.
    pub order_ref: &'a OrderRef,
    /// The relying party's own subject name, in the spelling of `srvInfo/name` (10.4).
    pub relying_party: &'a str,
    /// What the order asked for; nothing if the client was given no more than its name.
    pub sent: Option<Sent<'a>>,
    /// When the completion was received, in Unix milliseconds.
    pub received_at_unix_ms: u64,
}

/// What was asked of the user (10.8, step 17). Texts are base64 as they were sent.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    /// The version it was sent by.
    pub version: ApiVersion,
    /// The operation that started the order.
    pub operation: Operation,
    /// The text shown.
    pub user_visible_data: Option<&'a str>,
    /// How it was shown.
    pub user_visible_data_format: TextFormat,
    /// What was signed but not shown.
    pub user_non_visible_data: Option<&'a str>,
    /// The person who had to complete the order.
    pub personal_number: Option<PersonalNumber>,
    /// The kinds of BankID allowed, as OIDs; empty if all are.
    pub certificate_policies: &'a [crate::Text<'a>],
}

impl<'a> From<&Checked<'a>> for Sent<'a> {
    fn from(checked: &Checked<'a>) -> Self {
        Self {
            version: checked.version,
            operation: checked.operation,
            user_visible_data: checked.user_visible_data,
            user_visible_data_format: checked.user_visible_data_format,
            user_non_visible_data: checked.user_non_visible_data,
            personal_number: checked.personal_number,
            certificate_policies: checked.requirement.certificate_policies,
        }
    }
}

impl fmt::Debug for Sent<'_> {
    /// What the order was, not what it was about.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("version", &self.version)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

words! {
    /// The part of the verification that failed, after the steps of 10.8.
    pub enum Step {
        /// Reading the parts: encoding, size, structure (1 to 5, 9).
        Structure = "structure",
        /// The digests of signed data and certificates (6).
        Digest = "digest",
        /// The user's signature (7).
        Signature = "signature",
        /// The OCSP response: status, whom it is about, who signed it (10, 11).
        Ocsp = "ocsp",
        /// That signature and OCSP response belong together (12).
        Nonce = "nonce",
        /// The way from the user's certificate to the pinned root (13).
        Chain = "chain",
        /// The age of the result (14).
        Time = "time",
        /// What the user's certificate is for (15, 16).
        Usage = "usage",
        /// Person, relying party, texts (17).
        Business = "business",
    }
}

/// Why a completion is not handed out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} failed: {reason}", step.as_str())]
pub struct Refusal {
    /// The step that failed.
    pub step: Step,
    /// Why, for the relying party's developers; never with personal data.
    pub reason: Box<str>,
}

impl Refusal {
    /// A refusal at this step.
    pub fn new(step: Step, reason: impl Into<Box<str>>) -> Self {
        Self { step, reason: reason.into() }
    }
}

#[cfg(test)]
mod tests;
