//! Suspect and illegitimate product.

use crate::{mock::*, types::*, Error, Event, Investigations};
use axonic_primitives::testing::NOT_STAFF;
use frame_support::{assert_noop, assert_ok};

#[test]
fn open_investigation_holds_packs_where_they_are() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(suspect(MAKER, lot.packs(1..3)));
        let investigation = last_investigation();
        let subject = Subject::Unit(unit(lot.packs(1..3)));
        let event = Event::InvestigationOpened {
            investigation,
            subject: subject.clone(),
        };
        assert_eq!(last_event(), event);
        let expected = Investigation {
            subject,
            opened_by: org_of(&MAKER),
            opened_at: START,
            outcome: None,
        };
        assert_eq!(Investigations::<Test>::get(investigation), Some(expected));
        for (index, verdict) in [(0, Verdict::Authentic), (1, Verdict::Suspect)] {
            assert_eq!(lot.scan(index), verdict);
            assert_eq!(lot.disposition(index), Disposition::Packed);
        }
        assert_eq!(container(&case(1)).children, 4, "nothing moved");
        assert_eq!(container(&pallet(1)).holds, 1);
        assert_eq!(container(&case(1)).holds, 1);
    });
}

#[test]
fn open_investigation_holds_a_container_with_all_that_is_in_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(suspect(MAKER, case(1)));
        let investigation = last_investigation();
        assert_eq!(container(&case(1)).hold, Some(investigation));
        assert_eq!(container(&pallet(1)).holds, 1);
        assert_eq!(lot.scan(2), Verdict::Suspect);
        let refused = refusal(Error::ItemSuspect);
        assert_noop!(ship(MAKER, WHOLESALER, [pallet(1)]), refused);
        assert_ok!(unpack(MAKER, pallet(1), [case(1)]));
        assert_eq!(container(&pallet(1)).holds, 0);
        assert_noop!(ship(MAKER, WHOLESALER, [case(1)]), refused);
        assert_noop!(unpack(MAKER, case(1), [lot.pack(0)]), refused);
    });
}

#[test]
fn open_investigation_holds_a_lot_with_one_write() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(suspect_lot(MAKER, &lot));
        assert_eq!(lot.details().hold, Some(last_investigation()));
        assert_eq!(lot.scan(7), Verdict::Suspect);
        let refused = refusal(Error::ItemSuspect);
        assert_noop!(ship(PHARMACY, DRUGGIST, [lot.pack(7)]), refused);
    });
}

#[test]
fn open_investigation_is_possible_for_an_authority_whose_ever_it_is() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(suspect(INSPECTOR, lot.packs(0..2)));
        assert_ok!(suspect_lot(INSPECTOR, &lot));
        let opened_by = Investigations::<Test>::get(last_investigation())
            .unwrap()
            .opened_by;
        assert_eq!(opened_by, org_of(&INSPECTOR));
    });
}

#[test]
fn open_investigation_fails_when_it_is_neither_here_nor_the_organisations() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_noop!(
            suspect(WHOLESALER, lot.pack(0)),
            Error::<Test>::NotCustodian
        );
        assert_noop!(suspect_lot(WHOLESALER, &lot), Error::<Test>::NotBrandOwner);
        assert_noop!(suspect_lot(PHARMACY, &lot), Error::<Test>::NotBrandOwner);
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(suspect(HOSPITAL, lot.pack(0)), refused);
        assert_noop!(suspect(STRANGER, lot.pack(0)), NOT_STAFF);
    });
}

#[test]
fn open_investigation_fails_when_one_is_open() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(suspect(MAKER, lot.packs(0..4)));
        let refused = refusal(Error::InvestigationOpen);
        assert_noop!(suspect(MAKER, lot.packs(0..4)), refused);
        assert_noop!(suspect(MAKER, lot.pack(2)), refused);
        assert_ok!(suspect_lot(MAKER, &lot));
        assert_noop!(suspect_lot(MAKER, &lot), refused);
    });
}

#[test]
fn open_investigation_by_an_authority_takes_over_when_a_partner_s_is_open() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(suspect(MAKER, lot.packs(0..4)));
        let partners = last_investigation();
        assert_ok!(suspect(INSPECTOR, lot.packs(0..4)));
        let authority_s = last_investigation();
        assert_ok!(close(MAKER, partners, Outcome::Cleared));
        assert_eq!(lot.scan(1), Verdict::Suspect);
        assert_ok!(close(INSPECTOR, authority_s, Outcome::Cleared));
        assert_eq!(lot.scan(1), Verdict::Authentic);
        assert_ok!(suspect_lot(MAKER, &lot));
        let partners = last_investigation();
        assert_ok!(suspect_lot(INSPECTOR, &lot));
        let refused = refusal(Error::InvestigationOpen);
        assert_noop!(suspect_lot(INSPECTOR, &lot), refused);
        assert_ok!(close(MAKER, partners, Outcome::Cleared));
        assert_eq!(lot.scan(1), Verdict::Suspect);
    });
}

#[test]
fn close_investigation_lets_nothing_go_when_another_holds_a_container_of_the_same_name() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..2)]));
        assert_ok!(unpack(MAKER, case(1), [lot.packs(0..2)]));
        assert_ok!(suspect(MAKER, case(1)));
        let stale = last_investigation();
        assert_ok!(decommission(
            MAKER,
            [case(1)],
            DecommissionReason::Destroyed
        ));
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..2)]));
        assert_ok!(suspect(INSPECTOR, case(1)));
        assert_ok!(close(MAKER, stale, Outcome::Cleared));
        assert_eq!(lot.scan(1), Verdict::Suspect);
    });
}

#[test]
fn open_investigation_fails_when_there_is_no_such_thing() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_noop!(suspect(MAKER, case(1)), Error::<Test>::ContainerNotFound);
        assert_noop!(suspect(MAKER, lot.pack(10)), Error::<Test>::PacksNotFound);
        let subject = SubjectName::Lot(LotId(77));
        let unknown = act(MAKER, crate::Call::open_investigation { subject });
        assert_noop!(unknown, Error::<Test>::LotNotFound);
    });
}

#[test]
fn close_investigation_lets_go_of_what_is_legitimate() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(suspect(MAKER, lot.packs(1..3)));
        let investigation = last_investigation();
        pass(DAY);
        assert_ok!(close(MAKER, investigation, Outcome::Cleared));
        let outcome = Outcome::Cleared;
        let event = Event::InvestigationClosed {
            investigation,
            outcome,
        };
        assert_eq!(last_event(), event);
        let stored = Investigations::<Test>::get(investigation).unwrap();
        assert_eq!(stored.outcome, Some((outcome, START + DAY)));
        assert_eq!(container(&case(1)).holds, 0);
        assert_eq!(lot.scan(1), Verdict::Authentic);
        assert_ok!(ship(MAKER, WHOLESALER, [case(1)]));
        assert_ok!(suspect_lot(MAKER, &lot));
        assert_ok!(close(MAKER, last_investigation(), outcome));
        assert_eq!(lot.details().hold, None);
    });
}

#[test]
fn close_investigation_holds_for_good_what_is_illegitimate() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(suspect(PHARMACY, lot.packs(0..6)));
        assert_ok!(close(PHARMACY, last_investigation(), Outcome::Illegitimate));
        let refused = refusal(Error::ItemSuspect);
        assert_eq!(lot.scan(0), Verdict::Suspect);
        assert_noop!(ship(PHARMACY, DEPOT, [lot.pack(0)]), refused);
        assert_noop!(dispense(PHARMACIST, &lot, 0), refused);
        let other = DecommissionReason::Other;
        assert_noop!(decommission(PHARMACY, [lot.pack(0)], other), refused);
        assert_ok!(decommission(
            PHARMACY,
            [lot.pack(0)],
            DecommissionReason::Destroyed
        ));
        let for_destruction = DecommissionReason::ForDestruction;
        assert_ok!(decommission(PHARMACY, [lot.pack(1)], for_destruction));
        assert_ok!(report_stolen(PHARMACY, [lot.pack(2)]));
        assert_ok!(give_back(PHARMACY, MAKER, [lot.packs(3..6)]));
        assert_ok!(receive(MAKER, last_shipment()));
        assert_noop!(ship(MAKER, DEPOT, [lot.pack(3)]), refused);
    });
}

#[test]
fn what_comes_out_of_an_illegitimate_container_is_held_like_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(suspect(MAKER, case(1)));
        let investigation = last_investigation();
        let refused = refusal(Error::ItemSuspect);
        assert_noop!(unpack(MAKER, case(1), [lot.packs(0..4)]), refused);
        assert_ok!(close(MAKER, investigation, Outcome::Illegitimate));
        assert_ok!(unpack(MAKER, case(1), [lot.packs(0..4)]));
        assert_eq!(lot.scan(0), Verdict::Suspect);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.packs(0..4)]), refused);
        assert_ok!(decommission(
            MAKER,
            [lot.packs(0..4)],
            DecommissionReason::Destroyed
        ));
    });
}

#[test]
fn close_investigation_fails_when_another_organisation_opened_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(suspect(MAKER, lot.pack(0)));
        let investigation = last_investigation();
        let refused = refusal(Error::NotInvestigator);
        assert_noop!(close(WHOLESALER, investigation, Outcome::Cleared), refused);
        assert_ok!(close(INSPECTOR, investigation, Outcome::Cleared));
        assert_ok!(suspect(INSPECTOR, lot.pack(0)));
        let investigation = last_investigation();
        assert_noop!(close(MAKER, investigation, Outcome::Cleared), refused);
    });
}

#[test]
fn close_investigation_fails_when_it_is_closed_or_never_was() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(suspect(MAKER, lot.pack(0)));
        let investigation = last_investigation();
        assert_ok!(close(MAKER, investigation, Outcome::Cleared));
        let again = close(MAKER, investigation, Outcome::Illegitimate);
        assert_noop!(again, Error::<Test>::InvestigationClosed);
        let unknown = close(MAKER, InvestigationId(77), Outcome::Cleared);
        assert_noop!(unknown, Error::<Test>::InvestigationNotFound);
    });
}

#[test]
fn a_new_investigation_is_a_new_one_after_the_first_was_cleared() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(suspect(MAKER, lot.packs(0..4)));
        let first = last_investigation();
        assert_ok!(close(MAKER, first, Outcome::Cleared));
        assert_ok!(suspect(MAKER, lot.packs(0..4)));
        assert!(last_investigation() > first);
        assert_eq!(lot.scan(1), Verdict::Suspect);
    });
}

#[test]
fn clearing_lets_go_of_what_was_split_in_the_meantime() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(suspect(PHARMACY, lot.packs(0..6)));
        let investigation = last_investigation();
        assert_ok!(decommission(
            PHARMACY,
            [lot.pack(2)],
            DecommissionReason::Destroyed
        ));
        assert_ok!(close(PHARMACY, investigation, Outcome::Cleared));
        for index in [0, 1, 3, 5] {
            assert_eq!(lot.scan(index), Verdict::Authentic, "{index}");
        }
        assert_ok!(dispense(PHARMACIST, &lot, 0));
        assert_ok!(ship(PHARMACY, DRUGGIST, [lot.packs(3..6)]));
    });
}
