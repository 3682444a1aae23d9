use super::*;

#[test]
fn medians_of_odd_and_even_counts() {
    assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median([4.0, 1.0, 2.0, 3.0]), 2.5);
    assert!(median([]).is_nan());
}

#[test]
fn a_round_counts_per_request() {
    let latencies = (1..=200).rev().map(Duration::from_micros).collect();
    let round = Round::new(latencies, Duration::from_millis(100), Duration::from_millis(4));
    assert_eq!(round.requests, 200);
    assert_eq!(round.requests_per_second(), 2000.0);
    assert_eq!(round.cpu_us(), 20.0);
    assert_eq!((round.p50, round.p99), (Duration::from_micros(101), Duration::from_micros(199)));
}

#[test]
fn ratios_are_taken_within_pairs() {
    let round = |ms| Round::new(vec![Duration::ZERO; 10], Duration::from_millis(ms), Duration::from_millis(ms));
    let (ours, theirs) = ([round(1), round(20), round(300)], [round(2), round(40), round(100)]);
    assert_eq!(paired_ratio(&ours, &theirs, Round::cpu_us), 0.5);
}
