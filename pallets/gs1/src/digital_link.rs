//! GS1 Digital Link URIs: web addresses that name products, items, lots, logistic units and places
//! (GS1 Digital Link Standard: URI Syntax, 1.4).
//!
//! The functions write canonical ones, whose host is GS1's own, so that one thing has one URI.
//! In a serial, a lot number or an extension everything but letters, digits and `-._~`, which RFC
//! 3986 calls unreserved, is percent-encoded with upper-case digits: of set 82 these are
//! `! " % & ' ( ) * + , / : ; < = > ?`.

use crate::{
    application_identifier::ApplicationIdentifier,
    percent::{self, is_unreserved},
    scan::Elements,
    Error, Gln, GlnExtension, Gtin, LotNumber, Scan, Serial, Sscc,
};
use alloc::{format, string::String, vec::Vec};

/// Scheme and host of canonical URIs.
const CANONICAL: &str = "https://id.gs1.org";

/// What may follow a GTIN in the path, in this order: a consumer product variant, a lot and a
/// serial; or a serial that somebody other than the brand owner gave.
const AFTER_GTIN: &[&[&str]] = &[&["22", "10", "21"], &["235"]];
/// What may follow a GLN in the path: an extension; or an importer's index.
const AFTER_GLN: &[&[&str]] = &[&["254"], &["7040"]];

/// The URI of one item of a product: `https://id.gs1.org/01/{gtin}/21/{serial}`.
pub fn pack(gtin: Gtin, serial: &Serial) -> String {
    format!("{CANONICAL}/01/{gtin}/21/{}", segment(serial.as_str()))
}

/// The URI of one lot of a product: `https://id.gs1.org/01/{gtin}/10/{lot}`.
pub fn lot(gtin: Gtin, lot: &LotNumber) -> String {
    format!("{CANONICAL}/01/{gtin}/10/{}", segment(lot.as_str()))
}

/// The URI of a logistic unit: `https://id.gs1.org/00/{sscc}`.
pub fn container(sscc: Sscc) -> String {
    format!("{CANONICAL}/00/{sscc}")
}

/// The URI of a place: `https://id.gs1.org/414/{gln}`.
pub fn location(gln: Gln) -> String {
    format!("{CANONICAL}/414/{gln}")
}

/// The URI of a place within a place: `https://id.gs1.org/414/{gln}/254/{extension}`.
pub fn sublocation(gln: Gln, extension: &GlnExtension) -> String {
    format!("{CANONICAL}/414/{gln}/254/{}", segment(extension.as_str()))
}

fn segment(text: &str) -> String {
    percent::encode(text, is_unreserved)
}

/// The notation of web addresses, read into a [`Scan`].
pub enum DigitalLink {}

impl DigitalLink {
    /// Reads a GS1 Digital Link URI: any host, any path before the key, not compressed.
    ///
    /// The key in the path is 01, 00 or 414, followed by what may qualify it: 22, 10 and 21, or
    /// 235, after 01; 254 or 7040 after 414. Of the query, identifiers that [`Scan`] has no field
    /// for are skipped after a check, and so are names that are not numbers, such as `linkType`,
    /// and the fragment. A GTIN may have 8, 12 or 13 digits, as in early versions of the standard;
    /// their names for identifiers (`gtin`, `lot`, `ser`) are not read.
    pub fn parse(uri: &str) -> Result<Scan, Error> {
        let link = Link::parse(uri)?;
        let mut elements = Elements::default();
        for (name, value) in &link.path {
            add(&mut elements, name, value)?;
        }
        for attribute in link.query.split(['&', ';']) {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            // A lot can also be an attribute: that of what a logistic unit contains.
            if is_key(name) || (is_qualifier(name) && name != "10") {
                return Err(Error::Misplaced);
            }
            add(&mut elements, name, &decode(value)?)?;
        }
        elements.finish()
    }
}

fn add(elements: &mut Elements, name: &str, value: &str) -> Result<(), Error> {
    let identifier = ApplicationIdentifier::named(name)?;
    if name == "01" {
        elements.add(identifier, &Gtin::parse(value)?.digits())
    } else {
        elements.add(identifier, value.as_bytes())
    }
}

/// A GS1 Digital Link URI, taken apart.
pub(crate) struct Link<'a> {
    /// The key and its qualifiers, in order, with decoded values.
    pub path: Vec<(&'a str, String)>,
    /// What is after the question mark, still encoded.
    pub query: &'a str,
}

impl<'a> Link<'a> {
    pub fn parse(uri: &'a str) -> Result<Self, Error> {
        let address = without_scheme(uri).ok_or(Error::NotADigitalLink)?;
        if let Some(at) = uri.bytes().position(|byte| !is_uri_character(byte)) {
            return Err(Error::IllegalCharacter { at });
        }
        let (address, _fragment) = address.split_once('#').unwrap_or((address, ""));
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        let (host, path) = address.split_once('/').ok_or(Error::NotADigitalLink)?;
        if host.is_empty() || !host.bytes().all(is_host_character) {
            return Err(Error::NotADigitalLink);
        }
        Ok(Self {
            path: key_and_qualifiers(path)?,
            query,
        })
    }
}

/// Reads pairs of identifier and value from the end of the path back to the key, so that whatever
/// comes before it can be anything.
fn key_and_qualifiers(path: &str) -> Result<Vec<(&str, String)>, Error> {
    let mut segments = path.rsplit('/');
    let mut pairs: Vec<(&str, String)> = Vec::new();
    while let (Some(value), Some(name)) = (segments.next(), segments.next()) {
        if is_key(name) {
            let orders: &[&[&str]] = match name {
                "01" => AFTER_GTIN,
                "414" => AFTER_GLN,
                _ => &[],
            };
            // The last qualifier was read first.
            let in_order = |order: &&[&str]| {
                let mut order = order.iter().rev();
                pairs
                    .iter()
                    .all(|(qualifier, _)| order.any(|next| next == qualifier))
            };
            if !pairs.is_empty() && !orders.iter().any(in_order) {
                return Err(Error::Misplaced);
            }
            pairs.push((name, decode(value)?));
            pairs.reverse();
            return Ok(pairs);
        }
        if !is_qualifier(name) {
            break;
        }
        pairs.push((name, decode(value)?));
    }
    Err(Error::KeyMissing)
}

fn is_key(name: &str) -> bool {
    matches!(name, "00" | "01" | "414")
}

fn is_qualifier(name: &str) -> bool {
    [AFTER_GTIN, AFTER_GLN]
        .iter()
        .any(|orders| orders.iter().any(|order| order.contains(&name)))
}

fn decode(value: &str) -> Result<String, Error> {
    percent::decode(value, is_uri_character)
}

/// Whether the text begins as a web address does.
pub(crate) fn is_web_address(text: &str) -> bool {
    without_scheme(text).is_some()
}

fn without_scheme(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    ["https", "http"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web))
        .then_some(rest)
}

/// Whether a URI can have this character (RFC 3986, section 2).
fn is_uri_character(byte: u8) -> bool {
    is_unreserved(byte) || b":/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether a host and port can have this character: names and addresses of both versions, without
/// user names.
fn is_host_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte)
}
