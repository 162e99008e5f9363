//! Percent-encoding (RFC 3986, section 2.1).

use crate::Error;
use alloc::{string::String, vec::Vec};

/// Whether a character stands for itself everywhere in a URI (RFC 3986, section 2.3).
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Writes `text` with a percent sign and two upper-case digits for each byte that is not `plain`.
pub(crate) fn encode(text: &str, plain: impl Fn(u8) -> bool) -> String {
    let digit = |half: u8| {
        char::from_digit(half.into(), 16)
            .expect("half a byte is one hexadecimal digit; qed")
            .to_ascii_uppercase()
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 0x0f)]);
        }
    }
    encoded
}

/// Reads text in which only `plain` bytes may stand for themselves.
pub(crate) fn decode(text: &str, plain: impl Fn(u8) -> bool) -> Result<String, Error> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if *byte == b'%' {
            let [high, low, next @ ..] = after else {
                return Err(Error::BrokenPercentEncoding);
            };
            decoded.push(half(*high)? * 16 + half(*low)?);
            rest = next;
        } else if plain(*byte) {
            decoded.push(*byte);
            rest = after;
        } else {
            let at = text.len() - rest.len();
            return Err(Error::IllegalCharacter { at });
        }
    }
    String::from_utf8(decoded).map_err(|error| Error::IllegalCharacter {
        at: error.utf8_error().valid_up_to(),
    })
}

fn half(digit: u8) -> Result<u8, Error> {
    char::from(digit)
        .to_digit(16)
        .map(|value| value as u8)
        .ok_or(Error::BrokenPercentEncoding)
}
