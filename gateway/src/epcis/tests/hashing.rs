//! The event hash: examples that were published, and what must and must not change it.

use super::{document, pack, parse, read, JSON};
use crate::epcis::{
    event_id,
    hash::{event_hash, pre_hash},
};
use serde_json::{json, Value};
use sp_core::H256;

fn hash(event: Value) -> H256 {
    event_hash(&read(&document(event)).events[0])
}

/// The three events whose hashes are those that the EPCIS Event Hash Generator, CBV 2.0's reference
/// implementation, publishes for CBV 2.0 (tests/examples/expected/CBV2.0: `..Algorithm3`,
/// `..ShippingAndTransportingEvent`).
#[test]
fn hashes_are_those_of_published_examples() {
    let departing = json!({
        "type": "ObjectEvent",
        "eventTime": "2020-03-04T11:00:30+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": ["urn:epc:id:sgtin:0614141.011111.987"],
        "action": "OBSERVE",
        "bizStep": "departing",
        "disposition": "in_transit",
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "example:myField1": "AB-12"},
        "bizTransactionList": [{"type": "po",
            "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
        "destinationList": [{"type": "owning_party",
            "destination": "urn:epc:id:pgln:0614141.00000"}],
        "example:userExt": "CD-34",
    });
    let despatched = json!({
        "type": "ObjectEvent",
        "eventTime": "2022-02-16T12:50:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": ["https://id.gs1.org/00/140123451122233341"],
        "action": "OBSERVE",
        "bizStep": "urn:epcglobal:cbv:bizstep:departing",
        "readPoint": {"id": "https://id.gs1.org/414/4012345000221"},
        "bizTransactionList": [{"type": "desadv",
            "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:ASN1099"}],
        "sourceList": [{"type": "possessing_party",
            "source": "https://id.gs1.org/417/4012345000009"}],
        "destinationList": [{"type": "possessing_party",
            "destination": "https://id.gs1.org/417/4023333000000"}],
    });
    let on_the_way = json!({
        "type": "ObjectEvent",
        "eventTime": "2022-02-16T16:50:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": ["https://id.gs1.org/00/140123451122233341"],
        "action": "OBSERVE",
        "bizStep": "transporting",
        "readPoint": {"id": "geo:47.506694,11.104301"},
    });
    for (event, published) in [
        (
            departing,
            "3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329",
        ),
        (
            despatched,
            "2919bf0587534fef0e25eea97b5dda68f345e6bbf2c6b4cb27b2a52e0039272b",
        ),
        (
            on_the_way,
            "1d2ec4174d8f0b5988a44795b31a636e8bc7f88ebc4bdc0d35c14f215a842e80",
        ),
    ] {
        let expected = format!("ni:///sha-256;{published}?ver=CBV2.0");
        assert_eq!(event_id(&hash(event)), expected);
    }
}

#[test]
fn the_text_that_is_hashed_is_in_the_standard_s_order() {
    let document = parse(JSON).ok().unwrap();
    let expected = [
        "eventType=ObjectEvent",
        "eventTime=2026-03-02T07:00:00.000Z",
        "eventTimeZoneOffset=+02:00",
        "epcListepc=https://id.gs1.org/00/095060000000000015",
        "action=OBSERVE",
        "bizStep=https://ref.gs1.org/cbv/BizStep-shipping",
        "disposition=https://ref.gs1.org/cbv/Disp-in_transit",
        "readPointid=https://id.gs1.org/414/9506000000022",
        "bizTransactionList",
        "type=https://ref.gs1.org/cbv/BTT-desadv",
        "bizTransaction=urn:epcglobal:cbv:bt:9506000000015:DA-9",
        "type=https://ref.gs1.org/cbv/BTT-po",
        "bizTransaction=urn:epcglobal:cbv:bt:9506001000014:PO-7",
        "sourceList",
        "type=https://ref.gs1.org/cbv/SDT-location",
        "source=https://id.gs1.org/414/9506000000022",
        "type=https://ref.gs1.org/cbv/SDT-owning_party",
        "source=https://id.gs1.org/417/9506000000015",
        "destinationList",
        "type=https://ref.gs1.org/cbv/SDT-location",
        "destination=https://id.gs1.org/414/9506001000021",
        "type=https://ref.gs1.org/cbv/SDT-owning_party",
        "destination=https://id.gs1.org/417/9506001000014",
        "{http://epcis.gs1us.org/hc/ns}dropShipment=false",
    ];
    assert_eq!(pre_hash(&document.events[5]), expected.concat());
}

fn event() -> Value {
    json!({
        "type": "ObjectEvent",
        "eventTime": "2026-03-02T10:00:00.000+02:00",
        "action": "ADD",
        "bizStep": "commissioning",
        "epcList": [pack("A1"), pack("A2")],
        "ilmd": {"cbvmda:lotNumber": "0012", "cbvmda:itemExpirationDate": "2028-12-31"},
        "bizTransactionList": [
            {"type": "po", "bizTransaction": "urn:example:1"},
            {"type": "desadv", "bizTransaction": "urn:example:2"},
        ],
        "example:b": "1.50",
        "example:a": {"example:d": true, "example:c": 1},
    })
}

fn changed(name: &str, value: Value) -> H256 {
    let mut event = event();
    event[name] = value;
    hash(event)
}

#[test]
fn notation_does_not_change_the_hash() {
    let original = hash(event());
    for (name, value) in [
        ("epcList", json!([pack("A2"), pack("A1")])),
        (
            "epcList",
            json!([
                "urn:epc:id:sgtin:9506000.013435.A2",
                "urn:epc:id:sgtin:9506000.013435.A1"
            ]),
        ),
        (
            "epcList",
            json!([
                "https://maker.example/x/01/09506000134352/10/L/21/A1?17=281231",
                pack("A2")
            ]),
        ),
        ("eventTime", json!("2026-03-02T08:00:00Z")),
        ("eventTime", json!("2026-03-01T22:00:00.0-10:00")),
        ("bizStep", json!("urn:epcglobal:cbv:bizstep:commissioning")),
        (
            "bizStep",
            json!("https://ref.gs1.org/cbv/BizStep-commissioning"),
        ),
        ("bizStep", json!("cbv:BizStep-commissioning")),
        ("bizStep", json!("  commissioning ")),
        (
            "readPoint",
            json!({"id": "urn:epc:id:sgln:9506000.00002.0"}),
        ),
        (
            "bizTransactionList",
            json!([
                {"type": "urn:epcglobal:cbv:btt:desadv", "bizTransaction": "urn:example:2"},
                {"bizTransaction": "urn:example:1", "type": "po"},
            ]),
        ),
        ("example:b", json!(1.5)),
        ("example:a", json!({"example:c": 1.0, "example:d": "true"})),
        // What is said of an event is not part of it.
        (
            "eventID",
            json!("urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"),
        ),
        ("recordTime", json!("2026-03-02T11:00:00Z")),
        (
            "errorDeclaration",
            json!({"declarationTime": "2026-03-02T11:00:00Z", "reason": "did_not_occur"}),
        ),
    ] {
        assert_eq!(changed(name, value.clone()), original, "{name}: {value}");
    }
}

#[test]
fn prefixes_do_not_change_the_hash() {
    let mut other = document(event());
    other["@context"] = json!([{"x": "https://ns.example.com/epcis/"}]);
    let event = &mut other["epcisBody"]["eventList"][0];
    let members = event.as_object_mut().unwrap();
    members.remove("example:a");
    members.insert("x:a".into(), json!({"x:d": true, "x:c": 1}));
    let b = members.remove("example:b").unwrap();
    members.insert("x:b".into(), b);
    assert_eq!(event_hash(&read(&other).events[0]), hash(self::event()));
}

#[test]
fn what_an_event_says_changes_the_hash() {
    let original = hash(event());
    for (name, value) in [
        ("epcList", json!([pack("A1")])),
        ("epcList", json!([pack("A1"), pack("A3")])),
        ("eventTime", json!("2026-03-02T08:00:00.001Z")),
        ("eventTimeZoneOffset", json!("+01:00")),
        ("bizStep", json!("encoding")),
        ("disposition", json!("active")),
        (
            "readPoint",
            json!({"id": "urn:epc:id:sgln:9506000.00002.1"}),
        ),
        (
            "bizLocation",
            json!({"id": "https://id.gs1.org/414/9506000000022"}),
        ),
        (
            "ilmd",
            json!({"cbvmda:lotNumber": "12", "cbvmda:itemExpirationDate": "2028-12-31"}),
        ),
        (
            "bizTransactionList",
            json!([{"bizTransaction": "urn:example:1"}]),
        ),
        ("example:b", json!("1.51")),
        ("example:e", json!("")),
    ] {
        assert_ne!(changed(name, value.clone()), original, "{name}: {value}");
    }
}
