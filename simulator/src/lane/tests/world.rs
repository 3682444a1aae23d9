//! Lanes beside each other: isolated, bounded, and let go when idle.

use std::sync::{Arc, Barrier};

use super::{START, advance, collect, settings, start, started, world_of};
use crate::{
    lane::{LaneRefused, StartRefused, World, WorldSettings},
    rule::Outcome,
    sample::Request,
};

const FULL: LaneRefused = LaneRefused::Full("--max-lanes");

/// A world with room for so many lanes besides the default one.
fn roomy_for(named: usize) -> Arc<World> {
    World::new(WorldSettings { max_lanes: named + 1, ..settings() })
}

/// The names of the lanes there are, besides the default one.
fn names(world: &World) -> Vec<String> {
    assert_eq!(world.usage().lanes, world.lanes().len());
    world.lanes().iter().skip(1).map(|lane| lane.name().to_owned()).collect()
}

#[test]
fn a_lane_is_made_on_first_use_and_found_again() {
    let world = roomy_for(5);
    assert!(world.existing("a").is_none());
    let lane = world.lane("a").unwrap();
    assert!(Arc::ptr_eq(&lane, &world.lane("a").unwrap()));
    assert!(Arc::ptr_eq(&lane, &world.existing("a").unwrap()));
    assert!(!Arc::ptr_eq(&lane, &world.lane("A").unwrap()));
    assert!(Arc::ptr_eq(world.default_lane(), &world.lane("default").unwrap()));
    assert_eq!(names(&world), ["A", "a"]);
}

#[test]
fn names_have_rules() {
    let world = roomy_for(5);
    for name in ["", "a b", "a/b", "å", "a\n", &"a".repeat(1000)] {
        assert_eq!(world.lane(name).unwrap_err(), LaneRefused::Name, "{name}");
    }
    assert_eq!(names(&world), [""; 0]);
}

#[test]
fn lanes_are_isolated() {
    let world = world_of("phone");
    let lanes = ["a", "b", "default"].map(|name| world.lane(name).unwrap());
    let request = Request::auth().number(7);
    let orders = [0, 1, 2].map(|lane| started(&lanes[lane], &request));
    // Tokens, also those of the same place in another lane.
    for (of, order) in orders.iter().enumerate() {
        for (place, lane) in lanes.iter().enumerate() {
            let expected = if place == of { "outstandingTransaction" } else { "no such order" };
            assert_eq!(collect(lane, order), expected);
        }
    }
    // Clocks.
    advance(&lanes[0], 30_000);
    let answers = [0, 1, 2].map(|lane| collect(&lanes[lane], &orders[lane]));
    assert_eq!(answers, ["failed/startFailed", "outstandingTransaction", "outstandingTransaction"]);
    // Collisions.
    assert!(matches!(start(&lanes[1], &request), Err(StartRefused::AlreadyInProgress)));
    assert_eq!(collect(&lanes[2], &orders[2]), "outstandingTransaction");
    // Queues and defaults.
    let scenario = world.rules().scenarios.resolve("complete").unwrap();
    lanes[0].push(Outcome::scenario(Arc::clone(&scenario))).unwrap();
    lanes[1].set_default(Some(scenario));
    let answers = lanes.each_ref().map(|lane| collect(lane, &started(lane, &Request::auth())));
    assert_eq!(answers, ["complete", "complete", "outstandingTransaction"]);
    // Resets.
    lanes[1].reset();
    assert_eq!(collect(&lanes[2], &orders[2]), "outstandingTransaction");
}

#[test]
fn the_lane_that_was_not_used_for_longest_makes_room() {
    let world = roomy_for(3);
    for name in ["a", "b", "c", "a"] {
        world.lane(name).unwrap();
    }
    for (new, left) in [("d", ["a", "c", "d"]), ("e", ["a", "d", "e"]), ("f", ["d", "e", "f"])] {
        world.lane(new).unwrap();
        assert_eq!(names(&world), left);
    }
    world.existing("d").unwrap();
    world.lane("g").unwrap();
    assert_eq!(names(&world), ["d", "f", "g"]);
}

/// Making it is a use as well: the newest lane is not the one that was idle for longest.
#[test]
fn a_new_lane_is_not_the_first_to_go() {
    let world = roomy_for(2);
    for name in ["a", "a", "b", "c"] {
        world.lane(name).unwrap();
    }
    assert_eq!(names(&world), ["b", "c"]);
}

#[test]
fn a_lane_with_live_orders_stays() {
    let world = roomy_for(2);
    let orders = ["a", "b"].map(|name| started(&world.lane(name).unwrap(), &Request::auth()));
    assert_eq!(world.lane("c").unwrap_err(), FULL);
    assert_eq!(names(&world), ["a", "b"]);
    // An order that is over and not collected yet is one still, until it is forgotten.
    advance(&world.lane("b").unwrap(), 189_999);
    assert_eq!(world.lane("c").unwrap_err(), FULL);
    advance(&world.lane("b").unwrap(), 1);
    world.lane("c").unwrap();
    assert_eq!(names(&world), ["a", "c"]);
    assert_eq!(collect(&world.lane("a").unwrap(), &orders[0]), "outstandingTransaction");
    assert_eq!(world.usage().orders, 1);
}

#[test]
fn a_lane_in_somebodys_hands_stays() {
    let world = roomy_for(2);
    let held = world.lane("a").unwrap();
    world.lane("b").unwrap();
    world.lane("c").unwrap();
    assert_eq!(names(&world), ["a", "c"]);
    let also_held = world.lane("c").unwrap();
    assert_eq!(world.lane("d").unwrap_err(), FULL);
    drop((held, also_held));
    assert!(world.lane("d").is_ok());
}

#[test]
fn the_default_lane_counts_and_never_goes() {
    for max_lanes in [0, 1] {
        let world = World::new(WorldSettings { max_lanes, ..settings() });
        assert_eq!(world.lane("a").unwrap_err(), FULL);
        started(&world.lane("default").unwrap(), &Request::auth());
    }
    let world = roomy_for(1);
    for name in ["a", "b", "c"] {
        world.lane(name).unwrap();
        assert_eq!(names(&world), [name]);
    }
}

/// Whoever swept all lanes at the same time must not make idle ones look busy.
#[test]
fn sweeping_takes_no_lane_in_its_hands() {
    let world = roomy_for(3);
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let sweeper = scope.spawn(|| {
            barrier.wait();
            for _ in 0..1_000 {
                world.sweep();
            }
        });
        barrier.wait();
        for lane in 0.. {
            assert!(
                world.lane(&format!("lane{lane}")).is_ok(),
                "of three idle lanes none made room"
            );
            if sweeper.is_finished() {
                break;
            }
        }
    });
}

#[test]
fn a_deleted_lane_is_gone_with_its_orders_and_comes_back_as_another() {
    let world = world_of("phone");
    let lane = world.lane("a").unwrap();
    let order = started(&lane, &Request::auth().text("Test"));
    advance(&lane, 5);
    assert!(world.delete("a"));
    assert!(!world.delete("a") && !world.delete("b"));
    assert_eq!((world.usage().orders, world.usage().text_bytes, world.usage().lanes), (0, 0, 1));
    // A request that was under way still has the old lane; what it starts there goes with it.
    started(&lane, &Request::auth().text("Test"));
    assert_eq!(world.usage().orders, 1);
    drop(lane);
    assert_eq!((world.usage().orders, world.usage().text_bytes), (0, 0));

    let again = world.lane("a").unwrap();
    assert_eq!(again.clock.now(), START);
    let new = started(&again, &Request::auth());
    assert_ne!(order, new, "the same place, but not the same token");
    assert_eq!(collect(&again, &order), "no such order");
    assert_eq!(again.last_sequence(), 1);
}

#[test]
fn a_lane_that_was_let_go_comes_back_as_another() {
    let world = roomy_for(1);
    let finish = |name: &str| {
        let lane = world.lane(name).unwrap();
        let order = started(&lane, &Request::auth());
        assert!(lane.cancel(&order, crate::lane::Rp::PLAIN));
        order
    };
    let orders = ["a", "b", "a", "b"].map(finish);
    assert_ne!(orders[0], orders[2]);
    assert_ne!(orders[1], orders[3]);
}

#[test]
fn the_default_lane_is_emptied_instead_of_deleted() {
    let world = world_of("phone");
    let order = started(world.default_lane(), &Request::auth());
    assert!(world.delete("default"));
    assert_eq!(collect(world.default_lane(), &order), "no such order");
    assert_eq!((world.usage().orders, world.usage().lanes), (0, 1));
}

#[test]
fn the_same_seed_gives_the_same_tokens_and_another_seed_others() {
    let order = |seed, name: &str| {
        let world = World::new(WorldSettings { seed, ..settings() });
        started(&world.lane(name).unwrap(), &Request::auth())
    };
    assert_eq!(order(1, "a"), order(1, "a"));
    assert_ne!(order(1, "a"), order(2, "a"));
    assert_ne!(order(1, "a"), order(1, "b"));
    assert_ne!(order(1, "a"), order(1, "default"));
}

#[test]
fn many_who_come_first_get_one_lane() {
    let world = roomy_for(100);
    for round in 0..50 {
        let name = format!("lane{round}");
        let barrier = Barrier::new(4);
        let lanes = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| {
                scope.spawn(|| {
                    barrier.wait();
                    world.lane(&name).unwrap()
                })
            });
            threads.map(|thread| thread.join().unwrap())
        });
        assert!(lanes.iter().all(|lane| Arc::ptr_eq(lane, &lanes[0])));
    }
    assert_eq!(world.usage().lanes, 51);
}
