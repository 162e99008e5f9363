//! Into containers and out of them.

use crate::{mock::*, types::*, Containers, Contents, Error, Event, SerialNumbers};
use axonic_gs1::{Gtin, Serial};
use frame_support::{assert_noop, assert_ok};

#[test]
fn aggregate_makes_the_container_when_there_is_none() {
    build_and_execute(|| {
        let lot = commission("LOT1", 100);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..10), lot.packs(20..30)]));
        let event = Event::Aggregated {
            container: key(&case(1)),
            children: vec![unit(lot.packs(0..10)), unit(lot.packs(20..30))],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let stored = container(&case(1));
        assert_eq!(
            (stored.children, stored.depth, stored.sealed),
            (20, 1, false)
        );
        let inside = LotCount {
            lot: lot.id,
            packs: 20,
        };
        assert_eq!(stored.lots.to_vec(), [inside]);
        let Place::Root(holding) = stored.place else {
            panic!("a new container is in no other")
        };
        let maker = org_of(&MAKER);
        assert_eq!((holding.custodian, holding.owner), (maker, maker));
        assert_eq!(holding.site, site_of(&MAKER));
        for (index, expected) in [(0, true), (9, true), (10, false), (20, true), (30, false)] {
            let packed = lot.disposition(index) == Disposition::Packed;
            assert_eq!(packed, expected, "{index}");
        }
    });
}

#[test]
fn aggregate_adds_to_the_container_when_there_is_one() {
    build_and_execute(|| {
        let (a, b) = (commission("LOT1", 10), commission("LOT2", 10));
        assert_ok!(pack(MAKER, case(1), [b.packs(0..5)]));
        assert_ok!(pack(MAKER, case(1), [a.packs(0..3)]));
        let counts = container(&case(1)).lots.to_vec();
        let of = |lot: &Made, packs| LotCount { lot: lot.id, packs };
        assert_eq!(counts, [of(&a, 3), of(&b, 5)], "ordered by lot");
    });
}

#[test]
fn aggregate_nests_containers_and_counts_what_is_in_them() {
    build_and_execute(|| {
        let lot = commission("LOT1", 100);
        for number in 0..3 {
            let first = 10 * number as u32;
            let packs = lot.packs(first..first + 10);
            assert_ok!(pack(MAKER, case(number), [packs]));
        }
        assert_ok!(pack(MAKER, pallet(1), [0, 1, 2].map(case)));
        let stored = container(&pallet(1));
        assert_eq!((stored.children, stored.depth), (3, 2));
        assert_eq!(stored.lots[0].packs, 30);
        let trace = lot.trace(25);
        assert_eq!(trace.containers, [key(&case(2)), key(&pallet(1))]);
        assert_eq!(trace.disposition, Disposition::Packed);
        assert_eq!(trace.holding.custodian, org_of(&MAKER));
    });
}

#[test]
fn aggregate_gives_a_trade_item_a_serial_of_the_product() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(
            MAKER,
            trade_item(MEDICINE, "CASE1"),
            [lot.packs(0..4)]
        ));
        let gtin = Gtin::new(MEDICINE).unwrap();
        let serial = Serial::new(b"CASE1").unwrap();
        let given = SerialNumbers::<Test>::get(gtin, serial);
        assert_eq!(given, Some(Commissioned::Container));
        // More goes into the same case, whoever has it.
        deliver(
            MAKER,
            WHOLESALER,
            [lot.packs(4..6), whole(trade_item(MEDICINE, "CASE1"))],
        );
        assert_ok!(pack(
            WHOLESALER,
            trade_item(MEDICINE, "CASE1"),
            [lot.packs(4..6)]
        ));
    });
}

fn whole(container: ContainerName) -> UnitName {
    container.into()
}

#[test]
fn aggregate_fails_when_a_trade_item_is_not_the_organisations() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, WHOLESALER, [lot.packs(0..10)]);
        let item = |gtin, serial| trade_item(gtin, serial);
        let refuse = |name: ContainerName, error: Error<Test>| {
            assert_noop!(pack(WHOLESALER, name, [lot.packs(0..4)]), error);
        };
        refuse(item(MEDICINE, "CASE1"), Error::NotBrandOwner);
        refuse(item(UNREGISTERED, "CASE1"), Error::ProductNotFound);
        refuse(item(MISTYPED, "CASE1"), Error::InvalidGtin);
        refuse(item(MEDICINE, "CASE 1"), Error::InvalidSerial);
    });
}

#[test]
fn aggregate_fails_when_the_serial_of_a_trade_item_was_given_to_a_pack() {
    build_and_execute(|| {
        let lot = list("LOT1", 10);
        let taken = ContainerName::Sgtin {
            gtin: MEDICINE,
            serial: lot.serial(3),
        };
        let refused = refusal(Error::SerialAlreadyCommissioned);
        assert_noop!(pack(MAKER, taken, [lot.packs(0..2)]), refused);
    });
}

#[test]
fn aggregate_fails_when_the_logistic_unit_has_no_valid_number() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        for number in [1, 10u64.pow(18), u64::MAX] {
            let name = ContainerName::Sscc(number);
            let refused = refusal(Error::InvalidSscc);
            assert_noop!(pack(MAKER, name, [lot.packs(0..2)]), refused);
        }
    });
}

#[test]
fn aggregate_fails_when_there_is_nothing_to_put_in() {
    build_and_execute(|| {
        let refused = refusal(Error::MaxChildrenExceeded);
        assert_noop!(pack(MAKER, case(1), NOTHING), refused);
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..2)]));
        assert_noop!(pack(MAKER, case(1), NOTHING), refused);
        assert_noop!(unpack(MAKER, case(1), NOTHING), refused);
    });
}

#[test]
fn aggregate_fails_when_what_is_put_in_does_not_exist() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let of = |lot, first, count| UnitName::Packs { lot, first, count };
        let refuse = |name: UnitName, error: Error<Test>| {
            assert_noop!(pack(MAKER, case(1), [name]), error);
        };
        refuse(of(LotId(77), 0, 1), Error::LotNotFound);
        refuse(of(lot.id, 0, 0), Error::PacksNotFound);
        refuse(of(lot.id, 0, 11), Error::PacksNotFound);
        refuse(of(lot.id, 10, 1), Error::PacksNotFound);
        refuse(of(lot.id, u32::MAX, u32::MAX), Error::PacksNotFound);
        refuse(case(2).into(), Error::ContainerNotFound);
    });
}

#[test]
fn aggregate_fails_when_the_packs_are_apart() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(3..6)]));
        let refused = refusal(Error::PacksApart);
        assert_noop!(pack(MAKER, case(2), [lot.packs(0..4)]), refused);
        assert_noop!(pack(MAKER, case(2), [lot.packs(0..10)]), refused);
        assert_ok!(pack(MAKER, case(2), [lot.packs(0..3), lot.packs(6..10)]));
    });
}

#[test]
fn aggregate_fails_when_somebody_else_has_custody() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::NotCustodian);
        assert_noop!(pack(WHOLESALER, case(1), [lot.packs(0..4)]), refused);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        deliver(MAKER, WHOLESALER, [lot.packs(4..8)]);
        assert_noop!(pack(WHOLESALER, case(1), [lot.packs(4..8)]), refused);
        assert_noop!(pack(WHOLESALER, case(2), [case(1)]), refused);
    });
}

#[test]
fn aggregate_fails_when_it_is_in_a_container() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        let refused = refusal(Error::AlreadyAggregated);
        assert_noop!(pack(MAKER, case(2), [lot.packs(0..4)]), refused);
        assert_noop!(pack(MAKER, case(2), [lot.pack(2)]), refused);
        assert_noop!(pack(MAKER, case(1), [lot.packs(0..4)]), refused);
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_noop!(pack(MAKER, pallet(2), [case(1)]), refused);
        // What is in a container is not filled.
        assert_noop!(pack(MAKER, case(1), [lot.packs(4..5)]), refused);
    });
}

#[test]
fn aggregate_fails_when_a_thing_is_named_twice() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::AlreadyAggregated);
        let twice = [lot.packs(0..4), lot.packs(0..4)];
        assert_noop!(pack(MAKER, case(1), twice), refused);
        let in_part = [lot.packs(0..4), lot.packs(2..6)];
        assert_noop!(pack(MAKER, case(1), in_part), refused);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_noop!(pack(MAKER, pallet(1), [case(1), case(1)]), refused);
        assert_ok!(pack(
            MAKER,
            case(2),
            [lot.packs(6..8), lot.packs(4..6), lot.pack(9)]
        ));
    });
}

#[test]
fn aggregate_fails_when_a_container_would_go_into_itself() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        let refused = refusal(Error::AggregationCycle);
        assert_noop!(pack(MAKER, case(1), [case(1)]), refused);
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_noop!(pack(MAKER, case(1), [pallet(1)]), refused);
    });
}

#[test]
fn aggregate_fails_when_the_container_is_sealed() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(seal(MAKER, case(1)));
        let refused = refusal(Error::ContainerSealed);
        assert_noop!(pack(MAKER, case(1), [lot.packs(4..6)]), refused);
        assert_noop!(unpack(MAKER, case(1), [lot.packs(0..4)]), refused);
        // Sealed as it is, it goes into another.
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(unpack(MAKER, pallet(1), [case(1)]));
        assert_ok!(unseal(MAKER, case(1)));
        assert_ok!(pack(MAKER, case(1), [lot.packs(4..6)]));
    });
}

#[test]
fn aggregate_fails_when_it_would_nest_too_deep() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.pack(0)]));
        for number in 2..=5 {
            assert_ok!(pack(MAKER, case(number), [case(number - 1)]));
        }
        let refused = refusal(Error::MaxDepthExceeded);
        assert_noop!(pack(MAKER, case(6), [case(5)]), refused);
        assert_eq!(container(&case(5)).depth, MAX_DEPTH);
        assert_eq!(lot.trace(0).containers.len(), 5);
    });
}

#[test]
fn aggregate_fails_when_there_would_be_packs_of_too_many_lots() {
    build_and_execute(|| {
        let lots = (0..=MAX_LOTS).map(|n| commission(&format!("LOT{n}"), 2));
        let lots = lots.collect::<Vec<_>>();
        let (last, others) = lots.split_last().unwrap();
        assert_ok!(pack(MAKER, case(1), others.iter().map(|lot| lot.pack(0))));
        let refused = refusal(Error::MaxLotsExceeded);
        assert_noop!(pack(MAKER, case(1), [last.pack(0)]), refused);
        assert_ok!(pack(MAKER, case(1), [others[0].pack(1)]));
        assert_ok!(pack(MAKER, case(2), [last.pack(0)]));
        assert_noop!(pack(MAKER, pallet(1), [case(1), case(2)]), refused);
    });
}

#[test]
fn aggregate_fails_when_owners_differ() {
    build_and_execute(|| {
        let mine = commission("LOT1", 10);
        let theirs = commissioned_by(RIVAL, rooted_draft(RIVAL_MEDICINE, "LOT1", 10));
        for (who, lot) in [(MAKER, &mine), (RIVAL, &theirs)] {
            let draft = ShipmentDraft {
                transaction: None,
                ..consignment(&CARRIER, [lot.packs(0..10)])
            };
            assert_ok!(send(who, draft));
            assert_ok!(receive(CARRIER, last_shipment()));
        }
        let refused = refusal(Error::MixedHoldings);
        let both = [mine.packs(0..5), theirs.packs(0..5)];
        assert_noop!(pack(CARRIER, case(1), both), refused);
        assert_ok!(pack(CARRIER, case(1), [mine.packs(0..5)]));
        assert_noop!(pack(CARRIER, case(1), [theirs.packs(0..5)]), refused);
    });
}

#[test]
fn aggregate_fails_when_it_is_at_different_premises() {
    build_and_execute(|| {
        let here = commission("LOT1", 10);
        let call = crate::Call::commission_lot {
            draft: rooted_draft(MEDICINE, "LOT2", 10).0,
            occurrence: at(ANNEX),
        };
        assert_ok!(act(MAKER, call));
        let there = UnitName::Packs {
            lot: last_lot(),
            first: 0,
            count: 1,
        };
        let refused = refusal(Error::MixedHoldings);
        assert_noop!(pack(MAKER, case(1), [here.pack(0), there]), refused);
    });
}

#[test]
fn aggregate_fails_when_it_is_on_its_way() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..2)]));
        shipped(MAKER, WHOLESALER, [lot.packs(2..4), case(1).into()]);
        let refused = refusal(Error::InTransit);
        for who in [MAKER, WHOLESALER] {
            assert_noop!(pack(who.clone(), case(2), [lot.packs(2..4)]), refused);
            assert_noop!(pack(who, case(2), [case(1)]), refused);
        }
        assert_noop!(pack(MAKER, case(1), [lot.packs(4..6)]), refused);
        assert_noop!(unpack(MAKER, case(1), [lot.packs(0..2)]), refused);
        assert_noop!(seal(MAKER, case(1)), refused);
    });
}

#[test]
fn disaggregate_lets_things_out_with_the_holding_of_the_container() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1).into(), lot.packs(4..6)]));
        deliver(MAKER, WHOLESALER, [pallet(1)]);
        assert_ok!(unpack(WHOLESALER, pallet(1), [case(1).into(), lot.pack(5)]));
        let event = Event::Disaggregated {
            container: key(&pallet(1)),
            children: vec![unit(case(1)), unit(lot.pack(5))],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let expected = Holding {
            custodian: org_of(&WHOLESALER),
            site: site_of(&WHOLESALER),
            owner: org_of(&WHOLESALER),
            supplier: Some(org_of(&MAKER)),
            shipment: None,
        };
        assert_eq!(container(&case(1)).place, Place::Root(expected.clone()));
        assert_eq!(lot.trace(5).holding, expected);
        let left = container(&pallet(1));
        assert_eq!((left.children, left.lots[0].packs), (1, 1));
        assert_eq!(lot.disposition(4), Disposition::Packed);
        assert_eq!(lot.disposition(5), Disposition::Active);
    });
}

#[test]
fn disaggregate_leaves_an_empty_container_that_can_be_filled_again() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(unpack(MAKER, case(1), [lot.packs(0..4)]));
        let empty = container(&case(1));
        assert_eq!((empty.children, empty.lots.len()), (0, 0));
        assert_eq!(Contents::<Test>::iter().count(), 0);
        assert_ok!(pack(MAKER, case(1), [lot.packs(2..4)]));
        assert_eq!(Containers::<Test>::iter().count(), 1);
    });
}

#[test]
fn disaggregate_fails_when_it_is_not_directly_in_there() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, case(2), [lot.packs(4..6)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        let refused = refusal(Error::NotInParent);
        assert_noop!(unpack(MAKER, pallet(1), [lot.packs(0..4)]), refused);
        assert_noop!(unpack(MAKER, pallet(1), [case(2)]), refused);
        assert_noop!(unpack(MAKER, case(2), [lot.packs(6..8)]), refused);
        let twice = [lot.pack(4), lot.pack(4)];
        assert_noop!(unpack(MAKER, case(2), twice), refused);
        let absent = refusal(Error::ContainerNotFound);
        assert_noop!(unpack(MAKER, case(9), [lot.pack(4)]), absent);
        assert_noop!(unpack(MAKER, case(2), [case(9)]), absent);
    });
}

#[test]
fn disaggregate_fails_when_the_container_is_in_another() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        let refused = refusal(Error::AlreadyAggregated);
        assert_noop!(unpack(MAKER, case(1), [lot.pack(0)]), refused);
        assert_noop!(seal(MAKER, case(1)), refused);
    });
}

#[test]
fn disaggregate_fails_when_somebody_else_has_custody() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        let refused = refusal(Error::NotCustodian);
        assert_noop!(unpack(WHOLESALER, case(1), [lot.pack(0)]), refused);
        assert_noop!(seal(WHOLESALER, case(1)), refused);
    });
}

#[test]
fn seal_says_whether_anything_goes_in_or_out() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(seal(MAKER, case(1)));
        let event = Event::SealChanged {
            container: key(&case(1)),
            sealed: true,
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        assert!(container(&case(1)).sealed);
        let unchanged = refusal(Error::SealUnchanged);
        assert_noop!(seal(MAKER, case(1)), unchanged);
        assert_ok!(unseal(MAKER, case(1)));
        assert!(!container(&case(1)).sealed);
        assert_noop!(unseal(MAKER, case(1)), unchanged);
    });
}

#[test]
fn seal_fails_when_there_is_no_such_container() {
    build_and_execute(|| {
        assert_noop!(seal(MAKER, case(1)), Error::<Test>::ContainerNotFound);
        let wrong = ContainerName::Sscc(1);
        assert_noop!(seal(MAKER, wrong), Error::<Test>::InvalidSscc);
    });
}
