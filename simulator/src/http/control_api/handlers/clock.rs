//! The time in a lane.

use super::super::documents::{Advance, Clock, Run};
use super::super::problem::Problem;
use super::super::route::{Call, Json, State};
use super::{invalid, lane};
use crate::clock::Speed;
use crate::simulator::LaneHandle;

pub(in super::super) fn read(state: &State, call: &Call) -> Result<Json<Clock>, Problem> {
    Ok(Json(view(&lane(state, call)?)))
}

pub(in super::super) fn advance(
    state: &State,
    call: &Call,
    wanted: &Advance,
) -> Result<Json<Clock>, Problem> {
    let lane = lane(state, call)?;
    lane.clock().advance(wanted.by.0);
    Ok(Json(view(&lane)))
}

pub(in super::super) fn freeze(state: &State, call: &Call) -> Result<Json<Clock>, Problem> {
    let lane = lane(state, call)?;
    lane.clock().freeze();
    Ok(Json(view(&lane)))
}

pub(in super::super) fn run(
    state: &State,
    call: &Call,
    wanted: &Run,
) -> Result<Json<Clock>, Problem> {
    let speed = Speed::try_from(wanted.speed).map_err(|bad| invalid("speed", bad.to_string()))?;
    let lane = lane(state, call)?;
    lane.clock().run(speed);
    Ok(Json(view(&lane)))
}

pub(super) fn view(lane: &LaneHandle) -> Clock {
    let clock = lane.clock();
    Clock { now_ms: clock.now().unix_ms(), speed: clock.speed().unwrap_or_default() }
}
