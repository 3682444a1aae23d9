//! What can go wrong with a call, with a stable code for programs and what may be done about it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bankid_core::collect::CompletionData;
use bankid_core::error::{ApiError, ErrorCode, Invalid};
use bankid_core::order::OrderRef;
use bankid_core::v5;
use bankid_core::verify::Refusal;

use crate::retry::{Failure, policy};
use crate::{Call, IdentityError, Retry};

/// Why a call failed, or a client could not be made. An order that fails is no error: it is an answer of collect.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request would be refused by BankID, so it was not sent (2.12, 6.3).
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// BankID refused it. Where the answer held no document, the code is that of its status (6.2).
    #[error("BankID refused {call} with {status} {}", error.error_code.as_str())]
    Refused {
        /// The operation.
        call: Call,
        /// The HTTP status.
        status: u16,
        /// What BankID said.
        error: Box<ApiError>,
    },
    /// It took too long.
    #[error("{call} took longer than {} ms", after.as_millis())]
    Timeout {
        /// The operation.
        call: Call,
        /// The limit that was reached.
        after: Duration,
        /// Whether the request may have reached BankID.
        sent: bool,
    },
    /// There was no connection, or it broke.
    #[error("the connection for {call} failed")]
    Connection {
        /// The operation.
        call: Call,
        /// Whether the request may have reached BankID.
        sent: bool,
        /// What the system or the HTTP layer says.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// Client and server did not agree to talk.
    #[error("{fault}")]
    Tls {
        /// The operation.
        call: Call,
        /// Who refused whom.
        fault: TlsFault,
        /// What the TLS layer says.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The answer is not one of BankID's.
    #[error("the answer to {call} with status {status} cannot be used")]
    BadAnswer {
        /// The operation.
        call: Call,
        /// The HTTP status; 0 if there was none.
        status: u16,
        /// What is wrong with it.
        #[source]
        problem: BadAnswer,
    },
    /// The result was handed out in an answer that got lost, and BankID gives it only once (4.4).
    #[error("the result of the order got lost on its way; the order must be started again")]
    ResultLost {
        /// The order.
        order_ref: OrderRef,
    },
    /// The result did not pass the verification that the client was given.
    #[error("the result of the order was refused")]
    CompletionRefused(#[source] Box<RefusedCompletion>),
    /// Following the order was given up by the caller.
    #[error("following the order was aborted")]
    Aborted,
    /// The certificate and key cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A setting does not hold.
    #[error("{setting} is not usable: {problem}")]
    Configuration {
        /// The setting, as it is named in JavaScript and in configuration files.
        setting: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

/// Who refused whom during the TLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// The server showed a certificate that is not vouched for by the endpoint's roots, not valid, or for another host.
    #[error("the server's certificate is not to be trusted")]
    ServerCertificate,
    /// The server refused the client's certificate (1.3).
    #[error("the server refused the client certificate")]
    ClientCertificate,
    /// Anything else.
    #[error("the TLS handshake failed")]
    Handshake,
}

/// What is wrong with an answer.
#[derive(Debug, thiserror::Error)]
pub enum BadAnswer {
    /// It is longer than the client is willing to read.
    #[error("it is longer than the limit of {limit_bytes} bytes (responseLimitBytes)")]
    TooLong {
        /// The limit.
        limit_bytes: usize,
    },
    /// It is not the document that the operation answers.
    #[error("it is not the document that belongs to this operation")]
    Document(#[source] serde_json::Error),
    /// It is not an error document, and its status does not tell more.
    #[error("it is no document of BankID's")]
    NoDocument,
    /// It is not HTTP.
    #[error("it is not HTTP")]
    Http(#[source] Box<dyn StdError + Send + Sync>),
}

/// A completion that was refused. It can be collected only once, so it is kept here as evidence; `Debug` hides it.
#[derive(thiserror::Error)]
#[error("{refusal}")]
pub struct RefusedCompletion {
    /// The order.
    pub order_ref: OrderRef,
    /// Which step failed, and why.
    pub refusal: Refusal,
    /// What was refused.
    pub evidence: Evidence,
}

impl fmt::Debug for RefusedCompletion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusedCompletion")
            .field("order_ref", &self.order_ref)
            .field("refusal", &self.refusal)
            .finish_non_exhaustive()
    }
}

/// Completion data of either version; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Of v6.0.
    V6(Box<CompletionData>),
    /// Of v5.1.
    V5(Box<v5::CompletionData>),
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Evidence(hidden)")
    }
}

impl From<Box<CompletionData>> for Evidence {
    fn from(data: Box<CompletionData>) -> Self {
        Self::V6(data)
    }
}

impl From<Box<v5::CompletionData>> for Evidence {
    fn from(data: Box<v5::CompletionData>) -> Self {
        Self::V5(data)
    }
}

/// The codes of errors that are the client's own. BankID's codes stand beside them (6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// It took too long.
    Timeout,
    /// There was no connection, or it broke.
    ConnectionFailed,
    /// Client and server did not agree to talk.
    TlsFailed,
    /// The answer is not one of BankID's.
    BadAnswer,
    /// The result got lost on its way.
    ResultLost,
    /// The result did not pass verification.
    CompletionRefused,
    /// The caller gave up.
    Aborted,
    /// The passphrase does not open the file.
    WrongPassphrase,
    /// The file holds no private key.
    MissingKey,
    /// The file holds more than one private key.
    SeveralKeys,
    /// The key is another certificate's.
    KeyMismatch,
    /// The certificate is not valid any more.
    CertificateExpired,
    /// The certificate is not valid yet.
    CertificateNotYetValid,
    /// The file cannot be read.
    BadIdentity,
    /// A setting does not hold.
    BadConfiguration,
}

impl Code {
    /// Every code, in the order above.
    pub const ALL: [Self; 15] = [
        Self::Timeout,
        Self::ConnectionFailed,
        Self::TlsFailed,
        Self::BadAnswer,
        Self::ResultLost,
        Self::CompletionRefused,
        Self::Aborted,
        Self::WrongPassphrase,
        Self::MissingKey,
        Self::SeveralKeys,
        Self::KeyMismatch,
        Self::CertificateExpired,
        Self::CertificateNotYetValid,
        Self::BadIdentity,
        Self::BadConfiguration,
    ];

    /// The code as it stands in errors; never renamed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ConnectionFailed => "connectionFailed",
            Self::TlsFailed => "tlsFailed",
            Self::BadAnswer => "badAnswer",
            Self::ResultLost => "resultLost",
            Self::CompletionRefused => "completionRefused",
            Self::Aborted => "aborted",
            Self::WrongPassphrase => "wrongPassphrase",
            Self::MissingKey => "missingKey",
            Self::SeveralKeys => "severalKeys",
            Self::KeyMismatch => "keyMismatch",
            Self::CertificateExpired => "certificateExpired",
            Self::CertificateNotYetValid => "certificateNotYetValid",
            Self::BadIdentity => "badIdentity",
            Self::BadConfiguration => "badConfiguration",
        }
    }
}

impl Error {
    /// A stable word for programs: BankID's `errorCode` as it came, or one of [`Code`].
    pub fn code(&self) -> &str {
        let own = match self {
            Self::Refused { error, .. } => return error.error_code.as_str(),
            Self::Invalid(_) => return ErrorCode::InvalidParameters.as_str(),
            Self::Timeout { .. } => Code::Timeout,
            Self::Connection { .. } => Code::ConnectionFailed,
            Self::Tls { .. } => Code::TlsFailed,
            Self::BadAnswer { .. } => Code::BadAnswer,
            Self::ResultLost { .. } => Code::ResultLost,
            Self::CompletionRefused(_) => Code::CompletionRefused,
            Self::Aborted => Code::Aborted,
            Self::Identity(error) => error.code(),
            Self::Configuration { .. } => Code::BadConfiguration,
        };
        own.as_str()
    }

    /// BankID's code, where it was BankID's rules that refused the call: for the choice of a message (9.1).
    pub fn error_code(&self) -> Option<&ErrorCode> {
        match self {
            Self::Refused { error, .. } => Some(&error.error_code),
            Self::Invalid(_) => Some(&ErrorCode::InvalidParameters),
            Self::Timeout { .. }
            | Self::Connection { .. }
            | Self::Tls { .. }
            | Self::BadAnswer { .. }
            | Self::ResultLost { .. }
            | Self::CompletionRefused(_)
            | Self::Aborted
            | Self::Identity(_)
            | Self::Configuration { .. } => None,
        }
    }

    /// What may be done about it (6.4).
    pub fn retry(&self) -> Retry {
        match self {
            Self::Refused { call, status, .. } => policy(*call, Failure::Status(*status)),
            Self::Timeout { call, sent, .. } | Self::Connection { call, sent, .. } => {
                policy(*call, if *sent { Failure::NoAnswer } else { Failure::NotSent })
            }
            // The request was not taken, but the same certificates would be refused again.
            Self::Tls { call, fault: TlsFault::Handshake, .. } => policy(*call, Failure::NotSent),
            Self::BadAnswer { call, status: status @ 300.., .. } => {
                policy(*call, Failure::Status(*status))
            }
            Self::Tls {
                fault: TlsFault::ServerCertificate | TlsFault::ClientCertificate, ..
            }
            | Self::BadAnswer { .. }
            | Self::Invalid(_)
            | Self::ResultLost { .. }
            | Self::CompletionRefused(_)
            | Self::Aborted
            | Self::Identity(_)
            | Self::Configuration { .. } => Retry::Never,
        }
    }

    /// BankID's `details`, or what BankID would have said: for the relying party's developers, never for users.
    pub fn details(&self) -> Option<&str> {
        match self {
            Self::Invalid(invalid) => Some(invalid.details()),
            Self::Refused { error, .. } => error.details.as_deref(),
            Self::CompletionRefused(refused) => Some(&refused.refusal.reason),
            Self::Configuration { problem, .. } => Some(problem),
            Self::Timeout { .. }
            | Self::Connection { .. }
            | Self::Tls { .. }
            | Self::BadAnswer { .. }
            | Self::ResultLost { .. }
            | Self::Aborted
            | Self::Identity(_) => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } | Self::BadAnswer { status: status @ 1.., .. } => {
                Some(*status)
            }
            Self::BadAnswer { .. }
            | Self::Invalid(_)
            | Self::Timeout { .. }
            | Self::Connection { .. }
            | Self::Tls { .. }
            | Self::ResultLost { .. }
            | Self::CompletionRefused(_)
            | Self::Aborted
            | Self::Identity(_)
            | Self::Configuration { .. } => None,
        }
    }

    /// The member of the request at fault, as a path of wire names, or the setting at fault.
    pub fn member(&self) -> Option<&'static str> {
        match self {
            Self::Invalid(invalid) => invalid.member(),
            Self::Configuration { setting, .. } => Some(setting),
            Self::Refused { .. }
            | Self::Timeout { .. }
            | Self::Connection { .. }
            | Self::Tls { .. }
            | Self::BadAnswer { .. }
            | Self::ResultLost { .. }
            | Self::CompletionRefused(_)
            | Self::Aborted
            | Self::Identity(_) => None,
        }
    }

    pub(crate) fn configuration(setting: &'static str, problem: impl Into<String>) -> Self {
        Self::Configuration { setting, problem: problem.into() }
    }
}

#[cfg(test)]
mod tests;
