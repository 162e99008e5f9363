//! Packs go into containers and come out: packing and unpacking.

use super::{refuse, things::in_calls, Event, Ledger, Mapper, One, Step, Trouble};
use crate::epcis::{
    identifier::Identifier,
    plan::{LotRef, Thing},
};
use pallet_drug_provenance::types::{ContainerKey, Unit, MAX_CHILDREN};

impl<L: Ledger> Mapper<'_, L> {
    pub(super) async fn pack(&mut self, event: &Event) -> Result<Vec<Step>, Trouble> {
        let container = parent(event)?;
        self.no_classes(event)?;
        self.at_hand(&container, event.at("parentID")).await?;
        let named = self.named(event, "childEPCs", &event.children).await?;
        for child in &named {
            if child.one == One::Container(container.clone()) {
                return refuse(child.path.clone(), "is the parent itself");
            }
            if child.outermost.is_some() {
                return refuse(child.path.clone(), "is in a container: unpack it first");
            }
            if child.shipment.is_some() {
                return refuse(child.path.clone(), "is on its way: receive it first");
            }
        }
        let ones: Vec<_> = named.into_iter().map(|child| child.one).collect();
        let things = self.together(&ones);
        let filled = self.ahead.filled.entry(container.clone());
        filled.or_default().extend(ones.iter().cloned());
        self.note_move(&things);
        self.note_place(&ones, Some(&container));
        Ok(in_calls(&things, MAX_CHILDREN, |children| {
            Step::Aggregate {
                container: container.clone(),
                children,
            }
        }))
    }

    pub(super) async fn unpack(&mut self, event: &Event) -> Result<Vec<Step>, Trouble> {
        let container = parent(event)?;
        self.no_classes(event)?;
        self.at_hand(&container, event.at("parentID")).await?;
        let (ones, things) = if event.children.is_empty() {
            self.everything_in(&container).await?
        } else {
            let named = self.named(event, "childEPCs", &event.children).await?;
            let ones: Vec<_> = named.into_iter().map(|child| child.one).collect();
            let things = self.together(&ones);
            (ones, things)
        };
        if things.is_empty() {
            return refuse(event.at("parentID"), "is empty: there is nothing to unpack");
        }
        if let Some(filled) = self.ahead.filled.get_mut(&container) {
            filled.retain(|one| !ones.contains(one));
        }
        self.note_move(&things);
        self.note_place(&ones, None);
        Ok(in_calls(&things, MAX_CHILDREN, |children| {
            Step::Disaggregate {
                container: container.clone(),
                children,
            }
        }))
    }

    /// All that is directly in a container: what the chain has there and what the document put
    /// there.
    async fn everything_in(
        &mut self,
        container: &ContainerKey,
    ) -> Result<(Vec<One>, Vec<Thing>), Trouble> {
        let put = self.ahead.filled.get(container).cloned();
        let mut ones: Vec<_> = put.unwrap_or_default().into_iter().collect();
        let mut things = self.together(&ones);
        if self.ledger.container(container).await?.is_none() {
            return Ok((ones, things));
        }
        for unit in self.ledger.contents(container).await? {
            let (thing, mut inside) = match unit {
                Unit::Container(key) => {
                    let one = One::Container(key.clone());
                    (Thing::Container(key), vec![one])
                }
                Unit::Packs { lot, first, last } => {
                    let lot = LotRef::Known(lot);
                    let thing = Thing::Packs {
                        lot,
                        first,
                        count: last.saturating_sub(first).saturating_add(1),
                    };
                    let numbers = first..=last;
                    (
                        thing,
                        numbers.map(|number| One::Pack { lot, number }).collect(),
                    )
                }
            };
            // The chain still has it here, the document took it out before.
            if inside.iter().any(|one| self.ahead.inside.contains_key(one)) {
                inside.retain(|one| !self.ahead.inside.contains_key(one));
                things.extend(self.together(&inside));
            } else {
                things.push(thing);
            }
            ones.extend(inside);
        }
        Ok((ones, things))
    }

    /// Refuses children that are not told apart.
    pub(super) fn no_classes(&self, event: &Event) -> Result<(), Trouble> {
        if event.child_quantities.is_empty() {
            return Ok(());
        }
        refuse(
            event.at("childQuantityList"),
            "does not say which packs: name them in childEPCs",
        )
    }
}

/// The container of an aggregation.
pub(super) fn parent(event: &Event) -> Result<ContainerKey, Trouble> {
    let path = event.at("parentID");
    match event.parent.as_deref().map(Identifier::read) {
        Some(Ok(Identifier::Sscc(sscc))) => Ok(ContainerKey::Sscc(sscc)),
        Some(Ok(Identifier::Item { gtin, serial })) => Ok(ContainerKey::Sgtin { gtin, serial }),
        Some(Ok(Identifier::Other(what))) => refuse(
            path,
            format!("names {what}: a container has an SSCC or SGTIN"),
        ),
        Some(Err(fault)) => refuse(path, fault),
        None => refuse(path, "is missing"),
    }
}
