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

fn round(requests: u64, elapsed_ms: u64, cpu_ms: u64) -> Round {
    let latencies = (1..=requests).rev().map(Duration::from_micros).collect();
    let ms = Duration::from_millis;
    Round::new(ms(elapsed_ms), ms(cpu_ms), ms(2 * cpu_ms), latencies)
}

#[test]
fn a_round_counts_per_request() {
    let round = round(200, 100, 4);
    check(round.requests_per_second(), 2000.0);
    check(round.cpu_us(), 20.0);
    check(round.client_cpu_us(), 40.0);
    check(round.p50_us(), 101.0);
    check(round.p99_us(), 199.0);
}

#[test]
fn ratios_are_taken_within_pairs() {
    let ours = [round(10, 1, 1), round(10, 1, 20), round(10, 1, 300)];
    let theirs = [round(10, 1, 2), round(10, 1, 40), round(10, 1, 100)];
    check(paired_ratio(&ours, &theirs, Round::cpu_us), 0.5);
}
