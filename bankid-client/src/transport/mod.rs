//! One call over HTTP: a connection from the pool or a new one, a deadline, a bound on the answer.
//!
//! Nothing is judged here but whether there is an answer, and nothing is sent twice, with one exception: a request whose
//! kept connection turns out to have been closed by the server before anything of it was written, by hyper's word.

mod alarm;
mod connect;
mod connection;
mod pool;
mod stream;

use std::future::poll_fn;
use std::mem;
use std::ops::DerefMut;
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;
use std::time::Duration;

use bankid_core::request::ApiVersion;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use rustls::ClientConfig;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::alarm::Alarm;
pub(crate) use self::connection::Answer;
use self::connection::{Body, Broken, Connection};
use self::pool::Pool;
use crate::endpoint::{Endpoint, Transport as Kind};
use crate::{BadAnswer, Call, Clock, Config, Error, Identity, tls};

/// The way to BankID.
pub(crate) struct Transport {
    endpoint: Endpoint,
    session: RwLock<Arc<Session>>,
    pool: Arc<Pool>,
    permits: Arc<Semaphore>,
    host: HeaderValue,
    clock: Arc<dyn Clock>,
    connect_timeout: Duration,
    request_timeout: Duration,
    response_limit_bytes: usize,
    uris: Vec<(ApiVersion, Call, Uri)>,
}

/// What connections made with one identity have in common.
pub(crate) struct Session {
    identity: Option<Arc<Identity>>,
    tls: Option<Arc<ClientConfig>>,
}

impl Transport {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let endpoint = config.endpoint.clone();
        let bad_url = |_malformed| Error::configuration("baseUrl", "it is not a URL");
        let mut uris = Vec::new();
        for version in [ApiVersion::V6_0, ApiVersion::V5_1] {
            for call in Call::ALL {
                let uri = endpoint.path(version, call).parse().map_err(bad_url)?;
                uris.push((version, call, uri));
            }
        }
        let host = endpoint.authority.as_str();
        let host = HeaderValue::from_str(host)
            .map_err(|_malformed| Error::configuration("baseUrl", "its host is no header"))?;
        let session = session(&endpoint, config.identity.clone(), &config.clock)?;
        let clock = Arc::clone(&config.clock);
        Ok(Self {
            session: RwLock::new(session),
            pool: Arc::new(Pool::new(config.max_connections, config.idle_timeout, clock)),
            permits: Arc::new(Semaphore::new(config.max_connections)),
            host,
            clock: Arc::clone(&config.clock),
            connect_timeout: config.connect_timeout,
            request_timeout: config.request_timeout,
            response_limit_bytes: config.response_limit_bytes,
            uris,
            endpoint,
        })
    }

    pub(crate) fn identity(&self) -> Option<Arc<Identity>> {
        self.session().identity.clone()
    }

    pub(crate) fn replace_identity(&self, identity: Identity) -> Result<(), Error> {
        let session = session(&self.endpoint, Some(identity), &self.clock)?;
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&session);
        self.pool.keep_only(&session);
        Ok(())
    }

    fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Posts a body and gives the answer, whatever its status.
    pub(crate) async fn post(
        &self,
        version: ApiVersion,
        call: Call,
        body: &Bytes,
    ) -> Result<Answer, Error> {
        let session = self.session();
        let connecting = self.deadline(self.connect_timeout);
        let _permit = self
            .within(connecting, &mut Alarm::default(), pin!(self.permit()))
            .await
            .ok_or_else(|| Error::Timeout { call, after: self.connect_timeout, sent: false })?;
        // Each round uses up a connection that the server has closed, so there is an end to them.
        while let Some(connection) = self.pool.take(&session) {
            match self.exchange(connection, &session, version, call, body).await {
                Err(Lost::NotSent(_)) => {}
                Err(Lost::Failed(error)) => return Err(error),
                Ok(answer) => return Ok(answer),
            }
        }
        // Boxed, since a handshake is large, most calls need none, and every call's future would have room for one.
        let connect = Box::pin(self.connect(&session, call));
        let connected = self.within(connecting, &mut Alarm::default(), connect).await;
        let connection = connected.unwrap_or(Err(Error::Timeout {
            call,
            after: self.connect_timeout,
            sent: false,
        }))?;
        match self.exchange(connection, &session, version, call, body).await {
            Ok(answer) => Ok(answer),
            Err(Lost::NotSent(error)) => Err(broken(call, error, false)),
            Err(Lost::Failed(error)) => Err(error),
        }
    }

    /// A place among the connections there may be.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        let permits = Arc::clone(&self.permits);
        if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
            return Some(permit);
        }
        // It is never closed.
        permits.acquire_owned().await.ok()
    }

    async fn connect(&self, session: &Session, call: Call) -> Result<Connection, Error> {
        let stream = connect::connect(&self.endpoint, session, call).await?;
        Connection::new(stream).await.map_err(|error| broken(call, error, false))
    }

    async fn exchange(
        &self,
        mut connection: Connection,
        session: &Arc<Session>,
        version: ApiVersion,
        call: Call,
        body: &Bytes,
    ) -> Result<Answer, Lost> {
        let request = self.request(version, call, body.clone());
        let deadline = self.deadline(self.request_timeout);
        let mut alarm = mem::take(&mut connection.alarm);
        let answer = {
            let exchange = pin!(connection.exchange(request, self.response_limit_bytes));
            self.within(deadline, &mut alarm, exchange).await
        };
        connection.alarm = alarm;
        let answer = answer.ok_or_else(|| {
            Lost::Failed(Error::Timeout { call, after: self.request_timeout, sent: true })
        })?;
        match answer {
            Ok(answer) => {
                self.pool.put(connection, Arc::clone(session));
                Ok(answer)
            }
            Err(Broken::NotSent(error)) => Err(Lost::NotSent(error)),
            Err(Broken::Sent(error)) => Err(Lost::Failed(broken(call, error, true))),
            Err(Broken::TooLong { status }) => {
                let problem = BadAnswer::TooLong { limit_bytes: self.response_limit_bytes };
                Err(Lost::Failed(Error::BadAnswer { call, status, problem }))
            }
        }
    }

    fn request(&self, version: ApiVersion, call: Call, body: Bytes) -> Request<Body> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        let here = self.uris.iter().find(|(v, c, _)| (*v, *c) == (version, call));
        if let Some((_, _, uri)) = here {
            *request.uri_mut() = uri.clone();
        }
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        // Exactly this: a parameter would be refused (1.2).
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request
    }

    fn deadline(&self, from_now: Duration) -> Duration {
        self.clock.now().saturating_add(from_now)
    }

    /// What the future gives, unless the time comes first. What is ready counts, however late it is asked for.
    async fn within<P>(
        &self,
        deadline: Duration,
        alarm: &mut Alarm,
        mut future: Pin<P>,
    ) -> Option<<P::Target as Future>::Output>
    where
        P: DerefMut<Target: Future>,
    {
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => alarm.poll(deadline, &*self.clock, cx).map(|()| None),
        })
        .await
    }
}

/// How an exchange failed.
enum Lost {
    NotSent(hyper::Error),
    Failed(Error),
}

fn session(
    endpoint: &Endpoint,
    identity: Option<Identity>,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<Session>, Error> {
    let config = match &endpoint.transport {
        Kind::Plain => None,
        Kind::Tls { roots, .. } => {
            let Some(identity) = &identity else {
                return Err(Error::configuration("identity", "it is needed for https"));
            };
            let config = tls::client_config(roots, &identity.certified, clock)
                .map_err(|error| Error::configuration("ca", error.to_string()))?;
            Some(Arc::new(config))
        }
    };
    Ok(Arc::new(Session { identity: identity.map(Arc::new), tls: config }))
}

fn broken(call: Call, error: hyper::Error, sent: bool) -> Error {
    if let Some(fault) = tls::fault(&error) {
        return Error::Tls { call, fault, source: error.into() };
    }
    if error.is_parse() {
        return Error::BadAnswer { call, status: 0, problem: BadAnswer::Http(error.into()) };
    }
    Error::Connection { call, sent, source: error.into() }
}
