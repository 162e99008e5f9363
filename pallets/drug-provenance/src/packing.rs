//! What goes into containers and comes out of them.

use crate::{
    custody::Located,
    rules::{sum_of_lots, Action},
    types::{
        Commissioned, Container, ContainerKey, ContainerName, EventKind, Holding, Occurrence,
        Place, StepId, Unit, UnitName, MAX_CHILDREN, MAX_DEPTH,
    },
    Config, Containers, Contents, Error, Event, Investigations, Pallet, SerialNumbers,
};
use axonic_primitives::{membership::Actor, Codes, OrgId};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_aggregate(
        actor: &Actor,
        name: &ContainerName,
        children: &[UnitName],
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Packing, occurrence, None)?;
        let key = Self::container_named(name)?;
        ensure!(is_handful(children), Error::<T>::MaxChildrenExceeded);
        let children = Self::locate_all(children, Error::<T>::AlreadyAggregated)?;
        let container = Containers::<T>::contains_key(&key)
            .then(|| Self::locate(&Unit::Container(key.clone())))
            .transpose()?;
        Self::ensure_acyclic(&key, container.as_ref(), &children)?;
        match &container {
            Some(container) => Self::ensure_open(actor, container)?,
            None => Self::ensure_may_name(actor, &key)?,
        }
        let before = container.as_ref().map(|container| container.log);
        let mut filled = Self::filled(actor, container, &children, occurrence)?;

        let event = Self::record(actor, EventKind::Packing, occurrence, None);
        filled.log = Self::step(event, before, None);
        for child in &children {
            Self::isolate(child);
            let inside = Place::Inside {
                container: key.clone(),
                since: filled.log,
            };
            Self::put(child, inside, None, child.log);
            Contents::<T>::insert(&key, child.child(), ());
        }
        Containers::<T>::insert(&key, filled);
        if let (ContainerKey::Sgtin { gtin, serial }, None) = (&key, before) {
            SerialNumbers::<T>::insert(gtin, serial, Commissioned::Container);
        }
        Self::deposit_event(Event::Aggregated {
            container: key,
            children: children.into_iter().map(|child| child.unit).collect(),
            event,
        });
        Ok(())
    }

    pub(crate) fn do_disaggregate(
        actor: &Actor,
        name: &ContainerName,
        children: &[UnitName],
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Unpacking, occurrence, None)?;
        let key = Self::container_named(name)?;
        let container = Self::locate(&Unit::Container(key.clone()))?;
        Self::ensure_may(actor, &container, Action::Pack)?;
        Self::ensure_unsealed(&container)?;
        // What an investigation found illegitimate comes out and stays held; while it is open,
        // nobody tampers with the evidence.
        let investigation = container.hold.and_then(Investigations::<T>::get);
        let open = investigation.is_some_and(|it| it.outcome.is_none());
        ensure!(!open, Error::<T>::ItemSuspect);
        ensure!(is_handful(children), Error::<T>::MaxChildrenExceeded);
        let children = Self::locate_all(children, Error::<T>::NotInParent)?;
        for child in &children {
            let inside = child.path.first().is_some_and(|(parent, _)| *parent == key);
            ensure!(inside, Error::<T>::NotInParent);
            Self::ensure_may(actor, child, Action::Unpack)?;
        }

        let event = Self::record(actor, EventKind::Unpacking, occurrence, None);
        let holding = Holding {
            site: occurrence.site,
            ..container.holding().clone()
        };
        Self::move_to(&container, Place::Root(holding.clone()), event);
        for child in &children {
            Self::move_to(child, Place::Root(holding.clone()), event);
        }
        Self::deposit_event(Event::Disaggregated {
            container: key,
            children: children.into_iter().map(|child| child.unit).collect(),
            event,
        });
        Ok(())
    }

    pub(crate) fn do_seal(
        actor: &Actor,
        name: &ContainerName,
        sealed: bool,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_event(actor, EventKind::Sealing, occurrence, None)?;
        let key = Self::container_named(name)?;
        let container = Self::locate(&Unit::Container(key.clone()))?;
        Self::ensure_may(actor, &container, Action::Pack)?;
        let unchanged = is_sealed(&container) == sealed;
        ensure!(!unchanged, Error::<T>::SealUnchanged);

        let event = Self::record(actor, EventKind::Sealing, occurrence, None);
        let holding = Holding {
            site: occurrence.site,
            ..container.holding().clone()
        };
        Self::move_to(&container, Place::Root(holding), event);
        Containers::<T>::mutate_extant(&key, |container| container.sealed = sealed);
        Self::deposit_event(Event::SealChanged {
            container: key,
            sealed,
            event,
        });
        Ok(())
    }

    /// Passes a container that is not among the children, nor in one of them.
    fn ensure_acyclic(
        key: &ContainerKey,
        container: Option<&Located>,
        children: &[Located],
    ) -> Result<(), Error<T>> {
        let around = container.into_iter().flat_map(|container| &container.path);
        let cyclic = around.map(|(key, _)| key).chain([key]).any(|outer| {
            let outer = Unit::Container(outer.clone());
            children.iter().any(|child| child.unit == outer)
        });
        ensure!(!cyclic, Error::<T>::AggregationCycle);
        Ok(())
    }

    /// Passes a container that the actor's organisation may put something into: one that could go
    /// into another itself, since only outermost containers at rest are filled.
    fn ensure_open(actor: &Actor, container: &Located) -> Result<(), Error<T>> {
        Self::ensure_may(actor, container, Action::Pack)?;
        Self::ensure_unsealed(container)?;
        ensure!(!container.held(), Error::<T>::ItemSuspect);
        Ok(())
    }

    fn ensure_unsealed(container: &Located) -> Result<(), Error<T>> {
        ensure!(!is_sealed(container), Error::<T>::ContainerSealed);
        Ok(())
    }

    /// Passes a name that there is no container of and that the actor's organisation may give to
    /// one. A serial is given once.
    fn ensure_may_name(actor: &Actor, key: &ContainerKey) -> Result<(), Error<T>> {
        if let ContainerKey::Sgtin { gtin, serial } = key {
            Self::product_of(actor.org, *gtin)?;
            let given = SerialNumbers::<T>::contains_key(gtin, serial);
            ensure!(!given, Error::<T>::SerialAlreadyCommissioned);
        }
        Ok(())
    }

    /// The container with the children in it too, if they may all go there. Without a container,
    /// a new one.
    fn filled(
        actor: &Actor,
        container: Option<Located>,
        children: &[Located],
        occurrence: &Occurrence,
    ) -> Result<Container, Error<T>> {
        let known = container.as_ref().filter(|it| !it.lots.is_empty());
        let known = known.map(Located::holding);
        let first = children.first().map(Located::holding);
        let common = known.or(first).ok_or(Error::<T>::MaxChildrenExceeded)?;
        for child in children {
            Self::ensure_may(actor, child, Action::Pack)?;
            ensure!(!child.held(), Error::<T>::ItemSuspect);
            let Holding { owner, site, .. } = child.holding();
            let together = *owner == common.owner && *site == common.site;
            ensure!(together, Error::<T>::MixedHoldings);
        }
        let place = Place::Root(Holding {
            custodian: actor.org,
            site: occurrence.site,
            owner: common.owner,
            supplier: common_supplier(container.as_ref(), children),
            shipment: None,
        });

        let mut filled = container.and_then(|it| it.container).unwrap_or(Container {
            place: place.clone(),
            children: 0,
            depth: 1,
            sealed: false,
            lots: Default::default(),
            holds: 0,
            hold: None,
            log: StepId::default(),
        });
        let added = children.iter().flat_map(|child| &child.lots);
        let lots = sum_of_lots(filled.lots.iter().chain(added));
        filled.lots = lots.try_into().map_err(|_| Error::<T>::MaxLotsExceeded)?;
        for child in children {
            let levels = child
                .container
                .as_ref()
                .map_or(0, |container| container.depth);
            filled.depth = filled.depth.max(levels.saturating_add(1));
            filled.children = filled.children.saturating_add(child.size());
            filled.holds = filled.holds.saturating_add(child.holds);
        }
        ensure!(filled.depth <= MAX_DEPTH, Error::<T>::MaxDepthExceeded);
        filled.place = place;
        filled.hold = None;
        Ok(filled)
    }
}

/// Whether one call may move so many children.
fn is_handful(children: &[UnitName]) -> bool {
    (1..=MAX_CHILDREN as usize).contains(&children.len())
}

fn is_sealed(container: &Located) -> bool {
    let stored = container.container.as_ref();
    stored.is_some_and(|container| container.sealed)
}

/// Who supplied the children and what is in the container already, if all is from one.
fn common_supplier(container: Option<&Located>, children: &[Located]) -> Option<OrgId> {
    let holds_some = |it: &&Located| it.container.as_ref().is_some_and(|it| it.children > 0);
    let mut suppliers = children
        .iter()
        .chain(container.filter(holds_some))
        .map(|it| it.holding().supplier);
    let first = suppliers.next().flatten();
    first.filter(|first| suppliers.all(|other| other == Some(*first)))
}
