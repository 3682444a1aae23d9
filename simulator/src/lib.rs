//! Placeholder until its first content lands.
#![forbid(unsafe_code)]

#[expect(dead_code, reason = "temporary")]
pub mod clock;
mod completion;
pub mod config;
mod document;
pub mod fault;
#[cfg(test)]
mod golden;
#[expect(dead_code, reason = "temporary")]
mod http;
#[expect(dead_code, unused_imports, reason = "temporary")]
mod lane;
mod nearest;
#[expect(dead_code, unused_imports, reason = "temporary")]
mod order;
pub mod persona;
pub mod pki;
pub mod rule;
pub mod scenario;
#[expect(dead_code, reason = "temporary")]
mod store;
#[expect(dead_code, reason = "temporary")]
mod telemetry;
#[expect(dead_code, reason = "temporary")]
mod token;
