//! What a view says of an order: where it stands, what it asks, what happened, and why.

use std::{sync::Arc, time::Duration};

use bankid_core::request::{CallInitiator, CardReader, Operation, TextFormat};
use serde_json::json;

use super::{Cause, GoneBecause, OrderState, OrderView, TransactionView};
use crate::{
    clock::{ClockMode, Timestamp},
    lane::{Lane, Rp, World, WorldSettings},
    rule::{Outcome, Rule, Rules},
    sample::Request,
};

/// A world whose orders follow this scenario by configuration, at a clock that stands still.
fn world(scenario: &str) -> Arc<World> {
    let mut rules = Rules::default();
    rules.default = Some(rules.scenarios.resolve(scenario).unwrap());
    World::new(WorldSettings {
        rules,
        seed: 1,
        clock: ClockMode::Frozen(Timestamp::from_unix_ms(1_700_000_000_000)),
        max_orders: 100,
        max_text_bytes: 10_000,
        max_lanes: 2,
        signers: Arc::default(),
    })
}

fn start(lane: &Lane, request: &Request) -> String {
    request.checked(|checked| lane.start(checked, Rp::PLAIN)).unwrap().order_ref.to_string()
}

/// What happened: what, after how many seconds where that is known, and why.
#[track_caller]
fn check_steps(view: &OrderView, expected: &[(&str, Option<u64>, Cause)]) {
    let steps: Vec<_> = view
        .steps
        .iter()
        .map(|step| {
            (&*step.what, step.at.map(|at| at.millis_since(view.created) / 1_000), step.cause)
        })
        .collect();
    assert_eq!(steps, expected);
}

const CONFIG: Cause = Cause::Scenario(Rule::Config);

#[test]
fn tells_how_far_a_scenario_got() {
    let world = world("outstandingTransaction 1s, started x2, userSign 1m, complete");
    let lane = world.default_lane();
    let order_ref = start(lane, &Request::auth());
    let view = || lane.view_of(&order_ref).unwrap();
    check_steps(&view(), &[("outstandingTransaction 1s", Some(0), CONFIG)]);
    assert_eq!(view().state, OrderState::Pending("outstandingTransaction".into()));
    lane.clock.advance(Duration::from_secs(2));
    check_steps(
        &view(),
        &[("outstandingTransaction 1s", Some(0), CONFIG), ("started x2", Some(1), CONFIG)],
    );
    for _ in 0..2 {
        lane.collect(&order_ref, Rp::PLAIN).unwrap();
    }
    // Only the first step and the one reached last have a time that is known.
    let mut steps = vec![
        ("outstandingTransaction 1s", Some(0), CONFIG),
        ("started x2", None, CONFIG),
        ("userSign 1m", Some(2), CONFIG),
    ];
    check_steps(&view(), &steps);
    lane.clock.advance(Duration::from_secs(100));
    steps[2].1 = None;
    steps.push(("complete", Some(62), CONFIG));
    check_steps(&view(), &steps);
    assert_eq!((view().state, view().gone), (OrderState::Complete, None));
    lane.collect(&order_ref, Rp::PLAIN).unwrap();
    steps.push(("the final answer was handed out", Some(102), Cause::RelyingParty));
    check_steps(&view(), &steps);
    assert_eq!((view().state, view().gone), (OrderState::Complete, Some(GoneBecause::Collected)));
}

#[test]
fn tells_which_deadline_ended_an_order() {
    let seconds = Duration::from_secs;
    let world = world("outstandingTransaction x9, userSign 24h, complete");
    let lane = world.default_lane();
    let unstarted = start(lane, &Request::auth());
    let by_number = start(lane, &Request::new(Operation::PhoneAuth));
    let unfinished = start(lane, &Request::new(Operation::Sign));
    for _ in 0..9 {
        lane.collect(&unfinished, Rp::PLAIN).unwrap();
    }
    lane.clock.advance(seconds(185));
    let first = ("outstandingTransaction x9", Some(0), CONFIG);
    let ended = |what, at| (what, Some(at), Cause::Deadline);
    check_steps(
        &lane.view_of(&unstarted).unwrap(),
        &[first, ended("startFailed: nobody picked the order up", 30)],
    );
    check_steps(
        &lane.view_of(&by_number).unwrap(),
        &[first, ended("expiredTransaction: nobody picked the order up", 180)],
    );
    check_steps(
        &lane.view_of(&unfinished).unwrap(),
        &[
            first,
            ("userSign 24h", None, CONFIG),
            ended("expiredTransaction: the user did not finish", 180),
        ],
    );
    lane.clock.advance(seconds(5));
    lane.sweep();
    let view = lane.view_of(&unstarted).unwrap();
    assert_eq!(view.gone, Some(GoneBecause::Forgotten));
    assert_eq!(view.steps.last().unwrap().what.as_ref(), "the order was forgotten uncollected");
    assert_eq!(lane.view_of(&unfinished).unwrap().gone, None);
}

#[test]
fn tells_who_ended_an_order() {
    let world = world("phone");
    let lane = world.default_lane();
    let first = ("outstandingTransaction until somebody acts", Some(0), CONFIG);
    let request = Request::auth().number(191_212_121_212);
    let order_ref = start(lane, &request);
    request.checked(|checked| lane.start(checked, Rp::PLAIN)).unwrap_err();
    check_steps(
        &lane.view_of(&order_ref).unwrap(),
        &[first, ("cancelled", Some(0), Cause::OtherOrder)],
    );
    let order_ref = start(lane, &request);
    assert!(lane.cancel(&order_ref, Rp::PLAIN));
    let view = lane.view_of(&order_ref).unwrap();
    check_steps(
        &view,
        &[first, ("the order was cancelled by cancel", Some(0), Cause::RelyingParty)],
    );
    assert_eq!(view.gone, Some(GoneBecause::Cancelled));
}

#[test]
fn tells_which_rule_decided() {
    let world = world("userSign, complete");
    let lane = world.default_lane();
    let scenario = world.rules().scenarios.find("userCancel").unwrap();
    let anna = world.rules().personas.named("anna").unwrap().personal_number;
    lane.push(Outcome::error(crate::fault::ApiFault::named("maintenance").unwrap())).unwrap();
    let ticket = lane.push(Outcome::scenario(scenario).completed_by(anna)).unwrap();
    assert!(lane.strike(crate::fault::Endpoint::Start(Operation::Auth)).is_some());
    let view = lane.view_of(&start(lane, &Request::auth())).unwrap();
    assert_eq!((view.rule, view.ticket, ticket), (Rule::Queue, Some(2), 2));
    assert_eq!(
        (&*view.scenario, view.person, view.personal_number),
        ("userCancel", Some(anna), None)
    );
    let view = lane.view_of(&start(lane, &Request::auth())).unwrap();
    assert_eq!(
        (view.rule, view.ticket, &*view.scenario),
        (Rule::Config, None, "userSign, complete")
    );
    assert_eq!(view.person, None);
    let marked = Request::new(Operation::Sign).text("Köp [bankid:phone]");
    assert_eq!(lane.view_of(&start(lane, &marked)).unwrap().rule, Rule::Marker);
    assert_eq!(
        Cause::Scenario(Rule::Marker).to_string(),
        "the scenario, chosen by the marker at the end of userVisibleData",
    );
}

#[test]
fn shows_what_the_user_is_asked() {
    let world = world("phone");
    let lane = world.default_lane();
    let request = Request::new(Operation::Payment)
        .text("*Köp*")
        .with("userVisibleDataFormat", json!("simpleMarkdownV1"))
        .with("returnUrl", json!("https://example.com/#n=1"))
        .with(
            "userVisibleTransaction",
            json!({
                "transactionType": "card",
                "recipient": {"name": "Exempelbutiken AB"},
                "money": {"amount": "350,00", "currency": "SEK"},
                "riskWarning": "newRecipient",
            }),
        )
        .requiring("pinCode", json!(true))
        .requiring("mrtd", json!(true))
        .requiring("cardReader", json!("class2"))
        .requiring("certificatePolicies", json!(["1.2.3.4.10", "1.2.3.4.25"]));
    let order_ref = start(lane, &request);
    let view = lane.view_of(&order_ref).unwrap().request;
    assert_eq!(
        (view.text.as_deref(), view.format),
        (Some("*Köp*"), Some(TextFormat::SimpleMarkdownV1))
    );
    assert_eq!(view.return_url.as_deref(), Some("https://example.com/#n=1"));
    assert_eq!(
        view.transaction,
        Some(TransactionView {
            transaction_type: "card",
            recipient: "Exempelbutiken AB".into(),
            money: Some(("350,00".into(), "SEK".into())),
            risk_warning: Some("newRecipient"),
        })
    );
    assert_eq!((view.pin_code, view.mrtd, view.call_initiator), (true, true, None));
    assert_eq!(view.card_reader, Some(CardReader::Class2));
    assert_eq!(view.certificate_policies, ["1.2.3.4.10".into(), "1.2.3.4.25".into()]);
    // Texts are not kept of what is gone.
    assert!(lane.cancel(&order_ref, Rp::PLAIN));
    assert_eq!(lane.view_of(&order_ref).unwrap().request.text, None);
    let plain = lane.view_of(&start(lane, &Request::auth())).unwrap().request;
    assert_eq!((plain.text, plain.format, plain.pin_code), (None, None, false));
    let call = lane.view_of(&start(lane, &Request::new(Operation::PhoneSign))).unwrap().request;
    assert_eq!(
        (call.text.as_deref(), call.call_initiator),
        (Some("Test"), Some(CallInitiator::Rp))
    );
}

#[test]
fn states_are_written_as_status_and_hint() {
    let pending = OrderState::Pending("userSign".into());
    assert_eq!((pending.status(), pending.hint_code()), ("pending", Some("userSign")));
    assert_eq!(pending.to_string(), "pending/userSign");
    let failed = OrderState::Failed("userCancel".into());
    assert_eq!((failed.status(), failed.to_string().as_str()), ("failed", "failed/userCancel"));
    let complete = OrderState::Complete;
    assert_eq!((complete.hint_code(), complete.to_string().as_str()), (None, "complete"));
}
