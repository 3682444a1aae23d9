//! Many threads at one lane. What each of them is answered depends on chance, what they are answered together does not.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use bankid_core::request::Operation;

use super::{advance, settings, start, started, words, world_of};
use crate::{
    lane::{Collected, Rp, StartRefused, World, WorldSettings},
    sample::Request,
};

const THREADS: usize = 4;

/// Runs something in several threads at once, and adds up what they give.
fn in_threads<const N: usize>(run: impl Fn(usize) -> [usize; N] + Sync) -> [usize; N] {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn({
                    let run = &run;
                    move || run(thread)
                })
            })
            .collect();
        threads.into_iter().fold([0; N], |sums, thread| {
            let counted = thread.join().unwrap();
            std::array::from_fn(|place| sums[place] + counted[place])
        })
    })
}

/// Orders for one person: each is taken or ends the one before it, so every other attempt succeeds.
#[test]
fn attempts_for_one_person_alternate() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let request = Request::new(Operation::PhoneAuth);
    let [taken, refused] = in_threads(|_| {
        let mut counts = [0; 2];
        for _ in 0..401 {
            match start(lane, &request) {
                Ok(_) => counts[0] += 1,
                Err(StartRefused::AlreadyInProgress) => counts[1] += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        counts
    });
    assert_eq!((taken, refused), (THREADS * 401 / 2, THREADS * 401 / 2));
    assert_eq!((lane.live(), world.usage().orders), (taken, taken));
    let pending =
        lane.views(0, usize::MAX).iter().filter(|view| view.state.status() == "pending").count();
    assert_eq!(pending, 0, "the last attempt ended the last order");
}

/// All threads go for the same orders: each of them ends once, whoever it is that is told.
#[test]
fn every_order_ends_once() {
    let world = world_of("default");
    let lane = world.default_lane();
    let orders: Vec<_> = (0..300).map(|_| started(lane, &Request::auth().text("Test"))).collect();
    let [pending, complete, cancelled] = in_threads(|thread| {
        let mut counts = [0; 3];
        for (order, number) in orders.iter().zip(0..) {
            for round in 0..6 {
                if number % 3 == 0 && round == 1 && thread == 0 {
                    counts[2] += usize::from(lane.cancel(order, Rp::PLAIN));
                }
                match lane.collect(order, Rp::PLAIN) {
                    Some(Collected::Pending(_)) => counts[0] += 1,
                    Some(Collected::Complete(facts)) => {
                        assert!(facts.visible_data.is_some());
                        counts[1] += 1;
                    }
                    Some(Collected::Failed(hint)) => panic!("{hint}"),
                    None => {}
                }
            }
        }
        counts
    });
    assert_eq!(complete + cancelled, orders.len());
    // Three steps of one collect each; an order that was cancelled may have had fewer.
    assert!(pending <= 3 * orders.len() && pending >= 3 * complete, "{pending} {complete}");
    assert_eq!((lane.live(), world.usage().orders, world.usage().text_bytes), (0, 0, 0));
}

/// Everything at once, in two lanes, at bounds that are reached all the time, while the clock is turned and lanes are
/// swept and reset. In the end nothing is left, and the counts say so.
#[test]
fn counts_are_exact_after_everything_at_once() {
    let world = World::new(WorldSettings { max_orders: 50, max_text_bytes: 300, ..settings() });
    let lanes = [Arc::clone(world.default_lane()), world.lane("other").unwrap()];
    let turns = AtomicUsize::new(0);
    let [taken, full] = in_threads(|thread| {
        let mut kept = Vec::new();
        let mut counts = [0; 2];
        for round in 0..600_usize {
            let lane = &lanes[(thread + round) % 2];
            let number = u64::try_from(round % 7).unwrap();
            let request = match round % 4 {
                0 => Request::auth(),
                1 => Request::auth().number(number),
                2 => Request::new(Operation::Sign).text(&"a".repeat(round % 40)),
                _ => Request::new(Operation::PhoneSign).number(number),
            };
            let request =
                if round % 3 == 0 { request.text("Test [bankid:userCancel]") } else { request };
            match start(lane, &request) {
                Ok(started) => {
                    counts[0] += 1;
                    kept.push((lane, started.order_ref));
                }
                Err(StartRefused::Full(_)) => counts[1] += 1,
                Err(StartRefused::AlreadyInProgress) => {}
                Err(other) => panic!("{other:?}"),
            }
            assert!(world.usage().text_bytes <= 300);
            match round % 5 {
                0 if kept.len() > 3 => {
                    let (lane, order) = kept.swap_remove(round % kept.len());
                    lane.cancel(&order, Rp::PLAIN);
                }
                1 | 2 => {
                    for (lane, order) in kept.iter().rev().take(4) {
                        assert_ne!(words(lane.collect(order, Rp::PLAIN).as_ref()), "");
                    }
                }
                3 => advance(lane, 20_000),
                _ => {}
            }
            match turns.fetch_add(1, Ordering::Relaxed) % 400 {
                100 | 300 => world.sweep(),
                200 => lanes[1].reset(),
                _ => {}
            }
        }
        counts
    });
    assert!(taken > 100 && full > 0, "{taken} {full}: both happened");
    let usage = world.usage();
    assert_eq!(usage.orders, lanes.iter().map(|lane| lane.live()).sum::<usize>());
    assert!(usage.orders <= 50);
    for lane in &lanes {
        advance(lane, 1_000_000);
    }
    world.sweep();
    let usage = world.usage();
    assert_eq!((usage.orders, usage.text_bytes, lanes[0].live(), lanes[1].live()), (0, 0, 0, 0));
}

/// A reset takes the clock back. Whoever sweeps at that moment must not judge the new orders by the old time, nor put off
/// later sweeps by it.
#[test]
fn sweeping_during_a_reset_is_harmless() {
    let world = World::new(WorldSettings { max_orders: 1, ..settings() });
    let lane = world.default_lane();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                world.sweep();
            }
        });
        let _stop = Stop(&done);
        for round in 0..5_000 {
            advance(lane, 3_600_000);
            lane.reset();
            let order = started(lane, &Request::auth());
            assert!(lane.view_of(&order).is_some_and(|view| view.gone.is_none()), "round {round}");
            advance(lane, 190_000);
            started(lane, &Request::auth());
        }
    });
}

/// Stops a thread also when a test fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
