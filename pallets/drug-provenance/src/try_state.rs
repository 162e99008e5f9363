//! What must hold of the stored state, one function an invariant.

mod world;

use self::world::{child_of, Thing, World};
use crate::{
    types::{
        Child, Commissioned, ContainerKey, DiscrepancyKind, EventId, Fate, Holding,
        InvestigationId, Lot, LotId, Outcome, Place, Serials, ShipmentId, ShipmentStatus, StepId,
        Subject, Unit, MAX_UNITS,
    },
    AlertCounter, Alerts, Config, Derivatives, Discrepancies, EventCounter, EventHashes, Events,
    InvestigationCounter, Investigations, LotCounter, LotNumbers, Pallet, Parties, Partners,
    PendingVerifications, Products, SerialNumbers, ShipmentCounter, StepCounter, Steps,
    VerificationCounter, Verifications,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use axonic_primitives::OrgId;
use core::ops::Bound;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let world = World::read::<T>();
        Self::parties_are_partners()?;
        Self::lots_are_numbered_and_indexed(&world)?;
        Self::lots_are_sound(&world)?;
        Self::derivatives_are_sources_backwards(&world)?;
        world.runs_tile_each_lot()?;
        world.what_is_inside_is_contained()?;
        world.containers_count_their_children()?;
        world.containers_form_a_forest()?;
        world.containers_count_their_packs()?;
        world.containers_count_what_is_held()?;
        world.fates_count_what_left()?;
        Self::serials_are_given_once(&world)?;
        Self::discrepancies_are_counted(&world)?;
        Self::what_is_on_its_way_belongs_to_a_shipment(&world)?;
        Self::events_are_indexed()?;
        Self::histories_go_back(&world)?;
        Self::pending_verifications_are_unanswered()?;
        Self::what_is_held_is_investigated(&world)?;
        Self::alerts_are_counted()
    }

    fn parties_are_partners() -> Result<(), TryRuntimeError> {
        for (org, partner) in Partners::<T>::iter() {
            ensure!(
                Parties::<T>::get(partner.gln) == Some(org),
                "a location number does not lead to its partner"
            );
            let allows = !partner.licences.is_empty() && partner.licences.is_known();
            ensure!(allows, "a partner is authorised to nothing or the unknown");
        }
        ensure!(
            Parties::<T>::iter_keys().count() == Partners::<T>::iter_keys().count(),
            "a location number is left of a partner that is not"
        );
        Ok(())
    }

    fn lots_are_numbered_and_indexed(world: &World) -> Result<(), TryRuntimeError> {
        for (id, lot) in &world.lots {
            ensure!(
                LotNumbers::<T>::get(lot.gtin, lot.number) == Some(*id),
                "a lot is not found by what is printed on its packs"
            );
        }
        ensure!(
            LotNumbers::<T>::iter_keys().count() == world.lots.len(),
            "a lot number leads to no lot"
        );
        let last = world.lots.keys().next_back();
        let next = last.map_or(0, |last| last.0.saturating_add(1));
        ensure!(
            next == LotCounter::<T>::get() && next as usize == world.lots.len(),
            "lots are not numbered without gaps"
        );
        Ok(())
    }

    fn lots_are_sound(world: &World) -> Result<(), TryRuntimeError> {
        for lot in world.lots.values() {
            ensure!(
                Products::<T>::contains_key(lot.gtin),
                "a lot has no product"
            );
            ensure!(lot.expiry.is_valid(), "a lot expires on no day");
            ensure!(
                (1..=MAX_UNITS).contains(&lot.units) && lot.commissioned <= lot.units,
                "a lot has too many packs, or none"
            );
            let complete = match lot.serials {
                Serials::Root(root) => !root.is_zero() && lot.commissioned == lot.units,
                Serials::Listed => true,
            };
            ensure!(complete, "a lot behind a root was not commissioned whole");
        }
        Ok(())
    }

    fn derivatives_are_sources_backwards(world: &World) -> Result<(), TryRuntimeError> {
        let made_of = |(id, lot): (&LotId, &Lot)| {
            let pairs = lot.sources.iter().map(|source| (*source, *id));
            pairs.collect::<Vec<_>>()
        };
        let sources: BTreeSet<_> = world.lots.iter().flat_map(made_of).collect();
        let derived: BTreeSet<_> = Derivatives::<T>::iter_keys().collect();
        ensure!(
            derived == sources,
            "what lots were made of and what was made of them differ"
        );
        Ok(())
    }

    fn serials_are_given_once(world: &World) -> Result<(), TryRuntimeError> {
        let mut told = BTreeSet::new();
        let mut listed = BTreeMap::<LotId, u32>::new();
        for (gtin, _, commissioned) in SerialNumbers::<T>::iter() {
            let Commissioned::Pack { lot: id, index } = commissioned else {
                continue;
            };
            let lot = world.lots.get(&id).ok_or("a serial is of no lot")?;
            ensure!(
                lot.gtin == gtin && index < lot.commissioned,
                "a serial is of a pack that the lot does not have"
            );
            ensure!(told.insert((id, index)), "a pack has two serials");
            *listed.entry(id).or_default() += 1;
        }
        for (id, lot) in &world.lots {
            let count = listed.get(id).copied().unwrap_or_default();
            ensure!(
                lot.serials != Serials::Listed || count == lot.commissioned,
                "a serial of a lot is not listed"
            );
        }
        for ((lot, last), run) in &world.runs {
            let dispensed = matches!(
                run.place,
                Place::Gone {
                    fate: Fate::Dispensed,
                    ..
                }
            );
            if dispensed || run.partially_dispensed {
                let mut packs = run.first..=last.0;
                ensure!(
                    packs.all(|index| told.contains(&(*lot, index))),
                    "a pack was dispensed and nobody knows which"
                );
            }
        }
        for key in world.containers.keys() {
            let ContainerKey::Sgtin { gtin, serial } = key else {
                continue;
            };
            ensure!(
                SerialNumbers::<T>::get(gtin, serial) == Some(Commissioned::Container),
                "a container's serial was not given to it"
            );
        }
        Ok(())
    }

    fn discrepancies_are_counted(world: &World) -> Result<(), TryRuntimeError> {
        for (id, shipment) in &world.shipments {
            ensure!(
                id.0 < ShipmentCounter::<T>::get(),
                "a shipment is not counted"
            );
            let open = shipment.status == ShipmentStatus::Open;
            ensure!(
                open == shipment.ended_at.is_none(),
                "a shipment ended that is open, or did not"
            );
            let found: BTreeMap<_, _> = Discrepancies::<T>::iter_prefix(id).collect();
            let unresolved = found.values().filter(|one| one.resolution.is_none());
            ensure!(
                found.len() == shipment.discrepancies as usize
                    && unresolved.count() == shipment.unresolved as usize
                    && found.keys().all(|number| *number < shipment.discrepancies),
                "a shipment does not count its discrepancies"
            );
            ensure!(
                found.is_empty() || shipment.status == ShipmentStatus::Received,
                "a shipment that nobody received has discrepancies"
            );
        }
        let all = Discrepancies::<T>::iter_keys().map(|(shipment, _)| shipment);
        let mut all = all.collect::<BTreeSet<_>>().into_iter();
        ensure!(
            all.all(|shipment| world.shipments.contains_key(&shipment)),
            "a discrepancy is of no shipment"
        );
        Ok(())
    }

    /// What is on its way is what open shipments announce and what is missing from received ones,
    /// in the sender's custody; nothing else is.
    fn what_is_on_its_way_belongs_to_a_shipment(world: &World) -> Result<(), TryRuntimeError> {
        let mut awaited = BTreeMap::<Child, (Unit, ShipmentId, OrgId)>::new();
        for (id, shipment) in &world.shipments {
            let units = match shipment.status {
                ShipmentStatus::Open => shipment.roots.to_vec(),
                ShipmentStatus::Voided => Vec::new(),
                ShipmentStatus::Received => Discrepancies::<T>::iter_prefix_values(id)
                    .filter(|one| one.kind == DiscrepancyKind::Missing && one.resolution.is_none())
                    .map(|one| one.unit)
                    .collect(),
            };
            for unit in units {
                let child = child_of(&unit);
                let before = awaited.insert(child, (unit, *id, shipment.from));
                ensure!(before.is_none(), "something is on its way twice");
            }
        }
        for thing in world.things() {
            let on_its_way = match thing.place {
                Place::Root(Holding {
                    custodian,
                    shipment: Some(shipment),
                    ..
                }) => Some((thing.unit.clone(), *shipment, *custodian)),
                _ => None,
            };
            ensure!(
                awaited.remove(&child_of(&thing.unit)) == on_its_way,
                "something is on its way in no shipment, or announced and not on its way"
            );
        }
        ensure!(awaited.is_empty(), "what is on its way does not exist");
        Ok(())
    }

    fn events_are_indexed() -> Result<(), TryRuntimeError> {
        for (id, event) in Events::<T>::iter() {
            ensure!(
                EventHashes::<T>::get(event.org, event.hash) == Some(id),
                "an event is not found by its hash"
            );
            ensure!(id.0 < EventCounter::<T>::get(), "an event is not counted");
            ensure!(
                event.time <= event.recorded_at,
                "an event was recorded before it happened"
            );
        }
        ensure!(
            EventHashes::<T>::iter_keys().count() == Events::<T>::iter_keys().count(),
            "a hash is of no event"
        );
        Ok(())
    }

    /// Steps lead only to earlier ones, so that every history has a beginning.
    fn histories_go_back(world: &World) -> Result<(), TryRuntimeError> {
        let events: BTreeSet<EventId> = Events::<T>::iter_keys().collect();
        let steps: BTreeMap<StepId, _> = Steps::<T>::iter().collect();
        for (id, step) in &steps {
            ensure!(id.0 < StepCounter::<T>::get(), "a step is not counted");
            ensure!(events.contains(&step.event), "a step is of no event");
            let (since, until) = step.within.unzip();
            ensure!(since <= until, "a container was left before it was entered");
            let mut earlier = step.before.into_iter().chain(since).chain(until);
            ensure!(
                earlier.all(|before| before < *id && steps.contains_key(&before)),
                "a step does not lead back"
            );
        }
        let things = world.things().map(|thing| thing.log);
        let mut logs = things.chain(world.lots.values().map(|lot| lot.log));
        ensure!(
            logs.all(|log| steps.contains_key(&log)),
            "something has no history"
        );
        Ok(())
    }

    fn pending_verifications_are_unanswered() -> Result<(), TryRuntimeError> {
        let mut waiting = BTreeSet::new();
        for (id, verification) in Verifications::<T>::iter() {
            ensure!(
                id.0 < VerificationCounter::<T>::get(),
                "a request for verification is not counted"
            );
            if verification.answer.is_none() {
                waiting.insert((verification.responder, id));
            }
        }
        let pending: BTreeSet<_> = PendingVerifications::<T>::iter_keys().collect();
        ensure!(
            pending == waiting,
            "what waits for an answer and what has none differ"
        );
        Ok(())
    }

    /// Of what is in no container this is not asked: what came out of a suspect container carries
    /// the investigation with it, and nobody looks for it when its subject is cleared.
    fn what_is_held_is_investigated(world: &World) -> Result<(), TryRuntimeError> {
        let investigations: BTreeMap<InvestigationId, _> = Investigations::<T>::iter().collect();
        let inside = |thing: &Thing<'_>| matches!(thing.place, Place::Inside { .. });
        let things = world.things().filter(inside);
        let holds = things.filter_map(|thing| thing.hold);
        for hold in holds.chain(world.lots.values().filter_map(|lot| lot.hold)) {
            let investigation = investigations.get(&hold);
            let outcome = investigation.ok_or("something is held by nothing")?.outcome;
            ensure!(
                !matches!(outcome, Some((Outcome::Cleared, _))),
                "something is held that was cleared"
            );
        }
        for (id, investigation) in &investigations {
            ensure!(
                id.0 < InvestigationCounter::<T>::get(),
                "an investigation is not counted"
            );
            if let (Subject::Lot(lot), None) = (&investigation.subject, investigation.outcome) {
                let hold = world.lots.get(lot).and_then(|lot| lot.hold);
                // An authority may have taken over, and let go again.
                let taken_over = investigations
                    .range((Bound::Excluded(id), Bound::Unbounded))
                    .any(|(_, later)| later.subject == investigation.subject);
                ensure!(hold == Some(*id) || taken_over, "a suspect lot is not held");
            }
        }
        Ok(())
    }

    fn alerts_are_counted() -> Result<(), TryRuntimeError> {
        let mut alerts = Alerts::<T>::iter_keys();
        ensure!(
            alerts.all(|id| id.0 < AlertCounter::<T>::get()),
            "an alert is not counted"
        );
        Ok(())
    }
}
