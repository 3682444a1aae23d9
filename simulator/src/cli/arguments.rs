//! The command line as types. What a flag means is done elsewhere; here stands only what it is called.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::limits::LimitFlags;

/// Plain HTTP, unless `--port` says otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8010;
/// Mutual TLS, unless `--tls-port` says otherwise: next door to the plain port.
pub(crate) const DEFAULT_TLS_PORT: u16 = 8011;

const AFTER_HELP: &str = "\
Exit codes:
  0    did what was asked; a running simulator was told to stop and drained
  1    could not do it: port taken, folder not writable, simulator not healthy
  2    refused: unknown flag, scenario or setting, or a fault in the configuration file
  130  told to stop twice, and stopped without draining

Environment:
  BANKID_SIMULATOR_CONTROL_TOKEN   as --control-token, without showing in the process list";

/// A faithful simulator of the Swedish BankID relying-party API.
#[derive(Debug, Parser)]
#[command(
    name = "bankid-simulator",
    version,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) serve: Serve,
}

/// What else the program does than running a simulator.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the certificate authority and RP certificates into a folder
    Certs {
        /// The folder; made if it is missing, and what is there already is kept
        dir: PathBuf,
        /// A further name or address of the server certificate, beside localhost
        #[arg(long = "name", value_name = "NAME")]
        names: Vec<String>,
    },
    /// Check a configuration file and say all that is wrong with it
    Check {
        /// The file, TOML or JSON by its extension
        file: PathBuf,
        /// Let personas of the file have personal numbers that may belong to somebody
        #[arg(long)]
        allow_any_personal_number: bool,
    },
    /// Ask a running simulator whether it is well; exit code 0 if it is, 1 if not, 2 if it cannot be asked so
    Healthcheck(Healthcheck),
    /// Print the JSON Schema of the configuration file
    Schema,
    /// Print the OpenAPI document of the control plane
    Openapi,
}

/// Asking a simulator. Every port of it answers, and none wants a token for this.
#[derive(Args, Debug)]
pub(super) struct Healthcheck {
    /// Port on 127.0.0.1, plain or of the control plane; with --certs that for mutual TLS [default: 8010, with --certs 8011]
    #[arg(long, conflicts_with = "url")]
    pub(super) port: Option<u16>,
    /// Where it listens: http://HOST:PORT, with --certs https://HOST:PORT
    #[arg(long)]
    pub(super) url: Option<String>,
    /// Folder of the simulator's certificates (its --certs): asks over mutual TLS
    #[arg(long, value_name = "DIR")]
    pub(super) certs: Option<PathBuf>,
    /// Seconds to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(super) timeout: u64,
}

/// Running a simulator.
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// Port for plain HTTP; 0 takes a free one
    #[arg(long, default_value_t = DEFAULT_PORT, help_heading = "Listening")]
    pub(super) port: u16,
    /// Port for mutual TLS; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_TLS_PORT, help_heading = "Listening")]
    pub(super) tls_port: u16,
    /// No plain HTTP
    #[arg(long, conflicts_with = "port", help_heading = "Listening")]
    pub(super) no_plain: bool,
    /// No TLS, and no certificates
    #[arg(long, conflicts_with_all = ["tls_port", "no_plain"], help_heading = "Listening")]
    pub(super) no_tls: bool,
    /// Address to listen on; 0.0.0.0 for all of IPv4
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", help_heading = "Listening")]
    pub(super) listen: IpAddr,

    /// What the pretend user does if nothing else says so, the configuration included: a scenario's name, or steps such
    /// as "outstandingTransaction 1s, userSign x2, complete"
    #[arg(long, value_name = "NAME_OR_STEPS", help_heading = "Behaviour")]
    pub(super) scenario: Option<String>,
    /// Configuration file, TOML or JSON by its extension
    #[arg(long, value_name = "FILE", help_heading = "Behaviour")]
    pub(super) config: Option<PathBuf>,
    /// Print the scenarios, those of --config included, and stop
    #[arg(long, help_heading = "Behaviour")]
    pub(super) list_scenarios: bool,
    /// Makes tokens and error rates repeat from run to run
    #[arg(long, value_name = "NUMBER", help_heading = "Behaviour")]
    pub(super) seed: Option<u64>,
    /// Let personas of the configuration have personal numbers that may belong to somebody
    #[arg(long, help_heading = "Behaviour")]
    pub(super) allow_any_personal_number: bool,
    /// Answer methods other than POST by 405 with an empty body, as servers in front of BankID may
    #[arg(long, help_heading = "Behaviour")]
    pub(super) empty_405: bool,

    /// Folder of the certificates: used if it holds some, else filled. Without it they live in a temporary folder
    #[arg(long, value_name = "DIR", conflicts_with = "no_tls", help_heading = "Certificates")]
    pub(super) certs: Option<PathBuf>,
    /// A further name or address this simulator goes by, in its certificate and in the Host header
    #[arg(long = "name", value_name = "NAME", help_heading = "Certificates")]
    pub(super) names: Vec<String>,

    /// Address and port of its own for the control plane; it is on the plain port otherwise
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Control plane")]
    pub(super) control_listen: Option<SocketAddr>,
    /// Token that callers of the control plane must bring (Authorization: Bearer TOKEN)
    #[arg(long, value_name = "TOKEN", help_heading = "Control plane")]
    pub(super) control_token: Option<String>,
    /// File that holds the token
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "control_token",
        help_heading = "Control plane"
    )]
    pub(super) control_token_file: Option<PathBuf>,

    #[command(flatten)]
    pub(super) limits: LimitFlags,

    /// Print one line of JSON when ready, and nothing else
    #[arg(long, help_heading = "Output")]
    pub(super) json: bool,
    /// Form of the log on standard error
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogFormat::Text, help_heading = "Output")]
    pub(super) log_format: LogFormat,
    /// What to log; `debug` has a line for every request
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = LogLevel::Warn, help_heading = "Output")]
    pub(super) log_level: LogLevel,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}
