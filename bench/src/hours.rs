//! Does memory stay flat? Hours of a turned clock pass in minutes, with orders that nobody collects, which are forgotten
//! in time, and some that complete; what is left of an hour must not grow with the hours.

use crate::Result;
use crate::client::{Connection, Endpoint};
use crate::load::{Operation, auth, collect, round};
use crate::report::{Goal, Verdict, print_table};
use crate::servers::{DEFAULT_SCENARIO, Programs, advance, freeze, plain};

const CONNECTIONS: usize = 64;
/// The clock is turned by this much at a time.
const STEP_SECONDS: u32 = 10;
const STEPS_PER_HOUR: u32 = 3600 / STEP_SECONDS;
/// A reading every ten minutes.
const STEPS_PER_READING: u32 = 600 / STEP_SECONDS;

/// Orders that are collected to their end in each step: few, since each has a signature made.
const COMPLETED_PER_STEP: u32 = 4;
/// The default scenario ends after a handful.
const MAX_COLLECTS: u32 = 20;

pub(crate) async fn run(
    programs: &Programs,
    hours: u32,
    orders_per_hour: u32,
) -> Result<Vec<Verdict>> {
    let simulator = programs.simulator(DEFAULT_SCENARIO, &["--no-tls"]).await?;
    let endpoint = plain(&simulator)?;
    freeze(&simulator).await?;
    let mut readings = Vec::new();
    for step in 1..=hours * STEPS_PER_HOUR {
        round(
            &simulator,
            &endpoint,
            Operation::Auth,
            CONNECTIONS,
            orders_per_hour / STEPS_PER_HOUR,
        )
        .await?;
        complete_some(&endpoint).await?;
        advance(&simulator, STEP_SECONDS).await?;
        if step % STEPS_PER_READING == 0 {
            let kib = u32::try_from(simulator.resident_bytes()? / 1024)?;
            readings.push((step / STEPS_PER_READING * 10, f64::from(kib) / 1024.0));
        }
    }
    simulator.stop().await?;
    let rows: Vec<_> = readings
        .iter()
        .map(|(minute, mib)| vec![minute.to_string(), format!("{mib:.1}")])
        .collect();
    print_table(&["simulated minute", "resident MiB"], &rows);
    let first_hour = readings
        .iter()
        .filter(|(minute, _)| *minute <= 60)
        .map(|(_, mib)| *mib)
        .fold(0.0, f64::max);
    let last = readings.last().map_or(f64::NAN, |(_, mib)| *mib);
    Ok(vec![Verdict::new(
        "resident memory at the end beside the most of the first hour",
        last / first_hour,
        Goal::AtMost(1.05),
    )])
}

async fn complete_some(endpoint: &Endpoint) -> Result<()> {
    let mut connection = Connection::open(endpoint).await?;
    for _ in 0..COMPLETED_PER_STEP {
        let collect = collect(connection.expect_ok(&auth()).await?)?;
        let mut collects = 0;
        while !String::from_utf8_lossy(connection.expect_ok(&collect).await?).contains(COMPLETE) {
            collects += 1;
            if collects == MAX_COLLECTS {
                return Err("an order did not complete".into());
            }
        }
    }
    Ok(())
}

const COMPLETE: &str = r#""status":"complete""#;
