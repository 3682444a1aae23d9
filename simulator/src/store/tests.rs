//! The store beside a plain map that does the same slowly.

use std::{collections::BTreeMap, sync::Arc};

use bankid_core::PersonalNumber;
use proptest::prelude::*;

use super::{CHUNK, Full, Limits, REMEMBERED, Shard, Slot};
use crate::{
    clock::Timestamp,
    lane::Rp,
    order::{Event, Extras, Gone, NewOrder, Order, Texts},
    rule::Rule,
    sample::Request,
    scenario::{Scenario, Scenarios},
    token::Locator,
};

const START: Timestamp = Timestamp::from_unix_ms(1_700_000_000_000);

fn scenario(text: &str) -> Arc<Scenario> {
    Scenarios::built_in().resolve(text).unwrap()
}

/// Room for any number of orders, of which so many are taken with `bytes` each.
fn limits(orders: usize, bytes: usize) -> Limits {
    let limits = Limits::new(usize::MAX, usize::MAX);
    for _ in 0..orders {
        limits.take(bytes).unwrap();
    }
    limits
}

fn order(request: &Request, sequence: u64, created: Timestamp, scenario: &Arc<Scenario>) -> Order {
    request.checked(|checked| {
        let extras =
            Texts::of(checked).map(|texts| Box::new(Extras { texts, ..Extras::default() }));
        let scenario = Arc::clone(scenario);
        let (rp, rule, ticket) = (Rp::PLAIN, Rule::BuiltIn, 0);
        Order::new(NewOrder { checked, sequence, created, rp, scenario, rule, ticket, extras })
    })
}

fn at(slot: u32, sequence: u64) -> Locator {
    Locator { shard: 0, slot, sequence }
}

/// A million of these are held at once; one that is free takes no more.
#[test]
fn a_slot_is_as_small_as_an_order() {
    assert_eq!(size_of::<Slot>(), 80);
}

#[test]
fn slots_are_used_again_and_old_tokens_do_not_find_the_new_order() {
    let (mut shard, limits, scenario) = (Shard::default(), limits(2, 0), scenario("default"));
    let insert = |shard: &mut Shard, sequence| {
        shard.insert(order(&Request::auth(), sequence, START, &scenario))
    };
    let slot = insert(&mut shard, 1);
    shard.remove(slot, Gone::Collected, START, &limits);
    assert_eq!(insert(&mut shard, 2), slot);
    assert!(shard.get(at(slot, 1)).is_none());
    assert!(shard.get_mut(at(slot, 1)).is_none());
    assert_eq!(shard.get(at(slot, 2)).unwrap().sequence, 2);
    // It is remembered by its own number, though another order has its place.
    assert!(shard.gone().any(|closed| closed.is(at(slot, 1))));
    assert!(!shard.gone().any(|closed| closed.is(at(slot, 2))));
    assert_eq!(shard.live(), 1);
}

#[test]
fn removing_twice_counts_once() {
    let (mut shard, limits) = (Shard::default(), limits(2, 0));
    let slot = shard.insert(order(&Request::auth(), 1, START, &scenario("default")));
    shard.remove(slot, Gone::Collected, START, &limits);
    shard.remove(slot, Gone::Collected, START, &limits);
    shard.remove(slot + 1_000, Gone::Collected, START, &limits);
    assert_eq!((shard.live(), limits.orders()), (0, 1));
}

#[test]
fn remembers_the_last_orders_without_their_texts() {
    let count = REMEMBERED + 10;
    let request = Request::auth().text("Logga in");
    let bytes = request.checked(|checked| Texts::of(checked).unwrap().bytes());
    assert_eq!(bytes, 12);
    let (mut shard, limits, scenario) =
        (Shard::default(), limits(count, bytes), scenario("default"));
    for sequence in (1..).take(count) {
        let slot = shard.insert(order(&request, sequence, START, &scenario));
        let texts = shard.remove(slot, Gone::Cancelled, START, &limits).unwrap();
        assert_eq!(texts.bytes(), bytes);
    }
    let remembered = shard.gone().map(|closed| closed.order.sequence);
    let last: Vec<u64> = (1..).take(count).collect();
    assert!(remembered.eq(last.into_iter().rev().take(REMEMBERED)));
    assert!(shard.gone().all(|closed| closed.order.texts().unwrap().bytes() == 0));
    assert_eq!((limits.orders(), limits.text_bytes()), (0, 0));
}

/// What a sweep leaves at each moment, of one order that follows this scenario.
#[track_caller]
fn check_forgotten(text: &str, at_ms: u64) {
    let (mut shard, limits) = (Shard::default(), limits(1, 0));
    shard.insert(order(&Request::auth(), 1, START, &scenario(text)));
    let next = shard.sweep(START.plus_millis(at_ms - 1), &limits);
    assert_eq!(shard.live(), 1, "{text}");
    assert!(next <= START.plus_millis(at_ms), "{text}: {next} is too late to look again");
    shard.sweep(START.plus_millis(at_ms), &limits);
    assert_eq!((shard.live(), limits.orders()), (0, 0), "{text}");
    assert_eq!(shard.gone().next().unwrap().gone, Gone::Forgotten);
    assert!(shard.chunks.is_empty(), "the memory is given back");
}

#[test]
fn forgets_at_the_documented_times() {
    check_forgotten("userSign 10s, complete", 190_000);
    check_forgotten("userSign 10s, userCancel", 310_000);
    check_forgotten("neverFinished", 190_000);
    check_forgotten("userSign 24h, complete", 480_000);
    check_forgotten("phone", 190_000);
    check_forgotten("complete", 180_000);
}

#[test]
fn new_orders_sweep_the_old_ones() {
    let (mut shard, limits, scenario) = (Shard::default(), limits(2_000, 0), scenario("phone"));
    for sequence in 1..=1_000 {
        shard.insert(order(&Request::auth(), sequence, START, &scenario));
    }
    let later = START.plus_millis(190_000);
    for sequence in 1_001..=2_000 {
        shard.sweep_some(later, &limits);
        shard.insert(order(&Request::auth(), sequence, later, &scenario));
    }
    assert_eq!((shard.live(), limits.orders()), (1_000, 1_000));
    // At most as many slots as orders that were there at once, give or take a chunk.
    let slots: usize = shard.chunks.iter().map(|chunk| chunk.slots.len()).sum();
    assert!(slots <= 1_000 + 500 + CHUNK, "{slots} slots");
}

#[test]
fn finds_the_order_of_a_person() {
    let (mut shard, limits, scenario) = (Shard::default(), limits(3, 0), scenario("default"));
    let number = PersonalNumber::from_u64(191_212_121_212).unwrap();
    let request = Request::auth().number(number.as_u64());
    assert!(shard.of_person(number).is_none());
    let first = shard.insert(order(&request, 1, START, &scenario));
    let second = shard.insert(order(&request, 2, START, &scenario));
    // The later one counts, also when the earlier one goes.
    assert_eq!(shard.of_person(number).unwrap().0, second);
    shard.remove(first, Gone::Forgotten, START, &limits);
    assert_eq!(shard.of_person(number).unwrap().0, second);
    shard.remove(second, Gone::Forgotten, START, &limits);
    assert!(shard.of_person(number).is_none());
    // Nobody with another number has it.
    shard.insert(order(&Request::auth(), 3, START, &scenario));
    assert!(shard.of_person(number).is_none());
}

#[test]
fn limits_take_all_or_nothing() {
    let limits = Limits::new(2, 10);
    assert_eq!(limits.take(10), Ok(()));
    assert_eq!(limits.take(1), Err(Full::TextBytes));
    assert_eq!((limits.orders(), limits.text_bytes()), (1, 10));
    assert_eq!(limits.take(0), Ok(()));
    assert_eq!(limits.take(0), Err(Full::Orders));
    limits.give_back(10);
    assert_eq!(limits.take(usize::MAX), Err(Full::TextBytes));
    assert_eq!(limits.take(10), Ok(()));
    assert_eq!((limits.orders(), limits.text_bytes()), (2, 10));
    let flags = [Full::Orders, Full::TextBytes, Full::Lanes].map(Full::flag);
    assert_eq!(flags, ["--max-orders", "--max-text-bytes", "--max-lanes"]);
}

#[test]
fn limits_hold_at_the_ends_of_their_range() {
    assert_eq!(Limits::new(0, 10).take(0), Err(Full::Orders));
    assert_eq!(Limits::new(1, 0).take(1), Err(Full::TextBytes));
    assert_eq!(Limits::new(1, 0).take(0), Ok(()));
    let limits = Limits::new(usize::MAX, usize::MAX);
    assert_eq!(limits.take(usize::MAX), Ok(()));
    assert_eq!(limits.take(1), Err(Full::TextBytes));
    assert_eq!((limits.orders(), limits.text_bytes()), (1, usize::MAX));
}

/// The number in a token is shorter than the one in the order.
#[test]
fn large_numbers_are_compared_as_tokens_hold_them() {
    let mut shard = Shard::default();
    let number = (1 << 40) + 5;
    let slot = shard.insert(order(&Request::auth(), number, START, &scenario("default")));
    assert_eq!(shard.get(at(slot, 5)).unwrap().sequence, number);
    assert!(shard.get(at(slot, 6)).is_none());
}

#[test]
fn limits_are_exact_with_many_threads() {
    let limits = Limits::new(1_000, 5_000);
    let taken = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..1_000).filter(|_| limits.take(10).is_ok()).count()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!((taken, limits.orders(), limits.text_bytes()), (500, 500, 5_000));
}

#[derive(Clone, Debug)]
enum Action {
    /// An order of this person, or nobody's, with so much text.
    Insert {
        person: Option<u64>,
        text: usize,
        scenario: usize,
    },
    /// One of the orders that were made goes, if it is still there.
    Remove(prop::sample::Index),
    /// Another order for the same person arrives.
    Supersede(u64),
    Pass(u64),
    SweepSome,
    Sweep,
    Clear,
}

const SCENARIOS: [&str; 5] = [
    "phone",
    "userSign 10s, complete",
    "userSign 100s, userCancel",
    "userSign 24h, complete",
    "complete",
];

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let person = prop::option::of(0..5_u64);
    let action = prop_oneof![
        8 => (person, 0..4_usize, 0..SCENARIOS.len())
            .prop_map(|(person, text, scenario)| Action::Insert { person, text, scenario }),
        4 => any::<prop::sample::Index>().prop_map(Action::Remove),
        2 => (0..5_u64).prop_map(Action::Supersede),
        3 => (0..200_000_u64).prop_map(Action::Pass),
        2 => Just(Action::SweepSome),
        1 => Just(Action::Sweep),
        1 => Just(Action::Clear),
    ];
    prop::collection::vec(action, 0..300)
}

/// The same as a shard does, with a map from the orders' numbers.
#[derive(Default)]
struct Model {
    orders: BTreeMap<u64, (u32, Order, usize)>,
    /// The last order of each person, which goes with its order.
    by_person: BTreeMap<u64, u64>,
}

impl Model {
    fn remove(&mut self, sequence: u64) {
        self.orders.remove(&sequence);
        self.by_person.retain(|_, of| *of != sequence);
    }

    /// Orders that are to be forgotten by now.
    fn due(&self, now: Timestamp) -> Vec<u64> {
        let due = |order: &Order| {
            order.life_at(now).forgotten_at().is_some_and(|age| order.moment(age) <= now)
        };
        self.orders
            .iter()
            .filter(|(_, (_, order, _))| due(order))
            .map(|(sequence, _)| *sequence)
            .collect()
    }
}

fn number(person: u64) -> PersonalNumber {
    PersonalNumber::from_u64(190_000_000_000 + person).unwrap()
}

fn request(person: Option<u64>, text: usize) -> Request {
    let request = Request::auth();
    let request = if text > 0 { request.text(&"a".repeat(text * 3)) } else { request };
    person.map_or(request.clone(), |person| request.number(number(person).as_u64()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn does_what_a_map_does(actions in actions()) {
        let scenarios = SCENARIOS.map(scenario);
        let limits = Limits::new(usize::MAX, usize::MAX);
        let (mut shard, mut model) = (Shard::default(), Model::default());
        let (mut now, mut sequence) = (START, 0);
        for action in actions {
            match action {
                Action::Insert { person, text, scenario } => {
                    sequence += 1;
                    limits.take(text * 4).unwrap();
                    let made = || order(&request(person, text), sequence, now, &scenarios[scenario]);
                    let slot = shard.insert(made());
                    prop_assert!(model.orders.values().all(|(taken, _, _)| *taken != slot));
                    model.orders.insert(sequence, (slot, made(), text * 4));
                    if let Some(person) = person {
                        model.by_person.insert(person, sequence);
                    }
                }
                Action::Remove(index) if sequence > 0 => {
                    let made: Vec<_> = (1..=sequence).collect();
                    let chosen = made[index.index(made.len())];
                    if let Some((slot, _, bytes)) = model.orders.get(&chosen) {
                        let texts = shard.remove(*slot, Gone::Collected, now, &limits);
                        prop_assert_eq!(texts.map_or(0, |texts| texts.bytes()), *bytes);
                        model.remove(chosen);
                    }
                }
                Action::Supersede(person) => {
                    let there = shard.of_person(number(person));
                    let expected = model.by_person.get(&person).copied();
                    prop_assert_eq!(there.as_ref().map(|(_, order)| order.sequence), expected);
                    if let Some((_, order)) = there {
                        let ours = &mut model.orders.get_mut(&order.sequence).unwrap().1;
                        let life = order.after(Event::Supersede, now).unwrap_or_else(|life| life);
                        (order.life, ours.life) = (life, life);
                    }
                }
                Action::Pass(ms) => now = now.plus_millis(ms),
                Action::SweepSome => {
                    let due = model.due(now);
                    shard.sweep_some(now, &limits);
                    for sequence in due {
                        if shard.get(at(model.orders[&sequence].0, sequence)).is_none() {
                            model.remove(sequence);
                        }
                    }
                }
                Action::Sweep => {
                    let next = shard.sweep(now, &limits);
                    prop_assert!(next > now);
                    for sequence in model.due(now) {
                        model.remove(sequence);
                    }
                    // Nothing will have to go before that moment.
                    prop_assert!(model.due(Timestamp::from_unix_ms(next.unix_ms() - 1)).is_empty());
                }
                Action::Clear => {
                    shard.clear(&limits);
                    model = Model::default();
                }
                Action::Remove(_) => {}
            }
            prop_assert_eq!(shard.live(), model.orders.len());
            prop_assert_eq!(limits.orders(), model.orders.len());
            prop_assert_eq!(limits.text_bytes(), model.orders.values().map(|(_, _, bytes)| bytes).sum::<usize>());
            let mut live: Vec<_> = shard.orders().map(|(slot, order)| (order.sequence, slot)).collect();
            live.sort_unstable();
            prop_assert_eq!(live, model.orders.iter().map(|(sequence, (slot, _, _))| (*sequence, *slot)).collect::<Vec<_>>());
            for (sequence, (slot, order, _)) in &model.orders {
                let found = shard.get(at(*slot, *sequence)).unwrap();
                prop_assert_eq!(found.life_at(now), order.life_at(now));
                prop_assert_eq!(found.number(), order.number());
            }
        }
    }
}
