//! The `bankid-gateway` binary: the command line of the library, and its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(gateway::cli::run(std::env::args_os()))
}
