//! What a stretch of load costs: real time, and processor time at both ends.

use std::time::Duration;

use crate::Result;
use crate::server::{self, Server};
use crate::stats::Round;
use crate::stopwatch::Stopwatch;

/// A running measurement.
#[derive(Debug)]
pub(crate) struct Meter<'a> {
    server: &'a Server,
    server_cpu: Duration,
    client_cpu: Duration,
    watch: Stopwatch,
}

impl<'a> Meter<'a> {
    pub(crate) fn start(server: &'a Server) -> Result<Self> {
        let (server_cpu, client_cpu) = (server.cpu()?, server::cpu(OURSELVES)?);
        Ok(Self { server, server_cpu, client_cpu, watch: Stopwatch::start() })
    }

    /// The round that was measured; `collect` hands in its latencies after the readings.
    pub(crate) fn stop(self, collect: impl FnOnce() -> Result<Vec<Duration>>) -> Result<Round> {
        let elapsed = self.watch.elapsed();
        let server_cpu = self.server.cpu()?.saturating_sub(self.server_cpu);
        let client_cpu = server::cpu(OURSELVES)?.saturating_sub(self.client_cpu);
        Ok(Round::new(elapsed, server_cpu, client_cpu, collect()?))
    }
}

/// This process, to `/proc`.
const OURSELVES: &str = "self";
