//! Benchmarks of all parts beside their peers: one run, one table, ratios against the targets.
//!
//! Every server is a process of its own, so that its processor time and memory are its own; the load client is this
//! process. Servers take turns in short rounds, so that a slow minute of a shared machine hits all of them. It asserts
//! nothing: times depend on the machine, and `README.md` says how to read them.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "printing tables is what it is for")]

mod client;
mod constant;
mod handshake;
mod hours;
mod load;
mod memory;
mod meter;
mod qr;
mod report;
mod requests;
mod server;
mod servers;
mod start;
mod stats;
mod stopwatch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::report::print_verdicts;
use crate::servers::Programs;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures the simulator beside its peers.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Rounds of each server in each case.
    #[arg(long, global = true, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=101))]
    rounds: u32,
    /// Requests in a round; handshakes are a fiftieth of it.
    #[arg(long, global = true, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    requests: u32,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// auth and collect over kept connections, plain and over mutual TLS.
    Requests,
    /// Full ECDSA handshakes.
    Handshake,
    /// Start-up, idle memory and size of the simulator.
    Start,
    /// Texts of animated QR codes.
    Qr,
    /// Resident memory of live orders.
    Memory {
        /// Live orders.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u32,
    },
    /// Resident memory while hours of a turned clock pass.
    Hours {
        /// Simulated hours.
        #[arg(long, default_value_t = 3)]
        hours: u32,
        /// Orders started in each.
        #[arg(long, default_value_t = 1_000_000)]
        orders_per_hour: u32,
    },
    /// The constant server that the others are measured beside.
    #[command(hide = true)]
    Constant(constant::Arguments),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    if let Some(Command::Constant(arguments)) = &arguments.command {
        return constant::run(arguments);
    }
    // One thread: the client must leave the second core to the servers.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (rounds, requests) = (arguments.rounds, arguments.requests);
    let verdicts = runtime.block_on(async {
        let programs = Programs::find()?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(match &arguments.command {
            None => {
                let mut verdicts = requests::run(&programs, rounds, requests).await?;
                verdicts.extend(handshake::run(&programs, rounds, requests / 50).await?);
                verdicts.extend(start::run(&programs, rounds).await?);
                verdicts.extend(qr::run()?);
                verdicts
            }
            Some(Command::Requests) => requests::run(&programs, rounds, requests).await?,
            Some(Command::Handshake) => handshake::run(&programs, rounds, requests / 50).await?,
            Some(Command::Start) => start::run(&programs, rounds).await?,
            Some(Command::Qr) => qr::run()?,
            Some(Command::Memory { orders }) => memory::run(&programs, *orders).await?,
            Some(Command::Hours { hours, orders_per_hour }) => {
                hours::run(&programs, *hours, *orders_per_hour).await?
            }
            Some(Command::Constant(_)) => Vec::new(),
        })
    })?;
    print_verdicts(&verdicts);
    Ok(())
}
