//! The gateway on a port: bodies within limits, health, and an orderly stop.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, EXPECT, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body as _;
use serde::Serialize;
use serve::{Body, BodyLimits, Connection, Drained, Peer, Server};
use tokio::net::TcpListener;

use crate::documents::respond;
use crate::orders::Upstream;
use crate::pages::{PageAdmission, PageBody, Pages};
use crate::routes::{Admission, BodyFault, Gateway};

const LIVE: &str = "/health/live";
const READY: &str = "/health/ready";
const METRICS: &str = "/metrics";

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const READY_STATUS: &str = "ready";

/// The time that is spent on reading a body that makes no difference any more, so that the connection can be kept.
const DISCARD_TIME: Duration = Duration::from_secs(1);

/// How often orders are looked for whose time is over: what they hold is personal.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Serves until `stop` is done, and then what is under way.
pub(crate) async fn run(
    gateway: Gateway,
    listener: TcpListener,
    limits: serve::Limits,
    bodies: BodyLimits,
    stop: impl Future<Output = ()> + Send,
) -> Result<Drained, serve::Error> {
    let pages = gateway.pages();
    let stop = async {
        stop.await;
        // Streams would go on for as long as their orders do.
        if let Some(pages) = &pages {
            pages.close();
        }
    };
    let site = Arc::new(Site { gateway: gateway.clone(), pages: pages.clone(), bodies });
    let connect = move |peer: Peer| Visit { site: Arc::clone(&site), from: peer.address.ip() };
    let drain_time = limits.drain_time;
    let serving = async {
        let drained = Server::new(listener).limits(limits).run(stop, connect).await;
        // Callers that hung up may have left a call behind, whose answer is still to be kept.
        if tokio::time::timeout(drain_time, gateway.settled()).await.is_err() {
            tracing::warn!("stopped while BankID was being asked: a result may be lost");
        }
        drained
    };
    let sweeping = async {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            gateway.sweep();
        }
    };
    tokio::select! {
        ended = serving => ended,
        () = sweeping => Ok(Drained { cut: 0 }),
    }
}

struct Site {
    gateway: Gateway,
    pages: Option<Pages>,
    bodies: BodyLimits,
}

/// A connection. For calls with a key it makes no difference who it is from.
struct Visit {
    site: Arc<Site>,
    from: IpAddr,
}

impl Connection for Visit {
    type Body = PageBody;

    /// In a box, which goes when the answer is there: a connection keeps room for what answers it, and a stream would
    /// for as long as it lasts.
    async fn answer(&self, request: Request<Body>) -> Response<PageBody> {
        Box::pin(self.respond(request)).await
    }
}

impl Visit {
    async fn respond(&self, request: Request<Body>) -> Response<PageBody> {
        let Site { gateway, pages, bodies } = &*self.site;
        let (head, body) = request.into_parts();
        if let Some(pages) = pages
            && let Some(admission) = pages.admit(&head, self.from)
        {
            return page(pages, admission, &head, body, *bodies).await;
        }
        let answer = match watched(gateway, &head).await {
            Some(response) => Admission::Answered(response),
            None => gateway.admit(&head),
        };
        match answer {
            Admission::Admitted(admitted) => match serve::collect(body, *bodies).await {
                Ok(body) => gateway.serve(&admitted, body).await.map(PageBody::from),
                Err(fault) => closing(gateway.refuse(&admitted, fault.into()).map(PageBody::from)),
            },
            Admission::Answered(response) => {
                discarding(response.map(PageBody::from), &head, body, *bodies).await
            }
        }
    }
}

async fn page(
    pages: &Pages,
    admission: PageAdmission,
    head: &Parts,
    body: Body,
    bodies: BodyLimits,
) -> Response<PageBody> {
    let bytes = pages.body_bytes().map_or(bodies.bytes, |bytes| bytes.min(bodies.bytes));
    let bodies = BodyLimits { bytes, ..bodies };
    match admission {
        PageAdmission::Admitted(call) => match serve::collect(body, bodies).await {
            Ok(body) => pages.serve(&call, body).await,
            Err(fault) => closing(pages.refuse(&call, fault.into())),
        },
        PageAdmission::Answered(response) => discarding(response, head, body, bodies).await,
    }
}

impl From<serve::BodyFault> for BodyFault {
    fn from(fault: serve::BodyFault) -> Self {
        match fault {
            serve::BodyFault::TooLarge => Self::TooLarge,
            serve::BodyFault::TooSlow => Self::TooSlow,
            serve::BodyFault::Broken => Self::Broken,
        }
    }
}

/// An answer that does not depend on the body. The body is still read, as far as it comes at once, because the next request
/// stands behind it; a client that waits to be asked for it is not asked.
async fn discarding(
    response: Response<PageBody>,
    head: &Parts,
    body: Body,
    bodies: BodyLimits,
) -> Response<PageBody> {
    let limits = BodyLimits { time: bodies.time.min(DISCARD_TIME), ..bodies };
    if body.is_end_stream()
        || (!head.headers.contains_key(EXPECT) && serve::discard(body, limits).await)
    {
        return response;
    }
    closing(response)
}

fn closing(mut response: Response<PageBody>) -> Response<PageBody> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    status: &'static str,
    /// Whole days until BankID does not accept the certificate any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_days_left: Option<i64>,
    /// Whether the last call reached BankID.
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<usize>,
}

/// The answer to a question of the operator's, which needs no key.
async fn watched(gateway: &Gateway, head: &Parts) -> Option<Response<Bytes>> {
    let path = head.uri.path();
    let asks = matches!(head.method, Method::GET | Method::HEAD);
    let (status, health) = match path {
        LIVE if asks => (StatusCode::OK, Health::live()),
        READY if asks => Health::ready(gateway).await,
        METRICS if asks => {
            return Some(respond(StatusCode::OK, OPEN_METRICS, gateway.metrics().into()));
        }
        _ => return None,
    };
    let body = serde_json::to_vec(&health).unwrap_or_default();
    Some(respond(status, "application/json", body.into()))
}

impl Health {
    const fn live() -> Self {
        Self { status: "live", certificate_days_left: None, bank_id: None, orders: None }
    }

    /// Not ready is who cannot be helped by waiting. A BankID that is not reached is told, and changes nothing: no other
    /// instance would reach it either, and without calls nobody would learn that it is back.
    async fn ready(gateway: &Gateway) -> (StatusCode, Self) {
        let days = gateway.certificate_days_left();
        let status = match days {
            Some(..0) => "certificateExpired",
            Some(_) | None if gateway.reaches_store().await => READY_STATUS,
            Some(_) | None => "storeLost",
        };
        let health = Self {
            status,
            certificate_days_left: days,
            bank_id: Some(match gateway.upstream() {
                Upstream::Unknown => "unknown",
                Upstream::Reached => "reached",
                Upstream::NotReached => "notReached",
            }),
            orders: gateway.orders(),
        };
        let is_ready = status == READY_STATUS;
        (if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, health)
    }
}
