//! What suites and fuzzers share. The suites themselves are in `it/`.
#![forbid(unsafe_code)]

pub mod targets;
