//! Who answers the routes: each handler turns documents into calls of the lane's handle, and back.

pub(super) mod clock;
pub(super) mod lane;
pub(super) mod order;
pub(super) mod phone;
pub(super) mod queue;
pub(super) mod server;

use std::sync::Arc;

use super::problem::{Code, Problem};
use super::route::{Call, State};
use crate::document::{Fault, Path};
use crate::lane::LaneRefused;
use crate::scenario::{BadScenario, Scenario};
use crate::simulator::LaneHandle;

/// The lane that a call is about, made if it is its first use.
fn lane(state: &State, call: &Call) -> Result<LaneHandle, Problem> {
    match state.world.lane(call.lane()) {
        Ok(lane) => Ok(LaneHandle::new(Arc::clone(&state.world), lane)),
        Err(LaneRefused::Name) => {
            let detail = "a lane's name is 1 to 64 letters, digits, dots, underscores and hyphens";
            Err(Problem::new(Code::NoSuchLane, detail).with_member("lane"))
        }
        Err(LaneRefused::Full(flag)) => {
            let detail =
                format!("there are as many lanes as may be, and none is idle; {flag} allows more");
            Err(Problem::new(Code::Full, detail))
        }
    }
}

/// The scenario that a member names or writes out.
fn scenario(lane: &LaneHandle, text: &str, member: &str) -> Result<Arc<Scenario>, Problem> {
    lane.scenario(text).map_err(|bad| invalid_scenario(bad, member))
}

fn invalid_scenario(bad: BadScenario, member: &str) -> Problem {
    let fault = crate::config::rules::scenario_fault(bad, Path::of([member]));
    Problem::of_fault(Code::InvalidScenario, fault)
}

/// A member whose value does not hold.
fn invalid(member: &str, reason: impl Into<String>) -> Problem {
    Problem::of_fault(Code::InvalidMember, Fault::new(Path::of([member]), reason))
}
