//! Distinguished names as BankID writes them: fixed order, `C` and `serialNumber` as `PrintableString`, the rest UTF-8.

use rcgen::{DistinguishedName, DnType, DnValue};

/// The kinds of attribute that occur in BankID's names (appendix B).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Country,
    Organization,
    OrganizationalUnit,
    Surname,
    GivenName,
    SerialNumber,
    Name,
    CommonName,
}

impl Attribute {
    fn last_arc(self) -> u64 {
        match self {
            Self::CommonName => 3,
            Self::Surname => 4,
            Self::SerialNumber => 5,
            Self::Country => 6,
            Self::Organization => 10,
            Self::OrganizationalUnit => 11,
            Self::Name => 41,
            Self::GivenName => 42,
        }
    }

    fn is_printable(self) -> bool {
        matches!(self, Self::Country | Self::SerialNumber)
    }
}

/// A name with its attributes in certificate order.
///
/// # Errors
/// A country or serial number with characters that `PrintableString` does not have.
pub(crate) fn distinguished_name(
    parts: &[(Attribute, &str)],
) -> Result<DistinguishedName, rcgen::Error> {
    let mut name = DistinguishedName::new();
    for &(attribute, text) in parts {
        let value = if attribute.is_printable() {
            DnValue::PrintableString(text.try_into()?)
        } else {
            DnValue::Utf8String(text.to_owned())
        };
        name.push(DnType::CustomDnType(vec![2, 5, 4, attribute.last_arc()]), value);
    }
    Ok(name)
}
