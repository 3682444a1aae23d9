//! Following orders to their ends, on a clock that only the test turns.

use bankid_client::{Follow, FollowOptions, Order, Update};
use bankid_core::collect::PendingHint;
use bankid_core::request::{Auth, CallInitiator, PhoneAuth};
use bankid_core::update::Status;
use bankid_core::v5;
use simulator::phone::Way;

use super::support::Pair;

async fn order(pair: &Pair) -> Order {
    pair.client.auth(Auth::new("203.0.113.25".parse().unwrap())).await.expect("an order")
}

/// The next update, while time passes.
async fn next(pair: &Pair, follow: &mut Follow) -> Option<Update> {
    pair.clock.passing(follow.next()).await.map(|update| update.expect("no error"))
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

/// Nobody scans the first order; the second one's code is scanned from what is shown.
#[tokio::test]
async fn an_order_that_nobody_scanned_goes_on_as_another_one() {
    let pair = Pair::scenario("phone").await;
    let first = order(&pair).await;
    let options = FollowOptions { restart_after_start_failed: 1, ..FollowOptions::default() };
    let mut follow = pair.client.follow(&first, options);
    let second = loop {
        let update = next(&pair, &mut follow).await.expect("it goes on");
        if let Some(order) = update.restarted {
            assert_eq!(update.order_ref, order.order_ref);
            break (order, update.progress.qr().expect("a code").to_owned());
        }
        assert_eq!(update.order_ref, first.order_ref);
    };
    let (second, code) = second;
    assert_ne!(second.order_ref, first.order_ref);
    let anna = pair.sim.phone("anna");
    anna.scan(&code).expect("the code of this second");
    anna.approve(Way::SecurityCode).expect("it is signed");
    let mut last = None;
    while let Some(update) = next(&pair, &mut follow).await {
        assert_eq!(update.order_ref, second.order_ref);
        last = Some(update);
    }
    assert!(last.expect("an end").completion.is_some());
    drop(follow);
    pair.stop().await;
}

#[tokio::test]
async fn giving_up_cancels_at_the_other_end() {
    let pair = Pair::scenario("phone").await;
    let order = order(&pair).await;
    let options = FollowOptions { cancel_when_dropped: true, ..FollowOptions::default() };
    let mut follow = pair.client.follow(&order, options);
    assert!(next(&pair, &mut follow).await.is_some());
    let lane = pair.sim.inner().default_lane();
    assert_eq!(lane.live_orders(), 1);
    drop(follow);
    while lane.live_orders() > 0 {
        tokio::task::yield_now().await;
    }
    let gone = pair.client.collect(&order.order_ref).await.unwrap_err();
    assert_eq!(gone.details(), Some("No such order"));
    pair.stop().await;
}

#[tokio::test]
async fn orders_of_every_kind_are_followed() {
    let pair = Pair::scenario("userSign 1s, complete").await;
    let v5 = v5::Auth::new("203.0.113.25".parse().unwrap()).build().unwrap();
    let number = crate::support::number().parse().unwrap();
    let orders = [
        pair.client.start(&v5).await.unwrap(),
        pair.client.phone_auth(PhoneAuth::new(number, CallInitiator::Rp)).await.unwrap(),
    ];
    for (order, has_certificate) in orders.iter().zip([true, false]) {
        let mut follow = pair.client.follow(order, FollowOptions::default());
        let mut last = None;
        while let Some(update) = next(&pair, &mut follow).await {
            last = Some(update);
        }
        let completion = last.and_then(|update| update.completion).expect("a result");
        assert_eq!(completion.other.contains_key("cert"), has_certificate);
    }
    pair.stop().await;
}
