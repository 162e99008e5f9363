//! Leaving the chain, packing again, declaring wrong; and what is refused.

use super::{
    document,
    mapping::{case, mapped, packs, pallet, pallet_uri, refusal, steps},
    pack, parse, read,
    world::{gtin, serial, trace, with, World, MAKER},
    JSON,
};
use crate::epcis::{
    event_id,
    hash::event_hash,
    plan::{LotRef, Step, Thing},
    serials::{Books, SerialBook},
};
use pallet_drug_provenance::types::{DecommissionReason, ErrorReason, EventId, EventKind, Serials};
use serde_json::{json, Value};
use sp_core::H256;

#[tokio::test]
async fn packs_leave_by_the_word_for_why() {
    let mut world = World::new();
    let lot = world.add_lot("L1", 10, Serials::Listed);
    for (number, text) in (0..).zip(["P0", "P1"]) {
        world.add_pack(text, lot, number, with(MAKER, None));
    }
    let leaving = |step: &str, disposition: Value, extension: Value| {
        let mut event = json!({"type": "ObjectEvent", "action": "DELETE", "bizStep": step,
            "epcList": [pack("P0"), pack("P1")]});
        if !disposition.is_null() {
            event["disposition"] = disposition;
        }
        if !extension.is_null() {
            event["own:decommissionReason"] = extension;
        }
        event
    };
    let books = Books::default();
    let units = || vec![packs(LotRef::Known(lot), 0, 2)];
    for (step, disposition, extension, reason) in [
        (
            "destroying",
            json!("destroyed"),
            json!(null),
            DecommissionReason::Destroyed,
        ),
        (
            "sampling",
            json!(null),
            json!(null),
            DecommissionReason::Sampled,
        ),
        (
            "decommissioning",
            json!("disposed"),
            json!(null),
            DecommissionReason::ForDestruction,
        ),
        (
            "decommissioning",
            json!("damaged"),
            json!(null),
            DecommissionReason::Damaged,
        ),
        (
            "decommissioning",
            json!("inactive"),
            json!("exported"),
            DecommissionReason::Exported,
        ),
        (
            "decommissioning",
            json!("inactive"),
            json!(null),
            DecommissionReason::Other,
        ),
        (
            "decommissioning",
            json!(null),
            json!("unreadable"),
            DecommissionReason::Unreadable,
        ),
    ] {
        let made = steps(leaving(step, disposition, extension), &world, MAKER, &books).await;
        let units = units();
        assert_eq!(made, [Step::Decommission { units, reason }], "{step}");
    }
    let stolen = leaving("decommissioning", json!("stolen"), json!(null));
    let units = units();
    assert_eq!(
        steps(stolen, &world, MAKER, &books).await,
        [Step::ReportStolen { units }]
    );
    let odd = leaving("decommissioning", json!("in_transit"), json!(null));
    let told = refusal(odd, &world, MAKER, &books).await;
    assert!(told.contains("disposition: does not say why"), "{told}");
    let sold = leaving("decommissioning", json!("retail_sold"), json!(null));
    let told = refusal(sold, &world, MAKER, &books).await;
    assert!(told.contains("give dispensing as the business"), "{told}");

    let dispensing = leaving("dispensing", json!("partially_dispensed"), json!(null));
    let made = steps(dispensing, &world, MAKER, &books).await;
    let [Step::Dispense {
        pack: claim,
        proof,
        partial,
    }, _] = &made[..]
    else {
        panic!("{made:?}");
    };
    assert_eq!((proof.is_none(), *partial), (true, true));
    assert_eq!(
        (&claim.lot.0[..], &claim.serial.0[..]),
        (&b"L1"[..], &b"P0"[..])
    );
}

#[tokio::test]
async fn of_a_container_only_what_is_named_is_stolen() {
    let mut world = World::new();
    let lot = world.add_lot("L1", 10, Serials::Listed);
    world.add_pack("P0", lot, 0, with(MAKER, None));
    world.add_container(&pallet(1), with(MAKER, None));
    let stolen = |kind: &str, changes: Value| {
        let mut event = json!({"type": kind, "action": "OBSERVE", "bizStep": "inspecting",
            "disposition": "stolen", "parentID": pallet_uri(1)});
        for (name, value) in changes.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let books = Books::default();
    for (changes, thing) in [
        (
            json!({"childEPCs": [pack("P0")]}),
            packs(LotRef::Known(lot), 0, 1),
        ),
        (json!({"action": "DELETE"}), Thing::Container(pallet(1))),
    ] {
        let event = stolen("AggregationEvent", changes);
        let units = vec![thing];
        let expected = Step::ReportStolen { units };
        assert_eq!(steps(event, &world, MAKER, &books).await, [expected]);
    }
    let class = "urn:epc:class:lgtin:9506000.013435.L1";
    for (kind, changes, said) in [
        (
            "AggregationEvent",
            json!({"action": "ADD", "childEPCs": [pack("P0")]}),
            "action: must be OBSERVE or DELETE",
        ),
        (
            "AggregationEvent",
            json!({"childQuantityList": [{"epcClass": class, "quantity": 1}]}),
            "childQuantityList: does not say which packs",
        ),
        (
            "TransactionEvent",
            json!({"epcList": [pack("P0")],
                "bizTransactionList": [{"bizTransaction": "urn:example:1"}]}),
            "parentID: is named besides",
        ),
    ] {
        let told = refusal(stolen(kind, changes), &world, MAKER, &books).await;
        assert!(told.contains(said), "{told}");
    }
}

#[tokio::test]
async fn packing_again_makes_a_lot_behind_the_root_of_what_comes_out() {
    let mut world = World::new();
    let lot = world.add_lot("L1", 10, Serials::Listed);
    for (number, text) in (0..).zip(["P0", "P1"]) {
        world.add_pack(text, lot, number, with(MAKER, None));
    }
    let event = json!({
        "type": "TransformationEvent",
        "bizStep": "repackaging",
        "inputEPCList": [pack("P0"), pack("P1")],
        "outputEPCList": [pack("N2"), pack("N1")],
        "ilmd": {"cbvmda:lotNumber": "N", "cbvmda:itemExpirationDate": "2028-06-30"},
    });
    let made = steps(event, &world, MAKER, &Books::default()).await;
    let [Step::Transform { inputs, output }] = &made[..] else {
        panic!("{made:?}");
    };
    assert_eq!(*inputs, [packs(LotRef::Known(lot), 0, 2)]);
    let book = SerialBook::read(gtin(), "N2\nN1").unwrap();
    assert_eq!((output.units, output.serial_root), (2, Some(book.root())));
}

#[tokio::test]
async fn an_error_is_declared_of_the_event_with_the_same_hash() {
    let event = json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
        "epcList": [pallet_uri(1)]});
    let hash = event_hash(&read(&document(event.clone())).events[0]);
    let mut declared = event;
    let corrective = H256::repeat_byte(5);
    declared["errorDeclaration"] = json!({
        "declarationTime": "2026-03-02T12:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [event_id(&corrective)],
    });
    let mut world = World::new();
    let books = Books::default();
    let told = refusal(declared.clone(), &world, MAKER, &books).await;
    assert!(told.contains("that the chain does not have"), "{told}");
    world.events.insert((MAKER, hash), EventId(4));
    let expected = Step::DeclareError {
        event: hash,
        reason: ErrorReason::IncorrectData,
        corrective: Some(corrective),
    };
    assert_eq!(steps(declared, &world, MAKER, &books).await, [expected]);
}

#[tokio::test]
async fn what_is_on_the_chain_is_not_sent_again_and_a_commissioning_goes_on() {
    let document = parse(JSON).ok().unwrap();
    let mut world = World::new();
    let lot = world.add_lot("B42", 6, Serials::Listed);
    world.lots[0].commissioned = 4;
    for (number, text) in (0..).zip(["P01", "P02", "P03", "P04"]) {
        let history = trace(
            lot,
            number,
            with(MAKER, None),
            &[EventKind::Commissioning; 3],
        );
        world.packs.insert((gtin(), serial(text)), history);
    }
    world.add_container(&case(), with(MAKER, None));
    for (event, id) in document.events.iter().zip([1, 2, 3]) {
        world.events.insert((MAKER, event_hash(event)), EventId(id));
    }
    let plans = mapped(&document, &world, MAKER, &Books::default())
        .await
        .unwrap();
    let rest = Step::CommissionItems {
        lot: LotRef::Known(lot),
        serials: vec![serial("P05"), serial("P06")],
    };
    assert_eq!(plans[0].steps, [rest]);
    assert!(plans[2].steps.is_empty());
    assert!(
        plans[2].notes[0].contains("already, as event 3"),
        "{:?}",
        plans[2].notes
    );
    assert_eq!(plans[4].steps.len(), 1);
}

#[tokio::test]
async fn what_is_not_about_medicine_packs_is_refused_with_why() {
    let world = World::new();
    let books = Books::default();
    let object = |step: &str, epc: &str| {
        json!({
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": step,
            "epcList": [epc],
        })
    };
    for (event, said) in [
        (
            object("storing", "urn:epc:id:sscc:9506000.0000000001"),
            "bizStep: `storing`",
        ),
        (
            object("https://example.com/steps/weighing", "urn:example:1"),
            "bizStep: is not CBV's",
        ),
        (
            object("shipping", "urn:epc:id:giai:952005385.w2"),
            "epcList/0: names a GIAI",
        ),
        (
            object("shipping", "urn:example:1"),
            "epcList/0: names nothing of GS1's",
        ),
        (
            object("shipping", &pack("A1")),
            "is neither a pack nor a container that the chain",
        ),
        (
            json!({"type": "TransactionEvent", "action": "ADD",
                "bizStep": "https://epcis.example.org/discharging",
                "bizTransactionList": [{"bizTransaction": "urn:epc:id:gdti:95252084.0001.3"}],
                "epcList": ["urn:epc:id:gsrn:95252084.000000001"]}),
            "bizStep: is not CBV's",
        ),
        (
            json!({"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
                "epcList": [pack("A1")]}),
            "ilmd/lotNumber: is missing",
        ),
        (
            json!({"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
                "epcList": [pack("A1")], "ilmd": {"cbvmda:lotNumber": "L1",
                "cbvmda:itemExpirationDate": "2025-12-31"}}),
            "ilmd/itemExpirationDate: is over",
        ),
        (
            json!({"type": "ObjectEvent", "action": "DELETE", "bizStep": "commissioning",
                "epcList": [pack("A1")]}),
            "action: must be ADD",
        ),
    ] {
        let told = refusal(event, &world, MAKER, &books).await;
        assert!(told.contains(said), "{told}");
    }
}
