//! What an instance keeps for pages: their sessions, in memory and within limits.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bankid_core::launch::Nonce;

use super::cookie::{Cookie, Key, SECRET_BYTES, Secret};
use super::session::{Places, Session};
use super::settings::{BadPageSettings, PageSettings};
use crate::fault::{Code, Fault};

/// Fills a buffer with bytes that nobody can guess.
pub type Random = dyn Fn(&mut [u8]) -> Result<(), NoRandom> + Send + Sync;

/// There were no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandom;

pub(crate) struct Desk {
    pub(super) settings: PageSettings,
    pub(super) owner: Arc<str>,
    pub(super) cookie: Cookie,
    pub(super) places: Arc<Places>,
    random: Box<Random>,
    table: Mutex<Table>,
    closed: AtomicBool,
}

#[derive(Default)]
struct Table {
    sessions: HashMap<Key, Arc<Session>>,
    /// By what codes are found by.
    codes: HashMap<Key, Key>,
}

/// The names of a new session.
pub(super) struct Names {
    pub(super) session: Secret,
    pub(super) code: Secret,
    pub(super) nonce: Nonce,
}

impl Desk {
    pub(crate) fn new(
        settings: PageSettings,
        random: Box<Random>,
    ) -> Result<Self, BadPageSettings> {
        settings.check()?;
        Ok(Self {
            owner: Arc::from(&*settings.owner),
            cookie: Cookie { secure: !settings.origins.iter().any(super::Origin::is_plain) },
            places: Places::new(settings.sessions, settings.sessions_per_address),
            random,
            table: Mutex::default(),
            closed: AtomicBool::new(false),
            settings,
        })
    }

    pub(super) fn names(&self) -> Result<Names, Fault> {
        let (session, code) = (self.secret()?, self.secret()?);
        let mut nonce = [0; Nonce::BYTES];
        self.fill(&mut nonce)?;
        Ok(Names { session, code, nonce: Nonce::new(nonce) })
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        (self.random)(bytes).map_err(|error| {
            tracing::error!(%error, "a name could not be made");
            Fault::new(Code::InternalError, "Try again later. The log of the gateway says more.")
        })
    }

    /// A name for something new.
    pub(crate) fn secret(&self) -> Result<Secret, Fault> {
        let mut random = [0; SECRET_BYTES];
        self.fill(&mut random)?;
        Ok(Secret::new(&random))
    }

    pub(super) fn open(&self, session: &Arc<Session>) {
        let mut table = self.lock();
        table.sessions.insert(session.key, Arc::clone(session));
        table.codes.insert(session.code.key(), session.key);
        drop(table);
        // Whoever closed meanwhile has not seen it.
        if self.closed.load(Ordering::Acquire) {
            session.board.close();
        }
    }

    pub(super) fn find(&self, key: Option<Key>) -> Option<Arc<Session>> {
        self.lock().sessions.get(&key?).map(Arc::clone)
    }

    /// Forgets a session, its result included.
    pub(super) fn forget(&self, session: &Session) {
        let mut table = self.lock();
        let gone = (table.sessions.remove(&session.key), table.codes.remove(&session.code.key()));
        drop(table);
        drop(gone);
    }

    /// Forgets the session whose result was exchanged, if it was here.
    pub(crate) fn exchanged(&self, code: &Secret) {
        let session = {
            let mut table = self.lock();
            let key = table.codes.remove(&code.key());
            key.and_then(|key| table.sessions.remove(&key))
        };
        if let Some(session) = session {
            session.stage.is_over_now();
        }
    }

    /// Ends all streams, now and from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let sessions: Vec<_> = self.lock().sessions.values().map(Arc::clone).collect();
        for session in sessions {
            session.board.close();
        }
    }

    pub(crate) const fn ticket_time(&self) -> Duration {
        self.settings.ticket_time
    }

    /// How many sessions there are.
    pub(super) fn len(&self) -> usize {
        self.lock().sessions.len()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("sessions", &self.len()).finish_non_exhaustive()
    }
}
