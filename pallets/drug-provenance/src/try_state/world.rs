//! What must hold of where everything is.

use crate::{
    custody::packs_between,
    types::{
        Child, Container, ContainerKey, Fate, InvestigationId, Last, Lot, LotId, Place, Run,
        Shipment, ShipmentId, StepId, Unit, MAX_DEPTH,
    },
    Config, Containers, Contents, Lots, Runs, Shipments,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

/// Where everything is, read once.
pub struct World {
    pub lots: BTreeMap<LotId, Lot>,
    /// By the number of the last pack.
    pub runs: BTreeMap<(LotId, Last), Run>,
    pub containers: BTreeMap<ContainerKey, Container>,
    pub contents: BTreeSet<(ContainerKey, Child)>,
    pub shipments: BTreeMap<ShipmentId, Shipment>,
}

/// A run or a container.
pub struct Thing<'a> {
    pub unit: Unit,
    pub place: &'a Place,
    pub hold: Option<InvestigationId>,
    pub log: StepId,
}

impl World {
    pub fn read<T: Config>() -> Self {
        let runs = Runs::<T>::iter().map(|(lot, last, run)| ((lot, last), run));
        Self {
            lots: Lots::<T>::iter().collect(),
            runs: runs.collect(),
            containers: Containers::<T>::iter().collect(),
            contents: Contents::<T>::iter_keys().collect(),
            shipments: Shipments::<T>::iter().collect(),
        }
    }

    pub fn things(&self) -> impl Iterator<Item = Thing<'_>> {
        let runs = self.runs.iter().map(|((lot, last), run)| Thing {
            unit: Unit::Packs {
                lot: *lot,
                first: run.first,
                last: last.0,
            },
            place: &run.place,
            hold: run.hold,
            log: run.log,
        });
        let containers = self.containers.iter().map(|(key, container)| Thing {
            unit: Unit::Container(key.clone()),
            place: &container.place,
            hold: container.hold,
            log: container.log,
        });
        runs.chain(containers)
    }

    /// The containers, each before whatever it is in.
    fn inner_first(&self) -> Vec<(&ContainerKey, &Container)> {
        let mut containers: Vec<_> = self.containers.iter().collect();
        containers.sort_by_key(|(_, container)| container.depth);
        containers
    }

    /// What became of something at this place, if it is in the chain no more.
    fn fate<'a>(&'a self, mut place: &'a Place) -> Option<Fate> {
        while let Place::Inside { container, .. } = place {
            place = &self.containers.get(container)?.place;
        }
        match place {
            Place::Gone { fate, .. } => Some(*fate),
            _ => None,
        }
    }

    pub fn runs_tile_each_lot(&self) -> Result<(), TryRuntimeError> {
        let mut next = BTreeMap::<LotId, u32>::new();
        for ((lot, last), run) in &self.runs {
            let next = next.entry(*lot).or_default();
            ensure!(
                run.first == *next && run.first <= last.0,
                "between two runs is a gap, or they overlap"
            );
            ensure!(
                !run.partially_dispensed || run.first == last.0,
                "a pack that was partially dispensed is not a run of its own"
            );
            *next = last.0.saturating_add(1);
        }
        for (id, lot) in &self.lots {
            ensure!(
                next.remove(id).unwrap_or_default() == lot.commissioned,
                "the runs of a lot do not end with its packs"
            );
        }
        ensure!(next.is_empty(), "packs are of no lot");
        Ok(())
    }

    /// As many things are inside as are contained, so each is found from both ends.
    pub fn what_is_inside_is_contained(&self) -> Result<(), TryRuntimeError> {
        let mut inside = 0usize;
        for thing in self.things() {
            let Place::Inside { container, since } = thing.place else {
                continue;
            };
            let outer = self.containers.get(container);
            let outer = outer.ok_or("something is in a container that is not")?;
            ensure!(
                *since <= outer.log,
                "something came in after all that happened"
            );
            let contained = (container.clone(), child_of(&thing.unit));
            ensure!(
                self.contents.contains(&contained),
                "something is in a container that does not know it"
            );
            inside += 1;
        }
        ensure!(
            inside == self.contents.len(),
            "a container has what is not in it"
        );
        Ok(())
    }

    /// Packs are counted one by one, so that cutting a run changes no number.
    pub fn containers_count_their_children(&self) -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<&ContainerKey, u32>::new();
        for thing in self.things() {
            if let Place::Inside { container, .. } = thing.place {
                *counted.entry(container).or_default() += match thing.unit {
                    Unit::Container(_) => 1,
                    Unit::Packs { first, last, .. } => packs_between(first, last),
                };
            }
        }
        for (key, container) in &self.containers {
            ensure!(
                counted.remove(key).unwrap_or_default() == container.children,
                "a container does not count its children"
            );
        }
        Ok(())
    }

    /// What is in a container has fewer levels than it, so nothing is in itself.
    pub fn containers_form_a_forest(&self) -> Result<(), TryRuntimeError> {
        for container in self.containers.values() {
            ensure!(
                (1..=MAX_DEPTH).contains(&container.depth),
                "a container has too many levels, or none"
            );
            if let Place::Inside { container: key, .. } = &container.place {
                let outer = self.containers.get(key);
                ensure!(
                    outer.is_some_and(|outer| outer.depth > container.depth),
                    "a container has fewer levels than what is in it"
                );
            }
        }
        Ok(())
    }

    pub fn containers_count_their_packs(&self) -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<&ContainerKey, BTreeMap<LotId, u32>>::new();
        for ((lot, last), run) in &self.runs {
            if let Place::Inside { container, .. } = &run.place {
                let lots = counted.entry(container).or_default();
                *lots.entry(*lot).or_default() += packs_between(run.first, last.0);
            }
        }
        for (key, container) in self.inner_first() {
            let lots = counted.remove(key).unwrap_or_default();
            let told = container.lots.iter().map(|count| (count.lot, count.packs));
            ensure!(
                told.eq(lots.clone()),
                "a container does not count the packs of its lots"
            );
            if let Place::Inside { container, .. } = &container.place {
                let outer = counted.entry(container).or_default();
                for (lot, packs) in lots {
                    *outer.entry(lot).or_default() += packs;
                }
            }
        }
        Ok(())
    }

    pub fn containers_count_what_is_held(&self) -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<&ContainerKey, u32>::new();
        for run in self.runs.values() {
            if let Place::Inside { container, .. } = &run.place {
                *counted.entry(container).or_default() += u32::from(run.hold.is_some());
            }
        }
        for (key, container) in self.inner_first() {
            let holds = counted.remove(key).unwrap_or_default();
            ensure!(
                holds == container.holds,
                "a container does not count what is held in it"
            );
            if let Place::Inside { container: key, .. } = &container.place {
                let held = u32::from(container.hold.is_some());
                *counted.entry(key).or_default() += holds + held;
            }
        }
        Ok(())
    }

    /// The runs cover all packs that were commissioned, so this is conservation: what did not
    /// leave is in the chain.
    pub fn fates_count_what_left(&self) -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<LotId, [u32; 7]>::new();
        for ((lot, last), run) in &self.runs {
            let fates = counted.entry(*lot).or_default();
            let fate = self.fate(&run.place);
            if let Some(count) = fate.and_then(|fate| fates.get_mut(fate as usize)) {
                *count += packs_between(run.first, last.0);
            }
        }
        for (id, lot) in &self.lots {
            ensure!(
                counted.remove(id).unwrap_or_default() == lot.fates,
                "a lot does not count what became of its packs"
            );
        }
        Ok(())
    }
}

/// How whatever contains the unit knows it.
pub fn child_of(unit: &Unit) -> Child {
    match unit {
        Unit::Container(key) => Child::Container(key.clone()),
        Unit::Packs { lot, last, .. } => Child::Packs {
            lot: *lot,
            last: *last,
        },
    }
}
