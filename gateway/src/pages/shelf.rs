//! What any instance may be asked for, in the store: tickets, and what codes of results stand for.
//!
//! Calls of backends come to whichever instance a balancer chooses, while a browser stays at its own. Keys are digests, so
//! that who reads the store cannot use what it holds.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::Moment;
use bankid_core::order::OrderRef;
use bankid_core::request::Operation;
use serde::{Deserialize, Serialize};

use super::cookie::{Key, Secret};
use super::session::{Session, SessionOrigin};
use crate::fault::Fault;
use crate::orders::Orders;
use crate::request::StartBody;

/// A ticket that was presented.
#[derive(Debug)]
pub(super) struct Presented {
    pub(super) owner: Arc<str>,
    pub(super) body: StartBody,
    before: Option<Key>,
}

/// What a code stands for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SessionResult {
    owner: Box<str>,
    pub(crate) order_ref: OrderRef,
    pub(crate) session: SessionOrigin,
}

/// What a backend has prepared.
#[derive(Serialize, Deserialize)]
struct Ticket {
    owner: Box<str>,
    /// The path of the operation.
    operation: Box<str>,
    body: String,
    until_unix_ms: u64,
    /// The browser that has used it: the session that it has now, or had last.
    holder: Option<Key>,
}

impl Ticket {
    fn operation(&self) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.path() == &*self.operation)
    }

    /// Whether this browser may use it: the first one, and then no other.
    fn is_for(&self, browser: Option<Key>, now: Moment) -> bool {
        self.until_unix_ms > now.unix_ms && (self.holder.is_none() || self.holder == browser)
    }
}

type Kept<T> = Result<T, Arc<Fault>>;

/// Keeps a ticket for this long.
pub(crate) async fn prepare(
    orders: &Orders,
    owner: &Arc<str>,
    body: &StartBody,
    secret: &Secret,
    time: Duration,
) -> Kept<()> {
    let lasts_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let ticket = Ticket {
        owner: owner.as_ref().into(),
        operation: body.operation().path().into(),
        body: body.json().to_owned(),
        until_unix_ms: orders.now().unix_ms.saturating_add(lasts_ms),
        holder: None,
    };
    put_ticket(orders, secret, &ticket).await
}

/// What a ticket is for. It is good for one order that completes, in one browser: who has used it is known by the session
/// before, `next` is the one that follows.
pub(super) async fn present(
    orders: &Orders,
    secret: &Secret,
    browser: Option<Key>,
    next: Key,
) -> Kept<Option<Presented>> {
    let now = orders.now();
    let name = ticket_name(secret);
    // Looked at first, so that others cannot get into the way of who may.
    let known: Option<Ticket> = read(orders.get(&name).await?);
    if !known.is_some_and(|ticket| ticket.is_for(browser, now)) {
        return Ok(None);
    }
    let Some(mut ticket) = read::<Ticket>(orders.take(&name).await?) else { return Ok(None) };
    let (is_for, before) = (ticket.is_for(browser, now), ticket.holder);
    if is_for {
        ticket.holder = Some(next);
    }
    put_ticket(orders, secret, &ticket).await?;
    let operation = ticket.operation().filter(|_| is_for);
    Ok(operation.map(|operation| {
        let body = StartBody::kept(operation, &ticket.body);
        Presented { owner: ticket.owner.into(), body, before }
    }))
}

/// Nothing came of it: it is whose it was before.
pub(super) async fn release(orders: &Orders, secret: &Secret, presented: &Presented) -> Kept<()> {
    match read::<Ticket>(orders.take(&ticket_name(secret)).await?) {
        Some(ticket) => {
            put_ticket(orders, secret, &Ticket { holder: presented.before, ..ticket }).await
        }
        None => Ok(()),
    }
}

/// From now on the result can be had for the code, and the ticket that led to it is used up.
pub(super) async fn issue(orders: &Orders, session: &Session, time: Duration) -> Kept<()> {
    let result = SessionResult {
        owner: session.owner.as_ref().into(),
        order_ref: session.order_ref.clone(),
        session: session.origin(),
    };
    orders.put(&result_name(&session.code), &result, time).await?;
    if let Some(ticket) = &session.ticket {
        orders.take(&ticket_name(ticket)).await?;
    }
    Ok(())
}

/// The result that a code stands for, for the last time.
pub(crate) async fn exchange(
    orders: &Orders,
    owner: &str,
    code: &Secret,
) -> Kept<Option<SessionResult>> {
    let name = result_name(code);
    // Another's must not use it up.
    let is_ours = |result: &SessionResult| *result.owner == *owner;
    if !read::<SessionResult>(orders.get(&name).await?).as_ref().is_some_and(is_ours) {
        return Ok(None);
    }
    Ok(read::<SessionResult>(orders.take(&name).await?).filter(is_ours))
}

/// The code stands for nothing any more.
pub(super) async fn revoke(orders: &Orders, session: &Session) -> Kept<()> {
    orders.take(&result_name(&session.code)).await.map(drop)
}

async fn put_ticket(orders: &Orders, secret: &Secret, ticket: &Ticket) -> Kept<()> {
    let left_ms = ticket.until_unix_ms.saturating_sub(orders.now().unix_ms);
    // No store keeps anything for no time.
    let left = Duration::from_millis(left_ms.max(1));
    orders.put(&ticket_name(secret), ticket, left).await
}

fn ticket_name(secret: &Secret) -> String {
    format!("ticket:{}", secret.key())
}

fn result_name(code: &Secret) -> String {
    format!("result:{}", code.key())
}

/// What another version has written, and this one cannot read, is not there.
fn read<T: serde::de::DeserializeOwned>(bytes: Option<bytes::Bytes>) -> Option<T> {
    serde_json::from_slice(&bytes?).ok()
}
