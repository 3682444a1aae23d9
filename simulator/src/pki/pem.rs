//! Writing PEM. Reading is left to `rustls::pki_types`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const CERTIFICATE: &str = "CERTIFICATE";
pub(super) const PRIVATE_KEY: &str = "PRIVATE KEY";
pub(super) const ENCRYPTED_PRIVATE_KEY: &str = "ENCRYPTED PRIVATE KEY";

/// A certificate as PEM.
pub(crate) fn certificate(der: &[u8]) -> String {
    encode(CERTIFICATE, der)
}

/// Wraps `der` in PEM armour with lines of 64 characters (RFC 7468).
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    const BYTES_PER_LINE: usize = 48;
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(BYTES_PER_LINE) {
        STANDARD.encode_string(line, &mut text);
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}
