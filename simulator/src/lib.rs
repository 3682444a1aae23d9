//! Placeholder until its first content lands.
#![forbid(unsafe_code)]

#[expect(dead_code, reason = "the lanes, which use it, land next")]
pub mod clock;
mod completion;
pub mod config;
mod document;
#[expect(dead_code, unused_imports, reason = "the lanes, which use it, land next")]
pub mod fault;
#[cfg(test)]
mod golden;
#[expect(dead_code, reason = "temporary")]
mod http;
mod nearest;
pub mod persona;
pub mod pki;
#[expect(dead_code, unused_imports, reason = "the lanes, which use it, land next")]
pub mod rule;
pub mod scenario;
#[expect(dead_code, reason = "temporary")]
mod telemetry;
#[expect(dead_code, reason = "the lanes, which use it, land next")]
mod token;
