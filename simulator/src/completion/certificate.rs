//! The certificates of the hierarchy: persons, the responder that vouches for them, and the authorities above (sections
//! 10.5 and 10.7).

use bankid_core::request::Operation;
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair, SerialNumber};
use sha2::{Digest as _, Sha256};
use time::{Date, Duration, OffsetDateTime};

use super::{BankIdKind, Person, swedish};
use crate::pki::extension::{self, KeyUse};
use crate::pki::subject::{Attribute, distinguished_name};

/// What a person's key is for: each BankID has one to identify and one to sign (section 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Usage {
    Identification,
    Signing,
}

impl Usage {
    /// The key that an operation uses. For payments none is known; signing is chosen (section 10.3).
    pub(super) fn of(operation: Operation) -> Self {
        match operation {
            Operation::Auth | Operation::PhoneAuth => Self::Identification,
            Operation::Sign
            | Operation::PhoneSign
            | Operation::Payment
            | Operation::OtherPayment => Self::Signing,
        }
    }

    /// `funcId` of the signed data.
    pub(super) fn func_id(self) -> &'static str {
        match self {
            Self::Identification => "Identification",
            Self::Signing => "Signing",
        }
    }

    fn key_use(self) -> KeyUse {
        match self {
            Self::Identification => KeyUse::DigitalSignature,
            Self::Signing => KeyUse::NonRepudiation,
        }
    }
}

/// The name of one of the hierarchy's authorities.
pub(super) type Subject = [(Attribute, &'static str)];

pub(super) const ROOT: &Subject = &[
    (Attribute::Organization, "bankid-simulator"),
    (Attribute::OrganizationalUnit, "Simulated Member Banks CA"),
    (Attribute::CommonName, "bankid-simulator Root CA (not BankID)"),
];

const BANK_NAME: &str = "Testbank A AB (publ)";
const BANK_NUMBER: &str = "111111111111";

/// The bank's own authority.
pub(super) const BANK: &Subject = &in_bank("Testbank A CA v1 for BankID Test");

const fn in_bank(common_name: &'static str) -> [(Attribute, &'static str); 4] {
    [
        (Attribute::Country, "SE"),
        (Attribute::Organization, BANK_NAME),
        (Attribute::SerialNumber, BANK_NUMBER),
        (Attribute::CommonName, common_name),
    ]
}

/// The bank's authority for one kind of BankID.
pub(super) const fn customer_authority(kind: BankIdKind) -> [(Attribute, &'static str); 4] {
    in_bank(match kind {
        BankIdKind::File => "Testbank A Customer CA1 v1 for BankID Test",
        BankIdKind::Card => "Testbank A Customer CA2 v1 for BankID Test",
        BankIdKind::Mobile => "Testbank A Customer CA3 v1 for BankID Test",
    })
}

/// The responder of that authority.
pub(super) const fn responder(kind: BankIdKind) -> [(Attribute, &'static str); 4] {
    in_bank(match kind {
        BankIdKind::File => "Testbank A Customer CA1 v1 for BankID Test OCSP Signing",
        BankIdKind::Card => "Testbank A Customer CA2 v1 for BankID Test OCSP Signing",
        BankIdKind::Mobile => "Testbank A Customer CA3 v1 for BankID Test OCSP Signing",
    })
}

/// The policy of a kind as numbers.
pub(super) const fn policy(kind: BankIdKind) -> [u64; 5] {
    match kind {
        BankIdKind::File => [1, 2, 3, 4, 5],
        BankIdKind::Card => [1, 2, 3, 4, 10],
        BankIdKind::Mobile => [1, 2, 3, 4, 25],
    }
}

/// Root, bank authority and responder carry the policy of BankID on file whatever the kind (section 3).
pub(super) const GENERAL_POLICY: [u64; 5] = policy(BankIdKind::File);

/// First and last moment of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Validity {
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
}

impl Validity {
    /// That of every authority: as long as BankID's own of the test environment.
    pub(super) fn of_authorities() -> Self {
        /// 2011-09-22 and 2034-12-31.
        const SECONDS: (i64, i64) = (1_316_649_600, 2_051_136_000);
        Self {
            not_before: OffsetDateTime::UNIX_EPOCH + Duration::seconds(SECONDS.0),
            not_after: OffsetDateTime::UNIX_EPOCH + Duration::seconds(SECONDS.1),
        }
    }

    /// That of a person's certificate: from the day of issue for as many years as the kind has, and at any rate such
    /// that the certificate is valid when the order is finished, whatever the lane's clock says.
    pub(super) fn of_person(
        kind: BankIdKind,
        issued: Option<Date>,
        finished: OffsetDateTime,
    ) -> Self {
        let finish_day = swedish::day_of(finished);
        let issued = issued.unwrap_or(finish_day).min(finish_day);
        let until = |years| {
            let last_day = swedish::years_later(issued, years);
            swedish::midnight(last_day.next_day().unwrap_or(last_day)) - Duration::SECOND
        };
        let mut not_after = until(match kind {
            BankIdKind::File => 1,
            BankIdKind::Mobile => 2,
            BankIdKind::Card => 5,
        });
        if not_after <= finished {
            not_after = until(finish_day.year() - issued.year() + 1);
        }
        Self { not_before: swedish::midnight(issued), not_after }
    }

    /// That of the responder's certificate at a moment: half a year and a week.
    pub(super) fn of_responder(at: OffsetDateTime) -> Self {
        let day = swedish::day_of(at);
        let (first, next) = half_year(day);
        Self {
            not_before: swedish::midnight(first),
            not_after: swedish::midnight(next) + Duration::WEEK - Duration::SECOND,
        }
    }
}

/// The half of a calendar year in which a day lies: its first day, and the first of the next half.
fn half_year(day: Date) -> (Date, Date) {
    let start = |year, month| Date::from_calendar_date(year, month, 1).unwrap_or(day);
    if day.month() < time::Month::July {
        (start(day.year(), time::Month::January), start(day.year(), time::Month::July))
    } else {
        (start(day.year(), time::Month::July), start(day.year() + 1, time::Month::January))
    }
}

/// An authority's certificate, not yet signed. `issuer_key` is its own for the root.
pub(super) fn authority_params(
    subject: &Subject,
    key: &KeyPair,
    issuer_key: &KeyPair,
    policy: &[u64],
) -> Result<CertificateParams, rcgen::Error> {
    let extensions = vec![
        extension::subject_key_id(key_id(key)),
        extension::authority(),
        extension::authority_key_id(key_id(issuer_key)),
        extension::policy(policy),
        extension::key_usage(KeyUse::CertificateAndCrlSigning),
    ];
    let serial = serial(&[key.public_key_raw()]);
    Ok(params(distinguished_name(subject)?, serial, Validity::of_authorities(), extensions))
}

/// A responder's certificate, not yet signed.
pub(super) fn responder_params(
    kind: BankIdKind,
    validity: Validity,
    key: &KeyPair,
    issuer_key: &KeyPair,
) -> Result<CertificateParams, rcgen::Error> {
    const OCSP_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 9];
    let extensions = vec![
        extension::policy(&GENERAL_POLICY),
        extension::extended_key_usage(&OCSP_SIGNING, true),
        extension::key_usage(KeyUse::NonRepudiation),
        extension::ocsp_no_check(),
        extension::authority_key_id(key_id(issuer_key)),
        extension::subject_key_id(key_id(key)),
    ];
    let begin = validity.not_before.unix_timestamp().to_be_bytes();
    let serial = serial(&[key.public_key_raw(), kind.policy().as_bytes(), &begin]);
    Ok(params(distinguished_name(&responder(kind))?, serial, validity, extensions))
}

/// A person's certificate, not yet signed, and its serial number.
pub(super) fn person_params(
    person: &Person,
    kind: BankIdKind,
    usage: Usage,
    validity: Validity,
    key: &KeyPair,
    issuer_key: &KeyPair,
) -> Result<(CertificateParams, Serial), rcgen::Error> {
    let number = person.personal_number.expose();
    let label = label(person, kind, validity);
    let subject = distinguished_name(&[
        (Attribute::Country, "SE"),
        (Attribute::Organization, BANK_NAME),
        (Attribute::Surname, &person.surname),
        (Attribute::GivenName, &person.given_name),
        (Attribute::SerialNumber, &number),
        (Attribute::Name, &label),
        (Attribute::CommonName, &person.name),
    ])?;
    let begin = validity.not_before.unix_timestamp().to_be_bytes();
    let end = validity.not_after.unix_timestamp().to_be_bytes();
    let serial = serial(&[key.public_key_raw(), number.as_bytes(), label.as_bytes(), &begin, &end]);
    let mut extensions = vec![
        extension::ocsp_responder("http://test.revocationstatus.se"),
        extension::policy(&policy(kind)),
        extension::key_usage(usage.key_use()),
        extension::authority_key_id(key_id(issuer_key)),
        extension::subject_key_id(key_id(key)),
    ];
    if kind == BankIdKind::Card {
        extensions.push(extension::card_number(u64::from_be_bytes(serial)));
    }
    Ok((params(subject, serial, validity, extensions), serial))
}

/// How the app lists the BankID. The time of issue is not known; nine in the morning is chosen.
fn label(person: &Person, kind: BankIdKind, validity: Validity) -> String {
    let name = &person.name;
    let day = swedish::day_of(validity.not_before);
    let (year, month, day) = (day.year().rem_euclid(100), u8::from(day.month()), day.day());
    match kind {
        BankIdKind::Card => format!("{name} - BankID på kort"),
        BankIdKind::File => format!("({year:02}{month:02}{day:02} 09.00) {name} - BankID på fil"),
        BankIdKind::Mobile => format!("({year:02}{month:02}{day:02} 09.00) {name} - Mobilt BankID"),
    }
}

/// The identifier of a key, in certificates and in OCSP.
pub(super) fn key_id(key: &KeyPair) -> [u8; 20] {
    extension::key_id(key.public_key_raw())
}

/// A serial number of 64 bits whose encoding always has eight bytes.
pub(super) type Serial = [u8; 8];

/// Serial numbers come from what they are for, so the same certificate is the same each time it is made.
fn serial(parts: &[&[u8]]) -> Serial {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let [first, second, third, fourth, fifth, sixth, seventh, eighth, ..] = digest;
    [first & 0x3f | 0x40, second, third, fourth, fifth, sixth, seventh, eighth]
}

fn params(
    subject: DistinguishedName,
    serial: Serial,
    validity: Validity,
    extensions: Vec<CustomExtension>,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = subject;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    params.custom_extensions = extensions;
    params
}
