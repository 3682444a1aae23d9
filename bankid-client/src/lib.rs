//! A client of the Swedish BankID relying-party API, version 6.0 (and 5.1 as a compatibility mode), over mutual TLS.
//!
//! [`Client`] has one method per operation. What it sends are the requests of `bankid_core::request`, checked before the
//! network is touched; what it answers are the types of `bankid_core`. [`Error`] says what went wrong, with a stable
//! [`code`](Error::code) and with what may be done about it ([`Retry`], 6.4). Section numbers are those of
//! `docs/protocol.md`.
//!
//! What is not here: the rules of the protocol (they are core's), verification of signatures (a
//! [`VerifyCompletion`](bankid_core::verify::VerifyCompletion) can be plugged in), and storage of orders.
//!
//! ```no_run
//! use bankid_client::{Client, Config, Endpoint, Identity};
//!
//! # fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! let identity = Identity::from_pkcs12(&std::fs::read("FPTestcert5_20240610.p12")?, "qwerty123")?;
//! assert!(identity.days_left(1_760_000_000) > 0);
//! let client = Client::new(Config::new(Endpoint::test(), identity))?;
//! assert!(client.identity().is_some());
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod answer;
mod call;
mod client;
mod clock;
mod config;
mod date;
mod endpoint;
mod error;
mod follow;
mod identity;
mod order;
mod pem;
mod retry;
mod tls;
mod transport;

pub use call::Call;
pub use client::Client;
pub use clock::{Clock, Moment, SystemClock};
pub use config::Config;
pub use endpoint::Endpoint;
pub use error::{BadAnswer, Code, Error, Evidence, RefusedCompletion, TlsFault};
pub use follow::{AbortHandle, Follow, FollowOptions, Update};
pub use identity::{Identity, IdentityError};
pub use order::{Order, Tokens};
pub use pem::BadPem;
pub use retry::Retry;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct Readme;
