//! Running a simulator until it is told to stop.

use std::path::Path;

use ::serve::Signals;
use ::serve::log::{self, LevelFilter};

use super::arguments::{LogFormat, LogLevel, Serve};
use super::failure::Failure;
use super::ready::{Ready, RelyingParty};
use super::temporary::TemporaryFolder;
use super::{Surroundings, code, print};
use crate::config::Config;
use crate::pki::PASSPHRASE;
use crate::rule::Rules;
use crate::simulator::{Builder, Simulator};

/// The variable of the environment that may hold the token of the control plane.
const TOKEN_VARIABLE: &str = "BANKID_SIMULATOR_CONTROL_TOKEN";

pub(super) fn run(arguments: &Serve, surroundings: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let mut config = match &arguments.config {
        Some(file) => Config::load_allowing(file, arguments.allow_any_personal_number)?,
        None => Config::default(),
    };
    config.limits = arguments.limits.over(&config.limits);
    let rules = config.rules(arguments.allow_any_personal_number)?;
    check_scenario(arguments, &rules)?;
    if arguments.list_scenarios {
        print::scenarios(&rules.scenarios, surroundings.out)?;
        return Ok(code::DONE);
    }
    let token = control_token(arguments, surroundings.lookup)?;
    log::install(format_of(arguments.log_format), level_of(arguments.log_level));
    warn_of_open_doors(arguments, token.is_some());
    if arguments.scenario.is_some() && config.scenario.is_some() {
        tracing::warn!("the configuration's scenario wins over --scenario, which has no effect");
    }

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    // Certificates that nobody asked to keep lie here; the folder goes when this function returns.
    let temporary = match (&arguments.certs, arguments.no_tls) {
        (None, false) => Some(TemporaryFolder::new().map_err(Failure::TemporaryFolder)?),
        (Some(_), _) | (None, true) => None,
    };
    let folder = arguments.certs.as_deref().or(temporary.as_ref().map(TemporaryFolder::path));
    let builder = builder(arguments, config, token, folder);
    let ended = runtime.block_on(until_stopped(builder, arguments.json, surroundings));
    // Requests that outlive a second signal are not waited for.
    runtime.shutdown_background();
    ended
}

fn check_scenario(arguments: &Serve, rules: &Rules) -> Result<(), Failure> {
    match arguments.scenario.as_deref().map(|text| rules.scenarios.resolve(text)) {
        Some(Err(bad)) => Err(Failure::Scenario(bad)),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn builder(
    arguments: &Serve,
    config: Config,
    token: Option<String>,
    folder: Option<&Path>,
) -> Builder {
    let mut builder = Simulator::builder()
        .listen(arguments.listen)
        .port(arguments.port)
        .tls_port(arguments.tls_port)
        .plain(!arguments.no_plain)
        .tls(!arguments.no_tls)
        .names(&arguments.names)
        .config(config)
        .allow_any_personal_number(arguments.allow_any_personal_number)
        .empty_method_not_allowed(arguments.empty_405);
    if let Some(folder) = folder {
        builder = builder.certs_dir(folder);
    }
    if let Some(scenario) = &arguments.scenario {
        builder = builder.scenario(scenario);
    }
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    if let Some(address) = arguments.control_listen {
        builder = builder.control_listen(address);
    }
    match token {
        Some(token) => builder.control_token(token),
        None => builder,
    }
}

/// Starts the simulator, says that it is ready, and waits to be told to stop.
async fn until_stopped(
    builder: Builder,
    json: bool,
    surroundings: &mut Surroundings<'_>,
) -> Result<u8, Failure> {
    // Before anything is ready, so that no signal after that can end the process undrained.
    let mut signals = Signals::listen().map_err(Failure::Runtime)?;
    let simulator = tokio::select! {
        simulator = builder.start() => simulator?,
        () = signals.next() => return Ok(code::DONE),
    };
    let ready = ready(&simulator);
    if json {
        ready.write_json(surroundings.out)?;
    } else {
        ready.write_text(surroundings.out)?;
    }
    let (http, https) = (ready.http.as_deref(), ready.https.as_deref());
    tracing::info!(http, https, control = ready.control.as_deref(), "ready");

    signals.next().await;
    tracing::info!("stopping");
    tokio::select! {
        stopped = simulator.stop() => {
            let stopped = stopped?;
            tracing::info!(cut = stopped.cut, "stopped");
            Ok(code::DONE)
        }
        () = signals.next() => Ok(code::STOPPED_AT_ONCE),
    }
}

fn ready(simulator: &Simulator) -> Ready {
    let path = |path: &Path| path.display().to_string();
    let files = simulator.files();
    Ready {
        http: simulator.http_url(),
        https: simulator.https_url(),
        control: simulator.control_url(),
        ca: files.map(|files| path(&files.ca)),
        rp: files.and_then(|files| files.relying_parties.first()).map(|party| RelyingParty {
            certificate: path(&party.certificate),
            key: path(&party.key),
            pfx: path(&party.pfx),
            legacy_pfx: path(&party.legacy_pfx),
            passphrase: PASSPHRASE,
        }),
    }
}

/// Listening beyond this machine is a choice, but it should be a conscious one.
fn warn_of_open_doors(arguments: &Serve, has_token: bool) {
    let control = match arguments.control_listen {
        Some(address) => Some(address.ip()),
        None if arguments.no_plain => None,
        None => Some(arguments.listen),
    };
    if !has_token && control.is_some_and(|ip| !ip.is_loopback()) {
        tracing::warn!("others can reach the control plane, which has no token (--control-token)");
    }
}

fn format_of(format: LogFormat) -> log::Format {
    match format {
        LogFormat::Text => log::Format::Text,
        LogFormat::Json => log::Format::Json,
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
