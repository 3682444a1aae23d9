//! Swedish local time, as far as certificates need it: the day of a moment, and the moment a day begins.
//!
//! The rule is that of the European Union since 1996: summer time from the last Sunday of March to the last Sunday of
//! October, changing at 01:00 UTC. Earlier days get the same rule.

use time::{Date, Duration, Month, OffsetDateTime, Time};

/// The Swedish day in which a moment lies.
pub(super) fn day_of(moment: OffsetDateTime) -> Date {
    (moment + offset(moment)).date()
}

/// The moment at which a Swedish day begins.
pub(super) fn midnight(day: Date) -> OffsetDateTime {
    let nominal = day.with_time(Time::MIDNIGHT).assume_utc();
    let in_summer = nominal - SUMMER;
    if is_summer(in_summer) { in_summer } else { nominal - WINTER }
}

/// The same day so many years later; the day after 28 February where there is no 29th.
pub(super) fn years_later(day: Date, years: i32) -> Date {
    let year = day.year().saturating_add(years);
    Date::from_calendar_date(year, day.month(), day.day())
        .or_else(|_none| Date::from_calendar_date(year, Month::March, 1))
        .unwrap_or(Date::MAX)
}

const WINTER: Duration = Duration::hours(1);
const SUMMER: Duration = Duration::hours(2);

fn offset(moment: OffsetDateTime) -> Duration {
    if is_summer(moment) { SUMMER } else { WINTER }
}

fn is_summer(moment: OffsetDateTime) -> bool {
    change(moment.year(), Month::March) <= moment && moment < change(moment.year(), Month::October)
}

/// 01:00 UTC on the last Sunday of a month of 31 days.
fn change(year: i32, month: Month) -> OffsetDateTime {
    let last = Date::from_calendar_date(year, month, 31).unwrap_or(Date::MAX);
    let sunday = last - Duration::days(i64::from(last.weekday().number_days_from_sunday()));
    sunday.with_time(Time::MIDNIGHT).assume_utc() + Duration::HOUR
}

#[cfg(test)]
mod tests;
