//! Facts about personal numbers (protocol 13.1).

use bankid_core::PersonalNumber;
use napi_derive::napi;

/// Facts about twelve digits.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four facts, each true or not")]
#[napi(object, object_from_js = false)]
pub struct PersonalNumberFacts {
    /// Whether the last digit is the one the others call for.
    pub check_digit_ok: bool,
    /// Whether the date exists.
    pub real_date: bool,
    /// Whether it is a coordination number.
    pub coordination_number: bool,
    /// Whether it can belong to nobody.
    pub safe_test_number: bool,
}

/// Facts about a text, if it is twelve digits.
#[napi(catch_unwind)]
pub fn personal_number(text: String) -> Option<PersonalNumberFacts> {
    let number: PersonalNumber = text.parse().ok()?;
    Some(PersonalNumberFacts {
        check_digit_ok: number.check_digit_ok(),
        real_date: number.is_real_date(),
        coordination_number: number.is_coordination_number(),
        safe_test_number: number.is_safe_test_number(),
    })
}
