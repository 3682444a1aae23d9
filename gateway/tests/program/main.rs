//! The program as a process: what it prints, how signals end it, what clients cannot do to it, and what its log does not say.
#![cfg(unix)]

// Clippy allows in tests what it does not elsewhere, and knows a test by this.
#[cfg(test)]
mod clients;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod log;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod running;
#[cfg(test)]
mod signals;

#[cfg(test)]
#[path = "../../../tests/support/redis.rs"]
mod redis;
