//! The custody history of a pack as an EPCIS 2.0 document.
//!
//! The chain keeps of an event what it was, when and where it happened, who recorded it and the
//! hash of the partner's own event. That is what is told, as events about the pack: each has the
//! hash in the extension `axonic:eventHash`, by which the partner's own event is found and checked.
//! It is no `eventID`, because the partner's event says more and this one has another hash.

use super::{
    event::{event_id, OWN},
    hash::instant,
};
use axonic_gs1::{digital_link, Gln, Gtin, Serial};
use axonic_primitives::{Moment, OrgId, SiteId};
use pallet_drug_provenance::types::{
    Disposition, ErrorReason, EventKind, Lot, RecordedEvent, Shipment, ShipmentId, Trace,
    TraceEntry,
};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;

/// The context of EPCIS 2.0.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld";

/// What it takes to name what a trace has numbers for.
#[derive(Default)]
pub struct Names {
    /// The location numbers of premises.
    pub premises: BTreeMap<SiteId, Gln>,
    /// The location numbers of trading partners.
    pub partners: BTreeMap<OrgId, Gln>,
    /// The shipments.
    pub shipments: BTreeMap<ShipmentId, Shipment>,
    /// The pack's lot.
    pub lot: Option<Lot>,
}

/// Writes the history of a pack, at `now`, UTC milliseconds.
pub fn document(gtin: Gtin, serial: &Serial, trace: &Trace, names: &Names, now: Moment) -> Value {
    let pack = digital_link::pack(gtin, serial);
    let events: Vec<_> = (0..trace.events.len())
        .filter_map(|index| event(&pack, trace, index, names))
        .collect();
    json!({
        "@context": [CONTEXT, {"axonic": OWN}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": instant(now),
        "epcisBody": {"eventList": events},
    })
}

fn event(pack: &str, trace: &Trace, index: usize, names: &Names) -> Option<Value> {
    let recorded = &trace.events.get(index)?.event;
    let words = Words::of(trace, index)?;
    let mut event = Map::new();
    let mut say = |name: &str, value: Value| {
        event.insert(name.into(), value);
    };
    say("type", json!("ObjectEvent"));
    say("eventTime", json!(instant(recorded.time)));
    say("eventTimeZoneOffset", json!("+00:00"));
    say("recordTime", json!(instant(recorded.recorded_at)));
    say("epcList", json!([pack]));
    say("action", json!(words.action));
    say("bizStep", json!(words.step));
    if let Some(disposition) = words.disposition {
        say("disposition", json!(disposition));
    }
    if let Some(gln) = names.premises.get(&recorded.site) {
        let place = json!({"id": digital_link::location(*gln)});
        say("readPoint", place.clone());
        // Where goods are that have left, is not said.
        if words.stays {
            say("bizLocation", place);
        }
    }
    if let (true, Some(lot)) = (words.action == "ADD", &names.lot) {
        let attributes = json!({
            "cbvmda:lotNumber": lot.number,
            "cbvmda:itemExpirationDate": lot.expiry,
        });
        say("ilmd", attributes);
    }
    if let Some(shipment) = recorded.shipment.and_then(|id| names.shipments.get(&id)) {
        let party = |name: &str, org: OrgId| {
            let gln = names.partners.get(&org)?;
            let uri = format!("https://id.gs1.org/417/{gln}");
            Some(json!([{"type": "possessing_party", name: uri}]))
        };
        if let Some(sources) = party("source", shipment.from) {
            say("sourceList", sources);
        }
        if let Some(destinations) = party("destination", shipment.to) {
            say("destinationList", destinations);
        }
    }
    say("axonic:eventHash", json!(event_id(&recorded.hash)));
    // CBV has no word for it.
    let exported = fate(trace, index) == Some(Disposition::Exported);
    if exported && recorded.kind == EventKind::Decommissioning {
        say("axonic:decommissionReason", json!("exported"));
    }
    if let Some(error) = declared_wrong(recorded) {
        say("errorDeclaration", error);
    }
    Some(Value::Object(event))
}

fn declared_wrong(recorded: &RecordedEvent) -> Option<Value> {
    let correction = recorded.correction.as_ref()?;
    let reason = match correction.reason {
        ErrorReason::DidNotOccur => "did_not_occur",
        ErrorReason::IncorrectData => "incorrect_data",
    };
    let mut error = json!({
        "declarationTime": instant(correction.at),
        "reason": reason,
    });
    if let (Some(corrective), Value::Object(error)) = (&correction.corrective, &mut error) {
        error.insert("correctiveEventIDs".into(), json!([event_id(corrective)]));
    }
    Some(error)
}

/// What CBV calls an event of a history.
struct Words {
    action: &'static str,
    step: &'static str,
    disposition: Option<&'static str>,
    /// Whether the pack is afterwards where the event happened.
    stays: bool,
}

impl Words {
    fn of(trace: &Trace, index: usize) -> Option<Self> {
        let entry = trace.events.get(index)?;
        let words = |action, step, disposition, stays| Self {
            action,
            step,
            disposition,
            stays,
        };
        Some(match entry.event.kind {
            EventKind::Commissioning => words("ADD", "commissioning", Some("active"), true),
            EventKind::Packing => words("OBSERVE", "packing", Some("in_progress"), true),
            EventKind::Unpacking => words("OBSERVE", "unpacking", Some("in_progress"), true),
            // CBV has no step for a seal, for the end of a discrepancy or for undoing.
            EventKind::Sealing | EventKind::Resolving => words("OBSERVE", "other", None, true),
            EventKind::Undoing => words("OBSERVE", "other", Some("active"), true),
            EventKind::Shipping => words("OBSERVE", "shipping", Some("in_transit"), false),
            EventKind::Returning => words("OBSERVE", "shipping", Some("returned"), false),
            EventKind::VoidShipping => words("OBSERVE", "void_shipping", Some("in_progress"), true),
            EventKind::Receiving => words("OBSERVE", "receiving", Some("in_progress"), true),
            EventKind::Dispensing => match is_partial(trace, index) {
                true => words("OBSERVE", "dispensing", Some("partially_dispensed"), true),
                false => words("DELETE", "dispensing", Some("dispensed"), false),
            },
            EventKind::Decommissioning => match fate(trace, index) {
                Some(Disposition::Sampled) => words("DELETE", "sampling", Some("inactive"), false),
                Some(Disposition::Destroyed) => {
                    words("DELETE", "destroying", Some("destroyed"), false)
                }
                _ => words("DELETE", "decommissioning", Some("inactive"), false),
            },
            EventKind::Stealing => words("OBSERVE", "other", Some("stolen"), false),
            // The pack came to be by it.
            EventKind::Transforming if index == 0 && !trace.truncated => {
                words("ADD", "repackaging", Some("active"), true)
            }
            EventKind::Transforming => words("DELETE", "repackaging", Some("inactive"), false),
        })
    }
}

/// What follows an event, of what takes a pack out of the chain or back into it.
fn next_fate(trace: &Trace, index: usize) -> Option<EventKind> {
    let later = trace.events.iter().skip(index.saturating_add(1));
    let kind = |entry: &TraceEntry| entry.event.kind;
    later.map(kind).find(|kind| {
        matches!(
            kind,
            EventKind::Dispensing
                | EventKind::Undoing
                | EventKind::Decommissioning
                | EventKind::Stealing
                | EventKind::Transforming
        )
    })
}

/// Whether only part of the pack was dispensed: the chain keeps one kind of event for both. A pack
/// that is dispensed in full has nothing after it but the undoing.
fn is_partial(trace: &Trace, index: usize) -> bool {
    match next_fate(trace, index) {
        None => trace.disposition == Disposition::PartiallyDispensed,
        Some(EventKind::Undoing) => false,
        Some(_) => true,
    }
}

/// What became of the pack by an event, if nothing undid it.
fn fate(trace: &Trace, index: usize) -> Option<Disposition> {
    next_fate(trace, index)
        .is_none()
        .then_some(trace.disposition)
}
