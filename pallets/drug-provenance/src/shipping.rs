//! Goods on their way: sent on or back, taken back, received, and what was wrong with them.

use crate::{
    counting::numbered,
    custody::Located,
    rules::{Action, Handover},
    types::{
        Direction, Discrepancy, DiscrepancyKind, EventKind, Fate, Holding, LotCount, Occurrence,
        Partner, Place, Resolution, Shipment, ShipmentDraft, ShipmentId, ShipmentStatus, Unit,
        UnitName,
    },
    Config, Discrepancies, Error, Event, EventHashes, Lots, Pallet, Products, ShipmentCounter,
    Shipments,
};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::{Actor, Membership},
    Clock, Codes, OrgId, SiteId,
};
use frame_support::{dispatch::DispatchResult, ensure, BoundedVec};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_ship(
        actor: &Actor,
        draft: ShipmentDraft,
        direction: Direction,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        let kind = match direction {
            Direction::Forward => EventKind::Shipping,
            Direction::Return => EventKind::Returning,
        };
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, kind, occurrence, None)?;
        let known = EventHashes::<T>::contains_key(actor.org, occurrence.hash);
        ensure!(!known, Error::<T>::EventHashInUse); // Each shipment has an event of its own.
        ensure!(draft.to != actor.org, Error::<T>::SameOrganisation);
        let consignee = Self::consignee(draft.to)?;
        ensure!(!draft.roots.is_empty(), Error::<T>::EmptyShipment);
        let roots = Self::locate_all(&draft.roots, Error::<T>::InTransit)?;
        for root in &roots {
            Self::ensure_may(actor, root, Action::Ship)?;
            ensure!(!root.lots.is_empty(), Error::<T>::EmptyShipment);
            Self::ensure_sendable(root, direction, draft.to)?;
            let handover = Handover {
                direction,
                owner: root.holding().owner,
                from: actor.org,
                to: draft.to,
                transaction: draft.transaction.as_ref(),
            };
            let in_order = handover.is_in_order(consignee.licences);
            ensure!(in_order, Error::<T>::TransactionStatementMissing);
        }

        let id = ShipmentId(numbered::<ShipmentCounter<T>, _>());
        let event = Self::record(actor, kind, occurrence, Some(id));
        for root in &roots {
            let holding = Holding {
                site: occurrence.site,
                shipment: Some(id),
                ..root.holding().clone()
            };
            Self::move_to(root, Place::Root(holding), event);
        }
        let units: Vec<Unit> = roots.into_iter().map(|root| root.unit).collect();
        let shipment = Shipment {
            from: actor.org,
            to: draft.to,
            direction,
            roots: BoundedVec::truncate_from(units.clone()), // As many as the draft has.
            transaction: draft.transaction,
            purchase_order: draft.purchase_order,
            despatch_advice: draft.despatch_advice,
            shipped_at: T::Clock::now(),
            ended_at: None,
            received_at: None,
            status: ShipmentStatus::Open,
            discrepancies: 0,
            unresolved: 0,
        };
        Shipments::<T>::insert(id, shipment);
        Self::deposit_event(Event::Shipped {
            shipment: id,
            from: actor.org,
            to: draft.to,
            direction,
            roots: units,
            event,
        });
        Ok(())
    }

    /// Returns how many roots the shipment has.
    pub(crate) fn do_void_shipment(
        actor: &Actor,
        id: ShipmentId,
        occurrence: &Occurrence,
    ) -> Result<u32, DispatchError> {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::VoidShipping, occurrence, Some(id))?;
        let mut shipment = Shipments::<T>::get(id).ok_or(Error::<T>::ShipmentNotFound)?;
        ensure!(shipment.from == actor.org, Error::<T>::NotConsignor);
        let open = shipment.status == ShipmentStatus::Open;
        ensure!(open, Error::<T>::ShipmentNotOpen);

        let event = Self::record(actor, EventKind::VoidShipping, occurrence, Some(id));
        for part in Self::under_way(&shipment.roots, id) {
            let place = Place::Root(taken_back(&part, occurrence.site));
            Self::move_to(&part, place, event);
        }
        let roots = shipment.roots.len() as u32;
        shipment.status = ShipmentStatus::Voided;
        shipment.ended_at = Some(T::Clock::now());
        Shipments::<T>::insert(id, shipment);
        Self::deposit_event(Event::ShipmentVoided {
            shipment: id,
            event,
        });
        Ok(roots)
    }

    /// Returns how many roots the shipment has.
    ///
    /// What is missing stays with the sender and on its way until the discrepancy is resolved, so
    /// that nobody else does anything with it. What is too many is only named.
    pub(crate) fn do_receive(
        actor: &Actor,
        id: ShipmentId,
        missing: &[UnitName],
        extra: &[UnitName],
        occurrence: &Occurrence,
    ) -> Result<u32, DispatchError> {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Receiving, occurrence, Some(id))?;
        let mut shipment = Shipments::<T>::get(id).ok_or(Error::<T>::ShipmentNotFound)?;
        ensure!(shipment.to == actor.org, Error::<T>::NotConsignee);
        let open = shipment.status == ShipmentStatus::Open;
        ensure!(open, Error::<T>::ShipmentNotOpen);
        let missing = Self::locate_all(missing, Error::<T>::NotInShipment)?;
        let announced = |unit: &Located| unit.holding().shipment == Some(id);
        let in_shipment = missing.iter().all(announced);
        ensure!(in_shipment, Error::<T>::NotInShipment);
        let extra = Self::locate_all(extra, Error::<T>::NotExtra)?;
        ensure!(!extra.iter().any(announced), Error::<T>::NotExtra);

        let event = Self::record(actor, EventKind::Receiving, occurrence, Some(id));
        for unit in &missing {
            Self::move_to(unit, Place::Root(unit.holding().clone()), event);
        }
        let is_missing = |part: &Located| missing.iter().any(|unit| unit.unit == part.unit);
        let mut arrived = Self::under_way(&shipment.roots, id);
        arrived.retain(|part| !is_missing(part));
        for part in arrived {
            let place = Place::Root(handed_over(&part, &shipment, occurrence.site));
            Self::move_to(&part, place, event);
        }
        let missing: Vec<_> = missing.into_iter().map(|unit| unit.unit).collect();
        let extra: Vec<_> = extra.into_iter().map(|unit| unit.unit).collect();
        let wrong = missing
            .iter()
            .map(|unit| (DiscrepancyKind::Missing, unit))
            .chain(extra.iter().map(|unit| (DiscrepancyKind::Extra, unit)));
        for (number, (kind, unit)) in (0u32..).zip(wrong) {
            let discrepancy = Discrepancy {
                kind,
                unit: unit.clone(),
                resolution: None,
            };
            Discrepancies::<T>::insert(id, number, discrepancy);
        }
        let roots = shipment.roots.len() as u32;
        shipment.discrepancies = missing.len().saturating_add(extra.len()) as u32;
        shipment.unresolved = shipment.discrepancies;
        shipment.status = ShipmentStatus::Received;
        shipment.received_at = Some(occurrence.site);
        shipment.ended_at = Some(T::Clock::now());
        Shipments::<T>::insert(id, shipment);
        Self::deposit_event(Event::Received {
            shipment: id,
            missing,
            extra,
            event,
        });
        Ok(roots)
    }

    pub(crate) fn do_resolve_discrepancy(
        actor: &Actor,
        id: ShipmentId,
        number: u32,
        resolution: Resolution,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Resolving, occurrence, Some(id))?;
        let mut shipment = Shipments::<T>::get(id).ok_or(Error::<T>::ShipmentNotFound)?;
        let mut discrepancy = Discrepancies::<T>::get(id, number)
            .filter(|discrepancy| discrepancy.resolution.is_none())
            .ok_or(Error::<T>::DiscrepancyNotOpen)?;
        let applies = resolution.ends() == discrepancy.kind;
        ensure!(applies, Error::<T>::ResolutionNotApplicable);
        let unit = core::slice::from_ref(&discrepancy.unit);
        let (resolver, parts) = match resolution {
            Resolution::Found => (shipment.to, Self::under_way(unit, id)),
            Resolution::NotShipped | Resolution::Lost => (shipment.from, Self::under_way(unit, id)),
            Resolution::Accepted => {
                let extra = Self::acceptable(&discrepancy.unit, &shipment)?;
                (extra.holding().custodian, Vec::from([extra]))
            }
            Resolution::SentBack => (shipment.to, Vec::new()),
        };
        ensure!(actor.org == resolver, Error::<T>::NotResolver);

        let event = Self::record(actor, EventKind::Resolving, occurrence, Some(id));
        for part in &parts {
            match resolution {
                Resolution::Lost => Self::end(part, Fate::Stolen, occurrence.site, event),
                Resolution::NotShipped => {
                    let place = Place::Root(taken_back(part, occurrence.site));
                    Self::move_to(part, place, event);
                }
                Resolution::Found | Resolution::Accepted | Resolution::SentBack => {
                    // What somebody else accepts is with the consignee already.
                    let site = match resolution {
                        Resolution::Accepted => shipment.received_at.unwrap_or(occurrence.site),
                        _ => occurrence.site,
                    };
                    let place = Place::Root(handed_over(part, &shipment, site));
                    Self::move_to(part, place, event);
                }
            }
        }
        discrepancy.resolution = Some(resolution);
        Discrepancies::<T>::insert(id, number, discrepancy);
        shipment.unresolved = shipment.unresolved.saturating_sub(1);
        Shipments::<T>::insert(id, shipment);
        Self::deposit_event(Event::DiscrepancyResolved {
            shipment: id,
            number,
            resolution,
            event,
        });
        Ok(())
    }

    /// What of these is on its way with the shipment: all of it, in as many parts as it came apart
    /// into, and nothing else ever changes hands with it.
    fn under_way(units: &[Unit], shipment: ShipmentId) -> Vec<Located> {
        let mut parts: Vec<_> = units.iter().flat_map(Self::parts).collect();
        parts.retain(|part| {
            let announced = part.holding().shipment == Some(shipment);
            announced && Self::ensure_can(part, Action::Receive).is_ok()
        });
        parts
    }

    /// Passes what may go back to `to`, who supplied it or owns the product of every lot in it.
    /// It may be suspect, expired, quarantined or recalled.
    fn ensure_returnable(root: &Located, to: OrgId) -> Result<(), Error<T>> {
        let makes = |count: &LotCount| {
            let lot = Lots::<T>::get(count.lot);
            let product = lot.and_then(|lot| Products::<T>::get(lot.gtin));
            product.is_some_and(|product| product.owner == to)
        };
        let supplied = root.holding().supplier == Some(to);
        let returnable = supplied || root.lots.iter().all(makes);
        ensure!(returnable, Error::<T>::NotSupplier);
        Ok(())
    }

    /// What was too many, if it may change hands now, as if it were shipped and received at once.
    fn acceptable(unit: &Unit, shipment: &Shipment) -> Result<Located, Error<T>> {
        let extra = Self::locate(unit)?;
        Self::ensure_can(&extra, Action::Ship)?;
        Self::consignee(shipment.to)?;
        Self::ensure_sendable(&extra, shipment.direction, shipment.to)?;
        Ok(extra)
    }

    /// Whoever is to have goods, if it may have them.
    fn consignee(org: OrgId) -> Result<Partner, Error<T>> {
        ensure!(T::Membership::is_active(org), Error::<T>::MemberNotFound);
        Self::trading(org, Codes::all())
    }

    /// Passes what may go there: on, if nothing is against it, and back to whom it came from.
    fn ensure_sendable(unit: &Located, direction: Direction, to: OrgId) -> Result<(), Error<T>> {
        match direction {
            Direction::Forward => Self::ensure_movable(unit),
            Direction::Return => Self::ensure_returnable(unit, to),
        }
    }
}

impl Resolution {
    /// What it can be the end of.
    const fn ends(self) -> DiscrepancyKind {
        match self {
            Self::Found | Self::NotShipped | Self::Lost => DiscrepancyKind::Missing,
            Self::Accepted | Self::SentBack => DiscrepancyKind::Extra,
        }
    }
}

/// Who has the part when it is at rest again where it came from.
fn taken_back(part: &Located, site: SiteId) -> Holding {
    Holding {
        site,
        shipment: None,
        ..part.holding().clone()
    }
}

/// Who has the part when it came to the consignee.
///
/// Its transaction is about goods of the sender, so what was too many and somebody else's, and
/// what is there already, stays whose it was.
fn handed_over(part: &Located, shipment: &Shipment, site: SiteId) -> Holding {
    let before = part.holding();
    let covered = before.custodian == shipment.from;
    let handover = Handover {
        direction: shipment.direction,
        owner: before.owner,
        from: before.custodian,
        to: shipment.to,
        transaction: shipment.transaction.as_ref().filter(|_| covered),
    };
    Holding {
        custodian: shipment.to,
        site,
        owner: handover.owner_after(),
        // Nobody who sent goods back is one to send them back to.
        supplier: match shipment.direction {
            Direction::Forward => Some(before.custodian),
            Direction::Return => None,
        },
        shipment: None,
    }
}
