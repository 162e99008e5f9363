//! Where things are, who has them, and whether they may go on.

use crate::{
    rules::{lot_obstacle, overlap, Action, IllegalMove, LotObstacle, UndoObstacle},
    types::{
        Child, Container, ContainerKey, ContainerName, Disposition, Fate, Holding, InvestigationId,
        Last, LotCount, Outcome, Place, ShipmentStatus, StepId, Unit, UnitName,
    },
    Config, Containers, Error, Investigations, Lots, Pallet, Shipments,
};
use alloc::{vec, vec::Vec};
use axonic_gs1::{Gtin, Serial, Sscc};
use axonic_primitives::{membership::Actor, Clock, Moment};
use frame_support::ensure;

/// Something that can be moved, where it is, and what is around it and in it.
pub(crate) struct Located {
    pub unit: Unit,
    /// What is stored of it, if it is a container.
    pub container: Option<Container>,
    pub place: Place,
    /// The investigation that is stored with it, which may have cleared it.
    pub stored_hold: Option<InvestigationId>,
    /// The investigation that holds it, if one does.
    pub hold: Option<InvestigationId>,
    /// The investigation that holds it or a container around it, if one does.
    pub held_by: Option<InvestigationId>,
    /// How many runs and containers are held: it, if it is by itself, and what is in it.
    pub holds: u32,
    pub partially_dispensed: bool,
    pub log: StepId,
    /// The containers around it, from its own to the outermost.
    pub path: Vec<(ContainerKey, Container)>,
    /// How many packs of which lots it is, ordered by lot.
    pub lots: Vec<LotCount>,
    holding: Holding,
    gone: Option<(Fate, Moment)>,
}

impl Located {
    /// Who has it, or had it last.
    pub fn holding(&self) -> &Holding {
        &self.holding
    }

    /// What became of it or of a container around it, if it left the chain.
    pub fn fate(&self) -> Option<Fate> {
        self.gone.map(|(fate, _)| fate)
    }

    /// When it left the chain, if it did, UTC milliseconds.
    pub fn gone_at(&self) -> Option<Moment> {
        self.gone.map(|(_, at)| at)
    }

    /// Whether a container around it is sealed.
    pub fn sealed(&self) -> bool {
        self.path.iter().any(|(_, container)| container.sealed)
    }

    /// Whether it or a container around it is held.
    pub fn held(&self) -> bool {
        self.held_by.is_some()
    }

    /// The entry that it has among the contents of a container.
    pub fn child(&self) -> Child {
        match &self.unit {
            Unit::Container(key) => Child::Container(key.clone()),
            Unit::Packs { lot, last, .. } => Child::Packs {
                lot: *lot,
                last: *last,
            },
        }
    }

    /// How many packs and containers it is among the contents of a container.
    pub fn size(&self) -> u32 {
        match self.unit {
            Unit::Container(_) => 1,
            Unit::Packs { first, last, .. } => packs_between(first, last),
        }
    }
}

/// The containers around something, from its own to the outermost; who has that, or had it last;
/// and what became of it and when, if it left the chain.
type Around = (
    Vec<(ContainerKey, Container)>,
    Holding,
    Option<(Fate, Moment)>,
);

/// How many packs there are from one to another.
pub(crate) fn packs_between(first: u32, last: u32) -> u32 {
    last.saturating_sub(first).saturating_add(1)
}

/// What things are called, and where they are.
impl<T: Config> Pallet<T> {
    /// The container that is called this, whether or not there is one.
    pub(crate) fn container_named(name: &ContainerName) -> Result<ContainerKey, Error<T>> {
        Ok(match name {
            ContainerName::Sscc(number) => {
                ContainerKey::Sscc(Sscc::new(*number).map_err(|_| Error::<T>::InvalidSscc)?)
            }
            ContainerName::Sgtin { gtin, serial } => ContainerKey::Sgtin {
                gtin: Gtin::new(*gtin).map_err(|_| Error::<T>::InvalidGtin)?,
                serial: Serial::new(&serial.0).map_err(|_| Error::<T>::InvalidSerial)?,
            },
        })
    }

    /// What is called this. Whether there is such a container, or whether the lot has such packs,
    /// [`Self::locate`] says.
    pub(crate) fn unit_named(name: &UnitName) -> Result<Unit, Error<T>> {
        match name {
            UnitName::Container(name) => Self::container_named(name).map(Unit::Container),
            UnitName::Packs { lot, first, count } => {
                let known = Lots::<T>::contains_key(lot);
                ensure!(known, Error::<T>::LotNotFound);
                let more = count.checked_sub(1);
                let last = more.and_then(|more| first.checked_add(more));
                Ok(Unit::Packs {
                    lot: *lot,
                    first: *first,
                    last: last.ok_or(Error::<T>::PacksNotFound)?,
                })
            }
        }
    }

    /// Where it is. Packs are only somewhere if they are all of one run.
    pub(crate) fn locate(unit: &Unit) -> Result<Located, Error<T>> {
        match unit {
            Unit::Container(key) => {
                let container = Containers::<T>::get(key).ok_or(Error::<T>::ContainerNotFound)?;
                let (path, holding, gone) = Self::around(&container.place)?;
                let hold = Self::gravest(container.hold);
                Ok(Located {
                    unit: unit.clone(),
                    place: container.place.clone(),
                    stored_hold: container.hold,
                    hold,
                    held_by: Self::gravest(hold.into_iter().chain(holds_of(&path))),
                    holds: container.holds.saturating_add(hold.is_some().into()),
                    partially_dispensed: false,
                    log: container.log,
                    path,
                    lots: container.lots.to_vec(),
                    container: Some(container),
                    holding,
                    gone,
                })
            }
            Unit::Packs { lot, first, last } => {
                let (_, run) = Self::run_at(*lot, *last).ok_or(Error::<T>::PacksNotFound)?;
                ensure!(run.first <= *first, Error::<T>::PacksApart);
                let (path, holding, gone) = Self::around(&run.place)?;
                let hold = Self::gravest(run.hold);
                let packs = packs_between(*first, *last);
                Ok(Located {
                    unit: unit.clone(),
                    container: None,
                    place: run.place,
                    stored_hold: run.hold,
                    hold,
                    held_by: Self::gravest(hold.into_iter().chain(holds_of(&path))),
                    holds: hold.is_some().into(),
                    partially_dispensed: run.partially_dispensed,
                    log: run.log,
                    path,
                    lots: vec![LotCount { lot: *lot, packs }],
                    holding,
                    gone,
                })
            }
        }
    }

    /// Where each of these is. Refused as `twice` if one, or a part of it, is named again, or if
    /// one is in another.
    pub(crate) fn locate_all(
        names: &[UnitName],
        twice: Error<T>,
    ) -> Result<Vec<Located>, Error<T>> {
        let all = names
            .iter()
            .map(|name| Self::locate(&Self::unit_named(name)?))
            .collect::<Result<Vec<_>, _>>()?;
        let named: Vec<_> = all
            .iter()
            .filter_map(|one| match &one.unit {
                Unit::Container(key) => Some(key),
                Unit::Packs { .. } => None,
            })
            .collect();
        let mut around = all.iter().flat_map(|one| &one.path);
        let nested = around.any(|(key, _)| named.contains(&key));
        if nested || overlap(all.iter().map(|one| &one.unit)) {
            return Err(twice);
        }
        Ok(all)
    }

    /// Where a unit is that was named some time ago: in one part, unless its packs came apart
    /// since.
    pub(crate) fn parts(unit: &Unit) -> Vec<Located> {
        let parts = match unit {
            Unit::Container(_) => vec![unit.clone()],
            Unit::Packs { lot, first, last } => Self::runs_of(*lot, *first, *last)
                .into_iter()
                .map(|(Last(end), run)| Unit::Packs {
                    lot: *lot,
                    first: run.first.max(*first),
                    last: end.min(*last),
                })
                .collect(),
        };
        parts
            .iter()
            .filter_map(|part| Self::locate(part).ok())
            .collect()
    }

    fn around(place: &Place) -> Result<Around, Error<T>> {
        let mut path = Vec::new();
        let mut place = place.clone();
        loop {
            match place {
                Place::Root(holding) => return Ok((path, holding, None)),
                Place::Gone { fate, last, at } => return Ok((path, last, Some((fate, at)))),
                Place::Inside { container: key, .. } => {
                    let container =
                        Containers::<T>::get(&key).ok_or(Error::<T>::ContainerNotFound)?;
                    place = container.place.clone();
                    path.push((key, container));
                }
            }
        }
    }

    /// Of these investigations the one that holds on: rather one that found its subject
    /// illegitimate, which never lets go, than one that is open.
    ///
    /// One that cleared its subject holds nothing any more, not even what had come out of it in
    /// the meantime with the hold on it; and it is pruned one day.
    fn gravest(
        investigations: impl IntoIterator<Item = InvestigationId>,
    ) -> Option<InvestigationId> {
        let mut open = None;
        for id in investigations {
            match Investigations::<T>::get(id).map(|investigation| investigation.outcome) {
                Some(Some((Outcome::Illegitimate, _))) => return Some(id),
                Some(None) => open = open.or(Some(id)),
                Some(Some((Outcome::Cleared, _))) | None => {}
            }
        }
        open
    }
}

fn holds_of(path: &[(ContainerKey, Container)]) -> impl Iterator<Item = InvestigationId> + '_ {
    path.iter().filter_map(|(_, container)| container.hold)
}

/// What things are, and what can happen to them.
impl<T: Config> Pallet<T> {
    /// What it is.
    pub(crate) fn disposition(located: &Located) -> Disposition {
        match located.fate() {
            Some(fate) => fate.disposition(),
            None if located.holding.shipment.is_some() => Disposition::InTransit,
            None if located.partially_dispensed => Disposition::PartiallyDispensed,
            None if located.path.is_empty() => Disposition::Active,
            None => Disposition::Packed,
        }
    }

    /// Passes what the action can happen to, if the actor's organisation has custody.
    pub(crate) fn ensure_may(
        actor: &Actor,
        located: &Located,
        action: Action,
    ) -> Result<(), Error<T>> {
        Self::ensure_can(located, action)?;
        let custodian = located.holding.custodian == actor.org;
        ensure!(custodian, Error::<T>::NotCustodian);
        Ok(())
    }

    /// Passes what the action can happen to, whoever has custody.
    pub(crate) fn ensure_can(located: &Located, action: Action) -> Result<(), Error<T>> {
        let next = Self::disposition(located).next(action);
        next.map(drop).map_err(|illegal| {
            let shipment = located.holding.shipment.and_then(Shipments::<T>::get);
            let arrived = shipment.is_some_and(|it| it.status == ShipmentStatus::Received);
            match illegal {
                IllegalMove::InTransit if arrived => Error::<T>::DiscrepancyUnresolved,
                other => other.into(),
            }
        })
    }

    /// Passes what may go to somebody else: neither it, nor what it is in, nor anything in it is
    /// held, and each of its lots moves.
    pub(crate) fn ensure_movable(located: &Located) -> Result<(), Error<T>> {
        let free = !located.held() && located.holds == 0;
        ensure!(free, Error::<T>::ItemSuspect);
        let now = T::Clock::now();
        for LotCount { lot, .. } in &located.lots {
            let lot = Lots::<T>::get(lot).ok_or(Error::<T>::LotNotFound)?;
            lot_obstacle(&lot, now).map_err(Error::<T>::from)?;
        }
        Ok(())
    }
}

impl<T> From<IllegalMove> for Error<T> {
    fn from(illegal: IllegalMove) -> Self {
        match illegal {
            IllegalMove::AlreadyAggregated => Self::AlreadyAggregated,
            IllegalMove::NotInParent => Self::NotInParent,
            IllegalMove::InTransit => Self::InTransit,
            IllegalMove::NotInShipment => Self::NotInShipment,
            IllegalMove::AlreadyPartiallyDispensed => Self::AlreadyPartiallyDispensed,
            IllegalMove::AlreadyDispensed => Self::AlreadyDispensed,
            IllegalMove::AlreadyExported => Self::AlreadyExported,
            IllegalMove::AlreadySampled => Self::AlreadySampled,
            IllegalMove::AlreadyDestroyed => Self::AlreadyDestroyed,
            IllegalMove::ReportedStolen => Self::ReportedStolen,
            IllegalMove::AlreadyDecommissioned => Self::AlreadyDecommissioned,
            IllegalMove::AlreadyTransformed => Self::AlreadyTransformed,
            IllegalMove::UndoForbidden => Self::UndoForbidden,
            IllegalMove::NothingToUndo => Self::NothingToUndo,
        }
    }
}

impl<T> From<LotObstacle> for Error<T> {
    fn from(obstacle: LotObstacle) -> Self {
        match obstacle {
            LotObstacle::Recalled => Self::LotRecalled,
            LotObstacle::Quarantined => Self::LotQuarantined,
            LotObstacle::Expired => Self::LotExpired,
            LotObstacle::Held => Self::ItemSuspect,
        }
    }
}

impl<T> From<UndoObstacle> for Error<T> {
    fn from(obstacle: UndoObstacle) -> Self {
        match obstacle {
            UndoObstacle::Move(illegal) => illegal.into(),
            UndoObstacle::WrongPremises => Self::UndoWrongPremises,
            UndoObstacle::AuthorisationChanged => Self::AuthorisationChanged,
            UndoObstacle::WindowElapsed => Self::UndoWindowElapsed,
            UndoObstacle::Lot(obstacle) => obstacle.into(),
            UndoObstacle::Suspect => Self::ItemSuspect,
        }
    }
}
