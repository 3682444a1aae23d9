//! The content of calls: read by core's rules, decided by the lane, answered as documents.

use std::error::Error as _;
use std::sync::Arc;

use bankid_core::request::{ApiVersion, Operation, Start, parse_order_ref};
use tracing::error;

use super::Caller;
use super::answer::{self, Answer};
use super::document::{self, ByVersion, Completed, TokenText};
use crate::completion::{self, Completion, CompletionFacts, Signers};
use crate::lane::{Collected, Lane, Rp, StartRefused};

/// Starts an order.
pub(super) fn start(
    lane: &Lane,
    rp: Rp,
    version: ApiVersion,
    operation: Operation,
    body: &[u8],
) -> Answer {
    let start = Start::parse(version, operation, body);
    let checked = match start.as_ref().map(Start::check) {
        Ok(Ok(checked)) => checked,
        Ok(Err(invalid)) => return Answer::invalid_parameters(invalid.details()),
        Err(invalid) => return Answer::invalid_parameters(invalid.details()),
    };
    match lane.start(&checked, rp) {
        Ok(started) if operation.answers_order_ref_only() => {
            Answer::ok(document::started_by_number(started.order_ref.as_bytes()))
        }
        Ok(started) => Answer::ok(document::started(
            started.order_ref.as_bytes(),
            started.auto_start_token.as_bytes(),
            started.qr_start_token.as_bytes(),
            started.qr_start_secret.as_bytes(),
        )),
        Err(StartRefused::AlreadyInProgress) => answer::already_in_progress(),
        Err(StartRefused::Full(flag)) => answer::full(flag),
        Err(StartRefused::Marker(details)) => Answer::invalid_parameters(&details),
    }
}

/// Cancels an order.
pub(super) fn cancel(lane: &Lane, rp: Rp, body: &[u8]) -> Answer {
    match parse_order_ref(body) {
        Ok(order_ref) if lane.cancel(&order_ref, rp) => answer::cancelled(),
        Ok(_) => answer::no_such_order(),
        Err(invalid) => Answer::invalid_parameters(invalid.details()),
    }
}

/// Tells how an order is doing.
pub(super) async fn collect(
    lane: &Lane,
    caller: &Caller,
    signers: &Arc<Signers>,
    version: ApiVersion,
    body: &[u8],
) -> Answer {
    let order_ref = match parse_order_ref(body) {
        Ok(order_ref) => order_ref,
        Err(invalid) => return Answer::invalid_parameters(invalid.details()),
    };
    let Some(collected) = lane.collect(&order_ref, caller.rp) else {
        return answer::no_such_order();
    };
    // Any name that leads to an order has the form of one.
    let Ok(order_ref) = TokenText::try_from(order_ref.as_bytes()) else {
        return answer::no_such_order();
    };
    match collected {
        Collected::Pending(hint) => Answer::ok(document::pending(&order_ref, hint.as_str())),
        Collected::Failed(hint) => Answer::ok(document::failed(&order_ref, hint.as_str())),
        Collected::Complete(facts) => {
            complete(&order_ref, Arc::from(facts), caller, signers, version).await
        }
    }
}

async fn complete(
    order_ref: &TokenText,
    facts: Arc<CompletionFacts>,
    caller: &Caller,
    signers: &Arc<Signers>,
    version: ApiVersion,
) -> Answer {
    match completed(&facts, caller, signers).await {
        Ok(completion) => Answer::ok(render(order_ref, &facts, &completion, version)),
        Err(error) => {
            error!(%error, cause = error.source().map(tracing::field::display), "no completion could be made");
            answer::internal_error()
        }
    }
}

async fn completed(
    facts: &Arc<CompletionFacts>,
    caller: &Caller,
    signers: &Arc<Signers>,
) -> Result<Completion, completion::Error> {
    let mut random = [0; completion::RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(completion::Error::Random)?;
    signers.complete(Arc::clone(facts), caller.name(), random).await
}

fn render(
    order_ref: &TokenText,
    facts: &CompletionFacts,
    completion: &Completion,
    version: ApiVersion,
) -> bytes::Bytes {
    let by_version = match version {
        ApiVersion::V6_0 => ByVersion::V6_0 {
            uhi: Some(&facts.uhi),
            bank_id_issue_date: facts.person.issue_date.as_str(),
            mrtd: facts.mrtd,
            risk: facts.risk.as_ref().map(bankid_core::collect::Risk::as_str),
        },
        ApiVersion::V5_1 => ByVersion::V5_1 {
            not_before_ms: completion.not_before_ms,
            not_after_ms: completion.not_after_ms,
        },
    };
    document::complete(&Completed {
        order_ref,
        personal_number: &facts.person.personal_number.expose(),
        name: &facts.person.name,
        given_name: &facts.person.given_name,
        surname: &facts.person.surname,
        ip_address: &facts.ip_address.to_string(),
        signature: &completion.signature,
        ocsp_response: &completion.ocsp_response,
        by_version,
    })
}
