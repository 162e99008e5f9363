//! What is read, and what is refused with which path and rule.

use super::{document, pack, parse, read, refusals, JSON, XML};
use crate::epcis::{
    hash::{event_hash, pre_hash},
    Action, Kind,
};
use serde_json::{json, Value};

#[test]
fn both_forms_of_a_document_say_the_same() {
    let [json, xml] = [JSON, XML].map(|text| parse(text).ok().unwrap());
    assert_eq!(json.events.len(), 6);
    assert_eq!((json.statement, xml.statement), (Some(true), Some(true)));
    for (one, other) in json.events.iter().zip(&xml.events) {
        assert_eq!(pre_hash(one), pre_hash(other));
        assert_eq!(event_hash(one), event_hash(other));
    }
    let shipping = &xml.events[5];
    assert_eq!(
        (shipping.kind, shipping.action),
        (Kind::Object, Some(Action::Observe))
    );
    assert_eq!(
        (shipping.step(), shipping.state()),
        (Some("shipping"), Some("in_transit"))
    );
    assert_eq!(shipping.extensions.len(), 1);
}

fn object(changes: Value) -> Value {
    let mut event = json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": [pack("A1")],
    });
    for (name, value) in changes.as_object().unwrap() {
        event[name] = value.clone();
    }
    document(event)
}

#[test]
fn what_breaks_a_rule_is_told_with_its_path_and_the_rule() {
    let serials_21 = pack("123456789012345678901");
    let class = "urn:epc:class:lgtin:9506000.013435.L1";
    for (changes, path, rule) in [
        (
            json!({"action": "CREATE"}),
            "action",
            "one of ADD, OBSERVE, DELETE (EPCIS 2.0 section 7.3.2)",
        ),
        (
            json!({"action": null}),
            "action",
            "one of ADD, OBSERVE, DELETE",
        ),
        (
            json!({"epcList": ["https://id.gs1.org/01/09506000134353/21/A1"]}),
            "epcList/0",
            "the last digit is not the check digit, which would be 2",
        ),
        (
            json!({"epcList": ["urn:epc:id:sgtin:9506000.013435.A^1"]}),
            "epcList/0",
            "is not allowed there",
        ),
        (
            json!({"epcList": [serials_21]}),
            "epcList/0",
            "too long; 20 is the most",
        ),
        (
            json!({"epcList": ["urn:epc:id:sgtin:9506000.13435.A1"]}),
            "epcList/0",
            "breaks a rule of GS1",
        ),
        (
            json!({"epcList": ["https://id.gs1.org/01/09506000134352"]}),
            "epcList/0",
            "names a class and not one thing",
        ),
        (
            json!({"epcList": [class]}),
            "epcList/0",
            "names a class and not one thing",
        ),
        (
            json!({"epcList": [pack("A1"), "urn:epc:id:sgtin:9506000.013435.A1"]}),
            "epcList/1",
            "is named before in the same list",
        ),
        (
            json!({"epcList": []}),
            "epcList",
            "is missing: an ObjectEvent names one thing",
        ),
        (
            json!({"epcList": "urn:epc:id:sscc:1"}),
            "epcList",
            "a list of EPCs",
        ),
        (
            json!({"eventTime": "2026-03-04T00:00:00.000Z"}),
            "eventTime",
            "is in the future",
        ),
        (
            json!({"eventTime": "2026-03-02"}),
            "eventTime",
            "a date and time with seconds",
        ),
        (
            json!({"eventTime": "1969-12-31T23:00:00Z"}),
            "eventTime",
            "since 1970",
        ),
        (
            json!({"eventTimeZoneOffset": "+15:00"}),
            "eventTimeZoneOffset",
            "at most 14 hours",
        ),
        (
            json!({"bizStep": "shiping"}),
            "bizStep",
            "no such business step",
        ),
        (
            json!({"disposition": "lost"}),
            "disposition",
            "no such disposition",
        ),
        (
            json!({"sourceList": [{"type": "sender", "source": "urn:epc:id:pgln:9506000.00001"}]}),
            "sourceList/0/type",
            "CBV 2.0 section 7.4",
        ),
        (
            json!({"readPoint": {"id": "https://id.gs1.org/414/9506000000023"}}),
            "readPoint/id",
            "check digit",
        ),
        (
            json!({"quantityList": [
                {"epcClass": class, "quantity": 2, "uom": "KGM"},
                {"epcClass": "https://id.gs1.org/01/09506000134352/10/L1", "quantity": 3},
            ]}),
            "quantityList/1/uom",
            "mixes units",
        ),
        (
            json!({"quantityList": [{"epcClass": class, "quantity": 0}]}),
            "quantityList/0/quantity",
            "a number above zero",
        ),
        (
            json!({"quantityList": [{"epcClass": class, "uom": "kilogram"}]}),
            "quantityList/0/uom",
            "UN/CEFACT Recommendation 20",
        ),
        (
            json!({"ilmd": {"cbvmda:lotNumber": "L1"}}),
            "ilmd",
            "is only said of things that the event creates",
        ),
        (
            json!({"parentId": "urn:epc:id:sscc:1"}),
            "parentId",
            "no such element",
        ),
        (
            json!({"type": "AssociationEvent"}),
            "type",
            "one of ObjectEvent",
        ),
        (
            json!({"errorDeclaration": {"reason": "did_not_occur"}}),
            "errorDeclaration/declarationTime",
            "is missing",
        ),
    ] {
        let told = refusals(&object(changes.clone()).to_string());
        let begin = format!("epcisBody/eventList/0/{path}: ");
        let found = told
            .iter()
            .any(|line| line.starts_with(&begin) && line.contains(rule));
        assert!(found, "{changes}: {told:?}");
    }
}

#[test]
fn other_kinds_of_events_have_rules_of_their_own() {
    let pallet = "urn:epc:id:sscc:9506000.0000000001";
    let step = "packing";
    for (event, path) in [
        (
            json!({"type": "AggregationEvent", "action": "ADD", "bizStep": step,
                "childEPCs": [pack("A1")]}),
            "parentID",
        ),
        (
            json!({"type": "AggregationEvent", "action": "ADD", "bizStep": step,
                "parentID": pallet}),
            "childEPCs",
        ),
        (
            json!({"type": "TransactionEvent", "action": "ADD", "epcList": [pack("A1")]}),
            "bizTransactionList",
        ),
        (
            json!({"type": "TransactionEvent", "action": "ADD",
                "bizTransactionList": [{"bizTransaction": "urn:example:1"}]}),
            "epcList",
        ),
        (
            json!({"type": "TransformationEvent", "inputEPCList": [pack("A1")]}),
            "outputEPCList",
        ),
        (
            json!({"type": "TransformationEvent", "outputEPCList": [pack("A1")]}),
            "inputEPCList",
        ),
        (
            json!({"type": "ObjectEvent", "action": "ADD", "epcList": [pack("A1")],
                "ilmd": {"cbvmda:itemExpirationDate": "2026-02-30"}}),
            "ilmd/itemExpirationDate",
        ),
    ] {
        let told = refusals(&document(event.clone()).to_string());
        let begin = format!("epcisBody/eventList/0/{path}: ");
        assert!(
            told.iter().any(|line| line.starts_with(&begin)),
            "{event}: {told:?}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let told = refusals(&object(json!({"action": "CREATE", "eventTime": "today"})).to_string());
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn xml_is_told_with_the_path_of_the_xml() {
    let told = refusals(&XML.replacen("<action>ADD</action>", "<action>CREATE</action>", 1));
    let expected = "EPCISBody/EventList/ObjectEvent[1]/action: one of ADD, OBSERVE, DELETE (EPCIS \
                    2.0 section 7.3.2)";
    assert_eq!(told, [expected]);
    let told = refusals(&XML.replacen("sgtin:9506000.013435.P05", "sgtin:9506000.013435.P^5", 1));
    assert!(
        told[0].starts_with("EPCISBody/EventList/ObjectEvent[1]/epcList/epc[2]: "),
        "{told:?}"
    );
    let told = refusals(&XML.replacen(
        "<mda:itemExpirationDate>2028-",
        "<mda:itemExpirationDate>28-",
        1,
    ));
    let begin = "EPCISBody/EventList/ObjectEvent[1]/extension/ilmd/itemExpirationDate: ";
    assert!(told[0].starts_with(begin), "{told:?}");
    let told = refusals(&XML.replacen("schemaVersion=\"1.2\"", "schemaVersion=\"1.0\"", 1));
    assert!(
        told[0].starts_with("schemaVersion: must be 1.2 or 2.0"),
        "{told:?}"
    );
}

#[test]
fn only_version_2_0_is_read_as_json() {
    let written = r#""schemaVersion": "2.0""#;
    let told = refusals(&JSON.replacen(written, r#""schemaVersion": "2.09""#, 1));
    assert_eq!(
        told,
        ["schemaVersion: 2.0, as text (EPCIS 2.0 section 9.5)"]
    );
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, expected) in [
        ("", "(file): is not well-formed JSON"),
        ("{", "(file): is not well-formed JSON"),
        ("[]", "(file): a JSON object"),
        (
            r#"{"type": "EPCISDocument", "type": "EPCISDocument"}"#,
            "twice",
        ),
        ("<a", "(file): is not well-formed XML"),
        ("<a/>", "(root): must be an `EPCISDocument`"),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "(file): has a document type declaration",
        ),
    ] {
        let told = refusals(text);
        assert!(told[0].contains(expected), "{text}: {told:?}");
    }
}

#[test]
fn sensors_and_extensions_are_read_and_stand_in_no_way() {
    let document = read(&object(json!({
        "persistentDisposition": {"set": ["completeness_verified"]},
        "certificationInfo": "https://example.org/certificate",
        "sensorElementList": [{
            "sensorMetadata": {"time": "2026-03-02T09:00:00Z"},
            "sensorReport": [{"type": "Temperature", "value": 4.50, "uom": "CEL"}],
        }],
        "example:list": ["b", {"example:inner": 2.0}],
    })));
    let event = &document.events[0];
    let text = pre_hash(event);
    for part in [
        "persistentDispositionset=https://ref.gs1.org/cbv/Disp-completeness_verified",
        "sensorElementsensorMetadatatime=2026-03-02T09:00:00.000Z",
        "sensorReporttype=https://ref.gs1.org/voc/Temperaturevalue=4.5uom=CEL",
        "{https://ns.example.com/epcis/}list=b\
         {https://ns.example.com/epcis/}list{https://ns.example.com/epcis/}inner=2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("certificate"));
}
