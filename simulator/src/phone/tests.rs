//! The virtual phone: what a person can do, what is refused, and who wins.

use std::{sync::Arc, time::Duration};

use bankid_core::{
    launch::Fault as LinkFault,
    qr::{self, Fault, Token},
    request::Operation,
};
use serde_json::json;

use super::{Phone, PhoneRefusal, Way};
use crate::{
    clock::{ClockMode, Timestamp},
    journal::{Cause, OrderState, OrderView},
    lane::{Collected, Lane, Rp, StartRefused, Started, World, WorldSettings},
    rule::{Rule, Rules},
    sample::Request,
};

const TOLVAN: u64 = 191_212_121_212;

/// A lane whose orders wait for a person, and whose clock stands still.
struct Stage {
    world: Arc<World>,
}

impl Stage {
    fn new() -> Self {
        Self::following("phone")
    }

    fn following(scenario: &str) -> Self {
        let mut rules = Rules::default();
        rules.default = Some(rules.scenarios.resolve(scenario).unwrap());
        let clock = ClockMode::Frozen(Timestamp::from_unix_ms(1_700_000_000_000));
        let (max_orders, max_text_bytes, max_lanes) = (100, 10_000, 2);
        let signers = Arc::default();
        let settings =
            WorldSettings { rules, seed: 1, clock, max_orders, max_text_bytes, max_lanes, signers };
        Self { world: World::new(settings) }
    }

    fn lane(&self) -> &Arc<Lane> {
        self.world.default_lane()
    }

    fn start(&self, request: &Request) -> Started {
        request.checked(|checked| self.lane().start(checked, Rp::PLAIN)).unwrap()
    }

    fn phone(&self, who: &str) -> Phone {
        let persona = self.world.rules().personas.resolve(who).unwrap();
        Phone::new(Arc::clone(self.lane()), persona)
    }

    fn pass(&self, seconds: u64) {
        self.lane().clock.advance(Duration::from_secs(seconds));
    }

    /// What the relying party is told: a hint, a failure, or whose order it was.
    fn collect(&self, started: &Started) -> String {
        match self.lane().collect(&started.order_ref, Rp::PLAIN) {
            Some(Collected::Pending(hint)) => hint.to_string(),
            Some(Collected::Failed(hint)) => format!("failed/{hint}"),
            Some(Collected::Complete(facts)) => facts.person.name.to_string(),
            None => "no such order".into(),
        }
    }
}

/// The QR text that a relying party shows so many seconds after it started the order.
fn code(started: &Started, seconds: u32) -> String {
    let token = Token::try_from(&*started.qr_start_token).unwrap();
    qr::frame(token, (&*started.qr_start_secret).into(), seconds).to_string()
}

fn link(started: &Started) -> String {
    format!("bankid:///?autostarttoken={}&redirect=null", &*started.auto_start_token)
}

#[track_caller]
fn check_hint(view: &OrderView, hint: &str) {
    assert_eq!(view.state, OrderState::Pending(hint.into()));
}

#[test]
fn a_person_scans_and_approves() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth());
    assert_eq!(stage.collect(&started), "outstandingTransaction");
    let anna = stage.phone("anna");
    check_hint(&anna.scan(&code(&started, 0)).unwrap(), "userSign");
    assert_eq!(stage.collect(&started), "userSign");
    assert_eq!(anna.approve(Way::SecurityCode).unwrap().state, OrderState::Complete);
    assert_eq!(stage.collect(&started), "Anna Testberg");
    assert_eq!(stage.collect(&started), "no such order");
}

#[test]
fn a_person_opens_the_link_and_cancels() {
    let stage = Stage::new();
    let started = stage.start(&Request::new(Operation::Sign));
    let erik = stage.phone("erik");
    check_hint(&erik.open(&link(&started)).unwrap(), "userSign");
    assert_eq!(erik.cancel().unwrap().state, OrderState::Failed("userCancel".into()));
    assert_eq!(stage.collect(&started), "failed/userCancel");
}

#[test]
fn a_code_is_good_for_five_seconds_around_its_time() {
    for (age, frame, good) in [
        (0, 0, true),
        (5, 0, true),
        (6, 0, false),
        (0, 5, true),
        (0, 6, false),
        (20, 15, true),
        (20, 25, true),
        (29, 29, true),
        (29, 24, true),
    ] {
        let stage = Stage::new();
        let started = stage.start(&Request::auth());
        stage.pass(age);
        let scanned = stage.phone("anna").scan(&code(&started, frame));
        assert_eq!(scanned.is_ok(), good, "frame {frame} at {age} s");
    }
}

#[test]
fn a_bad_code_is_refused_with_what_is_wrong_and_changes_nothing() {
    let stage = Stage::new();
    let (started, other) = (stage.start(&Request::auth()), stage.start(&Request::auth()));
    stage.pass(7);
    let anna = stage.phone("anna");
    let refused = |text: &str| anna.scan(text).unwrap_err();
    assert_eq!(refused(&code(&started, 0)).to_string(), "stale: frame 0, the order is 7 s old");
    assert_eq!(refused(&code(&started, 13)).to_string(), "early: frame 13, the order is 7 s old");
    // The code of one order with the secret of another.
    let token = Token::try_from(&*started.qr_start_token).unwrap();
    let forged = qr::frame(token, (&*other.qr_start_secret).into(), 7).to_string();
    assert_eq!(refused(&forged), PhoneRefusal::Qr(Fault::WrongAuthCode { frame: 7 }));
    // Tokens of other kinds lead nowhere.
    let token = Token::try_from(&*started.auto_start_token).unwrap();
    let confused = qr::frame(token, (&*started.qr_start_secret).into(), 7).to_string();
    assert_eq!(refused(&confused), PhoneRefusal::NoSuchOrder);
    assert_eq!(refused(&link(&started)).code(), "notABankIdCode");
    assert_eq!(refused("").code(), "notABankIdCode");
    assert_eq!(stage.collect(&started), "outstandingTransaction");
}

#[test]
fn codes_end_with_the_start_limit_of_every_order() {
    let stage = Stage::new();
    // By number there is no start limit, but the code has an end all the same.
    let started = stage.start(&Request::auth().v5().number(TOLVAN));
    stage.pass(31);
    let tolvan = stage.phone("tolvan");
    let refusal = tolvan.scan(&code(&started, 31)).unwrap_err();
    assert_eq!(refusal, PhoneRefusal::PastStartLimit { frame: 31 });
    check_hint(&tolvan.open_pending().unwrap(), "userSign");
}

#[test]
fn a_bad_link_is_refused_with_what_is_wrong() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth());
    let anna = stage.phone("anna");
    let refused = |text: &str| anna.open(text).unwrap_err();
    assert_eq!(refused(&code(&started, 0)), PhoneRefusal::Link(LinkFault::QrText));
    assert_eq!(refused("https://example.com/"), PhoneRefusal::Link(LinkFault::Start));
    let foreign = link(&started).replace(&*started.auto_start_token, &started.qr_start_token);
    assert_eq!(refused(&foreign), PhoneRefusal::NoSuchOrder);
    assert_eq!(stage.collect(&started), "outstandingTransaction");
}

#[test]
fn an_order_that_is_late_is_over() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth());
    stage.pass(30);
    let refusal = stage.phone("anna").open(&link(&started)).unwrap_err();
    let outcome = OrderState::Failed("startFailed".into());
    assert_eq!(refusal, PhoneRefusal::Over { outcome: outcome.clone() });
    assert_eq!(refusal.outcome(), Some(&outcome));
    assert_eq!(refusal.to_string(), "the order is over: failed/startFailed");
    // Also once it has been collected.
    assert_eq!(stage.collect(&started), "failed/startFailed");
    assert_eq!(stage.phone("anna").open(&link(&started)).unwrap_err(), refusal);
}

#[test]
fn the_app_asks_for_a_document_first() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth().requiring("mrtd", json!(true)));
    let anna = stage.phone("anna");
    check_hint(&anna.open(&link(&started)).unwrap(), "userMrtd");
    let waits = PhoneRefusal::NotNow { hint: "userMrtd".into() };
    assert_eq!(anna.approve(Way::SecurityCode).unwrap_err(), waits);
    assert_eq!(anna.confirm_call().unwrap_err(), waits);
    check_hint(&anna.read_document().unwrap(), "userSign");
    anna.approve(Way::SecurityCode).unwrap();
    let Some(Collected::Complete(facts)) = stage.lane().collect(&started.order_ref, Rp::PLAIN)
    else {
        panic!("not complete")
    };
    assert_eq!(facts.mrtd, Some(true));
}

#[test]
fn a_required_code_rules_out_biometrics() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth().requiring("pinCode", json!(true)));
    let anna = stage.phone("anna");
    anna.open(&link(&started)).unwrap();
    assert_eq!(anna.approve(Way::Biometrics).unwrap_err(), PhoneRefusal::CodeRequired);
    assert_eq!(stage.collect(&started), "userSign");
    anna.approve(Way::SecurityCode).unwrap();
    // Without the requirement both will do; in v5.1 signing demands the code unless said otherwise.
    let started = stage.start(&Request::auth());
    anna.open(&link(&started)).unwrap();
    anna.approve(Way::Biometrics).unwrap();
    let started = stage.start(&Request::new(Operation::Sign).v5());
    anna.open(&link(&started)).unwrap();
    assert_eq!(anna.approve(Way::Biometrics).unwrap_err(), PhoneRefusal::CodeRequired);
}

#[test]
fn orders_for_others_stay_as_they_were() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth().number(TOLVAN));
    let refusal = stage.phone("anna").scan(&code(&started, 0)).unwrap_err();
    assert_eq!(refusal, PhoneRefusal::OtherPerson);
    assert_eq!(stage.collect(&started), "outstandingTransaction");
    stage.phone("tolvan").scan(&code(&started, 0)).unwrap();
    assert_eq!(stage.collect(&started), "userSign");
}

#[test]
fn the_bank_id_of_a_phone_must_be_allowed() {
    let allowed = |policies: &[&str]| {
        let stage = Stage::new();
        let started =
            stage.start(&Request::auth().requiring("certificatePolicies", json!(policies)));
        match stage.phone("anna").open(&link(&started)) {
            Ok(_) => true,
            Err(refusal) => {
                assert_eq!(refusal, PhoneRefusal::NoMobileBankId);
                assert_eq!(stage.collect(&started), "outstandingTransaction");
                false
            }
        }
    };
    assert!(allowed(&["1.2.3.4.25"]));
    assert!(allowed(&["1.2.752.78.1.5"]));
    assert!(allowed(&["1.2.752.78.*"]));
    assert!(allowed(&["1.2.3.4.10", "1.2.3.4.25"]));
    assert!(!allowed(&["1.2.3.4.5"]));
    assert!(!allowed(&["1.2.752.78.1.2", "1.2.3.4.10"]));
}

#[test]
fn phone_orders_ask_about_the_call() {
    let stage = Stage::new();
    let tolvan = stage.phone("tolvan");
    let request = Request::new(Operation::PhoneSign).number(TOLVAN);
    let started = stage.start(&request);
    stage.pass(100);
    assert_eq!(stage.collect(&started), "outstandingTransaction");
    assert_eq!(stage.phone("anna").open_pending().unwrap_err(), PhoneRefusal::NothingWaits);
    check_hint(&tolvan.open_pending().unwrap(), "userCallConfirm");
    assert_eq!(
        tolvan.approve(Way::SecurityCode).unwrap_err().to_string(),
        "the app waits for something else: userCallConfirm",
    );
    check_hint(&tolvan.confirm_call().unwrap(), "userSign");
    tolvan.approve(Way::SecurityCode).unwrap();
    assert_eq!(stage.collect(&started), "Tolvan Tolvansson");
    let started = stage.start(&request);
    tolvan.open_pending().unwrap();
    tolvan.decline_call().unwrap();
    assert_eq!(stage.collect(&started), "failed/userDeclinedCall");
}

#[test]
fn opening_the_app_finds_only_what_starts_by_number() {
    let stage = Stage::new();
    stage.start(&Request::auth().number(TOLVAN));
    assert_eq!(stage.phone("tolvan").open_pending().unwrap_err(), PhoneRefusal::NothingWaits);
    let anna = stage.phone("anna");
    let number = anna.persona().personal_number.as_u64();
    let started = stage.start(&Request::new(Operation::OtherPayment).number(number));
    check_hint(&anna.open_pending().unwrap(), "userSign");
    assert_eq!(anna.open_pending().unwrap_err(), PhoneRefusal::Taken);
    anna.approve(Way::Biometrics).unwrap();
    assert_eq!(stage.collect(&started), "Anna Testberg");
    assert_eq!(anna.open_pending().unwrap_err(), PhoneRefusal::NothingWaits);
}

#[test]
fn an_order_is_taken_out_of_its_scenario_once() {
    let stage = Stage::following("outstandingTransaction, userFace x3 9s, userCancel");
    let started = stage.start(&Request::auth());
    assert_eq!(
        (stage.collect(&started), stage.collect(&started)),
        ("outstandingTransaction".into(), "userFace".into())
    );
    let view = stage.phone("anna").scan(&code(&started, 0)).unwrap();
    assert_eq!(view.rule, Rule::Phone);
    assert_eq!(stage.phone("erik").scan(&code(&started, 0)).unwrap_err(), PhoneRefusal::Taken);
    assert_eq!(stage.phone("anna").scan(&code(&started, 0)).unwrap_err(), PhoneRefusal::Taken);
    stage.pass(100);
    assert_eq!(stage.collect(&started), "userSign");
    stage.pass(80);
    assert_eq!(stage.collect(&started), "failed/expiredTransaction");
    assert_eq!(
        stage.phone("anna").approve(Way::SecurityCode).unwrap_err().outcome(),
        Some(&OrderState::Failed("expiredTransaction".into())),
    );
}

#[test]
fn of_two_who_act_the_first_wins_and_the_second_learns_the_outcome() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth());
    let (anna, again) = (stage.phone("anna"), stage.phone("anna"));
    anna.scan(&code(&started, 0)).unwrap();
    anna.approve(Way::SecurityCode).unwrap();
    let complete = PhoneRefusal::Over { outcome: OrderState::Complete };
    assert_eq!(again.cancel().unwrap_err(), complete);
    assert_eq!(stage.collect(&started), "Anna Testberg");
    assert_eq!(again.cancel().unwrap_err(), complete);
}

#[test]
fn of_many_threads_one_wins() {
    let stage = Stage::new();
    for _ in 0..50 {
        let started = stage.start(&Request::auth());
        let text = code(&started, 0);
        let barrier = std::sync::Barrier::new(4);
        let scans = std::thread::scope(|scope| {
            let scan = |who: &str| {
                let phone = stage.phone(who);
                let (text, barrier) = (&text, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    phone.scan(text).is_ok()
                })
            };
            let threads = ["anna", "erik", "maria", "lars"].map(scan);
            threads.map(|thread| thread.join().unwrap())
        });
        assert_eq!(scans.into_iter().filter(|won| *won).count(), 1);
    }
}

#[test]
fn the_relying_party_takes_an_order_away() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth());
    let anna = stage.phone("anna");
    anna.scan(&code(&started, 0)).unwrap();
    assert!(stage.lane().cancel(&started.order_ref, Rp::PLAIN));
    assert_eq!(anna.approve(Way::SecurityCode).unwrap_err(), PhoneRefusal::Withdrawn);
    assert_eq!(stage.phone("erik").open(&link(&started)).unwrap_err(), PhoneRefusal::Withdrawn);
}

#[test]
fn an_app_has_one_order_at_a_time() {
    let stage = Stage::new();
    let (first, second) =
        (stage.start(&Request::auth()), stage.start(&Request::new(Operation::Sign)));
    let (anna, erik) = (stage.phone("anna"), stage.phone("erik"));
    anna.scan(&code(&first, 0)).unwrap();
    // Somebody else's app does not matter.
    let third = stage.start(&Request::auth());
    erik.scan(&code(&third, 0)).unwrap();
    anna.scan(&code(&second, 0)).unwrap();
    assert_eq!(stage.collect(&first), "failed/cancelled");
    assert_eq!(stage.collect(&second), "userSign");
    assert_eq!(stage.collect(&third), "userSign");
    // What is finished stays finished.
    anna.approve(Way::SecurityCode).unwrap();
    anna.scan(&code(&stage.start(&Request::auth()), 0)).unwrap();
    assert_eq!(stage.collect(&second), "Anna Testberg");
}

#[test]
fn a_scan_that_is_refused_cancels_nothing() {
    let stage = Stage::new();
    let (first, second) =
        (stage.start(&Request::auth()), stage.start(&Request::auth().number(TOLVAN)));
    let anna = stage.phone("anna");
    anna.scan(&code(&first, 0)).unwrap();
    anna.scan(&code(&second, 0)).unwrap_err();
    assert_eq!(stage.collect(&first), "userSign");
}

#[test]
fn there_may_be_nothing_in_the_app() {
    let stage = Stage::new();
    let anna = stage.phone("anna");
    assert!(anna.order().is_none());
    assert_eq!(anna.approve(Way::SecurityCode).unwrap_err(), PhoneRefusal::NothingInApp);
    let started = stage.start(&Request::auth());
    anna.open(&link(&started)).unwrap();
    assert_eq!(anna.order().unwrap().number, 1);
    stage.lane().reset();
    assert_eq!(anna.cancel().unwrap_err(), PhoneRefusal::NothingInApp);
    assert_eq!(anna.open(&link(&started)).unwrap_err(), PhoneRefusal::NoSuchOrder);
}

#[test]
fn an_order_in_an_app_still_collides_by_its_number() {
    let stage = Stage::new();
    let request = Request::auth().number(TOLVAN);
    let started = stage.start(&request);
    let tolvan = stage.phone("tolvan");
    tolvan.scan(&code(&started, 0)).unwrap();
    let refused = request.checked(|checked| stage.lane().start(checked, Rp::PLAIN)).unwrap_err();
    assert!(matches!(refused, StartRefused::AlreadyInProgress));
    assert_eq!(
        tolvan.approve(Way::SecurityCode).unwrap_err().outcome(),
        Some(&OrderState::Failed("cancelled".into())),
    );
    // Picked up by somebody in particular is not made for somebody in particular (5.1).
    let anna = stage.phone("anna");
    anna.scan(&code(&stage.start(&Request::auth()), 0)).unwrap();
    stage.start(&Request::auth().number(anna.persona().personal_number.as_u64()));
    check_hint(&anna.order().unwrap(), "userSign");
}

#[test]
fn what_was_done_is_remembered_with_its_times() {
    let stage = Stage::new();
    let started = stage.start(&Request::auth().requiring("mrtd", json!(true)));
    let anna = stage.phone("anna");
    stage.pass(2);
    anna.scan(&code(&started, 2)).unwrap();
    stage.pass(3);
    anna.read_document().unwrap();
    stage.pass(4);
    anna.approve(Way::SecurityCode).unwrap();
    stage.collect(&started);
    let view = stage.lane().view_of(&started.order_ref).unwrap();
    let steps: Vec<_> = view
        .steps
        .iter()
        .map(|step| {
            let age = step.at.unwrap().millis_since(view.created);
            (&*step.what, age, step.cause)
        })
        .collect();
    assert_eq!(
        steps,
        [
            ("outstandingTransaction until somebody acts", 0, Cause::Scenario(Rule::Config)),
            ("picked up", 2_000, Cause::Phone),
            ("identity document read", 5_000, Cause::Phone),
            ("approved: complete", 9_000, Cause::Phone),
            ("the final answer was handed out", 9_000, Cause::RelyingParty),
        ],
    );
    assert_eq!(view.person, Some(anna.persona().personal_number));
}

#[test]
fn debug_shows_nobody() {
    let stage = Stage::new();
    let shown = format!("{:?}", stage.phone("tolvan"));
    assert!(!shown.contains("Tolvan") && !shown.contains("1212"), "{shown}");
}
