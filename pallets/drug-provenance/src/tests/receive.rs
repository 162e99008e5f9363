//! At the consignee's: what is there, what is missing, what is too many, and how that ends.

use crate::{mock::*, types::*, Discrepancies, Error, Event};
use frame_support::{assert_noop, assert_ok};

/// A pallet of two cases and loose packs on their way to the wholesaler.
fn on_the_way() -> (Made, ShipmentId) {
    let lot = commission("LOT1", 100);
    assert_ok!(pack(MAKER, case(1), [lot.packs(0..10)]));
    assert_ok!(pack(MAKER, case(2), [lot.packs(10..20)]));
    assert_ok!(pack(MAKER, pallet(1), [case(1), case(2)]));
    let id = shipped(MAKER, WHOLESALER, [pallet(1).into(), lot.packs(50..60)]);
    (lot, id)
}

/// The same, received but for pack 3 and too many by pack 70.
fn with_discrepancies() -> (Made, ShipmentId) {
    let (lot, id) = on_the_way();
    assert_ok!(receive_but(WHOLESALER, id, [lot.pack(3)], [lot.pack(70)]));
    (lot, id)
}

#[test]
fn receive_gives_custody_and_ownership_to_the_consignee() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        pass(DAY);
        assert_ok!(receive(WHOLESALER, id));
        let event = Event::Received {
            shipment: id,
            missing: vec![],
            extra: vec![],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let stored = shipment(id);
        assert_eq!(stored.status, ShipmentStatus::Received);
        assert_eq!(stored.ended_at, Some(START + DAY));
        assert_eq!((stored.discrepancies, stored.unresolved), (0, 0));
        let expected = Holding {
            custodian: org_of(&WHOLESALER),
            site: site_of(&WHOLESALER),
            owner: org_of(&WHOLESALER),
            supplier: Some(org_of(&MAKER)),
            shipment: None,
        };
        for index in [0, 15, 55] {
            assert_eq!(lot.trace(index).holding, expected);
        }
        assert_eq!(lot.custodian(70), org_of(&MAKER));
        assert_noop!(receive(WHOLESALER, id), Error::<Test>::ShipmentNotOpen);
    });
}

#[test]
fn receive_fails_when_somebody_else_is_the_consignee() {
    build_and_execute(|| {
        let (_, id) = on_the_way();
        let refused = refusal(Error::NotConsignee);
        assert_noop!(receive(MAKER, id), refused);
        assert_noop!(receive(DEPOT, id), refused);
    });
}

#[test]
fn receive_fails_when_the_consignee_is_authorised_no_more() {
    build_and_execute(|| {
        let (_, id) = on_the_way();
        assert_ok!(withdraw(&WHOLESALER));
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(receive(WHOLESALER, id), refused);
        assert_ok!(void(MAKER, id));
    });
}

#[test]
fn receive_leaves_what_is_missing_with_the_sender() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        let missing = [lot.packs(3..5), case(2).into(), lot.pack(55)];
        assert_ok!(receive_but(WHOLESALER, id, missing, []));
        let event = Event::Received {
            shipment: id,
            missing: vec![unit(lot.packs(3..5)), unit(case(2)), unit(lot.pack(55))],
            extra: vec![],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let stored = shipment(id);
        assert_eq!((stored.discrepancies, stored.unresolved), (3, 3));
        for (index, there) in [(2, true), (3, false), (4, false), (5, true), (15, false)] {
            assert_eq!(
                lot.custodian(index) == org_of(&WHOLESALER),
                there,
                "{index}"
            );
        }
        for (index, there) in [(54, true), (55, false), (56, true)] {
            assert_eq!(
                lot.custodian(index) == org_of(&WHOLESALER),
                there,
                "{index}"
            );
        }
        let trace = lot.trace(3);
        assert!(trace.containers.is_empty());
        assert_eq!(trace.holding.shipment, Some(id));
        assert_eq!(container(&case(1)).children, 8);
        assert_eq!(container(&pallet(1)).children, 1);
        assert_eq!(container(&pallet(1)).lots[0].packs, 8);
        let first = Discrepancies::<Test>::get(id, 0);
        let expected = Discrepancy {
            kind: DiscrepancyKind::Missing,
            unit: unit(lot.packs(3..5)),
            resolution: None,
        };
        assert_eq!(first, Some(expected));
        assert_eq!(Discrepancies::<Test>::iter_prefix(id).count(), 3);
    });
}

#[test]
fn receive_takes_what_is_missing_out_of_sealed_containers() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..10)]));
        assert_ok!(seal(MAKER, case(1)));
        let id = shipped(MAKER, WHOLESALER, [case(1)]);
        assert_ok!(receive_but(WHOLESALER, id, [lot.pack(9)], []));
        assert!(container(&case(1)).sealed);
    });
}

#[test]
fn receive_is_possible_when_all_of_it_is_missing() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        let missing = [pallet(1).into(), lot.packs(50..60)];
        assert_ok!(receive_but(WHOLESALER, id, missing, []));
        assert_eq!(lot.custodian(0), org_of(&MAKER));
        assert_ok!(resolve(MAKER, id, 0, Resolution::NotShipped));
        assert_eq!(lot.disposition(0), Disposition::Packed);
        assert_eq!(lot.trace(0).holding.shipment, None);
        assert_ok!(resolve(MAKER, id, 1, Resolution::Lost));
        assert_eq!(lot.disposition(50), Disposition::Stolen);
    });
}

#[test]
fn receive_fails_when_what_is_missing_is_not_in_the_shipment() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        let refused = refusal(Error::NotInShipment);
        let attempt = |missing| receive_but(WHOLESALER, id, [missing], []);
        assert_noop!(attempt(lot.pack(70)), refused);
        assert_ok!(ship(MAKER, DEPOT, [lot.packs(70..80)]));
        assert_noop!(attempt(lot.pack(70)), refused);
        assert_noop!(attempt(case(9).into()), Error::<Test>::ContainerNotFound);
        assert_noop!(attempt(lot.packs(99..101)), Error::<Test>::PacksNotFound);
        assert_noop!(attempt(lot.packs(59..61)), Error::<Test>::PacksApart);
        let twice = [lot.pack(3), lot.pack(3)];
        assert_noop!(receive_but(WHOLESALER, id, twice, []), refused);
    });
}

#[test]
fn receive_fails_when_what_is_too_many_is_announced() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        let refused = refusal(Error::NotExtra);
        for extra in [lot.pack(55), lot.pack(3), case(1).into(), pallet(1).into()] {
            assert_noop!(receive_but(WHOLESALER, id, [], [extra]), refused);
        }
        let unknown = refusal(Error::ContainerNotFound);
        assert_noop!(receive_but(WHOLESALER, id, [], [case(9).into()]), unknown);
    });
}

#[test]
fn receive_only_notes_what_is_too_many() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        assert_ok!(receive_but(WHOLESALER, id, [], [lot.packs(70..72)]));
        let expected = Discrepancy {
            kind: DiscrepancyKind::Extra,
            unit: unit(lot.packs(70..72)),
            resolution: None,
        };
        assert_eq!(Discrepancies::<Test>::get(id, 0), Some(expected));
        assert_eq!(lot.custodian(70), org_of(&MAKER));
        assert_eq!(lot.disposition(70), Disposition::Active);
    });
}

#[test]
fn resolve_discrepancy_gives_what_was_found_to_the_consignee() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(MAKER, id, 0, Resolution::Found), refused);
        assert_ok!(resolve(WHOLESALER, id, 0, Resolution::Found));
        let event = Event::DiscrepancyResolved {
            shipment: id,
            number: 0,
            resolution: Resolution::Found,
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let holding = lot.trace(3).holding;
        let wholesaler = org_of(&WHOLESALER);
        assert_eq!((holding.custodian, holding.owner), (wholesaler, wholesaler));
        assert_eq!(
            (holding.supplier, holding.shipment),
            (Some(org_of(&MAKER)), None)
        );
        let stored = shipment(id);
        assert_eq!((stored.discrepancies, stored.unresolved), (2, 1));
        let noted = Discrepancies::<Test>::get(id, 0).unwrap();
        assert_eq!(noted.resolution, Some(Resolution::Found));
        assert_ok!(pack(WHOLESALER, case(3), [lot.pack(3)]));
    });
}

#[test]
fn resolve_discrepancy_gives_what_was_never_shipped_back_to_the_sender() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(WHOLESALER, id, 0, Resolution::NotShipped), refused);
        assert_ok!(resolve(MAKER, id, 0, Resolution::NotShipped));
        let holding = lot.trace(3).holding;
        assert_eq!(
            (holding.custodian, holding.shipment),
            (org_of(&MAKER), None)
        );
        assert_ok!(ship(MAKER, DEPOT, [lot.pack(3)]));
    });
}

#[test]
fn resolve_discrepancy_counts_what_was_lost_as_stolen() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(WHOLESALER, id, 0, Resolution::Lost), refused);
        assert_ok!(resolve(MAKER, id, 0, Resolution::Lost));
        assert_eq!(lot.disposition(3), Disposition::Stolen);
        assert_eq!(lot.gone(Fate::Stolen), 1);
        assert_noop!(
            ship(MAKER, DEPOT, [lot.pack(3)]),
            Error::<Test>::ReportedStolen
        );
    });
}

#[test]
fn resolve_discrepancy_counts_all_that_was_in_a_lost_container() {
    build_and_execute(|| {
        let (lot, id) = on_the_way();
        assert_ok!(receive_but(WHOLESALER, id, [case(2).into()], []));
        assert_ok!(resolve(MAKER, id, 0, Resolution::Lost));
        assert_eq!(lot.gone(Fate::Stolen), 10);
        assert_eq!(lot.disposition(15), Disposition::Stolen);
        assert_eq!(lot.disposition(5), Disposition::Packed);
    });
}

#[test]
fn resolve_discrepancy_gives_what_is_accepted_to_the_consignee() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(WHOLESALER, id, 1, Resolution::Accepted), refused);
        assert_ok!(resolve(MAKER, id, 1, Resolution::Accepted));
        let holding = lot.trace(70).holding;
        assert_eq!(holding.custodian, org_of(&WHOLESALER));
        assert_eq!(holding.shipment, None);
        assert_eq!(shipment(id).unresolved, 1);
    });
}

#[test]
fn resolve_discrepancy_accepts_of_a_third_party_when_it_has_custody() {
    build_and_execute(|| {
        let theirs = commissioned_by(RIVAL, rooted_draft(RIVAL_MEDICINE, "LOT1", 10));
        let (_, id) = on_the_way();
        assert_ok!(receive_but(WHOLESALER, id, [], [theirs.pack(0)]));
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(MAKER, id, 0, Resolution::Accepted), refused);
        assert_ok!(resolve(RIVAL, id, 0, Resolution::Accepted));
        assert_eq!(theirs.custodian(0), org_of(&WHOLESALER));
    });
}

#[test]
fn resolve_discrepancy_moves_nothing_when_what_was_too_many_is_sent_back() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::NotResolver);
        assert_noop!(resolve(MAKER, id, 1, Resolution::SentBack), refused);
        assert_ok!(resolve(WHOLESALER, id, 1, Resolution::SentBack));
        assert_eq!(lot.custodian(70), org_of(&MAKER));
        assert_ok!(ship(MAKER, DEPOT, [lot.pack(70)]));
    });
}

#[test]
fn resolve_discrepancy_fails_when_it_does_not_end_like_this() {
    build_and_execute(|| {
        let (_, id) = with_discrepancies();
        let refused = refusal(Error::ResolutionNotApplicable);
        for resolution in [Resolution::Accepted, Resolution::SentBack] {
            for who in [MAKER, WHOLESALER] {
                assert_noop!(resolve(who, id, 0, resolution), refused);
            }
        }
        for resolution in [Resolution::Found, Resolution::NotShipped, Resolution::Lost] {
            for who in [MAKER, WHOLESALER] {
                assert_noop!(resolve(who, id, 1, resolution), refused);
            }
        }
    });
}

#[test]
fn resolve_discrepancy_fails_when_there_is_none_or_it_is_resolved() {
    build_and_execute(|| {
        let (_, id) = with_discrepancies();
        let refused = refusal(Error::DiscrepancyNotOpen);
        assert_noop!(resolve(WHOLESALER, id, 2, Resolution::Found), refused);
        assert_ok!(resolve(WHOLESALER, id, 0, Resolution::Found));
        assert_noop!(resolve(WHOLESALER, id, 0, Resolution::Found), refused);
        assert_noop!(resolve(MAKER, id, 0, Resolution::Lost), refused);
    });
}

#[test]
fn resolve_discrepancy_fails_when_what_is_accepted_cannot_be_handed_over() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        assert_ok!(pack(MAKER, case(7), [lot.pack(70)]));
        let accept = || resolve(MAKER, id, 1, Resolution::Accepted);
        assert_noop!(accept(), Error::<Test>::AlreadyAggregated);
        assert_ok!(unpack(MAKER, case(7), [lot.pack(70)]));
        let other = shipped(MAKER, DEPOT, [lot.pack(70)]);
        assert_noop!(accept(), Error::<Test>::InTransit);
        assert_ok!(void(MAKER, other));
        assert_ok!(accept());
    });
}

#[test]
fn what_is_missing_is_not_touched_until_the_discrepancy_is_resolved() {
    build_and_execute(|| {
        let (lot, id) = with_discrepancies();
        let refused = refusal(Error::DiscrepancyUnresolved);
        assert_noop!(ship(MAKER, DEPOT, [lot.pack(3)]), refused);
        assert_noop!(pack(MAKER, case(8), [lot.pack(3)]), refused);
        let damaged = DecommissionReason::Damaged;
        assert_noop!(decommission(MAKER, [lot.pack(3)], damaged), refused);
        assert_ok!(resolve(MAKER, id, 0, Resolution::NotShipped));
        assert_ok!(decommission(MAKER, [lot.pack(3)], damaged));
    });
}
