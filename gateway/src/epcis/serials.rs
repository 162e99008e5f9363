//! The serials of lots that are behind a root: which pack has which number, and how that is proved.

use axonic_gs1::{digital_link, Gtin, LotNumber, Serial};
use axonic_primitives::merkle::{InclusionProof, LeafKind, Tree, MAX_LEAVES};
use sp_core::{Blake2Hasher, Hasher, H256};
use std::collections::BTreeMap;

/// The serials of one lot, in the order of its packs.
pub struct SerialBook {
    serials: Vec<Serial>,
    numbers: BTreeMap<Serial, u32>,
    tree: Tree,
}

/// What is wrong with a file of serials.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SerialFault {
    /// A line is no serial.
    #[error("line {line}: {error}")]
    Malformed {
        /// Which, from 1.
        line: usize,
        /// The rule of GS1 that it breaks.
        error: axonic_gs1::Error,
    },
    /// A serial is there before.
    #[error("line {0}: this serial is there before")]
    Repeated(usize),
    /// There is nothing in it, or too much.
    #[error("a lot has 1 to 1048576 packs")]
    WrongCount,
}

impl SerialBook {
    /// Reads a serial a line. Empty lines, and spaces around serials, count for nothing.
    pub fn read(gtin: Gtin, text: &str) -> Result<Self, SerialFault> {
        let mut serials = Vec::new();
        let mut lines = BTreeMap::new();
        for (line, written) in (1..).zip(text.lines()) {
            let written = written.trim();
            if written.is_empty() {
                continue;
            }
            let malformed = |error| SerialFault::Malformed { line, error };
            let serial = Serial::parse(written).map_err(malformed)?;
            if lines.insert(serial, line).is_some() {
                return Err(SerialFault::Repeated(line));
            }
            serials.push(serial);
        }
        Self::new(gtin, serials).ok_or(SerialFault::WrongCount)
    }

    /// The book of these serials, none of which is there twice. `None` if there are none, or more
    /// than a lot has packs.
    pub fn new(gtin: Gtin, serials: Vec<Serial>) -> Option<Self> {
        let count = u32::try_from(serials.len()).ok()?;
        if !(1..=MAX_LEAVES).contains(&count) {
            return None;
        }
        let leaves: Vec<_> = serials
            .iter()
            .map(|serial| commitment(gtin, serial))
            .collect();
        Some(Self {
            numbers: serials.iter().copied().zip(0..).collect(),
            tree: Tree::new(LeafKind::Serial, &leaves),
            serials,
        })
    }

    /// What the chain keeps of them.
    pub fn root(&self) -> H256 {
        self.tree.root()
    }

    /// How many there are.
    pub fn units(&self) -> u32 {
        self.serials.len().try_into().unwrap_or(u32::MAX)
    }

    /// The number of the pack with this serial, from 0.
    pub fn number(&self, serial: &Serial) -> Option<u32> {
        self.numbers.get(serial).copied()
    }

    /// That the pack with this serial is of the lot.
    pub fn proof(&self, serial: &Serial) -> Option<InclusionProof> {
        self.tree.prove(self.number(serial)?)
    }
}

/// What is hashed into a leaf of the tree: the pack's canonical GS1 Digital Link URI.
fn commitment(gtin: Gtin, serial: &Serial) -> H256 {
    Blake2Hasher::hash(digital_link::pack(gtin, serial).as_bytes())
}

/// The books that somebody gave.
#[derive(Default)]
pub struct Books(BTreeMap<(Gtin, LotNumber), SerialBook>);

impl Books {
    /// Adds the book of a lot. Whether there was none.
    pub fn insert(&mut self, gtin: Gtin, lot: LotNumber, book: SerialBook) -> bool {
        self.0.insert((gtin, lot), book).is_none()
    }

    /// The book of a lot.
    pub fn of(&self, gtin: Gtin, lot: LotNumber) -> Option<&SerialBook> {
        self.0.get(&(gtin, lot))
    }

    /// The lot, by the books, that a pack is of.
    pub fn find(&self, gtin: Gtin, serial: &Serial) -> Option<(LotNumber, &SerialBook)> {
        let mut of_product = self.0.iter().filter(|((one, _), _)| *one == gtin);
        let found = of_product.find(|(_, book)| book.number(serial).is_some());
        found.map(|((_, lot), book)| (*lot, book))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gtin() -> Gtin {
        Gtin::parse("09506000134352").unwrap()
    }

    #[test]
    fn every_serial_of_a_file_is_proved_by_its_number() {
        let book = SerialBook::read(gtin(), "A1\n\n  A2\r\nA3\n").unwrap();
        assert_eq!(book.units(), 3);
        for (number, written) in (0..).zip(["A1", "A2", "A3"]) {
            let serial = Serial::parse(written).unwrap();
            assert_eq!(book.number(&serial), Some(number));
            let proof = book.proof(&serial).unwrap();
            let leaf = commitment(gtin(), &serial);
            assert!(proof.verify(LeafKind::Serial, &book.root(), &leaf));
        }
        assert_eq!(book.proof(&Serial::parse("A4").unwrap()), None);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_line() {
        let fault = |text| SerialBook::read(gtin(), text).err().unwrap().to_string();
        assert!(fault("A1\nA 2").starts_with("line 2: "));
        assert!(fault("A1\nA2\nA1").starts_with("line 3: this serial"));
        assert_eq!(fault("\n"), "a lot has 1 to 1048576 packs");
    }

    #[test]
    fn a_pack_is_found_by_its_serial() {
        let mut books = Books::default();
        let lot = LotNumber::parse("L1").unwrap();
        let book = SerialBook::read(gtin(), "A1").unwrap();
        assert!(books.insert(gtin(), lot, book));
        let serial = Serial::parse("A1").unwrap();
        assert_eq!(books.find(gtin(), &serial).map(|(lot, _)| lot), Some(lot));
        let other = Gtin::parse("09506000134369").unwrap();
        assert!(books.find(other, &serial).is_none());
    }
}
