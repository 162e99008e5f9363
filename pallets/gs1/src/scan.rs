//! What a code says, however it says it.

use crate::{
    application_identifier::ApplicationIdentifier, digital_link, DigitalLink, ElementString, Error,
    Gln, GlnExtension, Gtin, LotNumber, Serial, Sscc, Yymmdd,
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a barcode, an element string or a GS1 Digital Link URI says of what this crate knows.
///
/// As JSON it is an object with the names of the fields.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// The product, AI 01.
    pub gtin: Option<Gtin>,
    /// The serial of the item, AI 21.
    pub serial: Option<Serial>,
    /// The lot, AI 10. Beside an SSCC it is that of what the logistic unit contains.
    pub lot: Option<LotNumber>,
    /// The expiration date, AI 17.
    pub expiry: Option<Yymmdd>,
    /// The logistic unit, AI 00.
    pub sscc: Option<Sscc>,
    /// The place, AI 414.
    pub gln: Option<Gln>,
    /// The place within the place, AI 254.
    pub extension: Option<GlnExtension>,
}

/// Symbology identifiers of barcodes that hold a web address: Data Matrix and QR Code (GS1 General
/// Specifications, section 5.1.3).
const LINK_SYMBOLOGIES: [&str; 2] = ["]d1", "]Q1"];

impl Scan {
    /// Reads what a scanner reads or a phone opens: a GS1 Digital Link URI if it begins with a
    /// web scheme, an element string otherwise.
    ///
    /// Neither is trimmed: remove the line end that a scanner may add.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let link = LINK_SYMBOLOGIES
            .iter()
            .find_map(|symbology| text.strip_prefix(*symbology))
            .unwrap_or(text);
        if digital_link::is_web_address(link) {
            DigitalLink::parse(link)
        } else {
            ElementString::parse(text)
        }
    }
}

/// Values on their way into a [`Scan`].
#[derive(Default)]
pub(crate) struct Elements {
    values: BTreeMap<u16, Vec<u8>>,
    scan: Scan,
}

impl Elements {
    /// Takes a value in. The same one twice is no harm: a label may repeat it.
    pub fn add(&mut self, identifier: ApplicationIdentifier, value: &[u8]) -> Result<(), Error> {
        identifier.check(value)?;
        if let Some(known) = self.values.get(&identifier.number) {
            return if known == value {
                Ok(())
            } else {
                Err(Error::Contradiction)
            };
        }
        let text = core::str::from_utf8(value).expect("checked characters are ASCII; qed");
        match identifier.number {
            0 => self.scan.sscc = Some(Sscc::parse(text)?),
            1 => self.scan.gtin = Some(Gtin::parse(text)?),
            10 => self.scan.lot = Some(LotNumber::parse(text)?),
            17 => self.scan.expiry = Some(Yymmdd::parse(text)?),
            21 => self.scan.serial = Some(Serial::parse(text)?),
            254 => self.scan.extension = Some(GlnExtension::parse(text)?),
            414 => self.scan.gln = Some(Gln::parse(text)?),
            _ => (),
        }
        self.values.insert(identifier.number, value.to_vec());
        Ok(())
    }

    /// What all of them say.
    pub fn finish(self) -> Result<Scan, Error> {
        if self.values.is_empty() {
            Err(Error::Empty)
        } else {
            Ok(self.scan)
        }
    }
}
