//! The people that need no configuration.

use bankid_core::PersonalNumber;

use super::Persona;

/// Tolvan Tolvansson, the person of BankID's own examples (11.1).
pub(super) const DEFAULT: PersonalNumber = number(191_212_121_212);

/// Names and numbers, the latter of the patterns that are nobody's (11.1) except the first, which is known to be.
const ALL: [(&str, PersonalNumber, &str, &str); 12] = [
    ("tolvan", DEFAULT, "Tolvan", "Tolvansson"),
    ("anna", number(198_504_122_386), "Anna", "Testberg"),
    ("erik", number(197_809_232_395), "Erik", "Provström"),
    ("maria", number(199_211_052_387), "Maria", "Exempelgren"),
    ("lars", number(198_102_172_395), "Lars Göran", "Testman"),
    ("karin", number(197_606_302_383), "Karin", "Låtsaslund"),
    ("ahmed", number(199_501_192_398), "Ahmed", "Provare"),
    ("eva", number(198_808_082_385), "Eva-Lena", "Öva-Testsson"),
    ("johan", number(200_103_142_394), "Johan", "Testkvist"),
    ("sofia", number(200_410_272_389), "Sofia", "Åprov"),
    ("nils", number(190_305_069_817), "NILS", "VERSALSSON"),
    ("greta", number(190_807_019_807), "Greta", "Försöksdotter"),
];

#[expect(
    clippy::panic,
    reason = "only constants are made with it, so the compiler would stop here"
)]
const fn number(digits: u64) -> PersonalNumber {
    match PersonalNumber::from_u64(digits) {
        Some(number) => number,
        None => panic!("a constant of more than twelve digits"),
    }
}

/// Every built-in persona with its name.
pub(super) fn all() -> Vec<(&'static str, Persona)> {
    ALL.map(|(name, number, given, surname)| (name, Persona::with_names(number, given, surname)))
        .into()
}
