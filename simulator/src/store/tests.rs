//! Shards and limits: what is kept is found, what is gone is not, and every count is exact.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    thread,
};

use bankid_core::PersonalNumber;
use proptest::prelude::*;

use super::{CHUNK, Full, Limits, REMEMBERED, Shard, Slot};
use crate::{
    clock::Timestamp,
    lane::Rp,
    order::{Extras, Gone, NewOrder, Order, Texts},
    rule::Rule,
    sample::Request,
    scenario::Scenario,
    token::Locator,
};

const START: Timestamp = Timestamp::from_unix_ms(1_700_000_000_000);

/// The moment so many milliseconds after the tests begin.
fn at(ms: u64) -> Timestamp {
    START.plus_millis(ms)
}

fn unlimited() -> Limits {
    Limits::new(usize::MAX, usize::MAX)
}

/// An order of this number in its lane, and what is special about it.
struct Sample {
    sequence: u64,
    number: Option<u64>,
    timeline: &'static str,
    text: &'static str,
    created: Timestamp,
}

impl Sample {
    fn new(sequence: u64) -> Self {
        Self {
            sequence,
            number: None,
            timeline: "userSign 24h, complete",
            text: "",
            created: START,
        }
    }

    /// Takes the order's share of the limits and puts it into the shard.
    fn insert(self, shard: &mut Shard, limits: &Limits) -> Locator {
        let mut request = Request::auth();
        if let Some(number) = self.number {
            request = request.number(number);
        }
        if !self.text.is_empty() {
            request = request.text(self.text);
        }
        let order = request.checked(|checked| {
            let texts = Texts::of(checked);
            limits.take(texts.as_ref().map_or(0, Texts::bytes)).unwrap();
            Order::new(NewOrder {
                checked,
                sequence: self.sequence,
                created: self.created,
                rp: Rp::PLAIN,
                scenario: Arc::new(Scenario::unnamed(self.timeline.parse().unwrap())),
                rule: Rule::BuiltIn,
                ticket: 0,
                extras: texts.map(|texts| Box::new(Extras { texts, ..Extras::default() })),
            })
        });
        Locator { shard: 0, slot: shard.insert(order), sequence: self.sequence }
    }
}

fn number(digits: u64) -> PersonalNumber {
    PersonalNumber::from_u64(digits).unwrap()
}

/// A million of these are held at once; a slot must not cost more than the order in it.
#[test]
fn a_slot_is_as_large_as_an_order() {
    assert_eq!(size_of::<Slot>(), size_of::<Order>());
}

#[test]
fn a_slot_that_is_free_is_used_again_and_leads_to_the_new_order_only() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let first = Sample::new(1).insert(&mut shard, &limits);
    let second = Sample::new(2).insert(&mut shard, &limits);
    shard.remove(first.slot, Gone::Collected, START, &limits);
    assert!(shard.get(first).is_none() && shard.get_mut(first).is_none());
    let third = Sample::new(3).insert(&mut shard, &limits);
    assert_eq!(third.slot, first.slot);
    assert!(shard.get(first).is_none(), "the old token does not lead to the new order");
    assert_eq!(shard.get(third).unwrap().sequence, 3);
    assert_eq!(shard.get(second).unwrap().sequence, 2);
    assert_eq!((shard.live(), limits.orders()), (2, 2));
}

#[test]
fn what_is_not_there_is_not_found_and_not_removed() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let order = Sample::new(1).insert(&mut shard, &limits);
    for slot in [1, 63, 64, 65, 1 << 28, u32::MAX] {
        assert!(shard.get(Locator { slot, ..order }).is_none(), "{slot}");
        assert!(shard.remove(slot, Gone::Cancelled, START, &limits).is_none(), "{slot}");
    }
    assert!(shard.get(Locator { sequence: 2, ..order }).is_none());
    assert!(shard.remove(order.slot, Gone::Cancelled, START, &limits).is_none(), "it had no texts");
    shard.remove(order.slot, Gone::Cancelled, START, &limits);
    assert_eq!((shard.live(), limits.orders()), (0, 0), "given back once");
    assert_eq!(shard.gone().count(), 1);
}

/// The number in a token is shorter than the one in the order.
#[test]
fn large_numbers_are_compared_as_tokens_hold_them() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let order = Sample::new((1 << 40) + 5).insert(&mut shard, &limits);
    let token = Locator { sequence: 5, ..order };
    assert_eq!(shard.get(token).unwrap().sequence, (1 << 40) + 5);
    assert!(shard.get(Locator { sequence: 6, ..order }).is_none());
}

#[test]
fn a_persons_order_is_the_last_one() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let of =
        |shard: &mut Shard| shard.of_person(number(7)).map(|(slot, order)| (slot, order.sequence));
    let insert = |sequence, shard: &mut Shard| {
        Sample { number: Some(7), ..Sample::new(sequence) }.insert(shard, &limits).slot
    };
    assert_eq!(of(&mut shard), None);
    let first = insert(1, &mut shard);
    assert_eq!(of(&mut shard), Some((first, 1)));
    let second = insert(2, &mut shard);
    Sample { number: Some(8), ..Sample::new(3) }.insert(&mut shard, &limits);
    Sample::new(4).insert(&mut shard, &limits);
    assert_eq!(of(&mut shard), Some((second, 2)));
    shard.remove(first, Gone::Collected, START, &limits);
    assert_eq!(of(&mut shard), Some((second, 2)), "that the older one goes changes nothing");
    shard.remove(second, Gone::Collected, START, &limits);
    assert_eq!(of(&mut shard), None);
}

#[test]
fn texts_count_while_the_order_is_kept_and_are_handed_over_with_it() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let order = Sample { text: "abc", ..Sample::new(1) }.insert(&mut shard, &limits);
    Sample { text: "abcdef", ..Sample::new(2) }.insert(&mut shard, &limits);
    assert_eq!(limits.text_bytes(), 12, "as they are kept: in base64");
    let texts = shard.remove(order.slot, Gone::Collected, START, &limits).unwrap();
    assert_eq!(texts.visible.as_deref(), Some("YWJj"));
    assert_eq!((limits.orders(), limits.text_bytes()), (1, 8));
    assert_eq!(
        shard.gone().next().unwrap().order.texts().unwrap().bytes(),
        0,
        "what is remembered has none"
    );
    shard.clear(&limits);
    assert_eq!((limits.orders(), limits.text_bytes()), (0, 0));
    assert_eq!((shard.live(), shard.gone().count(), shard.orders().count()), (0, 0, 0));
}

#[test]
fn the_last_that_are_gone_are_remembered() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    for sequence in 1..=100 {
        let slot = Sample::new(sequence).insert(&mut shard, &limits).slot;
        shard.remove(slot, Gone::Cancelled, at(sequence), &limits);
    }
    let gone: Vec<_> = shard.gone().map(|closed| (closed.order.sequence, closed.at)).collect();
    assert_eq!(gone.len(), REMEMBERED);
    assert_eq!((gone[0], gone[REMEMBERED - 1]), ((100, at(100)), (69, at(69))));
    let last = shard.gone().next().unwrap();
    assert!(last.is(Locator { shard: 0, slot: last.slot, sequence: 100 }));
    assert!(!last.is(Locator { shard: 0, slot: last.slot, sequence: 99 }));
    assert!(!last.is(Locator { shard: 0, slot: last.slot + 1, sequence: 100 }));
}

/// What each storage time (7.6) means for a sweep: when an order of this timeline is forgotten.
#[track_caller]
fn check_forgotten(timeline: &'static str, expected_ms: u64) {
    let (mut shard, limits) = (Shard::default(), unlimited());
    Sample { timeline, ..Sample::new(1) }.insert(&mut shard, &limits);
    // As the lane does: not before the moment up to which there is nothing to do.
    let mut next = START;
    while next < at(expected_ms) {
        next = shard.sweep(next, &limits);
        assert!(next <= at(expected_ms), "{timeline}: forgotten too late, at {next}");
    }
    shard.sweep(at(expected_ms - 1), &limits);
    assert_eq!(shard.live(), 1, "{timeline}: forgotten too early");
    shard.sweep(at(expected_ms), &limits);
    assert_eq!((shard.live(), limits.orders()), (0, 0), "{timeline}");
    assert_eq!(shard.gone().next().unwrap().gone, Gone::Forgotten);
}

#[test]
fn sweeping_forgets_at_the_storage_times() {
    check_forgotten("complete", 180_000);
    check_forgotten("userSign 10s, complete", 190_000);
    check_forgotten("userSign 179999ms, complete", 359_999);
    check_forgotten("userCancel", 300_000);
    check_forgotten("userSign 1m, certificateErr", 360_000);
    check_forgotten("userSign 24h, complete", 480_000);
    check_forgotten("outstandingTransaction 24h, complete", 190_000);
    // The scenario says so, long before the limit does: an ordinary failure.
    check_forgotten("outstandingTransaction 1s, startFailed", 301_000);
}

/// Between now and the moment that a sweep gives, there is nothing to forget.
#[test]
fn a_sweep_says_until_when_there_is_nothing_to_do() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    assert_eq!(
        shard.sweep(at(5), &limits),
        at(180_005),
        "an order made now is kept as long at least"
    );
    Sample { timeline: "userSign 10s, complete", ..Sample::new(1) }.insert(&mut shard, &limits);
    assert_eq!(shard.sweep(at(20_000), &limits), at(190_000));
    Sample { timeline: "outstandingTransaction 24h, complete", ..Sample::new(2) }
        .insert(&mut shard, &limits);
    assert!(shard.sweep(at(21_000), &limits) <= at(190_000));
    assert!(shard.sweep(at(189_999), &limits) <= at(190_000));
    assert_eq!(shard.live(), 2);
    shard.sweep(at(190_000), &limits);
    assert_eq!(shard.live(), 0);
}

#[test]
fn a_shard_that_is_empty_again_gives_back_its_slots() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    let old: Vec<_> = (1..=200)
        .map(|n| Sample { number: Some(n), ..Sample::new(n) }.insert(&mut shard, &limits))
        .collect();
    assert_eq!(shard.chunks.len(), 200_usize.div_ceil(CHUNK));
    shard.sweep(at(480_000), &limits);
    assert_eq!(
        (shard.live(), shard.chunks.len(), shard.by_person.len(), limits.orders()),
        (0, 0, 0, 0)
    );
    let new = Sample { created: at(480_000), ..Sample::new(201) }.insert(&mut shard, &limits);
    assert_eq!(new.slot, 0);
    assert!(old.iter().all(|old| shard.get(*old).is_none()));
    shard.sweep_some(at(480_001), &limits);
    assert_eq!(shard.live(), 1);
}

/// New orders sweep a little each: with twice as many of them as there are slots, everything has been looked at.
#[test]
fn new_orders_sweep_behind_them() {
    let (mut shard, limits) = (Shard::default(), unlimited());
    for sequence in 1..=150 {
        Sample::new(sequence).insert(&mut shard, &limits);
    }
    for _ in 0..75 {
        shard.sweep_some(at(479_999), &limits);
    }
    assert_eq!(shard.live(), 150);
    for _ in 0..75 {
        shard.sweep_some(at(480_000), &limits);
    }
    assert_eq!((shard.live(), limits.orders()), (0, 0));
    shard.sweep_some(at(480_000), &limits);
    Shard::default().sweep_some(START, &limits);
}

#[derive(Clone, Debug)]
enum Action {
    Insert {
        number: Option<u64>,
        short: bool,
    },
    /// One of those that are there, or were.
    Remove(prop::sample::Index),
    SweepSome,
    Sweep,
    Turn(u64),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let action = prop_oneof![
        6 => (prop::option::of(0..5_u64), any::<bool>()).prop_map(|(number, short)| Action::Insert { number, short }),
        3 => any::<prop::sample::Index>().prop_map(Action::Remove),
        2 => Just(Action::SweepSome),
        1 => Just(Action::Sweep),
        2 => prop::sample::select(vec![1, 60_000, 179_000, 180_000, 480_000]).prop_map(Action::Turn),
    ];
    prop::collection::vec(action, 0..300)
}

proptest! {
    /// A shard against a table: what was put in and when, and which person's order came last.
    #[test]
    fn a_shard_is_a_table(actions in actions()) {
        let (mut shard, limits) = (Shard::default(), unlimited());
        // By sequence: where it is, when it is forgotten, and whose it is.
        let mut table: BTreeMap<u64, (Locator, u64, Option<u64>)> = BTreeMap::new();
        let mut ever: Vec<Locator> = Vec::new();
        let mut now = 0;
        for (sequence, action) in (1..).zip(actions) {
            match action {
                Action::Insert { number, short } => {
                    let timeline = if short { "complete" } else { "userSign 24h, complete" };
                    let sample = Sample { number, timeline, created: at(now), ..Sample::new(sequence) };
                    let locator = sample.insert(&mut shard, &limits);
                    let forgotten = now + if short { 180_000 } else { 480_000 };
                    prop_assert!(table.values().all(|(other, ..)| other.slot != locator.slot));
                    table.insert(sequence, (locator, forgotten, number));
                    ever.push(locator);
                }
                Action::Remove(index) if !ever.is_empty() => {
                    let locator = *index.get(&ever);
                    let found = shard.get_mut(locator).is_some();
                    prop_assert_eq!(found, table.contains_key(&locator.sequence));
                    if found {
                        shard.remove(locator.slot, Gone::Collected, at(now), &limits);
                        table.remove(&locator.sequence);
                    }
                }
                Action::Remove(_) => {}
                Action::SweepSome => {
                    shard.sweep_some(at(now), &limits);
                    table.retain(|_, (locator, forgotten, _)| *forgotten > now || shard.get(*locator).is_some());
                }
                Action::Sweep => {
                    let next = shard.sweep(at(now), &limits);
                    table.retain(|_, (_, forgotten, _)| *forgotten > now);
                    prop_assert!(table.values().all(|(_, forgotten, _)| next <= at(*forgotten)));
                }
                Action::Turn(ms) => now += ms,
            }
            let there: HashMap<u64, u32> = shard.orders().map(|(slot, order)| (order.sequence, slot)).collect();
            prop_assert_eq!(there, table.values().map(|(locator, ..)| (locator.sequence, locator.slot)).collect());
            prop_assert_eq!((shard.live(), limits.orders()), (table.len(), table.len()));
            for person in 0..5 {
                let last = table.values().filter(|(.., number)| *number == Some(person)).map(|(locator, ..)| locator.sequence).next_back();
                let found = shard.of_person(number(person)).map(|(_, order)| order.sequence);
                // The last one may be gone while an older one, over as well, is still there: that one no longer counts.
                prop_assert!(found == last || found.is_none(), "{:?} {:?}", found, last);
            }
        }
        shard.clear(&limits);
        prop_assert_eq!(limits.orders(), 0);
    }
}

#[test]
fn each_bound_names_its_flag() {
    let limits = Limits::new(2, 10);
    assert_eq!(limits.take(11), Err(Full::TextBytes));
    assert_eq!((limits.orders(), limits.text_bytes()), (0, 0), "what is refused takes nothing");
    assert_eq!(limits.take(10), Ok(()));
    assert_eq!(limits.take(1), Err(Full::TextBytes));
    assert_eq!(limits.take(0), Ok(()), "an order without text needs no room for text");
    assert_eq!(limits.take(0), Err(Full::Orders));
    assert_eq!(limits.take(1), Err(Full::Orders));
    assert_eq!((limits.orders(), limits.text_bytes()), (2, 10));
    limits.give_back(10);
    assert_eq!(limits.take(usize::MAX), Err(Full::TextBytes));
    assert_eq!(limits.take(3), Ok(()));
    assert_eq!((limits.orders(), limits.text_bytes()), (2, 3));
    assert_eq!(
        [Full::Orders, Full::TextBytes, Full::Lanes].map(Full::flag),
        ["--max-orders", "--max-text-bytes", "--max-lanes"]
    );
}

#[test]
fn sums_do_not_overflow() {
    let limits = Limits::new(usize::MAX, usize::MAX);
    assert_eq!(limits.take(usize::MAX), Ok(()));
    assert_eq!(limits.take(1), Err(Full::TextBytes));
    assert_eq!(limits.take(0), Ok(()));
    assert_eq!(limits.orders(), 2);
}

#[test]
fn nothing_fits_into_nothing() {
    assert_eq!(Limits::new(0, 10).take(0), Err(Full::Orders));
    assert_eq!(Limits::new(1, 0).take(1), Err(Full::TextBytes));
    assert_eq!(Limits::new(1, 0).take(0), Ok(()));
}

#[test]
fn many_threads_never_take_more_than_there_is() {
    let limits = Limits::new(100, 1000);
    let taken = |bytes| {
        thread::scope(|scope| {
            let threads = [(); 4]
                .map(|()| scope.spawn(|| (0..2000).filter(|_| limits.take(bytes).is_ok()).count()));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
        })
    };
    assert_eq!(taken(20), 50, "the text ends first");
    assert_eq!((limits.orders(), limits.text_bytes()), (50, 1000));
    assert_eq!(taken(0), 50, "the other attempts have given their orders back");
    assert_eq!((limits.orders(), limits.text_bytes()), (100, 1000));
}
