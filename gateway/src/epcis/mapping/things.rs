//! Finding out what EPCs name, and naming packs that go together as one.

use super::{refuse, Event, Ledger, Mapper, One, Trouble};
use crate::epcis::{
    identifier::Identifier,
    plan::{LotRef, Step, Thing},
};
use axonic_gs1::{Gtin, Serial};
use axonic_primitives::OrgId;
use pallet_drug_provenance::types::{
    Container, ContainerKey, Holding, LotInfo, Place, Serials, ShipmentId, Trace, MAX_DEPTH,
};
use std::collections::BTreeMap;

/// Something that an event names.
pub(super) struct Named {
    pub one: One,
    /// Where the event names it.
    pub path: String,
    /// The shipment with which it is on its way.
    pub shipment: Option<ShipmentId>,
    /// Who owns it. `None` of what only the document makes.
    pub owner: Option<OrgId>,
    /// The outermost container that it is in.
    pub outermost: Option<ContainerKey>,
}

impl<L: Ledger> Mapper<'_, L> {
    /// What the EPCs of a list name.
    pub(super) async fn named(
        &mut self,
        event: &Event,
        list: &str,
        epcs: &[String],
    ) -> Result<Vec<Named>, Trouble> {
        let mut named = Vec::new();
        for (index, epc) in epcs.iter().enumerate() {
            let path = event.at(&format!("{list}/{index}"));
            named.push(self.thing(epc, path).await?);
        }
        Ok(named)
    }

    /// What an event is about: what it lists, or the parent.
    pub(super) async fn subjects(&mut self, event: &Event) -> Result<Vec<Named>, Trouble> {
        if !event.quantities.is_empty() {
            return refuse(
                event.at("quantityList"),
                "does not say which packs: name them, or the container they are in",
            );
        }
        self.no_classes(event)?;
        if !event.children.is_empty() {
            return refuse(
                event.at("childEPCs"),
                "is not read in this business step, which is about the parent as a whole: leave \
                 it out, or name the things in the epcList of an ObjectEvent",
            );
        }
        let mut named = Vec::new();
        if let Some(parent) = &event.parent {
            named.push(self.thing(parent, event.at("parentID")).await?);
        }
        // What is in the parent goes with it.
        named.extend(self.named(event, "epcList", &event.epcs).await?);
        if named.is_empty() {
            return refuse(
                event.at("parentID"),
                "is missing: name what the things are in",
            );
        }
        Ok(named)
    }

    async fn thing(&mut self, epc: &str, path: String) -> Result<Named, Trouble> {
        match Identifier::read(epc) {
            Err(fault) => refuse(path, fault),
            Ok(Identifier::Other(what)) => refuse(
                path,
                format!(
                    "names {what}: the chain keeps packs (SGTIN) and what they are in (SSCC, SGTIN)"
                ),
            ),
            Ok(Identifier::Sscc(sscc)) => self.container(ContainerKey::Sscc(sscc), path).await,
            Ok(Identifier::Item { gtin, serial }) => self.item(gtin, serial, path).await,
        }
    }

    /// An item of a product: a pack or a case.
    async fn item(&mut self, gtin: Gtin, serial: Serial, path: String) -> Result<Named, Trouble> {
        if let Some((lot, number)) = self.ahead.packs.get(&(gtin, serial)).copied() {
            let one = One::Pack { lot, number };
            return self.as_ahead(one, path, None, None);
        }
        let key = ContainerKey::Sgtin { gtin, serial };
        if self.ahead.filled.contains_key(&key) {
            return self.container(key, path).await;
        }
        if let Some(named) = self.by_book(gtin, serial, &path).await? {
            return Ok(named);
        }
        let case_first = self.ahead.cases.get(&gtin).copied();
        let case_first = case_first.unwrap_or_else(|| self.is_case(gtin, serial));
        for case in [case_first, !case_first] {
            if case {
                if let Some(found) = self.ledger.container(&key).await? {
                    self.ahead.cases.insert(gtin, true);
                    return self.located(key, found, path).await;
                }
            } else if let Some(trace) = self.ledger.pack(gtin, serial, None).await? {
                self.ahead.cases.insert(gtin, false);
                return self.traced(LotRef::Known(trace.lot), &trace, path);
            }
        }
        refuse(
            path,
            "is neither a pack nor a container that the chain knows; if its lot's serials are \
             behind a root, give them with --serials",
        )
    }

    /// A pack of a lot whose serials somebody gave.
    async fn by_book(
        &mut self,
        gtin: Gtin,
        serial: Serial,
        path: &str,
    ) -> Result<Option<Named>, Trouble> {
        let books = self.terms.books;
        let Some((number, book)) = books.find(gtin, &serial) else {
            return Ok(None);
        };
        let (Some(index), Some(proof)) = (book.number(&serial), book.proof(&serial)) else {
            return Ok(None);
        };
        if self.ahead.lots.contains_key(&(gtin, number)) {
            let lot = LotRef::New { gtin, number };
            let one = One::Pack { lot, number: index };
            return self.as_ahead(one, path.into(), None, None).map(Some);
        }
        let Some(LotInfo { id, lot, .. }) = self.ledger.lot(gtin, number).await? else {
            return refuse(
                path.into(),
                format!("is of lot {number} by --serials, which the chain does not have"),
            );
        };
        if lot.serials != Serials::Root(book.root()) {
            return refuse(
                path.into(),
                format!(
                    "is of lot {number}, whose serials on the chain are not those of --serials"
                ),
            );
        }
        let question = self.ledger.pack(gtin, serial, Some((number, proof)));
        let Some(trace) = question.await? else {
            return refuse(
                path.into(),
                "is no pack that the chain can trace by --serials",
            );
        };
        self.traced(LotRef::Known(id), &trace, path.into())
            .map(Some)
    }

    /// A container, which has to be there or to be filled by the document.
    async fn container(&mut self, key: ContainerKey, path: String) -> Result<Named, Trouble> {
        match self.ledger.container(&key).await? {
            Some(found) => self.located(key, found, path).await,
            None if self.ahead.filled.contains_key(&key) => {
                let one = One::Container(key);
                self.as_ahead(one, path, None, None)
            }
            None => refuse(
                path,
                "is no container that the chain knows: a container comes to be when something is \
                 packed into it",
            ),
        }
    }

    /// Refuses a container that an earlier event of the document hands on.
    pub(super) async fn at_hand(&self, key: &ContainerKey, path: String) -> Result<(), Trouble> {
        match self.ledger.container(key).await? {
            Some(found) => self.located(key.clone(), found, path).await?,
            None => self.as_ahead(One::Container(key.clone()), path, None, None)?,
        };
        Ok(())
    }

    pub(super) async fn located(
        &self,
        key: ContainerKey,
        found: Container,
        path: String,
    ) -> Result<Named, Trouble> {
        let (mut place, mut outermost) = (found.place, None);
        for _ in 0..MAX_DEPTH {
            let Place::Inside { container, .. } = &place else {
                break;
            };
            let around = self.ledger.container(container).await?;
            outermost = Some(container.clone());
            place = match around {
                Some(around) => around.place,
                None => break,
            };
        }
        let holding = match &place {
            Place::Root(holding) => Some(holding),
            _ => None,
        };
        self.as_ahead(One::Container(key), path, holding, outermost)
    }

    fn traced(&mut self, lot: LotRef, trace: &Trace, path: String) -> Result<Named, Trouble> {
        let number = trace.index;
        let history = self.ahead.history.entry((lot, number));
        history.or_insert_with(|| trace.events.iter().map(|entry| entry.id.0).collect());
        let outermost = trace.containers.last().cloned();
        let one = One::Pack { lot, number };
        self.as_ahead(one, path, Some(&trace.holding), outermost)
    }

    /// A thing where the chain has it, unless the document moves it before. Refused if the document
    /// hands it on before: what it then is depends on what the chain makes of that.
    fn as_ahead(
        &self,
        one: One,
        path: String,
        holding: Option<&Holding>,
        outermost: Option<ContainerKey>,
    ) -> Result<Named, Trouble> {
        let mut outermost = outermost;
        let mut around = one.clone();
        for _ in 0..=MAX_DEPTH {
            match self.ahead.inside.get(&around) {
                Some(moved) => outermost = moved.clone(),
                None if around == one => {}
                None => break,
            }
            match &outermost {
                Some(container) => around = One::Container(container.clone()),
                None => break,
            }
        }
        let shipment = holding.and_then(|holding| holding.shipment);
        let shipped = [&one, &around]
            .into_iter()
            .find_map(|one| self.ahead.shipped.get(one));
        let ended = shipment.and_then(|shipment| self.ahead.ended.get(&shipment));
        if let Some(event) = shipped.or(ended) {
            let reason = format!(
                "is shipped, received or taken back by event {event} of this document: send this \
                 document up to event {event} first"
            );
            return refuse(path, reason);
        }
        Ok(Named {
            one,
            path,
            shipment,
            owner: holding.map(|holding| holding.owner),
            outermost,
        })
    }

    /// What goes together by one name: containers one by one, packs that follow each other and to
    /// which the same happened as one.
    pub(super) fn together<'n>(&self, ones: impl IntoIterator<Item = &'n One>) -> Vec<Thing> {
        let mut things = Vec::new();
        let mut packs = BTreeMap::new();
        for one in ones {
            match one {
                One::Container(key) => things.push(Thing::Container(key.clone())),
                One::Pack { lot, number } => {
                    packs.insert((*lot, *number), self.ahead.history.get(&(*lot, *number)));
                }
            }
        }
        let mut previous = None;
        for ((lot, number), history) in packs {
            let follows = match previous {
                Some((before, last, shared)) => {
                    before == lot && number == last + 1 && shared == history
                }
                None => false,
            };
            previous = Some((lot, number, history));
            match things.last_mut() {
                Some(Thing::Packs { count, .. }) if follows => *count += 1,
                _ => things.push(Thing::Packs {
                    lot,
                    first: number,
                    count: 1,
                }),
            }
        }
        things
    }

    /// Notes that something happens to things: from then on only those packs go together that went
    /// together in it.
    pub(super) fn note_move(&mut self, things: &[Thing]) {
        for thing in things {
            self.ahead.moves += 1;
            // The chain's numbers count up from 0, these down from the top.
            let mark = u64::MAX - self.ahead.moves;
            if let Thing::Packs { lot, first, count } = thing {
                for number in *first..first.saturating_add(*count) {
                    let history = self.ahead.history.entry((*lot, number));
                    history.or_default().push(mark);
                }
            }
        }
    }

    /// The number of an event in the document, from 1 on.
    pub(super) fn number_of(&self, event: &Event) -> usize {
        let mut events = self.document.events.iter();
        let before = events.position(|one| one.place == event.place);
        before.unwrap_or_default().saturating_add(1)
    }

    /// Notes in what the document puts things, or that it takes them out.
    pub(super) fn note_place(&mut self, ones: &[One], into: Option<&ContainerKey>) {
        for one in ones {
            self.ahead.inside.insert(one.clone(), into.cloned());
        }
    }
}

/// The same call for as many things at a time as it takes.
pub(super) fn in_calls(
    things: &[Thing],
    most: u32,
    call: impl Fn(Vec<Thing>) -> Step,
) -> Vec<Step> {
    things
        .chunks(usize::try_from(most).unwrap_or(usize::MAX))
        .map(|some| call(some.to_vec()))
        .collect()
}
