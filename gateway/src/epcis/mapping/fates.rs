//! Packs leave the chain, or become others: dispensing, decommissioning, theft, repackaging; and
//! events are declared wrong.

use super::{
    refuse, things::in_calls, Action, Event, Ledger, LotRef, Mapper, NewLot, One, Plan, Step,
    Trouble,
};
use crate::epcis::{
    event::{hash_in, ErrorDeclaration, Extension, OWN},
    identifier::{master_data, Identifier},
    plan::{text, Thing},
    serials::SerialBook,
    vocabulary::ERROR_REASON,
};
use axonic_gs1::{LotNumber, Serial};
use pallet_drug_provenance::types::{DecommissionReason, ErrorReason, PackClaim, MAX_NAMED};
use sp_core::H256;

impl<L: Ledger> Mapper<'_, L> {
    pub(super) async fn dispense(&mut self, event: &Event) -> Result<Vec<Step>, Trouble> {
        let partial = match event.state() {
            None | Some("dispensed" | "retail_sold") => false,
            Some("partially_dispensed") => true,
            Some(_) => {
                let reason = "must be dispensed or partially_dispensed in this business step";
                return refuse(event.at("disposition"), reason);
            }
        };
        // For what is not told apart, and what is no pack.
        let named = self.subjects(event).await?;
        let mut steps = Vec::new();
        for (named, epc) in named.iter().zip(&event.epcs) {
            let (One::Pack { lot, .. }, Ok(Identifier::Item { gtin, serial })) =
                (&named.one, Identifier::read(epc))
            else {
                let reason = "is a container: packs are dispensed one by one";
                return refuse(named.path.clone(), reason);
            };
            let number = match lot {
                LotRef::New { number, .. } => Some(*number),
                LotRef::Known(id) => {
                    let lot = self.ledger.numbered_lot(*id).await?;
                    lot.map(|lot| lot.number)
                }
            };
            let lot = number.and_then(|number| text(number.as_str()));
            let (Some(lot), Some(said)) = (lot, text(serial.as_str())) else {
                return refuse(
                    named.path.clone(),
                    "is of a lot that the chain does not have",
                );
            };
            let book = self.terms.books.find(gtin, &serial);
            steps.push(Step::Dispense {
                pack: PackClaim {
                    gtin: gtin.as_u64(),
                    serial: said,
                    lot,
                    expiry: None,
                },
                proof: book.and_then(|(_, book)| book.proof(&serial)),
                partial,
            });
        }
        let ones = named.into_iter().map(|one| one.one);
        self.taken_out(ones.collect());
        Ok(steps)
    }

    pub(super) async fn decommission(
        &mut self,
        event: &Event,
        step: &str,
    ) -> Result<Vec<Step>, Trouble> {
        let reason = reason(event, step)?;
        let things = self.leaving(event).await?;
        Ok(in_calls(&things, MAX_NAMED, |units| Step::Decommission {
            units,
            reason,
        }))
    }

    pub(super) async fn stolen(&mut self, event: &Event) -> Result<Vec<Step>, Trouble> {
        self.expect(event, &[Action::Observe, Action::Delete])?;
        let things = self.leaving(event).await?;
        Ok(in_calls(&things, MAX_NAMED, |units| Step::ReportStolen {
            units,
        }))
    }

    pub(super) async fn transform(
        &mut self,
        event: &Event,
        plan: &mut Plan,
    ) -> Result<Vec<Step>, Trouble> {
        if !event.input_quantities.is_empty() {
            let reason = "does not say which packs: name them in inputEPCList";
            return refuse(event.at("inputQuantityList"), reason);
        }
        if !event.output_quantities.is_empty() {
            let reason = "does not say which packs: name them in outputEPCList";
            return refuse(event.at("outputQuantityList"), reason);
        }
        if event.transformation.is_some() {
            let reason = "spreads a transformation over several events; the chain wants all its \
                          packs at once";
            return refuse(event.at("transformationID"), reason);
        }
        let mut made = Vec::new();
        for (index, epc) in event.outputs.iter().enumerate() {
            let path = event.at(&format!("outputEPCList/{index}"));
            match Identifier::read(epc) {
                Ok(Identifier::Item { gtin, serial }) => made.push((gtin, serial, path)),
                _ => return refuse(path, "is no pack (SGTIN)"),
            }
        }
        let Some((gtin, ..)) = made.first() else {
            return refuse(event.at("outputEPCList"), "is missing");
        };
        let gtin = *gtin;
        if let Some((.., path)) = made.iter().find(|(other, ..)| *other != gtin) {
            let reason = "is of another product than the first: one lot is of one product";
            return refuse(path.clone(), reason);
        }
        let Some(Ok(number)) = master_data(event, "lotNumber").map(LotNumber::parse) else {
            let reason = "is missing: what is packed again is a lot (CBV 2.0 section 9, \
                          cbvmda:lotNumber)";
            return refuse(event.at("ilmd/lotNumber"), reason);
        };
        let serials: Vec<Serial> = made.iter().map(|(_, serial, _)| *serial).collect();
        let Some(book) = SerialBook::new(gtin, serials.clone()) else {
            return refuse(event.at("outputEPCList"), "is of more packs than a lot has");
        };
        let named = self.named(event, "inputEPCList", &event.inputs).await?;
        for input in &named {
            if matches!(input.one, One::Container(_)) {
                let reason = "is a container: unpack it, and name the packs";
                return refuse(input.path.clone(), reason);
            }
            if input.outermost.is_some() {
                return refuse(input.path.clone(), "is in a container: unpack it first");
            }
        }
        let ones: Vec<_> = named.into_iter().map(|input| input.one).collect();
        let inputs = self.together(&ones);
        if inputs.len() > most() {
            let reason = format!("lie in more than {MAX_NAMED} places: repackage fewer at a time");
            return refuse(event.at("inputEPCList"), reason);
        }
        let (units, root) = (book.units(), Some(book.root()));
        let output = self.draft(event, gtin, number, units, root, &event.place)?;
        let lot = LotRef::New { gtin, number };
        for (number, serial) in (0..).zip(&serials) {
            self.ahead.packs.insert((gtin, *serial), (lot, number));
        }
        let new = NewLot {
            listed: false,
            commissioned: units,
        };
        self.ahead.lots.insert((gtin, number), new);
        plan.notes.push(format!(
            "the serials of {lot} are behind a root, in the order of outputEPCList: keep them, one \
             a line, as the file for --serials {gtin}/{number}=FILE"
        ));
        Ok(vec![Step::Transform { inputs, output }])
    }

    pub(super) async fn error_declaration(
        &mut self,
        event: &Event,
        error: &ErrorDeclaration,
        hash: H256,
    ) -> Result<Step, Trouble> {
        let known = self.ledger.event(self.terms.org, hash).await?.is_some();
        if !known && !self.ahead.events.contains(&hash) {
            let reason =
                "declares an event wrong that the chain does not have: no event there has \
                          the hash of this one";
            return refuse(event.at("errorDeclaration"), reason);
        }
        let word = error
            .reason
            .as_deref()
            .and_then(|word| ERROR_REASON.word(word));
        let reason = match word {
            Some("did_not_occur") => ErrorReason::DidNotOccur,
            Some("incorrect_data") => ErrorReason::IncorrectData,
            _ => {
                let reason = "must be did_not_occur or incorrect_data (CBV 2.0 section 7.5)";
                return refuse(event.at("errorDeclaration/reason"), reason);
            }
        };
        let path = event.at("errorDeclaration/correctiveEventIDs");
        let corrective = match error.corrective.as_slice() {
            [] => None,
            [id] => match hash_in(id) {
                Some(hash) => Some(hash),
                None => {
                    let reason = "is no event hash (ni:///sha-256;..?ver=CBV2.0), by which the \
                                  chain knows events";
                    return refuse(format!("{path}/0"), reason);
                }
            },
            _ => return refuse(path, "names several events; the chain keeps one"),
        };
        Ok(Step::DeclareError {
            event: hash,
            reason,
            corrective,
        })
    }

    /// The things that an event is about, which leave the chain: of a container those that are
    /// named, or else the whole of it.
    async fn leaving(&mut self, event: &Event) -> Result<Vec<Thing>, Trouble> {
        if event.parent.is_some() && !event.epcs.is_empty() {
            let reason = "is named besides what is in epcList: name the container if all of it is \
                          gone, or only the things";
            return refuse(event.at("parentID"), reason);
        }
        let named = if event.children.is_empty() {
            self.subjects(event).await?
        } else {
            self.no_classes(event)?;
            self.named(event, "childEPCs", &event.children).await?
        };
        let ones: Vec<_> = named.into_iter().map(|one| one.one).collect();
        let things = self.together(&ones);
        self.taken_out(ones);
        Ok(things)
    }

    /// Notes that things are no longer in what they were in.
    fn taken_out(&mut self, ones: Vec<One>) {
        for contents in self.ahead.filled.values_mut() {
            contents.retain(|one| !ones.contains(one));
        }
        let things = self.together(&ones);
        self.note_move(&things);
        self.note_place(&ones, None);
    }
}

/// Why packs are decommissioned: our own extension says, or the business step, or the disposition.
fn reason(event: &Event, step: &str) -> Result<DecommissionReason, Trouble> {
    let said = Extension::find(&event.extensions, &[OWN], "decommissionReason");
    if let Some(said) = said {
        return Ok(match said.text.as_str() {
            "exported" => DecommissionReason::Exported,
            "sampled" => DecommissionReason::Sampled,
            "destroyed" => DecommissionReason::Destroyed,
            "for_destruction" => DecommissionReason::ForDestruction,
            "damaged" => DecommissionReason::Damaged,
            "unreadable" => DecommissionReason::Unreadable,
            "other" => DecommissionReason::Other,
            _ => {
                let reason = "must be exported, sampled, destroyed, for_destruction, damaged, \
                              unreadable or other";
                return refuse(event.at("decommissionReason"), reason);
            }
        });
    }
    Ok(match (step, event.state()) {
        ("destroying", _) | (_, Some("destroyed")) => DecommissionReason::Destroyed,
        ("sampling", _) => DecommissionReason::Sampled,
        (_, Some("disposed")) => DecommissionReason::ForDestruction,
        (_, Some("damaged")) => DecommissionReason::Damaged,
        (_, Some("retail_sold")) => {
            let reason =
                "is said of packs that are sold: give dispensing as the business step, or \
                          say by the extension decommissionReason why they leave the market";
            return refuse(event.at("disposition"), reason);
        }
        (_, None | Some("inactive" | "unknown" | "non_sellable_other" | "expired")) => {
            DecommissionReason::Other
        }
        (_, Some(_)) => {
            let reason = "does not say why the packs leave the market: inactive, destroyed, \
                          disposed or damaged do";
            return refuse(event.at("disposition"), reason);
        }
    })
}

fn most() -> usize {
    usize::try_from(MAX_NAMED).unwrap_or(usize::MAX)
}
