//! Why a certificate and key cannot be used.

use bankid_signature::BadCertificate;

use crate::Code;
use crate::date::date;
use crate::pem::BadPem;

/// Why a certificate and key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The passphrase does not open the file.
    #[error("the passphrase does not open the file")]
    WrongPassphrase,
    /// The key is encrypted, and there is no passphrase.
    #[error("the key is encrypted, and no passphrase was given")]
    NoPassphrase,
    /// There is no private key.
    #[error("there is no private key")]
    MissingKey,
    /// There is more than one private key.
    #[error("there are {count} private keys; one is needed, with its certificate")]
    SeveralKeys {
        /// How many.
        count: usize,
    },
    /// No certificate belongs to the key.
    #[error("the private key belongs to none of the certificates")]
    KeyMismatch,
    /// The certificate is not valid any more.
    #[error("the certificate expired on {}", date(*not_after))]
    Expired {
        /// Until when it was valid, in Unix seconds.
        not_after: i64,
    },
    /// The certificate is not valid yet.
    #[error("the certificate is not valid before {}", date(*not_before))]
    NotYetValid {
        /// From when on it is valid, in Unix seconds.
        not_before: i64,
    },
    /// There is no certificate.
    #[error("there is no certificate")]
    MissingCertificate,
    /// The key is of a kind that TLS has no use for.
    #[error("the private key is damaged, or neither RSA nor ECDSA nor Ed25519")]
    UnusableKey,
    /// A certificate cannot be read.
    #[error("a certificate cannot be read")]
    BadCertificate(#[source] BadCertificate),
    /// The PEM text cannot be read.
    #[error("the PEM text cannot be read")]
    BadPem(#[from] BadPem),
    /// The file is not PKCS#12, or it is damaged.
    #[error("the file is not PKCS#12, or it is damaged")]
    BadPkcs12,
    /// The encrypted key is not PKCS#8, or it is damaged.
    #[error("the encrypted key is not PKCS#8, or it is damaged")]
    BadPkcs8,
    /// The passphrase fits, but the file's check value does not: something of it was changed.
    #[error("the file is damaged: its check value does not fit its content")]
    CheckValue,
    /// The file is encrypted in a way that is not known here.
    #[error("the file is encrypted in a way that is not known; write it anew with OpenSSL 3")]
    UnknownEncryption,
}

impl IdentityError {
    /// The code of the error.
    pub const fn code(&self) -> Code {
        match self {
            Self::WrongPassphrase | Self::NoPassphrase => Code::WrongPassphrase,
            Self::MissingKey => Code::MissingKey,
            Self::SeveralKeys { .. } => Code::SeveralKeys,
            Self::KeyMismatch => Code::KeyMismatch,
            Self::Expired { .. } => Code::CertificateExpired,
            Self::NotYetValid { .. } => Code::CertificateNotYetValid,
            Self::MissingCertificate
            | Self::UnusableKey
            | Self::BadCertificate(_)
            | Self::BadPem(_)
            | Self::BadPkcs12
            | Self::BadPkcs8
            | Self::CheckValue
            | Self::UnknownEncryption => Code::BadIdentity,
        }
    }
}
