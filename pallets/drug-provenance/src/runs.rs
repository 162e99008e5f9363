//! The packs of a lot as runs that tile it.

use crate::{
    custody::Located,
    types::{Child, Holding, Last, LotId, Place, Run, StepId, Unit},
    Config, Containers, Contents, Pallet, Runs,
};
use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
    /// The run of the lot's pack with this number: that with the first key not below it.
    pub(crate) fn run_at(lot: LotId, index: u32) -> Option<(Last, Run)> {
        Self::runs_from(lot, index).next()
    }

    /// The runs that the lot's packs from `first` to `last` are of.
    pub(crate) fn runs_of(lot: LotId, first: u32, last: u32) -> Vec<(Last, Run)> {
        Self::runs_from(lot, first)
            .take_while(|(_, run)| run.first <= last)
            .collect()
    }

    /// The lot's runs in the order of their packs, beginning with that of pack `index`.
    pub(crate) fn runs_from(lot: LotId, index: u32) -> impl Iterator<Item = (Last, Run)> {
        match index.checked_sub(1) {
            Some(before) => {
                Runs::<T>::iter_prefix_from(lot, Runs::<T>::hashed_key_for(lot, Last(before)))
            }
            None => Runs::<T>::iter_prefix(lot),
        }
    }

    /// Adds packs behind the last of the lot.
    pub(crate) fn new_run(lot: LotId, first: u32, last: u32, holding: Holding, log: StepId) {
        let run = Run {
            first,
            place: Place::Root(holding),
            partially_dispensed: false,
            hold: None,
            log,
        };
        Runs::<T>::insert(lot, Last(last), run);
    }

    /// Cuts the run around the packs, where they are, so that they are one by themselves. A
    /// container is one already.
    ///
    /// What they share with the packs before and after them is copied, so nothing else changes
    /// but that containers around a run that is held hold more such runs.
    pub(crate) fn isolate(located: &Located) {
        let Unit::Packs { lot, first, last } = located.unit else {
            return;
        };
        let Some((Last(end), run)) = Self::run_at(lot, last) else {
            return;
        };
        let before = (run.first < first).then(|| (run.first, first.saturating_sub(1)));
        let after = (last < end).then(|| (last.saturating_add(1), end));
        let cuts = u32::from(before.is_some()).saturating_add(after.is_some().into());
        if cuts == 0 {
            return;
        }

        for (first, last) in [before, Some((first, last)), after].into_iter().flatten() {
            let piece = Run {
                first,
                ..run.clone()
            };
            Runs::<T>::insert(lot, Last(last), piece);
            if let Place::Inside { container, .. } = &run.place {
                Contents::<T>::insert(container, Child::Packs { lot, last }, ());
            }
        }
        if run.hold.is_some() {
            for (key, _) in &located.path {
                Containers::<T>::mutate_extant(key, |container| {
                    container.holds = container.holds.saturating_add(cuts);
                });
            }
        }
    }
}
