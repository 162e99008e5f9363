//! What the calls cost at worst: packs as deep in containers as may be, each in a run that falls
//! into three, serials behind the largest tree, containers with packs of as many lots as may be.

mod world;

use crate::{types::*, *};
use alloc::{vec, vec::Vec};
use axonic_primitives::{membership::EnsureStaff, Clock, Codes, Moment};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use sp_core::H256;
use world::*;

#[benchmarks]
mod benchmarks {
    use super::*;

    /// With a location number that is not the partner's so far.
    #[benchmark]
    fn authorise_partner() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let gln = party(u32::MAX)?;
        #[extrinsic_call]
        _(
            trader.origin(),
            trader.org,
            gln.as_u64(),
            Codes::all(),
            Moment::MAX,
        );
        assert_eq!(Parties::<T>::get(gln), Some(trader.org));
        Ok(())
    }

    #[benchmark]
    fn withdraw_partner() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        #[extrinsic_call]
        _(trader.origin(), trader.org);
        assert!(!Partners::<T>::contains_key(trader.org));
        Ok(())
    }

    #[benchmark]
    fn register_product() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let gtin = gtin(0)?;
        #[extrinsic_call]
        _(trader.origin(), gtin.as_u64(), Some(Schedule::II));
        assert!(Products::<T>::contains_key(gtin));
        Ok(())
    }

    #[benchmark]
    fn retire_product() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let gtin = product::<T>(trader.org, 0)?;
        #[extrinsic_call]
        _(trader.origin(), gtin.as_u64());
        let status = Products::<T>::get(gtin).map(|product| product.status);
        assert_eq!(status, Some(ProductStatus::Retired));
        Ok(())
    }

    #[benchmark]
    fn commission_lot() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let gtin = product::<T>(trader.org, 0)?;
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), output(gtin.as_u64()), occurrence);
        assert_eq!(Lots::<T>::iter_keys().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn commission_items(s: Linear<1, MAX_SERIALS>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lot = lot::<T>(trader.org, Serials::Listed)?;
        // All but these, which come last.
        let commissioned = MAX_UNITS - s;
        Lots::<T>::mutate_extant(lot, |lot| lot.commissioned = commissioned);
        let serials = (0..u64::from(s)).map(longest).collect();
        let serials = BoundedVec::truncate_from(serials);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), lot, serials, occurrence);
        assert_eq!(SerialNumbers::<T>::iter_keys().count(), s as usize);
        Ok(())
    }

    /// Into a trade item that is not there yet.
    #[benchmark]
    fn aggregate(c: Linear<1, MAX_CHILDREN>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lots = lots::<T>(trader.org, c.min(MAX_LOTS))?;
        let place = Place::Root(trader.holding());
        let children = threes::<T>(&lots, c, &place, &trader);
        investigated::<T>(Some(Outcome::Cleared));
        let container = ContainerName::Sgtin {
            gtin: product::<T>(trader.org, u32::MAX)?.as_u64(),
            serial: longest(u32::MAX.into()),
        };
        let children = BoundedVec::truncate_from(children);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), container, children, occurrence);
        assert_eq!(Contents::<T>::iter_keys().count(), c as usize);
        Ok(())
    }

    #[benchmark]
    fn disaggregate(c: Linear<1, MAX_CHILDREN>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lots = lots::<T>(trader.org, c.min(MAX_LOTS))?;
        let place = Place::Root(trader.holding());
        // As many packs of each lot as the one that has most of them here.
        let packs = c.div_ceil(MAX_LOTS) * 3;
        let place = nested::<T>(1, place, &lots, packs)?;
        let children = threes::<T>(&lots, c, &place, &trader);
        let key = inside(place)?;
        Containers::<T>::mutate_extant(&key, |container| container.children = c * 3);
        investigated::<T>(Some(Outcome::Illegitimate));
        let children = BoundedVec::truncate_from(children);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), name_of(&key), children, occurrence);
        let left = Containers::<T>::get(&key).map(|container| container.children);
        assert_eq!(left, Some(c * 2));
        Ok(())
    }

    #[benchmark]
    fn seal() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let key = laden::<T>(1, trader.holding(), trader.org)?;
        investigated::<T>(None);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), name_of(&key), true, occurrence);
        assert!(Containers::<T>::get(&key).is_some_and(|container| container.sealed));
        Ok(())
    }

    #[benchmark]
    fn ship(r: Linear<1, MAX_ROOTS>) -> Result<(), BenchmarkError> {
        let (from, to) = (trader::<T>("from")?, trader::<T>("to")?);
        let keys = roots::<T>(r, &from.holding(), from.org)?;
        investigated::<T>(Some(Outcome::Cleared));
        let draft = draft(&to, named(&keys));
        let occurrence = from.occurrence::<T>();
        #[extrinsic_call]
        _(from.origin(), draft, occurrence);
        assert!(Shipments::<T>::contains_key(SHIPMENT));
        Ok(())
    }

    #[benchmark]
    fn void_shipment(r: Linear<1, MAX_ROOTS>) -> Result<(), BenchmarkError> {
        let (from, to) = (trader::<T>("from")?, trader::<T>("to")?);
        shipped::<T>(&from, &to, roots::<T>(r, &from.shipping(), from.org)?);
        investigated::<T>(None);
        let occurrence = from.occurrence::<T>();
        #[extrinsic_call]
        _(from.origin(), SHIPMENT, occurrence);
        let status = Shipments::<T>::get(SHIPMENT).map(|shipment| shipment.status);
        assert_eq!(status, Some(ShipmentStatus::Voided));
        Ok(())
    }

    /// What is missing lies four containers below the roots, of as many lots as these may hold.
    #[benchmark]
    fn receive(
        r: Linear<1, MAX_ROOTS>,
        m: Linear<0, MAX_NAMED>,
        e: Linear<0, MAX_NAMED>,
    ) -> Result<(), BenchmarkError> {
        let (from, to) = (trader::<T>("from")?, trader::<T>("to")?);
        let mut keys = Vec::new();
        let mut missing = Vec::new();
        for root in 0..r {
            // The missing packs are dealt to the roots. A root holds as many lots however many are
            // missing from it, so that one missing costs the same among few roots and many.
            let dealt = (m + r - 1 - root) / r;
            let lots = lots::<T>(from.org, MAX_LOTS)?;
            let packs = dealt.div_ceil(MAX_LOTS).max(1) * 3;
            let place = nested::<T>(1, Place::Root(from.shipping()), &lots, packs)?;
            for (lot, nth) in lots.iter().cycle().zip(0..dealt) {
                let place = nested::<T>(MAX_DEPTH - 1, place.clone(), &[*lot], 3)?;
                missing.push(three::<T>(*lot, nth / MAX_LOTS * 3, place));
            }
            for lot in lots {
                rest::<T>(lot, packs, &from);
            }
            keys.push(inside(place)?);
        }
        shipped::<T>(&from, &to, keys);
        let extra = (0..e).map(|_| deep::<T>(&from)).collect::<Made<Vec<_>>>()?;
        investigated::<T>(None);
        let missing = BoundedVec::truncate_from(missing);
        let extra = BoundedVec::truncate_from(extra);
        let occurrence = to.occurrence::<T>();
        #[extrinsic_call]
        _(to.origin(), SHIPMENT, missing, extra, occurrence);
        let unresolved = Shipments::<T>::get(SHIPMENT).map(|shipment| shipment.unresolved);
        assert_eq!(unresolved, Some(m + e));
        Ok(())
    }

    /// A container with packs of as many lots as may be is lost.
    #[benchmark]
    fn resolve_discrepancy() -> Result<(), BenchmarkError> {
        let (from, to) = (trader::<T>("from")?, trader::<T>("to")?);
        let key = laden::<T>(1, from.shipping(), from.org)?;
        shipped::<T>(&from, &to, vec![key.clone()]);
        Shipments::<T>::mutate_extant(SHIPMENT, |shipment| {
            shipment.status = ShipmentStatus::Received;
            shipment.ended_at = Some(shipment.shipped_at);
            shipment.discrepancies = 1;
            shipment.unresolved = 1;
        });
        let discrepancy = Discrepancy {
            kind: DiscrepancyKind::Missing,
            unit: Unit::Container(key),
            resolution: None,
        };
        Discrepancies::<T>::insert(SHIPMENT, 0u32, discrepancy);
        investigated::<T>(None);
        let occurrence = from.occurrence::<T>();
        #[extrinsic_call]
        _(from.origin(), SHIPMENT, 0, Resolution::Lost, occurrence);
        assert_eq!(gone::<T>(), MAX_LOTS);
        Ok(())
    }

    /// To whoever owns the product of each lot, and supplied none of them.
    #[benchmark]
    fn return_to(r: Linear<1, MAX_ROOTS>) -> Result<(), BenchmarkError> {
        let (from, to) = (trader::<T>("from")?, trader::<T>("to")?);
        let keys = roots::<T>(r, &from.holding(), to.org)?;
        investigated::<T>(None);
        let draft = draft(&to, named(&keys));
        let occurrence = from.occurrence::<T>();
        #[extrinsic_call]
        _(from.origin(), draft, occurrence);
        assert!(Shipments::<T>::contains_key(SHIPMENT));
        Ok(())
    }

    #[benchmark]
    fn request_verification() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let pack = proved::<T>(&trader)?;
        #[extrinsic_call]
        _(trader.origin(), pack.claim);
        assert_eq!(Verifications::<T>::iter_keys().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn answer_verification() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let pack = proved::<T>(&trader)?;
        let asked = trader.origin().into();
        Pallet::<T>::request_verification(asked, pack.claim)?;
        let verification = VerificationId(0);
        #[extrinsic_call]
        _(trader.origin(), verification, VerificationAnswer::Verified);
        assert!(PendingVerifications::<T>::iter_keys().next().is_none());
        Ok(())
    }

    #[benchmark]
    fn dispense() -> Result<(), BenchmarkError> {
        let trader = pharmacist::<T>()?;
        let pack = deep_proved::<T>(&trader)?;
        let (lot, proof) = (pack.lot, Some(pack.proof));
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), pack.claim, proof, occurrence);
        assert_eq!(gone::<T>(), 1);
        assert_eq!(Runs::<T>::iter_key_prefix(lot).count(), 4);
        Ok(())
    }

    #[benchmark]
    fn partial_dispense() -> Result<(), BenchmarkError> {
        let trader = pharmacist::<T>()?;
        let pack = deep_proved::<T>(&trader)?;
        let (lot, proof) = (pack.lot, Some(pack.proof));
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), pack.claim, proof, occurrence);
        assert_eq!(Runs::<T>::iter_key_prefix(lot).count(), 4);
        Ok(())
    }

    /// Of one of three packs that were exported together.
    #[benchmark]
    fn undo() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let pack = proved::<T>(&trader)?;
        let place = Place::Gone {
            fate: Fate::Exported,
            last: trader.holding(),
            at: T::Clock::now(),
        };
        three::<T>(pack.lot, 0, place);
        investigated::<T>(Some(Outcome::Cleared));
        Lots::<T>::mutate_extant(pack.lot, |lot| {
            if let Some(exported) = lot.fates.get_mut(Fate::Exported as usize) {
                *exported = 3;
            }
        });
        let proof = Some(pack.proof);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), pack.claim, proof, false, occurrence);
        assert_eq!(gone::<T>(), 2);
        Ok(())
    }

    #[benchmark]
    fn decommission(u: Linear<1, MAX_NAMED>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let units = (0..u)
            .map(|_| deep::<T>(&trader))
            .collect::<Made<Vec<_>>>()?;
        investigated::<T>(None);
        let units = BoundedVec::truncate_from(units);
        let reason = DecommissionReason::Destroyed;
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), units, reason, occurrence);
        assert_eq!(gone::<T>(), u);
        Ok(())
    }

    /// Containers with packs of as many lots as may be, in as many others as may be.
    #[benchmark]
    fn report_stolen(u: Linear<1, MAX_NAMED>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let keys = (0..u)
            .map(|_| laden::<T>(MAX_DEPTH, trader.holding(), trader.org))
            .collect::<Made<Vec<_>>>()?;
        investigated::<T>(None);
        let units = BoundedVec::truncate_from(named(&keys));
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), units, occurrence);
        assert_eq!(gone::<T>(), u * MAX_LOTS);
        Ok(())
    }

    #[benchmark]
    fn open_investigation() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let subject = SubjectName::Unit(deep::<T>(&trader)?);
        #[block]
        {
            let overseer = supplier::<T>(&trader)?;
            Pallet::<T>::do_open_investigation(&overseer, &subject)?;
        }
        assert_eq!(Investigations::<T>::iter_keys().count(), 1);
        Ok(())
    }

    /// Of packs that came apart since into as many runs as are let go of at once.
    #[benchmark]
    fn close_investigation() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lot = lot::<T>(trader.org, Serials::Listed)?;
        let packs = MAX_NAMED * 3;
        let place = Place::Root(trader.holding());
        let place = nested::<T>(MAX_DEPTH, place, &[lot], packs)?;
        let subject = Subject::Unit(Unit::Packs {
            lot,
            first: 0,
            last: packs - 1,
        });
        let investigation = investigate::<T>(subject, trader.org, None);
        threes::<T>(&[lot], MAX_NAMED, &place, &trader);
        let within: Vec<_> = Runs::<T>::iter_key_prefix(lot)
            .filter(|last| last.0 < packs)
            .collect();
        for last in within {
            hold_run::<T>(lot, last, investigation);
        }
        #[block]
        {
            let overseer = supplier::<T>(&trader)?;
            let outcome = Outcome::Cleared;
            Pallet::<T>::do_close_investigation(&overseer, investigation, outcome)?;
        }
        let closed = Investigations::<T>::get(investigation);
        assert!(closed.is_some_and(|investigation| investigation.outcome.is_some()));
        Ok(())
    }

    #[benchmark]
    fn quarantine() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lot = lot::<T>(trader.org, Serials::Listed)?;
        #[block]
        {
            let overseer = supplier::<T>(&trader)?;
            Pallet::<T>::do_quarantine(&overseer, lot)?;
        }
        let status = Lots::<T>::get(lot).map(|lot| lot.status);
        assert_eq!(status, Some(LotStatus::Quarantined));
        Ok(())
    }

    #[benchmark]
    fn recall() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lot = lot::<T>(trader.org, Serials::Listed)?;
        #[block]
        {
            let overseer = supplier::<T>(&trader)?;
            Pallet::<T>::do_recall(&overseer, lot, RecallKind::ClassI)?;
        }
        let status = Lots::<T>::get(lot).map(|lot| lot.status);
        assert!(matches!(status, Some(LotStatus::Recalled { .. })));
        Ok(())
    }

    #[benchmark]
    fn lift_recall() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lot = lot::<T>(trader.org, Serials::Listed)?;
        Lots::<T>::mutate_extant(lot, |lot| lot.status = LotStatus::Quarantined);
        #[block]
        {
            let overseer = supplier::<T>(&trader)?;
            Pallet::<T>::do_lift_recall(&overseer, lot)?;
        }
        let status = Lots::<T>::get(lot).map(|lot| lot.status);
        assert_eq!(status, Some(LotStatus::Active));
        Ok(())
    }

    #[benchmark]
    fn transform(u: Linear<1, MAX_NAMED>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let lots = lots::<T>(trader.org, u.min(MAX_LOTS))?;
        let place = Place::Root(trader.holding());
        let inputs = threes::<T>(&lots, u, &place, &trader);
        investigated::<T>(Some(Outcome::Cleared));
        let gtin = product::<T>(trader.org, u32::MAX)?;
        let inputs = BoundedVec::truncate_from(inputs);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), inputs, output(gtin.as_u64()), occurrence);
        assert_eq!(gone::<T>(), u);
        Ok(())
    }

    #[benchmark]
    fn declare_error() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let key = laden::<T>(1, trader.holding(), trader.org)?;
        let occurrence = trader.occurrence::<T>();
        let hash = occurrence.hash;
        Pallet::<T>::seal(trader.origin().into(), name_of(&key), true, occurrence)?;
        let event = EventHashes::<T>::get(trader.org, hash);
        let event = event.ok_or(BenchmarkError::Stop("the sealing was recorded"))?;
        let corrective = Some(H256::repeat_byte(7));
        #[extrinsic_call]
        _(
            trader.origin(),
            event,
            ErrorReason::IncorrectData,
            corrective,
        );
        assert!(Events::<T>::get(event).is_some_and(|event| event.correction.is_some()));
        Ok(())
    }

    /// About a pack that is where it should be, but suspect like all that is around it.
    #[benchmark]
    fn raise_alert() -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let pack = deep_proved::<T>(&trader)?;
        investigated::<T>(None);
        let proof = Some(pack.proof);
        let occurrence = trader.occurrence::<T>();
        #[extrinsic_call]
        _(trader.origin(), pack.claim, proof, occurrence);
        assert_eq!(Alerts::<T>::iter_keys().count(), 1);
        Ok(())
    }

    /// Requests for verification, which are the longest.
    #[benchmark]
    fn prune(n: Linear<1, MAX_PRUNED>) -> Result<(), BenchmarkError> {
        let trader = trader::<T>("trader")?;
        let claim = proved::<T>(&trader)?.claim;
        let origin = || trader.origin().into();
        let mut what = Vec::new();
        for number in 0..u64::from(n) {
            let verification = VerificationId(number);
            Pallet::<T>::request_verification(origin(), claim.clone())?;
            let answer = VerificationAnswer::Verified;
            Pallet::<T>::answer_verification(origin(), verification, answer)?;
            what.push(Prunable::Verification(verification));
        }
        let later = T::Clock::now().saturating_add(RETENTION).saturating_add(1);
        #[block]
        {
            T::SupplyOrigin::ensure_staff(origin())?;
            Pallet::<T>::prune_at(&what, later)?;
        }
        assert!(Verifications::<T>::iter_keys().next().is_none());
        Ok(())
    }
}
