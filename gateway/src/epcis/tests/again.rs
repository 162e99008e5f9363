//! Documents that come again, and events that take several calls.

use super::{
    document,
    mapping::{mapped, pallet_uri, refusal, steps},
    pack, read,
    world::{gtin, lot_number, serial, trace, with, World, MAKER, WHOLESALER},
};
use crate::epcis::{
    event_id,
    hash::event_hash,
    plan::Step,
    serials::{Books, SerialBook},
};
use pallet_drug_provenance::types::{Correction, ErrorReason, EventId, EventKind, Serials};
use serde_json::{json, Value};
use sp_core::H256;

fn hash_of(event: &Value) -> H256 {
    event_hash(&read(&document(event.clone())).events[0])
}

fn serials(count: u32) -> Vec<String> {
    (0..count).map(|number| format!("S{number:03}")).collect()
}

fn packing(serials: &[String]) -> Value {
    let children: Vec<_> = serials.iter().map(|serial| pack(serial)).collect();
    json!({"type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
        "parentID": pallet_uri(2), "childEPCs": children})
}

/// A chain with these packs, each one by itself.
fn world_of(serials: &[String], kinds: &[EventKind]) -> World {
    let mut world = World::new();
    let lot = world.add_lot("L1", 500, Serials::Listed);
    for (number, text) in (0..).zip(serials) {
        let history = trace(lot, number, with(MAKER, None), kinds);
        world.packs.insert((gtin(), serial(text)), history);
    }
    world
}

#[tokio::test]
async fn an_event_that_was_captured_in_part_is_not_taken_for_done() {
    let serials = serials(4);
    let event = packing(&serials);
    let twice = [EventKind::Commissioning, EventKind::Packing];
    let mut world = world_of(&serials, &twice);
    world.events.insert((MAKER, hash_of(&event)), EventId(2));
    let books = Books::default();
    assert!(steps(event.clone(), &world, MAKER, &books).await.is_empty());

    let known = world.packs.get_mut(&(gtin(), serial("S002"))).unwrap();
    known.events.truncate(1);
    let told = refusal(event.clone(), &world, MAKER, &books).await;
    assert!(
        told.contains("childEPCs/2: is not part of event 2"),
        "{told}"
    );
    assert!(told.contains("captured in part"), "{told}");
    // What the chain does not tell any more proves nothing.
    let known = world.packs.get_mut(&(gtin(), serial("S002"))).unwrap();
    known.truncated = true;
    assert!(steps(event, &world, MAKER, &books).await.is_empty());
}

#[tokio::test]
async fn another_organisation_s_use_of_the_hash_does_not_matter() {
    let serials = serials(2);
    let event = packing(&serials);
    let mut world = world_of(&serials, &[EventKind::Commissioning]);
    world
        .events
        .insert((WHOLESALER, hash_of(&event)), EventId(1));
    let made = steps(event, &world, MAKER, &Books::default()).await;
    assert_eq!(made.len(), 1);
}

#[tokio::test]
async fn an_event_that_does_not_fit_one_transaction_is_refused_before_anything_is_sent() {
    let serials = serials(41);
    let world = world_of(&serials, &[EventKind::Commissioning]);
    let dispensing = |count: usize| {
        let epcs: Vec<_> = serials[..count].iter().map(|serial| pack(serial)).collect();
        json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "dispensing",
            "disposition": "dispensed", "epcList": epcs})
    };
    let books = Books::default();
    assert_eq!(steps(dispensing(40), &world, MAKER, &books).await.len(), 40);
    let told = refusal(dispensing(41), &world, MAKER, &books).await;
    assert!(
        told.contains("takes 41 calls") && told.contains("split it"),
        "{told}"
    );
}

#[tokio::test]
async fn commissioning_is_sent_call_by_call_and_nothing_else_is() {
    let epcs: Vec<_> = serials(300).iter().map(|serial| pack(serial)).collect();
    let event = json!({"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
        "epcList": epcs,
        "ilmd": {"cbvmda:lotNumber": "N1", "cbvmda:itemExpirationDate": "2028-12-31"}});
    let document = read(&document(event));
    let plans = mapped(&document, &World::new(), MAKER, &Books::default()).await;
    assert!(plans.unwrap()[0].goes_on());

    let serials = serials(2);
    let world = world_of(&serials, &[EventKind::Commissioning]);
    let document = read(&super::document(packing(&serials)));
    let plans = mapped(&document, &world, MAKER, &Books::default()).await;
    assert!(!plans.unwrap()[0].goes_on());
}

#[tokio::test]
async fn an_error_that_is_declared_already_is_nothing_to_do() {
    let event = json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
        "epcList": [pallet_uri(1)]});
    let corrective = H256::repeat_byte(5);
    let mut world = World::new();
    world.events.insert((MAKER, hash_of(&event)), EventId(4));
    let mut declared = event;
    declared["errorDeclaration"] = json!({
        "declarationTime": "2026-03-02T12:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [event_id(&corrective)],
    });
    let books = Books::default();
    let made = steps(declared.clone(), &world, MAKER, &books).await;
    assert!(matches!(made[..], [Step::DeclareError { .. }]), "{made:?}");

    let mut correction = Correction {
        reason: ErrorReason::IncorrectData,
        at: 0,
        corrective: Some(corrective),
    };
    world.corrections.insert(EventId(4), correction.clone());
    assert!(steps(declared.clone(), &world, MAKER, &books)
        .await
        .is_empty());

    correction.corrective = None;
    world.corrections.insert(EventId(4), correction);
    let told = refusal(declared, &world, MAKER, &books).await;
    assert!(
        told.contains("errorDeclaration: is not the one that the chain has"),
        "{told}"
    );
}

#[tokio::test]
async fn a_lot_behind_a_root_does_not_go_on_with_other_serials() {
    let event = json!({"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.R1", "quantity": 2}],
        "ilmd": {"cbvmda:lotNumber": "R1", "cbvmda:itemExpirationDate": "2028-12-31"}});
    let books = |text: &str| {
        let mut books = Books::default();
        let book = SerialBook::read(gtin(), text).unwrap();
        let root = book.root();
        books.insert(gtin(), lot_number("R1"), book);
        (books, root)
    };
    let (right, root) = books("A1\nA2");
    let mut world = World::new();
    world.add_lot("R1", 2, Serials::Root(root));
    world.events.insert((MAKER, hash_of(&event)), EventId(1));
    assert!(steps(event.clone(), &world, MAKER, &right).await.is_empty());
    let (wrong, _) = books("A2\nA1");
    let told = refusal(event, &world, MAKER, &wrong).await;
    assert!(
        told.contains("quantityList/0/epcClass: is a lot whose serials"),
        "{told}"
    );
}
