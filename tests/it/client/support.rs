//! A simulator with a client for it.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bankid_client::{Client, Clock, Config, Endpoint, Identity};
use simulator::clock::Timestamp;
use simulator::simulator::{Builder, LaneClock};

use crate::support::{NOW, Sim};

/// Longer than any test.
const NO_DEADLINE: Duration = Duration::from_secs(86_400);

/// The client's time is its lane's, but for the time of day: certificates are made by the real one.
#[derive(Debug)]
pub(crate) struct LaneTime {
    lane: LaneClock,
    start_unix_ms: u64,
    /// When the client sleeps until.
    due: Mutex<BTreeSet<Timestamp>>,
}

impl LaneTime {
    /// What the future gives, while time passes to whatever is due next when nothing else happens.
    pub(crate) async fn passing<F: Future>(&self, future: F) -> F::Output {
        let pass = async {
            loop {
                // What is on its way gets as many turns as it needs.
                for _ in 0..300 {
                    tokio::task::yield_now().await;
                }
                let now = self.lane.now();
                let next = {
                    let mut due = self.due.lock().expect("no panic");
                    due.retain(|at| *at > now);
                    due.first().map(|at| Duration::from_millis(at.millis_since(now)))
                };
                // The simulator makes keys in threads of its own, which takes real time: no deadline ends that.
                if let Some(next) = next.filter(|next| *next < NO_DEADLINE / 2) {
                    self.lane.advance(next);
                }
            }
        };
        tokio::select! {
            biased;
            output = future => output,
            () = pass => unreachable!("time passes for ever"),
        }
    }
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
        let at = NOW.plus_millis(ms);
        self.due.lock().expect("no panic").insert(at);
        Box::pin(async move { clock.until(at).await })
    }
}

/// A simulator whose clock stands still, and a client that keeps to the same clock.
pub(crate) struct Pair {
    pub(crate) sim: Sim,
    pub(crate) client: Client,
    pub(crate) clock: Arc<LaneTime>,
}

impl Pair {
    /// Over mutual TLS, with this scenario.
    pub(crate) async fn scenario(scenario: &str) -> Self {
        Self::with(|builder| builder.scenario(scenario), |config| config).await
    }

    pub(crate) async fn with(
        set: impl FnOnce(Builder) -> Builder,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        let sim = Sim::with(|builder| set(builder.tls(true))).await;
        let identity = identity(&sim, 0);
        let clock = clock(&sim, &identity);
        let config = Config::new(endpoint(&sim), identity)
            .clock(Arc::<LaneTime>::clone(&clock))
            .connect_timeout(NO_DEADLINE)
            .request_timeout(NO_DEADLINE)
            .idle_timeout(NO_DEADLINE);
        let client = Client::new(configure(config)).expect("the settings hold");
        Self { sim, client, clock }
    }

    pub(crate) async fn stop(self) {
        drop(self.client);
        self.sim.stop().await;
    }
}

pub(crate) fn endpoint(sim: &Sim) -> Endpoint {
    let port = sim.inner().https().expect("the TLS port is on").port();
    let certificates = sim.inner().certificates().expect("the TLS port is on");
    Endpoint::custom(&format!("https://localhost:{port}"), certificates.ca_pem().as_bytes())
        .expect("an endpoint")
}

pub(crate) fn config(sim: &Sim, identity: Identity) -> Config {
    let clock = clock(sim, &identity);
    Config::new(endpoint(sim), identity).clock(clock)
}

fn clock(sim: &Sim, identity: &Identity) -> Arc<LaneTime> {
    let lane = sim.inner().default_lane().clock();
    let start = identity.not_before() + 86_400;
    let start_unix_ms = u64::try_from(start).expect("after 1970") * 1_000;
    Arc::new(LaneTime { lane, start_unix_ms, due: Mutex::default() })
}

/// One of the RP certificates that the simulator made.
pub(crate) fn identity(sim: &Sim, index: usize) -> Identity {
    let certificates = sim.inner().certificates().expect("the TLS port is on");
    let party = &certificates.relying_parties()[index];
    let pem = [party.certificate_pem(), party.key_pem()].concat();
    Identity::from_pem(pem.as_bytes(), None).expect("the simulator's certificates are read")
}
