//! What is known of application identifiers without knowing each of them.

use crate::{text::is_set_82, Error};

/// No value is longer.
const LONGEST: u8 = 90;

/// A GS1 Application Identifier: two to four digits that say what the value after them is.
#[derive(Clone, Copy)]
pub(crate) struct ApplicationIdentifier {
    /// Its digits read as a number. How many they are follows from the first two, so no two
    /// identifiers share a number.
    pub number: u16,
    /// How long the value is, if that is predefined, so that no separator has to end it.
    pub length: Option<u8>,
}

impl ApplicationIdentifier {
    /// The identifier that `data` begins with, and what follows it.
    pub fn split(data: &[u8]) -> Result<(Self, &[u8]), Error> {
        let unknown = Error::UnknownApplicationIdentifier;
        let [tens, ones, ..] = data else {
            return Err(unknown);
        };
        let (digits, length) = format(*tens, *ones).ok_or(unknown)?;
        let (digits, rest) = data.split_at_checked(digits).ok_or(unknown)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(unknown);
        }
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + u16::from(digit & 0x0f));
        Ok((Self { number, length }, rest))
    }

    /// The identifier that `name` is.
    pub fn named(name: &str) -> Result<Self, Error> {
        match Self::split(name.as_bytes())? {
            (identifier, []) => Ok(identifier),
            _ => Err(Error::UnknownApplicationIdentifier),
        }
    }

    /// Refuses a value that no identifier of this format can have.
    pub fn check(&self, value: &[u8]) -> Result<(), Error> {
        if value.is_empty() {
            return Err(Error::Empty);
        }
        if let Some(expected) = self.length {
            if !value.iter().all(u8::is_ascii_digit) {
                return Err(Error::NotDigits);
            }
            if value.len() != usize::from(expected) {
                return Err(Error::WrongLength { expected });
            }
            return Ok(());
        }
        if value.len() > usize::from(LONGEST) {
            return Err(Error::TooLong { max: LONGEST });
        }
        // AI 8010 is of set 39, which has one character that set 82 has not.
        match value
            .iter()
            .position(|byte| !is_set_82(*byte) && *byte != b'#')
        {
            Some(at) => Err(Error::IllegalCharacter { at }),
            None => Ok(()),
        }
    }
}

/// How many digits the identifiers have that begin with these two, and how long their values are
/// if that is predefined.
///
/// The lengths are those of the GS1 General Specifications, figure 7.8.5-2. It has some for
/// identifiers that are not given out yet, such as 04 and 14, so that readers can skip them.
fn format(tens: u8, ones: u8) -> Option<(usize, Option<u8>)> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    Some(match (tens & 0x0f) * 10 + (ones & 0x0f) {
        0 => (2, Some(18)),
        1..=3 => (2, Some(14)),
        4 => (2, Some(16)),
        11..=19 => (2, Some(6)),
        20 => (2, Some(2)),
        31..=36 => (4, Some(6)),
        41 => (3, Some(13)),
        10 | 21 | 22 | 30 | 37 | 90..=99 => (2, None),
        23..=25 | 40 | 42 | 71 => (3, None),
        39 | 43 | 70 | 72 | 80..=82 => (4, None),
        _ => return None,
    })
}
