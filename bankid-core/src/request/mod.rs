//! Requests: reading them as the server does, checking them as the server does, and writing them as a client.
//!
//! [`Start::parse`] reads the body of whatever starts an order, [`Start::check`] applies BankID's rules in BankID's order
//! (2.12) with BankID's `details`. [`parse_order_ref`] reads the body of `collect` and `cancel`. Clients use the builders,
//! one per operation, whose `build` makes the same checks before anything goes over the network.
//!
//! Not here: HTTP, the answer "already in progress" (it needs the orders), and what an order then does.
//!
//! ```
//! use bankid_core::request::{ApiVersion, Operation, Start};
//!
//! let body = br#"{"callInitiator":"rp","personalNumber":"190000000000"}"#;
//! let start = Start::parse(ApiVersion::V6_0, Operation::PhoneAuth, body)?;
//! let invalid = start.check().unwrap_err();
//! assert_eq!((invalid.member(), invalid.details()), (Some("callInitiator"), "Incorrect callInitiator"));
//! # Ok::<(), bankid_core::error::Invalid>(())
//! ```
mod build;
mod check;
mod device;
mod encoded;
mod member;
mod object;
mod order_ref;
mod requirement;
mod start;
mod transaction;

pub(crate) use build::v5;
pub use build::{Auth, OtherPayment, Payment, PhoneAuth, PhoneSign, Sign};
pub use check::{CallInitiator, Checked, TextFormat};
pub use device::{App, CheckedDevice, Web, cut_user_agent};
pub use encoded::{decode, decode_text};
pub use order_ref::{ByOrderRef, parse_order_ref};
pub use requirement::{CardReader, CheckedRequirement, policy_permits};
pub use start::Start;
pub use transaction::{CURRENCIES, CheckedMoney, CheckedTransaction, RiskFlag, TransactionType};

/// The versions of the API, as they stand in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiVersion {
    /// `v5.1`, without support since 2024 (2.13).
    V5_1,
    /// `v6.0`.
    V6_0,
}

impl ApiVersion {
    /// The version's part of the path, `v6.0`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V5_1 => "v5.1",
            Self::V6_0 => "v6.0",
        }
    }
}

/// What starts an order (2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Identification.
    Auth,
    /// Signature over a text.
    Sign,
    /// Approval of a payment or card action.
    Payment,
    /// The same, the user pointed out by personal number.
    OtherPayment,
    /// Identification during a phone call.
    PhoneAuth,
    /// Signature during a phone call.
    PhoneSign,
}

impl Operation {
    /// Every operation, in the order of the columns of 2.2.
    pub const ALL: [Self; 6] = [
        Self::Auth,
        Self::Sign,
        Self::Payment,
        Self::OtherPayment,
        Self::PhoneAuth,
        Self::PhoneSign,
    ];

    /// The operation's path below the version, without a leading slash.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Sign => "sign",
            Self::Payment => "payment",
            Self::OtherPayment => "other/payment",
            Self::PhoneAuth => "phone/auth",
            Self::PhoneSign => "phone/sign",
        }
    }

    /// Whether the version has the operation: v5.1 has only `auth` and `sign`.
    pub const fn exists_in(self, version: ApiVersion) -> bool {
        matches!(
            (version, self),
            (ApiVersion::V6_0, _) | (ApiVersion::V5_1, Self::Auth | Self::Sign)
        )
    }

    /// Whether the user is pointed out by personal number, so that the answer holds an `orderRef` only (2.1).
    pub const fn answers_order_ref_only(self) -> bool {
        matches!(self, Self::OtherPayment | Self::PhoneAuth | Self::PhoneSign)
    }
}

#[cfg(test)]
mod tests;
