//! Goods change hands: shipping on and back, taking back, receiving.

use super::{
    packing::parent, refuse, things::Named, Event, Ledger, LotRef, Mapper, One, Plan, Step, Trouble,
};
use crate::{
    epcis::{
        document::statement,
        event::{event_id, Typed},
        hash::{event_hash, pre_hash, value},
        identifier::location_number,
        plan::{Goods, Thing},
        vocabulary::{PARTY, TRANSACTION},
    },
    fhir::Refusal,
};
use axonic_primitives::OrgId;
use pallet_drug_provenance::types::{
    ContainerKey, Direction, Shipment, ShipmentId, ShipmentStatus, Transaction, Unit, MAX_NAMED,
    MAX_ROOTS,
};
use sp_core::{Blake2Hasher, Hasher};
use std::collections::{BTreeMap, BTreeSet};

impl<L: Ledger> Mapper<'_, L> {
    pub(super) async fn ship(
        &mut self,
        event: &Event,
        plan: &mut Plan,
    ) -> Result<Vec<Step>, Trouble> {
        let named = self.subjects(event).await?;
        for root in &named {
            if root.outermost.is_some() {
                let reason = "is in a container: ship that, or unpack it first";
                return refuse(root.path.clone(), reason);
            }
            if root.shipment.is_some() {
                return refuse(root.path.clone(), "is on its way already");
            }
        }
        let owners: BTreeSet<_> = named.iter().map(|root| root.owner).collect();
        let ones: Vec<_> = named.into_iter().map(|root| root.one).collect();
        let roots = self.together(&ones);
        let most = usize::try_from(MAX_ROOTS).unwrap_or(usize::MAX);
        if roots.len() > most {
            let reason = format!(
                "comes to more than {MAX_ROOTS} containers and runs of packs: pack them into \
                 containers, or ship them by several events"
            );
            return refuse(event.at("epcList"), reason);
        }
        let is = |wanted: &str| {
            let mut kinds = event
                .transactions
                .iter()
                .filter_map(|one| one.kind.as_deref());
            kinds.any(|kind| TRANSACTION.word(kind) == Some(wanted))
        };
        let direction = if event.state() == Some("returned") || is("rma") {
            Direction::Return
        } else {
            Direction::Forward
        };
        self.comes_from_us(event).await?;
        let (to, owner_changes) = self.destination(event, &owners).await?;
        let salt = (self.terms.salt)(&event_id(&event_hash(event)));
        let commit = |what: &str| Blake2Hasher::hash(&[salt.as_bytes(), what.as_bytes()].concat());
        let number = |wanted: &str| {
            let mut found = event.transactions.iter().filter(|one| {
                one.kind.as_deref().and_then(|kind| TRANSACTION.word(kind)) == Some(wanted)
            });
            found
                .next()
                .map(|one| commit(&format!("{wanted}|{}", value(&one.value))))
        };
        let transaction = if owner_changes {
            let affirmed = statement(&event.extensions).or(self.document.statement);
            let affirmed = self.terms.statement || affirmed.unwrap_or_default();
            if !affirmed && direction == Direction::Forward {
                let reason = "is missing: goods that change hands need the transaction statement \
                              (21 USC 360eee(27)), in the document, in the event or by --statement";
                return refuse(event.at("dscsaTransactionStatement"), reason);
            }
            affirmed.then(|| Transaction {
                information: commit(&pre_hash(event)),
                statement: true,
            })
        } else {
            None
        };
        plan.salt = Some(salt);
        let number_of_event = self.number_of(event);
        let shipped = ones.into_iter().map(|one| (one, number_of_event));
        self.ahead.shipped.extend(shipped);
        let goods = Goods {
            to,
            roots,
            transaction,
            purchase_order: number("po"),
            despatch_advice: number("desadv"),
        };
        Ok(vec![Step::Ship { goods, direction }])
    }

    pub(super) async fn void(&mut self, event: &Event) -> Result<Vec<Step>, Trouble> {
        let named = self.subjects(event).await?;
        let mut steps = Vec::new();
        for (id, shipment, named) in self.shipments(event, named).await?.by_shipment {
            if shipment.from != self.terms.org {
                return refuse(
                    event.at("epcList"),
                    "is on its way from another organisation",
                );
            }
            let absent = absent(&shipment.roots, &named);
            if !absent.is_empty() {
                let reason = format!(
                    "names a part of shipment {}: a shipment is taken back as a whole, {} too",
                    id.0,
                    in_words(&absent)
                );
                return refuse(event.at("epcList"), reason);
            }
            self.ahead.ended.insert(id, self.number_of(event));
            steps.push(Step::VoidShipment { shipment: id });
        }
        Ok(steps)
    }

    pub(super) async fn receive(
        &mut self,
        event: &Event,
        plan: &mut Plan,
    ) -> Result<Vec<Step>, Trouble> {
        let (named, mut lacking) = match event.children.is_empty() {
            true => (self.subjects(event).await?, None),
            false => self.opened(event).await?,
        };
        let Found {
            by_shipment,
            extra: unannounced,
        } = self.shipments(event, named).await?;
        let most = usize::try_from(MAX_NAMED).unwrap_or(usize::MAX);
        let mut extra = self.together(unannounced.iter().map(|one| &one.one));
        let mut steps = Vec::new();
        for (id, shipment, named) in by_shipment {
            if shipment.to != self.terms.org {
                return refuse(event.at("epcList"), "is on its way to another organisation");
            }
            let mut missing = absent(&shipment.roots, &named);
            if let Some((_, inside)) = lacking.take_if(|(of, _)| *of == id) {
                missing.extend(inside);
            }
            if missing.len() > most || extra.len() > most {
                let reason = format!(
                    "differs from shipment {} in more than {MAX_NAMED} places",
                    id.0
                );
                return refuse(event.at("epcList"), reason);
            }
            if !missing.is_empty() {
                let told = in_words(&missing);
                plan.notes.push(format!("announced and not there: {told}"));
            }
            if !extra.is_empty() {
                let told = in_words(&extra);
                plan.notes.push(format!("there and not announced: {told}"));
            }
            self.ahead.ended.insert(id, self.number_of(event));
            steps.push(Step::Receive {
                shipment: id,
                missing,
                // What nobody announced is told with the first shipment.
                extra: std::mem::take(&mut extra),
            });
        }
        Ok(steps)
    }

    /// A container that somebody looked into, with what was there besides what the chain has in it;
    /// and what the chain has in it and the event does not name.
    async fn opened(&mut self, event: &Event) -> Result<(Vec<Named>, Option<Lacking>), Trouble> {
        self.no_classes(event)?;
        let (key, path) = (parent(event)?, event.at("parentID"));
        let Some(found) = self.ledger.container(&key).await? else {
            return refuse(path, "is no container that the chain knows");
        };
        let container = self.located(key.clone(), found, path.clone()).await?;
        let Some(shipment) = container.shipment else {
            return refuse(path, "is not on its way");
        };
        let contents = self.ledger.contents(&key).await?;
        let mut named = vec![container];
        let mut inside = Vec::new();
        for child in self.named(event, "childEPCs", &event.children).await? {
            if contents.iter().any(|unit| is_of(&child.one, unit)) {
                inside.push(child);
            } else if child.outermost.is_none() {
                named.push(child);
            } else {
                let reason = "is not directly in the parent but in another container: name what \
                              is directly in it";
                return refuse(child.path, reason);
            }
        }
        Ok((named, Some((shipment, absent(&contents, &inside)))))
    }

    /// The open shipments that things are on their way with, and what is in none.
    async fn shipments(&self, event: &Event, named: Vec<Named>) -> Result<Found, Trouble> {
        let mut groups: BTreeMap<ShipmentId, Vec<Named>> = BTreeMap::new();
        let mut extra = Vec::new();
        for one in named {
            match one.shipment {
                Some(id) => groups.entry(id).or_default().push(one),
                None => extra.push(one),
            }
        }
        let mut by_shipment = Vec::new();
        for (id, named) in groups {
            let shipment = self.ledger.shipment(id).await?;
            let open = |shipment: &Shipment| shipment.status == ShipmentStatus::Open;
            let Some(shipment) = shipment.filter(open) else {
                // An unresolved discrepancy keeps things with a shipment that is over.
                let path = named
                    .first()
                    .map_or(event.at("epcList"), |one| one.path.clone());
                let reason = format!(
                    "is of shipment {}, which is over: resolve what is open",
                    id.0
                );
                return refuse(path, reason);
            };
            inside_announced(&named, &shipment)?;
            by_shipment.push((id, shipment, named));
        }
        if by_shipment.is_empty() {
            let reason = "is not on its way: the chain has no open shipment with any of this";
            return refuse(event.at("epcList"), reason);
        }
        Ok(Found { by_shipment, extra })
    }

    /// Refuses what the event says comes from somebody else.
    async fn comes_from_us(&self, event: &Event) -> Result<(), Trouble> {
        for kind in ["possessing_party", "owning_party"] {
            let Some((index, gln)) = party(&event.sources, kind) else {
                continue;
            };
            let path = event.at(&format!("sourceList/{index}/source"));
            let Some(gln) = gln else {
                return refuse(path, "is no location number (GLN) of a party");
            };
            // Who owns goods need not be who has them and ships them.
            if kind == "possessing_party" || party(&event.sources, "possessing_party").is_none() {
                let from = self.ledger.party(gln).await?;
                if from != Some(self.terms.org) {
                    return refuse(path, "is not the organisation that signs");
                }
            }
        }
        Ok(())
    }

    /// Who is to have the goods, and whether the owner changes from those that the chain has.
    async fn destination(
        &self,
        event: &Event,
        owners: &BTreeSet<Option<OrgId>>,
    ) -> Result<(OrgId, bool), Trouble> {
        let owner = self.destination_of(event, "owning_party").await?;
        let holder = self.destination_of(event, "possessing_party").await?;
        let Some(to) = holder.or(owner) else {
            let reason = "is missing: name who is to have the goods, as possessing_party or \
                          owning_party (CBV 2.0 section 7.4)";
            return refuse(event.at("destinationList"), reason);
        };
        // Whose it is what only the document makes, the chain does not know yet.
        let said = match party(&event.sources, "owning_party") {
            Some((_, Some(gln))) => self.ledger.party(gln).await?,
            _ => None,
        };
        let said = said.unwrap_or(self.terms.org);
        let is_new = |owner: OrgId| owners.iter().any(|was| was.unwrap_or(said) != owner);
        let changes = owner.is_some_and(is_new);
        if changes && owner != Some(to) {
            let reason = "gives the goods to one and the ownership of them to another: on the \
                          chain they become the property of whoever receives them, or stay whose \
                          they are";
            return refuse(event.at("destinationList"), reason);
        }
        Ok((to, changes))
    }

    async fn destination_of(&self, event: &Event, kind: &str) -> Result<Option<OrgId>, Trouble> {
        let Some((index, gln)) = party(&event.destinations, kind) else {
            return Ok(None);
        };
        let path = event.at(&format!("destinationList/{index}/destination"));
        let Some(gln) = gln else {
            return refuse(path, "is no location number (GLN) of a party");
        };
        match self.ledger.party(gln).await? {
            Some(org) => Ok(Some(org)),
            None => refuse(path, "is no trading partner that the chain knows"),
        }
    }
}

/// What the chain has in a container and somebody who looked did not find, and the shipment.
type Lacking = (ShipmentId, Vec<Thing>);

/// Things by the shipments they are on their way with.
struct Found {
    by_shipment: Vec<(ShipmentId, Shipment, Vec<Named>)>,
    extra: Vec<Named>,
}

/// The party of a kind, and where it is in its list.
fn party(list: &[Typed], kind: &str) -> Option<(usize, Option<axonic_gs1::Gln>)> {
    let mut found = list
        .iter()
        .enumerate()
        .filter(|(_, one)| one.kind.as_deref().and_then(|word| PARTY.word(word)) == Some(kind));
    found
        .next()
        .map(|(index, one)| (index, location_number(&one.value)))
}

/// Refuses a thing in an announced container that the event does not name: whether the container is
/// there is then not said.
fn inside_announced(named: &[Named], shipment: &Shipment) -> Result<(), Refusal> {
    let containers: BTreeSet<_> = named.iter().filter_map(|one| container(&one.one)).collect();
    for one in named {
        let Some(outermost) = &one.outermost else {
            continue;
        };
        let announced = shipment
            .roots
            .iter()
            .any(|root| matches!(root, Unit::Container(key) if key == outermost));
        if announced && !containers.contains(outermost) {
            let reason = "is in a container that was announced: name that, if it is there";
            return Err(Refusal::new(one.path.clone(), reason));
        }
    }
    Ok(())
}

fn container(one: &One) -> Option<&ContainerKey> {
    match one {
        One::Container(key) => Some(key),
        One::Pack { .. } => None,
    }
}

/// Whether a thing is a unit, or one of its packs.
fn is_of(one: &One, unit: &Unit) -> bool {
    match (one, unit) {
        (One::Container(key), Unit::Container(other)) => key == other,
        (
            One::Pack { lot, number },
            Unit::Packs {
                lot: of,
                first,
                last,
            },
        ) => *lot == LotRef::Known(*of) && (first..=last).contains(&number),
        _ => false,
    }
}

/// What nobody names of what was announced, or of what is in a container.
fn absent(units: &[Unit], named: &[Named]) -> Vec<Thing> {
    let there: BTreeSet<_> = named.iter().map(|one| &one.one).collect();
    let mut absent = Vec::new();
    for unit in units {
        match unit {
            Unit::Container(key) => {
                if !there.contains(&One::Container(key.clone())) {
                    absent.push(Thing::Container(key.clone()));
                }
            }
            Unit::Packs { lot, first, last } => {
                let lot = LotRef::Known(*lot);
                let mut open: Option<(u32, u32)> = None;
                for number in *first..=*last {
                    if there.contains(&One::Pack { lot, number }) {
                        absent.extend(open.take().map(|(first, count)| Thing::Packs {
                            lot,
                            first,
                            count,
                        }));
                    } else {
                        let (first, count) = open.unwrap_or((number, 0));
                        open = Some((first, count.saturating_add(1)));
                    }
                }
                absent.extend(open.map(|(first, count)| Thing::Packs { lot, first, count }));
            }
        }
    }
    absent
}

fn in_words(things: &[Thing]) -> String {
    let told: Vec<_> = things.iter().map(ToString::to_string).collect();
    told.join(", ")
}
