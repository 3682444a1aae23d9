//! Lanes and worlds: what a relying party sees of its orders, against the reference.

mod facts;
mod model;
mod orders;
mod rules;
mod threads;
mod watch;
mod world;

use std::{sync::Arc, time::Duration};

use super::{Collected, Lane, Rp, StartRefused, Started, World, WorldSettings};
use crate::{
    clock::{ClockMode, Timestamp},
    rule::Rules,
    sample::Request,
};

const START: Timestamp = Timestamp::from_unix_ms(1_700_000_000_000);

fn settings() -> WorldSettings {
    WorldSettings {
        rules: Rules::default(),
        seed: 1,
        clock: ClockMode::Frozen(START),
        max_orders: 1000,
        max_text_bytes: 1 << 20,
        max_lanes: 10,
        signers: Arc::default(),
    }
}

/// A world in which orders about which nothing else is said follow this scenario.
fn world_of(scenario: &str) -> Arc<World> {
    let mut rules = Rules::default();
    rules.flag = Some(rules.scenarios.resolve(scenario).unwrap());
    World::new(WorldSettings { rules, ..settings() })
}

fn start(lane: &Lane, request: &Request) -> Result<Started, StartRefused> {
    request.checked(|checked| lane.start(checked, Rp::PLAIN))
}

/// Starts an order that must start, and gives its reference.
#[track_caller]
fn started(lane: &Lane, request: &Request) -> String {
    start(lane, request)
        .unwrap_or_else(|refused| panic!("{request:?}: {refused:?}"))
        .order_ref
        .to_string()
}

/// An answer to a collect in words.
fn words(collected: Option<&Collected>) -> String {
    match collected {
        Some(Collected::Pending(hint)) => hint.to_string(),
        Some(Collected::Failed(hint)) => format!("failed/{hint}"),
        Some(Collected::Complete(_)) => "complete".into(),
        None => "no such order".into(),
    }
}

/// What collect answers.
fn collect(lane: &Lane, order_ref: &str) -> String {
    words(lane.collect(order_ref, Rp::PLAIN).as_ref())
}

fn advance(lane: &Lane, ms: u64) {
    lane.clock.advance(Duration::from_millis(ms));
}
