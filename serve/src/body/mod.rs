//! Request bodies, read whole within a size and a time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use tokio::time::Sleep;

#[cfg(test)]
mod tests;

/// What a request body may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// Largest number of bytes that is accepted.
    pub bytes: usize,
    /// Time for the whole body to arrive, from when it is asked for.
    pub time: Duration,
}

/// Why a request body was not read. What to answer is the caller's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    /// More bytes than allowed, announced or sent.
    #[error("body is too large")]
    TooLarge,
    /// It did not arrive in time.
    #[error("body is too slow")]
    TooSlow,
    /// The connection ended within the body, or its chunks are not well-formed.
    #[error("body is broken")]
    Broken,
}

/// Reads a body to its end.
///
/// A body that arrives in one piece is handed on as it lies in the connection's buffer, without a copy; no timer
/// is made for a body that is already there.
///
/// # Errors
///
/// See [`BodyFault`]. The connection cannot be used again after one: answer with `Connection: close`.
pub async fn collect<B>(body: B, limits: BodyLimits) -> Result<Bytes, BodyFault>
where
    B: Body<Data = Bytes>,
{
    within(limits.time, gather(body, limits.bytes)).await.unwrap_or(Err(BodyFault::TooSlow))
}

/// Reads a body that nobody wants, so that the connection can carry the next request. `false` if it went over the
/// limits or broke, and the connection has to be closed.
pub async fn discard<B>(body: B, limits: BodyLimits) -> bool
where
    B: Body<Data = Bytes>,
{
    within(limits.time, drop_all(body, limits.bytes)).await.unwrap_or(false)
}

async fn gather<B>(body: B, limit: usize) -> Result<Bytes, BodyFault>
where
    B: Body<Data = Bytes>,
{
    let mut body = pin!(body);
    let announced = body.size_hint().lower();
    if announced > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(BodyFault::TooLarge);
    }
    let Some(first) = next_data(body.as_mut()).await? else { return Ok(Bytes::new()) };
    if first.len() > limit {
        return Err(BodyFault::TooLarge);
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let Some(second) = next_data(body.as_mut()).await? else { return Ok(first) };
    let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0).min(limit));
    whole.extend_from_slice(&first);
    let mut piece = Some(second);
    while let Some(bytes) = piece {
        if bytes.len() > limit.saturating_sub(whole.len()) {
            return Err(BodyFault::TooLarge);
        }
        whole.extend_from_slice(&bytes);
        piece = next_data(body.as_mut()).await?;
    }
    Ok(whole.freeze())
}

async fn drop_all<B>(body: B, limit: usize) -> bool
where
    B: Body<Data = Bytes>,
{
    let mut body = pin!(body);
    let mut left = limit;
    while let Ok(piece) = next_data(body.as_mut()).await {
        let Some(bytes) = piece else { return true };
        let Some(rest) = left.checked_sub(bytes.len()) else { return false };
        left = rest;
    }
    false
}

/// The next piece of data; trailers are passed over.
async fn next_data<B>(mut body: Pin<&mut B>) -> Result<Option<Bytes>, BodyFault>
where
    B: Body<Data = Bytes>,
{
    loop {
        if body.is_end_stream() {
            return Ok(None);
        }
        match poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            None => return Ok(None),
            Some(Err(_)) => return Err(BodyFault::Broken),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}

/// Runs a future against a limit, `None` if that passed first. The timer is only made when the future has to wait,
/// which on the usual path it never does: registering one costs as much as reading a small body.
async fn within<F>(limit: Duration, future: F) -> Option<F::Output>
where
    F: Future,
{
    let mut future = pin!(future);
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        timer.as_mut().poll(cx).map(|()| None)
    })
    .await
}
