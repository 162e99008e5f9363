//! Days: as the calendar has them and as barcodes write them.

use crate::{as_text::as_text, check_digit, Error};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

const MILLIS_PER_DAY: u64 = 24 * 60 * 60 * 1000;
/// The Gregorian calendar repeats itself after 400 years, which have this many days.
const DAYS_PER_ERA: i64 = 146_097;
/// From 1 March of the year 0 to 1 January 1970.
const EPOCH: i64 = 719_468;

/// A day of the Gregorian calendar, from 1970 to 9999.
///
/// Its fields are open and decoding accepts any numbers, so that a call can refuse a wrong day
/// with an error of its own: ask [`Date::is_valid`] before storing one. Nothing here panics on a
/// wrong day. As JSON it is text, `YYYY-MM-DD`, and wrong text is refused.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Date {
    /// The year, such as 2027.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The last day that there is here.
    pub const MAX: Self = Self {
        year: 9999,
        month: 12,
        day: 31,
    };

    /// The day with these numbers, if there is one.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, Error> {
        if !(1970..=9999).contains(&year) {
            Err(Error::YearOutOfRange)
        } else if !(1..=days_in_month(year, month)).contains(&day) {
            Err(Error::NotACalendarDay)
        } else {
            Ok(Self { year, month, day })
        }
    }

    /// Whether there is such a day.
    pub fn is_valid(&self) -> bool {
        Self::new(self.year, self.month, self.day).is_ok()
    }

    /// Reads `YYYY-MM-DD` (ISO 8601).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let [year @ .., b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(Error::NotAnIsoDate);
        };
        let digits = year.iter().chain([m1, m2, d1, d2]);
        if year.len() != 4 || !digits.clone().all(u8::is_ascii_digit) {
            return Err(Error::NotAnIsoDate);
        }
        let number = check_digit::number(digits.copied());
        Self::new(
            (number / 10_000) as u16,
            (number / 100 % 100) as u8,
            (number % 100) as u8,
        )
    }

    /// The day that six digits of a barcode mean to somebody who reads them on `reference`: see
    /// [`Yymmdd::date`].
    pub fn from_yymmdd(digits: &str, reference: Date) -> Result<Self, Error> {
        Yymmdd::parse(digits)?.date(reference)
    }

    /// The six digits, in ASCII, that a barcode has for it. The century is lost.
    pub fn to_yymmdd(self) -> [u8; 6] {
        yymmdd((self.year % 100) as u8, self.month, self.day)
    }

    /// The first instant after the day, in UTC milliseconds since the Unix epoch.
    pub fn end_of_day_millis(&self) -> u64 {
        let days = days_since_epoch(self.year.into(), self.month.into(), self.day.into()) + 1;
        u64::try_from(days)
            .unwrap_or_default()
            .saturating_mul(MILLIS_PER_DAY)
    }

    /// The day, in UTC, of an instant in milliseconds since the Unix epoch; [`Date::MAX`] for what
    /// comes after it.
    pub fn from_millis(millis: u64) -> Self {
        let (year, month, day) = civil_from_days((millis / MILLIS_PER_DAY) as i64);
        u16::try_from(year)
            .ok()
            .and_then(|year| Self::new(year, month, day).ok())
            .unwrap_or(Self::MAX)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

as_text!(Date, Self::parse);

/// A day as barcodes write it: two digits each of the year, the month and the day, the last of
/// which may be 00 (GS1 General Specifications, sections 3.4.2 to 3.4.7).
///
/// There is such a day in at least one century. As JSON it is text of six digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Yymmdd {
    year: u8,
    month: u8,
    day: u8,
}

impl Yymmdd {
    /// Reads the six digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let number = check_digit::read(text, &[6])?;
        let (year, month, day) = (
            (number / 10_000) as u8,
            (number / 100 % 100) as u8,
            (number % 100) as u8,
        );
        // Only of a year 00 does the century say whether it is a leap year; 2000 is one.
        let last = days_in_month(2000 + u16::from(year), month);
        if last == 0 || day > last {
            return Err(Error::NotACalendarDay);
        }
        Ok(Self { year, month, day })
    }

    /// The six digits, in ASCII.
    pub fn digits(&self) -> [u8; 6] {
        yymmdd(self.year, self.month, self.day)
    }

    /// The day that it means to somebody who reads it on `reference`.
    ///
    /// The century is the one that puts it from 49 years before to 50 years after the year of
    /// `reference` (GS1 General Specifications, section 7.12). Day 00 is the last of the month
    /// (section 3.4.7).
    pub fn date(self, reference: Date) -> Result<Date, Error> {
        let (year, now) = (i32::from(self.year), i32::from(reference.year));
        let century = now - now % 100;
        let year = century
            + year
            + match year - now % 100 {
                51..=99 => -100,
                -99..=-50 => 100,
                _ => 0,
            };
        let year = u16::try_from(year).map_err(|_| Error::YearOutOfRange)?;
        let day = match self.day {
            0 => days_in_month(year, self.month),
            day => day,
        };
        Date::new(year, self.month, day)
    }
}

impl TryFrom<Date> for Yymmdd {
    type Error = Error;

    fn try_from(date: Date) -> Result<Self, Error> {
        let Date { year, month, day } = Date::new(date.year, date.month, date.day)?;
        Ok(Self {
            year: (year % 100) as u8,
            month,
            day,
        })
    }
}

impl fmt::Display for Yymmdd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}{:02}", self.year, self.month, self.day)
    }
}

as_text!(Yymmdd, Self::parse);

/// The last two digits of each, in ASCII.
fn yymmdd(year: u8, month: u8, day: u8) -> [u8; 6] {
    let tens = |number: u8| b'0' + number / 10 % 10;
    let ones = |number: u8| b'0' + number % 10;
    [
        tens(year),
        ones(year),
        tens(month),
        ones(month),
        tens(day),
        ones(day),
    ]
}

/// How many days a month has; none, if there is no such month.
const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days from 1 January 1970. Years begin in March here, so that the leap day is the last one.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * DAYS_PER_ERA + day_of_era - EPOCH
}

/// Year, month and day of a day counted from 1 January 1970: [`days_since_epoch`] backwards.
const fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + EPOCH;
    let day_of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days.div_euclid(DAYS_PER_ERA) * 400 + year_of_era + (month <= 2) as i64;
    (year, month as u8, day as u8)
}
