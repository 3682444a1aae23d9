//! What follows from a personal number alone.

use bankid_core::PersonalNumber;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::IssueDate;
use crate::token::mix;

pub(super) const WOMEN: [&str; 16] = [
    "Agnes", "Alice", "Astrid", "Ebba", "Elsa", "Emma", "Freja", "Ines", "Julia", "Klara",
    "Linnéa", "Maja", "Märta", "Saga", "Selma", "Åsa",
];
pub(super) const MEN: [&str; 16] = [
    "Adam", "Albin", "Axel", "Björn", "Elias", "Filip", "Gustav", "Hugo", "Isak", "Jörgen", "Leo",
    "Måns", "Nils", "Oskar", "Sten", "Åke",
];

/// A name that nobody takes for a real person's; the ninth digit of the ten says woman or man (13.1).
pub(super) fn names(number: PersonalNumber) -> (&'static str, &'static str) {
    let hash = hash(number, 1);
    let man = number.as_u64() / 10 % 2 == 1;
    let given = pick(if man { &MEN } else { &WOMEN }, hash);
    (given, pick(&SURNAMES, hash >> 8))
}

const SURNAMES: [&str; 32] = [
    "Testberg",
    "Testström",
    "Testgren",
    "Testlund",
    "Testdal",
    "Testholm",
    "Testsjö",
    "Testvik",
    "Provberg",
    "Provgren",
    "Provlund",
    "Provkvist",
    "Provdal",
    "Provholm",
    "Provsjö",
    "Provvik",
    "Exempelberg",
    "Exempelström",
    "Exempellund",
    "Exempelkvist",
    "Exempeldal",
    "Exempelsjö",
    "Låtsasberg",
    "Låtsasström",
    "Låtsasgren",
    "Låtsasdal",
    "Försöksberg",
    "Försöksgren",
    "Övningsberg",
    "Övningsström",
    "Övningsdal",
    "Övningsholm",
];

/// A day in the years 2022 to 2024.
pub(super) fn issue_date(number: PersonalNumber) -> IssueDate {
    const FIRST_DAY: u32 = 18_993;
    let day = u32::try_from(hash(number, 2) % (3 * 365)).unwrap_or_default();
    IssueDate::from_days(FIRST_DAY + day)
}

/// Twenty bytes in base64, as real ones look (4.5).
pub(super) fn uhi(number: PersonalNumber) -> Box<str> {
    let mut hash = Sha256::new();
    hash.update(b"bankid-kit device of ");
    hash.update(number.as_u64().to_be_bytes());
    STANDARD.encode(hash.finalize().get(..20).unwrap_or_default()).into()
}

fn hash(number: PersonalNumber, purpose: u64) -> u64 {
    mix(number.as_u64(), purpose)
}

fn pick(names: &[&'static str], hash: u64) -> &'static str {
    let index = hash.checked_rem(names.len().try_into().unwrap_or(u64::MAX)).unwrap_or_default();
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}
