//! The simulator over HTTP: BankID's endpoints and the control plane on one or more ports.
//!
//! What an order is and does lies in the engine, accepting connections in `serve`. Here is what is between them.
pub(crate) mod control_api;
mod router;
mod rp_api;

use std::sync::Arc;

use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Request, Response};
use serve::{Body, Connection, Full, Peer};

use self::control_api::HEALTH;
pub(crate) use self::control_api::{Calling, Control, Guard};
pub(crate) use self::router::is_lane_name;
use self::router::{Route, route};
use self::rp_api::{Caller, Target, not_found, refuse};
pub(crate) use self::rp_api::{MARK, Settings, VERSION};
use crate::lane::{DEFAULT_LANE, World};
use crate::telemetry::Access;

#[cfg(test)]
mod tests;

/// What one port offers. What it does not is not found there, in BankID's words.
#[derive(Debug)]
pub(crate) struct Site {
    /// Behind BankID's endpoints, if they are here.
    pub(crate) world: Option<Arc<World>>,
    /// The control plane, if it is here.
    pub(crate) control: Option<Arc<Control>>,
    /// How requests to BankID's endpoints are received.
    pub(crate) settings: Settings,
    /// BankID's headers, ready to be cloned.
    headers: HeaderMap,
}

impl Site {
    pub(crate) fn new(
        world: Option<Arc<World>>,
        control: Option<Arc<Control>>,
        settings: Settings,
    ) -> Self {
        Self { world, control, settings, headers: rp_api::headers() }
    }

    /// What answers the requests of one connection.
    pub(crate) fn visit(self: &Arc<Self>, peer: Peer) -> Visit {
        Visit { site: Arc::clone(self), caller: Caller::new(peer.client_certificate) }
    }
}

/// A connection to a [`Site`].
#[derive(Debug)]
pub(crate) struct Visit {
    site: Arc<Site>,
    caller: Caller,
}

impl Connection for Visit {
    type Body = Full;

    async fn answer(&self, request: Request<Body>) -> Response<Full> {
        let site = &*self.site;
        let access = Access::begin();
        let (head, body) = request.into_parts();
        // A target without a path (`CONNECT host:port`) names nothing.
        let target = head.uri.path_and_query().map_or("", PathAndQuery::as_str);
        let route = route(target);
        let (operation, lane) = match route {
            Route::Rp { lane, endpoint, .. } => (endpoint.path(), lane.unwrap_or(DEFAULT_LANE)),
            Route::Control | Route::Unknown => ("none", ""),
        };
        let answer = match (route, &site.world, &site.control) {
            (Route::Rp { lane, version, endpoint }, Some(world), _) => {
                let target = Target { lane, version, endpoint };
                rp_api::answer(world, &self.caller, target, &head, body, &site.settings).await
            }
            (Route::Control, _, Some(control)) => {
                let mut response = control.answer(Request::from_parts(head, body)).await;
                response.headers_mut().insert(MARK, VERSION);
                return response;
            }
            (Route::Control, _, None) if head.method == Method::GET && target == HEALTH => {
                let mut response = control_api::health();
                response.headers_mut().insert(MARK, VERSION);
                return response;
            }
            (Route::Rp { .. } | Route::Control | Route::Unknown, _, _) => {
                refuse(not_found(), &head, body, &site.settings).await
            }
        };
        let response = answer.into_response(site.headers.clone());
        access.end(operation, lane, response.status());
        response
    }
}
