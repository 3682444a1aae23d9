//! Which limits hold: the builder's, else those of the configuration, else the defaults.

use serve::BodyLimits;

use super::Builder;
use crate::{config::Span, http::Settings};

/// How much all lanes may hold.
pub(super) struct OfLanes {
    pub(super) orders: usize,
    pub(super) text_bytes: usize,
    pub(super) lanes: usize,
}

pub(super) fn of_lanes(builder: &Builder) -> OfLanes {
    let configured = &builder.config.limits;
    let or = |set: Option<usize>, configured: Option<usize>, default| {
        set.or(configured).unwrap_or(default)
    };
    OfLanes {
        orders: or(builder.max_orders, configured.orders.map(number), Builder::DEFAULT_MAX_ORDERS),
        text_bytes: or(
            builder.max_text_bytes,
            configured.text_bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)),
            Builder::DEFAULT_MAX_TEXT_BYTES,
        ),
        lanes: or(builder.max_lanes, configured.lanes.map(number), Builder::DEFAULT_MAX_LANES),
    }
}

/// What clients can make the ports hold.
pub(super) fn of_ports(builder: &Builder) -> serve::Limits {
    if let Some(limits) = &builder.limits {
        return limits.clone();
    }
    let configured = &builder.config.limits;
    let default = serve::Limits::default();
    let time = |configured: Option<Span>, default| configured.map_or(default, |Span(time)| time);
    serve::Limits {
        connections: configured.connections.map_or(default.connections, number),
        head_bytes: configured.head_bytes.map_or(default.head_bytes, number),
        head_time: time(configured.head_time, default.head_time),
        idle_time: time(configured.idle_time, default.idle_time),
        handshake_time: time(configured.handshake_time, default.handshake_time),
        drain_time: time(configured.drain_time, default.drain_time),
    }
}

/// What a body may cost.
pub(super) fn of_bodies(builder: &Builder) -> BodyLimits {
    let configured = &builder.config.limits;
    let default = Settings::default().body;
    BodyLimits {
        bytes: builder
            .max_body_bytes
            .or(configured.body_bytes.map(number))
            .unwrap_or(default.bytes),
        time: builder
            .body_time
            .or(configured.body_time.map(|Span(time)| time))
            .unwrap_or(default.time),
    }
}

/// On a machine whose words cannot count that far, as many as it can.
fn number(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
