//! Lanes against a model that is written from the reference alone: no slots, no steps, nothing lazy. What a relying party
//! is answered must be the same in both, whatever it does and whenever.

use std::{collections::BTreeSet, sync::Arc};

use bankid_core::{PersonalNumber, request::Operation};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{advance, settings, words};
use crate::{
    lane::{Lane, Rp, StartRefused, World, WorldSettings},
    rule::Outcome,
    sample::Request,
};

const LANES: [&str; 2] = ["default", "other"];
const MAX_ORDERS: usize = 6;
const MAX_TEXT_BYTES: usize = 40;

/// What the user of an order does, in words of the reference instead of a timeline.
#[derive(Clone, Copy, Debug)]
enum User {
    /// Never starts the app.
    Absent,
    /// Starts the app after so many milliseconds, and then does nothing.
    StartsOnly(u64),
    /// Starts the app and confirms, each after so many milliseconds.
    Confirms(u64, u64),
    /// Starts the app and cancels, each after so many milliseconds.
    Cancels(u64, u64),
    /// Has started the app when the first collect has been answered, and has confirmed when two more have.
    FollowsCollects,
    /// Has failed, for a reason nobody knows, before anybody looks.
    FailsAtOnce,
}

impl User {
    /// The same in the language of scenarios.
    fn timeline(self) -> String {
        match self {
            Self::Absent => "outstandingTransaction 24h, complete".into(),
            Self::StartsOnly(after) => {
                format!("outstandingTransaction {after}ms, userSign 24h, complete")
            }
            Self::Confirms(start, then) => {
                format!("outstandingTransaction {start}ms, userSign {then}ms, complete")
            }
            Self::Cancels(start, then) => {
                format!("outstandingTransaction {start}ms, userSign {then}ms, userCancel")
            }
            Self::FollowsCollects => "outstandingTransaction, userSign x2, complete".into(),
            Self::FailsAtOnce => "failed:newHint".into(),
        }
    }
}

/// An order in the model: what was asked for, and what happened to it from outside.
#[derive(Debug)]
struct Order {
    token: String,
    lane: usize,
    rp: usize,
    number: Option<u64>,
    by_number: bool,
    user: User,
    created: u64,
    text_bytes: usize,
    /// When collects were answered that the order was pending.
    collects: Vec<u64>,
    /// When another order for the same person arrived.
    superseded: Option<u64>,
    /// Whether its result was fetched, or it was cancelled by the relying party.
    gone: bool,
}

/// How an order ended, when, and until when the result is kept.
struct End {
    answer: &'static str,
    at: u64,
    kept_until: u64,
}

impl Order {
    /// Sections 4.4, 7.6 and 14.3, read as sentences about the whole life of an order.
    fn end(&self) -> End {
        let age = |at: u64| at - self.created;
        let never = u64::MAX - self.created;
        let (picked_up, finished, answer) = match self.user {
            User::Absent => (never, never, ""),
            User::StartsOnly(start) => (start, never, ""),
            User::Confirms(start, then) => (start, start + then, "complete"),
            User::Cancels(start, then) => (start, start + then, "failed/userCancel"),
            User::FollowsCollects => {
                let nth = |n: usize| self.collects.get(n).map_or(never, |at| age(*at));
                (nth(0), nth(2), "complete")
            }
            User::FailsAtOnce => (0, 0, "failed/newHint"),
        };
        let start_limit = if self.by_number { 180_000 } else { 30_000 };
        let never_started =
            if self.by_number { "failed/expiredTransaction" } else { "failed/startFailed" };
        // Whatever comes first; a limit wins over what falls due at the same moment.
        let (at, answer, kept_until) = if picked_up >= start_limit {
            (start_limit, never_started, 190_000)
        } else if finished >= 180_000 {
            (180_000, "failed/expiredTransaction", 180_000 + 300_000)
        } else {
            (finished, answer, finished + if answer == "complete" { 180_000 } else { 300_000 })
        };
        match self.superseded.map(age) {
            Some(superseded) if superseded < at => End {
                answer: "failed/cancelled",
                at: self.created + superseded,
                kept_until: self.created + superseded + 300_000,
            },
            _ => End { answer, at: self.created + at, kept_until: self.created + kept_until },
        }
    }

    fn is_pending(&self, now: u64) -> bool {
        !self.gone && now < self.end().at
    }

    /// Whether it counts towards the limits.
    fn is_kept(&self, now: u64) -> bool {
        !self.gone && now < self.end().kept_until
    }

    /// What a pending order's collect says.
    fn hint(&self, now: u64) -> &'static str {
        let picked_up = match self.user {
            User::Absent => false,
            User::StartsOnly(start) | User::Confirms(start, _) | User::Cancels(start, _) => {
                now - self.created >= start
            }
            User::FollowsCollects => !self.collects.is_empty(),
            User::FailsAtOnce => true,
        };
        if picked_up { "userSign" } else { "outstandingTransaction" }
    }

    fn collect(&mut self, now: u64) -> &'static str {
        if !self.is_kept(now) {
            return "no such order";
        }
        if self.is_pending(now) {
            let hint = self.hint(now);
            self.collects.push(now);
            return hint;
        }
        self.gone = true;
        self.end().answer
    }
}

/// The model: all orders there ever were, and what each lane's clock says.
#[derive(Debug, Default)]
struct Model {
    orders: Vec<Order>,
    now: [u64; LANES.len()],
}

impl Model {
    fn kept(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.is_kept(self.now[order.lane]))
    }

    fn text_bytes(&self) -> usize {
        self.kept().map(|order| order.text_bytes).sum()
    }

    /// Whether an order can start, and if not, why.
    fn start(&mut self, new: &Order) -> &'static str {
        let now = self.now[new.lane];
        let same = |order: &&mut Order| {
            order.lane == new.lane && order.number.is_some() && order.number == new.number
        };
        if let Some(first) = self.orders.iter_mut().filter(same).find(|order| order.is_pending(now))
        {
            first.superseded = Some(now);
            return "already in progress";
        }
        if self.kept().count() >= MAX_ORDERS {
            return "--max-orders";
        }
        if new.text_bytes > 0 && self.text_bytes() + new.text_bytes > MAX_TEXT_BYTES {
            return "--max-text-bytes";
        }
        "started"
    }
}

#[derive(Clone, Debug)]
enum Action {
    Start {
        lane: usize,
        rp: usize,
        operation: Operation,
        number: Option<u64>,
        text: usize,
        user: User,
    },
    Collect {
        order: prop::sample::Index,
        rp: usize,
    },
    Cancel {
        order: prop::sample::Index,
        rp: usize,
    },
    Advance {
        lane: usize,
        ms: u64,
    },
    Sweep,
}

fn user() -> impl Strategy<Value = User> {
    let time = || {
        prop_oneof![
            prop::sample::select(vec![1, 1000, 29_999, 30_000, 30_001, 150_000, 179_999, 180_000]),
            1..200_000_u64
        ]
    };
    prop_oneof![
        2 => Just(User::Absent),
        2 => time().prop_map(User::StartsOnly),
        2 => (time(), time()).prop_map(|(start, then)| User::Confirms(start, then)),
        1 => (time(), time()).prop_map(|(start, then)| User::Cancels(start, then)),
        3 => Just(User::FollowsCollects),
        1 => Just(User::FailsAtOnce),
    ]
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let lane = || 0..LANES.len();
    // Mostly the one who made the order.
    let rp = || prop_oneof![9 => Just(0), 1 => Just(1_usize)];
    let turns =
        vec![1, 999, 1000, 29_999, 30_000, 149_999, 150_000, 179_999, 180_000, 190_000, 300_000];
    let text = prop_oneof![3 => Just(0), 2 => 1..20_usize];
    let start = (
        lane(),
        rp(),
        prop::sample::select(&Operation::ALL[..]),
        prop::option::of(1..4_u64),
        text,
        user(),
    )
        .prop_map(|(lane, rp, operation, number, text, user)| Action::Start {
            lane,
            rp,
            operation,
            number,
            text,
            user,
        });
    let action = prop_oneof![
        4 => start,
        6 => (any::<prop::sample::Index>(), rp()).prop_map(|(order, rp)| Action::Collect { order, rp }),
        1 => (any::<prop::sample::Index>(), rp()).prop_map(|(order, rp)| Action::Cancel { order, rp }),
        3 => (lane(), prop_oneof![prop::sample::select(turns), 0..60_000_u64]).prop_map(|(lane, ms)| Action::Advance { lane, ms }),
        1 => Just(Action::Sweep),
    ];
    prop::collection::vec(action, 1..80)
}

/// The world and the model side by side.
struct Both {
    world: Arc<World>,
    lanes: [Arc<Lane>; LANES.len()],
    rps: [Rp; 2],
    model: Model,
}

impl Both {
    fn new() -> Self {
        let world = World::new(WorldSettings {
            max_orders: MAX_ORDERS,
            max_text_bytes: MAX_TEXT_BYTES,
            ..settings()
        });
        let lanes = LANES.map(|name| world.lane(name).unwrap());
        Self {
            world,
            lanes,
            rps: [Rp::PLAIN, Rp::of_certificate(b"other")],
            model: Model::default(),
        }
    }

    fn act(&mut self, action: &Action) -> Result<(), TestCaseError> {
        match *action {
            Action::Start { lane, rp, operation, number, text, user } => {
                let mut request = Request::new(operation);
                if let Some(number) = number {
                    request = request.number(number);
                }
                // What is signed must have a text.
                let must_have_text = matches!(operation, Operation::Sign | Operation::PhoneSign);
                if text > 0 || must_have_text {
                    request = request.text(&"a".repeat(text.max(1)));
                }
                self.start(lane, rp, &request, user)?;
            }
            Action::Collect { order, rp } if !self.model.orders.is_empty() => {
                let order = order.get_mut(&mut self.model.orders);
                let found = self.lanes[order.lane].collect(&order.token, self.rps[rp]);
                let expected = if rp == order.rp {
                    order.collect(self.model.now[order.lane])
                } else {
                    "no such order"
                };
                prop_assert_eq!(words(found.as_ref()), expected, "{:?}", order);
                // A token leads to nothing in another lane.
                let elsewhere = self.lanes[1 - order.lane].collect(&order.token, self.rps[rp]);
                prop_assert_eq!(words(elsewhere.as_ref()), "no such order");
            }
            Action::Cancel { order, rp } if !self.model.orders.is_empty() => {
                let order = order.get_mut(&mut self.model.orders);
                let cancelled = self.lanes[order.lane].cancel(&order.token, self.rps[rp]);
                let expected = rp == order.rp && order.is_pending(self.model.now[order.lane]);
                prop_assert_eq!(cancelled, expected, "{:?}", order);
                order.gone |= cancelled;
            }
            Action::Collect { .. } | Action::Cancel { .. } => {}
            Action::Advance { lane, ms } => {
                advance(&self.lanes[lane], ms);
                self.model.now[lane] += ms;
            }
            Action::Sweep => self.check_counts()?,
        }
        let usage = self.world.usage();
        prop_assert!(usage.orders >= self.model.kept().count() && usage.orders <= MAX_ORDERS);
        prop_assert!(
            usage.text_bytes >= self.model.text_bytes() && usage.text_bytes <= MAX_TEXT_BYTES
        );
        prop_assert_eq!(usage.orders, self.lanes.iter().map(|lane| lane.live()).sum::<usize>());
        Ok(())
    }

    fn start(
        &mut self,
        lane: usize,
        rp: usize,
        request: &Request,
        user: User,
    ) -> Result<(), TestCaseError> {
        let scenario = self.world.rules().scenarios.resolve(&user.timeline()).unwrap();
        self.lanes[lane].push(Outcome::scenario(scenario)).unwrap();
        let mut new = request.checked(|checked| Order {
            token: String::new(),
            lane,
            rp,
            number: checked.personal_number.map(PersonalNumber::as_u64),
            by_number: matches!(
                checked.operation,
                Operation::OtherPayment | Operation::PhoneAuth | Operation::PhoneSign
            ),
            user,
            created: self.model.now[lane],
            text_bytes: checked.user_visible_data.map_or(0, str::len)
                + checked.transaction.as_ref().map_or(0, |transaction| transaction.recipient.len()),
            collects: Vec::new(),
            superseded: None,
            gone: false,
        });
        let expected = self.model.start(&new);
        let answer = request.checked(|checked| self.lanes[lane].start(checked, self.rps[rp]));
        match &answer {
            Ok(started) => {
                new.token = started.order_ref.to_string();
                self.model.orders.push(new);
                prop_assert_eq!("started", expected);
            }
            Err(StartRefused::AlreadyInProgress) => {
                prop_assert_eq!(expected, "already in progress");
            }
            Err(StartRefused::Full(flag)) => prop_assert_eq!(*flag, expected),
            Err(StartRefused::Marker(details)) => prop_assert!(false, "{}", details),
        }
        self.lanes[lane].clear_queue();
        Ok(())
    }

    /// After a sweep the counts are exact.
    fn check_counts(&self) -> Result<(), TestCaseError> {
        self.world.sweep();
        let usage = self.world.usage();
        prop_assert_eq!(
            (usage.orders, usage.text_bytes),
            (self.model.kept().count(), self.model.text_bytes())
        );
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_world_does_as_the_reference_says(actions in actions()) {
        let mut both = Both::new();
        for action in &actions {
            both.act(action)?;
        }
        both.check_counts()?;
        // In the end everything is forgotten.
        for lane in 0..LANES.len() {
            both.act(&Action::Advance { lane, ms: 1_000_000 })?;
        }
        both.check_counts()?;
        prop_assert_eq!(both.model.kept().count(), 0);
        for order in &both.model.orders {
            prop_assert!(both.lanes[order.lane].collect(&order.token, both.rps[order.rp]).is_none());
        }
    }
}

/// The property is only worth something if the sequences reach what it is about.
#[test]
fn the_sequences_reach_every_state() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let mut both = Both::new();
        for action in &actions().new_tree(&mut runner).unwrap().current() {
            both.act(action).unwrap();
            for order in both.model.kept() {
                let now = both.model.now[order.lane];
                seen.insert(if order.is_pending(now) {
                    order.hint(now)
                } else {
                    order.end().answer
                });
            }
        }
    }
    let all = [
        "complete",
        "failed/cancelled",
        "failed/expiredTransaction",
        "failed/newHint",
        "failed/startFailed",
        "failed/userCancel",
        "outstandingTransaction",
        "userSign",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}
