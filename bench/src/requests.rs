//! `auth` and `collect` over kept connections, plain and over mutual TLS, all servers in turn.

use crate::Result;
use crate::client::Endpoint;
use crate::load::{self, Operation};
use crate::report::{Goal, Verdict, print_table};
use crate::server::Server;
use crate::servers::{Folder, PENDING_SCENARIO, Programs, client_config, plain, tls};
use crate::stats::{Figure, Round, median_of, paired_ratio};

const CONNECTIONS: usize = 64;

/// One row of the table: a port of a server.
struct Row<'a> {
    name: &'static str,
    server: &'a Server,
    endpoint: Endpoint,
    rounds: Vec<Round>,
}

pub(crate) async fn run(programs: &Programs, rounds: u32, requests: u32) -> Result<Vec<Verdict>> {
    let certificates = Folder::new("requests")?;
    let simulator = programs
        .simulator(PENDING_SCENARIO, &["--tls-port", "0", "--certs", certificates.text()?])
        .await?;
    let constant = programs.constant(&certificates).await?;
    let bare = programs.bare().await?;
    let node = programs.node(Some(&certificates)).await?;
    let fastify = programs.fastify().await?;
    let config = client_config(&simulator)?;
    let row = |name, server, endpoint| Row { name, server, endpoint, rounds: Vec::new() };
    let mut verdicts = Vec::new();
    for operation in Operation::ALL {
        let mut rows = [
            row("simulator", &simulator, plain(&simulator)?),
            row("constant", &constant, plain(&constant)?),
            row("constant, bare hyper", &bare, plain(&bare)?),
            row("node:http", &node, plain(&node)?),
            row("Fastify", &fastify, plain(&fastify)?),
            row("simulator, mutual TLS", &simulator, tls(&simulator, &config)?),
            row("constant, mutual TLS", &constant, tls(&constant, &config)?),
            row("node:https, mutual TLS", &node, tls(&node, &config)?),
        ];
        measure(&mut rows, operation, rounds, requests).await?;
        print(&rows, operation);
        verdicts.extend(judge(rows.each_ref().map(|row| row.rounds.as_slice()), operation));
    }
    for server in [simulator, constant, bare, node, fastify] {
        server.stop().await?;
    }
    Ok(verdicts)
}

async fn measure(
    rows: &mut [Row<'_>],
    operation: Operation,
    rounds: u32,
    requests: u32,
) -> Result<()> {
    for row in &*rows {
        load::round(row.server, &row.endpoint, operation, CONNECTIONS, requests).await?;
    }
    for round in 0..rounds {
        for turn in 0..rows.len() {
            // There and back, so that nobody always comes after the same other.
            let turn = if round % 2 == 0 { turn } else { rows.len() - 1 - turn };
            let Some(row) = rows.get_mut(turn) else { continue };
            let round = load::round(row.server, &row.endpoint, operation, CONNECTIONS, requests);
            row.rounds.push(round.await?);
        }
    }
    Ok(())
}

fn print(rows: &[Row<'_>], operation: Operation) {
    let title = format!("{}, {CONNECTIONS} connections", operation.name());
    let head =
        [title.as_str(), "requests/s", "CPU us/request", "p50 us", "p99 us", "client CPU us"];
    let cells = rows.iter().map(|row| {
        let figure = |figure: Figure| median_of(&row.rounds, figure);
        vec![
            row.name.to_owned(),
            format!("{:.0}", figure(Round::requests_per_second)),
            format!("{:.2}", figure(Round::cpu_us)),
            format!("{:.0}", figure(Round::p50_us)),
            format!("{:.0}", figure(Round::p99_us)),
            format!("{:.2}", figure(Round::client_cpu_us)),
        ]
    });
    print_table(&head, &cells.collect::<Vec<_>>());
}

fn judge(rows: [&[Round]; 8], operation: Operation) -> Vec<Verdict> {
    let [simulator, constant, bare, node, fastify, simulator_tls, constant_tls, _node_tls] = rows;
    let verdict = |what: &str, ours, theirs, figure: Figure, goal| {
        Verdict::new(
            format!("{}: {what}", operation.name()),
            paired_ratio(ours, theirs, figure),
            goal,
        )
    };
    let (speed, cpu): (Figure, Figure) = (Round::requests_per_second, Round::cpu_us);
    vec![
        verdict("requests/s beside constant", simulator, constant, speed, Goal::AtLeast(0.9)),
        verdict("requests/s beside bare hyper", simulator, bare, speed, Goal::AtLeast(0.9)),
        verdict("CPU beside constant", simulator, constant, cpu, Goal::AtMost(1.2)),
        verdict("CPU beside bare hyper", simulator, bare, cpu, Goal::AtMost(1.2)),
        verdict("requests/s beside node:http", simulator, node, speed, Goal::AtLeast(5.0)),
        verdict("requests/s beside Fastify", simulator, fastify, speed, Goal::AtLeast(5.0)),
        verdict("CPU, mutual TLS beside plain", simulator_tls, simulator, cpu, Goal::AtMost(1.35)),
        verdict(
            "CPU, mutual TLS beside constant",
            simulator_tls,
            constant_tls,
            cpu,
            Goal::AtMost(1.05),
        ),
    ]
}
