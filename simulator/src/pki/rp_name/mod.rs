//! Reading a relying party's certificate: its name in signed data, and what its orders are bound to.

use core::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use x509_parser::asn1_rs::{Any, Tag, ToDer as _};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// How a relying party is named in signed data (`srvInfo`, section 10.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpName {
    /// The subject in the form of section 10.4.
    pub dn: String,
    /// What the app shows the user.
    pub display_name: String,
}

impl RpName {
    /// The name for callers without a certificate, on the plain port.
    pub fn plain() -> Self {
        Self {
            dn: "cn=plain,name=Plain HTTP,o=bankid-simulator,c=SE".to_owned(),
            display_name: "Plain HTTP".to_owned(),
        }
    }
}

/// The name of the relying party with this certificate.
///
/// The display name is the `name` attribute; a certificate without one is shown by its common name or organisation.
/// Bytes that are no certificate, which TLS lets nobody through with, count as the plain port's.
pub fn rp_name(certificate: &[u8]) -> RpName {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else {
        return RpName::plain();
    };
    let subject = certificate.subject();
    let display_name = [NAME, COMMON_NAME, ORGANIZATION]
        .into_iter()
        .find_map(|oid| {
            subject.iter_attributes().find(|attribute| last_arc(attribute) == Some(oid))
        })
        .and_then(|attribute| text(attribute.attr_value()))
        .unwrap_or_default();
    RpName { dn: distinguished_name(subject), display_name }
}

/// What orders are bound to: SHA-256 of the certificate.
pub fn rp_fingerprint(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

const COMMON_NAME: u64 = 3;
const ORGANIZATION: u64 = 10;
const NAME: u64 = 41;

/// RFC 4514 order (last RDN first), joined by comma without blanks, with the type names that BankID uses.
fn distinguished_name(name: &X509Name<'_>) -> String {
    let rdns: Vec<_> = name.iter_rdn().collect();
    let mut text = String::new();
    for rdn in rdns.into_iter().rev() {
        for (index, attribute) in rdn.iter().enumerate() {
            if !text.is_empty() {
                text.push(if index == 0 { ',' } else { '+' });
            }
            push_attribute(&mut text, attribute);
        }
    }
    text
}

fn push_attribute(out: &mut String, attribute: &AttributeTypeAndValue<'_>) {
    let known = match last_arc(attribute) {
        Some(COMMON_NAME) => Some("cn"),
        Some(4) => Some("sn"),
        Some(5) => Some("serialNumber"),
        Some(6) => Some("c"),
        Some(7) => Some("l"),
        Some(8) => Some("st"),
        Some(9) => Some("street"),
        Some(ORGANIZATION) => Some("o"),
        Some(11) => Some("ou"),
        Some(NAME) => Some("name"),
        Some(42) => Some("givenName"),
        Some(_) | None => None,
    };
    if let Some((key, value)) = known.zip(text(attribute.attr_value())) {
        out.push_str(key);
        out.push('=');
        push_escaped(out, &value);
        return;
    }
    // RFC 4514, section 2.4: an unknown type or string is written as its number and the bytes of its DER.
    out.push_str(&attribute.attr_type().to_id_string());
    out.push_str("=#");
    for byte in attribute.attr_value().to_der_vec().unwrap_or_default() {
        // Writing to a String cannot fail.
        let _always = write!(out, "{byte:02x}");
    }
}

/// Escapes as RFC 4514, section 2.4, requires.
fn push_escaped(out: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        let special = match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            ' ' => index == 0 || index == last,
            '#' => index == 0,
            '\0' => {
                out.push_str("\\00");
                continue;
            }
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
    }
}

/// The number after 2.5.4, under which all attribute types of X.520 lie.
fn last_arc(attribute: &AttributeTypeAndValue<'_>) -> Option<u64> {
    let mut arcs = attribute.attr_type().iter()?;
    match (arcs.next(), arcs.next(), arcs.next(), arcs.next(), arcs.next()) {
        (Some(2), Some(5), Some(4), Some(last), None) => Some(last),
        _ => None,
    }
}

/// The text of any of the string types that names are written in.
fn text(value: &Any<'_>) -> Option<String> {
    let bytes = value.data;
    match value.header.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString => {
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
        // Officially T.61, in practice always Latin-1.
        Tag::T61String => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::BmpString if bytes.len().is_multiple_of(2) => {
            let units = bytes
                .chunks_exact(2)
                .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
                .map(u16::from_be_bytes);
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
