//! The command line as types.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::words::{Environment, LogFormat, LogLevel, StoreUrl};

const AFTER_HELP: &str = "\
Each setting comes from its flag, else from the environment, else from the configuration file, else from its default.
In the environment --rp-pkcs12 is BANKID_GATEWAY_RP_PKCS12, and so on; BANKID_GATEWAY_PASSPHRASE is the passphrase
itself. API keys, limits and the rest stand in the file: docs/gateway.md.

SIGTERM and SIGINT stop the gateway once calls under way are answered; SIGHUP lets it read keys and certificate again.

Exit codes:
  0    did what was asked; a running gateway was told to stop and drained
  1    could not do it: a port is taken, the store is not reached
  2    refused: an unknown flag, or a setting that does not hold
  130  told to stop twice, and stopped without draining";

/// A REST service in front of Swedish BankID.
#[derive(Debug, Parser)]
#[command(
    name = "bankid-gateway",
    version,
    after_help = AFTER_HELP,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) settings: Flags,
}

/// What else the program does than serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check all settings, certificate and keys included, and say what they come to
    Check,
    /// Print the OpenAPI document
    Openapi,
    /// Make an API key: prints it once, and the lines for the configuration file
    Key {
        /// What the key is called in the file and the log
        name: String,
    },
}

/// Settings that can be given as flags, and in the environment.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Flags {
    /// Configuration file in TOML
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS", global = true, help_heading = "Listening")]
    pub(crate) listen: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one [default: 8020]
    #[arg(long, global = true, help_heading = "Listening")]
    pub(crate) port: Option<u16>,
    /// Who is called: BankID's test or production environment, or a simulator
    #[arg(long, value_enum, global = true, help_heading = "BankID")]
    pub(crate) environment: Option<Environment>,
    /// Where the simulator is [default: its plain port, 8010, on this machine]
    #[arg(long, global = true, help_heading = "BankID")]
    pub(crate) url: Option<String>,
    /// Certificate authority of the simulator's https:// URL, PEM
    #[arg(long, value_name = "FILE", global = true, help_heading = "BankID")]
    pub(crate) ca: Option<PathBuf>,
    /// The relying party's certificate, PEM, with its key or without
    #[arg(long, value_name = "FILE", global = true, help_heading = "BankID")]
    pub(crate) rp_certificate: Option<PathBuf>,
    /// The relying party's key, PEM
    #[arg(long, value_name = "FILE", global = true, help_heading = "BankID")]
    pub(crate) rp_key: Option<PathBuf>,
    /// The relying party's certificate and key as PKCS#12 (.p12, .pfx)
    #[arg(long, value_name = "FILE", global = true, help_heading = "BankID")]
    pub(crate) rp_pkcs12: Option<PathBuf>,
    /// File that holds the passphrase of the key or the PKCS#12 file
    #[arg(long, value_name = "FILE", global = true, help_heading = "BankID")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Redis or Valkey that keeps the orders of several instances; in memory unless set
    #[arg(long, value_name = "URL", global = true, help_heading = "Orders")]
    pub(crate) store: Option<StoreUrl>,
    /// Certificate authority of a rediss:// store, PEM [default: those of the system]
    #[arg(long, value_name = "FILE", global = true, help_heading = "Orders")]
    pub(crate) store_ca: Option<PathBuf>,
    /// File with the keys that orders are enciphered with in the store, 64 hexadecimal digits on a line
    #[arg(long, value_name = "FILE", global = true, help_heading = "Orders")]
    pub(crate) store_key_file: Option<PathBuf>,
    /// Form of the log on standard error [default: text]
    #[arg(long, value_name = "FORM", value_enum, global = true, help_heading = "Output")]
    pub(crate) log_format: Option<LogFormat>,
    /// What to log; `info` has a line for every call [default: info]
    #[arg(long, value_name = "LEVEL", value_enum, global = true, help_heading = "Output")]
    pub(crate) log_level: Option<LogLevel>,
    /// Print one line of JSON when ready
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
}
