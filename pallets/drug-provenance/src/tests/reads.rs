//! What readers are shown: where packs are and how they got there.

use crate::{mock::*, types::*, Call};
use axonic_primitives::Refusal;
use frame_support::assert_ok;

fn told<V>(name: &str) -> Result<V, Refusal> {
    Err(Refusal(name.into()))
}

/// What happened to the pack, with how far around it.
fn events(trace: &Trace) -> Vec<(EventKind, u8)> {
    let kind = |entry: &TraceEntry| (entry.event.kind, entry.level);
    trace.events.iter().map(kind).collect()
}

fn kinds(trace: &Trace) -> Vec<EventKind> {
    trace.events.iter().map(|entry| entry.event.kind).collect()
}

#[test]
fn trace_tells_what_happened_to_a_pack_and_to_the_containers_around_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(seal(MAKER, pallet(1)));
        let id = deliver(MAKER, PHARMACY, [pallet(1)]);
        assert_ok!(unseal(PHARMACY, pallet(1)));
        assert_ok!(dispense(PHARMACIST, &lot, 2));
        // What happens to the rest is not this pack's history any more.
        assert_ok!(unpack(PHARMACY, pallet(1), [case(1)]));
        let trace = lot.trace(2);
        let expected = [
            EventKind::Commissioning,
            EventKind::Packing,
            EventKind::Packing,
            EventKind::Sealing,
            EventKind::Shipping,
            EventKind::Receiving,
            EventKind::Sealing,
            EventKind::Dispensing,
        ];
        assert_eq!(kinds(&trace), expected);
        assert!(!trace.truncated);
        let shipping = &trace.events[4].event;
        assert_eq!(shipping.shipment, Some(id));
        assert_eq!(
            (shipping.org, shipping.site),
            (org_of(&MAKER), site_of(&MAKER))
        );
        assert_eq!(trace.events[7].level, 0);
        assert_eq!((trace.lot, trace.index), (lot.id, 2));
        // The pack beside it went on.
        let other = kinds(&lot.trace(1));
        assert_eq!(other[..7], expected[..7]);
        assert_eq!(other[7..], [EventKind::Unpacking]);
        // One that stayed at home did nothing.
        assert_eq!(kinds(&lot.trace(9)), [EventKind::Commissioning]);
    });
}

#[test]
fn trace_leaves_out_what_happened_to_a_container_before_and_after() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.pack(0)]));
        assert_ok!(seal(MAKER, case(1)));
        assert_ok!(unseal(MAKER, case(1)));
        assert_ok!(pack(MAKER, case(1), [lot.pack(1)]));
        assert_ok!(unpack(MAKER, case(1), [lot.pack(1)]));
        assert_ok!(seal(MAKER, case(1)));
        let inside = [
            (EventKind::Commissioning, 0),
            (EventKind::Packing, 1),
            (EventKind::Unpacking, 0),
        ];
        assert_eq!(events(&lot.trace(1)), inside);
        let all = [
            EventKind::Commissioning,
            EventKind::Packing,
            EventKind::Sealing,
            EventKind::Sealing,
            EventKind::Packing,
            EventKind::Unpacking,
            EventKind::Sealing,
        ];
        assert_eq!(kinds(&lot.trace(0)), all);
    });
}

#[test]
fn trace_shows_what_was_declared_wrong() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.pack(0)]));
        let event = last_recorded();
        assert_ok!(correct(MAKER, event, ErrorReason::DidNotOccur, None));
        let trace = lot.trace(0);
        let entry = trace.events.iter().find(|entry| entry.id == event).unwrap();
        assert!(entry.event.correction.is_some());
    });
}

#[test]
fn trace_needs_lot_and_proof_for_a_pack_that_was_never_handled_alone() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let trace = |index, number, proof: Option<_>| {
            let serial = lot.serial(index);
            Provenance::trace_of(MEDICINE, &serial, number, proof.as_ref()).map(drop)
        };
        let number = Some(&lot.number);
        assert_eq!(trace(3, None, None), told("ProofMissing"));
        assert_eq!(trace(3, number, None), told("ProofMissing"));
        assert_eq!(trace(3, number, lot.proof(4)), told("BadMerkleProof"));
        assert_eq!(trace(3, number, lot.proof(3)), Ok(()));
        assert_ok!(dispense(PHARMACIST, &lot, 3));
        assert_eq!(trace(3, None, None), Ok(()));
        assert_eq!(trace(3, number, None), Ok(()));
    });
}

#[test]
fn trace_refuses_what_is_no_pack() {
    build_and_execute(|| {
        let lot = list("LOT1", 3);
        assert_ok!(pack(MAKER, trade_item(MEDICINE, "CASE1"), [lot.pack(0)]));
        let trace = |gtin, serial, number: &str| {
            let lot = text(number);
            Provenance::trace_of(gtin, &text(serial), Some(&lot), None).map(drop)
        };
        assert_eq!(trace(MEDICINE, "LOT1.1", "LOT1"), Ok(()));
        assert_eq!(trace(MISTYPED, "LOT1.1", "LOT1"), told("InvalidGtin"));
        assert_eq!(
            trace(UNREGISTERED, "LOT1.1", "LOT1"),
            told("ProductNotFound")
        );
        assert_eq!(trace(MEDICINE, "", "LOT1"), told("InvalidSerial"));
        assert_eq!(trace(MEDICINE, "LOT1.9", "LOT1"), told("SerialUnknown"));
        assert_eq!(trace(MEDICINE, "LOT1.1", "LOT9"), told("LotNotFound"));
        let case = Provenance::trace_of(MEDICINE, &text("CASE1"), None, None);
        assert_eq!(case, told("SerialAlreadyCommissioned"));
    });
}

#[test]
fn trace_keeps_the_latest_when_there_is_more_than_fits() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        for _ in 0..140 {
            assert_ok!(pack(MAKER, case(1), [lot.pack(0)]));
            assert_ok!(unpack(MAKER, case(1), [lot.pack(0)]));
        }
        let trace = lot.trace(0);
        assert!(trace.truncated);
        assert_eq!(trace.events.len(), MAX_PAGE as usize);
        let last = trace.events.last().unwrap();
        assert_eq!(last.id, last_recorded());
    });
}

#[test]
fn contents_are_shown_page_by_page() {
    build_and_execute(|| {
        let lot = commission("LOT1", 100);
        for number in 0..5 {
            let first = 20 * number as u32;
            assert_ok!(pack(MAKER, case(number), [lot.packs(first..first + 10)]));
        }
        assert_ok!(pack(MAKER, pallet(1), (0..5).map(case)));
        assert_ok!(pack(MAKER, pallet(1), [lot.packs(10..20)]));
        let (mut shown, mut after, mut pages) = (vec![], None, 0);
        loop {
            let page = Provenance::contents_of(&pallet(1), after, 4).unwrap();
            assert_eq!(page.container.children, 15);
            assert!(page.children.len() <= 4);
            shown.extend(page.children);
            pages += 1;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((shown.len(), pages), (6, 2));
        let mut expected = (0..5).map(|number| unit(case(number))).collect::<Vec<_>>();
        expected.push(unit(lot.packs(10..20)));
        assert!(expected.iter().all(|child| shown.contains(child)));
        let missing = Provenance::contents_of(&case(9), None, 4).map(drop);
        assert_eq!(missing, told("ContainerNotFound"));
        let wrong = Provenance::contents_of(&ContainerName::Sscc(1), None, 4).map(drop);
        assert_eq!(wrong, told("InvalidSscc"));
    });
}

#[test]
fn where_is_lot_counts_who_has_how_many() {
    build_and_execute(|| {
        let lot = commission("LOT1", 100);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..10)]));
        deliver(MAKER, WHOLESALER, [case(1).into(), lot.packs(10..15)]);
        deliver(MAKER, PHARMACY, [lot.packs(20..30)]);
        assert_ok!(dispense(PHARMACIST, &lot, 25));
        assert_ok!(ship(MAKER, DEPOT, [lot.packs(40..50)]));
        let reach = Provenance::reach_of(MEDICINE, &lot.number, None).unwrap();
        let holder = |who, packs, on_the_way_to| Holder {
            org: org_of(&who),
            site: site_of(&who),
            on_the_way_to,
            packs,
        };
        let expected = [
            holder(MAKER, 65, None),
            holder(MAKER, 10, Some(org_of(&DEPOT))),
            holder(WHOLESALER, 15, None),
            holder(PHARMACY, 9, None),
        ];
        assert_eq!(reach.holders.len(), expected.len(), "{reach:?}");
        assert!(
            expected.iter().all(|holder| reach.holders.contains(holder)),
            "{reach:?}"
        );
        assert_eq!(reach.fates[Fate::Dispensed as usize], 1);
        assert_eq!((reach.lot, reach.next), (lot.id, None));
        let in_chain: u32 = reach.holders.iter().map(|holder| holder.packs).sum();
        assert_eq!(in_chain + reach.fates.iter().sum::<u32>(), 100);
    });
}

#[test]
fn where_is_lot_goes_on_where_one_answer_ends() {
    build_and_execute(|| {
        let lot = commission("LOT1", 3_000);
        // Every other pack is by itself.
        for first in (0..3_000).step_by(500) {
            let single = (first..first + 500).step_by(2).map(|index| lot.pack(index));
            assert_ok!(pack(MAKER, case(first.into()), single));
        }
        let (mut from, mut packs, mut answers) = (None, 0, 0);
        loop {
            let reach = Provenance::reach_of(MEDICINE, &lot.number, from).unwrap();
            packs += reach.holders.iter().map(|holder| holder.packs).sum::<u32>();
            answers += 1;
            from = reach.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(packs, 3_000);
        assert_eq!(answers, 3);
    });
}

#[test]
fn where_is_lot_refuses_what_is_no_lot() {
    build_and_execute(|| {
        let reach = |gtin, number| Provenance::reach_of(gtin, &text(number), None).map(drop);
        assert_eq!(reach(MISTYPED, "LOT1"), told("InvalidGtin"));
        assert_eq!(reach(MEDICINE, ""), told("InvalidLot"));
        assert_eq!(reach(MEDICINE, "LOT1"), told("LotNotFound"));
    });
}

#[test]
fn view_functions_answer_like_the_runtime_api() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let (serial, number, proof) = (lot.serial(3), lot.number.clone(), lot.proof(3));
        let scanned = element_string(&lot.claim(3)).into_bytes();
        let shown = Provenance::verify_pack(scanned.clone(), proof.clone());
        assert_eq!(shown, Provenance::verify_scan(&scanned, proof.as_ref()));
        let shown = Provenance::trace(MEDICINE, serial, Some(number.clone()), proof);
        assert_eq!(shown, Ok(lot.trace(3)));
        let shown = Provenance::where_is_lot(MEDICINE, number.clone(), None);
        assert_eq!(shown, Provenance::reach_of(MEDICINE, &number, None));
        let overdue = Provenance::overdue_verifications(org_of(&MAKER), None, 1);
        assert!(overdue.is_empty());
        let absent = Provenance::contents(case(1), None, 1);
        assert_eq!(absent, told("ContainerNotFound"));
    });
}

#[test]
fn read_scan_gives_what_calls_want() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let claim = PackClaim {
            expiry: Some(EXPIRY),
            ..lot.claim(3)
        };
        let read = Provenance::read_scan(element_string(&claim).as_bytes());
        assert_eq!(read, Ok(claim.clone()));
        let call = Call::dispense {
            pack: claim,
            proof: lot.proof(3),
            occurrence: here(&PHARMACIST),
        };
        assert_ok!(act(PHARMACIST, call));
    });
}
