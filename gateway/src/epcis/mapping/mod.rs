//! Events become calls.
//!
//! All events of a document are mapped before anything is sent. What earlier events of the document
//! will have done is taken into account: the lots and packs they make, and what is in what. Nothing
//! is guessed: what does not say clearly what became of which packs is refused, with its path.
//!
//! `commissioning` makes lots and packs, `packing` moves packs into containers and out, `trading`
//! ships, takes back and receives, `fates` dispenses, decommissions, transforms and declares wrong.
//! `things` finds out what EPCs name.

mod commissioning;
mod fates;
mod packing;
mod things;
mod trading;

use super::{
    event::{Action, Document, Event, Kind},
    hash::event_hash,
    identifier::{location_number, lot as lot_class, Identifier},
    ledger::Ledger,
    plan::{LotRef, Plan, Step, MAX_CALLS},
    serials::Books,
};
use crate::{chain::ChainError, fhir::Refusal};
use axonic_gs1::{Gtin, LotNumber, Serial};
use axonic_primitives::{Moment, OrgId};
use pallet_drug_provenance::types::{ContainerKey, EventId, Occurrence, Serials, ShipmentId};
use sp_core::H256;
use std::collections::{BTreeMap, BTreeSet};

/// What a mapping is told besides the document and the chain.
pub struct Terms<'a> {
    /// Whose events they are.
    pub org: OrgId,
    /// The chain's clock, UTC milliseconds.
    pub now: Moment,
    /// The serials of lots that are behind a root.
    pub books: &'a Books,
    /// Whether the sender makes the DSCSA transaction statement, whatever the document says.
    pub statement: bool,
    /// The salt for what is committed to of the event with this `eventID`.
    pub salt: &'a dyn Fn(&str) -> H256,
}

/// What ends a mapping.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The event cannot become calls.
    #[error("{0}")]
    Refused(Refusal),
    /// The chain could not be asked.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Maps all events of a document, or says what stands in the way of the first that cannot be.
pub async fn map<L: Ledger>(
    document: &Document,
    ledger: &L,
    terms: &Terms<'_>,
) -> Result<Vec<Plan>, Trouble> {
    let mut mapper = Mapper {
        document,
        ledger,
        terms,
        ahead: Ahead::default(),
    };
    let mut plans = Vec::new();
    for event in &document.events {
        let plan = mapper.event(event).await.map_err(|trouble| match trouble {
            Trouble::Refused(refusal) => Trouble::Refused(document.in_file(refusal)),
            other => other,
        })?;
        plans.push(plan);
    }
    Ok(plans)
}

/// What the document will have done by the event that is being mapped.
#[derive(Default)]
struct Ahead {
    /// The lots it makes, and how many packs of them.
    lots: BTreeMap<(Gtin, LotNumber), NewLot>,
    /// How many packs it adds to listed lots that the chain has.
    added: BTreeMap<LotRef, u32>,
    /// The packs it makes.
    packs: BTreeMap<(Gtin, Serial), (LotRef, u32)>,
    /// Containers that it fills, with what it puts into them.
    filled: BTreeMap<ContainerKey, BTreeSet<One>>,
    /// In what it puts things, or that it takes them out.
    inside: BTreeMap<One, Option<ContainerKey>>,
    /// What happens to packs, in numbers that only packs which go together share.
    history: BTreeMap<(LotRef, u32), Vec<u64>>,
    /// How many such numbers there are.
    moves: u64,
    /// What it ships, and by its which event.
    shipped: BTreeMap<One, usize>,
    /// The shipments it receives or takes back, and by its which event.
    ended: BTreeMap<ShipmentId, usize>,
    /// The events it records.
    events: BTreeSet<H256>,
    /// Whether each product's items are containers, as far as is known.
    cases: BTreeMap<Gtin, bool>,
}

/// A lot that the document makes.
struct NewLot {
    /// Whether its serials are listed.
    listed: bool,
    /// How many of them are, so far.
    commissioned: u32,
}

/// One thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum One {
    Container(ContainerKey),
    Pack { lot: LotRef, number: u32 },
}

struct Mapper<'a, L> {
    document: &'a Document,
    ledger: &'a L,
    terms: &'a Terms<'a>,
    ahead: Ahead,
}

impl<L: Ledger> Mapper<'_, L> {
    async fn event(&mut self, event: &Event) -> Result<Plan, Trouble> {
        let hash = event_hash(event);
        let path = self.document.paths.of(&event.place);
        let mut plan = Plan::new(path, event.kind, event.step(), &hash);
        if let Some(error) = &event.error {
            let step = self.error_declaration(event, error, hash).await?;
            if self.is_declared(event, &step).await? {
                plan.notes
                    .push("is declared wrong already: nothing to do".into());
            } else {
                plan.steps.push(step);
            }
            return Ok(plan);
        }
        if event.time > self.terms.now {
            let reason = "is later than the chain's clock; send it once the chain has caught up";
            return Err(Refusal::new(event.at("eventTime"), reason).into());
        }
        let recorded = self.ledger.event(self.terms.org, hash).await?;
        // It takes several transactions, and what is left of them is found out pack by pack.
        let may_go_on = event.kind == Kind::Object && event.step() == Some("commissioning");
        if let Some(id) = recorded {
            if may_go_on {
                self.same_serials(event).await?;
            } else {
                self.captured_whole(event, id).await?;
                let note = format!("is on the chain already, as event {}: nothing to do", id.0);
                plan.notes.push(note);
                if event.step() == Some("shipping") {
                    plan.salt = Some((self.terms.salt)(&plan.event_id));
                }
                return Ok(plan);
            }
        }
        if !self.ahead.events.insert(hash) {
            let reason = "is there before in this document: the two have the same event hash";
            return Err(Refusal::new(event.place.clone(), reason).into());
        }
        plan.steps = self.steps(event, &mut plan, recorded.is_some()).await?;
        let calls = plan.steps.len();
        if calls > MAX_CALLS && !plan.goes_on() {
            let reason = format!(
                "takes {calls} calls, and no more than {MAX_CALLS} are carried out as one: split it \
                 into several events"
            );
            return refuse(event.place.clone(), reason);
        }
        if calls > 0 {
            plan.occurrence = Some(self.occurrence(event, hash).await?);
        }
        Ok(plan)
    }

    /// Whether the chain has an error declaration already. Refuses one that says otherwise.
    async fn is_declared(&self, event: &Event, step: &Step) -> Result<bool, Trouble> {
        let Step::DeclareError {
            event: hash,
            reason,
            corrective,
        } = step
        else {
            return Ok(false);
        };
        let Some(id) = self.ledger.event(self.terms.org, *hash).await? else {
            return Ok(false);
        };
        match self.ledger.correction(id).await? {
            None => Ok(false),
            Some(known) if (known.reason, known.corrective) == (*reason, *corrective) => Ok(true),
            Some(_) => refuse(
                event.at("errorDeclaration"),
                "is not the one that the chain has of this event: an event is declared wrong once",
            ),
        }
    }

    /// Refuses to go on with lots behind roots that are not those of the serials given.
    async fn same_serials(&self, event: &Event) -> Result<(), Trouble> {
        for (index, quantity) in event.quantities.iter().enumerate() {
            let Ok(Some((gtin, number))) = lot_class(&quantity.class) else {
                continue;
            };
            let Some(book) = self.terms.books.of(gtin, number) else {
                continue;
            };
            let found = self.ledger.lot(gtin, number).await?;
            if found.is_some_and(|found| found.lot.serials != Serials::Root(book.root())) {
                let path = event.at(&format!("quantityList/{index}/epcClass"));
                let reason = "is a lot whose serials on the chain are not those of --serials";
                return refuse(path, reason);
            }
        }
        Ok(())
    }

    /// Refuses an event that takes several calls and that the chain has recorded of some of its
    /// packs only: not everybody sends the calls of an event as one transaction.
    async fn captured_whole(&self, event: &Event, id: EventId) -> Result<(), Trouble> {
        let several = [
            "packing",
            "unpacking",
            "dispensing",
            "decommissioning",
            "destroying",
            "sampling",
        ];
        let takes_several = event.step().is_some_and(|step| several.contains(&step));
        if !takes_several && event.state() != Some("stolen") {
            return Ok(());
        }
        for (list, epcs) in [("epcList", &event.epcs), ("childEPCs", &event.children)] {
            for (index, epc) in epcs.iter().enumerate() {
                let Ok(Identifier::Item { gtin, serial }) = Identifier::read(epc) else {
                    continue;
                };
                let book = self.terms.books.find(gtin, &serial);
                let proof = book.and_then(|(lot, book)| Some((lot, book.proof(&serial)?)));
                let Some(trace) = self.ledger.pack(gtin, serial, proof).await? else {
                    continue;
                };
                if !trace.truncated && trace.events.iter().all(|entry| entry.id != id) {
                    let reason = format!(
                        "is not part of event {}, as which the chain has this one: it was captured \
                         in part. Send what is missing as an event of its own",
                        id.0
                    );
                    return refuse(event.at(&format!("{list}/{index}")), reason);
                }
            }
        }
        Ok(())
    }

    /// What the event's business step comes to.
    async fn steps(
        &mut self,
        event: &Event,
        plan: &mut Plan,
        again: bool,
    ) -> Result<Vec<Step>, Trouble> {
        if event.state() == Some("stolen") {
            return self.stolen(event).await;
        }
        let Some(step) = event.step() else {
            let reason = match event.biz_step {
                None => "is missing: what becomes of the packs depends on it (CBV 2.0 section 7.1)",
                Some(_) => "is not CBV's, and nothing about medicine packs that the chain keeps",
            };
            return Err(Refusal::new(event.at("bizStep"), reason).into());
        };
        match (event.kind, step) {
            (Kind::Object, "commissioning") => {
                self.expect(event, &[Action::Add])?;
                self.commission(event, plan, again).await
            }
            (Kind::Aggregation, "packing") => {
                self.expect(event, &[Action::Add])?;
                self.pack(event).await
            }
            (Kind::Aggregation, "unpacking") => {
                self.expect(event, &[Action::Delete])?;
                self.unpack(event).await
            }
            (Kind::Transformation, "repackaging" | "commissioning") => {
                self.transform(event, plan).await
            }
            (Kind::Transformation, _) => {
                let reason = "is no repackaging: a transformation of medicine packs is one";
                Err(Refusal::new(event.at("bizStep"), reason).into())
            }
            (_, "shipping") => {
                self.expect(event, &[Action::Observe, Action::Add])?;
                self.ship(event, plan).await
            }
            (_, "receiving") => {
                self.expect(event, &[Action::Observe, Action::Add])?;
                self.receive(event, plan).await
            }
            (_, "void_shipping") => {
                self.expect(event, &[Action::Observe, Action::Delete])?;
                self.void(event).await
            }
            (Kind::Object, "dispensing") => {
                self.expect(event, &[Action::Observe, Action::Delete])?;
                self.dispense(event).await
            }
            (Kind::Object, "decommissioning" | "destroying" | "sampling") => {
                self.expect(event, &[Action::Observe, Action::Delete])?;
                self.decommission(event, step).await
            }
            (kind, step) => {
                let kind = kind.name();
                let reason = format!(
                    "`{step}` by {kind} changes nothing that the chain keeps of medicine packs; \
                     leave the event out"
                );
                Err(Refusal::new(event.at("bizStep"), reason).into())
            }
        }
    }

    /// Refuses an action that contradicts the business step.
    fn expect(&self, event: &Event, actions: &[Action]) -> Result<(), Trouble> {
        if event.action.is_some_and(|action| actions.contains(&action)) {
            return Ok(());
        }
        let names: Vec<_> = actions.iter().map(|action| action.name()).collect();
        let reason = format!("must be {} in this business step", names.join(" or "));
        Err(Refusal::new(event.at("action"), reason).into())
    }

    /// When and where, as the chain wants to know it.
    async fn occurrence(&self, event: &Event, hash: H256) -> Result<Occurrence, Trouble> {
        for (name, location) in [
            ("readPoint", &event.read_point),
            ("bizLocation", &event.biz_location),
        ] {
            let id = location.as_ref().and_then(|place| place.id.as_deref());
            let Some(gln) = id.and_then(location_number) else {
                continue;
            };
            let path = event.at(&format!("{name}/id"));
            return match self.ledger.premises(gln).await? {
                Some((site, org)) if org == self.terms.org => Ok(Occurrence {
                    site,
                    time: event.time,
                    hash,
                }),
                Some(_) => {
                    let reason = "is another organisation's: events are captured by whoever's \
                                  premises they happened at";
                    Err(Refusal::new(path, reason).into())
                }
                None => {
                    let reason = "is no premises that the chain knows; register it with the \
                                  consortium";
                    Err(Refusal::new(path, reason).into())
                }
            };
        }
        let reason = "is missing, or is no GLN: the chain wants to know the premises";
        Err(Refusal::new(event.at("readPoint"), reason).into())
    }

    /// Whether items of the product are containers: those that the document has as a parent, and
    /// those whose GTIN is that of a grouping (GS1 General Specifications, section 2.1).
    fn is_case(&self, gtin: Gtin, serial: Serial) -> bool {
        let key = ContainerKey::Sgtin { gtin, serial };
        if gtin.indicator() != 0 || self.ahead.filled.contains_key(&key) {
            return true;
        }
        let parents = self.document.events.iter().filter_map(|event| {
            let adds = event.action == Some(Action::Add);
            event.parent.as_deref().filter(|_| adds)
        });
        parents.map(Identifier::read).any(|parent| match parent {
            Ok(Identifier::Item {
                gtin: of,
                serial: one,
            }) => (of, one) == (gtin, serial),
            _ => false,
        })
    }
}

/// A refusal of an element of an event.
fn refuse<T>(path: String, reason: impl Into<String>) -> Result<T, Trouble> {
    Err(Refusal::new(path, reason).into())
}
