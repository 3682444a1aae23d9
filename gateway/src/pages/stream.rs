//! Bodies of answers: one buffer, or the events of a session as they come.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::board::Seen;
use super::session::Session;

/// What browsers are told before the first event: how long to wait before they come back, in milliseconds.
const RETRY: &[u8] = b"retry: 1000\n";

/// The body of an answer. Servers take it as an [`http_body::Body`], others piece by piece.
#[derive(Debug, Default)]
pub struct PageBody(Kind);

#[derive(Debug, Default)]
enum Kind {
    #[default]
    Empty,
    Whole(Bytes),
    Events(Events),
}

impl PageBody {
    /// The next piece; nothing after the last one. Dropping the body hangs up.
    pub async fn next(&mut self) -> Option<Bytes> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Whether it may go on for as long as an order does.
    pub const fn is_stream(&self) -> bool {
        matches!(self.0, Kind::Events(_))
    }

    pub(super) fn events(session: Arc<Session>, most: usize) -> Option<Self> {
        let seat = session.board.sit(most)?;
        Some(Self(Kind::Events(Events { session, seat, seen: Seen::default() })))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match &mut self.0 {
            Kind::Empty => Poll::Ready(None),
            Kind::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                self.0 = Kind::Empty;
                Poll::Ready((!bytes.is_empty()).then_some(bytes))
            }
            Kind::Events(events) => events.poll(cx),
        }
    }
}

impl From<Bytes> for PageBody {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Whole(bytes))
    }
}

impl http_body::Body for PageBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.get_mut().poll_next(cx).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Empty => true,
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Empty => SizeHint::with_exact(0),
            Kind::Whole(bytes) => {
                SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
            }
            Kind::Events(_) => SizeHint::default(),
        }
    }
}

/// A page that listens.
struct Events {
    session: Arc<Session>,
    seat: u64,
    seen: Seen,
}

impl Events {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let is_first = self.seen == Seen::default();
        let may_see_all = self.session.is_with_its_user();
        let piece = self.session.board.poll(self.seat, &mut self.seen, may_see_all, cx);
        if is_first {
            return piece.map(|piece| piece.map(|event| [RETRY, &event].concat().into()));
        }
        piece
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.session.board.leave(self.seat);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("seat", &self.seat).finish_non_exhaustive()
    }
}
