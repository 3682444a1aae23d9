//! The command line of `bankid-gateway`, as a function.
//!
//! It never ends the process itself; it says with which exit code that should end:
//!
//! | code | meaning |
//! |---|---|
//! | 0 | did what was asked; a running gateway was told to stop, and drained |
//! | 1 | could not do it |
//! | 2 | refused: an unknown flag, or a setting that does not hold |
//! | 130 | told to stop a second time, and stopped without draining |
//!
//! ```
//! assert_eq!(gateway::cli::run(["bankid-gateway", "key", "shop"]), 0);
//! assert_eq!(gateway::cli::run(["bankid-gateway", "--environment", "elsewhere"]), 2);
//! ```

mod print;

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Parser as _;
use serve::{Reloads, Signals, log};
use tokio::net::TcpListener;

use crate::chain::Chain;
use crate::config::{Arguments, Command, Config, ConfigError, Flags, Lookup};
use crate::routes::Gateway;
use crate::{MemoryStore, RedisStore, RedisStoreError, Store, server};

#[cfg(test)]
mod tests;

mod code {
    pub(super) const DONE: u8 = 0;
    pub(super) const FAILED: u8 = 1;
    pub(super) const REFUSED: u8 = 2;
    pub(super) const STOPPED_AT_ONCE: u8 = 130;
}

/// What surrounds the program.
struct Surroundings<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    lookup: Lookup<'a>,
}

/// Why the program could not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the name of a key is 1 to 64 letters, digits, dots, underscores and hyphens")]
    KeyName,
    #[error("the operating system gave no random bytes")]
    Random(#[from] getrandom::Error),
    #[error("cannot print")]
    Output(#[from] io::Error),
    #[error("cannot run")]
    Runtime(#[source] io::Error),
    #[error("cannot listen on {address} (--listen, --port)")]
    Listen { address: SocketAddr, source: io::Error },
    #[error(transparent)]
    Store(#[from] RedisStoreError),
    #[error("stopped, but not all was well")]
    Serve(#[from] serve::Error),
}

impl Failure {
    const fn code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::KeyName => code::REFUSED,
            Self::Random(_)
            | Self::Output(_)
            | Self::Runtime(_)
            | Self::Listen { .. }
            | Self::Store(_)
            | Self::Serve(_) => code::FAILED,
        }
    }
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
    let Arguments { command, settings } = arguments;
    let done = match command {
        None => serve(&settings, surroundings),
        Some(Command::Check) => check(&settings, surroundings),
        Some(Command::Openapi) => openapi(surroundings.out),
        Some(Command::Key { name }) => key(&name, surroundings.out),
    };
    match done {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => code::DONE,
        Err(failure) => {
            // There is nobody left to tell if this fails too.
            drop(writeln!(surroundings.err, "bankid-gateway: {}", Chain(&failure)));
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

fn check(flags: &Flags, surroundings: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let config = Config::load(flags, surroundings.lookup)?;
    let client = config.client()?;
    config.clients()?;
    print::checked(&config, &client, surroundings.out)?;
    Ok(code::DONE)
}

fn openapi(out: &mut dyn Write) -> Result<u8, Failure> {
    out.write_all(crate::openapi::DOCUMENT.as_bytes())?;
    Ok(code::DONE)
}

fn key(name: &str, out: &mut dyn Write) -> Result<u8, Failure> {
    if !crate::keys::is_name(name) {
        return Err(Failure::KeyName);
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    print::key(name, &random, out)?;
    Ok(code::DONE)
}

fn serve(flags: &Flags, surroundings: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let config = Config::load(flags, surroundings.lookup)?;
    log::install(config.log_format.into(), config.log_level.into());
    if config.is_open() {
        tracing::warn!("listening beyond this machine, without TLS: keep others off the network");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let ended = runtime.block_on(until_stopped(&config, flags, surroundings));
    // What outlives a second signal is not waited for.
    runtime.shutdown_background();
    ended
}

async fn until_stopped(
    config: &Config,
    flags: &Flags,
    surroundings: &mut Surroundings<'_>,
) -> Result<u8, Failure> {
    // Before anything is ready, so that no signal after that can end the process undrained.
    let mut signals = Signals::listen().map_err(Failure::Runtime)?;
    let mut reloads = Reloads::listen().map_err(Failure::Runtime)?;
    let client = config.client()?;
    let limits = config.limits;
    let clients = config.clients()?;
    let store: Arc<dyn Store> = match &config.store {
        None => Arc::new(MemoryStore::new(limits.orders().store_kib)),
        Some((address, seal)) => {
            if !seal.is_there() {
                tracing::warn!("orders lie in the store as they are: set storeKeyFile");
            }
            Arc::new(RedisStore::connect(address, seal.clone()).await?)
        }
    };
    let keys = config.keys.clone();
    let gateway = Gateway::with_store(client, keys, limits.orders(), config.strict_numbers, store);
    gateway.replace_clients(clients);
    if let Some(pages) = &config.pages {
        let random =
            |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|_no_source| crate::NoRandom);
        gateway.open_pages(pages.clone(), Box::new(random)).map_err(ConfigError::from)?;
    }
    let address = config.address;
    let failed = |source| Failure::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    print::ready(config, bound, flags.json, surroundings.out)?;
    tracing::info!(address = %bound, environment = config.environment.as_str(), "ready");

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let serving = server::run(gateway.clone(), listener, limits.server(), limits.bodies(), stopped);
    let mut serving = std::pin::pin!(serving);
    loop {
        tokio::select! {
            ended = &mut serving => return ended.map(|_| code::DONE).map_err(Failure::Serve),
            () = reloads.next() => reload(&gateway, flags, surroundings.lookup),
            () = signals.next() => break,
        }
    }
    tracing::info!("stopping");
    drop(stop);
    tokio::select! {
        drained = serving => {
            tracing::info!(cut = drained?.cut, "stopped");
            Ok(code::DONE)
        }
        () = signals.next() => Ok(code::STOPPED_AT_ONCE),
    }
}

/// Reads keys and certificate again. What does not hold leaves all as it was.
fn reload(gateway: &Gateway, flags: &Flags, lookup: Lookup<'_>) {
    let replaced = Config::load(flags, lookup).and_then(|config| {
        let clients = config.clients()?;
        if let Some(identity) = config.identity {
            gateway.client().replace_identity(identity)?;
        }
        gateway.replace_clients(clients);
        gateway.replace_keys(config.keys);
        Ok(())
    });
    match replaced {
        Ok(()) => tracing::info!("keys and certificate were read again"),
        Err(error) => {
            tracing::error!(cause = %Chain(&error), "keys and certificate stay as they were");
        }
    }
}
