//! The shared vectors, the Tax Agency's published numbers, and properties.

use std::io::Write;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;
use serde::Deserialize;

use super::{PersonalNumber, PersonalNumberFault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "comment")]
    _comment: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vector {
    #[serde(rename = "comment")]
    _comment: String,
    id: String,
    text: String,
    result: String,
    strict: Option<String>,
    #[serde(default)]
    coordination: bool,
    #[serde(default)]
    safe: bool,
}

#[test]
fn vectors() {
    let file: File =
        serde_json::from_str(include_str!("../../../tests/vectors/personal-number.json")).unwrap();
    for vector in file.vectors {
        let id = &vector.id;
        let Ok(number) = vector.text.parse::<PersonalNumber>() else {
            assert_eq!(vector.result, "invalid", "{id} is refused");
            continue;
        };
        assert_eq!(vector.result, "valid", "{id} is taken");
        let strict = match number.strict() {
            Ok(()) => "ok",
            Err(PersonalNumberFault::Date) => "date",
            Err(PersonalNumberFault::CheckDigit) => "checkDigit",
        };
        assert_eq!(Some(strict), vector.strict.as_deref(), "{id}");
        assert_eq!(number.is_coordination_number(), vector.coordination, "{id}");
        assert_eq!(number.is_safe_test_number(), vector.safe, "{id}");
        assert_eq!(*number.expose(), vector.text, "{id}");
    }
}

/// Every number the Swedish Tax Agency publishes as nobody's has a right control digit and a real date, and those of the
/// two patterns are known as safe.
#[test]
fn published_test_numbers() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/test-personal-numbers.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Past the harness's capture, so that it is seen in every run.
        writeln!(std::io::stderr(), "SKIPPED published_test_numbers: {} is absent", path.display())
            .unwrap();
        return;
    };
    let numbers: Vec<PersonalNumber> = text.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(numbers.len(), 41_493);
    for number in &numbers {
        assert_eq!(number.strict(), Ok(()), "{}", &*number.expose());
    }
    let safe = numbers.iter().filter(|number| number.is_safe_test_number()).count();
    let of_pattern = |number: &&PersonalNumber| {
        let (year, serial) = (number.as_u64() / 100_000_000, number.as_u64() / 10 % 1_000);
        (1976..=2013).contains(&year) && [238, 239].contains(&serial)
            || (1890..=1910).contains(&year) && [980, 981].contains(&serial)
    };
    assert_eq!(safe, numbers.iter().filter(of_pattern).count());
    assert!(safe > 35_000, "{safe}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text: String) {
        let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        prop_assert_eq!(text.parse::<PersonalNumber>().is_ok(), digits);
    }

    #[test]
    fn twelve_digits_are_kept(text in "[0-9]{12}") {
        let number: PersonalNumber = text.parse().unwrap();
        prop_assert_eq!(&*number.expose(), text.as_str());
        prop_assert_eq!(PersonalNumber::from_u64(number.as_u64()), Some(number));
        prop_assert_eq!(serde_json::to_value(number).unwrap(), serde_json::json!(text));
        let shown = std::format!("{:?} {:?}", number, number.expose());
        prop_assert!(!shown.contains(|shown: char| shown.is_ascii_digit()));
    }

    /// Of ten control digits exactly one is right, and changing any single other digit makes it wrong.
    #[test]
    fn one_control_digit_is_right(stem in "[0-9]{11}", place in 2_usize..11, step in 1_u8..10) {
        let right: Vec<PersonalNumber> = (0..10)
            .map(|digit| std::format!("{stem}{digit}").parse::<PersonalNumber>().unwrap())
            .filter(|number| number.check_digit_ok())
            .collect();
        prop_assert_eq!(right.len(), 1);
        let mut altered = right[0].expose().as_bytes().to_vec();
        altered[place] = b'0' + (altered[place] - b'0' + step) % 10;
        let altered: PersonalNumber = String::from_utf8(altered).unwrap().parse().unwrap();
        prop_assert!(!altered.check_digit_ok());
    }

    #[test]
    fn larger_values_are_refused(value in 1_000_000_000_000_u64..) {
        prop_assert_eq!(PersonalNumber::from_u64(value), None);
    }
}
