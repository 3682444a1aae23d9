//! The Swedish BankID relying-party protocol, version 6.0 (and 5.1 as a compatibility mode), as types and rules.
//!
//! What is here: requests with the checks BankID's server makes, answers, hint and error codes, personal numbers, the
//! animated QR code and how it is drawn, launch links and the recommended user messages. Sections in the documentation
//! ("2.12") are those of `docs/protocol.md` in the repository.
//!
//! What is not here: input and output, clocks and randomness. Whoever needs the time passes it in.
//!
//! ```
//! use bankid_core::request::{ApiVersion, Operation, Start};
//!
//! let start = Start::parse(ApiVersion::V6_0, Operation::Auth, br#"{"endUserIp":"203.0.113.25"}"#)?;
//! let checked = start.check()?;
//! assert!(!checked.starts_by_number);
//!
//! let refused = Start::parse(ApiVersion::V6_0, Operation::Auth, br#"{"endUserIp":""}"#)?;
//! assert_eq!(refused.check().unwrap_err().details(), "Invalid endUserIp");
//! # Ok::<(), bankid_core::error::Invalid>(())
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod calendar;
pub mod collect;
pub mod error;
pub mod launch;
pub mod markdown;
pub mod message;
pub mod order;
mod other;
pub mod personal_number;
pub mod plaintext;
pub mod qr;
pub mod request;
pub mod symbol;
pub mod text;
pub mod update;
pub mod v5;
pub mod verify;
mod word;

pub use other::OtherMembers;
pub use personal_number::PersonalNumber;
pub use text::Text;
