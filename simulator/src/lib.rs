//! A faithful simulator of the Swedish BankID relying-party API, standalone and in process.
//!
//! It answers BankID's endpoints over plain HTTP and mutual TLS as the protocol reference says, and lets tests decide
//! what pretend users do: by scenario ([`scenario`]), by rules and magic input ([`rule`]), or as a person with a virtual
//! phone ([`phone`]). Time is a lane's own ([`clock`]), so no test has to wait.
//!
//! In a test, start a [`Simulator`]. The program `bankid-simulator` is the same behind a command line.
//!
//! It is no BankID: whoever can reach it can be anybody, and nothing in it is secret.
#![forbid(unsafe_code)]

pub mod cli;
pub mod clock;
mod completion;
pub mod config;
mod document;
pub mod fault;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod guide;
mod http;
pub mod journal;
mod lane;
#[cfg(feature = "measure")]
#[doc(hidden)]
pub mod measure;
mod nearest;
mod order;
pub mod persona;
pub mod phone;
pub mod pki;
pub mod rule;
#[cfg(test)]
mod sample;
pub mod scenario;
pub mod simulator;
mod store;
mod telemetry;
mod token;

pub use self::simulator::{Answer, Builder, Called, Controller, LaneHandle, Refusal, Simulator};
