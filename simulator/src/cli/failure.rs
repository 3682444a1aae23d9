use std::error::Error;
use std::io;

use super::code;
use super::healthcheck::Unwell;
use crate::config::ConfigError;
use crate::pki;

/// Why the program could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Certificates(#[from] pki::Error),
    #[error("cannot print")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Unwell(#[from] Unwell),
}

impl Failure {
    /// The exit code it means.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Unwell(Unwell::Url(_)) | Self::Certificates(pki::Error::ServerName { .. }) => {
                code::REFUSED
            }
            Self::Certificates(_) | Self::Output(_) | Self::Unwell(Unwell::Unreachable(..) | Unwell::Answer(..)) => {
                code::FAILED
            }
        }
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
        text
    }
}
