use std::collections::HashSet;

use bankid_core::PersonalNumber;
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::{BadPersona, IssueDate, Persona, Personas};
use crate::rule::RESERVED;

fn number(digits: &str) -> PersonalNumber {
    digits.parse().unwrap()
}

#[test]
fn built_in_numbers_are_nobodys() {
    let personas = Personas::built_in();
    let mut numbers = HashSet::new();
    for (name, persona) in personas.iter() {
        let number = persona.personal_number;
        // Tolvan's is the one of BankID's own examples.
        assert!(number.is_safe_test_number() || name == "tolvan", "{name}");
        assert_eq!(number.strict(), Ok(()), "{name}");
        assert!(numbers.insert(number), "{name}");
        assert!(RESERVED.iter().all(|(reserved, _)| *reserved != number.as_u64()), "{name}");
    }
    assert_eq!(numbers.len(), 12);
}

#[test]
fn the_default_is_tolvan_tolvansson() {
    let tolvan = Personas::built_in().default_persona();
    assert_eq!(&*tolvan.personal_number.expose(), "191212121212");
    assert_eq!(tolvan.name(), "Tolvan Tolvansson");
}

#[test]
fn whoever_is_unknown_is_made_up_and_always_the_same() {
    let personas = Personas::built_in();
    let somebody = personas.of(number("200001022383"));
    let again = Personas::built_in().of(number("200001022383"));
    assert_eq!((somebody.name(), &somebody.uhi), (again.name(), &again.uhi));
    assert_eq!(somebody.issue_date, again.issue_date);
    assert!(personas.known(number("200001022383")).is_none());
    assert_eq!(STANDARD.decode(&*somebody.uhi).unwrap().len(), 20);
    assert_ne!(somebody.uhi, personas.of(number("200001032382")).uhi);
}

#[test]
fn names_follow_the_digit_that_tells_men_from_women() {
    let woman = Persona::generated(number("200001022380")).given_name;
    let man = Persona::generated(number("200001022390")).given_name;
    assert!(super::generated::WOMEN.contains(&&*woman));
    assert!(super::generated::MEN.contains(&&*man));
}

#[test]
fn resolves_names_and_numbers() {
    let personas = Personas::built_in();
    assert_eq!(personas.resolve("erik").unwrap().name(), "Erik Provström");
    assert_eq!(personas.resolve("191212121212").unwrap().name(), "Tolvan Tolvansson");
    assert_eq!(
        personas.resolve("erika").unwrap_err().to_string(),
        "there is no persona `erika`; did you mean `erik`?",
    );
}

#[test]
fn takes_new_people() {
    let mut personas = Personas::built_in();
    let new = |digits: &str| Persona::with_names(number(digits), "Ny", "Person");
    personas.add("ny", new("200001022383"), false).unwrap();
    assert_eq!(personas.named("ny").unwrap().name(), "Ny Person");
    // Name and number are taken now.
    let taken = |by: &str| Err(BadPersona::Taken { name: by.into(), by: "ny".into() });
    assert_eq!(personas.add("ny", new("200001032382"), false), taken("ny"));
    assert_eq!(personas.add("annan", new("200001022383"), false), taken("annan"));
    // Somebody might have this one.
    let unsafe_number = "198001011231";
    assert_eq!(
        personas.add("riktig", new(unsafe_number), false),
        Err(BadPersona::UnsafeNumber { name: "riktig".into() }),
    );
    personas.add("riktig", new(unsafe_number), true).unwrap();
    assert_eq!(personas.of(number(unsafe_number)).name(), "Ny Person");
}

#[test]
fn built_in_people_make_way() {
    let mut personas = Personas::built_in();
    let anna = personas.named("anna").unwrap().personal_number;
    personas.add("anna", Persona::with_names(number("200001022383"), "Ny", "Anna"), false).unwrap();
    assert_eq!(personas.named("anna").unwrap().name(), "Ny Anna");
    assert!(personas.known(anna).is_none());
    // The default persona keeps the number, and may get another name.
    let tolvan = personas.default_persona().personal_number;
    personas.add("tolvan2", Persona::with_names(tolvan, "T", "T"), false).unwrap();
    assert_eq!(personas.default_persona().name(), "T T");
    assert!(personas.named("tolvan").is_err());
    // Another number under the default's name leaves the default as it was.
    let mut personas = Personas::built_in();
    personas.add("tolvan", Persona::with_names(number("200001022383"), "N", "N"), false).unwrap();
    assert_eq!(personas.default_persona().name(), "Tolvan Tolvansson");
    assert_eq!(personas.iter().count(), 12);
}

#[test]
fn reads_issue_dates() {
    let ms = |text: &str| text.parse::<IssueDate>().map(IssueDate::unix_ms);
    assert_eq!(ms("1970-01-01"), Ok(0));
    assert_eq!(ms("2023-11-29"), Ok(1_701_216_000_000));
    assert_eq!(ms("2024-02-29"), Ok(1_709_164_800_000));
    for bad in [
        "",
        "2023",
        "2023-02-29",
        "2023-13-01",
        "2023-1-1",
        "1969-12-31",
        "2023-11-29Z",
        "2023-11-00",
        "+2023-1-1",
        "10000-01-01",
    ] {
        assert!(ms(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn days_read_back(days in 0..2_900_000_u32) {
        let date = IssueDate::from_days(days);
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert_eq!(date.unix_ms(), u64::from(days) * 86_400_000);
    }

    #[test]
    fn everybody_has_a_name(digits in 0..1_000_000_000_000_u64) {
        let persona = Persona::generated(PersonalNumber::from_u64(digits).unwrap());
        prop_assert!(!persona.given_name.is_empty() && !persona.surname.is_empty());
        let date = persona.issue_date.to_string();
        let (year, _) = date.split_once('-').unwrap();
        prop_assert!(["2022", "2023", "2024"].contains(&year));
    }
}
