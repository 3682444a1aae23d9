//! A simulator with a client for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Client, Clock, Config, Endpoint, Identity};
use simulator::clock::Timestamp;
use simulator::simulator::{Builder, LaneClock};

use crate::support::{NOW, Sim};

/// The client's time is its lane's, but for the time of day: certificates are made by the real one.
#[derive(Debug)]
struct LaneTime {
    lane: LaneClock,
    start_unix_ms: u64,
}

impl Clock for LaneTime {
    fn now(&self) -> Duration {
        Duration::from_millis(self.lane.now().millis_since(NOW))
    }

    fn unix_ms(&self) -> u64 {
        self.start_unix_ms + self.lane.now().millis_since(NOW)
    }

    fn sleep_until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.lane.clone();
        let ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        // A clock of milliseconds must not wake before the moment.
        let ms = if Duration::from_millis(ms) < at { ms.saturating_add(1) } else { ms };
        let at: Timestamp = NOW.plus_millis(ms);
        Box::pin(async move { clock.until(at).await })
    }
}

/// A simulator whose clock stands still, and a client that keeps to the same clock.
pub(super) struct Pair {
    pub(super) sim: Sim,
    pub(super) client: Client,
}

impl Pair {
    /// Over mutual TLS, with this scenario.
    pub(super) async fn scenario(scenario: &str) -> Self {
        Self::with(|builder| builder.scenario(scenario), |config| config).await
    }

    pub(super) async fn with(
        set: impl FnOnce(Builder) -> Builder,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        let sim = Sim::with(|builder| set(builder.tls(true))).await;
        let config = configure(config(&sim, identity(&sim, 0)));
        let client = Client::new(config).expect("the settings hold");
        Self { sim, client }
    }

    pub(super) async fn stop(self) {
        drop(self.client);
        self.sim.stop().await;
    }
}

pub(super) fn endpoint(sim: &Sim) -> Endpoint {
    let port = sim.inner().https().expect("the TLS port is on").port();
    let certificates = sim.inner().certificates().expect("the TLS port is on");
    Endpoint::custom(&format!("https://localhost:{port}"), certificates.ca_pem().as_bytes())
        .expect("an endpoint")
}

pub(super) fn config(sim: &Sim, identity: Identity) -> Config {
    let lane = sim.inner().default_lane().clock();
    let start = identity.not_before() + 86_400;
    let start_unix_ms = u64::try_from(start).expect("after 1970") * 1_000;
    Config::new(endpoint(sim), identity).clock(Arc::new(LaneTime { lane, start_unix_ms }))
}

/// One of the RP certificates that the simulator made.
pub(super) fn identity(sim: &Sim, index: usize) -> Identity {
    let certificates = sim.inner().certificates().expect("the TLS port is on");
    let party = &certificates.relying_parties()[index];
    let pem = [party.certificate_pem(), party.key_pem()].concat();
    Identity::from_pem(pem.as_bytes(), None).expect("the simulator's certificates are read")
}
