//! One order at a time: what collect and cancel answer, and to whom.

use super::{START, advance, collect, settings, start, started, words, world_of};
use crate::{
    lane::{Lane, Rp, StartRefused, World, WorldSettings},
    sample::Request,
};
use bankid_core::request::Operation;

/// What collects answer an order that follows a timeline, each after the clock has been turned by so much.
#[track_caller]
fn check(request: &Request, timeline: &str, collects: &[(u64, &str)]) {
    let world = world_of(timeline);
    let lane = world.default_lane();
    let order = started(lane, request);
    for (turn, expected) in collects {
        advance(lane, *turn);
        assert_eq!(collect(lane, &order), *expected, "after {turn} ms of {timeline}");
    }
    // However it ended, there is no such order then.
    assert_eq!(collect(lane, &order), "no such order", "{timeline}");
    assert!(!lane.cancel(&order, Rp::PLAIN), "{timeline}");
    assert_eq!(
        (lane.live(), world.usage().orders, world.usage().text_bytes),
        (0, 0, 0),
        "{timeline}"
    );
}

const CREATED: &str = "outstandingTransaction";

#[test]
fn the_default_completes_at_the_fourth_collect() {
    let steps = [(0, CREATED), (2000, "started"), (2000, "userSign"), (2000, "complete")];
    check(&Request::auth(), "default", &steps);
    check(&Request::new(Operation::Sign), "default", &steps);
    let steps = [(0, CREATED), (2000, "userCallConfirm"), (2000, "userSign"), (2000, "complete")];
    check(&Request::new(Operation::PhoneAuth), "default", &steps);
    check(&Request::new(Operation::PhoneSign), "default", &steps);
}

#[test]
fn a_failure_is_given_once() {
    check(
        &Request::auth(),
        "userCancel",
        &[(0, CREATED), (0, "userSign"), (0, "failed/userCancel")],
    );
    check(&Request::auth(), "failed:newHint", &[(0, "failed/newHint")]);
}

/// A step that a collect ends ends at that collect, also when its time was over long before.
#[test]
fn a_collect_that_ends_a_step_begins_the_next() {
    let auth = Request::auth();
    let steps = [(9_000, "userSign"), (11_000, "userSign"), (4_999, "processing"), (1, "complete")];
    check(&auth, "userSign x2, processing 5s, complete", &steps);
    check(&auth, "userSign x2 1s, processing 5s, complete", &steps);
    // The result is kept from there on.
    check(&auth, "userSign, complete", &[(100_000, "userSign"), (179_999, "complete")]);
    check(&auth, "userSign, complete", &[(100_000, "userSign"), (180_000, "no such order")]);
}

/// 30 s for what is started by QR code or link, 180 s for what waits for the person (7.6).
#[test]
fn who_never_starts_fails_by_the_kind_of_the_order() {
    for operation in Operation::ALL {
        let (limit, failure) = match operation {
            Operation::Auth | Operation::Sign | Operation::Payment => {
                (30_000, "failed/startFailed")
            }
            Operation::OtherPayment | Operation::PhoneAuth | Operation::PhoneSign => {
                (180_000, "failed/expiredTransaction")
            }
        };
        check(&Request::new(operation), "phone", &[(limit - 1, CREATED), (1, failure)]);
    }
    // A number alone does not say that the order waits for the person.
    check(&Request::auth().number(1), "phone", &[(29_999, CREATED), (1, "failed/startFailed")]);
    let v5 = Request::auth().v5();
    check(&v5, "phone", &[(29_999, CREATED), (1, "failed/startFailed")]);
    check(&v5.clone().number(1), "phone", &[(179_999, CREATED), (1, "failed/expiredTransaction")]);
    let by_token = v5.number(1).requiring("tokenStartRequired", true.into());
    check(&by_token, "phone", &[(29_999, CREATED), (1, "failed/startFailed")]);
}

/// When the result is still there, and when it no longer is (7.6).
#[track_caller]
fn check_kept(request: &Request, timeline: &str, result: &str, kept_ms: u64) {
    check(request, timeline, &[(kept_ms - 1, result)]);
    check(request, timeline, &[(kept_ms, "no such order")]);
    check(request, timeline, &[(100 * kept_ms, "no such order")]);
}

#[test]
fn results_are_kept_for_the_storage_times() {
    let auth = Request::auth();
    check_kept(&auth, "complete", "complete", 180_000);
    check_kept(&auth, "userSign 100s, complete", "complete", 280_000);
    check_kept(&auth, "userSign 100s, userCancel", "failed/userCancel", 400_000);
    check_kept(&auth, "userSign 24h, complete", "failed/expiredTransaction", 480_000);
    check_kept(&auth, "neverStarted", "failed/startFailed", 190_000);
    check_kept(
        &Request::new(Operation::PhoneAuth),
        "neverStarted",
        "failed/expiredTransaction",
        190_000,
    );
}

#[test]
fn a_pending_order_can_be_cancelled_once() {
    let world = world_of("userSign x2, complete");
    let lane = world.default_lane();
    let order = started(lane, &Request::new(Operation::Sign));
    collect(lane, &order);
    assert!(lane.cancel(&order, Rp::PLAIN));
    assert!(!lane.cancel(&order, Rp::PLAIN));
    assert_eq!(collect(lane, &order), "no such order");
    assert_eq!((world.usage().orders, world.usage().text_bytes), (0, 0));
}

#[test]
fn a_finished_order_cannot_be_cancelled_and_keeps_its_result() {
    for (timeline, result) in [("complete", "complete"), ("failed:newHint", "failed/newHint")] {
        let world = world_of(timeline);
        let lane = world.default_lane();
        let order = started(lane, &Request::auth());
        assert!(!lane.cancel(&order, Rp::PLAIN));
        assert_eq!(collect(lane, &order), result);
        assert_eq!(collect(lane, &order), "no such order");
    }
}

#[test]
fn an_order_belongs_to_whoever_made_it() {
    let [one, two] = [b"certificate 1", b"certificate 2"].map(|der| Rp::of_certificate(der));
    assert_eq!(one, Rp::of_certificate(b"certificate 1"));
    let rps = [Rp::PLAIN, one, two];
    let world = world_of("userSign x3, complete");
    let lane = world.default_lane();
    for owner in rps {
        let order =
            Request::auth().checked(|checked| lane.start(checked, owner)).unwrap().order_ref;
        for other in rps.into_iter().filter(|rp| *rp != owner) {
            assert!(lane.collect(&order, other).is_none());
            assert!(!lane.cancel(&order, other));
        }
        let counted: Vec<_> = (0..4).map(|_| words(lane.collect(&order, owner).as_ref())).collect();
        assert_eq!(
            counted,
            ["userSign", "userSign", "userSign", "complete"],
            "collects of others do not count"
        );
    }
}

#[test]
fn only_an_order_ref_leads_to_an_order() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let tokens = start(lane, &Request::auth()).unwrap();
    let others = [&*tokens.auto_start_token, &*tokens.qr_start_token, &*tokens.qr_start_secret];
    let altered = [
        tokens.order_ref.to_uppercase(),
        format!("{} ", &*tokens.order_ref),
        String::new(),
        "x".repeat(256),
    ];
    for text in others.into_iter().chain(altered.iter().map(String::as_str)) {
        assert_eq!(collect(lane, text), "no such order", "{text}");
        assert!(!lane.cancel(text, Rp::PLAIN), "{text}");
    }
    assert_eq!(collect(lane, &tokens.order_ref), CREATED);
}

/// 5.1 in full: the second is refused and ends the first, the third is taken.
fn check_collision(lane: &Lane, first: &Request, second: &Request) {
    let one = started(lane, first);
    assert!(
        matches!(start(lane, second), Err(StartRefused::AlreadyInProgress)),
        "{first:?} {second:?}"
    );
    let three = started(lane, second);
    assert_eq!(collect(lane, &one), "failed/cancelled");
    assert_eq!(collect(lane, &one), "no such order");
    assert_eq!(collect(lane, &three), CREATED);
    assert!(lane.cancel(&three, Rp::PLAIN));
}

#[test]
fn orders_for_one_person_collide_across_endpoints_and_relying_parties() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let for_person = |operation| Request::new(operation).number(191_212_121_212);
    for first in Operation::ALL {
        for second in Operation::ALL {
            check_collision(lane, &for_person(first), &for_person(second));
        }
        check_collision(lane, &for_person(first), &Request::auth().v5().number(191_212_121_212));
    }
    let request = for_person(Operation::Auth);
    let other = Rp::of_certificate(b"another");
    let first = request.checked(|checked| lane.start(checked, other)).unwrap().order_ref;
    assert!(matches!(start(lane, &request), Err(StartRefused::AlreadyInProgress)));
    assert_eq!(words(lane.collect(&first, other).as_ref()), "failed/cancelled");
    assert_eq!(world.usage().orders, 0);
}

#[test]
fn what_does_not_collide() {
    let world = world_of("phone");
    let lane = world.default_lane();
    // No number, whoever completes them; and different numbers.
    let mut orders: Vec<_> = (0..3).map(|_| started(lane, &Request::auth())).collect();
    orders.extend((1..=3).map(|n| started(lane, &Request::auth().number(n))));
    assert!(orders.iter().all(|order| collect(lane, order) == CREATED));
    // An order that is over, though nobody has fetched its result, or cancelled by its owner.
    advance(lane, 30_000);
    orders.push(started(lane, &Request::auth().number(1)));
    assert_eq!(
        collect(lane, &orders[3]),
        "failed/startFailed",
        "the first one for the number keeps its own result"
    );
    assert!(lane.cancel(&orders[6], Rp::PLAIN));
    started(lane, &Request::auth().number(1));
}

#[test]
fn the_cancelled_result_is_kept_for_five_minutes_after_the_collision() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let request = Request::new(Operation::PhoneAuth);
    for (turn, expected) in [(299_999, "failed/cancelled"), (300_000, "no such order")] {
        let order = started(lane, &request);
        advance(lane, 100_000);
        assert!(start(lane, &request).is_err());
        advance(lane, turn);
        assert_eq!(collect(lane, &order), expected);
    }
}

fn bounded(max_orders: usize, max_text_bytes: usize) -> std::sync::Arc<World> {
    World::new(WorldSettings { max_orders, max_text_bytes, ..settings() })
}

#[track_caller]
fn check_full(lane: &Lane, request: &Request, flag: &str) {
    match start(lane, request) {
        Err(StartRefused::Full(named)) => assert_eq!(named, flag),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_full_store_names_the_flag() {
    let world = bounded(2, 8);
    let lane = world.default_lane();
    check_full(lane, &Request::auth().text("1234567"), "--max-text-bytes");
    let order = started(lane, &Request::auth().text("123456"));
    check_full(lane, &Request::auth().text("1"), "--max-text-bytes");
    started(lane, &Request::auth());
    check_full(lane, &Request::auth(), "--max-orders");
    check_full(lane, &Request::auth().text("1"), "--max-orders");
    assert_eq!((world.usage().orders, world.usage().text_bytes), (2, 8));
    lane.cancel(&order, Rp::PLAIN);
    started(lane, &Request::auth().text("1"));
    assert_eq!((world.usage().orders, world.usage().text_bytes), (2, 4));
}

#[test]
fn what_is_past_its_storage_time_makes_room() {
    let world = bounded(64, 1 << 20);
    let lane = world.default_lane();
    let other = world.lane("other").unwrap();
    for _ in 0..32 {
        started(lane, &Request::auth());
        started(&other, &Request::auth());
    }
    check_full(lane, &Request::auth(), "--max-orders");
    advance(&other, 189_999);
    check_full(lane, &Request::auth(), "--max-orders");
    // The other lane's time makes room for this one.
    advance(&other, 1);
    started(lane, &Request::auth());
    assert_eq!((world.usage().orders, lane.live(), other.live()), (33, 33, 0));
}

#[test]
fn a_collision_counts_also_when_there_is_no_room() {
    let world = bounded(1, 100);
    let lane = world.default_lane();
    let order = started(lane, &Request::auth().number(7));
    assert!(matches!(
        start(lane, &Request::auth().number(7)),
        Err(StartRefused::AlreadyInProgress)
    ));
    check_full(lane, &Request::auth().number(7), "--max-orders");
    assert_eq!(collect(lane, &order), "failed/cancelled");
    started(lane, &Request::auth().number(7));
}

#[test]
fn a_marker_that_names_nothing_starts_nothing() {
    let world = bounded(1, 100);
    let lane = world.default_lane();
    match start(lane, &Request::auth().text("Test [bankid:userCancle]").number(7)) {
        Err(StartRefused::Marker(details)) => assert_eq!(
            details,
            "Marker in userVisibleData: there is no scenario `userCancle`; did you mean `userCancel`?"
        ),
        other => panic!("{other:?}"),
    }
    assert_eq!((world.usage().orders, lane.last_sequence()), (0, 0));
}

#[test]
fn reset_begins_anew() {
    let world = world_of("phone");
    let lane = world.default_lane();
    let request = Request::new(Operation::Sign).number(7);
    let order = started(lane, &request);
    lane.set_default(Some(world.rules().scenarios.resolve("userCancel").unwrap()));
    advance(lane, 5);
    lane.reset();
    assert_eq!(collect(lane, &order), "no such order");
    assert_eq!(
        (lane.live(), world.usage().orders, world.usage().text_bytes, lane.clock.now()),
        (0, 0, 0, START)
    );
    assert!(lane.standing().is_none() && lane.views(0, 9).is_empty());
    // The old token does not lead to the order that comes into the old one's place.
    let next = started(lane, &request);
    assert_eq!(
        (collect(lane, &order).as_str(), collect(lane, &next).as_str()),
        ("no such order", CREATED)
    );
}
