//! Placeholder until its first content lands.
#![forbid(unsafe_code)]

pub mod config;
mod document;
#[cfg(test)]
mod golden;
#[expect(dead_code, reason = "temporary")]
mod http;
mod nearest;
pub mod pki;
#[expect(dead_code, reason = "temporary")]
mod telemetry;
