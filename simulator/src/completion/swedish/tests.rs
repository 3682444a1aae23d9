//! Midnights around the changes of time.

use super::*;

#[track_caller]
fn check(year: i32, month: u8, day: u8, midnight_utc: i64) {
    let date = Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap();
    let begins = midnight(date);
    assert_eq!(begins.unix_timestamp(), midnight_utc);
    assert_eq!(day_of(begins), date);
    assert_eq!(day_of(begins - Duration::SECOND), date - Duration::DAY);
}

#[test]
fn days_begin_at_swedish_midnight() {
    // 2022-09-12 22:00:00Z, as on a genuine certificate; and 23:00:00Z in winter.
    check(2022, 9, 13, 1_663_020_000);
    check(2026, 1, 1, 1_767_222_000);
}

#[test]
fn the_days_of_change_begin_in_the_old_time() {
    // 29 March 2026 begins in winter time, the next day in summer time; 25 October the other way round.
    check(2026, 3, 29, 1_774_738_800);
    check(2026, 3, 30, 1_774_821_600);
    check(2026, 10, 25, 1_792_879_200);
    check(2026, 10, 26, 1_792_969_200);
}

#[test]
fn leap_days_come_back_as_the_first_of_march() {
    let leap = Date::from_calendar_date(2024, Month::February, 29).unwrap();
    assert_eq!(years_later(leap, 1), Date::from_calendar_date(2025, Month::March, 1).unwrap());
    assert_eq!(years_later(leap, 4), Date::from_calendar_date(2028, Month::February, 29).unwrap());
}
