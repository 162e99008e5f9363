use super::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

fn day(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn a_day_is_refused_when_the_calendar_has_none() {
    for (year, month, day) in [
        (2027, 2, 29),
        (2100, 2, 29),
        (2027, 4, 31),
        (2027, 0, 1),
        (2027, 13, 1),
        (2027, 1, 0),
        (2027, 1, 32),
    ] {
        assert_eq!(Date::new(year, month, day), Err(Error::NotACalendarDay));
        assert!(!Date { year, month, day }.is_valid());
    }
    for year in [1969, 10_000] {
        assert_eq!(Date::new(year, 1, 1), Err(Error::YearOutOfRange));
    }
    assert!(day(2000, 2, 29).is_valid());
    assert!(day(2028, 2, 29).is_valid());
}

#[test]
fn the_century_is_the_one_within_reach() {
    // 50 years ahead and 49 back, as section 7.12 of the General Specifications has it.
    for (now, digits, year) in [
        (2026, "760101", 2076),
        (2026, "770101", 1977),
        (2026, "250101", 2025),
        (2060, "110101", 2011),
        (2060, "100101", 2110),
        (2000, "990101", 1999),
        (2099, "010101", 2101),
    ] {
        let reference = day(now, 6, 15);
        assert_eq!(Date::from_yymmdd(digits, reference), Ok(day(year, 1, 1)));
    }
}

#[test]
fn day_zero_is_the_last_of_the_month() {
    let today = day(2026, 1, 15);
    for (digits, last) in [
        ("270200", day(2027, 2, 28)),
        ("280200", day(2028, 2, 29)),
        ("270400", day(2027, 4, 30)),
        ("271200", day(2027, 12, 31)),
    ] {
        assert_eq!(Date::from_yymmdd(digits, today), Ok(last));
    }
}

#[test]
fn six_digits_are_refused_when_no_century_has_the_day() {
    for digits in ["270229", "271301", "270001", "270132", "270431"] {
        assert_eq!(Yymmdd::parse(digits), Err(Error::NotACalendarDay));
    }
    assert_eq!(
        Yymmdd::parse("27033"),
        Err(Error::WrongLength { expected: 6 })
    );
    assert_eq!(Yymmdd::parse("27-3-1"), Err(Error::NotDigits));
}

#[test]
fn a_leap_day_is_refused_when_its_century_has_none() {
    let leap_day = Yymmdd::parse("000229").unwrap();
    assert_eq!(leap_day.date(day(2026, 1, 1)), Ok(day(2000, 2, 29)));
    assert_eq!(leap_day.date(day(2090, 1, 1)), Err(Error::NotACalendarDay));
}

#[test]
fn six_digits_are_refused_when_they_mean_a_year_out_of_range() {
    let digits = Yymmdd::parse("300101").unwrap();
    assert_eq!(digits.date(day(1970, 1, 1)), Err(Error::YearOutOfRange));
    assert_eq!(digits.date(day(9999, 1, 1)), Err(Error::YearOutOfRange));
}

#[test]
fn a_day_ends_when_the_next_one_begins() {
    assert_eq!(day(1970, 1, 1).end_of_day_millis(), DAY);
    assert_eq!(day(2027, 3, 31).end_of_day_millis(), 1_806_537_600_000);
    assert_eq!(Date::from_millis(1_806_537_600_000 - 1), day(2027, 3, 31));
    assert_eq!(Date::from_millis(1_806_537_600_000), day(2027, 4, 1));
    assert_eq!(Date::from_millis(0), day(1970, 1, 1));
}

#[test]
fn instants_after_the_last_day_are_on_it() {
    let end = Date::MAX.end_of_day_millis();
    assert_eq!(Date::from_millis(end - 1), Date::MAX);
    assert_eq!(Date::from_millis(end), Date::MAX);
    assert_eq!(Date::from_millis(u64::MAX), Date::MAX);
}

#[test]
fn iso_text_is_refused_when_it_is_not_exactly_that() {
    for text in [
        "",
        "2027-3-31",
        "20270331",
        "2027/03/31",
        "02027-03-31",
        "2027-03-31T00:00",
        "+027-03-31",
        "2027-03-3١",
    ] {
        assert_eq!(Date::parse(text), Err(Error::NotAnIsoDate), "{text}");
    }
    assert_eq!(Date::parse("2027-02-29"), Err(Error::NotACalendarDay));
    assert_eq!(Date::parse("0027-02-01"), Err(Error::YearOutOfRange));
}

proptest! {
    #[test]
    fn a_day_reads_back_from_all_that_it_writes(date in date(), ahead in -50i32..=49) {
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert_eq!(Date::from_millis(date.end_of_day_millis() - 1), date);
        let digits = String::from_utf8(date.to_yymmdd().to_vec()).unwrap();
        let written = Yymmdd::try_from(date);
        prop_assert_eq!(written.map(|written| written.digits()), Ok(date.to_yymmdd()));
        // Whoever reads it at most 50 years before or 49 years after gets the same day.
        let now = i32::from(date.year) + ahead;
        if let Ok(reference) = Date::new(now as u16, 1, 1) {
            prop_assert_eq!(Date::from_yymmdd(&digits, reference), Ok(date));
        }
    }

    #[test]
    fn six_digits_read_back_from_what_they_write(digits in yymmdd()) {
        prop_assert_eq!(digits.to_string().parse(), Ok(digits));
    }

    #[test]
    fn later_days_end_later(a in date(), b in date()) {
        prop_assert_eq!(a.cmp(&b), a.end_of_day_millis().cmp(&b.end_of_day_millis()));
    }

    #[test]
    fn the_day_of_an_instant_holds_it(millis in 0..Date::MAX.end_of_day_millis()) {
        let end = Date::from_millis(millis).end_of_day_millis();
        prop_assert!(millis < end && end - millis <= DAY);
    }

    /// What is decoded may be no day at all.
    #[test]
    fn nothing_panics_on_numbers_that_are_no_day(
        year in any::<u16>(),
        month in any::<u8>(),
        day in any::<u8>(),
    ) {
        let date = Date { year, month, day };
        date.end_of_day_millis();
        date.to_yymmdd();
        prop_assert_eq!(Yymmdd::try_from(date).is_ok(), date.is_valid());
        let _ = Yymmdd::parse("000100").map(|digits| digits.date(date));
        let _ = Date::from_yymmdd("270100", date);
    }
}
