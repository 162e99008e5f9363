//! Element strings: application identifiers and their values, one after the other.

use crate::{application_identifier::ApplicationIdentifier, scan::Elements, Error, Scan};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// What ends a value of variable length: barcode readers send the function character FNC1 as ASCII
/// group separator (GS1 General Specifications, section 7.8.3).
const FNC1: u8 = 0x1d;

/// Symbology identifiers of barcodes that hold element strings: GS1-128, GS1 DataBar and
/// composites, GS1 DataMatrix, GS1 QR Code, GS1 DotCode (GS1 General Specifications, section
/// 5.1.3).
const SYMBOLOGIES: [&[u8]; 5] = [b"]C1", b"]e0", b"]d2", b"]Q3", b"]J1"];

/// The notation of barcodes (GS1 General Specifications, section 7.8), read into a [`Scan`].
pub enum ElementString {}

impl ElementString {
    /// Reads an element string in either form.
    ///
    /// - What a scanner sends: an optional symbology identifier, then identifiers and values.
    ///   FNC1 (byte 0x1D) ends each value whose length is not predefined, but for the last. One
    ///   before the first identifier or after a predefined length says nothing and is passed over.
    /// - What people read and type: `(01)09506000134352(10)ABC`. A value's own opening bracket has
    ///   a backslash before it, as in GS1's Barcode Syntax Resource; set 82 has no backslash.
    ///
    /// Identifiers that [`Scan`] has no field for are skipped, after a check of the value's length
    /// and characters. One that is there twice must have the same value twice.
    pub fn parse(data: impl AsRef<[u8]>) -> Result<Scan, Error> {
        match data.as_ref() {
            data @ [b'(', ..] => bracketed(data),
            data @ [b']', ..] => scanned(
                SYMBOLOGIES
                    .iter()
                    .find_map(|symbology| data.strip_prefix(*symbology))
                    .ok_or(Error::UnknownSymbology)?,
            ),
            data => scanned(data),
        }
    }

    /// Writes what a barcode holds: values of predefined length first, FNC1 only where it must be,
    /// no symbology identifier. Nothing, if the scan has nothing.
    pub fn scanned(scan: &Scan) -> String {
        let mut written = String::new();
        let mut open_ended = false;
        for element in elements(scan) {
            if open_ended {
                written.push(char::from(FNC1));
            }
            written.push_str(element.identifier);
            written.push_str(&element.value);
            open_ended = element.open_ended;
        }
        written
    }

    /// Writes what people read: identifiers in brackets, a backslash before an opening bracket in
    /// a value. Nothing, if the scan has nothing.
    pub fn bracketed(scan: &Scan) -> String {
        let mut written = String::new();
        for element in elements(scan) {
            written.push('(');
            written.push_str(element.identifier);
            written.push(')');
            written.push_str(&element.value.replace('(', "\\("));
        }
        written
    }
}

fn scanned(data: &[u8]) -> Result<Scan, Error> {
    let mut elements = Elements::default();
    let mut rest = without_fnc1(data);
    while !rest.is_empty() {
        let (identifier, after) = ApplicationIdentifier::split(rest)?;
        let end = match identifier.length {
            Some(length) => usize::from(length),
            None => after
                .iter()
                .position(|byte| *byte == FNC1)
                .unwrap_or(after.len()),
        };
        // A value cut short is refused for its length, with a number of digits to look for.
        let (value, next) = after.split_at_checked(end).unwrap_or((after, &[]));
        elements
            .add(identifier, value)
            .map_err(|error| match error {
                Error::TooLong { .. } => Error::MissingSeparator,
                error => error,
            })?;
        rest = without_fnc1(next);
    }
    elements.finish()
}

fn without_fnc1(data: &[u8]) -> &[u8] {
    data.strip_prefix(&[FNC1]).unwrap_or(data)
}

fn bracketed(data: &[u8]) -> Result<Scan, Error> {
    let mut elements = Elements::default();
    let mut rest = data;
    while let [b'(', after @ ..] = rest {
        let (identifier, after) = ApplicationIdentifier::split(after)?;
        let after = after
            .strip_prefix(b")")
            .ok_or(Error::UnknownApplicationIdentifier)?;
        let (value, next) = bracketed_value(after);
        elements.add(identifier, &value)?;
        rest = next;
    }
    elements.finish()
}

/// The value up to the next bracket that opens an identifier, and what follows from there.
fn bracketed_value(data: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut rest = data;
    loop {
        match rest {
            [] | [b'(', ..] => return (value, rest),
            [b'\\', b'(', next @ ..] => {
                value.push(b'(');
                rest = next;
            }
            [byte, next @ ..] => {
                value.push(*byte);
                rest = next;
            }
        }
    }
}

struct Element {
    identifier: &'static str,
    value: String,
    open_ended: bool,
}

/// The elements of a scan, in the order they are written.
fn elements(scan: &Scan) -> impl Iterator<Item = Element> {
    fn element(
        identifier: &'static str,
        value: Option<impl ToString>,
        open_ended: bool,
    ) -> Option<Element> {
        value.map(|value| Element {
            identifier,
            value: value.to_string(),
            open_ended,
        })
    }
    [
        element("00", scan.sscc, false),
        element("01", scan.gtin, false),
        element("17", scan.expiry, false),
        element("414", scan.gln, false),
        element("10", scan.lot, true),
        element("21", scan.serial, true),
        element("254", scan.extension, true),
    ]
    .into_iter()
    .flatten()
}
