//! The settings of a client.

use std::sync::Arc;
use std::time::Duration;

use bankid_core::verify::VerifyCompletion;

use crate::{Clock, Endpoint, Error, Identity, SystemClock};

/// The settings of a [`Client`](crate::Client). What is not set has a default; [`Client::new`](crate::Client::new) checks
/// them.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) endpoint: Endpoint,
    pub(crate) identity: Option<Identity>,
    pub(crate) connect_timeout: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) response_limit_bytes: usize,
    pub(crate) max_connections: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) poll_interval: Duration,
    pub(crate) retries: u32,
    pub(crate) retry_delay: Duration,
    pub(crate) verify: Option<Arc<dyn VerifyCompletion>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Config {
    /// How long making a connection may take, a free place in the pool included, unless set.
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
    /// How long an answer may take once there is a connection, unless set.
    pub const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
    /// The longest answer that is read, unless set. The largest legal one has about 350 kB (4.5).
    pub const DEFAULT_RESPONSE_LIMIT_BYTES: usize = 2 << 20;
    /// Connections at a time, unless set.
    pub const DEFAULT_MAX_CONNECTIONS: usize = 128;
    /// How long a connection is kept unused, unless set.
    pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
    /// The pace of following an order, unless set (4.4).
    pub const DEFAULT_POLL_INTERVAL: Duration = Duration::from_secs(2);
    /// The fastest pace that BankID permits (4.4); binding for its own hosts.
    pub const MIN_POLL_INTERVAL: Duration = Duration::from_secs(1);
    /// How often a call is tried again where that is safe, unless set.
    pub const DEFAULT_RETRIES: u32 = 2;
    /// How long to wait before a call is tried again that BankID answered 503, unless set.
    pub const DEFAULT_RETRY_DELAY: Duration = Duration::from_secs(1);

    /// Settings for calls to this endpoint by the relying party with this identity.
    pub fn new(endpoint: Endpoint, identity: Identity) -> Self {
        Self { identity: Some(identity), ..Self::plain(endpoint) }
    }

    /// Settings without an identity, which is enough for plain HTTP: a simulator on this machine.
    pub fn plain(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            identity: None,
            connect_timeout: Self::DEFAULT_CONNECT_TIMEOUT,
            request_timeout: Self::DEFAULT_REQUEST_TIMEOUT,
            response_limit_bytes: Self::DEFAULT_RESPONSE_LIMIT_BYTES,
            max_connections: Self::DEFAULT_MAX_CONNECTIONS,
            idle_timeout: Self::DEFAULT_IDLE_TIMEOUT,
            poll_interval: Self::DEFAULT_POLL_INTERVAL,
            retries: Self::DEFAULT_RETRIES,
            retry_delay: Self::DEFAULT_RETRY_DELAY,
            verify: None,
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// How long making a connection may take, a free place in the pool included.
    #[must_use]
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// How long an answer may take once there is a connection.
    #[must_use]
    pub fn request_timeout(self, request_timeout: Duration) -> Self {
        Self { request_timeout, ..self }
    }

    /// The longest answer that is read, in bytes of its body.
    #[must_use]
    pub fn response_limit_bytes(self, response_limit_bytes: usize) -> Self {
        Self { response_limit_bytes, ..self }
    }

    /// Connections at a time; calls beyond wait for one.
    #[must_use]
    pub fn max_connections(self, max_connections: usize) -> Self {
        Self { max_connections, ..self }
    }

    /// How long a connection is kept unused.
    #[must_use]
    pub fn idle_timeout(self, idle_timeout: Duration) -> Self {
        Self { idle_timeout, ..self }
    }

    /// The pace of following an order.
    #[must_use]
    pub fn poll_interval(self, poll_interval: Duration) -> Self {
        Self { poll_interval, ..self }
    }

    /// How often a call is tried again where that is safe (6.4); 0 for never.
    #[must_use]
    pub fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// How long to wait before a call is tried again that BankID answered 503.
    #[must_use]
    pub fn retry_delay(self, retry_delay: Duration) -> Self {
        Self { retry_delay, ..self }
    }

    /// What every completion has to pass before it is handed out. By default there is nothing: the answer comes from BankID
    /// over a connection that both sides have proved themselves on.
    #[must_use]
    pub fn verify(self, verify: Arc<dyn VerifyCompletion>) -> Self {
        Self { verify: Some(verify), ..self }
    }

    /// Where time comes from; real time unless set.
    #[must_use]
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let positive = [
            ("connectTimeoutMs", self.connect_timeout.is_zero()),
            ("requestTimeoutMs", self.request_timeout.is_zero()),
            ("responseLimitBytes", self.response_limit_bytes == 0),
            ("maxConnections", self.max_connections == 0),
            ("pollIntervalMs", self.poll_interval.is_zero()),
        ];
        if let Some((setting, _)) = positive.into_iter().find(|(_, is_zero)| *is_zero) {
            return Err(Error::configuration(setting, "it must be more than 0"));
        }
        if self.max_connections > MAX_CONNECTIONS {
            let problem = format!("it must not be more than {MAX_CONNECTIONS}");
            return Err(Error::configuration("maxConnections", problem));
        }
        if self.endpoint.is_bankid() && self.poll_interval < Self::MIN_POLL_INTERVAL {
            let problem =
                "BankID permits one collect a second for an order, and asks for one every two";
            return Err(Error::configuration("pollIntervalMs", problem));
        }
        Ok(())
    }
}

/// More connections to one port than a machine has to give.
const MAX_CONNECTIONS: usize = 65_536;
