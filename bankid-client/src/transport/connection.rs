//! One kept connection, and one exchange over it.
//!
//! hyper gives a handle that sends and a driver that does the work. Here the task that makes the call drives the
//! connection itself, so that an exchange wakes no other task; between calls nobody does.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use http::{Request, header};
use http_body::Body as _;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::alarm::Alarm;
use super::stream::Stream;

pub(super) type Body = Full<Bytes>;

type Driver = http1::Connection<TokioIo<Stream>, Body>;

/// Headers of an answer; BankID sends six (1.2).
const HEADERS_MAX: usize = 64;

pub(super) struct Connection {
    sender: http1::SendRequest<Body>,
    /// Nothing once it has ended: it must not be asked again. Boxed, since a connection moves twice for every call.
    driver: Option<Box<Driver>>,
    /// For the deadlines of its exchanges.
    pub(super) alarm: Alarm,
}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

/// How an exchange failed.
#[derive(Debug)]
pub(super) enum Broken {
    /// The connection had ended before the request was written; by hyper's word, nothing of it was sent.
    NotSent(hyper::Error),
    /// The request, or a part of it, may have reached the server.
    Sent(hyper::Error),
    /// The answer is too long.
    TooLong { status: u16 },
}

impl Connection {
    pub(super) async fn new(stream: Stream) -> hyper::Result<Self> {
        let mut builder = http1::Builder::new();
        builder.max_headers(HEADERS_MAX);
        let (sender, driver) = builder.handshake(TokioIo::new(stream)).await?;
        Ok(Self { sender, driver: Some(Box::new(driver)), alarm: Alarm::default() })
    }

    /// Whether it can take a request now: the last exchange is over, and the server has not closed it.
    pub(super) fn is_fresh(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        self.driver.is_some() && self.sender.is_ready()
    }

    /// Sends a request and reads the whole answer, up to a limit of its body.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Body>,
        limit_bytes: usize,
    ) -> Result<Answer, Broken> {
        let mut response = pin!(self.sender.try_send_request(request));
        let driver = &mut self.driver;
        let response = poll_fn(|cx| {
            drive(driver, cx);
            response.as_mut().poll(cx)
        });
        let response = response.await.map_err(|mut error| match error.take_message() {
            Some(_unsent) => Broken::NotSent(error.into_error()),
            None => Broken::Sent(error.into_error()),
        })?;
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        let announced = head.headers.get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limit_bytes) {
            return Err(Broken::TooLong { status });
        }
        let body = self.read(body, status, limit_bytes).await?;
        Ok(Answer { status, body })
    }

    async fn read(
        &mut self,
        mut body: Incoming,
        status: u16,
        limit_bytes: usize,
    ) -> Result<Bytes, Broken> {
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(frame) = poll_fn(|cx| {
            self.drive(cx);
            Pin::new(&mut body).poll_frame(cx)
        })
        .await
        {
            // Trailers tell nothing here.
            let Ok(data) = frame.map_err(Broken::Sent)?.into_data() else { continue };
            if first.len() + whole.len() + data.len() > limit_bytes {
                return Err(Broken::TooLong { status });
            }
            // Most answers come in one piece, which then is not copied.
            if first.is_empty() && whole.is_empty() {
                first = data;
                continue;
            }
            if whole.is_empty() {
                whole.extend_from_slice(&first);
                first.clear();
            }
            whole.extend_from_slice(&data);
        }
        Ok(if whole.is_empty() { first } else { whole.freeze() })
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        drive(&mut self.driver, cx);
    }
}

/// Lets the connection work. What it ends with is told to whoever waits for an answer.
fn drive(driver: &mut Option<Box<Driver>>, cx: &mut Context<'_>) {
    if let Some(running) = driver
        && let Poll::Ready(_told_elsewhere) = Pin::new(running).poll(cx)
    {
        *driver = None;
    }
}
