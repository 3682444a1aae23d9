//! Connections that wait for their next call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime;

use super::Session;
use super::connection::Connection;
use crate::Clock;

pub(super) struct Pool {
    /// The one used last is at the end, and taken first.
    idle: Mutex<Vec<Idle>>,
    max: usize,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    /// Whether a task is there to let go of what nobody uses.
    swept: AtomicBool,
}

struct Idle {
    connection: Connection,
    session: Arc<Session>,
    /// A connection is of no use to other runtimes, and ends with its own.
    runtime: runtime::Id,
    since: Duration,
}

impl Pool {
    pub(super) fn new(max: usize, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        let idle = Mutex::new(Vec::new());
        Self { idle, max, timeout, clock, swept: AtomicBool::new(false) }
    }

    /// A connection of this session that the server has not closed.
    pub(super) fn take(&self, session: &Arc<Session>) -> Option<Connection> {
        let runtime = runtime::Handle::try_current().ok()?.id();
        let now = self.clock.now();
        loop {
            let mut idle = {
                let mut all = self.lock();
                let fits =
                    |idle: &Idle| idle.runtime == runtime && Arc::ptr_eq(&idle.session, session);
                let position = all.iter().rposition(fits)?;
                all.remove(position)
            };
            if now.saturating_sub(idle.since) < self.timeout && idle.connection.is_fresh() {
                return Some(idle.connection);
            }
        }
    }

    /// Keeps a connection for the next call, if it can take one.
    pub(super) fn put(self: &Arc<Self>, mut connection: Connection, session: Arc<Session>) {
        if self.timeout.is_zero() || !connection.is_fresh() {
            return;
        }
        let Ok(runtime) = runtime::Handle::try_current() else { return };
        let idle = Idle { connection, session, runtime: runtime.id(), since: self.clock.now() };
        let oldest = {
            let mut all = self.lock();
            let oldest = (all.len() >= self.max).then(|| all.remove(0));
            all.push(idle);
            oldest
        };
        drop(oldest);
        if !self.swept.swap(true, Ordering::AcqRel) {
            runtime.spawn(sweep(Sweeper(Arc::downgrade(self))));
        }
    }

    /// Lets all go that are not of this session.
    pub(super) fn keep_only(&self, session: &Arc<Session>) {
        let others: Vec<_> =
            self.lock().extract_if(.., |idle| !Arc::ptr_eq(&idle.session, session)).collect();
        drop(others);
    }

    /// Lets go what has been idle too long. When the next one is due, if any is left.
    fn sweep(&self) -> Option<Duration> {
        let now = self.clock.now();
        let due = |idle: &Idle| idle.since.saturating_add(self.timeout);
        let mut all = self.lock();
        let gone: Vec<_> = all.extract_if(.., |idle| due(idle) <= now).collect();
        let next = all.iter().map(due).min();
        drop(all);
        drop(gone);
        next
    }

    /// A panic under the lock is a bug that its own thread reports; the others go on.
    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task that lets go of what nobody uses. When it ends, however it does, another may be started.
struct Sweeper(Weak<Pool>);

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.swept.store(false, Ordering::Release);
        }
    }
}

async fn sweep(sweeper: Sweeper) {
    loop {
        let Some(pool) = sweeper.0.upgrade() else { return };
        let Some(next) = pool.sweep() else { return };
        let asleep = pool.clock.sleep_until(next);
        drop(pool);
        asleep.await;
    }
}
