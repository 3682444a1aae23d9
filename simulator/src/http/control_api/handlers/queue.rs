//! What a lane shall do next.

use bankid_core::PersonalNumber;

use super::super::documents::{NewOutcome, QueueList, Queued};
use super::super::problem::{Code, Problem};
use super::super::route::{Call, Done, Json, State};
use super::{invalid, lane, scenario};
use crate::config::ApiOperation;
use crate::config::rules;
use crate::document::Path;
use crate::fault::Endpoint;
use crate::persona::BadPersona;
use crate::rule::Outcome;
use crate::simulator::LaneHandle;

pub(in super::super) fn add(
    state: &State,
    call: &Call,
    wanted: &NewOutcome,
) -> Result<Json<Queued>, Problem> {
    let lane = lane(state, call)?;
    let outcome = outcome(state, &lane, wanted)?;
    let (text, operations) = (outcome.to_string(), operations(&outcome));
    let number = lane.next(outcome).map_err(|full| Problem::new(Code::Full, full.to_string()))?;
    Ok(Json(Queued { number, outcome: text, operations }))
}

pub(in super::super) fn list(state: &State, call: &Call) -> Result<Json<QueueList>, Problem> {
    let queue = lane(state, call)?.queue().into_iter();
    let queue = queue.map(|(number, outcome)| Queued {
        number,
        outcome: outcome.to_string(),
        operations: operations(&outcome),
    });
    Ok(Json(QueueList { queue: queue.collect() }))
}

pub(in super::super) fn clear(state: &State, call: &Call) -> Result<Done, Problem> {
    lane(state, call)?.clear_queue();
    Ok(Done)
}

fn operations(outcome: &Outcome) -> Vec<String> {
    outcome.endpoints().iter().map(ToString::to_string).collect()
}

fn outcome(state: &State, lane: &LaneHandle, wanted: &NewOutcome) -> Result<Outcome, Problem> {
    let outcome = match (&wanted.scenario, &wanted.error) {
        (Some(steps), None) => {
            goes_with(
                "error",
                &[
                    ("status", wanted.status.is_some()),
                    ("details", wanted.details.is_some()),
                    ("delay", wanted.delay.is_some()),
                ],
            )?;
            Outcome::scenario(scenario(lane, steps, "scenario")?)
        }
        (None, Some(error)) => {
            goes_with("scenario", &[("persona", wanted.persona.is_some())])?;
            let details = wanted.details.as_deref();
            let strike = rules::strike(error, wanted.status, details, wanted.delay);
            let strike = strike.map_err(|(member, bad)| {
                Problem::of_fault(Code::InvalidMember, rules::error_fault(bad, Path::of([member])))
            })?;
            Outcome::strike(strike)
        }
        (None, None) | (Some(_), Some(_)) => {
            let detail = "needs either `scenario` or `error`";
            return Err(Problem::new(Code::InvalidMember, detail).with_member("scenario"));
        }
    };
    let outcome = match &wanted.operations {
        Some(operations) => outcome.only_for(endpoints(operations, wanted.scenario.is_some())?),
        None => outcome,
    };
    Ok(match &wanted.persona {
        Some(persona) => outcome.completed_by(personal_number(state, persona)?),
        None => outcome,
    })
}

/// Members that mean something only beside `other` are refused without it.
fn goes_with(other: &str, members: &[(&str, bool)]) -> Result<(), Problem> {
    match members.iter().find(|(_, given)| *given) {
        Some((member, _)) => Err(invalid(member, format!("goes with `{other}` only"))),
        None => Ok(()),
    }
}

fn endpoints(operations: &[ApiOperation], start: bool) -> Result<Vec<Endpoint>, Problem> {
    let endpoints: Vec<Endpoint> = operations.iter().copied().map(Endpoint::from).collect();
    let starts = |endpoint: &Endpoint| matches!(endpoint, Endpoint::Start(_));
    if endpoints.is_empty() {
        return Err(invalid("operations", "must name at least one operation, or be left out"));
    }
    if start && !endpoints.iter().any(starts) {
        let reason = "none of them starts an order, so the scenario would wait for ever";
        return Err(invalid("operations", reason));
    }
    Ok(endpoints)
}

/// The number of a person, by name or number.
fn personal_number(state: &State, text: &str) -> Result<PersonalNumber, Problem> {
    let persona = state.world.rules().personas.resolve(text);
    persona.map(|persona| persona.personal_number).map_err(unknown_persona)
}

/// A `persona` that names nobody.
pub(super) fn unknown_persona(bad: BadPersona) -> Problem {
    match bad {
        BadPersona::Unknown { name, nearest } => invalid(
            "persona",
            format!("there is no persona `{name}`, and it is no personal number"),
        )
        .with_nearest(nearest),
        bad @ (BadPersona::Taken { .. } | BadPersona::UnsafeNumber { .. }) => {
            invalid("persona", bad.to_string())
        }
    }
}
