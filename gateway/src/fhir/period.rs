//! FHIR dates of partial precision as instants.
//!
//! A FHIR `Period` includes its end at the precision it is written in (FHIR R4 and R5, data types,
//! Period): "2015-02" ends when March begins. The chain's periods exclude their end, so a start
//! becomes the first instant of what is written and an end the first instant after it. Dates have
//! no time zone in FHIR; they are read as UTC, which is the chain's clock.

use super::{node::Node, Mapper};
use axonic_primitives::{Moment, Period};
use jiff::civil::{date, Date};

const MILLISECONDS_A_DAY: i128 = 24 * 60 * 60 * 1000;
const NANOSECONDS_A_MILLISECOND: i128 = 1_000_000;
const NANOSECONDS_A_SECOND: i128 = 1_000_000_000;

/// The instants that a date or time stands for, in milliseconds since 1970, before which they are
/// negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stretch {
    /// The first instant.
    start: i128,
    /// The first instant after.
    end: i128,
}

impl Stretch {
    /// Reads a FHIR `date` or `dateTime`: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or
    /// `YYYY-MM-DDThh:mm:ss[.f]` with an offset or `Z`.
    fn read(text: &str) -> Option<Self> {
        if !text.is_ascii() {
            return None;
        }
        let Some((day, time)) = text.split_once('T') else {
            let (first, last) = days(text)?;
            return Some(Self {
                start: midnight(first),
                end: midnight(last) + MILLISECONDS_A_DAY,
            });
        };
        if day.len() != "YYYY-MM-DD".len() {
            return None;
        }
        let (day, _) = days(day)?;
        let (clock, offset) = split_offset(time)?;
        let (nanoseconds, precision) = read_clock(clock)?;
        let start = midnight(day) * NANOSECONDS_A_MILLISECOND + nanoseconds - offset;
        // The chain counts whole milliseconds: the first one inside, and the first one outside.
        Some(Self {
            start: ceiling(start),
            end: ceiling(start + precision),
        })
    }
}

/// The first and the last day of a year, a month or a day.
fn days(text: &str) -> Option<(Date, Date)> {
    let year = i16::try_from(number(text.get(..4)?)?)
        .ok()
        .filter(|year| *year > 0)?;
    let part = |from: usize| {
        let written = text.get(from - 1..from + 2)?.strip_prefix('-')?;
        i8::try_from(number(written)?).ok()
    };
    match text.len() {
        4 => Date::new(year, 1, 1)
            .ok()
            .map(|first| (first, first.last_of_year())),
        7 => Date::new(year, part(5)?, 1)
            .ok()
            .map(|first| (first, first.last_of_month())),
        10 => Date::new(year, part(5)?, part(8)?)
            .ok()
            .map(|day| (day, day)),
        _ => None,
    }
}

/// `hh:mm:ss[.f]` as nanoseconds of the day, and how long the last digit is.
fn read_clock(text: &str) -> Option<(i128, i128)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut parts = whole.split(':');
    let mut part = |limit: u64| {
        let written = parts.next().filter(|written| written.len() == 2)?;
        number(written)
            .filter(|value| *value < limit)
            .map(i128::from)
    };
    // FHIR allows a leap second, which clocks that count from 1970 do not know: it is the next one.
    let (hours, minutes, seconds) = (part(24)?, part(60)?, part(61)?);
    if parts.next().is_some() {
        return None;
    }
    let (mut nanoseconds, mut precision) = (0, NANOSECONDS_A_SECOND);
    if let Some(fraction) = fraction {
        let digits = u32::try_from(fraction.len())
            .ok()
            .filter(|digits| (1..=9).contains(digits))?;
        precision = 10i128.pow(9 - digits);
        nanoseconds = i128::from(number(fraction)?) * precision;
    }
    let seconds = (hours * 60 + minutes) * 60 + seconds;
    Some((seconds * NANOSECONDS_A_SECOND + nanoseconds, precision))
}

/// Splits `Z` or `±hh:mm` off a time, as nanoseconds.
fn split_offset(text: &str) -> Option<(&str, i128)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let (clock, offset) = text.split_at_checked(text.len().checked_sub("+hh:mm".len())?)?;
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (
        number(hours).filter(|_| hours.len() == 2)?,
        number(minutes)?,
    );
    if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
        return None;
    }
    let seconds = i128::from((hours * 60 + minutes) * 60);
    Some((clock, sign * seconds * NANOSECONDS_A_SECOND))
}

/// Digits and nothing else.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

fn midnight(day: Date) -> i128 {
    day.duration_since(date(1970, 1, 1)).as_millis()
}

fn ceiling(nanoseconds: i128) -> i128 {
    -(-nanoseconds).div_euclid(NANOSECONDS_A_MILLISECOND)
}

/// Whether this is a FHIR `date` or `dateTime`.
pub(crate) fn is_date_or_time(text: &str) -> bool {
    Stretch::read(text).is_some()
}

/// Reads a FHIR `instant` as the chain counts time.
pub(crate) fn fhir_instant(text: &str) -> Result<Moment, &'static str> {
    let read = text.contains('T').then(|| Stretch::read(text)).flatten();
    let stretch = read.ok_or("is no FHIR instant, a time with seconds and an offset")?;
    Moment::try_from(stretch.start).map_err(|_| "is before 1970, where the chain's time begins")
}

/// Reads an instant with its offset, `2026-01-31T12:00:00Z`, as the chain counts time.
pub fn instant(text: &str) -> Result<Moment, String> {
    fhir_instant(text)
        .map_err(|_| "an instant since 1970 is written as 2026-01-31T12:00:00Z".into())
}

/// Reads `start/end`, each a FHIR date or time, both included, either absent.
pub fn interval(text: &str) -> Result<Period, String> {
    let usage = "a period is written as 2015-01-01/2015-02, both ends included, since 1970";
    let (start, end) = text.split_once('/').ok_or(usage)?;
    let read = |written: &str, pick: fn(Stretch) -> i128| match written {
        "" => Ok(None),
        _ => {
            let moment = Stretch::read(written).and_then(|s| Moment::try_from(pick(s)).ok());
            moment.map(Some).ok_or(usage)
        }
    };
    let period = Period {
        start: read(start, |s| s.start)?,
        end: read(end, |s| s.end)?,
    };
    if period == Period::ALWAYS || !period.is_valid() {
        return Err(usage.into());
    }
    Ok(period)
}

/// An instant as people read it.
pub fn moment_in_words(moment: Moment) -> String {
    i64::try_from(moment)
        .ok()
        .and_then(|milliseconds| jiff::Timestamp::from_millisecond(milliseconds).ok())
        .map_or_else(
            || format!("{moment} ms after 1970"),
            |timestamp| timestamp.to_string(),
        )
}

/// A period as people read it.
pub fn period_in_words(period: &Period) -> String {
    match (
        period.start.map(moment_in_words),
        period.end.map(moment_in_words),
    ) {
        (Some(start), Some(end)) => format!("from {start} until {end}"),
        (Some(start), None) => format!("from {start} on"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => "always".into(),
    }
}

/// What a period is about, which decides what a start before 1970 means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum About {
    /// When a consent or provision holds.
    Validity,
    /// When data came about.
    Data,
}

impl Mapper<'_> {
    /// Reads a FHIR `Period`.
    pub(crate) fn period(&mut self, node: &Node<'_>, about: About) -> Option<Period> {
        let refused = self.findings.refusals.len();
        let start = self.bound(node, "start").map(|stretch| stretch.start);
        let end = self.bound(node, "end").map(|stretch| stretch.end);
        if !node.has("start") && !node.has("end") {
            self.findings
                .refuse(node.path(), "has neither a start nor an end");
        }
        if start.is_some_and(|start| start < 0) && about == About::Data {
            let reason = "is before 1970, where the chain's time begins, so data from then could \
                          not be told from older data";
            self.findings.refuse(node.path_of("start"), reason);
        }
        if end.is_some_and(|end| end <= 0) {
            let reason = "is before 1970, where the chain's time begins";
            self.findings.refuse(node.path_of("end"), reason);
        } else if start.zip(end).is_some_and(|(start, end)| start >= end) {
            self.findings.refuse(node.path(), "ends before it starts");
        }
        if self.findings.refusals.len() > refused {
            return None;
        }
        let period = Period {
            start: start.and_then(|start| Moment::try_from(start).ok()),
            end: end.and_then(|end| Moment::try_from(end).ok()),
        };
        self.findings.mapped(node.path(), period_in_words(&period));
        Some(period)
    }

    fn bound(&mut self, node: &Node<'_>, name: &str) -> Option<Stretch> {
        let text = node.text(name)?;
        let stretch = Stretch::read(text);
        if stretch.is_none() {
            let reason = "is no FHIR date, nor a time with seconds and an offset";
            self.findings.refuse(node.path_of(name), reason);
        }
        stretch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(i128, i128)> {
        Stretch::read(text).map(|stretch| (stretch.start, stretch.end))
    }

    const DAY: i128 = MILLISECONDS_A_DAY;
    /// 1 January 2016, UTC.
    const YEAR_2016: i128 = 1_451_606_400_000;

    #[test]
    fn each_precision_is_a_stretch_from_its_first_instant_up_to_the_next() {
        assert_eq!(read("1970"), Some((0, 365 * DAY)));
        assert_eq!(read("2016"), Some((YEAR_2016, YEAR_2016 + 366 * DAY)));
        assert_eq!(
            read("2016-02"),
            Some((YEAR_2016 + 31 * DAY, YEAR_2016 + 60 * DAY))
        );
        assert_eq!(
            read("2016-02-29"),
            Some((YEAR_2016 + 59 * DAY, YEAR_2016 + 60 * DAY))
        );
        assert_eq!(
            read("2016-01-01T00:00:01Z"),
            Some((YEAR_2016 + 1000, YEAR_2016 + 2000))
        );
        assert_eq!(
            read("2016-01-01T00:00:01.5Z"),
            Some((YEAR_2016 + 1500, YEAR_2016 + 1600))
        );
        assert_eq!(
            read("2016-01-01T00:00:01.250Z"),
            Some((YEAR_2016 + 1250, YEAR_2016 + 1251))
        );
        assert_eq!(
            read("2016-01-01T00:00:00.0005Z"),
            Some((YEAR_2016 + 1, YEAR_2016 + 1))
        );
    }

    #[test]
    fn offsets_move_the_instant() {
        let at = Some((YEAR_2016, YEAR_2016 + 1000));
        assert_eq!(read("2016-01-01T00:00:00Z"), at);
        assert_eq!(read("2016-01-01T10:00:00+10:00"), at);
        assert_eq!(read("2015-12-31T18:30:00-05:30"), at);
    }

    #[test]
    fn the_ends_of_time_that_people_write_are_understood() {
        assert!(read("9999-12-31").is_some());
        assert!(read("9999-12-31T23:59:59Z").is_some());
        assert_eq!(
            read("1964-01-01").map(|(start, _)| start),
            Some(-2192 * DAY)
        );
        assert_eq!(
            read("2016-12-31T23:59:60Z").map(|(start, _)| start),
            read("2017").map(|y| y.0)
        );
    }

    #[test]
    fn what_is_no_fhir_date_is_not_guessed_at() {
        for text in [
            "",
            "16",
            "2016-1-1",
            "2016-13",
            "2015-02-29",
            "2016/01/01",
            "20160101",
            "0000",
            "2016-01-01T10:00Z",
            "2016-01-01T10:00:00",
            "2016-01-01T24:00:00Z",
            "2016-01T10:00:00Z",
            "2016-01-01T10:00:00+15:00",
            "2016-01-01T10:00:00.Z",
            "2016-01-01 10:00:00Z",
            "+2016",
            "2016-01-01T10:00:00+1:00",
            "2016-01-01T10:00:00:00Z",
            "２０１６",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_command_line_reads_instants_and_intervals() {
        assert_eq!(instant("2016-01-01T00:00:00Z"), Ok(1_451_606_400_000));
        assert!(instant("2016-01-01").is_err() && instant("1969-12-31T23:59:59Z").is_err());
        let january = Period::between(1_451_606_400_000, 1_451_606_400_000 + 31 * 86_400_000);
        assert_eq!(interval("2016-01/2016-01"), Ok(january));
        assert_eq!(
            interval("2016/"),
            Ok(Period {
                end: None,
                ..january
            })
        );
        assert!(interval("/").is_err() && interval("2016").is_err());
        assert!(interval("2017/2016").is_err() && interval("1960/2016").is_err());
    }

    #[test]
    fn instants_and_periods_read_well() {
        assert_eq!(moment_in_words(0), "1970-01-01T00:00:00Z");
        let period = Period {
            start: Some(0),
            end: None,
        };
        assert_eq!(period_in_words(&period), "from 1970-01-01T00:00:00Z on");
    }
}
