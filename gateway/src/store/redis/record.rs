//! Orders and answers as they lie in the store. Bytes that this version cannot read are an error, never a guess.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Moment, Order, Tokens};
use bankid_core::OtherMembers;
use bankid_core::collect::Collect;
use bankid_core::order::OrderRef;
use bankid_core::request::{ApiVersion, Operation, Start};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::orders::standing;
use crate::store::{Answer, Live};

/// Why bytes cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("what lies in the store is not what the gateway keeps there")]
    Json(#[from] serde_json::Error),
    #[error("an order in the store is of an operation or has a token that is not known")]
    Order,
    #[error("an answer in the store has no HTTP status")]
    Status(#[from] http::status::InvalidStatusCode),
}

/// An order, but for its name and the request that started it. The gateway speaks v6.0 alone.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderRecord<'a> {
    operation: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_start_token: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_token: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_start_secret: Option<Cow<'a, str>>,
    #[serde(default)]
    other: OtherMembers,
}

pub(super) fn order(order: &Order) -> Result<Vec<u8>, Unreadable> {
    let tokens = order.tokens.as_ref();
    Ok(serde_json::to_vec(&OrderRecord {
        operation: order.operation.path().into(),
        auto_start_token: tokens.map(|tokens| tokens.auto_start_token.as_str().into()),
        qr_start_token: tokens.map(|tokens| tokens.qr_start_token.as_str().into()),
        qr_start_secret: tokens.map(|tokens| tokens.qr_start_secret.expose().into()),
        other: order.other.clone(),
    })?)
}

/// The request that started an order, or nothing.
pub(super) fn request(order: &Order) -> Result<Vec<u8>, Unreadable> {
    Ok(order.request().map(|start| serde_json::to_vec(&start)).transpose()?.unwrap_or_default())
}

/// An order of this age.
pub(super) fn read_order(
    owner: &str,
    name: &OrderRef,
    record: &[u8],
    request: &[u8],
    age: Duration,
    now: Moment,
) -> Result<Live, Unreadable> {
    let read: OrderRecord<'_> = serde_json::from_slice(record)?;
    let known = Operation::ALL.into_iter().find(|operation| operation.path() == read.operation);
    let operation = known.ok_or(Unreadable::Order)?;
    let tokens = match (read.auto_start_token, read.qr_start_token, read.qr_start_secret) {
        (Some(auto), Some(qr), Some(secret)) => Some(tokens(&auto, &qr, &secret)?),
        _ => None,
    };
    let age_ms = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
    let received_at = Moment {
        monotonic: now.monotonic.saturating_sub(age),
        unix_ms: now.unix_ms.saturating_sub(age_ms),
    };
    let mut order = Order::new(operation, ApiVersion::V6_0, name.clone(), tokens, received_at);
    order.other = read.other;
    if let Ok(start) = Start::parse(ApiVersion::V6_0, operation, request) {
        order = order.with_request(&start);
    }
    Ok(Live { owner: owner.into(), order })
}

fn tokens(auto: &str, qr: &str, secret: &str) -> Result<Tokens, Unreadable> {
    Ok(Tokens {
        auto_start_token: auto.try_into().map_err(|_unfit| Unreadable::Order)?,
        qr_start_token: qr.try_into().map_err(|_unfit| Unreadable::Order)?,
        qr_start_secret: secret.try_into().map_err(|_unfit| Unreadable::Order)?,
    })
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum AnswerRecord<'a> {
    Collect(Cow<'a, Collect>),
    Fault {
        status: u16,
        code: Cow<'a, str>,
        title: Cow<'a, str>,
        detail: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
}

pub(super) fn answer(answer: &Answer) -> Result<Vec<u8>, Unreadable> {
    let record = match &answer.0 {
        Ok(standing) => AnswerRecord::Collect(Cow::Borrowed(&standing.answer)),
        Err(fault) => AnswerRecord::Fault {
            status: fault.status.as_u16(),
            code: (&*fault.code).into(),
            title: (&*fault.title).into(),
            detail: (&*fault.detail).into(),
            retry_after: fault.retry_after,
        },
    };
    Ok(serde_json::to_vec(&record)?)
}

pub(super) fn read_answer(record: &[u8]) -> Result<Answer, Unreadable> {
    Ok(match serde_json::from_slice(record)? {
        AnswerRecord::Collect(answer) => standing(answer.into_owned()),
        AnswerRecord::Fault { status, code, title, detail, retry_after } => {
            let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
            let status = StatusCode::from_u16(status)?;
            let (code, title, detail) = (owned(code), owned(title), owned(detail));
            let fault = Fault { status, code, title, detail, source: None, retry_after };
            Answer(Err(Arc::new(fault)))
        }
    })
}
