//! What readers are shown: the functions behind the runtime API and the view functions.

use crate::{
    custody::Located,
    types::{
        Alert, AlertId, Child, Commissioned, Container, ContainerKey, ContainerName, ContentsPage,
        Discrepancy, EventId, Holder, Holding, Investigation, InvestigationId, Last, LotId,
        LotInfo, LotReach, PackAnswer, PackClaim, Partner, Place, Product, RecordedEvent, Run,
        Shipment, ShipmentId, StepId, Text, Trace, TraceEntry, Unit, Verification, VerificationId,
        VerificationInfo, MAX_PAGE,
    },
    AlertCounter, Alerts, Call, Config, Containers, Contents, Derivatives, Discrepancies, Error,
    EventHashes, Events, Investigations, LotNumbers, Lots, Pallet, Parties, Partners,
    PendingVerifications, Products, Runs, SerialNumbers, Shipments, Steps, Verifications,
};
use alloc::{collections::BTreeMap, vec::Vec};
use axonic_gs1::{Gln, Gtin, LotNumber, Serial};
use axonic_primitives::{merkle::InclusionProof, AccountId, Clock, OrgId, Refusal, SiteId};
use frame_support::{
    ensure,
    storage::{with_transaction, TransactionOutcome},
    traits::UnfilteredDispatchable,
};
use frame_system::{pallet_prelude::OriginFor, RawOrigin};
use sp_core::H256;
use sp_runtime::DispatchError;

/// One answer of where a lot is reads at most this many of its runs.
const MAX_RUNS: u32 = 1_024;

/// Packs, how they came there, and who has them.
impl<T: Config> Pallet<T> {
    /// What a scanner is told of a pack.
    pub fn verify_scan(scan: &[u8], proof: Option<&InclusionProof>) -> Result<PackAnswer, Refusal> {
        let answer = Self::claim_of(scan).and_then(|claim| Self::judge(&claim, proof));
        answer.map_err(refusal)
    }

    /// The scan as calls want it.
    pub fn read_scan(scan: impl AsRef<[u8]>) -> Result<PackClaim, Refusal> {
        Self::claim_of(scan.as_ref()).map_err(refusal)
    }

    /// Where a pack is and how it got there.
    pub fn trace_of(
        gtin: u64,
        serial: &Text,
        lot: Option<&Text>,
        proof: Option<&InclusionProof>,
    ) -> Result<Trace, Refusal> {
        Self::traced(gtin, serial, lot, proof).map_err(refusal)
    }

    fn traced(
        gtin: u64,
        serial: &Text,
        lot: Option<&Text>,
        proof: Option<&InclusionProof>,
    ) -> Result<Trace, Error<T>> {
        let (lot, index) = match lot {
            None => Self::pack_on_chain(gtin, serial)?,
            Some(lot) => {
                let claim = PackClaim {
                    gtin,
                    serial: serial.clone(),
                    lot: lot.clone(),
                    expiry: None,
                };
                let pack = Self::resolve(&claim, proof)?;
                (pack.lot, pack.index)
            }
        };
        let located = Self::locate(&Unit::Packs {
            lot,
            first: index,
            last: index,
        })?;
        let (events, truncated) = Self::history(&located);
        Ok(Trace {
            lot,
            index,
            disposition: Self::disposition(&located),
            holding: located.holding().clone(),
            containers: located.path.into_iter().map(|(key, _)| key).collect(),
            events,
            truncated,
        })
    }

    /// The pack that the serial was given to. Without its lot, only serials on chain are found.
    fn pack_on_chain(gtin: u64, serial: &Text) -> Result<(LotId, u32), Error<T>> {
        let gtin = Gtin::new(gtin).map_err(|_| Error::<T>::InvalidGtin)?;
        let serial = Serial::new(&serial.0).map_err(|_| Error::<T>::InvalidSerial)?;
        let known = Products::<T>::contains_key(gtin);
        ensure!(known, Error::<T>::ProductNotFound);
        match SerialNumbers::<T>::get(gtin, serial) {
            Some(Commissioned::Pack { lot, index }) => Ok((lot, index)),
            Some(Commissioned::Container) => Err(Error::SerialAlreadyCommissioned),
            None => Err(Error::ProofMissing),
        }
    }

    /// The latest events of a thing and of the containers around it while it was in them, in the
    /// order they were recorded, and whether there were more.
    ///
    /// Steps are numbered in the order they were made, so reading always the latest of those that
    /// are ahead finds the latest events first, and reads each step once.
    fn history(located: &Located) -> (Vec<TraceEntry>, bool) {
        let mut ahead = Ahead::default();
        ahead.add(located.log, StepId(0), 0);
        let mut place = &located.place;
        for (level, (_, container)) in (1u8..).zip(&located.path) {
            if let Place::Inside { since, .. } = place {
                ahead.add(container.log, *since, level);
            }
            place = &container.place;
        }

        let mut levels = BTreeMap::<EventId, u8>::new();
        let mut truncated = false;
        while let Some((id, (since, level))) = ahead.0.pop_last() {
            let Some(step) = Steps::<T>::get(id) else {
                continue;
            };
            let full = levels.len() >= MAX_PAGE as usize;
            if full && !levels.contains_key(&step.event) {
                truncated = true;
                break;
            }
            let closest = levels.entry(step.event).or_insert(level);
            *closest = level.min(*closest);
            if let Some(before) = step.before.filter(|before| *before >= since) {
                ahead.add(before, since, level);
            }
            if let Some((since, latest)) = step.within {
                ahead.add(latest, since, level.saturating_add(1));
            }
        }
        let entry = |(id, level)| Events::<T>::get(id).map(|event| TraceEntry { id, event, level });
        let mut events: Vec<_> = levels.into_iter().filter_map(entry).collect();
        events.sort_by_key(|entry| (entry.event.recorded_at, entry.id));
        (events, truncated)
    }

    /// Who has how many packs of a lot.
    pub fn reach_of(gtin: u64, number: &Text, from: Option<u32>) -> Result<LotReach, Refusal> {
        let id = Self::lot_numbered(gtin, number).map_err(refusal)?;
        let lot = Lots::<T>::get(id).ok_or_else(|| refusal(Error::<T>::LotNotFound))?;
        let mut around = BTreeMap::new();
        let mut holders = BTreeMap::<(OrgId, SiteId, Option<OrgId>), u32>::new();
        let mut next = from.unwrap_or_default();
        for (Last(last), run) in Self::runs_from(id, next).take(MAX_RUNS as usize) {
            // Where an answer begins in the middle of a run, what is before was in the last one.
            let packs = last.saturating_sub(next.max(run.first)).saturating_add(1);
            next = last.saturating_add(1);
            if let Some(Holding {
                custodian,
                site,
                shipment,
                ..
            }) = Self::holding_at(&run.place, &mut around)
            {
                let shipment = shipment.and_then(Shipments::<T>::get);
                let to = shipment.map(|shipment| shipment.to);
                let held = holders.entry((custodian, site, to)).or_default();
                *held = held.saturating_add(packs);
            }
        }
        let holders = holders.into_iter();
        let mut transformed_into: Vec<_> = Derivatives::<T>::iter_key_prefix(id).collect();
        transformed_into.sort_unstable();
        Ok(LotReach {
            lot: id,
            holders: holders
                .map(|((org, site, on_the_way_to), packs)| Holder {
                    org,
                    site,
                    on_the_way_to,
                    packs,
                })
                .collect(),
            fates: lot.fates,
            transformed_into,
            next: (next < lot.commissioned).then_some(next),
        })
    }

    /// Who has what is at this place, if it is in the chain. Reads each container once.
    fn holding_at(
        place: &Place,
        around: &mut BTreeMap<ContainerKey, Option<Holding>>,
    ) -> Option<Holding> {
        match place {
            Place::Root(holding) => Some(holding.clone()),
            Place::Gone { .. } => None,
            Place::Inside { container: key, .. } => {
                if let Some(known) = around.get(key) {
                    return known.clone();
                }
                let container = Containers::<T>::get(key)?;
                // Containers are nested at most five deep.
                let holding = Self::holding_at(&container.place, around);
                around.insert(key.clone(), holding.clone());
                holding
            }
        }
    }

    /// What is directly in a container.
    pub fn contents_of(
        name: &ContainerName,
        after: Option<Child>,
        limit: u32,
    ) -> Result<ContentsPage, Refusal> {
        let key = Self::container_named(name).map_err(refusal)?;
        let container = Self::container(name.clone())?;
        let mut children = match after {
            None => Contents::<T>::iter_key_prefix(&key),
            Some(after) => {
                let after = Contents::<T>::hashed_key_for(&key, after);
                Contents::<T>::iter_key_prefix_from(&key, after)
            }
        };
        let limit = limit.min(MAX_PAGE) as usize;
        let page: Vec<_> = children.by_ref().take(limit).collect();
        let more = children.next().is_some();
        let next = page.last().filter(|_| more).cloned();
        Ok(ContentsPage {
            container,
            children: page.into_iter().filter_map(Self::unit_of).collect(),
            next,
        })
    }

    fn unit_of(child: Child) -> Option<Unit> {
        match child {
            Child::Container(key) => Some(Unit::Container(key)),
            Child::Packs { lot, last } => {
                let Run { first, .. } = Runs::<T>::get(lot, Last(last))?;
                Some(Unit::Packs { lot, first, last })
            }
        }
    }
}

/// The steps that are yet to be read. Of each: the step after which to stop going back, and how
/// many containers around the thing it is of.
#[derive(Default)]
struct Ahead(BTreeMap<StepId, (StepId, u8)>);

impl Ahead {
    fn add(&mut self, step: StepId, since: StepId, level: u8) {
        let known = self.0.entry(step).or_insert((since, level));
        *known = (since.min(known.0), level.min(known.1));
    }
}

/// Everything else, by what it is called.
impl<T: Config> Pallet<T> {
    /// A request for verification, unless it was pruned.
    pub fn verification(id: VerificationId) -> Option<VerificationInfo> {
        Verifications::<T>::get(id).map(|verification| info_of(id, verification))
    }

    /// A page of the requests for verification that wait for the organisation's answer, in the
    /// order they were made.
    pub fn pending_verifications(
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
    ) -> Vec<VerificationInfo> {
        let pending = Self::pending_after(org, after);
        pending.take(limit.min(MAX_PAGE) as usize).collect()
    }

    /// A page of those that it should have answered by now.
    pub fn overdue_of(
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
    ) -> Vec<VerificationInfo> {
        let now = T::Clock::now();
        let overdue = Self::pending_after(org, after).filter(|info| info.due < now);
        overdue.take(limit.min(MAX_PAGE) as usize).collect()
    }

    /// What waits for the organisation's answer, in the order it was asked. Reads the numbers of
    /// all that wait: storage has them in another order.
    fn pending_after(
        org: OrgId,
        after: Option<VerificationId>,
    ) -> impl Iterator<Item = VerificationInfo> {
        // Every number is greater than none.
        let mut pending: Vec<_> = PendingVerifications::<T>::iter_key_prefix(org)
            .filter(|id| Some(*id) > after)
            .collect();
        pending.sort_unstable();
        pending.into_iter().filter_map(Self::verification)
    }

    /// The organisation as a trading partner.
    pub fn partner(org: OrgId) -> Option<Partner> {
        Partners::<T>::get(org)
    }

    /// Whose this party location number is.
    pub fn partner_by_gln(gln: u64) -> Option<OrgId> {
        Parties::<T>::get(Gln::new(gln).ok()?)
    }

    /// A product.
    pub fn product(gtin: u64) -> Result<Option<Product>, Refusal> {
        let gtin = Gtin::new(gtin).map_err(|_| refusal(Error::<T>::InvalidGtin))?;
        Ok(Products::<T>::get(gtin))
    }

    /// A lot, by what is printed on its packs.
    pub fn lot(gtin: u64, number: Text) -> Result<LotInfo, Refusal> {
        let id = Self::lot_numbered(gtin, &number).map_err(refusal)?;
        let lot = Lots::<T>::get(id).ok_or_else(|| refusal(Error::<T>::LotNotFound))?;
        let expired = lot.is_expired(T::Clock::now());
        Ok(LotInfo { id, lot, expired })
    }

    fn lot_numbered(gtin: u64, number: &Text) -> Result<LotId, Error<T>> {
        let gtin = Gtin::new(gtin).map_err(|_| Error::<T>::InvalidGtin)?;
        let number = LotNumber::new(&number.0).map_err(|_| Error::<T>::InvalidLot)?;
        let known = Products::<T>::contains_key(gtin);
        ensure!(known, Error::<T>::ProductNotFound);
        LotNumbers::<T>::get(gtin, number).ok_or(Error::LotNotFound)
    }

    /// A container.
    pub fn container(name: ContainerName) -> Result<Container, Refusal> {
        let container = Self::container_named(&name).map(Containers::<T>::get);
        let container = container.and_then(|found| found.ok_or(Error::ContainerNotFound));
        container.map_err(refusal)
    }

    /// A shipment.
    pub fn shipment(id: ShipmentId) -> Option<Shipment> {
        Shipments::<T>::get(id)
    }

    /// What was wrong with a shipment, by number.
    pub fn discrepancies(id: ShipmentId) -> Vec<(u32, Discrepancy)> {
        let mut found: Vec<_> = Discrepancies::<T>::iter_prefix(id).collect();
        found.sort_unstable_by_key(|(number, _)| *number);
        found
    }

    /// An investigation.
    pub fn investigation(id: InvestigationId) -> Option<Investigation> {
        Investigations::<T>::get(id)
    }

    /// A page of the alerts, in the order they were raised. Reads past those that were pruned.
    pub fn alerts(after: Option<AlertId>, limit: u32) -> Vec<(AlertId, Alert)> {
        let first = after.map_or(0, |after| after.0.saturating_add(1));
        (first..AlertCounter::<T>::get())
            .map(AlertId)
            .filter_map(|id| Some((id, Alerts::<T>::get(id)?)))
            .take(limit.min(MAX_PAGE) as usize)
            .collect()
    }

    /// An event.
    pub fn event(id: EventId) -> Option<RecordedEvent> {
        Events::<T>::get(id)
    }

    /// The organisation's event with this CBV event hash.
    pub fn event_by_hash(org: OrgId, hash: H256) -> Option<EventId> {
        EventHashes::<T>::get(org, hash)
    }

    /// The first error that the call would give if the account signed it now. It is made, and all
    /// it did is undone.
    pub fn explain_move(account: AccountId, call: Call<T>) -> Result<(), Refusal> {
        let origin = OriginFor::<T>::from(RawOrigin::Signed(account));
        let outcome = with_transaction(|| {
            let outcome = call.dispatch_bypass_filter(origin);
            let outcome = outcome.map(drop).map_err(|refused| refused.error);
            TransactionOutcome::Rollback(outcome)
        });
        outcome.map_err(Refusal::from)
    }
}

/// A request for verification, with when it is due.
fn info_of(id: VerificationId, verification: Verification) -> VerificationInfo {
    VerificationInfo {
        id,
        due: verification.due(),
        verification,
    }
}

/// The error as readers see it.
fn refusal<T: Config>(error: Error<T>) -> Refusal {
    DispatchError::from(error).into()
}
