//! What BankID hands out when a person has finished an order: the XML signature and the OCSP response (section 10).
//!
//! Both are real: digests, signatures, certificate chain and nonce hold, under a throw-away hierarchy of the shape of
//! section 10.5 whose root nobody can mistake for BankID's. Its RSA keys are made once the first order is there, and are
//! gone with the process, save for a root that is kept in a folder; nothing of this happens at start-up ([`signers`]).
//!
//! It does not offer wrong variants (section 14.5) yet, does not write the JSON around the two documents, and reads
//! neither clock nor random numbers, save for the one seed of the process's keys.

mod authorities;
mod cache;
mod certificate;
mod device;
mod ocsp;
mod signature;
mod signers;
mod swedish;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use bankid_core::PersonalNumber;
use bankid_core::collect::{IssueDate, Risk};
use bankid_core::request::{Operation, TextFormat};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::authorities::Authorities;
use self::certificate::Usage;
pub(crate) use self::signers::{Signers, keep_root};
use crate::pki::{self, RpName};

/// Everything that the completion of an order depends on, save for who collects it.
#[derive(Clone, Debug)]
pub(crate) struct CompletionFacts {
    pub(crate) person: Person,
    /// Which kind of BankID was used.
    pub(crate) kind: BankIdKind,
    /// Address of the device with the app.
    pub(crate) ip_address: IpAddr,
    /// Unique hardware identifier of the device.
    pub(crate) uhi: Box<str>,
    pub(crate) operation: Operation,
    /// The text the user saw, base64 exactly as the RP sent it.
    pub(crate) visible_data: Option<Box<str>>,
    pub(crate) format: TextFormat,
    /// The text the user did not see, base64 exactly as the RP sent it.
    pub(crate) non_visible_data: Option<Box<str>>,
    /// What the order demanded, in any order.
    pub(crate) conditions: Vec<Condition>,
    /// Whether the extra check of a passport or identity card was made, if one was asked for.
    pub(crate) mrtd: Option<bool>,
    /// The risk, if it was asked for.
    pub(crate) risk: Option<Risk>,
    /// When the order was finished, in Unix milliseconds of the lane's clock.
    pub(crate) finished_at_ms: u64,
}

/// Who finished the order, as the bank wrote it into the certificate.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) personal_number: PersonalNumber,
    pub(crate) given_name: Box<str>,
    pub(crate) surname: Box<str>,
    /// Usually given name and surname.
    pub(crate) name: Box<str>,
    /// The day the BankID was issued.
    pub(crate) issue_date: IssueDate,
}

impl fmt::Debug for Person {
    /// Shows neither number nor names.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Person").finish_non_exhaustive()
    }
}

/// The kinds of BankID (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum BankIdKind {
    /// On a telephone or tablet.
    Mobile,
    /// In a file on a computer.
    File,
    /// On a smart card.
    Card,
}

impl BankIdKind {
    /// Every kind, the most common one first.
    pub(crate) const ALL: [Self; 3] = [Self::Mobile, Self::File, Self::Card];

    /// The certificate policy of this kind in BankID's test environment.
    pub(crate) const fn policy(self) -> &'static str {
        match self {
            Self::Mobile => "1.2.3.4.25",
            Self::File => "1.2.3.4.5",
            Self::Card => "1.2.3.4.10",
        }
    }
}

/// A demand of the order as it stands in the signed data (section 10.3), for example `CertificatePolicies`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Condition {
    pub(crate) name: &'static str,
    pub(crate) value: Box<str>,
}

/// The two documents, as base64, and the validity of the certificate that signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    pub(crate) signature: String,
    pub(crate) ocsp_response: String,
    /// Start of the certificate's validity in Unix milliseconds, for v5.1.
    pub(crate) not_before_ms: i64,
    /// End of the certificate's validity in Unix milliseconds, for v5.1.
    pub(crate) not_after_ms: i64,
}

/// Why there is no completion.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the operating system gave no random bytes")]
    Random(#[source] getrandom::Error),
    #[error("no RSA key could be made")]
    Key(#[source] rsa::Error),
    #[error("no certificate could be issued, or nothing signed")]
    Issue(#[source] rcgen::Error),
    #[error("a certificate of our own could not be read")]
    OwnCertificate,
    #[error("the root kept for signatures cannot be used")]
    Kept(#[source] Arc<pki::Error>),
    #[error("the work was cut off by the end of the process")]
    CutOff,
}

/// How many random bytes a completion takes: 20 for the server's nonce and 12 for that of the OCSP response.
pub(crate) const RANDOM_BYTES: usize = 32;

fn complete_with(
    authorities: &Authorities,
    facts: &CompletionFacts,
    rp: &RpName,
    random: &[u8; RANDOM_BYTES],
) -> Result<Completion, Error> {
    let [server_nonce @ .., _, _, _, _, _, _, _, _, _, _, _, _] = random;
    let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, ocsp_salt @ ..] = random;
    let usage = Usage::of(facts.operation);
    let leaf = authorities.leaf(facts, usage)?;
    let xml = signature::document(authorities, &leaf, facts, rp, server_nonce)?;
    let signature = STANDARD.encode(xml);
    let ocsp_response = ocsp::response(authorities, &leaf, facts, &signature, ocsp_salt)?;
    Ok(Completion {
        signature,
        ocsp_response: STANDARD.encode(ocsp_response),
        not_before_ms: leaf.validity.not_before.unix_timestamp() * 1000,
        not_after_ms: leaf.validity.not_after.unix_timestamp() * 1000,
    })
}

#[cfg(test)]
mod tests;
