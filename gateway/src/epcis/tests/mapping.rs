//! Commissioning and packing; and how the other tests map.

use super::{
    document, now, pack, parse, read,
    world::{gtin, lot_number, serial, with, World, MAKER, MAKERS_SITE, WHOLESALER},
    JSON,
};
use crate::epcis::{
    hash::event_hash,
    mapping::{map, Terms, Trouble},
    plan::{Goods, LotRef, Plan, Step, Thing},
    serials::{Books, SerialBook},
    Document,
};
use axonic_gs1::{Gtin, Sscc};
use axonic_primitives::OrgId;
use pallet_drug_provenance::types::{ContainerKey, Direction, Serials, Unit};
use serde_json::{json, Value};
use sp_core::{Blake2Hasher, Hasher};

/// Maps as an organisation that gave these serials.
pub(super) async fn mapped(
    document: &Document,
    world: &World,
    org: OrgId,
    books: &Books,
) -> Result<Vec<Plan>, Trouble> {
    let salt = |event: &str| Blake2Hasher::hash(event.as_bytes());
    let terms = Terms {
        org,
        now: now(),
        books,
        statement: false,
        salt: &salt,
    };
    map(document, world, &terms).await
}

/// The calls of a document with one event.
pub(super) async fn steps(event: Value, world: &World, org: OrgId, books: &Books) -> Vec<Step> {
    let document = read(&document(event));
    let mut plans = mapped(&document, world, org, books).await.unwrap();
    assert_eq!(plans.len(), 1);
    plans.pop().unwrap().steps
}

pub(super) async fn refusal(event: Value, world: &World, org: OrgId, books: &Books) -> String {
    let document = read(&document(event));
    match mapped(&document, world, org, books).await {
        Err(Trouble::Refused(refusal)) => refusal.to_string(),
        Err(Trouble::Chain(error)) => panic!("{error}"),
        Ok(plans) => panic!("{plans:?}"),
    }
}

pub(super) fn case() -> ContainerKey {
    ContainerKey::Sgtin {
        gtin: Gtin::parse("19506000134359").unwrap(),
        serial: serial("C1"),
    }
}

pub(super) fn pallet(number: u64) -> ContainerKey {
    ContainerKey::Sscc(Sscc::with_check_digit(9_506_000_000_000_000 + number).unwrap())
}

pub(super) fn pallet_uri(number: u64) -> String {
    let ContainerKey::Sscc(sscc) = pallet(number) else {
        unreachable!("a pallet has an SSCC");
    };
    format!("https://id.gs1.org/00/{sscc}")
}

pub(super) fn packs(lot: LotRef, first: u32, count: u32) -> Thing {
    Thing::Packs { lot, first, count }
}

#[tokio::test]
async fn a_maker_s_day_becomes_calls_before_anything_is_sent() {
    let document = parse(JSON).ok().unwrap();
    let plans = mapped(&document, &World::new(), MAKER, &Books::default()).await;
    let plans = plans.unwrap();
    let lot = LotRef::New {
        gtin: gtin(),
        number: lot_number("B42"),
    };
    let [commissioning, cases, packing, pallets, loading, shipping] = &plans[..] else {
        panic!("{} plans", plans.len());
    };
    let [Step::CommissionLot { draft }, Step::CommissionItems { lot: of, serials }] =
        &commissioning.steps[..]
    else {
        panic!("{:?}", commissioning.steps);
    };
    assert_eq!((draft.gtin, draft.units), (gtin().as_u64(), 6));
    assert_eq!(
        (draft.expiry.year, draft.expiry.month, draft.expiry.day),
        (2028, 12, 31)
    );
    assert_eq!((*of, serials.len(), draft.serial_root), (lot, 6, None));
    let occurrence = commissioning.occurrence.as_ref().unwrap();
    assert_eq!(occurrence.site, MAKERS_SITE);
    assert_eq!(occurrence.hash, event_hash(&document.events[0]));
    assert_eq!(occurrence.time, document.events[0].time);
    for plan in [cases, pallets] {
        assert_eq!((plan.steps.len(), plan.notes.len()), (0, 1));
        assert!(plan.notes[0].contains("containers: 1;"), "{:?}", plan.notes);
    }
    let expected = Step::Aggregate {
        container: case(),
        children: vec![packs(lot, 0, 4)],
    };
    assert_eq!(packing.steps, [expected]);
    let expected = Step::Aggregate {
        container: pallet(1),
        children: vec![Thing::Container(case())],
    };
    assert_eq!(loading.steps, [expected]);
    let [Step::Ship { goods, direction }] = &shipping.steps[..] else {
        panic!("{:?}", shipping.steps);
    };
    let Goods {
        to,
        roots,
        transaction,
        purchase_order,
        despatch_advice,
    } = goods;
    assert_eq!((*to, *direction), (WHOLESALER, Direction::Forward));
    assert_eq!(*roots, [Thing::Container(pallet(1))]);
    assert!(transaction.as_ref().unwrap().statement);
    assert!(purchase_order.is_some() && purchase_order != despatch_advice);
    // Whoever has the salt can check what was committed to.
    let salt = shipping.salt.unwrap();
    let said = b"po|urn:epcglobal:cbv:bt:9506001000014:PO-7";
    let commitment = Blake2Hasher::hash(&[salt.as_bytes(), &said[..]].concat());
    assert_eq!(*purchase_order, Some(commitment));
}

#[tokio::test]
async fn a_lot_behind_a_root_is_commissioned_by_its_class_and_packs_are_found_by_its_serials() {
    let mut books = Books::default();
    let text: String = (0..500).map(|number| format!("S{number:03}\n")).collect();
    let book = SerialBook::read(gtin(), &text).unwrap();
    let root = book.root();
    books.insert(gtin(), lot_number("R1"), book);
    let commissioning = |quantity: u32| {
        json!({
            "type": "ObjectEvent",
            "action": "ADD",
            "bizStep": "commissioning",
            "quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.R1",
                "quantity": quantity}],
            "ilmd": {"cbvmda:lotNumber": "R1", "cbvmda:itemExpirationDate": "2028-12-31"},
        })
    };
    let mut world = World::new();
    let steps_made = steps(commissioning(500), &world, MAKER, &books).await;
    let [Step::CommissionLot { draft }] = &steps_made[..] else {
        panic!("{steps_made:?}");
    };
    assert_eq!((draft.units, draft.serial_root), (500, Some(root)));
    let told = refusal(commissioning(499), &world, MAKER, &books).await;
    assert!(
        told.contains("quantityList/0/quantity: is not 500"),
        "{told}"
    );
    let told = refusal(commissioning(500), &world, MAKER, &Books::default()).await;
    assert!(told.contains("--serials 09506000134352/R1=FILE"), "{told}");

    let lot = LotRef::Known(world.add_lot("R1", 500, Serials::Root(root)));
    let children: Vec<_> = (100..140)
        .map(|number| pack(&format!("S{number}")))
        .collect();
    let packing = json!({
        "type": "AggregationEvent",
        "action": "ADD",
        "bizStep": "packing",
        "parentID": pallet_uri(2),
        "childEPCs": children,
    });
    let expected = Step::Aggregate {
        container: pallet(2),
        children: vec![packs(lot, 100, 40)],
    };
    assert_eq!(
        steps(packing.clone(), &world, MAKER, &books).await,
        [expected]
    );
    let told = refusal(packing, &world, MAKER, &Books::default()).await;
    assert!(
        told.contains("childEPCs/0: is neither a pack nor a container"),
        "{told}"
    );
}

#[tokio::test]
async fn many_packs_take_several_calls_and_are_named_call_by_call() {
    let epcs: Vec<_> = (0..300)
        .map(|number| pack(&format!("S{number:03}")))
        .collect();
    let mut commissioning = document(json!({
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "epcList": epcs,
        "ilmd": {"cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2028-12-31"},
    }));
    let packing = document(json!({
        "type": "AggregationEvent",
        "action": "ADD",
        "bizStep": "packing",
        "parentID": pallet_uri(2),
        "childEPCs": &epcs[200..],
    }));
    let packing = packing["epcisBody"]["eventList"][0].clone();
    let events = commissioning["epcisBody"]["eventList"]
        .as_array_mut()
        .unwrap();
    events.push(packing);
    let document = read(&commissioning);
    let world = World::new();
    let plans = mapped(&document, &world, MAKER, &Books::default())
        .await
        .unwrap();
    let lot = LotRef::New {
        gtin: gtin(),
        number: lot_number("L1"),
    };
    let sizes: Vec<_> = plans[0]
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::CommissionItems { serials, .. } => Some(serials.len()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [256, 44]);
    let expected = Step::Aggregate {
        container: pallet(2),
        children: vec![packs(lot, 200, 56), packs(lot, 256, 44)],
    };
    assert_eq!(plans[1].steps, [expected]);
}

#[tokio::test]
async fn unpacking_without_children_takes_everything_out() {
    let mut world = World::new();
    world.add_container(&pallet(1), with(MAKER, None));
    let lot = world.add_lot("L1", 10, Serials::Listed);
    let units = vec![
        Unit::Container(case()),
        Unit::Packs {
            lot,
            first: 2,
            last: 5,
        },
    ];
    world.contents.insert(pallet(1), units);
    let unpacking = json!({
        "type": "AggregationEvent",
        "action": "DELETE",
        "bizStep": "unpacking",
        "parentID": pallet_uri(1),
    });
    let expected = Step::Disaggregate {
        container: pallet(1),
        children: vec![Thing::Container(case()), packs(LotRef::Known(lot), 2, 4)],
    };
    let made = steps(unpacking, &world, MAKER, &Books::default()).await;
    assert_eq!(made, [expected]);
}

#[tokio::test]
async fn a_listed_lot_may_be_larger_than_its_first_document() {
    let commissioning = |units: u32| {
        json!({
            "type": "ObjectEvent",
            "action": "ADD",
            "bizStep": "commissioning",
            "epcList": [pack("P0"), pack("P1")],
            "ilmd": {"cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2028-12-31",
                "own:lotUnits": units},
        })
    };
    let (world, books) = (World::new(), Books::default());
    let made = steps(commissioning(500), &world, MAKER, &books).await;
    assert!(matches!(&made[..], [Step::CommissionLot { draft }, _] if draft.units == 500));
    let told = refusal(commissioning(1), &world, MAKER, &books).await;
    assert!(told.contains("ilmd/lotUnits: must be how many"), "{told}");
}
