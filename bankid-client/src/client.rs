//! The client: what it is made of.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::{Config, Error, Identity, Moment};

/// A client of BankID's service. Cheap to copy; copies share connections.
///
/// It opens no connection before the first call. Connections belong to the tokio runtime that the call runs on.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    identity: RwLock<Arc<Identity>>,
}

impl Client {
    /// A client with these settings. Needs no runtime, and does no I/O.
    ///
    /// # Errors
    /// `badConfiguration` names the setting that does not hold; `certificateExpired` and `certificateNotYetValid` say when
    /// the identity's certificate is valid.
    pub fn new(config: Config) -> Result<Self, Error> {
        config.check()?;
        config.identity.check_validity(config.clock.unix_ms())?;
        let identity = RwLock::new(Arc::new(config.identity.clone()));
        Ok(Self { inner: Arc::new(Inner { config, identity }) })
    }

    /// The identity that new connections use.
    pub fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.inner.identity.read().unwrap_or_else(PoisonError::into_inner))
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
        let identity = Arc::new(identity);
        *self.inner.identity.write().unwrap_or_else(PoisonError::into_inner) = identity;
        Ok(())
    }

    /// What time it is by the client's clock.
    pub fn now(&self) -> Moment {
        let clock = &self.inner.config.clock;
        Moment { monotonic: clock.now(), unix_ms: clock.unix_ms() }
    }

    /// A moment that is known by its time of day only, such as when an order of another process was received.
    pub fn at_unix_ms(&self, unix_ms: u64) -> Moment {
        let now = self.now();
        let ago = std::time::Duration::from_millis(now.unix_ms.saturating_sub(unix_ms));
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
