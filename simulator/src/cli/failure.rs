use std::error::Error;
use std::io;

use super::code;
use super::healthcheck::Unwell;
use crate::completion;
use crate::config::ConfigError;
use crate::pki;
use crate::scenario::BadScenario;
use crate::simulator::{StartError, StopError};

/// Why the program could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Certificates(#[from] pki::Error),
    #[error("the root of signatures could not be had")]
    UserRoot(#[from] completion::Error),
    #[error("cannot print")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Unwell(#[from] Unwell),
    #[error("--scenario: {0} (--list-scenarios shows those there are)")]
    Scenario(BadScenario),
    #[error("the token of the control plane must be visible ASCII characters without blanks")]
    Token,
    #[error("the token of the control plane cannot be read from {file}")]
    TokenFile { file: String, source: io::Error },
    #[error("cannot run")]
    Runtime(#[source] io::Error),
    #[error("no temporary folder for the certificates")]
    TemporaryFolder(#[source] io::Error),
    #[error("cannot start")]
    Start(#[from] StartError),
    #[error("stopped, but not all was well")]
    Stop(#[from] StopError),
}

impl Failure {
    /// The exit code it means.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Scenario(_)
            | Self::Token
            | Self::Unwell(Unwell::Url(_) | Unwell::NoCertificates | Unwell::NotTls)
            | Self::Certificates(pki::Error::ServerName { .. })
            | Self::Start(
                StartError::NothingToListenOn
                | StartError::Config(_)
                | StartError::Scenario(_)
                | StartError::Certificates(pki::Error::ServerName { .. }),
            ) => code::REFUSED,
            Self::Certificates(_)
            | Self::UserRoot(_)
            | Self::Output(_)
            | Self::Runtime(_)
            | Self::TemporaryFolder(_)
            | Self::TokenFile { .. }
            | Self::Start(
                StartError::Certificates(_) | StartError::Random(_) | StartError::Listen { .. },
            )
            | Self::Stop(_)
            | Self::Unwell(
                Unwell::Certificates(_) | Unwell::Unreachable(..) | Unwell::Answer(..),
            ) => code::FAILED,
        }
    }

    /// What to do, where the message does not say it: the library knows no flags.
    fn advice(&self) -> Option<&'static str> {
        let Self::Start(StartError::Listen { source, .. }) = self else { return None };
        (source.kind() == io::ErrorKind::AddrInUse)
            .then_some("--port, --tls-port and --control-listen take other ports, 0 a free one")
    }

    /// The message with its causes.
    pub(super) fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let message = error.to_string();
            text.push_str(": ");
            text.push_str(&message);
            cause = error.source();
        }
        if let Some(advice) = self.advice() {
            text.push_str("; ");
            text.push_str(advice);
        }
        text
    }
}
