//! Resident memory of live minimal orders, beside a `Map` in Node.

use crate::Result;
use crate::load::{Operation, round};
use crate::report::{Goal, Verdict, print_table};
use crate::server::Server;
use crate::servers::{PENDING_SCENARIO, Programs, freeze, plain};

const CONNECTIONS: usize = 64;
/// Orders before the first reading, so that connections, threads and first chunks are paid for.
const WARM_UP: u32 = 20_000;

pub(crate) async fn run(programs: &Programs, orders: u32) -> Result<Vec<Verdict>> {
    let limit = (orders + 2 * WARM_UP).to_string();
    let simulator =
        programs.simulator(PENDING_SCENARIO, &["--no-tls", "--max-orders", &limit]).await?;
    freeze(&simulator).await?;
    let ours = bytes_per_order(&simulator, orders).await?;
    simulator.stop().await?;
    let node = programs.node(None).await?;
    let theirs = bytes_per_order(&node, orders).await?;
    node.stop().await?;
    let title = format!("{orders} live orders");
    let row = |name: &str, bytes: f64| vec![name.to_owned(), format!("{bytes:.0}")];
    print_table(&[&title, "bytes each"], &[row("simulator", ours), row("node:http, Map", theirs)]);
    Ok(vec![Verdict::new("resident bytes per live order", ours, Goal::AtMost(160.0))])
}

/// Growth of resident memory, divided by the orders started.
async fn bytes_per_order(server: &Server, orders: u32) -> Result<f64> {
    let endpoint = plain(server)?;
    round(server, &endpoint, Operation::Auth, CONNECTIONS, WARM_UP).await?;
    let before = server.resident_bytes()?;
    round(server, &endpoint, Operation::Auth, CONNECTIONS, orders).await?;
    let kib = u32::try_from(server.resident_bytes()?.saturating_sub(before) / 1024)?;
    Ok(f64::from(kib) * 1024.0 / f64::from(orders))
}
