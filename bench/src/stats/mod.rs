//! Rounds, and what to read from them.
//!
//! The machine is shared, so a single figure means little: servers take turns within a run, every round of one server
//! is compared with the round of the other beside it, and the medians are what is printed.

use std::time::Duration;

/// What one server did in one round.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) requests: u32,
    pub(crate) elapsed: Duration,
    /// Time the server process spent on the processor, user and system.
    pub(crate) server_cpu: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Round {
    pub(crate) fn new(
        mut latencies: Vec<Duration>,
        elapsed: Duration,
        server_cpu: Duration,
    ) -> Self {
        latencies.sort_unstable();
        let requests = u32::try_from(latencies.len()).unwrap_or(u32::MAX);
        let at = |percent: usize| {
            latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default()
        };
        Self { requests, elapsed, server_cpu, p50: at(50), p99: at(99) }
    }

    pub(crate) fn requests_per_second(&self) -> f64 {
        f64::from(self.requests) / self.elapsed.as_secs_f64()
    }

    /// Server processor time for one request, in microseconds.
    pub(crate) fn cpu_us(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / f64::from(self.requests)
    }

    pub(crate) fn p50_us(&self) -> f64 {
        self.p50.as_secs_f64() * 1e6
    }

    pub(crate) fn p99_us(&self) -> f64 {
        self.p99.as_secs_f64() * 1e6
    }
}

/// A figure of a round.
pub(crate) type Figure = fn(&Round) -> f64;

/// The middle value; of an even number, the mean of the middle two.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN);
    f64::midpoint(lower, upper)
}

/// The median of a figure over rounds.
pub(crate) fn median_of(rounds: &[Round], figure: Figure) -> f64 {
    median(rounds.iter().map(figure))
}

/// The median of `ours / theirs` over rounds that ran beside each other.
pub(crate) fn paired_ratio(ours: &[Round], theirs: &[Round], figure: Figure) -> f64 {
    median(ours.iter().zip(theirs).map(|(ours, theirs)| figure(ours) / figure(theirs)))
}

#[cfg(test)]
mod tests;
