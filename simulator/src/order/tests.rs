use proptest::prelude::*;

use super::{Event, Life, ORDER_LIMIT_MS, Order, Phase, Status, Terms, step};
use crate::scenario::{Scenarios, Timeline};

/// An order with a scenario, and what it is asked.
struct Run {
    timeline: Timeline,
    by_number: bool,
    call: bool,
    document: bool,
    life: Life,
}

impl Run {
    fn new(timeline: &str) -> Self {
        let timeline: Timeline = timeline.parse().unwrap();
        let life = Life::new(&timeline);
        Self { timeline, by_number: false, call: false, document: false, life }
    }

    fn waiting() -> Self {
        let timeline = Scenarios::built_in().find("phone").unwrap().timeline(false).clone();
        let life = Life::new(&timeline);
        Self { timeline, by_number: false, call: false, document: false, life }
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            timeline: &self.timeline,
            starts_by_number: self.by_number,
            call: self.call,
            document: self.document,
        }
    }

    fn does(&mut self, event: Event, now: u32) -> Result<(), String> {
        match step(self.life, event, &self.terms(), now) {
            Ok(life) => {
                self.life = life;
                Ok(())
            }
            Err(life) => Err(words(life.status(&self.timeline))),
        }
    }

    /// What a collect is answered at this moment.
    fn collect(&mut self, now: u32) -> String {
        let seen = self.look(now);
        self.does(Event::Collect, now).unwrap();
        seen
    }

    fn look(&self, now: u32) -> String {
        let life = step(self.life, Event::Look, &self.terms(), now).unwrap();
        words(life.status(&self.timeline))
    }
}

fn words(status: Status<'_>) -> String {
    match status {
        Status::Pending(hint) => hint.to_string(),
        Status::Failed(hint) => format!("failed/{hint}"),
        Status::Complete => "complete".into(),
    }
}

/// Answers of collects at these moments.
#[track_caller]
fn check(timeline: &str, collects: &[(u32, &str)]) {
    let mut run = Run::new(timeline);
    for (now, expected) in collects {
        assert_eq!(run.collect(*now), *expected, "at {now} ms of {timeline}");
    }
}

#[test]
fn a_step_without_stay_lasts_one_collect() {
    check(
        "outstandingTransaction, started, userSign, complete",
        &[
            (0, "outstandingTransaction"),
            (0, "started"),
            (9, "userSign"),
            (9, "complete"),
            (9, "complete"),
        ],
    );
}

#[test]
fn a_count_lasts_so_many_collects() {
    check(
        "outstandingTransaction, userSign x3, userCancel",
        &[
            (0, "outstandingTransaction"),
            (5_000, "userSign"),
            (29_000, "userSign"),
            (100_000, "userSign"),
            (100_000, "failed/userCancel"),
        ],
    );
}

#[test]
fn a_time_lasts_without_any_collect() {
    let run = Run::new("outstandingTransaction 1s, started 500ms, userSign 2s, complete");
    for (now, expected) in [
        (0, "outstandingTransaction"),
        (999, "outstandingTransaction"),
        (1_000, "started"),
        (1_499, "started"),
        (1_500, "userSign"),
        (3_499, "userSign"),
        (3_500, "complete"),
        (100_000, "complete"),
    ] {
        assert_eq!(run.look(now), expected, "at {now} ms");
    }
    // The moment of completion is that of the timeline, not that of the collect which finds it.
    let life = step(run.life, Event::Look, &run.terms(), 100_000).unwrap();
    assert_eq!((life.phase(), life.since()), (Phase::ScriptCompleted, 3_500));
}

#[test]
fn of_count_and_time_the_later_ends_the_step() {
    // The time is the later one.
    check(
        "outstandingTransaction x2 1s, userSign x1 1s, complete",
        &[
            (0, "outstandingTransaction"),
            (1, "outstandingTransaction"),
            (999, "outstandingTransaction"),
            (1_000, "userSign"),
            (1_999, "userSign"),
            (2_000, "complete"),
        ],
    );
    // The collects are.
    check(
        "outstandingTransaction x3 1s, complete",
        &[
            (0, "outstandingTransaction"),
            (5_000, "outstandingTransaction"),
            (6_000, "outstandingTransaction"),
            (6_000, "complete"),
        ],
    );
}

#[test]
fn a_collect_counts_for_the_step_it_is_answered_with() {
    check(
        "outstandingTransaction 1s, userSign x2, complete",
        &[
            (0, "outstandingTransaction"),
            (900, "outstandingTransaction"),
            (1_000, "userSign"),
            (1_001, "userSign"),
            (1_002, "complete"),
        ],
    );
}

#[test]
fn a_timeline_of_its_end_alone_is_over_at_once() {
    check("complete", &[(0, "complete")]);
    check("userCancel", &[(0, "failed/userCancel")]);
}

#[test]
fn nobody_picks_up_within_the_start_limit() {
    check(
        "outstandingTransaction x9, noClient x9, complete",
        &[(29_999, "outstandingTransaction"), (30_000, "failed/startFailed")],
    );
    let mut by_number = Run::new("outstandingTransaction x9, noClient x9, complete");
    by_number.by_number = true;
    assert_eq!(by_number.collect(30_000), "outstandingTransaction");
    assert_eq!(by_number.collect(179_999), "outstandingTransaction");
    assert_eq!(by_number.collect(180_000), "failed/expiredTransaction");
    assert_eq!(by_number.life.phase(), Phase::NeverPickedUp);
}

#[test]
fn the_user_does_not_finish_in_time() {
    check(
        "outstandingTransaction 29999ms, userSign 24h, complete",
        &[(29_999, "userSign"), (179_999, "userSign"), (180_000, "failed/expiredTransaction")],
    );
}

#[test]
fn deadlines_win_at_the_same_moment() {
    check("outstandingTransaction 30s, userSign, complete", &[(30_000, "failed/startFailed")]);
    check("userSign 180s, complete", &[(180_000, "failed/expiredTransaction")]);
    check("userSign 179999ms, complete", &[(180_000, "complete")]);
    check("outstandingTransaction 24h, startFailed", &[(30_000, "failed/startFailed")]);
}

#[test]
fn a_failure_of_the_scenario_beats_a_later_deadline() {
    let run = Run::new("outstandingTransaction 10s, startFailed");
    let life = step(run.life, Event::Look, &run.terms(), 60_000).unwrap();
    assert_eq!((life.phase(), life.since()), (Phase::ScriptFailed, 10_000));
}

#[test]
fn an_order_once_picked_up_stays_so() {
    // Odd, but a timeline may say it: the first hint again after the app had the order.
    check(
        "userSign 1s, outstandingTransaction 2m, complete",
        &[
            (1_000, "outstandingTransaction"),
            (31_000, "outstandingTransaction"),
            (121_000, "complete"),
        ],
    );
}

#[test]
fn results_are_kept_for_the_documented_times() {
    let forgotten =
        |run: &Run, now| step(run.life, Event::Look, &run.terms(), now).unwrap().forgotten_at();
    // Complete: three minutes after completion.
    assert_eq!(forgotten(&Run::new("userSign 10s, complete"), 10_000), Some(190_000));
    // Failed: five minutes.
    assert_eq!(forgotten(&Run::new("userSign 10s, userCancel"), 10_000), Some(310_000));
    assert_eq!(forgotten(&Run::new("userSign 24h, userCancel"), 180_000), Some(480_000));
    // Never picked up: three minutes and ten seconds from creation.
    assert_eq!(forgotten(&Run::waiting(), 30_000), Some(190_000));
    let mut by_number = Run::waiting();
    by_number.by_number = true;
    assert_eq!(forgotten(&by_number, 180_000), Some(190_000));
    // Pending: not at all.
    assert_eq!(forgotten(&Run::waiting(), 29_999), None);
}

#[test]
fn a_person_approves() {
    let mut run = Run::waiting();
    assert_eq!(run.does(Event::Approve, 100), Err("outstandingTransaction".into()));
    run.does(Event::PickUp, 1_000).unwrap();
    assert_eq!(run.collect(1_000), "userSign");
    assert_eq!(run.does(Event::PickUp, 1_000), Err("userSign".into()));
    assert_eq!(run.does(Event::ReadDocument, 1_000), Err("userSign".into()));
    assert_eq!(run.does(Event::ConfirmCall, 1_000), Err("userSign".into()));
    run.does(Event::Approve, 2_000).unwrap();
    assert_eq!(run.collect(2_000), "complete");
    assert_eq!(run.life.since(), 2_000);
}

#[test]
fn a_phone_order_with_a_document_asks_for_everything_in_turn() {
    let mut run = Run::waiting();
    (run.call, run.document, run.by_number) = (true, true, true);
    run.does(Event::PickUp, 0).unwrap();
    assert_eq!(run.look(0), "userCallConfirm");
    assert_eq!(run.does(Event::ReadDocument, 0), Err("userCallConfirm".into()));
    assert_eq!(run.does(Event::Approve, 0), Err("userCallConfirm".into()));
    run.does(Event::ConfirmCall, 0).unwrap();
    assert_eq!(run.look(0), "userMrtd");
    assert_eq!(run.does(Event::DeclineCall, 0), Err("userMrtd".into()));
    assert_eq!(run.does(Event::Approve, 0), Err("userMrtd".into()));
    run.does(Event::ReadDocument, 0).unwrap();
    run.does(Event::Approve, 0).unwrap();
    assert_eq!(run.look(0), "complete");
}

#[test]
fn a_person_declines_or_cancels() {
    let mut run = Run::waiting();
    run.call = true;
    run.does(Event::PickUp, 0).unwrap();
    run.does(Event::DeclineCall, 0).unwrap();
    assert_eq!(run.look(0), "failed/userDeclinedCall");
    let mut run = Run::waiting();
    assert_eq!(run.does(Event::Cancel, 0), Err("outstandingTransaction".into()));
    run.does(Event::PickUp, 0).unwrap();
    run.does(Event::Cancel, 0).unwrap();
    assert_eq!(run.look(0), "failed/userCancel");
    assert_eq!(run.does(Event::Approve, 0), Err("failed/userCancel".into()));
}

#[test]
fn the_phone_takes_an_order_out_of_its_scenario() {
    let mut run = Run::new("outstandingTransaction 1s, userFace 1s, userCancel");
    run.does(Event::PickUp, 1_500).unwrap();
    assert_eq!(run.look(100_000), "userSign");
    assert_eq!(run.look(180_000), "failed/expiredTransaction");
}

#[test]
fn picking_up_in_time_ends_the_start_limit() {
    let mut run = Run::waiting();
    run.does(Event::PickUp, 29_999).unwrap();
    assert_eq!(run.look(179_999), "userSign");
    let mut run = Run::waiting();
    assert_eq!(run.does(Event::PickUp, 30_000), Err("failed/startFailed".into()));
}

#[test]
fn another_order_cancels_a_pending_one_only() {
    let mut run = Run::new("userSign, complete");
    run.does(Event::Supersede, 5).unwrap();
    assert_eq!(run.look(5), "failed/cancelled");
    assert_eq!(run.does(Event::Supersede, 6), Err("failed/cancelled".into()));
}

/// A million of these are held at once.
#[test]
fn an_order_is_small() {
    assert_eq!(size_of::<Life>(), 8);
    assert_eq!(size_of::<Order>(), 80);
}

fn timelines() -> impl Strategy<Value = String> {
    let hint = prop::sample::select(vec![
        "outstandingTransaction",
        "noClient",
        "started",
        "userSign",
        "pending:new",
    ]);
    let stay = prop_oneof![
        Just(String::new()),
        (1..4_u16).prop_map(|n| format!(" x{n}")),
        (1..200_000_u32).prop_map(|ms| format!(" {ms}ms")),
        (1..4_u16, 1..200_000_u32).prop_map(|(n, ms)| format!(" x{n} {ms}ms")),
    ];
    let end = prop::sample::select(vec!["complete", "userCancel", "failed:new"]);
    (prop::collection::vec((hint, stay), 0..6), end).prop_map(|(steps, end)| {
        let steps: Vec<_> = steps.into_iter().map(|(hint, stay)| hint.to_owned() + &stay).collect();
        steps.into_iter().chain([end.to_owned()]).collect::<Vec<_>>().join(", ")
    })
}

fn events() -> impl Strategy<Value = Vec<(Event, u32)>> {
    let event = prop::sample::select(vec![
        Event::Look,
        Event::Collect,
        Event::Collect,
        Event::PickUp,
        Event::ConfirmCall,
        Event::DeclineCall,
        Event::ReadDocument,
        Event::Approve,
        Event::Cancel,
        Event::Supersede,
    ]);
    prop::collection::vec((event, 0..60_000_u32), 0..30)
}

proptest! {
    #[test]
    fn no_sequence_of_events_leaves_a_final_state(
        timeline in timelines(),
        events in events(),
        by_number: bool,
        call: bool,
        document: bool,
    ) {
        let mut run = Run::new(&timeline);
        (run.by_number, run.call, run.document) = (by_number, call, document);
        let mut now = 0;
        let mut over: Option<Life> = None;
        for (event, pause) in events {
            now += pause;
            // What is refused changes nothing but what time has changed anyway.
            match step(run.life, event, &run.terms(), now) {
                Ok(life) => run.life = life,
                Err(life) => prop_assert_eq!(Ok(life), step(run.life, Event::Look, &run.terms(), now)),
            }
            let life = step(run.life, Event::Look, &run.terms(), now).unwrap();
            if let Some(over) = over {
                prop_assert_eq!(life, over);
            } else if !life.is_pending() {
                over = Some(life);
            }
            prop_assert!(life.since() <= now);
            prop_assert!(now < ORDER_LIMIT_MS || !life.is_pending());
        }
    }

    /// Looking in between changes nothing: the state depends on the events alone.
    #[test]
    fn looking_is_harmless(timeline in timelines(), events in events(), looks in prop::collection::vec(0..60_000_u32, 30)) {
        let (mut seen, mut unseen) = (Run::new(&timeline), Run::new(&timeline));
        let mut now = 0;
        for ((event, pause), look) in events.into_iter().zip(looks) {
            seen.does(Event::Look, now + look.min(pause)).unwrap();
            now += pause;
            prop_assert_eq!(seen.does(event, now), unseen.does(event, now));
            prop_assert_eq!(seen.look(now), unseen.look(now));
        }
    }
}
