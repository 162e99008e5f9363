//! What EPCs name, as far as medicine packs go.

use super::{
    canonical::{canonical, key_in_link},
    event::{Event, Extension},
};
use axonic_gs1::{DigitalLink, Epc, Error, Gln, Gtin, LotNumber, Serial, Sscc};

/// Namespaces of CBV's master data attributes, as they are written.
const MASTER_DATA: [&str; 2] = ["urn:epcglobal:cbv:mda", "urn:epcglobal:cbv:mda:"];

/// What an EPC names.
pub(super) enum Identifier {
    /// One item of a product: a pack, or a case with its own serial.
    Item { gtin: Gtin, serial: Serial },
    /// A logistic unit.
    Sscc(Sscc),
    /// Something else, and what.
    Other(String),
}

impl Identifier {
    /// Reads an EPC, or says which rule of GS1 it breaks.
    pub fn read(uri: &str) -> Result<Self, String> {
        if let Some(rest) = uri.strip_prefix("urn:epc:id:") {
            return match rest.split(':').next() {
                Some("sgtin" | "sscc") => match Epc::parse(uri) {
                    Ok(Epc::Sgtin { gtin, serial }) => Ok(Self::Item { gtin, serial }),
                    Ok(Epc::Sscc(sscc)) => Ok(Self::Sscc(sscc)),
                    Ok(_) => Ok(Self::Other("something else".into())),
                    Err(error) => Err(rule(error)),
                },
                Some(scheme) => Ok(Self::Other(format!("a {}", scheme.to_uppercase()))),
                None => Err(rule(Error::NotAnEpc)),
            };
        }
        if uri.starts_with("urn:epc:class:") || uri.starts_with("urn:epc:idpat:") {
            let reason = "names a class and not one thing; classes go into a quantity list (EPCIS \
                          2.0 section 7.3.3)";
            return Err(reason.into());
        }
        if !is_web_address(uri) {
            return Ok(Self::Other("nothing of GS1's".into()));
        }
        match DigitalLink::parse(uri) {
            Ok(scan) => match (scan.sscc, scan.gtin, scan.serial) {
                (Some(sscc), ..) => Ok(Self::Sscc(sscc)),
                (_, Some(gtin), Some(serial)) => Ok(Self::Item { gtin, serial }),
                (_, Some(_), None) => {
                    let reason = "names a class and not one thing: it has no serial, key 21 (CBV \
                                  2.0 section 8)";
                    Err(reason.into())
                }
                _ => Ok(Self::Other("a place".into())),
            },
            Err(Error::KeyMissing | Error::NotADigitalLink) => {
                Ok(Self::Other("neither a pack nor a logistic unit".into()))
            }
            Err(error) => Err(rule(error)),
        }
    }
}

/// The lot that a class is: `None` if it is something else.
pub(super) fn lot(uri: &str) -> Result<Option<(Gtin, LotNumber)>, String> {
    if uri.starts_with("urn:epc:class:lgtin:") {
        return match Epc::parse(uri) {
            Ok(Epc::Lgtin { gtin, lot }) => Ok(Some((gtin, lot))),
            Ok(_) => Ok(None),
            Err(error) => Err(rule(error)),
        };
    }
    if !is_web_address(uri) {
        return Ok(None);
    }
    match DigitalLink::parse(uri) {
        Ok(scan) => Ok(scan.gtin.zip(scan.lot)),
        Err(Error::KeyMissing | Error::NotADigitalLink) => Ok(None),
        Err(error) => Err(rule(error)),
    }
}

/// The location number of a place or a party, whatever it is written as.
pub(super) fn location_number(uri: &str) -> Option<Gln> {
    let link = canonical(uri)?;
    let path = link.strip_prefix("https://id.gs1.org/")?;
    let number = path
        .strip_prefix("414/")
        .or_else(|| path.strip_prefix("417/"))?;
    Gln::parse(number.split('/').next()?).ok()
}

/// Why a place or a party is refused: it says that it is one of GS1's, and is not.
pub(super) fn location_fault(uri: &str) -> Option<String> {
    if uri.starts_with("urn:epc:id:sgln:") {
        return Epc::parse(uri).err().map(rule);
    }
    let ("414" | "417", number) = key_in_link(uri)? else {
        return None;
    };
    Gln::parse(number).err().map(rule)
}

/// A master data attribute of the things that an event makes.
pub(super) fn master_data<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    let found = Extension::find(&event.ilmd, &MASTER_DATA, name)?;
    Some(found.text.as_str())
}

fn is_web_address(uri: &str) -> bool {
    uri.starts_with("https://") || uri.starts_with("http://")
}

/// The rule that is broken, in words.
fn rule(error: Error) -> String {
    format!("breaks a rule of GS1: {error}")
}
