//! A session: one order of one browser, and what is to be known of it when its user comes back.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bankid_core::launch::Nonce;
use bankid_core::message::{Language, StartMode};
use bankid_core::order::OrderRef;
use bankid_core::update::Status;
use serde::{Deserialize, Serialize};

use super::address::block;
use super::board::Board;
use super::cookie::{Key, Secret};

/// A session with its order.
#[derive(Debug)]
pub(super) struct Session {
    /// What its cookie is found by.
    pub(super) key: Key,
    /// Whose order it is.
    pub(super) owner: Arc<str>,
    pub(super) order_ref: OrderRef,
    pub(super) start_mode: StartMode,
    pub(super) language: Language,
    /// Where its user was when the order was started.
    pub(super) address: IpAddr,
    pub(super) ticket: Option<Secret>,
    /// What its user must come back with, where the app brings the user back (8.4).
    pub(super) nonce: Option<Nonce>,
    /// What its result is exchanged for.
    pub(super) code: Secret,
    pub(super) board: Board,
    pub(super) stage: Stage,
    pub(super) _place: Place,
}

impl Session {
    /// Whether the result is for whoever has the cookie: its user has come back, or needs not to.
    pub(super) fn is_with_its_user(&self) -> bool {
        self.nonce.is_none() || self.stage.has_returned()
    }

    /// What goes with the result.
    pub(super) fn origin(&self) -> SessionOrigin {
        SessionOrigin {
            end_user_ip: self.address.to_string(),
            start_mode: self.start_mode,
            returned: self.stage.has_returned(),
            ticket: self.ticket.as_ref().map(|ticket| ticket.as_str().into()),
        }
    }
}

/// How a result came about, for whoever exchanges its code.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionOrigin {
    /// The address that BankID was told.
    pub(crate) end_user_ip: String,
    /// How the app was started: `qr` or `autostart`.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) start_mode: StartMode,
    /// Whether the app brought the user back, with the session's nonce.
    pub(crate) returned: bool,
    /// The ticket that the order was started with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ticket: Option<Box<str>>,
}

/// How far a session has come. What is written first here is seen first by all: a user who comes back while the order
/// completes must be noticed by one of the two who look.
#[derive(Debug, Default)]
pub(super) struct Stage {
    phase: AtomicU8,
    returned: AtomicBool,
}

/// The part of a session's life that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Pending,
    Failed,
    Complete,
    /// Cancelled, or its result was fetched.
    Over,
}

impl Phase {
    pub(super) const fn of(status: &Status) -> Self {
        match status {
            Status::Pending(_) => Self::Pending,
            Status::Failed(_) => Self::Failed,
            Status::Complete => Self::Complete,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Complete => "complete",
            Self::Over => "over",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Failed => 1,
            Self::Complete => 2,
            Self::Over => 3,
        }
    }

    const fn at(number: u8) -> Self {
        match number {
            0 => Self::Pending,
            1 => Self::Failed,
            2 => Self::Complete,
            _ => Self::Over,
        }
    }
}

impl Stage {
    pub(super) fn phase(&self) -> Phase {
        Phase::at(self.phase.load(Ordering::SeqCst))
    }

    /// Goes on from pending; a session that is over stays so. Whether it went on.
    pub(super) fn ends_as(&self, phase: Phase) -> bool {
        let (from, to) = (Phase::Pending.number(), phase.number());
        self.phase.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Ends it; says what it was.
    pub(super) fn is_over_now(&self) -> Phase {
        Phase::at(self.phase.swap(Phase::Over.number(), Ordering::SeqCst))
    }

    pub(super) fn has_returned(&self) -> bool {
        self.returned.load(Ordering::SeqCst)
    }

    pub(super) fn returns(&self) {
        self.returned.store(true, Ordering::SeqCst);
    }
}

/// Room for sessions, in all and by address.
#[derive(Debug)]
pub(super) struct Places {
    all: usize,
    per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A session's room, given back with it.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

/// There is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// For anybody.
    Anywhere,
    /// For this address.
    Here,
}

impl Places {
    pub(super) fn new(all: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { all, per_address, taken: Mutex::default() })
    }

    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Result<Place, NoPlace> {
        let address = block(address);
        let mut taken = self.lock();
        if taken.all >= self.all {
            return Err(NoPlace::Anywhere);
        }
        let here = taken.by_address.entry(address).or_default();
        if *here >= self.per_address {
            return Err(NoPlace::Here);
        }
        *here += 1;
        taken.all += 1;
        Ok(Place { places: Arc::clone(self), address })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all = taken.all.saturating_sub(1);
        if let Some(here) = taken.by_address.get_mut(&self.address) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}
