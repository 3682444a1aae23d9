//! Following orders to their ends, on a clock that only the test turns.

use std::time::Duration;

use bankid_client::{Follow, FollowOptions, Order, Update};
use bankid_core::collect::PendingHint;
use bankid_core::request::Auth;
use bankid_core::update::Status;

use super::support::Pair;

async fn order(pair: &Pair) -> Order {
    pair.client.auth(Auth::new("203.0.113.25".parse().unwrap())).await.expect("an order")
}

/// The next update, while the clock is turned on by tenths of a second whenever nothing else can happen.
async fn next(pair: &Pair, follow: &mut Follow) -> Option<Update> {
    let turn = async {
        loop {
            // The call under way, if there is one, gets as many turns as it needs.
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
            pair.sim.advance(Duration::from_millis(100));
        }
    };
    tokio::select! {
        biased;
        update = follow.next() => update.map(|update| update.expect("no error")),
        () = turn => unreachable!("the clock is turned for ever"),
    }
}

#[tokio::test]
async fn an_order_is_followed_to_its_completion() {
    let pair = Pair::scenario("outstandingTransaction 3s, userSign 2s, complete").await;
    let order = order(&pair).await;
    let mut follow = pair.client.follow(&order, FollowOptions::default());
    let mut story = Vec::new();
    let mut completion = None;
    while let Some(update) = next(&pair, &mut follow).await {
        assert_eq!(update.order_ref, order.order_ref);
        let progress = update.progress;
        let second = progress.qr().map(|qr| qr.split('.').nth(2).unwrap().to_owned());
        story.push((progress.status().clone(), second));
        completion = update.completion.or(completion);
    }
    let pending = |hint| Status::Pending(Some(hint));
    let waiting =
        |second: &str| (pending(PendingHint::OutstandingTransaction), Some(second.to_owned()));
    let expected = [
        waiting("0"),
        waiting("1"),
        waiting("2"),
        waiting("3"),
        // The third collect and the fifth code are due together, and the code needs no answer.
        waiting("4"),
        (pending(PendingHint::UserSign), None),
        (Status::Complete, None),
    ];
    assert_eq!(story, expected);
    assert_eq!(&*completion.expect("a result").user.personal_number.expose(), "191212121212");
    drop(follow);
    pair.stop().await;
}
