//! Shipping, taking back and receiving.

use super::{
    document,
    mapping::{case, mapped, packs, pallet, pallet_uri, refusal, steps},
    pack, read,
    world::{gtin, serial, with, World, MAKER, WHOLESALER},
};
use crate::epcis::{
    mapping::Trouble,
    plan::{LotRef, Step, Thing},
    serials::Books,
};
use pallet_drug_provenance::types::{Direction, Place, Serials, ShipmentId, StepId, Unit};
use serde_json::{json, Value};

fn receiving(epcs: Value) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "readPoint": {"id": "https://id.gs1.org/414/9506001000021"},
        "epcList": epcs,
    })
}

#[tokio::test]
async fn what_is_announced_and_not_observed_is_missing() {
    let mut world = World::new();
    let shipment = ShipmentId(7);
    let on_the_way = with(MAKER, Some(shipment));
    let lot = world.add_lot("L1", 10, Serials::Listed);
    for (number, text) in (0..).zip(["P0", "P1", "P2", "P3", "P4"]) {
        world.add_pack(text, lot, number, on_the_way.clone());
    }
    world.add_pack("P9", lot, 9, with(MAKER, None));
    for number in [1, 2] {
        world.add_container(&pallet(number), on_the_way.clone());
    }
    let roots = vec![
        Unit::Container(pallet(1)),
        Unit::Container(pallet(2)),
        Unit::Packs {
            lot,
            first: 0,
            last: 4,
        },
    ];
    world.add_shipment(shipment, roots);
    let observed = json!([
        pallet_uri(1),
        pack("P0"),
        pack("P1"),
        pack("P3"),
        pack("P9")
    ]);
    let books = Books::default();
    let received = steps(receiving(observed.clone()), &world, WHOLESALER, &books).await;
    let lot = LotRef::Known(lot);
    let expected = Step::Receive {
        shipment,
        missing: vec![
            Thing::Container(pallet(2)),
            packs(lot, 2, 1),
            packs(lot, 4, 1),
        ],
        extra: vec![packs(lot, 9, 1)],
    };
    assert_eq!(received, [expected]);
    let at_maker = refusal(receiving(observed), &world, MAKER, &books).await;
    assert!(
        at_maker.contains("on its way to another organisation"),
        "{at_maker}"
    );
    let told = refusal(receiving(json!([pack("P9")])), &world, WHOLESALER, &books).await;
    assert!(told.contains("is not on its way"), "{told}");
    // A pack in an announced pallet does not say that the pallet is there.
    let inside = world.packs.get_mut(&(gtin(), serial("P0"))).unwrap();
    inside.containers = vec![pallet(2)];
    let told = refusal(receiving(json!([pack("P0")])), &world, WHOLESALER, &books).await;
    assert!(
        told.contains("is in a container that was announced"),
        "{told}"
    );
}

#[tokio::test]
async fn a_shipment_is_taken_back_as_a_whole() {
    let mut world = World::new();
    let shipment = ShipmentId(3);
    for number in [1, 2] {
        world.add_container(&pallet(number), with(MAKER, Some(shipment)));
    }
    let roots = vec![Unit::Container(pallet(1)), Unit::Container(pallet(2))];
    world.add_shipment(shipment, roots);
    let voiding = |epcs: Value| {
        json!({"type": "ObjectEvent", "action": "DELETE", "bizStep": "void_shipping",
            "epcList": epcs})
    };
    let books = Books::default();
    let both = voiding(json!([pallet_uri(1), pallet_uri(2)]));
    let expected = Step::VoidShipment { shipment };
    assert_eq!(steps(both, &world, MAKER, &books).await, [expected]);
    let told = refusal(voiding(json!([pallet_uri(1)])), &world, MAKER, &books).await;
    assert!(
        told.contains("a shipment is taken back as a whole"),
        "{told}"
    );
}

#[tokio::test]
async fn goods_change_hands_with_a_statement_and_go_back_without() {
    let mut world = World::new();
    world.add_container(&pallet(1), with(MAKER, None));
    let shipping = |disposition: &str, changes: Value| {
        let mut event = json!({
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "shipping",
            "disposition": disposition,
            "epcList": [pallet_uri(1)],
            "sourceList": [{"type": "possessing_party",
                "source": "urn:epc:id:pgln:9506000.00001"}],
            "destinationList": [{"type": "owning_party",
                "destination": "urn:epc:id:pgln:9506001.00001"}],
        });
        for (name, value) in changes.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let books = Books::default();
    let told = refusal(shipping("in_transit", json!({})), &world, MAKER, &books).await;
    assert!(told.contains("need the transaction statement"), "{told}");
    let back = steps(shipping("returned", json!({})), &world, MAKER, &books).await;
    let [Step::Ship { goods, direction }] = &back[..] else {
        panic!("{back:?}");
    };
    assert_eq!(
        (*direction, goods.transaction.is_none()),
        (Direction::Return, true)
    );
    let carried = json!({"destinationList": [{"type": "possessing_party",
        "destination": "urn:epc:id:pgln:9506001.00001"}]});
    let carried = steps(shipping("in_transit", carried), &world, MAKER, &books).await;
    assert!(matches!(&carried[..], [Step::Ship { goods, .. }] if goods.transaction.is_none()));
    for (changes, said) in [
        (
            json!({"destinationList": [{"type": "owning_party",
            "destination": "https://id.gs1.org/417/9506002000013"}]}),
            "is no trading partner",
        ),
        (
            json!({"sourceList": [{"type": "owning_party",
            "source": "https://id.gs1.org/417/9506001000014"}]}),
            "is not the organisation that",
        ),
        (
            json!({"sourceList": [{"type": "location",
            "source": "https://id.gs1.org/414/9506000000022"}],
            "destinationList": [{"type": "location",
            "destination": "https://id.gs1.org/414/9506001000021"}]}),
            "who is to have the goods",
        ),
        (
            json!({"readPoint": {"id": "https://id.gs1.org/414/9506001000021"}, "disposition":
            "returned"}),
            "readPoint/id: is another organisation's",
        ),
        // To one the goods, to another what they are worth.
        (
            json!({"sourceList": [{"type": "possessing_party",
            "source": "https://id.gs1.org/417/9506000000015"}],
            "destinationList": [{"type": "possessing_party",
            "destination": "https://id.gs1.org/417/9506000000015"}, {"type": "owning_party",
            "destination": "https://id.gs1.org/417/9506001000014"}]}),
            "destinationList: gives the goods to one",
        ),
        (
            json!({"readPoint": {"id": "geo:1,2"}, "disposition": "returned"}),
            "wants to know the",
        ),
    ] {
        let told = refusal(shipping("in_transit", changes), &world, MAKER, &books).await;
        assert!(told.contains(said), "{told}");
    }
}

#[tokio::test]
async fn packs_in_a_container_are_neither_packed_nor_shipped() {
    let mut world = World::new();
    world.add_container(&pallet(1), with(MAKER, None));
    world.add_container(&case(), with(MAKER, None));
    let container = pallet(1);
    let since = StepId(0);
    world.containers.get_mut(&case()).unwrap().place = Place::Inside { container, since };
    let uri = "https://id.gs1.org/01/19506000134359/21/C1";
    let packing = json!({"type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
        "parentID": pallet_uri(2), "childEPCs": [uri]});
    let books = Books::default();
    let told = refusal(packing, &world, MAKER, &books).await;
    assert!(told.contains("childEPCs/0: is in a container"), "{told}");
    let shipping = json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
        "epcList": [uri]});
    let told = refusal(shipping, &world, MAKER, &books).await;
    assert!(told.contains("epcList/0: is in a container"), "{told}");
}

#[tokio::test]
async fn goods_of_their_next_holder_do_not_change_hands() {
    let mut world = World::new();
    let mut carried = with(MAKER, None);
    carried.owner = WHOLESALER;
    world.add_container(&pallet(1), carried);
    // Who says that they are the maker's, is told better by the chain.
    let shipping = json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
        "epcList": [pallet_uri(1)],
        "sourceList": [{"type": "possessing_party",
            "source": "https://id.gs1.org/417/9506000000015"}],
        "destinationList": [{"type": "owning_party",
            "destination": "https://id.gs1.org/417/9506001000014"}]});
    let made = steps(shipping, &world, MAKER, &Books::default()).await;
    assert!(matches!(&made[..], [Step::Ship { goods, .. }] if goods.transaction.is_none()));
}

#[tokio::test]
async fn what_is_not_in_a_container_that_was_opened_is_missing() {
    let mut world = World::new();
    let shipment = ShipmentId(7);
    let on_the_way = with(MAKER, Some(shipment));
    let lot = world.add_lot("L1", 10, Serials::Listed);
    for (number, text) in (0..).zip(["P0", "P1", "P2", "P3"]) {
        world.add_pack(text, lot, number, on_the_way.clone());
        let inside = world.packs.get_mut(&(gtin(), serial(text))).unwrap();
        inside.containers = vec![pallet(1)];
    }
    world.add_pack("P9", lot, 9, with(MAKER, None));
    world.add_container(&pallet(1), on_the_way);
    let (first, last) = (0, 3);
    world
        .contents
        .insert(pallet(1), vec![Unit::Packs { lot, first, last }]);
    world.add_shipment(shipment, vec![Unit::Container(pallet(1))]);
    let opened = |step: &str, children: Value| {
        json!({"type": "AggregationEvent", "action": "OBSERVE", "bizStep": step,
            "parentID": pallet_uri(1), "childEPCs": children,
            "readPoint": {"id": "https://id.gs1.org/414/9506001000021"}})
    };
    let books = Books::default();
    let children = json!([pack("P0"), pack("P1"), pack("P3"), pack("P9")]);
    let event = opened("receiving", children.clone());
    let lot = LotRef::Known(lot);
    let expected = Step::Receive {
        shipment,
        missing: vec![packs(lot, 2, 1)],
        extra: vec![packs(lot, 9, 1)],
    };
    assert_eq!(steps(event, &world, WHOLESALER, &books).await, [expected]);
    for step in ["shipping", "void_shipping"] {
        let told = refusal(opened(step, children.clone()), &world, MAKER, &books).await;
        assert!(told.contains("childEPCs: is not read"), "{told}");
    }
    let mut unnamed = opened("receiving", json!([pack("P0")]));
    let class = "urn:epc:class:lgtin:9506000.013435.L1";
    unnamed["childQuantityList"] = json!([{"epcClass": class, "quantity": 3}]);
    let told = refusal(unnamed, &world, WHOLESALER, &books).await;
    assert!(told.contains("childQuantityList: does not say"), "{told}");
}

#[tokio::test]
async fn what_a_document_hands_on_it_is_not_about_again() {
    let mut world = World::new();
    let shipment = ShipmentId(3);
    world.add_container(&pallet(1), with(MAKER, None));
    world.add_container(&pallet(2), with(MAKER, Some(shipment)));
    world.add_shipment(shipment, vec![Unit::Container(pallet(2))]);
    let event = |step: &str, time: &str, number: u64| {
        let event = json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": step,
            "eventTime": time, "epcList": [pallet_uri(number)],
            "destinationList": [{"type": "possessing_party",
                "destination": "https://id.gs1.org/417/9506001000014"}]});
        document(event)["epcisBody"]["eventList"][0].clone()
    };
    let (early, late) = ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z");
    for (first, second, number) in [
        ("shipping", "shipping", 1),
        ("shipping", "void_shipping", 1),
        ("shipping", "decommissioning", 1),
        ("void_shipping", "shipping", 2),
        ("void_shipping", "void_shipping", 2),
    ] {
        let mut whole = document(event(first, early, number));
        let events = whole["epcisBody"]["eventList"].as_array_mut().unwrap();
        events.push(event(second, late, number));
        let made = mapped(&read(&whole), &world, MAKER, &Books::default()).await;
        let Err(Trouble::Refused(refusal)) = made else {
            panic!("{first}, {second}: {made:?}");
        };
        let told = refusal.to_string();
        assert!(told.contains("eventList/1/epcList/0: is shipped"), "{told}");
        assert!(told.contains("up to event 1 first"), "{told}");
    }
}
