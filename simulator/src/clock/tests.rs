//! A lane's time: it stands, runs, is turned forward, wakes those who wait, and never goes back.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use proptest::prelude::*;

use super::{BadSpeed, Clock, ClockMode, Speed, Timestamp, real_time};

const START: Timestamp = Timestamp::from_unix_ms(1_700_000_000_000);

fn frozen() -> Clock {
    Clock::new(ClockMode::Frozen(START))
}

fn speed(speed: f64) -> Speed {
    Speed::try_from(speed).unwrap()
}

#[test]
fn a_frozen_clock_stands_still() {
    let clock = frozen();
    assert_eq!((clock.now(), clock.speed()), (START, None));
    assert_eq!(clock.freeze(), START);
    assert_eq!(clock.now(), START);
}

#[test]
fn a_frozen_clock_is_turned_forward_exactly() {
    let clock = frozen();
    for (by, expected) in [(0, 0), (1, 1), (29_999, 30_000), (180_000, 210_000)] {
        assert_eq!(clock.advance(Duration::from_millis(by)), START.plus_millis(expected));
        assert_eq!(clock.now(), START.plus_millis(expected));
        assert_eq!(clock.speed(), None, "it still stands");
    }
    // Parts of a millisecond are not lost.
    clock.advance(Duration::from_micros(600));
    assert_eq!(clock.advance(Duration::from_micros(600)), START.plus_millis(210_001));
}

#[test]
fn no_turn_is_too_large() {
    let clock = frozen();
    let end = clock.advance(Duration::MAX);
    assert_eq!(clock.advance(Duration::MAX), end);
    assert_eq!((clock.now(), end), (end, Timestamp::from_unix_ms(u64::MAX)));
    assert_eq!(clock.run(speed(Speed::MAX)), end);
    assert_eq!(clock.now(), end);
}

/// Real time as seen around a reading of the clock.
#[track_caller]
fn check_real(clock: &Clock, ahead_ms: u64) {
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap() + ahead_ms;
    let before = ms(real_time());
    let read = clock.now().unix_ms();
    let after = ms(real_time());
    assert!((before..=after).contains(&read), "{before} {read} {after}");
}

#[test]
fn a_real_clock_follows_real_time() {
    let clock = Clock::new(ClockMode::Real);
    assert_eq!(clock.speed(), Some(1.0));
    check_real(&clock, 0);
    clock.advance(Duration::from_secs(3600));
    assert_eq!(clock.speed(), Some(1.0), "it goes on");
    check_real(&clock, 3_600_000);
}

#[test]
fn a_clock_stops_and_goes_on_from_where_it_stood() {
    let clock = Clock::new(ClockMode::Real);
    let stopped = clock.freeze();
    assert_eq!((clock.now(), clock.speed()), (stopped, None));
    clock.advance(Duration::from_secs(5));
    assert_eq!(clock.run(speed(1.0)), stopped.plus_millis(5000));
    assert!(clock.now() >= stopped.plus_millis(5000));
}

/// How far a line has come after so much real time; no test waits for it.
#[track_caller]
fn check_line(at_speed: f64, real_ms: u64, expected_ms: u64) {
    let mut hands = super::Hands::new(ClockMode::Frozen(START));
    hands.speed = Some(speed(at_speed));
    let turned = hands.at(hands.real + Duration::from_millis(real_ms));
    assert_eq!(turned, Duration::from_millis(START.unix_ms() + expected_ms));
}

#[test]
fn a_clock_runs_at_its_speed() {
    check_line(1.0, 0, 0);
    check_line(1.0, 1234, 1234);
    check_line(60.0, 1000, 60_000);
    check_line(0.5, 1000, 500);
    check_line(Speed::MAX, 1000, 100_000_000);
    check_line(Speed::MAX, 1_000_000_000, 100_000_000_000_000);
}

#[test]
fn real_time_that_went_back_does_not_move_it() {
    let mut hands = super::Hands::new(ClockMode::Frozen(START));
    hands.speed = Some(speed(2.0));
    assert_eq!(hands.at(hands.real.saturating_sub(Duration::from_secs(9))), hands.lane);
}

#[test]
fn speeds_have_bounds() {
    for refused in [0.0, -0.0, -1.0, 100_000.1, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(Speed::try_from(refused), Err(BadSpeed), "{refused}");
    }
    for taken in [f64::MIN_POSITIVE, 0.001, 1.0, 60.0, 100_000.0] {
        assert!(Speed::try_from(taken).is_ok(), "{taken}");
    }
}

#[test]
fn reset_puts_it_back() {
    let clock = frozen();
    clock.advance(Duration::from_secs(100));
    clock.run(speed(10.0));
    clock.reset();
    assert_eq!((clock.now(), clock.speed()), (START, None));
    let real = Clock::new(ClockMode::Real);
    real.advance(Duration::from_secs(3600));
    real.freeze();
    real.reset();
    assert_eq!(real.speed(), Some(1.0));
    check_real(&real, 0);
}

#[test]
fn moments_are_compared_without_overflow() {
    let later = START.plus_millis(5);
    assert_eq!((later.millis_since(START), START.millis_since(later)), (5, 0));
    assert_eq!(START.plus_millis(u64::MAX).unix_ms(), u64::MAX);
    assert_eq!(START.to_string(), "1700000000000");
}

#[derive(Clone, Debug)]
enum Turn {
    Advance(u64),
    Freeze,
    Run(f64),
}

proptest! {
    #[test]
    fn time_never_goes_back(
        real: bool,
        turns in proptest::collection::vec(
            prop_oneof![
                (0..10_000_000_u64).prop_map(Turn::Advance),
                Just(Turn::Freeze),
                (0.001..=Speed::MAX).prop_map(Turn::Run),
            ],
            1..40,
        ),
    ) {
        let clock = Clock::new(if real { ClockMode::Real } else { ClockMode::Frozen(START) });
        let mut last = clock.now();
        for turn in turns {
            let told = match turn {
                Turn::Advance(ms) => clock.advance(Duration::from_millis(ms)),
                Turn::Freeze => clock.freeze(),
                Turn::Run(at) => clock.run(speed(at)),
            };
            let read = clock.now();
            prop_assert!(last <= told && told <= read, "{} {} {}", last, told, read);
            if let Turn::Advance(ms) = turn {
                prop_assert!(told.millis_since(last) >= ms);
            }
            last = read;
        }
    }
}

/// Polls a future once, with nobody to wake.
fn poll_once(future: std::pin::Pin<&mut impl Future<Output = ()>>) -> Poll<()> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn waiting_for_what_is_past_ends_at_once() {
    let clock = frozen();
    for moment in [Timestamp::from_unix_ms(0), START] {
        assert_eq!(poll_once(pin!(clock.until(moment))), Poll::Ready(()));
    }
}

#[test]
fn who_waits_on_a_frozen_clock_is_woken_when_it_is_turned() {
    let clock = frozen();
    let mut waiting = pin!(clock.until(START.plus_millis(1000)));
    assert_eq!(poll_once(waiting.as_mut()), Poll::Pending);
    clock.advance(Duration::from_millis(999));
    assert_eq!(poll_once(waiting.as_mut()), Poll::Pending, "a millisecond too early");
    clock.freeze();
    assert_eq!(poll_once(waiting.as_mut()), Poll::Pending);
    clock.advance(Duration::from_millis(1));
    assert_eq!(poll_once(waiting.as_mut()), Poll::Ready(()));
}

/// A waker that remembers that it was used.
#[derive(Default)]
struct Flag(AtomicBool);

impl std::task::Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn every_change_of_the_clock_wakes_everybody() {
    let changes: [fn(&Clock) -> Timestamp; 4] = [
        |clock| clock.advance(Duration::from_secs(5)),
        Clock::freeze,
        |clock| clock.run(speed(2.0)),
        |clock| {
            clock.reset();
            clock.now()
        },
    ];
    for change in changes {
        for mode in [ClockMode::Real, ClockMode::Frozen(START)] {
            let clock = Clock::new(mode);
            let moment = clock.now().plus_millis(3_600_000);
            let flags = [(); 2].map(|()| Arc::new(Flag::default()));
            let wakers = flags.clone().map(Waker::from);
            let (mut one, mut two) = (pin!(clock.until(moment)), pin!(clock.until(moment)));
            assert!(one.as_mut().poll(&mut Context::from_waker(&wakers[0])).is_pending());
            assert!(two.as_mut().poll(&mut Context::from_waker(&wakers[1])).is_pending());
            change(&clock);
            assert!(flags.iter().all(|flag| flag.0.load(Ordering::Relaxed)));
        }
    }
}

/// A change between the reading of the clock and the wait for one must not be missed: two threads, no order between them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_turn_is_missed() {
    for _ in 0..500 {
        let clock = Arc::new(frozen());
        let waiting = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.until(START.plus_millis(10)).await }
        });
        for _ in 0..10 {
            clock.advance(Duration::from_millis(1));
        }
        tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn who_waits_on_a_running_clock_is_woken_by_its_time() {
    let clock = frozen();
    clock.run(speed(Speed::MAX));
    let moment = clock.now().plus_millis(50_000);
    clock.until(moment).await;
    assert!(clock.now() >= moment);
}

#[tokio::test]
async fn who_waits_on_a_slow_clock_is_woken_when_it_is_made_fast() {
    let clock = Arc::new(frozen());
    clock.run(speed(0.001));
    let moment = clock.now().plus_millis(50_000);
    let mut waiting = pin!(clock.until(moment));
    assert_eq!(poll_once(waiting.as_mut()), Poll::Pending);
    clock.run(speed(Speed::MAX));
    waiting.await;
    assert!(clock.now() >= moment);
}

/// At its highest speed, a clock that is stopped shows the smallest disagreement between threads as milliseconds.
#[test]
fn many_threads_read_one_time() {
    for mode in [ClockMode::Real, ClockMode::Frozen(START)] {
        for _ in 0..20 {
            let clock = Clock::new(mode);
            std::thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        let mut last = clock.now();
                        for _ in 0..20_000 {
                            let now = clock.now();
                            assert!(last <= now, "{last} {now}");
                            last = now;
                        }
                    });
                }
                for _ in 0..5_000 {
                    clock.freeze();
                    clock.run(speed(Speed::MAX));
                }
            });
        }
    }
}
