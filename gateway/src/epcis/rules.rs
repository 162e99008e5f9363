//! The rules of EPCIS, CBV and GS1 that a schema does not tell: between elements, of words, of
//! check digits and of time.

use super::{
    canonical::canonical,
    event::{Action, Document, Event, Kind, Quantity, Typed},
    identifier::{self, master_data, Identifier},
    vocabulary::{Vocabulary, BIZ_STEP, DISPOSITION, ERROR_REASON, PARTY, TRANSACTION},
};
use crate::fhir::{period::moment_in_words, Refusal};
use axonic_gs1::{Date, LotNumber};
use axonic_primitives::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// All that is wrong with the events, at `now`.
pub(super) fn check(document: &Document, now: Moment) -> Vec<Refusal> {
    let mut findings = Findings(Vec::new());
    for event in &document.events {
        findings.time(event, now);
        findings.words(event);
        findings.things(event);
        findings.places(event);
        findings.by_kind(event);
        findings.master_data(event);
    }
    findings.0
}

struct Findings(Vec<Refusal>);

impl Findings {
    fn refuse(&mut self, path: String, reason: impl Into<String>) {
        self.0.push(Refusal::new(path, reason));
    }

    fn time(&mut self, event: &Event, now: Moment) {
        if event.time > now {
            let now = moment_in_words(now);
            let reason = format!(
                "is in the future: it is {now} now, and an event is what has happened (EPCIS 2.0 \
                 section 7.4.1); check the clock and the offset"
            );
            self.refuse(event.at("eventTime"), reason);
        }
    }

    fn words(&mut self, event: &Event) {
        let mut check = |vocabulary: &Vocabulary, word: Option<&String>, path: String| {
            if let Some(fault) = word.and_then(|word| vocabulary.fault(word)) {
                self.refuse(path, fault);
            }
        };
        check(&BIZ_STEP, event.biz_step.as_ref(), event.at("bizStep"));
        let disposition = event.disposition.as_ref();
        check(&DISPOSITION, disposition, event.at("disposition"));
        for (name, words) in [("set", &event.set), ("unset", &event.unset)] {
            for (index, word) in words.iter().enumerate() {
                let path = event.at(&format!("persistentDisposition/{name}/{index}"));
                check(&DISPOSITION, Some(word), path);
            }
        }
        let mut typed = |vocabulary: &Vocabulary, list: &str, items: &[Typed]| {
            for (index, item) in items.iter().enumerate() {
                let path = event.at(&format!("{list}/{index}/type"));
                check(vocabulary, item.kind.as_ref(), path);
            }
        };
        typed(&TRANSACTION, "bizTransactionList", &event.transactions);
        typed(&PARTY, "sourceList", &event.sources);
        typed(&PARTY, "destinationList", &event.destinations);
        if let Some(error) = &event.error {
            let path = event.at("errorDeclaration/reason");
            check(&ERROR_REASON, error.reason.as_ref(), path);
        }
    }

    fn things(&mut self, event: &Event) {
        for (name, epcs) in [
            ("epcList", &event.epcs),
            ("childEPCs", &event.children),
            ("inputEPCList", &event.inputs),
            ("outputEPCList", &event.outputs),
        ] {
            let mut named = BTreeSet::new();
            for (index, epc) in epcs.iter().enumerate() {
                let path = event.at(&format!("{name}/{index}"));
                if let Err(fault) = Identifier::read(epc) {
                    self.refuse(path, fault);
                } else if !named.insert(canonical(epc).unwrap_or_else(|| epc.clone())) {
                    let reason = "is named before in the same list (EPCIS 2.0 section 7.3.3)";
                    self.refuse(path, reason);
                }
            }
        }
        if let Some(Err(fault)) = event.parent.as_deref().map(Identifier::read) {
            self.refuse(event.at("parentID"), fault);
        }
        for (name, quantities) in [
            ("quantityList", &event.quantities),
            ("childQuantityList", &event.child_quantities),
            ("inputQuantityList", &event.input_quantities),
            ("outputQuantityList", &event.output_quantities),
        ] {
            self.quantities(event, name, quantities);
        }
    }

    fn quantities(&mut self, event: &Event, name: &str, quantities: &[Quantity]) {
        let mut units = BTreeMap::new();
        for (index, quantity) in quantities.iter().enumerate() {
            let path = event.at(&format!("{name}/{index}"));
            if let Err(fault) = identifier::lot(&quantity.class) {
                self.refuse(format!("{path}/epcClass"), fault);
            }
            if quantity.unit.is_some() && quantity.quantity.is_none() {
                let reason = "is the unit of nothing: there is no quantity (EPCIS 2.0 section \
                              7.3.3)";
                self.refuse(format!("{path}/uom"), reason);
            }
            let class = canonical(&quantity.class).unwrap_or_else(|| quantity.class.clone());
            let first = units.entry(class).or_insert(&quantity.unit);
            if *first != &quantity.unit {
                let reason = "mixes units: the same class is in another unit before, and a class \
                              is counted or measured in one (EPCIS 2.0 section 7.3.3)";
                self.refuse(format!("{path}/uom"), reason);
            }
        }
    }

    fn places(&mut self, event: &Event) {
        for (name, location) in [
            ("readPoint", &event.read_point),
            ("bizLocation", &event.biz_location),
        ] {
            let id = location.as_ref().and_then(|place| place.id.as_deref());
            if let Some(fault) = id.and_then(identifier::location_fault) {
                self.refuse(event.at(&format!("{name}/id")), fault);
            }
        }
        for (list, name, parties) in [
            ("sourceList", "source", &event.sources),
            ("destinationList", "destination", &event.destinations),
        ] {
            for (index, party) in parties.iter().enumerate() {
                if let Some(fault) = identifier::location_fault(&party.value) {
                    self.refuse(event.at(&format!("{list}/{index}/{name}")), fault);
                }
            }
        }
    }

    fn by_kind(&mut self, event: &Event) {
        let mut missing = |name: &str, rule: &str| {
            self.refuse(event.at(name), format!("is missing: {rule}"));
        };
        let nothing = event.epcs.is_empty() && event.quantities.is_empty();
        match event.kind {
            Kind::Object => {
                if nothing {
                    missing(
                        "epcList",
                        "an ObjectEvent names one thing or class (EPCIS 2.0 \
                                        section 7.4.2)",
                    );
                }
                if !event.ilmd.is_empty() && event.action != Some(Action::Add) {
                    let reason = "is only said of things that the event creates, by action ADD \
                                  (EPCIS 2.0 section 7.4.2)";
                    self.refuse(event.at("ilmd"), reason);
                }
            }
            Kind::Aggregation => {
                let childless = event.children.is_empty() && event.child_quantities.is_empty();
                if event.parent.is_none() && event.action != Some(Action::Observe) {
                    missing(
                        "parentID",
                        "only an observation may leave it out (EPCIS 2.0 section \
                                         7.4.3)",
                    );
                }
                let needed = match event.action {
                    Some(Action::Add) => true,
                    Some(Action::Observe) => event.parent.is_none(),
                    _ => false,
                };
                if childless && needed {
                    missing(
                        "childEPCs",
                        "an aggregation names what is in the parent (EPCIS 2.0 \
                                          section 7.4.3)",
                    );
                }
            }
            Kind::Transaction => {
                if nothing && event.parent.is_none() && event.action != Some(Action::Delete) {
                    missing(
                        "epcList",
                        "only a deletion may leave it out (EPCIS 2.0 section \
                                        7.4.5)",
                    );
                }
            }
            Kind::Transformation => {
                let inputs = !event.inputs.is_empty() || !event.input_quantities.is_empty();
                let outputs = !event.outputs.is_empty() || !event.output_quantities.is_empty();
                let partial = event.transformation.is_some();
                if !(inputs || partial && outputs) {
                    missing(
                        "inputEPCList",
                        "a transformation has inputs (EPCIS 2.0 section \
                                             7.4.6)",
                    );
                }
                if !(outputs || partial && inputs) {
                    missing(
                        "outputEPCList",
                        "a transformation has outputs (EPCIS 2.0 section \
                                              7.4.6)",
                    );
                }
            }
        }
    }

    fn master_data(&mut self, event: &Event) {
        if let Some(Err(error)) = master_data(event, "lotNumber").map(LotNumber::parse) {
            let reason = format!("breaks a rule of GS1: {error}");
            self.refuse(event.at("ilmd/lotNumber"), reason);
        }
        if let Some(Err(error)) = master_data(event, "itemExpirationDate").map(Date::parse) {
            let reason = format!("is no day (CBV 2.0 section 9): {error}");
            self.refuse(event.at("ilmd/itemExpirationDate"), reason);
        }
    }
}
