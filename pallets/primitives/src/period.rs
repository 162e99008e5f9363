//! Instants and periods on legal clocks.

use crate::data;

/// UTC milliseconds since the Unix epoch.
pub type Moment = u64;

data! {
    /// A stretch of time, open at either end if that end is absent.
    ///
    /// `start` is inclusive and `end` exclusive. (FHIR's `Period.end` is inclusive at the precision
    /// it is written in: "2019-01-01" becomes the first instant of 2019-01-02 here.)
    #[derive(Copy, Default)]
    #[serde(deny_unknown_fields)]
    pub struct Period {
        /// First instant inside, UTC milliseconds.
        #[serde(default)]
        pub start: Option<Moment>,
        /// First instant no longer inside, UTC milliseconds.
        #[serde(default)]
        pub end: Option<Moment>,
    }
}

impl Period {
    /// The period without ends.
    pub const ALWAYS: Self = Self {
        start: None,
        end: None,
    };

    /// From `start` on, up to but without `end`.
    pub const fn between(start: Moment, end: Moment) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
        }
    }

    /// Whether there is an instant inside.
    pub const fn is_valid(&self) -> bool {
        match (self.start, self.end) {
            (Some(start), Some(end)) => start < end,
            (_, Some(end)) => end > 0,
            _ => true,
        }
    }

    /// Whether `at` is inside.
    pub fn contains(&self, at: Moment) -> bool {
        self.start.is_none_or(|start| start <= at) && !self.is_over(at)
    }

    /// Whether `at` is past the end.
    pub fn is_over(&self, at: Moment) -> bool {
        self.end.is_some_and(|end| end <= at)
    }

    /// Whether every instant of `other` is inside.
    pub fn covers(&self, other: &Self) -> bool {
        let starts_in_time = match (self.start, other.start) {
            (Some(start), Some(other)) => start <= other,
            (start, _) => start.is_none(),
        };
        let ends_in_time = match (self.end, other.end) {
            (Some(end), Some(other)) => other <= end,
            (end, _) => end.is_none(),
        };
        starts_in_time && ends_in_time
    }

    /// Whether the periods share an instant.
    pub fn intersects(&self, other: &Self) -> bool {
        let ends_before = |a: &Self, b: &Self| match (a.end, b.start) {
            (Some(end), Some(start)) => end <= start,
            _ => false,
        };
        !ends_before(self, other) && !ends_before(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_inclusive_and_exclusive() {
        let period = Period::between(10, 20);
        assert!(!period.contains(9) && period.contains(10));
        assert!(period.contains(19) && !period.contains(20));
        assert!(!Period::between(10, 10).is_valid());
        assert!(Period::ALWAYS.contains(0) && Period::ALWAYS.contains(Moment::MAX));
    }

    #[test]
    fn touching_periods_do_not_intersect() {
        assert!(!Period::between(0, 10).intersects(&Period::between(10, 20)));
        assert!(Period::between(0, 11).intersects(&Period::between(10, 20)));
        assert!(Period::ALWAYS.intersects(&Period::between(10, 20)));
        assert!(Period::ALWAYS.covers(&Period::between(10, 20)));
        assert!(!Period::between(10, 20).covers(&Period::ALWAYS));
        assert!(Period::between(0, 20).covers(&Period::between(10, 20)));
    }
}
