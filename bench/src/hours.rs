//! Does memory stay flat? Hours of a turned clock pass in minutes, with orders that are collected and orders that are
//! forgotten; what is left of an hour must not grow with the hours.

use crate::Result;
use crate::load::{Operation, round};
use crate::report::{Goal, Verdict, print_table};
use crate::servers::{Programs, advance, freeze, plain};

const CONNECTIONS: usize = 64;
/// The clock is turned by this much at a time.
const STEP_SECONDS: u32 = 10;
const STEPS_PER_HOUR: u32 = 3600 / STEP_SECONDS;
/// A reading every ten minutes.
const STEPS_PER_READING: u32 = 600 / STEP_SECONDS;

pub(crate) async fn run(
    programs: &Programs,
    hours: u32,
    orders_per_hour: u32,
) -> Result<Vec<Verdict>> {
    let simulator = programs.simulator(&["--no-tls"]).await?;
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
