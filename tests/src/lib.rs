//! Suites across all parts; see `it/`.
#![forbid(unsafe_code)]
