//! Lanes as such.

use std::sync::Arc;

use super::super::documents::{Default, Lane, LaneList};
use super::super::problem::{Code, Problem};
use super::super::route::{Call, Done, Json, State};
use super::{clock, scenario};
use crate::nearest::nearest;
use crate::simulator::LaneHandle;

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
pub(in super::super) fn list(state: &State, _call: &Call) -> Result<Json<LaneList>, Problem> {
    let lanes = state.world.lanes().into_iter();
    let lanes = lanes.map(|lane| view(&LaneHandle::new(Arc::clone(&state.world), lane)));
    Ok(Json(LaneList { lanes: lanes.collect() }))
}

pub(in super::super) fn read(state: &State, call: &Call) -> Result<Json<Lane>, Problem> {
    match state.world.existing(call.lane()) {
        Some(lane) => Ok(Json(view(&LaneHandle::new(Arc::clone(&state.world), lane)))),
        None => Err(no_such_lane(state, call)),
    }
}

pub(in super::super) fn delete(state: &State, call: &Call) -> Result<Done, Problem> {
    if state.world.delete(call.lane()) { Ok(Done) } else { Err(no_such_lane(state, call)) }
}

pub(in super::super) fn reset(state: &State, call: &Call) -> Result<Done, Problem> {
    super::lane(state, call)?.reset();
    Ok(Done)
}

pub(in super::super) fn set_default(
    state: &State,
    call: &Call,
    wanted: &Default,
) -> Result<Json<Lane>, Problem> {
    let lane = super::lane(state, call)?;
    let wanted =
        wanted.scenario.as_deref().map(|text| scenario(&lane, text, "scenario")).transpose()?;
    lane.set_default(wanted);
    Ok(Json(view(&lane)))
}

fn view(lane: &LaneHandle) -> Lane {
    Lane {
        name: lane.name().to_owned(),
        live_orders: lane.live_orders(),
        queued: lane.queue().len(),
        clock: clock::view(lane),
        scenario: lane.default_scenario().map(|scenario| scenario.to_string()),
    }
}

fn no_such_lane(state: &State, call: &Call) -> Problem {
    let lanes = state.world.lanes();
    let near = nearest(call.lane(), lanes.iter().map(|lane| lane.name()));
    let detail = "this lane has not been used; lanes are made by their first use";
    Problem::new(Code::NoSuchLane, detail).with_member("lane").with_nearest(near)
}
