//! The result of an order.

use bankid_core::OtherMembers;
use bankid_core::collect::{CompletionData, Device, IssueDate, Risk, StepUp, User};
use serde::Serialize;

/// A complete order. The members up to `ocspResponse` are the documentation's, in its order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Completed<'a> {
    order_ref: &'a str,
    status: &'static str,
    completion_data: Completion<'a>,
    #[serde(flatten)]
    other: &'a OtherMembers,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Completion<'a> {
    user: &'a User,
    device: &'a Device,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert: Option<&'a Certificate>,
    signature: &'a str,
    ocsp_response: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_id_issue_date: Option<&'a IssueDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_up: Option<&'a StepUp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a Risk>,
    #[serde(flatten)]
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
#[serde(rename_all = "camelCase")]
pub(crate) struct Certificate {
    not_before: String,
    not_after: String,
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
