//! What is not about a lane.

use std::error::Error as _;

use tracing::error;

use super::super::documents::{Health, Persona, PersonaList, Scenario, ScenarioList, UserRoot};
use super::super::problem::{Code, Problem};
use super::super::route::{Call, Json, State, Written};
use super::super::{OPENAPI, VERSION};

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
pub(in super::super) fn health(_state: &State, _call: &Call) -> Result<Json<Health>, Problem> {
    Ok(up())
}

/// That the simulator is up: whoever can be asked is.
pub(in super::super) fn up() -> Json<Health> {
    Json(Health { status: "up", version: VERSION })
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
pub(in super::super) fn document(_state: &State, _call: &Call) -> Result<Written, Problem> {
    Ok(Written(OPENAPI))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
pub(in super::super) fn scenarios(
    state: &State,
    _call: &Call,
) -> Result<Json<ScenarioList>, Problem> {
    let scenarios = state.world.rules().scenarios.iter().map(|scenario| Scenario {
        name: scenario.name().unwrap_or_default().to_owned(),
        about: scenario.about().to_owned(),
        steps: scenario.timeline(false).to_string(),
        phone: scenario.has_phone_form().then(|| scenario.timeline(true).to_string()),
    });
    Ok(Json(ScenarioList { scenarios: scenarios.collect() }))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
pub(in super::super) fn personas(
    state: &State,
    _call: &Call,
) -> Result<Json<PersonaList>, Problem> {
    let personas = state.world.rules().personas.iter().map(|(name, persona)| Persona {
        name: name.to_owned(),
        personal_number: persona.personal_number.expose().to_string(),
        given_name: persona.given_name.to_string(),
        surname: persona.surname.to_string(),
        issue_date: persona.issue_date.to_string(),
        scenario: persona.scenario.as_ref().map(ToString::to_string),
    });
    Ok(Json(PersonaList { personas: personas.collect() }))
}

pub(in super::super) async fn user_root(state: State) -> Result<Json<UserRoot>, Problem> {
    match state.signers().root_pem().await {
        Ok(certificate) => Ok(Json(UserRoot { certificate })),
        Err(failed) => {
            let cause = failed.source().map(tracing::field::display);
            error!(error = %failed, cause, "there is no root of signatures");
            Err(Problem::new(Code::Internal, failed.to_string()))
        }
    }
}
