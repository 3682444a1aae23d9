//! How long the simulator takes to its first answer, what it weighs when idle, and the size of the program.

use std::time::Duration;

use crate::Result;
use crate::client::{Connection, Endpoint};
use crate::load::auth;
use crate::report::{Goal, Verdict};
use crate::servers::{Folder, PENDING_SCENARIO, Programs, client_config, plain, tls};
use crate::stats::median;
use crate::stopwatch::Stopwatch;

const MIB: f64 = 1024.0 * 1024.0;

pub(crate) async fn run(programs: &Programs, rounds: u32) -> Result<Vec<Verdict>> {
    let (mut plain_ms, mut tls_ms, mut resident_mib) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        plain_ms.push(first_plain_answer(programs).await?.as_secs_f64() * 1e3);
        let (time, resident_bytes) = first_tls_answer(programs).await?;
        tls_ms.push(time.as_secs_f64() * 1e3);
        resident_mib.push(f64::from(u32::try_from(resident_bytes)?) / MIB);
    }
    let binary_mb = f64::from(u32::try_from(std::fs::metadata(&programs.simulator)?.len())?) / 1e6;
    let verdicts = vec![
        Verdict::new("start to first answer, plain only, ms", median(plain_ms), Goal::AtMost(5.0)),
        Verdict::new(
            "start to first answer over TLS, certificates generated, ms",
            median(tls_ms),
            Goal::AtMost(15.0),
        ),
        Verdict::new(
            "idle resident memory, both ports, MiB",
            median(resident_mib),
            Goal::AtMost(8.0),
        ),
        Verdict::new("stripped binary, MB", binary_mb, Goal::AtMost(6.0)),
    ];
    Ok(verdicts)
}

async fn first_plain_answer(programs: &Programs) -> Result<Duration> {
    let watch = Stopwatch::start();
    let server = programs.simulator(PENDING_SCENARIO, &["--no-tls"]).await?;
    answer(&plain(&server)?).await?;
    let time = watch.elapsed();
    server.stop().await?;
    Ok(time)
}

/// Also the resident memory after that answer, with both ports open.
async fn first_tls_answer(programs: &Programs) -> Result<(Duration, u64)> {
    let certificates = Folder::new("start")?;
    let watch = Stopwatch::start();
    let server = programs
        .simulator(PENDING_SCENARIO, &["--tls-port", "0", "--certs", certificates.text()?])
        .await?;
    answer(&tls(&server, &client_config(&server)?)?).await?;
    let time = watch.elapsed();
    let resident_bytes = server.resident_bytes()?;
    server.stop().await?;
    Ok((time, resident_bytes))
}

async fn answer(endpoint: &Endpoint) -> Result<()> {
    Connection::open(endpoint).await?.expect_ok(&auth()).await?;
    Ok(())
}
