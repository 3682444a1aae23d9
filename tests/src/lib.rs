//! Suites across all parts; see `it/`.
