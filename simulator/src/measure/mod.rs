//! The engine without HTTP, for benchmarks alone; only with the feature `measure`.
//!
//! It does per call what the endpoints do, save for HTTP and for writing the answer.

use std::sync::Arc;

use bankid_core::request::{ApiVersion, Checked, Operation, Start, parse_order_ref};

use crate::{
    clock::ClockMode,
    fault::Endpoint,
    lane::{Collected, Rp, World, WorldSettings},
    rule::Rules,
};

/// A lane, and a relying party that calls it.
#[derive(Debug)]
pub struct Engine {
    world: Arc<World>,
}

impl Engine {
    /// An engine with the built-in rules and this default scenario, for so many orders.
    ///
    /// # Errors
    /// There is no such scenario.
    pub fn new(scenario: &str, max_orders: usize) -> Result<Self, crate::scenario::BadScenario> {
        let mut rules = Rules::default();
        rules.default = Some(rules.scenarios.resolve(scenario)?);
        let world = World::new(WorldSettings {
            rules,
            seed: 1,
            clock: ClockMode::Real,
            max_orders,
            max_text_bytes: usize::MAX,
            max_lanes: 1,
            signers: Arc::default(),
        });
        Ok(Self { world })
    }

    /// Reads and answers a call of `auth`; gives the `orderRef`.
    pub fn auth(&self, body: &[u8]) -> Option<[u8; 36]> {
        let start = Start::parse(ApiVersion::V6_0, Operation::Auth, body).ok()?;
        self.start(&start.check().ok()?)
    }

    /// Starts an order from a request that has been checked.
    pub fn start(&self, checked: &Checked<'_>) -> Option<[u8; 36]> {
        let lane = self.world.default_lane();
        if lane.strike(Endpoint::Start(checked.operation)).is_some() {
            return None;
        }
        let started = lane.start(checked, Rp::PLAIN).ok()?;
        std::hint::black_box(&started);
        Some(*started.order_ref.as_bytes())
    }

    /// Reads and answers a call of `collect`; says whether the order is pending.
    pub fn collect_body(&self, body: &[u8]) -> bool {
        parse_order_ref(body).is_ok_and(|order_ref| self.collect(&order_ref))
    }

    /// Collects an order; says whether it is pending.
    pub fn collect(&self, order_ref: &str) -> bool {
        let lane = self.world.default_lane();
        if lane.strike(Endpoint::Collect).is_some() {
            return false;
        }
        matches!(lane.collect(order_ref, Rp::PLAIN), Some(Collected::Pending(_)))
    }

    /// Cancels an order.
    pub fn cancel(&self, order_ref: &str) -> bool {
        self.world.default_lane().cancel(order_ref, Rp::PLAIN)
    }
}
