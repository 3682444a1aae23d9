//! Rounds, and what to read from them.
//!
//! The machine is shared, so a single figure means little: servers take turns within a run, every round of one server
//! is compared with the round of the other beside it, and the medians are what is printed.

use std::time::Duration;

/// What one server did in one round.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) elapsed: Duration,
    /// Time the server process spent on the processor, user and system.
    pub(crate) server_cpu: Duration,
    /// The same of this process, the load client.
    pub(crate) client_cpu: Duration,
    /// How long each answer took, sorted.
    latencies: Vec<Duration>,
}

impl Round {
    pub(crate) fn new(
        elapsed: Duration,
        server_cpu: Duration,
        client_cpu: Duration,
        mut latencies: Vec<Duration>,
    ) -> Self {
        latencies.sort_unstable();
        Self { elapsed, server_cpu, client_cpu, latencies }
    }

    fn requests(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn requests_per_second(&self) -> f64 {
        self.requests() / self.elapsed.as_secs_f64()
    }

    /// Server processor time for one request, in microseconds.
    pub(crate) fn cpu_us(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / self.requests()
    }

    /// The same of the load client.
    pub(crate) fn client_cpu_us(&self) -> f64 {
        self.client_cpu.as_secs_f64() * 1e6 / self.requests()
    }

    /// The latency that half of the requests stayed under, in microseconds.
    pub(crate) fn p50_us(&self) -> f64 {
        self.percentile_us(50)
    }

    /// The latency that 99 of a hundred requests stayed under, in microseconds.
    pub(crate) fn p99_us(&self) -> f64 {
        self.percentile_us(99)
    }

    fn percentile_us(&self, percent: usize) -> f64 {
        let latency = self.latencies.get(self.latencies.len() * percent / 100);
        latency.map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e6)
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
