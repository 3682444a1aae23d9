//! The `bankid-simulator` binary: the command line of the library, and its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(simulator::cli::run(std::env::args_os()))
}
