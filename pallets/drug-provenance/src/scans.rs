//! What a scanner is told of a pack. Alerts are raised by the same verdict.

use crate::{
    types::{DayDraft, Disposition, Lot, LotStatus, PackAnswer, PackClaim, Text, Unit, Verdict},
    Config, Error, LotNumbers, Lots, Pallet, SerialNumbers,
};
use axonic_gs1::{Date, Error as Gs1Error, Scan};
use axonic_primitives::{merkle::InclusionProof, Clock, Moment};
use frame_support::BoundedVec;

impl<T: Config> Pallet<T> {
    /// What was scanned, as calls want it. The century of the expiration date is that of now.
    pub(crate) fn claim_of(scan: &[u8]) -> Result<PackClaim, Error<T>> {
        let text = core::str::from_utf8(scan).map_err(|_| Error::<T>::ScanUnreadable)?;
        let scan = Scan::parse(text).map_err(|fault| match fault {
            Gs1Error::WrongCheckDigit { .. } => Error::<T>::InvalidGtin,
            Gs1Error::NotACalendarDay | Gs1Error::YearOutOfRange => Error::InvalidDate,
            _ => Error::ScanUnreadable,
        })?;
        let (Some(gtin), Some(serial), Some(lot)) = (scan.gtin, scan.serial, scan.lot) else {
            return Err(Error::ScanIncomplete);
        };
        let today = Date::from_millis(T::Clock::now());
        let expiry = scan.expiry.map(|digits| digits.date(today)).transpose();
        let expiry = expiry.map_err(|_| Error::<T>::InvalidDate)?;
        Ok(PackClaim {
            gtin: gtin.as_u64(),
            serial: text_of(serial.as_bytes()),
            lot: text_of(lot.as_bytes()),
            expiry: expiry.map(|Date { year, month, day }| DayDraft { year, month, day }),
        })
    }

    /// What the pack is, by what calls would make of the same claim.
    pub(crate) fn judge(
        claim: &PackClaim,
        proof: Option<&InclusionProof>,
    ) -> Result<PackAnswer, Error<T>> {
        let pack = Self::pack_code(claim)?;
        let id = LotNumbers::<T>::get(pack.gtin, pack.lot);
        let answer = PackAnswer {
            verdict: Verdict::Unknown,
            pack,
            lot: id,
            index: None,
            disposition: None,
            custodian: None,
        };
        let verdict = |verdict| PackAnswer {
            verdict,
            ..answer.clone()
        };
        let index = match Self::resolve(claim, proof) {
            Ok(resolved) => Some(resolved.index),
            Err(Error::ProofMissing | Error::BadMerkleProof) => None,
            Err(Error::ProductNotFound | Error::LotNotFound) => {
                let (gtin, serial) = (answer.pack.gtin, answer.pack.serial);
                return Ok(if SerialNumbers::<T>::contains_key(gtin, serial) {
                    verdict(Verdict::Mismatch)
                } else {
                    answer
                });
            }
            Err(Error::ExpiryMismatch | Error::SerialAlreadyCommissioned) => {
                return Ok(verdict(Verdict::Mismatch));
            }
            Err(Error::SerialUnknown) => return Ok(answer),
            Err(error) => return Err(error),
        };
        let id = id.ok_or(Error::<T>::LotNotFound)?;
        let lot = Lots::<T>::get(id).ok_or(Error::<T>::LotNotFound)?;
        let against_lot = lot.verdict(T::Clock::now());
        let Some(index) = index else {
            let unproven = match proof {
                None => Verdict::Unproven,
                Some(_) => Verdict::NotProven,
            };
            return Ok(verdict(against_lot.unwrap_or(unproven)));
        };

        let located = Self::locate(&Unit::Packs {
            lot: id,
            first: index,
            last: index,
        })?;
        let disposition = Self::disposition(&located);
        let in_chain = located.fate().is_none();
        // An open pack is in somebody's hands, so what is against it or its lot says more.
        let gone = disposition.verdict().filter(|_| !in_chain);
        let suspect = located.held().then_some(Verdict::Suspect);
        Ok(PackAnswer {
            verdict: gone
                .or(suspect)
                .or(against_lot)
                .or(disposition.verdict())
                .unwrap_or(Verdict::Authentic),
            index: Some(index),
            disposition: Some(disposition),
            custodian: in_chain.then_some(located.holding().custodian),
            ..answer
        })
    }
}

impl Disposition {
    /// What is against a pack that is this, if anything is.
    const fn verdict(self) -> Option<Verdict> {
        Some(match self {
            Self::Active | Self::Packed | Self::InTransit => return None,
            Self::PartiallyDispensed => Verdict::PartiallyDispensed,
            Self::Dispensed => Verdict::Dispensed,
            Self::Exported => Verdict::Exported,
            Self::Sampled => Verdict::Sampled,
            Self::Destroyed => Verdict::Destroyed,
            Self::Stolen => Verdict::Stolen,
            Self::Decommissioned => Verdict::Decommissioned,
            Self::Transformed => Verdict::Transformed,
        })
    }
}

impl Lot {
    /// The gravest that is against all of its packs, if anything is.
    fn verdict(&self, now: Moment) -> Option<Verdict> {
        match self.status {
            LotStatus::Recalled { .. } => Some(Verdict::Recalled),
            LotStatus::Withdrawn { .. } => Some(Verdict::Withdrawn),
            LotStatus::Quarantined => Some(Verdict::Quarantined),
            LotStatus::Active if self.is_expired(now) => Some(Verdict::Expired),
            LotStatus::Active => self.hold.map(|_| Verdict::Suspect),
        }
    }
}

/// A valid serial or lot number, as calls want it. Neither is longer than a text may be.
fn text_of(characters: &[u8]) -> Text {
    Text(BoundedVec::truncate_from(characters.to_vec()))
}
