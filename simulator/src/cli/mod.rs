//! The command line of `bankid-simulator`, as a function: the binary calls it, and so does the Node package.
//!
//! It turns arguments into a [`Builder`](crate::Builder), says where the simulator listens, and stops it when asked to.
//! What the simulator does is none of its business. It never ends the process itself; it says with which exit code that
//! should end:
//!
//! | code | meaning |
//! |---|---|
//! | 0 | did what was asked; a running simulator was told to stop, and drained |
//! | 1 | could not do it: a port is taken, a folder not writable, the simulator asked is not healthy |
//! | 2 | refused: an unknown flag, scenario or setting, or a fault in the configuration file |
//! | 130 | told to stop a second time, and stopped without draining |
//!
//! ```
//! assert_eq!(simulator::cli::run(["bankid-simulator", "schema"]), 0);
//! assert_eq!(simulator::cli::run(["bankid-simulator", "--scenario", "no-such-scenario"]), 2);
//! ```

mod arguments;
mod failure;
mod healthcheck;
mod limits;
mod print;
mod ready;
mod serve;
mod temporary;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Parser as _;

use crate::clock;
use crate::completion;
use crate::config::Config;
use crate::http::control_api;
use crate::pki::Certificates;
use arguments::{Arguments, Command};
use failure::Failure;

#[cfg(test)]
pub(crate) use temporary::TemporaryFolder;

/// Exit codes, as documented.
mod code {
    pub(super) const DONE: u8 = 0;
    pub(super) const FAILED: u8 = 1;
    pub(super) const REFUSED: u8 = 2;
    pub(super) const STOPPED_AT_ONCE: u8 = 130;
}

/// What surrounds the program: where it prints, and its environment.
struct Surroundings<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// Looks a variable of the environment up.
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

/// Does what the arguments say, the name of the program first, and returns the exit code. Blocks until it is done.
pub fn run<I>(arguments: I) -> u8
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment comes in")]
    let lookup = |name: &str| std::env::var(name).ok();
    let (mut out, mut err) = (io::stdout(), io::stderr());
    run_in(arguments, &mut Surroundings { out: &mut out, err: &mut err, lookup: &lookup })
}

fn run_in<I>(arguments: I, surroundings: &mut Surroundings<'_>) -> u8
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return said_by_clap(&error, surroundings),
    };
    let done = match arguments.command {
        Some(command) => run_command(command, surroundings.out),
        None => serve::run(&arguments.serve, surroundings),
    };
    match done {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => code::DONE,
        Err(failure) => {
            // There is nobody left to tell if this fails too.
            drop(writeln!(surroundings.err, "bankid-simulator: {}", failure.in_full()));
            failure.code()
        }
    }
}

/// Help and version are answers, all else is a refusal.
fn said_by_clap(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        drop(write!(surroundings.err, "{text}"));
        code::REFUSED
    } else {
        drop(write!(surroundings.out, "{text}"));
        code::DONE
    }
}

fn run_command(command: Command, out: &mut dyn Write) -> Result<u8, Failure> {
    match command {
        Command::Certs { dir, names } => certs(&dir, &names, out)?,
        Command::Check { file, allow_any_personal_number } => {
            let config = Config::load_allowing(&file, allow_any_personal_number)?;
            print::checked(&file, &config, out)?;
        }
        Command::Healthcheck(asked) => {
            healthcheck::check(&asked)?;
            writeln!(out, "healthy")?;
        }
        Command::Schema => out.write_all(Config::JSON_SCHEMA.as_bytes())?,
        Command::Openapi => out.write_all(control_api::OPENAPI.as_bytes())?,
    }
    Ok(code::DONE)
}

fn certs(folder: &Path, names: &[String], out: &mut dyn Write) -> Result<(), Failure> {
    let now_ms = u64::try_from(clock::real_time().as_millis()).unwrap_or(u64::MAX);
    let (_, files) = Certificates::load_or_generate(folder, names, now_ms)?;
    completion::keep_root(folder)?;
    Ok(print::files(&files, out)?)
}

#[cfg(test)]
mod tests;
