use super::*;

#[track_caller]
fn check(measured: f64, expected: f64) {
    assert!((measured - expected).abs() < 1e-9, "{measured} is not {expected}");
}

#[test]
fn medians_of_odd_and_even_counts() {
    check(median([3.0, 1.0, 2.0]), 2.0);
    check(median([4.0, 1.0, 2.0, 3.0]), 2.5);
    assert!(median([]).is_nan());
}

#[test]
fn a_round_counts_per_request() {
    let latencies = (1..=200).rev().map(Duration::from_micros).collect();
    let round = Round::new(latencies, Duration::from_millis(100), Duration::from_millis(4));
    assert_eq!(round.requests, 200);
    check(round.requests_per_second(), 2000.0);
    check(round.cpu_us(), 20.0);
    assert_eq!((round.p50, round.p99), (Duration::from_micros(101), Duration::from_micros(199)));
}

#[test]
fn ratios_are_taken_within_pairs() {
    let round = |ms| {
        Round::new(vec![Duration::ZERO; 10], Duration::from_millis(ms), Duration::from_millis(ms))
    };
    let (ours, theirs) = ([round(1), round(20), round(300)], [round(2), round(40), round(100)]);
    check(paired_ratio(&ours, &theirs, Round::cpu_us), 0.5);
}
