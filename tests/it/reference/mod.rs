//! The rows of the reference, one test each; `rows` checks that none is missing.
//!
//! Every document here is written by hand from `docs/protocol.md`, never taken from our own output: client and
//! simulator share types, so only the reference can tell that both are right.

mod collect;
mod errors;
mod lifetimes;
mod requests;
mod requirement;
mod simulator_rules;
mod texts;
mod transport;
