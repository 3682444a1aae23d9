//! What a certificate says (10.5): whose it is, who issued it, when it is valid and what for.

use std::fmt;

use bankid_core::PersonalNumber;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use crate::BadCertificate;

/// A certificate's facts. Nothing of them is verified. `Debug` shows nothing of the subject, who may be a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Box<[u8]>,
    subject: Name,
    issuer: Name,
    serial_number: Box<str>,
    not_before_ms: i64,
    not_after_ms: i64,
    policies: Vec<Box<str>>,
    key_usage: KeyUsage,
    public_key: Box<[u8]>,
}

impl Certificate {
    /// Reads one certificate.
    ///
    /// # Errors
    /// The bytes are something else, or an extension that is read here is malformed.
    pub fn from_der(der: &[u8]) -> Result<Self, BadCertificate> {
        let (rest, read) =
            X509Certificate::from_der(der).map_err(|_malformed| BadCertificate::NotDer)?;
        if !rest.is_empty() {
            return Err(BadCertificate::NotDer);
        }
        let validity = read.validity();
        Ok(Self {
            der: der.into(),
            subject: Name::of(read.subject()),
            issuer: Name::of(read.issuer()),
            serial_number: base16ct::upper::encode_string(read.tbs_certificate.raw_serial()).into(),
            not_before_ms: validity.not_before.timestamp().saturating_mul(1_000),
            not_after_ms: validity.not_after.timestamp().saturating_mul(1_000),
            policies: policies(&read)?,
            key_usage: key_usage(&read)?,
            public_key: read.public_key().raw.into(),
        })
    }

    /// The certificate as it came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whose it is.
    pub const fn subject(&self) -> &Name {
        &self.subject
    }

    /// Who issued it, by its own word.
    pub const fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// The serial number in upper-case hexadecimal digits.
    pub fn serial_number(&self) -> &str {
        &self.serial_number
    }

    /// When its validity starts, in Unix milliseconds.
    pub const fn not_before_ms(&self) -> i64 {
        self.not_before_ms
    }

    /// When its validity ends, in Unix milliseconds.
    pub const fn not_after_ms(&self) -> i64 {
        self.not_after_ms
    }

    /// Its policies; for a user's certificate that is the kind of BankID (section 3).
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.policies.iter().map(|oid| &**oid)
    }

    /// The one policy; nothing if there are none or several.
    pub fn policy(&self) -> Option<&str> {
        match &*self.policies {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What its key is for.
    pub const fn key_usage(&self) -> KeyUsage {
        self.key_usage
    }

    /// The public key, as `SubjectPublicKeyInfo` in DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Whether it names itself as its issuer, as roots do.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// The person whose it is: a `serialNumber` of twelve digits. In the names of authorities that is the number of an
    /// organisation, so ask only the user's own certificate (10.5).
    pub fn personal_number(&self) -> Option<PersonalNumber> {
        self.subject.serial_number()?.parse().ok()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("not_before_ms", &self.not_before_ms)
            .field("not_after_ms", &self.not_after_ms)
            .field("policies", &self.policies)
            .field("key_usage", &self.key_usage)
            .finish_non_exhaustive()
    }
}

/// What the key of a certificate is for, as far as BankID uses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage {
    /// Identification.
    pub digital_signature: bool,
    /// Signing.
    pub non_repudiation: bool,
    /// Issuing certificates.
    pub key_cert_sign: bool,
}

/// A distinguished name. `Debug` hides it, since it may be a person's.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// Type and value, in the order of the certificate.
    attributes: Vec<(Box<str>, Box<str>)>,
}

/// The attribute types that BankID's names use, as they are written in `srvInfo/name` (10.4).
const ATTRIBUTES: [(&str, &str); 8] = [
    (COMMON_NAME, "cn"),
    (NAME, "name"),
    (SERIAL_NUMBER, "serialNumber"),
    (ORGANIZATION, "o"),
    ("2.5.4.11", "ou"),
    ("2.5.4.6", "c"),
    (SURNAME, "sn"),
    (GIVEN_NAME, "gn"),
];
const CERTIFICATE_POLICIES: &str = "2.5.29.32";
const COMMON_NAME: &str = "2.5.4.3";
const SURNAME: &str = "2.5.4.4";
const SERIAL_NUMBER: &str = "2.5.4.5";
const ORGANIZATION: &str = "2.5.4.10";
const NAME: &str = "2.5.4.41";
const GIVEN_NAME: &str = "2.5.4.42";

impl Name {
    fn of(name: &X509Name<'_>) -> Self {
        let attributes = name.iter_attributes();
        let pair = |attribute: &AttributeTypeAndValue<'_>| {
            (attribute.attr_type().to_id_string().into(), text(attribute))
        };
        Self { attributes: attributes.map(pair).collect() }
    }

    fn first(&self, oid: &str) -> Option<&str> {
        self.attributes.iter().find(|(kind, _)| **kind == *oid).map(|(_, value)| &**value)
    }

    /// `CN`: the person's full name, or what an authority is called.
    pub fn common_name(&self) -> Option<&str> {
        self.first(COMMON_NAME)
    }

    /// `SN`.
    pub fn surname(&self) -> Option<&str> {
        self.first(SURNAME)
    }

    /// `GN`.
    pub fn given_name(&self) -> Option<&str> {
        self.first(GIVEN_NAME)
    }

    /// `serialNumber`: a person's number, or an organisation's.
    pub fn serial_number(&self) -> Option<&str> {
        self.first(SERIAL_NUMBER)
    }

    /// `O`.
    pub fn organization(&self) -> Option<&str> {
        self.first(ORGANIZATION)
    }

    /// `name`: the label of a person's BankID (10.5), or the display name of a relying party (1.4).
    pub fn name(&self) -> Option<&str> {
        self.first(NAME)
    }
}

impl fmt::Display for Name {
    /// As in `srvInfo/name` (10.4): the last attribute first, commas without blanks, escaped as in RFC 4514.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (oid, value)) in self.attributes.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            let known = ATTRIBUTES.iter().find(|(known, _)| **known == **oid);
            write!(f, "{}=", known.map_or(&**oid, |(_, written)| written))?;
            let last = value.chars().count().saturating_sub(1);
            for (place, character) in value.chars().enumerate() {
                let edge = (place == 0 && matches!(character, ' ' | '#'))
                    || (place == last && character == ' ');
                if edge || matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\') {
                    f.write_str("\\")?;
                }
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(hidden)")
    }
}

/// An attribute's value: BankID writes UTF-8 and printable strings, other authorities may write older kinds.
fn text(attribute: &AttributeTypeAndValue<'_>) -> Box<str> {
    let value = attribute.attr_value();
    if value.header.tag() == Tag::BmpString {
        let units = value.data.chunks(2).map(|unit| match unit {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => u16::from(u8::MAX),
        });
        return char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    String::from_utf8_lossy(value.data).into()
}

fn policies(certificate: &X509Certificate<'_>) -> Result<Vec<Box<str>>, BadCertificate> {
    let mut found = Vec::new();
    for extension in certificate.extensions() {
        if extension.oid.to_id_string() != CERTIFICATE_POLICIES {
            continue;
        }
        let ParsedExtension::CertificatePolicies(policies) = extension.parsed_extension() else {
            return Err(BadCertificate::Extension("certificatePolicies"));
        };
        found.extend(policies.iter().map(|policy| policy.policy_id.to_id_string().into()));
    }
    Ok(found)
}

fn key_usage(certificate: &X509Certificate<'_>) -> Result<KeyUsage, BadCertificate> {
    let usage = certificate
        .key_usage()
        .map_err(|_malformed| BadCertificate::Extension("keyUsage"))?
        .map(|extension| extension.value);
    Ok(usage.map_or_else(KeyUsage::default, |usage| KeyUsage {
        digital_signature: usage.digital_signature(),
        non_repudiation: usage.non_repudiation(),
        key_cert_sign: usage.key_cert_sign(),
    }))
}

#[cfg(test)]
mod tests;
