//! All lanes, and what they have in common.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use tokio::sync::Notify;

use super::{Apart, Lane, lock, queue::Queue};
use crate::{
    clock::{Clock, ClockMode, Timestamp},
    completion::Signers,
    fault::Counters,
    http::is_lane_name,
    rule::Rules,
    simulator::Usage,
    store::{Full, Limits},
    token::{Tokens, mix},
};

/// The lane of paths that name none.
pub(crate) const DEFAULT_LANE: &str = "default";
/// The default lane may have to hold everything.
const DEFAULT_SPREAD: u64 = 16;
/// There may be a thousand named lanes, each with a test of its own: the fewer shards, the less memory.
const NAMED_SPREAD: u64 = 4;

/// What a world is made of.
#[derive(Debug)]
pub(crate) struct WorldSettings {
    pub(crate) rules: Rules,
    pub(crate) seed: u64,
    pub(crate) clock: ClockMode,
    pub(crate) max_orders: usize,
    pub(crate) max_text_bytes: usize,
    /// The lane `default` included.
    pub(crate) max_lanes: usize,
    /// Who signs for the people of all lanes.
    pub(crate) signers: Arc<Signers>,
}

/// The lanes, and the rules and limits they share.
#[derive(Debug)]
pub(crate) struct World {
    this: Weak<Self>,
    rules: Arc<Rules>,
    limits: Arc<Limits>,
    seed: u64,
    clock: ClockMode,
    max_lanes: usize,
    signers: Arc<Signers>,
    default: Arc<Lane>,
    /// All others.
    named: RwLock<HashMap<Box<str>, Arc<Lane>>>,
    /// How many lanes have been let go: a lane that comes again under its name must not know the old one's tokens.
    let_go: AtomicU64,
    /// How many times a lane other than the default one was asked for.
    uses: AtomicU64,
}

/// Why there is no such lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LaneRefused {
    /// The text is no name for a lane.
    Name,
    /// There are as many lanes as may be, and none is idle; this flag allows more.
    Full(&'static str),
}

impl World {
    pub(crate) fn new(settings: WorldSettings) -> Arc<Self> {
        let WorldSettings { rules, seed, clock, max_orders, max_text_bytes, max_lanes, signers } =
            settings;
        Arc::new_cyclic(|this| {
            let rules = Arc::new(rules);
            let limits = Arc::new(Limits::new(max_orders, max_text_bytes));
            let shared = Shared { world: this, rules: &rules, limits: &limits, seed, clock };
            let default = Arc::new(shared.lane(DEFAULT_LANE, 0));
            Self {
                this: Weak::clone(this),
                rules: Arc::clone(&rules),
                limits: Arc::clone(&limits),
                seed,
                clock,
                max_lanes,
                signers,
                default,
                named: RwLock::default(),
                let_go: AtomicU64::new(0),
                uses: AtomicU64::new(0),
            }
        })
    }

    pub(crate) fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Who signs for the people of all lanes.
    pub(crate) fn signers(&self) -> &Arc<Signers> {
        &self.signers
    }

    /// How much is held of what the limits bound.
    pub(crate) fn usage(&self) -> Usage {
        Usage {
            orders: self.limits.orders(),
            text_bytes: self.limits.text_bytes(),
            lanes: self.read().len() + 1,
        }
    }

    pub(crate) fn default_lane(&self) -> &Arc<Lane> {
        &self.default
    }

    /// The lane of this name, made if there is none yet.
    pub(crate) fn lane(&self, name: &str) -> Result<Arc<Lane>, LaneRefused> {
        if let Some(lane) = self.existing(name) {
            return Ok(lane);
        }
        if !is_lane_name(name) {
            return Err(LaneRefused::Name);
        }
        let mut named = self.write();
        if let Some(lane) = named.get(name) {
            return Ok(self.used(lane));
        }
        if named.len() + 1 >= self.max_lanes && !self.let_idlest_go(&mut named) {
            return Err(LaneRefused::Full(Full::Lanes.flag()));
        }
        let shared = Shared {
            world: &self.this,
            rules: &self.rules,
            limits: &self.limits,
            seed: self.seed,
            clock: self.clock,
        };
        let lane = Arc::new(shared.lane(name, self.let_go.load(Ordering::Relaxed)));
        named.insert(name.into(), Arc::clone(&lane));
        Ok(self.used(&lane))
    }

    /// The lane of this name, if it has been used.
    pub(crate) fn existing(&self, name: &str) -> Option<Arc<Lane>> {
        match name {
            DEFAULT_LANE => Some(Arc::clone(&self.default)),
            name => self.read().get(name).map(|lane| self.used(lane)),
        }
    }

    /// Notes that a lane is used. Uses are counted and not timed, so that it is certain which of two was the last.
    fn used(&self, lane: &Arc<Lane>) -> Arc<Lane> {
        lane.last_used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Arc::clone(lane)
    }

    /// Every lane, the default one first, the others by name.
    pub(crate) fn lanes(&self) -> Vec<Arc<Lane>> {
        let mut lanes: Vec<_> = self.read().values().map(Arc::clone).collect();
        lanes.sort_by(|a, b| a.name.cmp(&b.name));
        lanes.insert(0, Arc::clone(&self.default));
        lanes
    }

    /// Lets a lane go with all its orders. The default lane stays, and is emptied instead.
    pub(crate) fn delete(&self, name: &str) -> bool {
        if name == DEFAULT_LANE {
            self.default.reset();
            return true;
        }
        let Some(lane) = self.write().remove(name) else { return false };
        self.let_go.fetch_add(1, Ordering::Relaxed);
        lane.reset();
        true
    }

    /// Forgets in all lanes what has been kept long enough.
    pub(crate) fn sweep(&self) {
        self.default.sweep();
        // Borrowed under the lock, since a lane in somebody's hands is not idle and makes no room; and the lock let go
        // between lanes, since whoever wants a new one waits for it.
        let names: Vec<_> = self.read().keys().cloned().collect();
        for name in names {
            if let Some(lane) = self.read().get(&name) {
                lane.sweep();
            }
        }
    }

    /// Lets the lane go that has been idle longest, if any is without orders and in nobody's hands.
    fn let_idlest_go(&self, named: &mut HashMap<Box<str>, Arc<Lane>>) -> bool {
        let idle = |lane: &Arc<Lane>| {
            lane.sweep();
            Arc::strong_count(lane) == 1 && lane.live() == 0
        };
        let idlest = named
            .values()
            .filter(|lane| idle(lane))
            .min_by_key(|lane| lane.last_used.load(Ordering::Relaxed))
            .map(|lane| lane.name.clone());
        let Some(name) = idlest else { return false };
        named.remove(&name);
        self.let_go.fetch_add(1, Ordering::Relaxed);
        true
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<Box<str>, Arc<Lane>>> {
        self.named.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<Box<str>, Arc<Lane>>> {
        self.named.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What every lane has in common.
struct Shared<'a> {
    world: &'a Weak<World>,
    rules: &'a Arc<Rules>,
    limits: &'a Arc<Limits>,
    seed: u64,
    clock: ClockMode,
}

impl Shared<'_> {
    fn lane(&self, name: &str, incarnation: u64) -> Lane {
        let seed = name.bytes().fold(self.seed, |seed, byte| mix(seed, byte.into()));
        Lane {
            name: name.into(),
            seed,
            rules: Arc::clone(self.rules),
            limits: Arc::clone(self.limits),
            world: Weak::clone(self.world),
            clock: Clock::new(self.clock),
            tokens: Tokens::new(mix(seed, incarnation)),
            shards: Default::default(),
            spread: if name == DEFAULT_LANE { DEFAULT_SPREAD } else { NAMED_SPREAD },
            sequence: Apart::default(),
            nothing_due_before: Mutex::default(),
            calls: Counters::new(&self.rules.errors),
            queue: Mutex::default(),
            instructed: AtomicBool::new(false),
            phones: Mutex::default(),
            started: Notify::new(),
            waiting: AtomicUsize::new(0),
            last_used: AtomicU64::new(0),
        }
    }
}

impl Lane {
    /// Begins anew: no orders, no instructions, the clock as at first. Tokens handed out before lead nowhere.
    pub(crate) fn reset(&self) {
        // No sweep meanwhile: it would judge new orders by a time that the clock no longer shows.
        let mut nothing_due_before = lock(&self.nothing_due_before);
        let mut phones = lock(&self.phones);
        phones.clear();
        // All shards at once, so that no order survives beside others that are gone.
        let mut shards: Vec<_> = self.shards.iter().map(|shard| lock(&shard.0)).collect();
        self.instruct(|queue| *queue = Queue::default());
        self.calls.reset();
        self.clock.reset();
        *nothing_due_before = Timestamp::default();
        for shard in &mut shards {
            shard.clear(&self.limits);
        }
    }

    fn clear(&mut self) {
        for shard in &mut self.shards {
            shard.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear(&self.limits);
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // A request that was under way may have started an order after the lane was let go.
        self.clear();
    }
}
