//! The day a BankID was issued.

use std::{fmt, str::FromStr};

/// A day of the calendar from 1970 to 9999, counted from the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueDate(u32);

/// Days before the first of March of the year 0 began, counted from 1970.
const MARCH_0: u32 = 719_468;

impl IssueDate {
    pub(super) const fn from_days(days: u32) -> Self {
        Self(days)
    }

    /// Midnight (UTC) with which the day begins, in milliseconds of Unix time.
    pub fn unix_ms(self) -> u64 {
        u64::from(self.0) * 86_400_000
    }

    /// Year, month and day. Years are counted from March, so that the day that leap years add comes last.
    fn civil(self) -> (u32, u32, u32) {
        let days = self.0 + MARCH_0;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        (era * 400 + year + next, month, day)
    }

    fn from_civil(year: u32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let (era, year) = (year / 400, year % 400);
        let day_of_year = (153 * month + 2) / 5 + day.checked_sub(1)?;
        let days = era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year;
        days.checked_sub(MARCH_0).map(Self)
    }
}

impl fmt::Display for IssueDate {
    /// `2023-11-29`; on the wire BankID adds a `Z` (4.5).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for IssueDate {
    type Err = BadIssueDate;

    fn from_str(text: &str) -> Result<Self, BadIssueDate> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok().map(u32::from));
        let mut part = || parts.next().flatten().ok_or(BadIssueDate);
        let date = Self::from_civil(part()?, part()?, part()?).ok_or(BadIssueDate)?;
        // Days that do not exist come out as others, and so do signs and missing zeros.
        if date.to_string() == text { Ok(date) } else { Err(BadIssueDate) }
    }
}

/// The text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an issue date is a day from 1970 on, written `2023-11-29`")]
pub struct BadIssueDate;
