//! What a connection is doing, so that one that does nothing can be closed.
//!
//! hyper can time the heads of requests itself, at the price of one timer per request, and the same limit then ends
//! kept connections between requests. Here the stream and the service only count, and one slow timer per
//! connection looks at the counts: a request costs two relaxed stores, and the two limits are apart.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::limits::Limits;
use crate::mark::Mark;

/// Times the watchdog looks within the length of a request head's limit.
const LOOKS: u32 = 4;

/// Counts of one connection. Only its own task writes them, so plain stores do.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    /// Bytes that came in.
    read: AtomicU64,
    /// Value of `read` when the last answer was ready: more than that means a head has begun.
    answered_at: AtomicU64,
    /// Grows with each request and each write.
    progress: AtomicU64,
    /// A request is being answered.
    busy: AtomicBool,
    /// The server stops: no waiting for a client to end its side.
    stopping: AtomicBool,
    /// The client has ended its side while its request is being answered.
    ended: AtomicBool,
    /// The connection broke while a request was being answered.
    broken: AtomicBool,
}

impl Activity {
    pub(crate) fn request_begins(&self) {
        self.busy.store(true, Ordering::Relaxed);
        grow(&self.progress, 1);
    }

    pub(crate) fn request_ends(&self) {
        self.answered_at.store(self.read.load(Ordering::Relaxed), Ordering::Relaxed);
        self.busy.store(false, Ordering::Relaxed);
    }

    pub(crate) fn server_stops(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Returns once nobody is left to be answered. It is woken with the connection, whose stream finds that out: poll it
    /// after that.
    pub(crate) async fn breaks(&self) {
        poll_fn(
            |_cx| if self.broken.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending },
        )
        .await;
    }
}

fn grow(counter: &AtomicU64, by: u64) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Answering,
    /// The same, and the client has ended its side: it may still read, or be gone.
    AnsweringLast,
    Receiving,
    Nothing,
}

/// Decides, look by look, whether a connection has used up its time.
#[derive(Debug)]
pub(crate) struct Watchdog {
    activity: Arc<Activity>,
    period: Duration,
    head_looks: u32,
    idle_looks: u32,
    last_looks: u32,
    doing: Doing,
    progress: u64,
    quiet_looks: u32,
}

impl Watchdog {
    pub(crate) fn new(limits: &Limits, activity: Arc<Activity>) -> Self {
        let shorter = limits.head_time.min(limits.idle_time);
        let period = (shorter / LOOKS).max(Duration::from_millis(1));
        Self {
            activity,
            period,
            head_looks: looks(limits.head_time, period),
            idle_looks: looks(limits.idle_time, period),
            last_looks: looks(limits.drain_time, period),
            doing: Doing::Nothing,
            progress: 0,
            quiet_looks: 0,
        }
    }

    /// Returns when the connection has been silent, in the middle of a head, or without a client's side for too long.
    pub(crate) async fn bark(&mut self) {
        loop {
            tokio::time::sleep(self.period).await;
            if self.look() {
                return;
            }
        }
    }

    fn look(&mut self) -> bool {
        let doing = if self.activity.busy.load(Ordering::Relaxed) {
            if self.activity.ended.load(Ordering::Relaxed) {
                Doing::AnsweringLast
            } else {
                Doing::Answering
            }
        } else if self.activity.read.load(Ordering::Relaxed)
            == self.activity.answered_at.load(Ordering::Relaxed)
        {
            Doing::Nothing
        } else {
            Doing::Receiving
        };
        let progress = self.activity.progress.load(Ordering::Relaxed);
        if doing != self.doing || progress != self.progress {
            (self.doing, self.progress, self.quiet_looks) = (doing, progress, 0);
            return false;
        }
        self.quiet_looks = self.quiet_looks.saturating_add(1);
        match doing {
            Doing::Answering => false,
            Doing::AnsweringLast => self.quiet_looks >= self.last_looks,
            Doing::Receiving => self.quiet_looks >= self.head_looks,
            Doing::Nothing => self.quiet_looks >= self.idle_looks,
        }
    }
}

/// Periods that fill a limit, rounded up.
fn looks(limit: Duration, period: Duration) -> u32 {
    u32::try_from(limit.as_nanos().div_ceil(period.as_nanos().max(1))).unwrap_or(u32::MAX)
}

/// A stream that counts for [`Activity`], notices a client that goes away, marks answers, and closes politely.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
    mark: Option<Arc<Mark>>,
    /// What is still to be written of an answer that got its mark here, in place of the bytes that hyper offers.
    marked: Option<VecDeque<u8>>,
    /// A byte that was read before hyper asked for it.
    ahead: Option<u8>,
    closing: Closing,
}

/// How far the end of a connection has come. Closing a socket with unread bytes in it makes the kernel send a reset,
/// which can overtake the answer on its way to a client that is still sending: so what is there gets read first.
#[derive(Debug)]
enum Closing {
    Open,
    Flushed { left: usize },
}

/// Bytes that are read and thrown away at the end of a connection. Whoever sends more gets the reset.
const LINGER_BYTES: usize = 1024 * 1024;

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>, mark: Option<Arc<Mark>>) -> Self {
        Self { stream, activity, mark, marked: None, ahead: None, closing: Closing::Open }
    }
}

impl<S: AsyncRead + Unpin> Watched<S> {
    /// hyper, made to answer clients that have ended their side, reads nothing while an answer is awaited, so the end of
    /// a connection would go unnoticed until there is something to write. It does flush whenever it is woken; this looks
    /// one byte ahead then. An answer that needs no waiting never comes here.
    fn look_ahead(&mut self, cx: &mut Context<'_>) {
        let activity = &self.activity;
        if !activity.busy.load(Ordering::Relaxed)
            || activity.ended.load(Ordering::Relaxed)
            || self.ahead.is_some()
        {
            return;
        }
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
            Poll::Pending => {}
            Poll::Ready(Err(_)) => activity.broken.store(true, Ordering::Relaxed),
            Poll::Ready(Ok(())) => match buffer.filled().first() {
                Some(byte) => self.ahead = Some(*byte),
                None => activity.ended.store(true, Ordering::Relaxed),
            },
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if buffer.remaining() > 0
            && let Some(byte) = this.ahead.take()
        {
            // With what stands behind it, or a body would arrive byte by byte. How the stream ends is said next time.
            buffer.put_slice(&[byte]);
            if let Poll::Ready(Err(_)) = Pin::new(&mut this.stream).poll_read(cx, buffer) {
                this.activity.broken.store(true, Ordering::Relaxed);
            }
        } else {
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        }
        let came = buffer.filled().len().saturating_sub(before);
        grow(&this.activity.read, u64::try_from(came).unwrap_or(u64::MAX));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    /// Writes an answer that lacks the mark with it, and then says how many of hyper's bytes that was; `None` if these
    /// bytes can be written as they are.
    fn write_marked(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Option<io::Result<usize>>> {
        if self.marked.is_none() {
            let marked = self.mark.as_ref().and_then(|mark| mark.missing_in(bytes));
            self.marked = marked.map(VecDeque::from);
        }
        let Some(marked) = &mut self.marked else { return Poll::Ready(None) };
        while !marked.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, marked.as_slices().0)) {
                Ok(0) => return Poll::Ready(Some(Err(io::ErrorKind::WriteZero.into()))),
                Ok(written) => drop(marked.drain(..written.min(marked.len()))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        self.marked = None;
        Poll::Ready(Some(Ok(bytes.len())))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = match ready!(this.write_marked(cx, bytes)) {
            Some(written) => written?,
            None => ready!(Pin::new(&mut this.stream).poll_write(cx, bytes))?,
        };
        grow(&this.activity.progress, 1);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let first = buffers.first().map_or(&[][..], |buffer| buffer);
        let written = match ready!(this.write_marked(cx, first)) {
            Some(written) => written?,
            None => ready!(Pin::new(&mut this.stream).poll_write_vectored(cx, buffers))?,
        };
        grow(&this.activity.progress, 1);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.look_ahead(cx);
        Poll::Ready(Ok(()))
    }

    /// Ends our side, then reads what the client had under way. A client with nothing under way is not waited for,
    /// so stopping a server is not held up by kept connections.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Closing::Open = this.closing {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            this.closing = Closing::Flushed { left: LINGER_BYTES };
        }
        let Closing::Flushed { left } = &mut this.closing else { return Poll::Ready(Ok(())) };
        let mut scratch = [0; 4096];
        while *left > 0 {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut this.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let came = buffer.filled().len();
                    *left = left.saturating_sub(came);
                    // To the watchdog this is a head that takes its time.
                    grow(&this.activity.read, u64::try_from(came).unwrap_or(u64::MAX));
                }
                // The end, a broken connection, or a client that has nothing under way.
                Poll::Ready(_) => break,
                Poll::Pending
                    if *left == LINGER_BYTES || this.activity.stopping.load(Ordering::Relaxed) =>
                {
                    break;
                }
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
