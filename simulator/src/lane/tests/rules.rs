//! What decides about an order in a lane: the queue, the lane's default, the configuration; and errors on demand.

use std::sync::Arc;

use bankid_core::request::Operation;

use super::{collect, settings, start, started};
use crate::{
    fault::{ApiFault, Endpoint, ErrorRule, Instead, When},
    lane::{Lane, StartRefused, World, WorldSettings},
    rule::{Outcome, QueueFull, Rule, Rules},
    sample::Request,
    scenario::Scenario,
};

fn scenario(name: &str) -> Arc<Scenario> {
    Arc::new(Scenario::named(name, "", "userSign 24h, complete".parse().unwrap(), None))
}

fn fault(code: &str) -> Outcome {
    Outcome::error(ApiFault::named(code).unwrap())
}

/// Starts an order, and says what it follows and why.
#[track_caller]
fn decided(lane: &Lane, request: &Request) -> (Rule, String, Option<u32>) {
    let view = lane.view_of(&started(lane, request)).unwrap();
    (view.rule, view.scenario.into(), view.ticket)
}

/// From the weakest to the strongest: each new one takes over from all before it.
#[test]
fn the_precedence_of_the_documentation() {
    let mut rules = Rules { flag: Some(scenario("flag")), ..Rules::default() };
    let marked = Request::auth().number(199_001_012_385).text("[bankid:userSign]");
    let plain = Request::auth();
    let world = |rules: &Rules| World::new(WorldSettings { rules: rules.clone(), ..settings() });
    let follows = |world: &World, request: &Request, rule: Rule, name: &str| {
        let (by, scenario, _) = decided(world.default_lane(), request);
        assert_eq!((by, &*scenario), (rule, name));
    };
    follows(&world(&Rules::default()), &plain, Rule::BuiltIn, "default");
    follows(&world(&rules), &plain, Rule::Flag, "flag");
    rules.default = Some(scenario("config"));
    follows(&world(&rules), &plain, Rule::Config, "config");
    rules.lanes.insert("default".into(), scenario("lane"));
    follows(&world(&rules), &plain, Rule::Lane, "lane");
    let world_of_lane = world(&rules);
    world_of_lane.default_lane().set_default(Some(scenario("told")));
    follows(&world_of_lane, &plain, Rule::Lane, "told");
    rules.operations.insert(Operation::Auth, scenario("operation"));
    let world = world(&rules);
    world.default_lane().set_default(Some(scenario("told")));
    follows(&world, &plain, Rule::Operation, "operation");
    follows(&world, &Request::auth().number(199_001_012_385), Rule::ReservedNumber, "realistic");
    world.default_lane().reset();
    follows(&world, &marked, Rule::Marker, "userSign");
    world.default_lane().reset();
    world.default_lane().push(Outcome::scenario(scenario("queued"))).unwrap();
    follows(&world, &marked, Rule::Queue, "queued");
}

#[test]
fn the_configurations_default_of_a_lane_is_that_lanes() {
    let mut rules = Rules::default();
    rules.lanes.insert("slow".into(), scenario("own"));
    let world = World::new(WorldSettings { rules, ..settings() });
    let slow = world.lane("slow").unwrap();
    assert_eq!(decided(&slow, &Request::auth()), (Rule::Lane, "own".into(), None));
    assert_eq!(decided(&world.lane("other").unwrap(), &Request::auth()).0, Rule::BuiltIn);
    slow.set_default(Some(scenario("told")));
    assert_eq!(decided(&slow, &Request::auth()).1, "told");
    slow.set_default(None);
    assert_eq!(decided(&slow, &Request::auth()).1, "own");
}

#[test]
fn outcomes_are_used_once_in_their_order_by_the_calls_they_are_for() {
    let world = World::new(settings());
    let lane = world.default_lane();
    let only = |name: &str, operation| {
        Outcome::scenario(scenario(name)).only_for([Endpoint::Start(operation)])
    };
    let tickets = [
        only("sign", Operation::Sign),
        Outcome::scenario(scenario("any")),
        only("auth", Operation::Auth),
        Outcome::scenario(scenario("last")),
    ]
    .map(|outcome| lane.push(outcome).unwrap());
    assert_eq!(tickets, [1, 2, 3, 4]);
    let next = |operation| {
        let (rule, scenario, ticket) = decided(lane, &Request::new(operation));
        (rule == Rule::Queue).then_some(scenario).zip(ticket)
    };
    assert_eq!(next(Operation::Payment), Some(("any".into(), 2)));
    assert_eq!(next(Operation::Auth), Some(("auth".into(), 3)));
    assert_eq!(lane.queued().iter().map(|(ticket, _)| *ticket).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(next(Operation::Sign), Some(("sign".into(), 1)));
    assert_eq!(next(Operation::Sign), Some(("last".into(), 4)));
    assert_eq!(next(Operation::Sign), None);
    assert_eq!(
        lane.push(Outcome::scenario(scenario("again"))).unwrap(),
        5,
        "numbers are not used again"
    );
    lane.clear_queue();
    assert_eq!(next(Operation::Auth), None);
}

#[test]
fn an_outcome_is_used_only_by_an_order_that_starts() {
    let world = World::new(WorldSettings { max_orders: 2, ..settings() });
    let lane = world.default_lane();
    started(lane, &Request::auth().number(7));
    lane.push(Outcome::scenario(scenario("queued"))).unwrap();
    assert!(matches!(
        start(lane, &Request::auth().number(7)),
        Err(StartRefused::AlreadyInProgress)
    ));
    assert!(matches!(
        start(lane, &Request::auth().text("[bankid:elephant]")),
        Err(StartRefused::Marker(_))
    ));
    assert_eq!(decided(lane, &Request::auth()), (Rule::Queue, "queued".into(), Some(1)));
    lane.push(Outcome::scenario(scenario("queued"))).unwrap();
    assert!(matches!(start(lane, &Request::auth()), Err(StartRefused::Full(_))));
    assert_eq!(lane.queued().len(), 1);
}

fn refused(lane: &Lane, endpoint: Endpoint) -> Option<String> {
    match lane.strike(endpoint)?.instead() {
        Some(Instead::Document(fault)) => Some(fault.error_code().to_owned()),
        other => panic!("{other:?}"),
    }
}

const AUTH: Endpoint = Endpoint::Start(Operation::Auth);
const SIGN: Endpoint = Endpoint::Start(Operation::Sign);

#[test]
fn an_error_waits_in_the_queue_like_any_outcome() {
    let world = World::new(settings());
    let lane = world.default_lane();
    lane.push(Outcome::scenario(scenario("first"))).unwrap();
    lane.push(fault("maintenance")).unwrap();
    lane.push(fault("internalError").only_for([Endpoint::Collect])).unwrap();
    lane.push(fault("unauthorized").only_for([Endpoint::Cancel, SIGN])).unwrap();
    assert_eq!(refused(lane, Endpoint::Collect).as_deref(), Some("internalError"));
    assert_eq!(refused(lane, Endpoint::Collect), None);
    assert_eq!(refused(lane, AUTH), None, "the scenario is first");
    assert_eq!(decided(lane, &Request::auth()).1, "first");
    assert_eq!(refused(lane, SIGN).as_deref(), Some("maintenance"));
    assert_eq!(refused(lane, SIGN).as_deref(), Some("unauthorized"));
    assert_eq!(refused(lane, Endpoint::Cancel), None);
    assert!(lane.queued().is_empty());
}

#[test]
fn a_queue_is_bounded() {
    let world = World::new(settings());
    let lane = world.default_lane();
    for _ in 0..QueueFull::AT {
        lane.push(fault("maintenance")).unwrap();
    }
    assert_eq!(lane.push(fault("maintenance")), Err(QueueFull));
    lane.strike(AUTH).unwrap();
    assert!(lane.push(fault("maintenance")).is_ok());
}

fn error_rule(endpoint: Option<Endpoint>, code: &str, call: u64) -> ErrorRule {
    ErrorRule {
        endpoint,
        strike: ApiFault::named(code).unwrap().into(),
        when: When::call(call).unwrap(),
    }
}

#[test]
fn lanes_count_calls_by_themselves_and_begin_anew_after_a_reset() {
    let rules = Rules {
        errors: vec![error_rule(Some(Endpoint::Collect), "maintenance", 2)],
        ..Rules::default()
    };
    let world = World::new(WorldSettings { rules, ..settings() });
    let other = world.lane("other").unwrap();
    for lane in [world.default_lane(), &other] {
        for _ in 0..2 {
            let answers: Vec<_> = (0..4).map(|_| refused(lane, Endpoint::Collect)).collect();
            assert_eq!(answers, [None, Some("maintenance".into()), None, None]);
            lane.reset();
        }
    }
}

/// "The nth call" means the nth, whatever the earlier ones got.
#[test]
fn calls_that_the_queue_refuses_count() {
    let rules =
        Rules { errors: vec![error_rule(Some(AUTH), "maintenance", 3)], ..Rules::default() };
    let world = World::new(WorldSettings { rules, ..settings() });
    let lane = world.default_lane();
    lane.push(fault("unauthorized")).unwrap();
    let answers: Vec<_> = (0..4).map(|_| refused(lane, AUTH)).collect();
    assert_eq!(answers, [Some("unauthorized".into()), None, Some("maintenance".into()), None]);
}

#[test]
fn rates_differ_from_lane_to_lane_and_repeat_with_the_seed() {
    let errors = vec![ErrorRule {
        endpoint: None,
        strike: ApiFault::named("internalError").unwrap().into(),
        when: When::rate(0.5).unwrap(),
    }];
    let rules = Rules { errors, ..Rules::default() };
    let calls = |seed, name: &str| -> Vec<bool> {
        let world = World::new(WorldSettings { rules: rules.clone(), seed, ..settings() });
        let lane = world.lane(name).unwrap();
        (0..64).map(|_| lane.strike(AUTH).is_some()).collect()
    };
    assert_eq!(calls(1, "a"), calls(1, "a"));
    assert_ne!(calls(1, "a"), calls(1, "b"));
    assert_ne!(calls(1, "a"), calls(2, "a"));
    assert_ne!(calls(1, "default"), calls(1, "a"));
}

#[test]
fn an_order_keeps_what_was_decided_when_it_started() {
    let world = World::new(settings());
    let lane = world.default_lane();
    lane.set_default(Some(scenario("first")));
    let order = started(lane, &Request::auth());
    lane.set_default(Some(world.rules().scenarios.resolve("userCancel").unwrap()));
    lane.push(Outcome::scenario(scenario("queued"))).unwrap();
    assert_eq!(collect(lane, &order), "userSign");
    assert_eq!(lane.view_of(&order).unwrap().scenario, "first".into());
}
