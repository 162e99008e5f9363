//! On the way: shipments, their withdrawal, and what goes back.

use crate::{mock::*, types::*, Error, Event};
use axonic_primitives::testing::Doubles;
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

#[test]
fn ship_leaves_custody_with_the_sender_until_it_is_received() {
    build_and_execute(|| {
        let lot = commission("LOT1", 100);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..10)]));
        let id = shipped(MAKER, WHOLESALER, [case(1).into(), lot.packs(50..60)]);
        let (from, to) = (org_of(&MAKER), org_of(&WHOLESALER));
        let event = Event::Shipped {
            shipment: id,
            from,
            to,
            direction: Direction::Forward,
            roots: vec![unit(case(1)), unit(lot.packs(50..60))],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let stored = shipment(id);
        assert_eq!((stored.from, stored.to), (from, to));
        assert_eq!(stored.status, ShipmentStatus::Open);
        assert_eq!(stored.transaction, transaction());
        assert_eq!(stored.purchase_order, Some(H256::repeat_byte(78)));
        assert_eq!((stored.shipped_at, stored.ended_at), (START, None));
        for index in [0, 55] {
            assert_eq!(lot.disposition(index), Disposition::InTransit);
            let holding = lot.trace(index).holding;
            assert_eq!((holding.custodian, holding.owner), (from, from));
            assert_eq!(holding.shipment, Some(id));
        }
        assert_eq!(lot.disposition(70), Disposition::Active);
    });
}

#[test]
fn ship_fails_when_there_is_nothing_in_it() {
    build_and_execute(|| {
        let refused = refusal(Error::EmptyShipment);
        assert_noop!(ship(MAKER, WHOLESALER, NOTHING), refused);
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(unpack(MAKER, case(1), [lot.packs(0..4)]));
        assert_noop!(ship(MAKER, WHOLESALER, [case(1)]), refused);
        // A pallet of empty cases has no packs in it either.
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_noop!(ship(MAKER, WHOLESALER, [pallet(1)]), refused);
    });
}

#[test]
fn ship_fails_when_the_consignee_is_wrong() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let ship = |to| ship(MAKER, to, [lot.packs(0..4)]);
        assert_noop!(ship(MAKER), Error::<Test>::SameOrganisation);
        assert_noop!(ship(STRANGER), Error::<Test>::MemberNotFound);
        assert_noop!(ship(HOSPITAL), Error::<Test>::PartnerNotAuthorized);
        assert_ok!(authorise(&DEPOT, Licence::Wholesaler, START + 1));
        pass(1);
        assert_noop!(ship(DEPOT), Error::<Test>::AuthorisationExpired);
        Doubles::set_active(org_of(&WHOLESALER), false);
        assert_noop!(ship(WHOLESALER), Error::<Test>::MemberNotFound);
    });
}

#[test]
fn ship_fails_when_somebody_else_has_custody() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::NotCustodian);
        assert_noop!(ship(WHOLESALER, DEPOT, [lot.packs(0..4)]), refused);
    });
}

#[test]
fn ship_fails_when_it_is_in_a_container() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        let refused = refusal(Error::AlreadyAggregated);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.packs(0..4)]), refused);
        assert_noop!(ship(MAKER, WHOLESALER, [case(1)]), refused);
        assert_noop!(
            ship(MAKER, WHOLESALER, [case(9)]),
            Error::<Test>::ContainerNotFound
        );
    });
}

#[test]
fn ship_fails_when_it_is_on_its_way() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..4)]));
        let refused = refusal(Error::InTransit);
        assert_noop!(ship(MAKER, DEPOT, [lot.packs(0..4)]), refused);
        assert_noop!(ship(MAKER, DEPOT, [lot.pack(1)]), refused);
    });
}

#[test]
fn ship_fails_when_a_thing_is_named_twice() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::InTransit);
        for again in [lot.packs(0..4), lot.packs(3..6)] {
            let twice = [lot.packs(0..4), again];
            assert_noop!(ship(MAKER, WHOLESALER, twice), refused);
        }
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..4), lot.packs(4..6)]));
    });
}

#[test]
fn ship_fails_when_goods_change_hands_without_a_transaction() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let without = |transaction| ShipmentDraft {
            transaction,
            ..consignment(&WHOLESALER, [lot.packs(0..4)])
        };
        let refused = refusal(Error::TransactionStatementMissing);
        assert_noop!(send(MAKER, without(None)), refused);
        let information = H256::zero();
        let statement = true;
        let empty = Some(Transaction {
            information,
            statement,
        });
        assert_noop!(send(MAKER, without(empty)), refused);
        let information = H256::repeat_byte(1);
        let statement = false;
        let silent = Some(Transaction {
            information,
            statement,
        });
        assert_noop!(send(MAKER, without(silent)), refused);
        assert_ok!(send(MAKER, without(transaction())));
    });
}

#[test]
fn ship_needs_no_transaction_when_a_carrier_is_to_pass_it_on() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let without = |to| ShipmentDraft {
            transaction: None,
            ..consignment(&to, [lot.packs(0..4)])
        };
        assert_ok!(send(MAKER, without(CARRIER)));
        assert_ok!(receive(CARRIER, last_shipment()));
        let holding = lot.trace(0).holding;
        assert_eq!(holding.custodian, org_of(&CARRIER));
        assert_eq!(holding.owner, org_of(&MAKER), "a carrier owns nothing");
        assert_ok!(send(CARRIER, without(WHOLESALER)));
        assert_ok!(receive(WHOLESALER, last_shipment()));
        let holding = lot.trace(0).holding;
        assert_eq!(holding.custodian, org_of(&WHOLESALER));
        assert_eq!(holding.owner, org_of(&MAKER), "nobody sold it");
        // One who is licensed for more than carrying is not a mere carrier.
        let more = [Licence::LogisticsProvider, Licence::Wholesaler];
        assert_ok!(authorise(&CARRIER, more, START + YEAR));
        let draft = ShipmentDraft {
            transaction: None,
            ..consignment(&CARRIER, [lot.packs(4..6)])
        };
        let refused = refusal(Error::TransactionStatementMissing);
        assert_noop!(send(MAKER, draft), refused);
    });
}

#[test]
fn ship_makes_the_consignee_the_owner_when_a_carrier_hands_it_over_with_a_transaction() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let draft = ShipmentDraft {
            transaction: None,
            ..consignment(&CARRIER, [lot.packs(0..4)])
        };
        assert_ok!(send(MAKER, draft));
        assert_ok!(receive(CARRIER, last_shipment()));
        deliver(CARRIER, WHOLESALER, [lot.packs(0..4)]);
        let holding = lot.trace(0).holding;
        let wholesaler = org_of(&WHOLESALER);
        assert_eq!((holding.custodian, holding.owner), (wholesaler, wholesaler));
        assert_eq!(holding.supplier, Some(org_of(&CARRIER)));
    });
}

#[test]
fn ship_fails_when_the_lot_must_not_move() {
    build_and_execute(|| {
        let forward = |lot: &Made| ship(MAKER, WHOLESALER, [lot.packs(0..4)]);
        let lot = commission("LOT1", 10);
        assert_ok!(quarantine(MAKER, &lot));
        assert_noop!(forward(&lot), Error::<Test>::LotQuarantined);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassII));
        assert_noop!(forward(&lot), Error::<Test>::LotRecalled);
        assert_ok!(recall(MAKER, &lot, RecallKind::Withdrawal));
        assert_noop!(forward(&lot), Error::<Test>::LotRecalled);
        let lot = commission("LOT2", 10);
        assert_ok!(suspect_lot(MAKER, &lot));
        assert_noop!(forward(&lot), Error::<Test>::ItemSuspect);
    });
}

#[test]
fn ship_fails_when_one_lot_of_many_in_the_container_is_recalled() {
    build_and_execute(|| {
        let (good, bad) = (commission("LOT1", 10), commission("LOT2", 10));
        assert_ok!(pack(MAKER, case(1), [good.packs(0..4)]));
        assert_ok!(pack(MAKER, case(2), [bad.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1), case(2)]));
        assert_ok!(recall(MAKER, &bad, RecallKind::ClassI));
        let refused = refusal(Error::LotRecalled);
        assert_noop!(ship(MAKER, WHOLESALER, [pallet(1)]), refused);
        assert_ok!(unpack(MAKER, pallet(1), [case(2)]));
        assert_ok!(ship(MAKER, WHOLESALER, [pallet(1)]));
    });
}

#[test]
fn ship_fails_when_the_lot_has_expired() {
    build_and_execute(|| {
        let (draft, tree) = rooted_draft(MEDICINE, "LOT1", 10);
        let expiry = day(2026, 1, 10);
        let lot = commissioned_by(MAKER, (LotDraft { expiry, ..draft }, tree));
        // The whole of its last day it may still be used.
        Now::set(START + 10 * DAY - 1);
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..4)]));
        pass(1);
        let refused = refusal(Error::LotExpired);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.packs(4..6)]), refused);
        // What was on its way arrives.
        let crate::Event::Shipped { shipment, .. } = last_event() else {
            panic!("it was shipped")
        };
        assert_ok!(receive(WHOLESALER, shipment));
    });
}

#[test]
fn ship_fails_when_something_in_it_is_suspect() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(suspect(MAKER, lot.pack(2)));
        let investigation = last_investigation();
        let refused = refusal(Error::ItemSuspect);
        assert_noop!(ship(MAKER, WHOLESALER, [pallet(1)]), refused);
        assert_ok!(close(MAKER, investigation, Outcome::Cleared));
        assert_ok!(ship(MAKER, WHOLESALER, [pallet(1)]));
    });
}

#[test]
fn void_shipment_gives_it_back_to_the_sender() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let id = shipped(MAKER, WHOLESALER, [lot.packs(0..4)]);
        pass(HOUR);
        assert_ok!(void(MAKER, id));
        let event = last_recorded();
        let shipment = id;
        assert_eq!(last_event(), Event::ShipmentVoided { shipment, event });
        let stored = crate::mock::shipment(id);
        assert_eq!(stored.status, ShipmentStatus::Voided);
        assert_eq!(stored.ended_at, Some(START + HOUR));
        assert_eq!(lot.disposition(0), Disposition::Active);
        assert_eq!(lot.trace(0).holding.shipment, None);
        assert_noop!(receive(WHOLESALER, id), Error::<Test>::ShipmentNotOpen);
        assert_noop!(void(MAKER, id), Error::<Test>::ShipmentNotOpen);
        assert_ok!(ship(MAKER, DEPOT, [lot.packs(0..4)]));
    });
}

#[test]
fn void_shipment_fails_when_it_is_not_the_senders_or_was_received() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let id = shipped(MAKER, WHOLESALER, [lot.packs(0..4)]);
        assert_noop!(void(WHOLESALER, id), Error::<Test>::NotConsignor);
        assert_noop!(void(MAKER, ShipmentId(77)), Error::<Test>::ShipmentNotFound);
        assert_ok!(receive(WHOLESALER, id));
        assert_noop!(void(MAKER, id), Error::<Test>::ShipmentNotOpen);
    });
}

#[test]
fn return_to_sends_back_what_must_not_move_on() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        let refused = refusal(Error::LotRecalled);
        assert_noop!(ship(PHARMACY, DEPOT, [lot.packs(0..10)]), refused);
        assert_ok!(give_back(PHARMACY, MAKER, [lot.packs(0..10)]));
        let id = last_shipment();
        assert_eq!(shipment(id).direction, Direction::Return);
        assert_ok!(receive(MAKER, id));
        let holding = lot.trace(0).holding;
        let maker = org_of(&MAKER);
        assert_eq!((holding.custodian, holding.owner), (maker, maker));
    });
}

#[test]
fn return_to_sends_back_what_is_quarantined_suspect_or_expired() {
    build_and_execute(|| {
        let quarantined = at_the_pharmacy("LOT1", 10);
        assert_ok!(quarantine(MAKER, &quarantined));
        assert_ok!(give_back(PHARMACY, MAKER, [quarantined.packs(0..10)]));
        let suspected = at_the_pharmacy("LOT2", 10);
        assert_ok!(suspect(PHARMACY, suspected.packs(0..10)));
        assert_ok!(give_back(PHARMACY, MAKER, [suspected.packs(0..10)]));
        assert_ok!(receive(MAKER, last_shipment()));
        let expired = at_the_pharmacy("LOT3", 10);
        pass(3 * YEAR);
        assert_ok!(give_back(PHARMACY, MAKER, [expired.packs(0..10)]));
    });
}

#[test]
fn return_to_leaves_the_owner_when_there_is_no_transaction() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let draft = ShipmentDraft {
            transaction: None,
            ..consignment(&MAKER, [lot.packs(0..10)])
        };
        let occurrence = here(&PHARMACY);
        assert_ok!(act(PHARMACY, crate::Call::return_to { draft, occurrence }));
        assert_ok!(receive(MAKER, last_shipment()));
        let holding = lot.trace(0).holding;
        let owner_and_custodian = (org_of(&PHARMACY), org_of(&MAKER));
        assert_eq!((holding.owner, holding.custodian), owner_and_custodian);
    });
}

#[test]
fn return_to_goes_to_the_supplier_or_the_owner_of_the_product_only() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, WHOLESALER, [lot.packs(0..10)]);
        deliver(WHOLESALER, PHARMACY, [lot.packs(0..10)]);
        let back = |to, packs| give_back(PHARMACY, to, [lot.packs(packs)]);
        let refused = refusal(Error::NotSupplier);
        assert_noop!(back(DEPOT, 0..4), refused);
        assert_noop!(back(RIVAL, 0..4), refused);
        assert_ok!(back(WHOLESALER, 0..4));
        assert_ok!(back(MAKER, 4..6));
    });
}

#[test]
fn return_to_fails_when_not_all_in_a_container_is_of_the_owner_of_the_product() {
    build_and_execute(|| {
        let mine = commission("LOT1", 10);
        let theirs = commissioned_by(RIVAL, rooted_draft(RIVAL_MEDICINE, "LOT1", 10));
        deliver(MAKER, WHOLESALER, [mine.packs(0..10)]);
        deliver(RIVAL, WHOLESALER, [theirs.packs(0..10)]);
        assert_ok!(pack(
            WHOLESALER,
            case(1),
            [mine.packs(0..4), theirs.packs(0..4)]
        ));
        deliver(WHOLESALER, PHARMACY, [case(1)]);
        let refused = refusal(Error::NotSupplier);
        assert_noop!(give_back(PHARMACY, MAKER, [case(1)]), refused);
        assert_noop!(give_back(PHARMACY, RIVAL, [case(1)]), refused);
        assert_ok!(give_back(PHARMACY, WHOLESALER, [case(1)]));
    });
}

#[test]
fn return_to_fails_when_nobody_supplied_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::NotSupplier);
        assert_noop!(give_back(MAKER, WHOLESALER, [lot.packs(0..4)]), refused);
    });
}

#[test]
fn a_shipment_is_told_apart_from_one_that_never_was() {
    build_and_execute(|| {
        let unknown = ShipmentId(5);
        let refused = refusal(Error::ShipmentNotFound);
        assert_noop!(receive(WHOLESALER, unknown), refused);
        assert_noop!(resolve(WHOLESALER, unknown, 0, Resolution::Found), refused);
    });
}
