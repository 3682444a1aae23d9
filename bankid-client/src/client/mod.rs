//! The client: what it is made of, and one method per operation.

mod calls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::transport::Transport;
use crate::{Clock, Config, Error, Identity, Moment};

/// A client of BankID's service. Cheap to copy; copies share connections.
///
/// It opens no connection before the first call. Connections belong to the tokio runtime that the call runs on.
///
/// A call is tried again by itself only where 6.4 says that this is safe: when there was no connection to send it over;
/// when BankID answered 503, after a while; and a cancel whose answer got lost, once. A connection that could not be made
/// in time is not tried again, since the caller has waited long enough. Everything else is the caller's to decide, by
/// [`Error::retry`].
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    transport: Transport,
}

impl Client {
    /// A client with these settings. Needs no runtime, and does no I/O.
    ///
    /// # Errors
    /// `badConfiguration` names the setting that does not hold; `certificateExpired` and `certificateNotYetValid` say when
    /// the identity's certificate is valid.
    pub fn new(config: Config) -> Result<Self, Error> {
        config.check()?;
        if let Some(identity) = &config.identity {
            identity.check_validity(config.clock.unix_ms())?;
        }
        let transport = Transport::new(&config)?;
        Ok(Self { inner: Arc::new(Inner { config, transport }) })
    }

    /// The identity that new connections use; none where plain HTTP needs none.
    pub fn identity(&self) -> Option<Arc<Identity>> {
        self.inner.transport.identity()
    }

    /// Uses another identity from now on. Connections made with the old one end their calls and are then let go.
    ///
    /// An order belongs to the certificate that started it (1.4): orders of the old one can be collected only if the new
    /// certificate is accepted as the same relying party's.
    ///
    /// # Errors
    /// Its certificate is not valid now; the old identity stays.
    pub fn replace_identity(&self, identity: Identity) -> Result<(), Error> {
        identity.check_validity(self.inner.config.clock.unix_ms())?;
        self.inner.transport.replace_identity(identity)
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.config.clock
    }

    /// How long a call takes at most that nobody has refused: making a connection, and waiting for the answer.
    pub fn call_timeout(&self) -> Duration {
        self.inner.config.connect_timeout.saturating_add(self.inner.config.request_timeout)
    }

    pub(crate) fn poll_interval(&self) -> Duration {
        self.inner.config.poll_interval
    }

    /// What time it is by the client's clock.
    pub fn now(&self) -> Moment {
        let clock = &self.inner.config.clock;
        Moment { monotonic: clock.now(), unix_ms: clock.unix_ms() }
    }

    /// A moment that is known by its time of day only, such as when an order of another process was received.
    pub fn at_unix_ms(&self, unix_ms: u64) -> Moment {
        let now = self.now();
        let ago = Duration::from_millis(now.unix_ms.saturating_sub(unix_ms));
        Moment { monotonic: now.monotonic.saturating_sub(ago), unix_ms }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.inner.config.endpoint)
            .field("identity", &self.identity())
            .finish_non_exhaustive()
    }
}
