//! BankID's endpoints over HTTP: the checks of 14.1 and 2.12 in their order, the headers of 1.2, and documents with
//! their members in the documented order.
//!
//! What an order is and does is the lane's matter, what stands in a signature the completion's. A call that was asked to
//! fail does so once the transport has nothing against it and before its content is read, as if something in front of
//! the service had refused it.

mod answer;
mod document;
mod order;
mod receive;

use std::sync::{Arc, OnceLock};

use bankid_core::request::ApiVersion;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use http_body::Body;
use rustls::pki_types::CertificateDer;

pub(crate) use self::answer::{Answer, MARK, VERSION, headers, not_found};
pub(crate) use self::receive::{Settings, refuse};
use crate::fault::{Endpoint, Instead};
use crate::lane::{LaneRefused, Rp, World};
use crate::pki::{RpName, rp_name};

/// Who calls, as far as the connection tells. Made once for all its requests.
#[derive(Debug)]
pub(crate) struct Caller {
    rp: Rp,
    certificate: Option<CertificateDer<'static>>,
    /// Only a completed order needs it, so it is read from the certificate then.
    name: OnceLock<Arc<RpName>>,
}

impl Caller {
    /// Whoever proved to own the certificate, or without one the caller on the plain port.
    pub(crate) fn new(certificate: Option<CertificateDer<'static>>) -> Self {
        let rp = certificate.as_deref().map_or(Rp::PLAIN, Rp::of_certificate);
        Self { rp, certificate, name: OnceLock::new() }
    }

    fn name(&self) -> Arc<RpName> {
        let read = || Arc::new(self.certificate.as_deref().map_or_else(RpName::plain, rp_name));
        Arc::clone(self.name.get_or_init(read))
    }
}

/// What a path of BankID's names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) lane: Option<&'a str>,
    pub(crate) version: ApiVersion,
    pub(crate) endpoint: Endpoint,
}

/// Answers one call.
pub(crate) async fn answer<B>(
    world: &World,
    caller: &Caller,
    target: Target<'_>,
    head: &Parts,
    body: B,
    settings: &Settings,
) -> Answer
where
    B: Body<Data = Bytes>,
{
    let body = match receive::receive(head, body, settings).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let named;
    let lane = match target.lane {
        None => world.default_lane(),
        Some(name) => match world.lane(name) {
            Ok(lane) => {
                named = lane;
                &named
            }
            Err(LaneRefused::Full(flag)) => return answer::full(flag),
            Err(LaneRefused::Name) => return not_found(),
        },
    };
    if let Some(strike) = lane.strike(target.endpoint) {
        if !strike.delay().is_zero() {
            lane.pass(strike.delay()).await;
        }
        match strike.instead() {
            None => {}
            Some(Instead::Document(error)) => return answer::fault(error),
            Some(Instead::Html(error)) => return answer::html(error),
            Some(Instead::HangUp) => return Answer::HANG_UP,
        }
    }
    match target.endpoint {
        Endpoint::Start(operation) => {
            let answer = order::start(lane, caller.rp, target.version, operation, &body);
            if answer.status == StatusCode::OK {
                world.signers().expect_completions();
            }
            answer
        }
        Endpoint::Collect => {
            order::collect(lane, caller, world.signers(), target.version, &body).await
        }
        Endpoint::Cancel => order::cancel(lane, caller.rp, &body),
    }
}
