//! Looking at orders from outside, and waiting for one.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use super::{advance, start, started, world_of};
use crate::{journal::OrderView, lane::Rp, sample::Request};

fn numbers(views: &[OrderView]) -> Vec<u64> {
    views.iter().map(|view| view.number).collect()
}

#[test]
fn orders_are_numbered_by_lane_and_listed_in_order() {
    let world = world_of("phone");
    let other = world.lane("other").unwrap();
    let lane = world.default_lane();
    assert_eq!(lane.last_sequence(), 0);
    // Persons spread orders over all shards.
    let orders: Vec<_> = (1..=40).map(|n| started(lane, &Request::auth().number(n))).collect();
    started(&other, &Request::auth());
    assert_eq!((lane.last_sequence(), other.last_sequence()), (40, 1));
    assert_eq!(numbers(&lane.views(0, usize::MAX)), (1..=40).collect::<Vec<_>>());
    assert_eq!(numbers(&lane.views(0, 3)), [1, 2, 3]);
    assert_eq!(numbers(&lane.views(38, 3)), [39, 40]);
    assert!(lane.views(40, 3).is_empty() && lane.views(0, 0).is_empty());
    for (order, view) in orders.iter().zip(lane.views(0, usize::MAX)) {
        assert_eq!(**order, *view.order_ref);
        assert_eq!(lane.view_of(order).unwrap().number, view.number);
    }
    assert!(lane.view_of("nonsense").is_none() && other.view_of(&orders[0]).is_none());
}

#[test]
fn what_is_gone_is_remembered_for_a_while() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let order = started(lane, &Request::auth());
    assert!(lane.cancel(&order, Rp::PLAIN));
    assert_eq!(lane.view_of(&order).unwrap().gone, Some(crate::journal::GoneBecause::Cancelled));
    for _ in 0..1000 {
        let order = started(lane, &Request::auth());
        assert!(lane.cancel(&order, Rp::PLAIN));
    }
    assert!(lane.view_of(&order).is_none());
    advance(lane, 1);
    assert_eq!(lane.views(0, usize::MAX).len(), 16 * 32);
}

fn poll(future: std::pin::Pin<&mut impl Future<Output = OrderView>>) -> Option<u64> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(view) => Some(view.number),
        Poll::Pending => None,
    }
}

#[test]
fn who_waits_gets_the_first_order_after_those_they_know() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let mut first = pin!(lane.next_view(0));
    let mut second = pin!(lane.next_view(1));
    assert_eq!((poll(first.as_mut()), poll(second.as_mut())), (None, None));
    started(lane, &Request::auth());
    assert_eq!((poll(first.as_mut()), poll(second.as_mut())), (Some(1), None));
    started(lane, &Request::auth());
    started(lane, &Request::auth());
    assert_eq!(poll(second.as_mut()), Some(2));
    assert_eq!(poll(pin!(lane.next_view(0))), Some(1), "one that is there already");
    assert_eq!(poll(pin!(lane.next_view(3))), None);
}

/// Whoever asks for orders after the last number they know misses none, though several shards get orders at once.
#[test]
fn no_order_is_missed() {
    const ORDERS: u64 = 400;
    const STARTERS: u64 = 3;
    let world = world_of("phone");
    for _ in 0..20 {
        let lane = world.default_lane();
        lane.reset();
        let first = lane.last_sequence();
        std::thread::scope(|scope| {
            for starter in 0..STARTERS {
                scope.spawn(move || {
                    for order in 0..ORDERS / 4 {
                        start(lane, &Request::auth().number(starter * ORDERS + order)).unwrap();
                    }
                });
            }
            let mut known = first;
            while known < first + STARTERS * ORDERS / 4 {
                for view in lane.views(known, usize::MAX) {
                    assert_eq!(view.number, known + 1);
                    known = view.number;
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_woken_by_another_thread() {
    let world = world_of("phone");
    for round in 1..=300 {
        let waiting = tokio::spawn({
            let lane = Arc::clone(world.default_lane());
            async move { lane.next_view(round - 1).await.number }
        });
        let request = Request::auth().number(round);
        start(world.default_lane(), &request).unwrap();
        let woken = tokio::time::timeout(std::time::Duration::from_secs(60), waiting).await;
        assert_eq!(woken.unwrap().unwrap(), round);
    }
}
