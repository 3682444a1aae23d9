//! Swedish personal identity numbers and coordination numbers in BankID's form: twelve digits (13.1).
//!
//! A [`PersonalNumber`] is what BankID's server takes: exactly twelve digits, nothing more. The control digit and the date
//! are looked at only by those who ask ([`PersonalNumber::strict`]), because the server accepts numbers that fail both.
//! Shorter forms, dashes and plus signs are not read.
//!
//! ```
//! use bankid_core::PersonalNumber;
//!
//! let number: PersonalNumber = "191212121212".parse()?;
//! assert_eq!(number.strict(), Ok(()));
//! assert_eq!(&*number.expose(), "191212121212");
//! assert_eq!(format!("{number:?}"), "PersonalNumber(************)");
//! # Ok::<(), bankid_core::personal_number::NotTwelveDigits>(())
//! ```
use core::fmt;
use core::ops::Deref;
use core::str::FromStr;

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use crate::calendar::days_in_month;

/// A personal number or coordination number: twelve digits, otherwise unchecked. Eight bytes, and hidden in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalNumber(u64);

/// The text is not exactly twelve digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a personal number is exactly twelve digits")]
pub struct NotTwelveDigits;

/// What [`PersonalNumber::strict`] finds wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonalNumberFault {
    /// The first eight digits are no date of the calendar, also not with 60 taken from the day.
    #[error("the date of the personal number does not exist")]
    Date,
    /// The last digit is not the one the others call for.
    #[error("the control digit of the personal number is wrong")]
    CheckDigit,
}

impl PersonalNumber {
    /// The number whose twelve digits, read as one decimal number, are `value`.
    pub const fn from_u64(value: u64) -> Option<Self> {
        if value < 1_000_000_000_000 { Some(Self(value)) } else { None }
    }

    /// The twelve digits read as one decimal number: compact, ordered by birth, good for hash maps.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The digits in clear. The name says that from here on they are the caller's to protect.
    pub fn expose(self) -> Digits {
        let mut digits = [b'0'; 12];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        Digits(digits)
    }

    /// Whether the last digit is the right one (13.1). BankID's server does not ask.
    pub fn check_digit_ok(self) -> bool {
        // Luhn over the last ten digits, control digit included, leaves no remainder.
        let mut rest = self.0 % 10_000_000_000;
        let mut sum = 0;
        let mut double = false;
        while rest > 0 {
            let digit = rest % 10;
            let product = if double { digit * 2 } else { digit };
            sum += product / 10 + product % 10;
            double = !double;
            rest /= 10;
        }
        sum % 10 == 0
    }

    /// Whether the first eight digits are a date of the calendar; a coordination number's day counts from 61.
    pub fn is_real_date(self) -> bool {
        let (year, month, day) = self.date_digits();
        let day = if day > 60 { day - 60 } else { day };
        (1..=days_in_month(year, month)).contains(&day)
    }

    /// Whether the day is one of a coordination number, 61 to 91.
    pub fn is_coordination_number(self) -> bool {
        (61..=91).contains(&self.date_digits().2)
    }

    /// Whether the number is known to belong to nobody and so may stand in tests (11.1): one of the two patterns that are
    /// safe to generate, or one of the numbers every example uses.
    ///
    /// The patterns are serial 238 or 239 for births of 1976 to 2013, and serial 980 or 981 for births of 1890 to 1910, with
    /// a real date and the right control digit. For later births only one of 238 and 239 is nobody's on each day, by no rule
    /// a program could follow, so they are left out here.
    pub fn is_safe_test_number(self) -> bool {
        let (year, _, _) = self.date_digits();
        let pattern = match self.0 / 10 % 1_000 {
            238 | 239 => (1976..=2013).contains(&year),
            980 | 981 => (1890..=1910).contains(&year),
            _ => false,
        };
        let in_pattern = pattern && !self.is_coordination_number() && self.strict().is_ok();
        in_pattern || matches!(self.0, 191_212_121_212 | 190_000_000_000)
    }

    /// The checks BankID's server does not make: a date that exists and the right control digit.
    ///
    /// # Errors
    /// Says which of the two fails, the date first.
    pub fn strict(self) -> Result<(), PersonalNumberFault> {
        if !self.is_real_date() {
            Err(PersonalNumberFault::Date)
        } else if self.check_digit_ok() {
            Ok(())
        } else {
            Err(PersonalNumberFault::CheckDigit)
        }
    }

    const fn date_digits(self) -> (u64, u64, u64) {
        (self.0 / 100_000_000, self.0 / 1_000_000 % 100, self.0 / 10_000 % 100)
    }
}

impl FromStr for PersonalNumber {
    type Err = NotTwelveDigits;

    fn from_str(text: &str) -> Result<Self, NotTwelveDigits> {
        if text.len() != 12 {
            return Err(NotTwelveDigits);
        }
        let mut value = 0;
        for byte in text.bytes() {
            if !byte.is_ascii_digit() {
                return Err(NotTwelveDigits);
            }
            value = value * 10 + u64::from(byte - b'0');
        }
        Ok(Self(value))
    }
}

impl TryFrom<&str> for PersonalNumber {
    type Error = NotTwelveDigits;

    fn try_from(text: &str) -> Result<Self, NotTwelveDigits> {
        text.parse()
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalNumber(************)")
    }
}

impl Serialize for PersonalNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.expose())
    }
}

impl<'de> Deserialize<'de> for PersonalNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::Text::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The twelve digits of a [`PersonalNumber`] as text, without a heap allocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digits([u8; 12]);

impl Deref for Digits {
    type Target = str;

    fn deref(&self) -> &str {
        // Digits are ASCII, so the default is never taken.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<str> for Digits {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(************)")
    }
}

#[cfg(test)]
mod tests;
