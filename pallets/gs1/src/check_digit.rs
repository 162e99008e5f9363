//! The check digit of GS1 keys (GS1 General Specifications, section 7.9.1).

use crate::Error;

/// The check digit that belongs after the digits of `body`.
///
/// The digits are weighted 3, 1, 3 ... from the right; the check digit is what their sum lacks to
/// a multiple of ten. Leading zeros change nothing, so a number has one check digit however long
/// the key is.
pub const fn check_digit(body: u64) -> u8 {
    let mut rest = body;
    let mut weight = 3;
    let mut sum = 0;
    while rest > 0 {
        sum += rest % 10 * weight;
        weight = 4 - weight;
        rest /= 10;
    }
    ((10 - sum % 10) % 10) as u8
}

/// `number`, if it has at most `digits` digits and the last is the check digit.
pub(crate) const fn checked(number: u64, digits: u8) -> Result<u64, Error> {
    if number >= 10u64.pow(digits as u32) {
        return Err(Error::TooLong { max: digits });
    }
    let expected = check_digit(number / 10);
    if number % 10 == expected as u64 {
        Ok(number)
    } else {
        Err(Error::WrongCheckDigit { expected })
    }
}

/// `body` and its check digit as a number of at most `digits` digits.
pub(crate) const fn completed(body: u64, digits: u8) -> Result<u64, Error> {
    let max = digits - 1;
    if body >= 10u64.pow(max as u32) {
        return Err(Error::TooLong { max });
    }
    Ok(body * 10 + check_digit(body) as u64)
}

/// The number that `text` writes, if it is of digits and as long as one of `lengths`, of which
/// the last is what messages ask for.
pub(crate) fn read(text: &str, lengths: &[u8]) -> Result<u64, Error> {
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::NotDigits);
    }
    if lengths
        .iter()
        .any(|length| usize::from(*length) == text.len())
    {
        Ok(number(text.bytes()))
    } else {
        let expected = lengths.last().copied().unwrap_or_default();
        Err(Error::WrongLength { expected })
    }
}

/// The number that ASCII digits write. Whoever calls it has seen that they are at most 18.
pub(crate) fn number(digits: impl Iterator<Item = u8>) -> u64 {
    // The low four bits of an ASCII digit are its value.
    digits.fold(0, |number: u64, digit| {
        number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit & 0x0f))
    })
}
