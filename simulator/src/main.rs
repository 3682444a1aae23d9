//! The `bankid-simulator` binary.
fn main() {}
