//! Full handshakes with client certificates, beside node:https with the same certificates.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Result;
use crate::client::{Connection, Endpoint};
use crate::load::{auth, collect};
use crate::meter::Meter;
use crate::report::{Goal, Verdict, print_table};
use crate::server::Server;
use crate::servers::{Folder, PENDING_SCENARIO, Programs, client_config, tls};
use crate::stats::{Round, median_of, paired_ratio};
use crate::stopwatch::Stopwatch;

/// Clients that connect at the same time.
const CLIENTS: usize = 8;

pub(crate) async fn run(programs: &Programs, rounds: u32, handshakes: u32) -> Result<Vec<Verdict>> {
    let certificates = Folder::new("handshake")?;
    let simulator = programs
        .simulator(PENDING_SCENARIO, &["--tls-port", "0", "--certs", certificates.text()?])
        .await?;
    let node = programs.node(Some(&certificates)).await?;
    let config = client_config(&simulator)?;
    let endpoints = [(&simulator, tls(&simulator, &config)?), (&node, tls(&node, &config)?)];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (server, endpoint) in &endpoints {
        round(server, endpoint, handshakes / 4).await?;
    }
    for _ in 0..rounds {
        for ((server, endpoint), rounds) in endpoints.iter().zip([&mut ours, &mut theirs]) {
            rounds.push(round(server, endpoint, handshakes).await?);
        }
    }
    let row = |name: &str, rounds: &[Round]| {
        vec![
            name.to_owned(),
            format!("{:.0}", median_of(rounds, per_core)),
            format!("{:.0}", median_of(rounds, Round::cpu_us)),
            format!("{:.0}", median_of(rounds, Round::p50_us)),
            format!("{:.0}", median_of(rounds, Round::p99_us)),
        ]
    };
    print_table(
        &["full handshake and one collect", "per core and second", "CPU us", "p50 us", "p99 us"],
        &[row("simulator", &ours), row("node:https", &theirs)],
    );
    let ratio = paired_ratio(&ours, &theirs, per_core);
    for server in [simulator, node] {
        server.stop().await?;
    }
    Ok(vec![Verdict::new(
        "full handshakes per server core beside node:https",
        ratio,
        Goal::AtLeast(4.5),
    )])
}

/// Handshakes that one fully used core of the server would do in a second.
fn per_core(round: &Round) -> f64 {
    1e6 / round.cpu_us()
}

/// Each handshake is followed by one `collect`: with TLS 1.3 only an answer shows that the server accepted the client.
async fn round(server: &Server, endpoint: &Endpoint, handshakes: u32) -> Result<Round> {
    let request = Arc::new(collect(Connection::open(endpoint).await?.expect_ok(&auth()).await?)?);
    let left = Arc::new(AtomicU32::new(handshakes));
    let mut tasks = JoinSet::new();
    let meter = Meter::start(server)?;
    for _ in 0..CLIENTS {
        tasks.spawn(client(endpoint.clone(), Arc::clone(&request), Arc::clone(&left)));
    }
    let answers = tasks.join_all().await;
    meter.stop(|| Ok(answers.into_iter().collect::<Result<Vec<_>>>()?.concat()))
}

async fn client(
    endpoint: Endpoint,
    request: Arc<Vec<u8>>,
    left: Arc<AtomicU32>,
) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    while left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
        let watch = Stopwatch::start();
        Connection::open(&endpoint).await?.expect_ok(&request).await?;
        latencies.push(watch.elapsed());
    }
    Ok(latencies)
}
