//! Who the pretend users are: the named ones, those of the configuration, and those who are made up.

use std::collections::HashSet;

use bankid_core::PersonalNumber;
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::{
    BadIssueDate, BadPersona, IssueDate, Persona, Personas,
    generated::{MEN, WOMEN},
};

fn number(digits: u64) -> PersonalNumber {
    PersonalNumber::from_u64(digits).unwrap()
}

#[test]
fn the_named_ones_are_nobody() {
    let personas = Personas::built_in();
    let mut numbers = HashSet::new();
    let mut count = 0;
    for (name, persona) in personas.iter() {
        assert!(persona.personal_number.is_safe_test_number(), "{name}");
        assert_eq!(persona.personal_number.strict(), Ok(()), "{name}");
        assert!(numbers.insert(persona.personal_number), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
        assert!(persona.scenario.is_none() && persona.ip_address.is_none(), "{name}");
        assert_eq!(persona.name(), format!("{} {}", persona.given_name, persona.surname));
        assert_eq!(personas.named(name).unwrap().personal_number, persona.personal_number);
        assert_eq!(personas.of(persona.personal_number).name(), persona.name());
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn the_default_is_tolvan() {
    let personas = Personas::built_in();
    for tolvan in [personas.default_persona(), personas.named("tolvan").unwrap()] {
        assert_eq!(&*tolvan.personal_number.expose(), "191212121212");
        assert_eq!(tolvan.name(), "Tolvan Tolvansson");
    }
    assert_eq!(personas.iter().next().unwrap().0, "tolvan");
}

#[test]
fn a_person_is_found_by_name_or_number() {
    let personas = Personas::built_in();
    assert_eq!(personas.resolve("anna").unwrap().name(), "Anna Testberg");
    assert_eq!(personas.resolve("198504122386").unwrap().name(), "Anna Testberg");
    let made_up = personas.resolve("199001012385").unwrap();
    assert_eq!(made_up.personal_number, number(199_001_012_385));
    assert!(personas.known(made_up.personal_number).is_none());
}

#[track_caller]
fn check_unknown(name: &str, message: &str) {
    let personas = Personas::built_in();
    for found in [personas.named(name), personas.resolve(name)] {
        assert_eq!(found.expect_err(name).to_string(), message);
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    check_unknown("ana", "there is no persona `ana`; did you mean `anna`?");
    check_unknown("Anna", "there is no persona `Anna`; did you mean `anna`?");
    check_unknown("johann", "there is no persona `johann`; did you mean `johan`?");
    check_unknown("wolfgang", "there is no persona `wolfgang`");
    check_unknown("", "there is no persona ``");
    check_unknown("19121212121", "there is no persona `19121212121`");
    check_unknown("19121212-1212", "there is no persona `19121212-1212`");
    check_unknown(&"x".repeat(1000), &format!("there is no persona `{}`", "x".repeat(64)));
}

/// What is made up about a number is the same for ever: tests of users rest on it.
#[test]
fn made_up_people_stay_the_same() {
    let shown = |digits| {
        let Persona { given_name, surname, issue_date, uhi, .. } =
            Persona::generated(number(digits));
        format!("{given_name} {surname}, {issue_date}, {uhi}")
    };
    assert_eq!(
        [199_001_012_385, 199_001_022_384, 190_000_000_000].map(shown),
        [
            "Freja Testberg, 2022-01-30, /GCCD19nK0zs/SE3HPm/hEMprfs=",
            "Maja Testholm, 2023-12-31, iENn9bycYxvbK2/f7aZKixmCrIo=",
            "Julia Testvik, 2024-12-18, pdmv3foQBIqoNj81xp5mlR9Ly7A=",
        ]
    );
}

proptest! {
    #[test]
    fn everybody_can_be_made_up(digits in 0..1_000_000_000_000_u64) {
        let number = number(digits);
        let person = Persona::generated(number);
        let again = Personas::built_in().of(number);
        prop_assert_eq!(person.personal_number, number);
        prop_assert_eq!(&again.uhi, &person.uhi);
        prop_assert_eq!(again.issue_date, person.issue_date);
        prop_assert!(!person.given_name.is_empty() && !person.surname.is_empty());
        prop_assert_eq!(STANDARD.decode(&*person.uhi).unwrap().len(), 20);
        prop_assert!(("2022-01-01"..="2024-12-31").contains(&&*person.issue_date.to_string()));
    }

    #[test]
    fn every_day_is_written_and_read(days in 0..2_932_897_u32) {
        let date = IssueDate::from_days(days);
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert_eq!(date.unix_ms(), u64::from(days) * 86_400_000);
        let next = IssueDate::from_days(days + 1);
        prop_assert!(days == 2_932_896 || date.to_string() < next.to_string());
    }

    #[test]
    fn any_text_is_a_day_as_it_is_written_or_none(text in "[0-9+-]{0,12}|[0-9]{4}-[0-9]{2}-[0-9]{2}|\\PC{0,12}") {
        if let Ok(date) = text.parse::<IssueDate>() {
            prop_assert_eq!(date.to_string(), text);
        }
    }
}

#[test]
fn the_ninth_digit_says_woman_or_man() {
    let given = |digits| Persona::generated(number(digits)).given_name.into_string();
    let people = |parity: u64| {
        (0..500).map(|n| given(198_001_010_000 + n * 20 + parity * 10)).collect::<HashSet<_>>()
    };
    let (women, men) = (people(0), people(1));
    let all = |names: [&str; 16]| names.map(str::to_owned).into_iter().collect::<HashSet<_>>();
    assert_eq!((women, men), (all(WOMEN), all(MEN)), "every name comes up");
}

#[test]
fn different_people_have_different_devices() {
    let uhis: HashSet<_> = (0..1000).map(|n| Persona::generated(number(n)).uhi).collect();
    assert_eq!(uhis.len(), 1000);
}

#[track_caller]
fn check_date(text: &str, unix_ms: u64) {
    let date: IssueDate = text.parse().unwrap();
    assert_eq!((date.unix_ms(), date.to_string().as_str()), (unix_ms, text));
}

#[test]
fn days_are_those_of_the_calendar() {
    check_date("1970-01-01", 0);
    check_date("1999-12-31", 946_598_400_000);
    check_date("2000-02-29", 951_782_400_000);
    check_date("2023-11-29", 1_701_216_000_000);
    check_date("2024-02-29", 1_709_164_800_000);
    check_date("2100-03-01", 4_107_542_400_000);
    check_date("9999-12-31", 253_402_214_400_000);
    for none in [
        "",
        "2023",
        "2023-11",
        "2023-1-9",
        "2023-11-00",
        "2023-11-31",
        "2023-02-29",
        "2100-02-29",
        "2023-13-01",
        "2023-00-01",
        "1969-12-31",
        "10000-01-01",
        "0000-01-01",
        "+2023-11-29",
        "2023-+1-29",
        "2023-11-29Z",
        " 2023-11-29",
        "2023/11/29",
        "20231129",
        "2023-11-29-",
        "2023-11-32",
        "2023-11-99",
        "２023-11-29",
        "65536-01-01",
    ] {
        assert_eq!(none.parse::<IssueDate>(), Err(BadIssueDate), "{none}");
    }
}

fn person(digits: u64, given_name: &str) -> Persona {
    Persona::with_names(number(digits), given_name, "Egen")
}

#[test]
fn only_numbers_that_are_nobodys_are_taken_unless_all_are_allowed() {
    // The bounds of the patterns of 11.1, and the numbers that all examples have.
    let safe = [
        197_601_012_383,
        201_312_312_398,
        189_001_019_802,
        191_012_319_818,
        191_212_121_212,
        190_000_000_000,
    ];
    // Just outside: a year too late or too early, another serial, no day of the calendar, a coordination number, a wrong
    // control digit, and no number of a person at all.
    let not_safe = [
        199_001_011_114,
        197_512_312_385,
        199_001_612_382,
        201_401_012_388,
        191_101_019_808,
        188_912_319_814,
        199_002_302_389,
        197_601_012_384,
        999_999_999_999,
        0,
    ];
    for digits in safe.into_iter().chain(not_safe) {
        let is_safe = number(digits).is_safe_test_number();
        assert_eq!(is_safe, safe.contains(&digits), "{digits}");
        let mut personas = Personas::built_in();
        let refused = Err(BadPersona::UnsafeNumber { name: "own".into() });
        assert_eq!(
            personas.add("own", person(digits, "Ny"), false),
            if is_safe { Ok(()) } else { refused },
            "{digits}"
        );
        let mut personas = Personas::built_in();
        assert_eq!(personas.add("own", person(digits, "Ny"), true), Ok(()));
        assert_eq!(personas.of(number(digits)).name(), "Ny Egen");
        assert_eq!(personas.named("own").unwrap().name(), "Ny Egen");
    }
}

#[test]
fn a_built_in_persona_makes_way() {
    let mut personas = Personas::built_in();
    // By name and by number at once: both old ones go.
    personas.add("anna", person(197_809_232_395, "Ny"), false).unwrap();
    let names: Vec<_> = personas.iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&"erik"), "the number was Erik's");
    assert_eq!(names.iter().filter(|name| **name == "anna").count(), 1);
    assert_eq!(*names.last().unwrap(), "anna", "the built-in ones come first");
    assert_eq!(personas.named("anna").unwrap().personal_number, number(197_809_232_395));
    assert!(personas.known(number(198_504_122_386)).is_none(), "nobody has Anna's old number");
    assert!(matches!(personas.named("erik"), Err(BadPersona::Unknown { .. })));
}

#[test]
fn the_default_may_be_renamed_but_is_never_missing() {
    let mut renamed = Personas::built_in();
    renamed.add("standard", person(191_212_121_212, "Ny"), false).unwrap();
    assert_eq!(renamed.default_persona().name(), "Ny Egen");
    assert!(renamed.named("tolvan").is_err());

    let mut moved = Personas::built_in();
    moved.add("tolvan", person(199_001_012_385, "Ny"), false).unwrap();
    assert_eq!(moved.named("tolvan").unwrap().personal_number, number(199_001_012_385));
    assert_eq!(moved.default_persona().name(), "Tolvan Tolvansson");
    assert_eq!(&*moved.default_persona().personal_number.expose(), "191212121212");
    // The number is now known without a name, and may be given one.
    moved.add("standard", person(191_212_121_212, "Nyare"), false).unwrap();
    assert_eq!(moved.default_persona().name(), "Nyare Egen");
}

#[test]
fn names_and_numbers_of_the_configuration_are_taken_once() {
    let mut personas = Personas::built_in();
    personas.add("own", person(199_001_012_385, "Ny"), false).unwrap();
    let taken = |name: &str, by: &str| Err(BadPersona::Taken { name: name.into(), by: by.into() });
    assert_eq!(personas.add("own", person(199_001_022_384, "Ny"), false), taken("own", "own"));
    assert_eq!(personas.add("other", person(199_001_012_385, "Ny"), false), taken("other", "own"));
    assert_eq!(personas.add("anna", person(199_001_012_385, "Ny"), false), taken("anna", "own"));
    assert_eq!(
        personas.named("anna").unwrap().name(),
        "Anna Testberg",
        "what is refused changes nothing"
    );
    assert!(personas.named("other").is_err());
}

#[test]
fn numbers_are_not_for_logs() {
    let shown = format!("{:?}", Personas::built_in());
    assert!(!shown.contains("191212121212") && !shown.contains("191_212"), "{shown}");
}
