//! Reading PEM (RFC 7468): the sections of a text, whatever stands between them.
//!
//! BankID's own file begins with lines of "bag attributes" (1.4). Sections that nobody asks for are passed over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Sections of one text; more are a mistake.
const SECTIONS_MAX: usize = 64;

/// One section.
pub(crate) struct Section<'a> {
    pub(crate) label: &'a str,
    pub(crate) der: Vec<u8>,
}

/// Why a text is not PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPem {
    /// It is not text.
    #[error("it is not text")]
    NotText,
    /// A section does not end.
    #[error("a section has no END line")]
    NoEnd,
    /// A section is not base64.
    #[error("a section is not base64")]
    NotBase64,
    /// A section is encrypted in the form that OpenSSL used before PKCS#8.
    #[error("a key is encrypted in OpenSSL's old form; convert it with `openssl pkcs8 -topk8`")]
    OldEncryption,
    /// There are more sections than anybody needs.
    #[error("there are more than {SECTIONS_MAX} sections")]
    TooMany,
}

/// The sections of a text, in order.
pub(crate) fn sections(text: &[u8]) -> Result<Vec<Section<'_>>, BadPem> {
    let text = std::str::from_utf8(text).map_err(|_position| BadPem::NotText)?;
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = between(line, "-----BEGIN ") else { continue };
        if found.len() == SECTIONS_MAX {
            return Err(BadPem::TooMany);
        }
        let mut base64 = String::new();
        loop {
            let line = lines.next().ok_or(BadPem::NoEnd)?;
            if between(line, "-----END ") == Some(label) {
                break;
            }
            if line.starts_with("Proc-Type:") {
                return Err(BadPem::OldEncryption);
            }
            base64.push_str(line);
        }
        let der = STANDARD.decode(base64).map_err(|_position| BadPem::NotBase64)?;
        found.push(Section { label, der });
    }
    Ok(found)
}

fn between<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}
