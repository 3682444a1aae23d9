//! A faithful simulator of the Swedish BankID relying-party API, standalone and in process.
#![forbid(unsafe_code)]

pub mod clock;
#[cfg_attr(not(test), expect(dead_code, reason = "temporary"))]
mod completion;
pub mod config;
mod document;
pub mod fault;
#[cfg(test)]
mod golden;
#[cfg_attr(not(test), expect(dead_code, reason = "temporary"))]
mod http;
pub mod journal;
#[expect(dead_code, reason = "temporary")]
#[cfg_attr(not(test), expect(unused_imports, reason = "temporary"))]
mod lane;
mod nearest;
mod order;
pub mod persona;
pub mod phone;
pub mod pki;
pub mod rule;
pub mod scenario;
pub mod simulator;
#[expect(dead_code, reason = "temporary")]
mod store;
#[expect(dead_code, reason = "temporary")]
mod telemetry;
mod token;
