//! How things get from one place to another. Nothing here asks whether they may: whoever calls it
//! has, and so nothing here fails.

use crate::{
    custody::Located,
    rules::less_lots,
    types::{
        EventId, Fate, Holding, InvestigationId, Last, LotCount, LotId, Place, Run, StepId, Unit,
    },
    Config, Containers, Contents, Lots, Pallet, Runs,
};
use alloc::vec::Vec;
use axonic_primitives::{Clock, SiteId};
use frame_support::BoundedVec;

impl<T: Config> Pallet<T> {
    /// Takes it out of whatever it is in, as a part of the event, and puts it there. What held it,
    /// also by a container around it, goes on holding it.
    pub(crate) fn move_to(located: &Located, place: Place, event: EventId) {
        let log = Self::take_out(located, event);
        Self::put(located, place, located.held_by, log);
    }

    /// Lets it, and all that is in it, leave the chain.
    pub(crate) fn end(located: &Located, fate: Fate, site: SiteId, event: EventId) {
        let last = Holding {
            site,
            shipment: None,
            ..located.holding().clone()
        };
        let at = T::Clock::now();
        Self::move_to(located, Place::Gone { fate, last, at }, event);
        for LotCount { lot, packs } in &located.lots {
            Self::count(*lot, fate, |count| count.saturating_add(*packs));
        }
    }

    /// Changes how many packs of the lot met the fate.
    pub(crate) fn count(lot: LotId, fate: Fate, change: impl FnOnce(u32) -> u32) {
        Lots::<T>::mutate_extant(lot, |lot| {
            if let Some(count) = lot.fates.get_mut(fate as usize) {
                *count = change(*count);
            }
        });
    }

    /// Takes it out of whatever it is in. Returns the step that its history ends with: of the
    /// event, and, if it was in containers, of what happened to these while it was.
    fn take_out(located: &Located, event: EventId) -> StepId {
        let within = Self::detach(located);
        if within.is_empty() {
            return Self::step(event, Some(located.log), None);
        }
        let outermost_first = within.into_iter().rev();
        outermost_first.fold(located.log, |before, within| {
            Self::step(event, Some(before), Some(within))
        })
    }

    /// Removes it from the contents and the counts of the containers around it. For each of them,
    /// from its own to the outermost, returns the step by which it, or the container before, came
    /// in, and the container's latest.
    pub(crate) fn detach(located: &Located) -> Vec<(StepId, StepId)> {
        Self::isolate(located);
        if let Some((key, _)) = located.path.first() {
            Contents::<T>::remove(key, located.child());
            Containers::<T>::mutate_extant(key, |container| {
                container.children = container.children.saturating_sub(located.size());
            });
        }
        let mut within = Vec::new();
        let mut place = &located.place;
        for (key, around) in &located.path {
            let latest = Containers::<T>::mutate_extant(key, |container| {
                let left = less_lots(&container.lots, &located.lots);
                container.lots = BoundedVec::truncate_from(left); // Nothing was added.
                container.holds = container.holds.saturating_sub(located.holds);
                if container.children == 0 {
                    container.depth = 1;
                }
                container.log
            });
            if let Place::Inside { since, .. } = place {
                within.push((*since, latest));
            }
            place = &around.place;
        }
        within
    }

    /// Writes where it is. Packs are a run by themselves.
    pub(crate) fn put(located: &Located, place: Place, hold: Option<InvestigationId>, log: StepId) {
        match &located.unit {
            Unit::Container(key) => Containers::<T>::mutate_extant(key, |container| {
                container.place = place;
                container.hold = hold;
                container.log = log;
            }),
            Unit::Packs { lot, first, last } => {
                let run = Run {
                    first: *first,
                    place,
                    partially_dispensed: located.partially_dispensed,
                    hold,
                    log,
                };
                Runs::<T>::insert(lot, Last(*last), run);
            }
        }
    }

    /// Lets an investigation hold the unit where it is, also in the place of another.
    pub(crate) fn hold(unit: &Unit, investigation: InvestigationId) {
        for part in Self::parts(unit) {
            Self::write_hold(&part, Some(investigation));
        }
    }

    /// Lets go of what the investigation of this unit holds, and of what those hold that nothing is
    /// held by any more.
    ///
    /// Parts of it that came out of their container by themselves are let go of too; what came
    /// out of it, if it is a container, is not written here, but held by no investigation that
    /// cleared its subject (see `gravest`).
    pub(crate) fn release(unit: &Unit, investigation: InvestigationId) {
        for part in Self::parts(unit) {
            let others = part.hold.is_some_and(|hold| hold != investigation);
            if part.stored_hold.is_some() && !others {
                Self::write_hold(&part, None);
            }
        }
    }

    fn write_hold(part: &Located, hold: Option<InvestigationId>) {
        Self::isolate(part);
        for (key, _) in &part.path {
            Containers::<T>::mutate_extant(key, |container| {
                container.holds = container
                    .holds
                    .saturating_sub(part.stored_hold.is_some().into())
                    .saturating_add(hold.is_some().into());
            });
        }
        Self::put(part, part.place.clone(), hold, part.log);
    }
}
