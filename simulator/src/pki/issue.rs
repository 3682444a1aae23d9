//! Issuing: the two authorities, the server's certificate and those of the relying parties.

use std::fmt;

use rcgen::{CertificateParams, CustomExtension, Issuer, KeyPair, SanType};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use super::extension::{self, KeyUse};
use super::subject::{Attribute, distinguished_name};
use super::{Error, Identity};

/// A name as attributes in certificate order.
pub(super) type Subject = [(Attribute, &'static str)];

/// The authority behind the server certificate.
pub(super) const TLS_AUTHORITY: &Subject = &[
    (Attribute::Organization, "bankid-simulator"),
    (Attribute::CommonName, "bankid-simulator TLS CA (not BankID)"),
];

/// The authority behind the RP certificates. All numbers of organisations here have a wrong control digit, so that
/// they are nobody's.
pub(super) const RP_AUTHORITY: &Subject = &[
    (Attribute::Country, "SE"),
    (Attribute::Organization, "bankid-simulator"),
    (Attribute::SerialNumber, "5500000001"),
    (Attribute::CommonName, "bankid-simulator RP CA (not BankID)"),
];

/// A relying party that we make a certificate for.
#[derive(Debug)]
pub(super) struct RelyingParty {
    /// The stem of its file names.
    pub(super) stem: &'static str,
    pub(super) subject: &'static Subject,
}

/// The relying parties; the first is the one to use when it does not matter.
pub(super) const RELYING_PARTIES: &[RelyingParty] = &[
    RelyingParty {
        stem: "rp",
        subject: &[
            (Attribute::Country, "SE"),
            (Attribute::Organization, "Simulated Shop AB"),
            (Attribute::SerialNumber, "5500000011"),
            (Attribute::Name, "Simulated Shop"),
            (Attribute::CommonName, "bankid-simulator RP 1"),
        ],
    },
    RelyingParty {
        stem: "rp2",
        subject: &[
            (Attribute::Country, "SE"),
            (Attribute::Organization, "Simulated Clinic AB"),
            (Attribute::SerialNumber, "5500000021"),
            (Attribute::Name, "Simulated Clinic"),
            (Attribute::CommonName, "bankid-simulator RP 2"),
        ],
    },
];

/// Names that every server certificate covers.
pub(super) const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const AUTHORITY_DAYS: i64 = 3650;
/// No longer than what the strictest common TLS clients accept.
const SERVER_DAYS: i64 = 397;
const RELYING_PARTY_DAYS: i64 = 730;
/// Clocks of other machines may be behind ours.
const EARLIER: Duration = Duration::DAY;

/// The policy of RP certificates and of BankID on file in BankID's test environment.
const TEST_POLICY: [u64; 5] = [1, 2, 3, 4, 5];
const SERVER_AUTH: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 1];

/// An authority: its certificate and the key that signs for it.
pub(super) struct Authority {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    not_after: OffsetDateTime,
}

impl Authority {
    pub(super) fn generate(subject: &Subject, now_ms: u64) -> Result<Self, Error> {
        let failed = |source| Error::Issue { subject: common_name(subject), source };
        let key = KeyPair::generate().map_err(failed)?;
        let id = extension::key_id(key.public_key_raw());
        let not_after = at(now_ms) + Duration::days(AUTHORITY_DAYS);
        let extensions = vec![
            extension::subject_key_id(id),
            extension::authority(),
            extension::key_usage(KeyUse::CertificateAndCrlSigning),
        ];
        let params = params(subject, at(now_ms), not_after, extensions).map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?.into();
        Ok(Self { certificate, key, not_after })
    }

    /// An authority read from a folder.
    pub(super) fn existing(
        certificate: CertificateDer<'static>,
        key: KeyPair,
        not_after: OffsetDateTime,
    ) -> Self {
        Self { certificate, key, not_after }
    }

    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The private key as PKCS#8 DER.
    pub(super) fn key(&self) -> PrivatePkcs8KeyDer<'_> {
        self.key.serialized_der().into()
    }

    fn issue(
        &self,
        params: &CertificateParams,
        key: &KeyPair,
    ) -> Result<CertificateDer<'static>, rcgen::Error> {
        let issuer = Issuer::from_ca_cert_der(&self.certificate, &self.key)?;
        Ok(params.signed_by(key, &issuer)?.into())
    }

    fn key_id(&self) -> [u8; 20] {
        extension::key_id(self.key.public_key_raw())
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// A server certificate for our own names and `names`.
pub(super) fn server(
    authority: &Authority,
    names: &[String],
    now_ms: u64,
) -> Result<Identity, Error> {
    let subject: &Subject =
        &[(Attribute::Organization, "bankid-simulator"), (Attribute::CommonName, "localhost")];
    let failed = |source| Error::Issue { subject: common_name(subject), source };
    let key = KeyPair::generate().map_err(failed)?;
    let extensions = vec![
        extension::key_usage(KeyUse::DigitalSignature),
        extension::extended_key_usage(&SERVER_AUTH, false),
        extension::authority_key_id(authority.key_id()),
        extension::subject_key_id(extension::key_id(key.public_key_raw())),
    ];
    let mut params = params(subject, at(now_ms), end(authority, now_ms, SERVER_DAYS), extensions)
        .map_err(failed)?;
    params.subject_alt_names = alternative_names(names)?;
    let certificate = authority.issue(&params, &key).map_err(failed)?;
    Ok(Identity::new("server", certificate, key.serialize_der().into()))
}

/// An RP certificate in the shape of section 1.4: no extended key usage, no basic constraints.
pub(super) fn relying_party(
    authority: &Authority,
    party: &RelyingParty,
    now_ms: u64,
) -> Result<Identity, Error> {
    let failed = |source| Error::Issue { subject: common_name(party.subject), source };
    let key = KeyPair::generate().map_err(failed)?;
    let extensions = vec![
        extension::policy(&TEST_POLICY),
        extension::key_usage(KeyUse::DigitalSignature),
        extension::authority_key_id(authority.key_id()),
        extension::subject_key_id(extension::key_id(key.public_key_raw())),
    ];
    let params =
        params(party.subject, at(now_ms), end(authority, now_ms, RELYING_PARTY_DAYS), extensions)
            .map_err(failed)?;
    let certificate = authority.issue(&params, &key).map_err(failed)?;
    Ok(Identity::new(party.stem, certificate, key.serialize_der().into()))
}

/// Our own names and those asked for, each once.
pub(super) fn alternative_names(names: &[String]) -> Result<Vec<SanType>, Error> {
    let mut all: Vec<SanType> = Vec::with_capacity(OWN_NAMES.len() + names.len());
    for name in OWN_NAMES.into_iter().chain(names.iter().map(String::as_str)) {
        let parsed =
            alternative_name(name).ok_or_else(|| Error::ServerName { name: name.to_owned() })?;
        if !all.contains(&parsed) {
            all.push(parsed);
        }
    }
    Ok(all)
}

fn alternative_name(name: &str) -> Option<SanType> {
    if let Ok(address) = name.parse() {
        return Some(SanType::IpAddress(address));
    }
    // A wildcard is no host name, but it is a legal entry of a certificate.
    let host = name.strip_prefix("*.").unwrap_or(name);
    rustls::pki_types::DnsName::try_from(host).ok()?;
    Some(SanType::DnsName(name.to_ascii_lowercase().try_into().ok()?))
}

fn end(authority: &Authority, now_ms: u64, days: i64) -> OffsetDateTime {
    (at(now_ms) + Duration::days(days)).min(authority.not_after)
}

/// Far beyond any real time, and leaves room to add years without overflow.
const LATEST_SECOND: u64 = 250_000_000_000;

/// The moment, to the second; moments after the year 9892 count as that year.
pub(crate) fn at(unix_ms: u64) -> OffsetDateTime {
    let seconds = i64::try_from((unix_ms / 1000).min(LATEST_SECOND)).unwrap_or_default();
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

fn params(
    subject: &Subject,
    now: OffsetDateTime,
    not_after: OffsetDateTime,
    extensions: Vec<CustomExtension>,
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished_name(subject)?;
    params.not_before = now - EARLIER;
    params.not_after = not_after;
    params.custom_extensions = extensions;
    Ok(params)
}

fn common_name(subject: &Subject) -> String {
    subject.iter().rev().map(|&(_, text)| text).next().unwrap_or_default().to_owned()
}
