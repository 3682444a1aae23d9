//! What a completed BankID order proves (section 10 of `docs/protocol.md`).
//!
//! So far one reader: [`certificates`] takes those of the user and the authorities above out of `completionData.signature`,
//! and [`Certificate`] says what a certificate says. Section numbers in the documentation are those of `docs/protocol.md`.
//!
//! It does not verify anything yet: neither the signature, nor the OCSP response, nor that a certificate was issued by the
//! next. Read certificates tell what the document claims. It does no I/O and reads no clock.
//!
//! ```
//! let completion = r#"{"signature":"PFNpZ25hdHVyZS8+"}"#;
//! # let signature = "PFNpZ25hdHVyZS8+";
//! let refused = bankid_signature::certificates(signature).unwrap_err();
//! assert_eq!(refused.to_string(), "the root element is not a signature of XMLDSig");
//! ```
#![forbid(unsafe_code)]

mod certificate;
mod error;
mod xml;

pub use certificate::{Certificate, KeyUsage, Name};
pub use error::{BadCertificate, Error};
pub use xml::certificates;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct Readme;
