//! Lots that come back.

use crate::{mock::*, types::*, Error, Event};
use frame_support::{assert_noop, assert_ok};

#[test]
fn quarantine_recall_and_withdrawal_follow_each_other() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(quarantine(MAKER, &lot));
        assert_eq!(last_event(), Event::LotQuarantined { lot: lot.id });
        assert_eq!(lot.details().status, LotStatus::Quarantined);
        assert_eq!(lot.scan(0), Verdict::Quarantined);
        pass(1);
        let kind = RecallKind::ClassII;
        assert_ok!(recall(MAKER, &lot, kind));
        assert_eq!(last_event(), Event::LotRecalled { lot: lot.id, kind });
        let at = START + 1;
        assert_eq!(lot.details().status, LotStatus::Recalled { kind, at });
        assert_eq!(lot.scan(0), Verdict::Recalled);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_ok!(recall(MAKER, &lot, RecallKind::Withdrawal));
        assert_eq!(lot.details().status, LotStatus::Withdrawn { at });
        assert_eq!(lot.scan(0), Verdict::Withdrawn);
    });
}

#[test]
fn quarantine_and_recall_fail_when_nothing_would_change() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let unchanged = refusal(Error::LotStatusUnchanged);
        assert_ok!(quarantine(MAKER, &lot));
        assert_noop!(quarantine(MAKER, &lot), unchanged);
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_noop!(recall(MAKER, &lot, RecallKind::ClassI), unchanged);
        assert_noop!(quarantine(MAKER, &lot), unchanged);
        assert_ok!(recall(MAKER, &lot, RecallKind::Withdrawal));
        assert_noop!(recall(MAKER, &lot, RecallKind::Withdrawal), unchanged);
        assert_noop!(recall(MAKER, &lot, RecallKind::ClassI), unchanged);
        assert_noop!(lift(MAKER, &lot), unchanged);
    });
}

#[test]
fn lift_recall_lets_a_lot_move_again() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::LotNotRecalled);
        assert_noop!(lift(MAKER, &lot), refused);
        for stop in [
            quarantine(MAKER, &lot),
            recall(MAKER, &lot, RecallKind::ClassI),
        ] {
            assert_ok!(stop);
        }
        assert_ok!(lift(MAKER, &lot));
        assert_eq!(last_event(), Event::RecallLifted { lot: lot.id });
        assert_eq!(lot.details().status, LotStatus::Active);
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..10)]));
        assert_noop!(lift(MAKER, &lot), refused);
    });
}

#[test]
fn recall_needs_the_owner_of_the_product_or_an_authority() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let refused = refusal(Error::NotBrandOwner);
        for who in [RIVAL, PHARMACY, WHOLESALER, DEPOT] {
            assert_noop!(quarantine(who.clone(), &lot), refused);
            assert_noop!(recall(who.clone(), &lot, RecallKind::ClassI), refused);
            assert_noop!(lift(who, &lot), refused);
        }
        assert_ok!(quarantine(INSPECTOR, &lot));
        assert_ok!(recall(INSPECTOR, &lot, RecallKind::ClassI));
        assert_ok!(lift(INSPECTOR, &lot));
        assert_noop!(quarantine(HOSPITAL, &lot), refused);
    });
}

#[test]
fn recall_is_possible_for_a_maker_whose_authorisation_has_run_out() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(withdraw(&MAKER));
        assert_ok!(quarantine(MAKER, &lot));
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_noop!(lift(MAKER, &lot), Error::<Test>::PartnerNotAuthorized);
    });
}

#[test]
fn what_an_authority_stopped_only_an_authority_lets_move_again() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let refused = refusal(Error::NotAuthority);
        assert_ok!(quarantine(INSPECTOR, &lot));
        assert_noop!(lift(MAKER, &lot), refused);
        // The maker may ask for more than the authority, but not for less.
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_noop!(lift(MAKER, &lot), refused);
        assert_noop!(recall(MAKER, &lot, RecallKind::ClassIII), refused);
        assert_ok!(recall(INSPECTOR, &lot, RecallKind::ClassIII));
        assert_ok!(lift(INSPECTOR, &lot));
        // What the maker stopped after that is its own again.
        assert_ok!(quarantine(MAKER, &lot));
        assert_ok!(lift(MAKER, &lot));
    });
}

#[test]
fn what_a_maker_stopped_is_an_authoritys_when_that_orders_the_same() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let unchanged = refusal(Error::LotStatusUnchanged);
        let refused = refusal(Error::NotAuthority);
        assert_ok!(quarantine(MAKER, &lot));
        assert_ok!(quarantine(INSPECTOR, &lot));
        assert_eq!(last_event(), Event::LotQuarantined { lot: lot.id });
        assert_noop!(quarantine(INSPECTOR, &lot), unchanged);
        assert_noop!(lift(MAKER, &lot), refused);
        assert_ok!(lift(INSPECTOR, &lot));

        // Since when it is recalled stays as it was.
        let kind = RecallKind::ClassII;
        assert_ok!(recall(MAKER, &lot, kind));
        pass(HOUR);
        assert_ok!(recall(INSPECTOR, &lot, kind));
        let at = START;
        assert_eq!(lot.details().status, LotStatus::Recalled { kind, at });
        assert!(lot.details().by_authority);
        assert_noop!(recall(INSPECTOR, &lot, kind), unchanged);
        assert_noop!(recall(MAKER, &lot, kind), unchanged);
        assert_noop!(lift(MAKER, &lot), refused);
    });
}

#[test]
fn a_maker_asks_for_more_than_an_authority_and_never_for_less() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let refused = refusal(Error::NotAuthority);
        assert_ok!(recall(INSPECTOR, &lot, RecallKind::ClassIII));
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_noop!(recall(MAKER, &lot, RecallKind::ClassII), refused);
        assert_noop!(lift(MAKER, &lot), refused);
        assert_ok!(recall(INSPECTOR, &lot, RecallKind::ClassII));
        assert_noop!(recall(MAKER, &lot, RecallKind::ClassIII), refused);
        assert_ok!(recall(MAKER, &lot, RecallKind::Withdrawal));
    });
}

#[test]
fn recall_fails_when_there_is_no_such_lot() {
    build_and_execute(|| {
        let (lot, kind) = (LotId(77), RecallKind::ClassI);
        let refused = refusal(Error::LotNotFound);
        for who in [MAKER, INSPECTOR] {
            let recall = act(who.clone(), crate::Call::recall { lot, kind });
            assert_noop!(recall, refused);
            assert_noop!(act(who, crate::Call::quarantine { lot }), refused);
        }
    });
}

#[test]
fn recall_stops_what_was_made_of_it_only_by_name() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, REPACKAGER, [lot.packs(0..10)]);
        let output = listed_draft(REPACKED, "NEW1", 1);
        assert_ok!(transform(REPACKAGER, [lot.packs(0..5)], output));
        let made = last_lot();
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        let reach = Provenance::reach_of(MEDICINE, &lot.number, None).unwrap();
        assert_eq!(
            reach.transformed_into,
            [made],
            "whoever recalls learns what else to recall"
        );
    });
}
