//! What is kept for pages: sessions, the codes of their results, and tickets. All of it in memory, and all within limits.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bankid_core::launch::Nonce;

use super::cookie::{Cookie, Key, SECRET_BYTES, Secret};
use super::session::{Phase, Places, Session};
use super::settings::{BadPageSettings, PageSettings};
use crate::fault::{Code, Fault};
use crate::request::StartBody;

/// Fills a buffer with bytes that nobody can guess.
pub type Random = dyn Fn(&mut [u8]) -> Result<(), NoRandom> + Send + Sync;

/// There were no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandom;

/// What a ticket counts beyond its body.
const TICKET_BYTES: usize = 512;

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
    codes: HashMap<Key, Arc<Session>>,
    tickets: HashMap<Key, Ticket>,
    ticket_bytes: usize,
}

/// What a backend has prepared.
struct Ticket {
    owner: Arc<str>,
    body: Arc<StartBody>,
    until: Duration,
    /// The browser that has used it: the session that it has now, or had last.
    holder: Option<Key>,
}

/// A ticket that was presented.
pub(super) struct Presented {
    pub(super) owner: Arc<str>,
    pub(super) body: Arc<StartBody>,
    before: Option<Key>,
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
        let (mut session, mut code) = ([0; SECRET_BYTES], [0; SECRET_BYTES]);
        let mut nonce = [0; Nonce::BYTES];
        for place in [&mut session[..], &mut code[..], &mut nonce[..]] {
            self.fill(place)?;
        }
        let (session, code) = (Secret::new(&session), Secret::new(&code));
        Ok(Names { session, code, nonce: Nonce::new(nonce) })
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        (self.random)(bytes).map_err(|error| {
            tracing::error!(%error, "a name could not be made");
            Fault::new(Code::InternalError, "Try again later. The log of the gateway says more.")
        })
    }

    pub(super) fn open(&self, session: &Arc<Session>) {
        self.lock().sessions.insert(session.key, Arc::clone(session));
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

    /// From now on the result can be exchanged, and the ticket that led to it is used up.
    pub(super) fn complete(&self, session: &Arc<Session>) {
        let mut table = self.lock();
        table.codes.insert(session.code.key(), Arc::clone(session));
        if let Some(ticket) = &session.ticket {
            table.drop_ticket(ticket.key());
        }
    }

    /// The session whose result a code stands for, for the last time.
    pub(crate) fn exchange(&self, owner: &Arc<str>, code: &str) -> Option<Arc<Session>> {
        let mut table = self.lock();
        let key = Key::of(code);
        let found = table.codes.get(&key).filter(|session| session.owner == *owner)?;
        let session = Arc::clone(found);
        table.codes.remove(&key);
        table.sessions.remove(&session.key);
        drop(table);
        let was_complete = session.stage.is_over_now() == Phase::Complete;
        was_complete.then_some(session)
    }

    /// A ticket for an order that a page may start.
    pub(crate) fn prepare(
        &self,
        owner: &Arc<str>,
        body: StartBody,
        now: Duration,
    ) -> Result<Secret, Fault> {
        let mut random = [0; SECRET_BYTES];
        self.fill(&mut random)?;
        let secret = Secret::new(&random);
        let bytes = body.len().saturating_add(TICKET_BYTES);
        let until = now.saturating_add(self.settings.ticket_time);
        let ticket = Ticket { owner: Arc::clone(owner), body: Arc::new(body), until, holder: None };
        let mut table = self.lock();
        if table.ticket_bytes.saturating_add(bytes) > self.settings.ticket_bytes {
            table.sweep(now);
        }
        if table.ticket_bytes.saturating_add(bytes) > self.settings.ticket_bytes {
            let detail = "Try again later. The operator can raise pages.ticketMib.";
            return Err(Fault::new(Code::StoreFull, detail).retry_after(1));
        }
        table.ticket_bytes += bytes;
        table.tickets.insert(secret.key(), ticket);
        Ok(secret)
    }

    /// What a ticket is for. It is good for one order that completes, in one browser: who has used it is known by the
    /// session before, `next` is the one that follows.
    pub(super) fn present(
        &self,
        ticket: &Secret,
        browser: Option<Key>,
        next: Key,
        now: Duration,
    ) -> Option<Presented> {
        let mut table = self.lock();
        let known = table.tickets.get_mut(&ticket.key())?;
        if known.until <= now || (known.holder.is_some() && known.holder != browser) {
            return None;
        }
        let before = known.holder.replace(next);
        Some(Presented { owner: Arc::clone(&known.owner), body: Arc::clone(&known.body), before })
    }

    /// Nothing came of it.
    pub(super) fn release(&self, ticket: &Secret, presented: &Presented) {
        if let Some(known) = self.lock().tickets.get_mut(&ticket.key()) {
            known.holder = presented.before;
        }
    }

    /// Forgets tickets whose time is over.
    pub(crate) fn sweep(&self, now: Duration) {
        self.lock().sweep(now);
    }

    /// Ends all streams, now and from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let sessions: Vec<_> = self.lock().sessions.values().map(Arc::clone).collect();
        for session in sessions {
            session.board.close();
        }
    }

    /// How many sessions there are.
    pub(super) fn len(&self) -> usize {
        self.lock().sessions.len()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn sweep(&mut self, now: Duration) {
        let over: Vec<_> = self.tickets.iter().filter(|(_, ticket)| ticket.until <= now).collect();
        let over: Vec<_> = over.into_iter().map(|(key, _)| *key).collect();
        for key in over {
            self.drop_ticket(key);
        }
    }

    fn drop_ticket(&mut self, key: Key) {
        if let Some(ticket) = self.tickets.remove(&key) {
            let bytes = ticket.body.len().saturating_add(TICKET_BYTES);
            self.ticket_bytes = self.ticket_bytes.saturating_sub(bytes);
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("sessions", &self.len()).finish_non_exhaustive()
    }
}
