//! The result of an order.

use bankid_core::OtherMembers;
use bankid_core::collect::{CompletionData, Device, IssueDate, Risk, StepUp, User};
use serde::Serialize;

/// A complete order. The members up to `ocspResponse` are the documentation's, in its order.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Completed<'a> {
    /// Names the order.
    order_ref: &'a str,
    #[cfg_attr(test, schemars(extend("const" = "complete")))]
    status: &'static str,
    completion_data: Completion<'a>,
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    other: &'a OtherMembers,
}

/// Who completed an order, and the proof of it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Completion<'a> {
    #[cfg_attr(test, schemars(with = "crate::openapi::core::User"))]
    user: &'a User,
    #[cfg_attr(test, schemars(with = "crate::openapi::core::Device"))]
    device: &'a Device,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert: Option<&'a Certificate>,
    /// The XML signature, in base64.
    signature: &'a str,
    /// The OCSP response, in base64.
    ocsp_response: &'a str,
    /// The day the BankID was issued, such as `2023-11-29Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    bank_id_issue_date: Option<&'a IssueDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<crate::openapi::core::StepUp>"))]
    step_up: Option<&'a StepUp>,
    /// The risk, if it was asked for: `low`, `moderate`, `high`, or a word to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    risk: Option<&'a Risk>,
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    other: &'a OtherMembers,
}

impl<'a> Completed<'a> {
    pub(super) fn new(
        order_ref: &'a str,
        data: &'a CompletionData,
        cert: Option<&'a Certificate>,
        other: &'a OtherMembers,
    ) -> Self {
        let completion_data = Completion {
            user: &data.user,
            device: &data.device,
            cert,
            signature: data.signature.as_str(),
            ocsp_response: data.ocsp_response.as_str(),
            bank_id_issue_date: data.bank_id_issue_date.as_ref(),
            step_up: data.step_up.as_ref(),
            risk: data.risk.as_ref(),
            other: &data.other,
        };
        Self { order_ref, status: "complete", completion_data, other }
    }
}

/// When the user's certificate is valid, in Unix milliseconds as text. v6.0 does not tell it any more, but the certificate
/// lies in the signature (10.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Certificate {
    pub(super) not_before: String,
    pub(super) not_after: String,
}

/// A signature without a certificate that can be read proves nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCertificate {
    #[error("the signature of a completion cannot be read")]
    Unreadable(#[from] bankid_signature::Error),
    #[error("the signature of a completion holds no certificate")]
    Missing,
}

impl Certificate {
    /// That of the user, who comes first.
    pub(crate) fn of(data: &CompletionData) -> Result<Self, NoCertificate> {
        let certificates = bankid_signature::certificates(data.signature.as_str())?;
        let user = certificates.first().ok_or(NoCertificate::Missing)?;
        Ok(Self {
            not_before: user.not_before_ms().to_string(),
            not_after: user.not_after_ms().to_string(),
        })
    }
}
