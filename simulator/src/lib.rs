//! Placeholder until its first content lands.
#![forbid(unsafe_code)]

pub mod config;
mod document;
#[cfg(test)]
mod golden;
mod nearest;
pub mod pki;
