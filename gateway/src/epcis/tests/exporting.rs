//! A pack's history as a document.

use super::{
    now,
    world::{
        gtin, lot_number, serial, shipment, trace, with, World, MAKER, MAKERS_SITE, WHOLESALER,
    },
};
use crate::epcis::{
    event_id,
    export::{document, Names},
    schema,
};
use axonic_gs1::Gln;
use pallet_drug_provenance::types::{
    Correction, Disposition, ErrorReason, EventKind, LotId, Serials, ShipmentId,
};
use serde_json::{json, Value};
use sp_core::H256;

fn names() -> Names {
    let gln = |digits| Gln::parse(digits).unwrap();
    let mut world = World::new();
    world.add_lot("B42", 6, Serials::Listed);
    Names {
        premises: [(MAKERS_SITE, gln("9506000000022"))].into(),
        partners: [
            (MAKER, gln("9506000000015")),
            (WHOLESALER, gln("9506001000014")),
        ]
        .into(),
        shipments: [(ShipmentId(7), shipment(Vec::new()))].into(),
        lot: world.lots.pop(),
    }
}

fn history(kinds: &[EventKind], disposition: Disposition) -> Vec<Value> {
    let mut trace = trace(LotId(0), 2, with(MAKER, None), kinds);
    trace.disposition = disposition;
    let document = document(gtin(), &serial("P03"), &trace, &names(), now());
    assert!(schema::check(&document).is_empty());
    document["epcisBody"]["eventList"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn every_kind_of_event_is_told_in_words_of_cbv() {
    use EventKind::*;
    let kinds = [
        Commissioning,
        Packing,
        Unpacking,
        Sealing,
        Shipping,
        VoidShipping,
        Receiving,
        Resolving,
        Returning,
        Dispensing,
        Undoing,
        Decommissioning,
        Stealing,
        Transforming,
    ];
    let events = history(&kinds, Disposition::Transformed);
    assert_eq!(events.len(), kinds.len());
    for (event, expected) in events.iter().zip([
        ("ADD", "commissioning", Some("active")),
        ("OBSERVE", "packing", Some("in_progress")),
        ("OBSERVE", "unpacking", Some("in_progress")),
        ("OBSERVE", "other", None),
        ("OBSERVE", "shipping", Some("in_transit")),
        ("OBSERVE", "void_shipping", Some("in_progress")),
        ("OBSERVE", "receiving", Some("in_progress")),
        ("OBSERVE", "other", None),
        ("OBSERVE", "shipping", Some("returned")),
        ("DELETE", "dispensing", Some("dispensed")),
        ("OBSERVE", "other", Some("active")),
        ("DELETE", "decommissioning", Some("inactive")),
        ("OBSERVE", "other", Some("stolen")),
        ("DELETE", "repackaging", Some("inactive")),
    ]) {
        let (action, step, disposition) = expected;
        assert_eq!(event["action"], action);
        assert_eq!(event["bizStep"], step);
        let told = event.get("disposition").and_then(Value::as_str);
        assert_eq!(told, disposition, "{step}");
    }
}

#[test]
fn an_event_says_which_pack_when_where_and_by_what_hash() {
    let events = history(&[EventKind::Commissioning], Disposition::Active);
    let event = &events[0];
    // The hash is the partner's event's, which says more; this one has no name of its own.
    let hash = event_id(&H256::from_low_u64_be(1));
    assert_eq!(event["axonic:eventHash"], hash);
    assert_eq!(event.get("eventID"), None);
    assert_eq!(event["eventTime"], "2026-02-25T06:13:20.001Z");
    assert_eq!(
        event["epcList"],
        json!(["https://id.gs1.org/01/09506000134352/21/P03"])
    );
    let place = json!({"id": "https://id.gs1.org/414/9506000000022"});
    assert_eq!(
        (&event["readPoint"], &event["bizLocation"]),
        (&place, &place)
    );
    let ilmd = json!({"cbvmda:lotNumber": lot_number("B42"),
        "cbvmda:itemExpirationDate": "2028-12-31"});
    assert_eq!(event["ilmd"], ilmd);
}

#[test]
fn a_shipment_says_from_whom_and_to_whom_and_an_error_why() {
    let mut trace = trace(LotId(0), 2, with(MAKER, None), &[EventKind::Shipping]);
    let recorded = &mut trace.events[0].event;
    recorded.shipment = Some(ShipmentId(7));
    recorded.correction = Some(Correction {
        reason: ErrorReason::DidNotOccur,
        at: 1_772_000_200_000,
        corrective: Some(H256::repeat_byte(5)),
    });
    let document = document(gtin(), &serial("P03"), &trace, &names(), now());
    assert!(schema::check(&document).is_empty());
    let event = &document["epcisBody"]["eventList"][0];
    let party = |name: &str, gln: &str| {
        let uri = format!("https://id.gs1.org/417/{gln}");
        json!([{"type": "possessing_party", name: uri}])
    };
    assert_eq!(event["sourceList"], party("source", "9506000000015"));
    assert_eq!(
        event["destinationList"],
        party("destination", "9506001000014")
    );
    assert_eq!(event.get("bizLocation"), None);
    let error = &event["errorDeclaration"];
    assert_eq!(error["reason"], "did_not_occur");
    assert_eq!(
        error["correctiveEventIDs"],
        json!([event_id(&H256::repeat_byte(5))])
    );
}

#[test]
fn partial_dispensing_and_the_last_fate_are_told_by_what_follows() {
    use EventKind::{Decommissioning, Dispensing, Undoing};
    let told = |kinds: &[EventKind], disposition| {
        let events = history(kinds, disposition);
        let steps = events.iter().map(|event| event["disposition"].clone());
        steps.collect::<Vec<_>>()
    };
    let both = told(&[Dispensing, Dispensing], Disposition::Dispensed);
    assert_eq!(both, ["partially_dispensed", "dispensed"]);
    let partly = told(&[Dispensing], Disposition::PartiallyDispensed);
    assert_eq!(partly, ["partially_dispensed"]);
    let undone = told(&[Dispensing, Undoing], Disposition::Active);
    assert_eq!(undone, ["dispensed", "active"]);
    let exported = history(&[Decommissioning], Disposition::Exported);
    assert_eq!(exported[0]["disposition"], "inactive");
    assert_eq!(exported[0]["axonic:decommissionReason"], "exported");
    let destroyed = told(&[Decommissioning], Disposition::Destroyed);
    assert_eq!(destroyed, ["destroyed"]);
}

#[test]
fn a_pack_that_was_packed_again_begins_with_that() {
    use EventKind::{Shipping, Transforming};
    let events = history(&[Transforming, Shipping, Transforming], Disposition::Active);
    let told = |event: &Value| (event["action"].clone(), event["disposition"].clone());
    assert_eq!(told(&events[0]), (json!("ADD"), json!("active")));
    assert_eq!(events[0]["ilmd"]["cbvmda:lotNumber"], "B42");
    assert_eq!(told(&events[2]), (json!("DELETE"), json!("inactive")));
    assert_eq!(events[2].get("ilmd"), None);
}
