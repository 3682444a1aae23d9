//! The flags that bound what the simulator holds and waits for. They win over the configuration, one by one.

use clap::Args;
use clap::builder::RangedU64ValueParser;

use crate::config::{Limits, Span, bounds};

/// Bounds, as flags.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits (each unless the configuration says otherwise)")]
pub(super) struct LimitFlags {
    /// Live orders in all lanes together [default: 1000000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_orders: Option<u32>,
    /// Bytes of text kept for live orders [default: 268435456]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..))]
    max_text_bytes: Option<u64>,
    /// Lanes, the default one included [default: 1000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_lanes: Option<u32>,
    /// Connections open at once on each port; further ones wait [default: 4096]
    #[arg(long, value_name = "NUMBER", value_parser = within(bounds::CONNECTIONS))]
    max_connections: Option<u32>,
    /// Bytes of a request's body; more is answered 400 as BankID does [default: 524288]
    #[arg(long, value_name = "BYTES", value_parser = within(bounds::BODY_BYTES))]
    max_body_bytes: Option<u32>,
    /// Bytes of a request's head; more is answered 431 [default: 32768]
    #[arg(long, value_name = "BYTES", value_parser = within(bounds::HEAD_BYTES))]
    max_head_bytes: Option<u32>,
    /// Time for a request's body to arrive; then it is answered 408 [default: 10s]
    #[arg(long, value_name = "TIME")]
    body_time: Option<Span>,
    /// Time for a request's head to arrive; then the connection is closed [default: 10s]
    #[arg(long, value_name = "TIME")]
    head_time: Option<Span>,
    /// Time a connection may stay open with nothing going on [default: 75s]
    #[arg(long, value_name = "TIME")]
    idle_time: Option<Span>,
    /// Time for a TLS handshake; then the connection is closed [default: 10s]
    #[arg(long, value_name = "TIME")]
    handshake_time: Option<Span>,
    /// Time that requests under way get to end when the simulator stops, or their client has ended its side [default: 5s]
    #[arg(long, value_name = "TIME")]
    drain_time: Option<Span>,
}

fn within(bounds: std::ops::RangeInclusive<u32>) -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(u64::from(*bounds.start())..=u64::from(*bounds.end()))
}

impl LimitFlags {
    /// The limits of a configuration, with those that are given as flags in their place.
    pub(super) fn over(self, configured: &Limits) -> Limits {
        Limits {
            orders: self.max_orders.or(configured.orders),
            text_bytes: self.max_text_bytes.or(configured.text_bytes),
            lanes: self.max_lanes.or(configured.lanes),
            connections: self.max_connections.or(configured.connections),
            body_bytes: self.max_body_bytes.or(configured.body_bytes),
            body_time: self.body_time.or(configured.body_time),
            head_bytes: self.max_head_bytes.or(configured.head_bytes),
            head_time: self.head_time.or(configured.head_time),
            idle_time: self.idle_time.or(configured.idle_time),
            handshake_time: self.handshake_time.or(configured.handshake_time),
            drain_time: self.drain_time.or(configured.drain_time),
        }
    }
}
