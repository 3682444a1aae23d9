//! Running a simulator until it is told to stop.

use std::path::Path;

use tracing::level_filters::LevelFilter;

use super::arguments::{LogFormat, LogLevel, Serve};
use super::failure::Failure;
use super::{Surroundings, code, print};
use crate::config::Config;
use crate::telemetry;

/// The variable of the environment that may hold the token of the control plane.
const TOKEN_VARIABLE: &str = "BANKID_SIMULATOR_CONTROL_TOKEN";

pub(super) fn run(arguments: &Serve, surroundings: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let config = match &arguments.config {
        Some(file) => Config::load_allowing(file, arguments.allow_any_personal_number)?,
        None => Config::default(),
    };
    let rules = config.rules(arguments.allow_any_personal_number)?;
    if let Some(text) = &arguments.scenario {
        rules.scenarios.resolve(text).map_err(Failure::Scenario)?;
    }
    if arguments.list_scenarios {
        print::scenarios(&rules.scenarios, surroundings.out)?;
        return Ok(code::DONE);
    }
    let token = control_token(arguments, surroundings.lookup)?;
    telemetry::install(format_of(arguments.log_format), level_of(arguments.log_level));
    Err(Failure::Runtime(std::io::Error::other("TEMP")))
}

fn format_of(format: LogFormat) -> telemetry::Format {
    match format {
        LogFormat::Text => telemetry::Format::Text,
        LogFormat::Json => telemetry::Format::Json,
    }
}

fn level_of(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// The token, from the flag, the file or the environment, in this order.
fn control_token(
    arguments: &Serve,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, Failure> {
    let token = match (&arguments.control_token, &arguments.control_token_file) {
        (Some(token), _) => Some(token.clone()),
        (None, Some(file)) => Some(read_token(file)?),
        (None, None) => lookup(TOKEN_VARIABLE),
    };
    match token {
        // What cannot stand in a header could never be brought.
        Some(token) if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Failure::Token)
        }
        token => Ok(token),
    }
}

fn read_token(file: &Path) -> Result<String, Failure> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.trim_end().to_owned()),
        Err(source) => Err(Failure::TokenFile { file: file.display().to_string(), source }),
    }
}
