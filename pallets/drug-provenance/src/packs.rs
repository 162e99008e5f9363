//! Single packs as scanners see them, and how packs leave the chain and come back.

use crate::{
    custody::Located,
    rules::{lot_obstacle, may_undo, Action, UndoFacts},
    types::{
        Commissioned, DecommissionReason, EventKind, Fate, Holding, Lot, LotCount, LotId,
        Occurrence, PackClaim, PackCode, Place, Serials, Unit, UnitName,
    },
    Config, Containers, Error, Event, LotNumbers, Lots, Pallet, Products, SerialNumbers,
};
use alloc::vec::Vec;
use axonic_gs1::{digital_link, Gtin, LotNumber, Serial};
use axonic_primitives::{
    credentials::{Credentials, Privilege},
    membership::{Actor, Membership},
    merkle::{InclusionProof, LeafKind},
    Clock, Codes,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_core::H256;
use sp_io::hashing::blake2_256;

/// A pack that was commissioned as its code says.
pub(crate) struct Resolved {
    pub lot: LotId,
    pub details: Lot,
    /// Its number in the lot.
    pub index: u32,
    pub code: PackCode,
    /// Whether its serial is on chain.
    pub claimed: bool,
}

impl Resolved {
    /// The pack alone.
    pub fn unit(&self) -> Unit {
        Unit::Packs {
            lot: self.lot,
            first: self.index,
            last: self.index,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// What the code says, if it is valid by GS1's rules.
    pub(crate) fn pack_code(claim: &PackClaim) -> Result<PackCode, Error<T>> {
        let expiry = claim.expiry.as_ref();
        let expiry = expiry.map(|day| day.date().ok_or(Error::<T>::InvalidDate));
        Ok(PackCode {
            gtin: Gtin::new(claim.gtin).map_err(|_| Error::<T>::InvalidGtin)?,
            serial: Serial::new(&claim.serial.0).map_err(|_| Error::<T>::InvalidSerial)?,
            lot: LotNumber::new(&claim.lot.0).map_err(|_| Error::<T>::InvalidLot)?,
            expiry: expiry.transpose()?,
        })
    }

    /// The pack that the code is on, if such a pack was commissioned. A serial that is not on
    /// chain yet has to be proved to be one of those behind the lot's root.
    pub(crate) fn resolve(
        claim: &PackClaim,
        proof: Option<&InclusionProof>,
    ) -> Result<Resolved, Error<T>> {
        let code = Self::pack_code(claim)?;
        let known = Products::<T>::contains_key(code.gtin);
        ensure!(known, Error::<T>::ProductNotFound);
        let lot = LotNumbers::<T>::get(code.gtin, code.lot).ok_or(Error::<T>::LotNotFound)?;
        let details = Lots::<T>::get(lot).ok_or(Error::<T>::LotNotFound)?;
        let matches = code.expiry.is_none_or(|day| day == details.expiry);
        ensure!(matches, Error::<T>::ExpiryMismatch);

        let given = SerialNumbers::<T>::get(code.gtin, code.serial);
        let index = match (&given, &details.serials) {
            (Some(Commissioned::Pack { lot: of, index }), _) if *of == lot => *index,
            (Some(_), _) => return Err(Error::SerialAlreadyCommissioned),
            (None, Serials::Listed) => return Err(Error::SerialUnknown),
            (None, Serials::Root(root)) => {
                let proof = proof.ok_or(Error::<T>::ProofMissing)?;
                let link = digital_link::pack(code.gtin, &code.serial);
                let commitment = H256(blake2_256(link.as_bytes()));
                let proved = proof.leaves == details.units
                    && proof.verify(LeafKind::Serial, root, &commitment);
                ensure!(proved, Error::<T>::BadMerkleProof);
                proof.index
            }
        };
        Ok(Resolved {
            lot,
            details,
            index,
            code,
            claimed: given.is_some(),
        })
    }

    /// Gives the serial to the pack for ever, so that no second pack is handled under it.
    fn claim_serial(pack: &Resolved) {
        if !pack.claimed {
            let commissioned = Commissioned::Pack {
                lot: pack.lot,
                index: pack.index,
            };
            SerialNumbers::<T>::insert(pack.code.gtin, pack.code.serial, commissioned);
        }
    }

    pub(crate) fn do_dispense(
        actor: &Actor,
        claim: &PackClaim,
        proof: Option<&InclusionProof>,
        partial: bool,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Fate::Dispensed.licences())?;
        Self::ensure_pharmacist(actor)?;
        Self::check_event(actor, EventKind::Dispensing, occurrence, None)?;
        let pack = Self::resolve(claim, proof)?;
        let mut located = Self::locate(&pack.unit())?;
        let action = if partial {
            Action::PartialDispense
        } else {
            Action::Dispense
        };
        Self::ensure_may(actor, &located, action)?;
        // Trade items whose GTIN begins with 1 to 8 are groupings of others (GS1 General
        // Specifications, section 2.1): what is dispensed is in them.
        let grouping = matches!(pack.code.gtin.indicator(), 1..=8);
        ensure!(!grouping, Error::<T>::NotDispensable);
        ensure!(!located.sealed(), Error::<T>::ContainerSealed);
        Self::ensure_movable(&located)?;

        Self::claim_serial(&pack);
        let event = Self::record(actor, EventKind::Dispensing, occurrence, None);
        let (lot, index, org) = (pack.lot, pack.index, actor.org);
        if partial {
            let loose = Holding {
                site: occurrence.site,
                ..located.holding().clone()
            };
            located.partially_dispensed = true;
            Self::move_to(&located, Place::Root(loose), event);
            Self::deposit_event(Event::PartiallyDispensed {
                lot,
                index,
                org,
                event,
            });
        } else {
            Self::end(&located, Fate::Dispensed, occurrence.site, event);
            Self::deposit_event(Event::Dispensed {
                lot,
                index,
                org,
                event,
            });
        }
        Ok(())
    }

    pub(crate) fn do_undo(
        actor: &Actor,
        claim: &PackClaim,
        proof: Option<&InclusionProof>,
        reached_the_public: bool,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        let partner = Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Undoing, occurrence, None)?;
        let pack = Self::resolve(claim, proof)?;
        let located = Self::locate(&pack.unit())?;
        let licences = located.fate().map_or(Codes::all(), Fate::licences);
        Self::trading(actor.org, licences)?;
        let (last, now) = (located.holding(), T::Clock::now());
        let left_at = located.gone_at().unwrap_or(now);
        let facts = UndoFacts {
            disposition: Self::disposition(&located),
            // Some of an open pack did.
            reached_the_public: reached_the_public || located.partially_dispensed,
            same_premises: last.custodian == actor.org && last.site == occurrence.site,
            same_authorisation: partner.authorised_since <= left_at,
            left_at,
            now,
            lot: lot_obstacle(&pack.details, now),
            suspect: located.held(),
        };
        may_undo(&facts).map_err(Error::<T>::from)?;

        Self::claim_serial(&pack);
        let event = Self::record(actor, EventKind::Undoing, occurrence, None);
        if let Some(fate) = located.fate() {
            Self::count(pack.lot, fate, |count| count.saturating_sub(1));
        }
        Self::move_to(&located, Place::Root(last.clone()), event);
        Self::deposit_event(Event::Undone {
            lot: pack.lot,
            index: pack.index,
            event,
        });
        Ok(())
    }

    pub(crate) fn do_decommission(
        actor: &Actor,
        names: &[UnitName],
        reason: DecommissionReason,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        let fate = reason.fate();
        Self::trading(actor.org, fate.licences())?;
        Self::check_event(actor, EventKind::Decommissioning, occurrence, None)?;
        ensure!(!names.is_empty(), Error::<T>::NothingNamed);
        let units = Self::locate_all(names, fate.refusal().into())?;
        for located in &units {
            Self::ensure_may(actor, located, fate.action())?;
            let container = located.container.as_ref();
            let empty = container.is_none_or(|container| container.children == 0);
            ensure!(empty, Error::<T>::ContainerNotEmpty);
            ensure!(!located.sealed(), Error::<T>::ContainerSealed);
            match fate {
                Fate::Destroyed => {}
                Fate::Exported => Self::ensure_movable(located)?,
                _ => Self::ensure_trusted(located)?,
            }
        }

        let event = Self::record(actor, EventKind::Decommissioning, occurrence, None);
        for located in &units {
            match &located.unit {
                Unit::Packs { .. } => Self::end(located, fate, occurrence.site, event),
                Unit::Container(key) => {
                    Self::detach(located);
                    Containers::<T>::remove(key);
                }
            }
        }
        Self::deposit_event(Event::Decommissioned {
            units: units.into_iter().map(|located| located.unit).collect(),
            reason,
            event,
        });
        Ok(())
    }

    pub(crate) fn do_report_stolen(
        actor: &Actor,
        names: &[UnitName],
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Stealing, occurrence, None)?;
        ensure!(!names.is_empty(), Error::<T>::NothingNamed);
        let units = Self::locate_all(names, Error::<T>::ReportedStolen)?;
        for located in &units {
            Self::ensure_may(actor, located, Action::Steal)?;
        }

        let event = Self::record(actor, EventKind::Stealing, occurrence, None);
        for located in &units {
            Self::end(located, Fate::Stolen, occurrence.site, event);
        }
        let units: Vec<_> = units.into_iter().map(|located| located.unit).collect();
        Self::deposit_event(Event::StolenReported { units, event });
        Ok(())
    }

    /// Passes whoever holds a live credential to dispense where the organisation is established.
    fn ensure_pharmacist(actor: &Actor) -> Result<(), Error<T>> {
        let member = T::Membership::member(actor.org).ok_or(Error::<T>::MemberNotFound)?;
        T::Credentials::has(
            &actor.account,
            Privilege::Dispense,
            member.jurisdiction,
            T::Clock::now(),
        )
        .map(drop)
        .map_err(|_| Error::<T>::PharmacistNotLicensed)
    }

    /// Passes what nobody suspects, by itself or with all of its lot. What is suspect is kept, or
    /// destroyed.
    fn ensure_trusted(located: &Located) -> Result<(), Error<T>> {
        let suspect = |count: &LotCount| {
            let lot = Lots::<T>::get(count.lot);
            lot.is_some_and(|lot| lot.hold.is_some())
        };
        let trusted = !located.held() && !located.lots.iter().any(suspect);
        ensure!(trusted, Error::<T>::ItemSuspect);
        Ok(())
    }
}
