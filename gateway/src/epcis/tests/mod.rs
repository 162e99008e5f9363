//! Documents of our own, from the file to the calls and back.

mod again;
mod exporting;
mod fates;
mod hashing;
mod mapping;
mod reading;
mod trading;
mod world;

use super::Document;
use crate::fhir::{period::instant, Refusal};
use axonic_primitives::Moment;
use serde_json::{json, Value};

/// From a maker's six packs to the pallet that leaves for a wholesaler: EPCIS 2.0 JSON.
const JSON: &str = include_str!("../../../tests/epcis/from-maker-to-wholesaler.json");
/// The same in EPCIS 1.2 XML.
const XML: &str = include_str!("../../../tests/epcis/from-maker-to-wholesaler.xml");

/// A day after all of that.
fn now() -> Moment {
    instant("2026-03-03T00:00:00Z").unwrap()
}

fn parse(text: &str) -> Result<Document, Vec<Refusal>> {
    Document::parse(text.as_bytes(), now())
}

fn read(document: &Value) -> Document {
    match parse(&document.to_string()) {
        Ok(document) => document,
        Err(refusals) => {
            let told: Vec<_> = refusals.iter().map(ToString::to_string).collect();
            panic!("{}", told.join("\n"))
        }
    }
}

fn refusals(text: &str) -> Vec<String> {
    let refusals = parse(text).err().expect("refused");
    refusals.iter().map(ToString::to_string).collect()
}

/// A document with one event: what is given, and what every event has.
fn document(event: Value) -> Value {
    let mut whole = json!({
        "eventTime": "2026-03-02T10:00:00.000+02:00",
        "eventTimeZoneOffset": "+02:00",
        "readPoint": {"id": "https://id.gs1.org/414/9506000000022"},
    });
    for (name, value) in event.as_object().unwrap() {
        whole[name] = value.clone();
    }
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
            {"example": "https://ns.example.com/epcis/", "own": "urn:axonic:epcis"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T10:05:00.000+02:00",
        "epcisBody": {"eventList": [whole]},
    })
}

/// The canonical URI of one of the maker's packs.
fn pack(serial: &str) -> String {
    format!("https://id.gs1.org/01/09506000134352/21/{serial}")
}
