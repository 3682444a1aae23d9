//! Why a signature could not be read.

/// Why a signature could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is larger than any legal order's (10.8).
    #[error("the signature is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// It is not base64: standard alphabet, padding, no line breaks.
    #[error("the signature is not base64")]
    NotBase64,
    /// The document is not UTF-8.
    #[error("the signature is not UTF-8")]
    NotUtf8,
    /// The document is not well-formed XML, has a DTD, or more elements than a signature has.
    #[error("the signature is not XML of the kind that BankID makes")]
    Xml(#[source] roxmltree::Error),
    /// The document is not built as section 10.2 says.
    #[error("{problem}")]
    Structure {
        /// What is not as it should be.
        problem: &'static str,
    },
    /// One of the certificates is none.
    #[error("certificate {position} of the signature cannot be read")]
    Certificate {
        /// Which one, the user's being 0.
        position: usize,
        /// What is wrong with it.
        source: BadCertificate,
    },
}

/// Why bytes are not a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// They are not base64.
    #[error("it is not base64")]
    NotBase64,
    /// They are not one certificate in DER, or more than one.
    #[error("it is not an X.509 certificate in DER")]
    NotDer,
    /// An extension that is read here is malformed.
    #[error("its {0} is malformed")]
    Extension(&'static str),
}
