//! The routes.

use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

use super::VERSION;
use super::problem::Problem;
use super::route::{Call, Json, Route, State, route};

/// All routes, in the order of the documentation.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/health", "health", "Whether the simulator is up.")
            .open()
            .gives(health),
        route(Method::GET, "/openapi.json", "openapi", "This document.").open().gives(openapi),
    ]
}

/// That the simulator is up.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// Always `up`.
    status: &'static str,
    version: &'static str,
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
fn health(_state: &State, _call: &Call) -> Result<Json<Health>, Problem> {
    Ok(Json(Health { status: "up", version: VERSION }))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all handlers")]
fn openapi(state: &State, _call: &Call) -> Result<Json<serde_json::Value>, Problem> {
    Ok(Json(super::openapi::document(&state.routes)))
}
