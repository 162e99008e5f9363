//! Lots and packs come to be: commissioning.

use super::{refuse, Event, Ledger, LotRef, Mapper, NewLot, Plan, Step, Trouble};
use crate::epcis::{
    event::{Extension, OWN},
    identifier::{lot as lot_class, master_data, Identifier},
    plan::text,
    serials::SerialBook,
};
use axonic_gs1::{Date, Gtin, LotNumber, Serial};
use pallet_drug_provenance::types::{DayDraft, LotDraft, Serials, MAX_SERIALS};
use sp_core::H256;
use std::collections::BTreeMap;

impl<L: Ledger> Mapper<'_, L> {
    /// `again`: the chain has recorded the event before, so that what it says may be done in part.
    pub(super) async fn commission(
        &mut self,
        event: &Event,
        plan: &mut Plan,
        again: bool,
    ) -> Result<Vec<Step>, Trouble> {
        let mut steps = Vec::new();
        let mut packs: BTreeMap<Gtin, Vec<(Serial, String)>> = BTreeMap::new();
        let mut containers = 0;
        for (index, epc) in event.epcs.iter().enumerate() {
            let path = event.at(&format!("epcList/{index}"));
            match Identifier::read(epc) {
                Ok(Identifier::Item { gtin, serial }) if !self.is_case(gtin, serial) => {
                    packs.entry(gtin).or_default().push((serial, path));
                }
                Ok(Identifier::Item { .. } | Identifier::Sscc(_)) => containers += 1,
                Ok(Identifier::Other(what)) => {
                    let reason = format!(
                        "names {what}: the chain keeps packs (SGTIN) and what they are in (SSCC, \
                         SGTIN)"
                    );
                    return refuse(path, reason);
                }
                Err(fault) => return refuse(path, fault),
            }
        }
        if containers > 0 {
            plan.notes.push(format!(
                "containers: {containers}; on the chain they come to be when something is packed \
                 into them"
            ));
        }
        for (gtin, packs) in packs {
            steps.extend(self.listed(event, gtin, packs, plan, again).await?);
        }
        for (index, quantity) in event.quantities.iter().enumerate() {
            let path = event.at(&format!("quantityList/{index}"));
            let Ok(Some((gtin, number))) = lot_class(&quantity.class) else {
                let reason = "is no lot of a product: packs are commissioned by lot (LGTIN)";
                return refuse(format!("{path}/epcClass"), reason);
            };
            if quantity.unit.is_some() {
                let reason = "measures packs, which are counted: leave the unit out";
                return refuse(format!("{path}/uom"), reason);
            }
            let Some(book) = self.terms.books.of(gtin, number) else {
                let reason = format!(
                    "is a lot whose serials are not given: name the file with --serials \
                     {gtin}/{number}=FILE"
                );
                return refuse(format!("{path}/epcClass"), reason);
            };
            if quantity.quantity.as_deref() != Some(book.units().to_string().as_str()) {
                let units = book.units();
                let reason = format!("is not {units}, as many as there are serials");
                return refuse(format!("{path}/quantity"), reason);
            }
            let step = self.behind_root(event, gtin, number, book, &path).await?;
            match step {
                Some(step) => steps.push(step),
                None if again => {}
                None => return refuse(path, "is a lot that is commissioned already"),
            }
        }
        if again && steps.is_empty() {
            plan.notes
                .push("is on the chain already: nothing to do".into());
        }
        Ok(steps)
    }

    /// A lot behind the root of its serials. `None` if it is there.
    async fn behind_root(
        &mut self,
        event: &Event,
        gtin: Gtin,
        number: LotNumber,
        book: &SerialBook,
        path: &str,
    ) -> Result<Option<Step>, Trouble> {
        if self.ahead.lots.contains_key(&(gtin, number)) {
            return Ok(None);
        }
        if self.ledger.lot(gtin, number).await?.is_some() {
            return Ok(None);
        }
        if let Some(other) = master_data(event, "lotNumber") {
            if other != number.as_str() {
                let reason = format!("is not that of the class, {number}");
                return refuse(event.at("ilmd/lotNumber"), reason);
            }
        }
        let root = Some(book.root());
        let draft = self.draft(event, gtin, number, book.units(), root, path)?;
        let lot = NewLot {
            listed: false,
            commissioned: book.units(),
        };
        self.ahead.lots.insert((gtin, number), lot);
        Ok(Some(Step::CommissionLot { draft }))
    }

    /// Packs whose serials are listed one by one, of a lot that is made for them if there is none.
    async fn listed(
        &mut self,
        event: &Event,
        gtin: Gtin,
        packs: Vec<(Serial, String)>,
        plan: &mut Plan,
        again: bool,
    ) -> Result<Vec<Step>, Trouble> {
        let Some(Ok(number)) = master_data(event, "lotNumber").map(LotNumber::parse) else {
            let reason = "is missing: packs are commissioned as a lot (CBV 2.0 section 9, \
                          cbvmda:lotNumber)";
            return refuse(event.at("ilmd/lotNumber"), reason);
        };
        let mut fresh = Vec::new();
        for (serial, path) in packs {
            if self.ahead.packs.contains_key(&(gtin, serial)) {
                return refuse(path, "is commissioned before in this document");
            }
            match self.ledger.pack(gtin, serial, None).await? {
                None => fresh.push(serial),
                Some(_) if again => {}
                Some(_) => {
                    let reason = "is commissioned already: a serial is given once, for ever";
                    return refuse(path, reason);
                }
            }
        }
        if fresh.is_empty() {
            return Ok(Vec::new());
        }
        let count = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
        let mut steps = Vec::new();
        let (lot, first) = self.lot_for(event, gtin, number, count, &mut steps).await?;
        let chunks = fresh.chunks(usize::try_from(MAX_SERIALS).unwrap_or(usize::MAX));
        let mut number = first;
        for serials in chunks {
            self.ahead.moves += 1;
            let mark = u64::MAX - self.ahead.moves;
            for serial in serials {
                self.ahead.packs.insert((gtin, *serial), (lot, number));
                self.ahead.history.insert((lot, number), vec![mark]);
                number = number.saturating_add(1);
            }
            steps.push(Step::CommissionItems {
                lot,
                serials: serials.to_vec(),
            });
        }
        plan.notes
            .push(format!("{count} packs of {lot}, numbered from {first} on"));
        Ok(steps)
    }

    /// The lot that packs are added to, and the number of the first of them.
    async fn lot_for(
        &mut self,
        event: &Event,
        gtin: Gtin,
        number: LotNumber,
        count: u32,
        steps: &mut Vec<Step>,
    ) -> Result<(LotRef, u32), Trouble> {
        let path = || event.at("ilmd/lotNumber");
        if let Some(lot) = self.ahead.lots.get_mut(&(gtin, number)) {
            if !lot.listed {
                return refuse(
                    path(),
                    "is a lot behind a root, to which no packs are added",
                );
            }
            let first = lot.commissioned;
            lot.commissioned = first.saturating_add(count);
            return Ok((LotRef::New { gtin, number }, first));
        }
        if let Some(found) = self.ledger.lot(gtin, number).await? {
            let lot = LotRef::Known(found.id);
            if found.lot.serials != Serials::Listed {
                return refuse(
                    path(),
                    "is a lot behind a root, to which no packs are added",
                );
            }
            if let Some(expiry) = expiry(event)? {
                if expiry != found.lot.expiry {
                    let reason = format!("is not that of the lot, {}", found.lot.expiry);
                    return refuse(event.at("ilmd/itemExpirationDate"), reason);
                }
            }
            let added = self.ahead.added.entry(lot).or_default();
            let first = found.lot.commissioned.saturating_add(*added);
            *added = added.saturating_add(count);
            if first.saturating_add(count) > found.lot.units {
                let units = found.lot.units;
                let reason = format!(
                    "is a lot of {units} packs, of which {first} are commissioned: there is no \
                     room for {count} more"
                );
                return refuse(path(), reason);
            }
            return Ok((lot, first));
        }
        let units = self.listed_in_document(gtin, number).max(count);
        let units = lot_units(event, units)?;
        let draft = self.draft(event, gtin, number, units, None, &event.place)?;
        steps.push(Step::CommissionLot { draft });
        let lot = NewLot {
            listed: true,
            commissioned: count,
        };
        self.ahead.lots.insert((gtin, number), lot);
        Ok((LotRef::New { gtin, number }, 0))
    }

    /// How many packs of a lot the document commissions one by one.
    fn listed_in_document(&self, gtin: Gtin, number: LotNumber) -> u32 {
        let events = self.document.events.iter().filter(|event| {
            let commissions = event.step() == Some("commissioning") && event.error.is_none();
            commissions && master_data(event, "lotNumber") == Some(number.as_str())
        });
        let packs =
            events
                .flat_map(|event| &event.epcs)
                .filter(|epc| match Identifier::read(epc) {
                    Ok(Identifier::Item { gtin: of, serial }) => {
                        of == gtin && !self.is_case(gtin, serial)
                    }
                    _ => false,
                });
        u32::try_from(packs.count()).unwrap_or(u32::MAX)
    }

    /// What the chain is to know of a lot.
    pub(super) fn draft(
        &self,
        event: &Event,
        gtin: Gtin,
        number: LotNumber,
        units: u32,
        serial_root: Option<H256>,
        path: &str,
    ) -> Result<LotDraft, Trouble> {
        let Some(expiry) = expiry(event)? else {
            let reason = "is missing: the chain keeps until when a lot may be used (CBV 2.0 \
                          section 9, cbvmda:itemExpirationDate)";
            return refuse(event.at("ilmd/itemExpirationDate"), reason);
        };
        if expiry.end_of_day_millis() <= self.terms.now {
            let reason = "is over: nothing is commissioned that nobody may use";
            return refuse(event.at("ilmd/itemExpirationDate"), reason);
        }
        let Some(number) = text(number.as_str()) else {
            return refuse(path.into(), "has a lot number that is too long");
        };
        let Date { year, month, day } = expiry;
        Ok(LotDraft {
            gtin: gtin.as_u64(),
            number,
            expiry: DayDraft { year, month, day },
            units,
            serial_root,
        })
    }
}

/// How many packs a listed lot is to have: as many as the document commissions, unless our own
/// extension says that there will be more.
fn lot_units(event: &Event, least: u32) -> Result<u32, Trouble> {
    let said = Extension::find(&event.ilmd, &[OWN], "lotUnits");
    match said.map(|said| said.text.trim().parse::<u32>()) {
        None => Ok(least),
        Some(Ok(units)) if units >= least => Ok(units),
        Some(_) => {
            let reason = format!(
                "must be how many packs the lot is to have, {least} or more: the document \
                 commissions so many"
            );
            refuse(event.at("ilmd/lotUnits"), reason)
        }
    }
}

/// Until when what an event makes may be used.
fn expiry(event: &Event) -> Result<Option<Date>, Trouble> {
    match master_data(event, "itemExpirationDate").map(Date::parse) {
        None => Ok(None),
        Some(Ok(expiry)) => Ok(Some(expiry)),
        Some(Err(error)) => refuse(event.at("ilmd/itemExpirationDate"), error.to_string()),
    }
}
