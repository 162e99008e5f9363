//! EPCs: the URIs by which EPCIS events name things (EPC Tag Data Standard 2.0, section 6; EPCIS
//! 2.0 and CBV 2.0, section 8).

use crate::{
    check_digit,
    digital_link::{self, Link},
    percent,
    text::is_set_82,
    Error, Gln, GlnExtension, Gtin, LotNumber, Serial, Sscc,
};
use alloc::{format, string::String};
use core::ops::RangeInclusive;

/// How many digits a GS1 Company Prefix has in an EPC URI.
const COMPANY_PREFIX: RangeInclusive<usize> = 6..=12;

/// One thing, or the items of one lot.
///
/// EPC URIs write the owner's GS1 Company Prefix apart, of which the keys themselves do not tell
/// how long it is. Two EPCs are equal if they name the same, however long it was said to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Epc {
    /// One item of a product (SGTIN).
    Sgtin {
        /// The product.
        gtin: Gtin,
        /// Which of its items.
        serial: Serial,
    },
    /// A logistic unit (SSCC).
    Sscc(Sscc),
    /// A place (SGLN).
    Sgln {
        /// The place.
        gln: Gln,
        /// A place within it. An extension of a single 0 says that there is none (section 6.3.3),
        /// and is written and read like none.
        extension: Option<GlnExtension>,
    },
    /// The items of one lot, a class of things (LGTIN).
    Lgtin {
        /// The product.
        gtin: Gtin,
        /// Which of its lots.
        lot: LotNumber,
    },
}

impl Epc {
    /// Reads an EPC Pure Identity URI (`urn:epc:id:sgtin:`, `sscc:`, `sgln:`), an EPC Class URI
    /// (`urn:epc:class:lgtin:`), or a GS1 Digital Link URI of the same keys on any host.
    ///
    /// The latter has no other qualifiers and no query: an EPC names one thing at its most
    /// precise (CBV 2.0, section 8). Use [`crate::DigitalLink`] to read what is on a pack.
    pub fn parse(uri: &str) -> Result<Self, Error> {
        if let Some(body) = uri.strip_prefix("urn:epc:id:sgtin:") {
            let (gtin, serial) = gtin_and_text(body)?;
            let serial = Serial::parse(&serial)?;
            Ok(Self::Sgtin { gtin, serial })
        } else if let Some(body) = uri.strip_prefix("urn:epc:class:lgtin:") {
            let (gtin, lot) = gtin_and_text(body)?;
            let lot = LotNumber::parse(&lot)?;
            Ok(Self::Lgtin { gtin, lot })
        } else if let Some(body) = uri.strip_prefix("urn:epc:id:sscc:") {
            let (prefix, reference) = body.split_once('.').ok_or(Error::NotAnEpc)?;
            let number = from_second_digit_on(prefix, reference, Sscc::DIGITS)?;
            Sscc::with_check_digit(number).map(Self::Sscc)
        } else if let Some(body) = uri.strip_prefix("urn:epc:id:sgln:") {
            let (prefix, rest) = body.split_once('.').ok_or(Error::NotAnEpc)?;
            let (reference, extension) = rest.split_once('.').ok_or(Error::NotAnEpc)?;
            check_lengths(prefix, reference, Gln::DIGITS)?;
            let number = check_digit::number(prefix.bytes().chain(reference.bytes()));
            Ok(Self::Sgln {
                gln: Gln::with_check_digit(number)?,
                extension: extension_from(&unescape(extension)?)?,
            })
        } else if digital_link::is_web_address(uri) {
            Self::from_digital_link(uri)
        } else {
            Err(Error::NotAnEpc)
        }
    }

    fn from_digital_link(uri: &str) -> Result<Self, Error> {
        let link = Link::parse(uri)?;
        if !link.query.is_empty() {
            return Err(Error::NotAnEpc);
        }
        match link.path.as_slice() {
            [("01", gtin), ("21", serial)] => Ok(Self::Sgtin {
                gtin: Gtin::parse(gtin)?,
                serial: Serial::parse(serial)?,
            }),
            [("01", gtin), ("10", lot)] => Ok(Self::Lgtin {
                gtin: Gtin::parse(gtin)?,
                lot: LotNumber::parse(lot)?,
            }),
            [("00", sscc)] => Sscc::parse(sscc).map(Self::Sscc),
            [("414", gln)] => Ok(Self::Sgln {
                gln: Gln::parse(gln)?,
                extension: None,
            }),
            [("414", gln), ("254", extension)] => Ok(Self::Sgln {
                gln: Gln::parse(gln)?,
                extension: extension_from(extension)?,
            }),
            _ => Err(Error::NotAnEpc),
        }
    }

    /// Writes the EPC Pure Identity URI or EPC Class URI, given how many digits the owner's GS1
    /// Company Prefix has: 6 to 12.
    pub fn to_urn(self, company_prefix_digits: u8) -> Result<String, Error> {
        Ok(match self {
            Self::Sgtin { gtin, serial } => {
                let item = item_reference(gtin, company_prefix_digits)?;
                format!("urn:epc:id:sgtin:{item}.{}", escape(serial.as_str()))
            }
            Self::Lgtin { gtin, lot } => {
                let item = item_reference(gtin, company_prefix_digits)?;
                format!("urn:epc:class:lgtin:{item}.{}", escape(lot.as_str()))
            }
            Self::Sscc(sscc) => {
                let [first, body @ .., _] = sscc.digits();
                let (prefix, rest) = split(&body, company_prefix_digits)?;
                format!("urn:epc:id:sscc:{prefix}.{}{rest}", char::from(first))
            }
            Self::Sgln { gln, extension } => {
                let [body @ .., _] = gln.digits();
                let (prefix, reference) = split(&body, company_prefix_digits)?;
                let extension = extension.as_ref().map_or("0", GlnExtension::as_str);
                format!("urn:epc:id:sgln:{prefix}.{reference}.{}", escape(extension))
            }
        })
    }

    /// Writes the canonical GS1 Digital Link URI: see [`crate::digital_link`].
    pub fn to_digital_link(self) -> String {
        match self {
            Self::Sgtin { gtin, serial } => digital_link::pack(gtin, &serial),
            Self::Lgtin { gtin, lot } => digital_link::lot(gtin, &lot),
            Self::Sscc(sscc) => digital_link::container(sscc),
            Self::Sgln { gln, extension } => match extension {
                Some(extension) if extension.as_str() != "0" => {
                    digital_link::sublocation(gln, &extension)
                }
                _ => digital_link::location(gln),
            },
        }
    }
}

/// Reads `prefix.item.text`, where the first digit of `item` is the GTIN's indicator.
fn gtin_and_text(body: &str) -> Result<(Gtin, String), Error> {
    let (prefix, rest) = body.split_once('.').ok_or(Error::NotAnEpc)?;
    let (item, text) = rest.split_once('.').ok_or(Error::NotAnEpc)?;
    let number = from_second_digit_on(prefix, item, Gtin::DIGITS)?;
    Ok((Gtin::with_check_digit(number)?, unescape(text)?))
}

/// The digits before the check digit of a key in which the company prefix begins after the first
/// digit, which EPC URIs move behind the prefix.
fn from_second_digit_on(prefix: &str, reference: &str, digits: u8) -> Result<u64, Error> {
    check_lengths(prefix, reference, digits)?;
    let (first, rest) = reference
        .split_at_checked(1)
        .expect("a company prefix is shorter than the key; qed");
    let digits = first.bytes().chain(prefix.bytes()).chain(rest.bytes());
    Ok(check_digit::number(digits))
}

/// Refuses what does not make a key of so many digits, of which the check digit is not written.
fn check_lengths(prefix: &str, reference: &str, digits: u8) -> Result<(), Error> {
    let expected = digits - 1;
    let mut written = prefix.bytes().chain(reference.bytes());
    if !written.all(|byte| byte.is_ascii_digit()) {
        Err(Error::NotDigits)
    } else if !COMPANY_PREFIX.contains(&prefix.len()) {
        Err(Error::WrongCompanyPrefix)
    } else if prefix.len() + reference.len() != usize::from(expected) {
        Err(Error::WrongLength { expected })
    } else {
        Ok(())
    }
}

/// `prefix.item`, where the GTIN's indicator is the first digit of `item`.
fn item_reference(gtin: Gtin, company_prefix_digits: u8) -> Result<String, Error> {
    let [indicator, body @ .., _] = gtin.digits();
    let (prefix, rest) = split(&body, company_prefix_digits)?;
    Ok(format!("{prefix}.{}{rest}", char::from(indicator)))
}

/// Company prefix and the rest of a key's digits.
fn split(digits: &[u8], company_prefix_digits: u8) -> Result<(&str, &str), Error> {
    let at = usize::from(company_prefix_digits);
    core::str::from_utf8(digits)
        .expect("digits are ASCII; qed")
        .split_at_checked(at)
        .filter(|_| COMPANY_PREFIX.contains(&at))
        .ok_or(Error::WrongCompanyPrefix)
}

/// The extension of a GLN, of which a single 0 says that there is none.
fn extension_from(text: &str) -> Result<Option<GlnExtension>, Error> {
    match text {
        "0" => Ok(None),
        text => GlnExtension::parse(text).map(Some),
    }
}

/// Whether a character of set 82 stands for itself in an EPC URI; the seven others are escaped
/// (section 6 and table A-1).
fn is_plain(byte: u8) -> bool {
    is_set_82(byte) && !b"\"%&/<>?".contains(&byte)
}

fn escape(text: &str) -> String {
    percent::encode(text, is_plain)
}

fn unescape(text: &str) -> Result<String, Error> {
    percent::decode(text, is_plain)
}
