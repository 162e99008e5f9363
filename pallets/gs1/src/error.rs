//! What can be wrong with what was typed, scanned or decoded.

use core::fmt;

/// Why something was refused.
///
/// Nothing of the input is in it but lengths and positions, so it can be logged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Error {
    /// There is nothing where something must be.
    Empty,
    /// Something other than 0 to 9 is among the digits.
    NotDigits,
    /// The number of digits is wrong.
    WrongLength {
        /// How many there must be.
        expected: u8,
    },
    /// There are too many digits or characters.
    TooLong {
        /// How many there may be.
        max: u8,
    },
    /// The check digit does not belong to the digits before it.
    WrongCheckDigit {
        /// The one that does.
        expected: u8,
    },
    /// A character is not allowed there.
    IllegalCharacter {
        /// Its position in the value it is in, in bytes from 0.
        at: usize,
    },
    /// There is no such day.
    NotACalendarDay,
    /// The year is before 1970 or after 9999.
    YearOutOfRange,
    /// The text is not a date as ISO 8601 writes it.
    NotAnIsoDate,
    /// The symbology identifier is not one of a barcode with GS1 element strings.
    UnknownSymbology,
    /// No application identifier begins like this.
    UnknownApplicationIdentifier,
    /// A value of variable length does not end where it must.
    MissingSeparator,
    /// An application identifier is there twice, with different values.
    Contradiction,
    /// The text is not a web address.
    NotADigitalLink,
    /// The web address identifies nothing that this crate knows.
    KeyMissing,
    /// An application identifier is where it must not be in a web address.
    Misplaced,
    /// A percent sign is not followed by two hexadecimal digits.
    BrokenPercentEncoding,
    /// The text is not an EPC of a kind that this crate knows.
    NotAnEpc,
    /// The GS1 Company Prefix is too short or too long.
    WrongCompanyPrefix,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a value is empty; leave it out or fill it in"),
            Self::NotDigits => f.write_str(
                "only the digits 0 to 9 are allowed there; remove spaces, hyphens and letters",
            ),
            Self::WrongLength { expected } => write!(
                f,
                "the number of digits is wrong; {expected} are needed, leading zeros included \
                 (a GTIN that is not in a barcode may also have 8, 12 or 13)",
            ),
            Self::TooLong { max } => write!(f, "the value is too long; {max} is the most"),
            Self::WrongCheckDigit { expected } => write!(
                f,
                "the last digit is not the check digit, which would be {expected}; \
                 scan or copy the number again",
            ),
            Self::IllegalCharacter { at } => write!(
                f,
                "the character at position {at}, counted from 0, is not allowed there; GS1 allows \
                 letters A to Z and a to z, digits and ! \" % & ' ( ) * + , - . / : ; < = > ? _, \
                 and URIs need some of them percent-encoded",
            ),
            Self::NotACalendarDay => f.write_str("there is no such day; check month and day"),
            Self::YearOutOfRange => {
                f.write_str("the year is out of range; give one from 1970 to 9999")
            }
            Self::NotAnIsoDate => f.write_str("a date is written YYYY-MM-DD"),
            Self::UnknownSymbology => f.write_str(
                "the symbology identifier is not one of GS1 element strings; \
                 ]C1, ]e0, ]d2, ]Q3 and ]J1 are",
            ),
            Self::UnknownApplicationIdentifier => f.write_str(
                "an application identifier is expected where none begins; check the one before, \
                 its length and its separator",
            ),
            Self::MissingSeparator => f.write_str(
                "a value of variable length runs past its longest; \
                 put FNC1 (byte 0x1D) between it and the next one",
            ),
            Self::Contradiction => f.write_str(
                "an application identifier is there twice with different values; \
                 scan one item only",
            ),
            Self::NotADigitalLink => {
                f.write_str("a GS1 Digital Link begins with https:// or http:// and a host")
            }
            Self::KeyMissing => f.write_str(
                "the path of the web address has none of 01 (GTIN), 00 (SSCC) and 414 (GLN) as a \
                 key",
            ),
            Self::Misplaced => f.write_str(
                "an application identifier is misplaced in the web address; keys come first, \
                 then 22, 10, 21 or 254 in the path in that order, and all others after the ?",
            ),
            Self::BrokenPercentEncoding => {
                f.write_str("a % must be followed by two hexadecimal digits; write it as %25")
            }
            Self::NotAnEpc => f.write_str(
                "an EPC is urn:epc:id:sgtin, sscc or sgln, urn:epc:class:lgtin, or a GS1 Digital \
                 Link with nothing but the same keys",
            ),
            Self::WrongCompanyPrefix => {
                f.write_str("a GS1 Company Prefix has 6 to 12 digits; look it up with its owner")
            }
        }
    }
}

impl core::error::Error for Error {}
