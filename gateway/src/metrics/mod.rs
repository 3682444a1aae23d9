//! What an operator watches, counted for Prometheus: calls of the API, calls to BankID, and how orders end.
//!
//! Labels take few values whatever a peer sends, and none is about a person. Nothing here knows what is counted means, nor
//! how it is fetched; without the feature `server` nothing is counted.

#[cfg_attr(feature = "server", path = "counted.rs")]
#[cfg_attr(not(feature = "server"), path = "uncounted.rs")]
mod counters;

pub(crate) use self::counters::Metrics;
