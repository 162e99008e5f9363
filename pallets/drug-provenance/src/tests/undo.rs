//! Back into the chain: EU 2016/161 Art. 13.

use crate::{mock::*, types::*, Error, Event};
use axonic_primitives::testing::DUTY_MISSING;
use frame_support::{assert_noop, assert_ok};

/// A lot at the pharmacy whose pack 1 was dispensed.
fn dispensed() -> Made {
    let lot = at_the_pharmacy("LOT1", 10);
    assert_ok!(dispense(PHARMACIST, &lot, 1));
    lot
}

#[test]
fn undo_brings_a_dispensed_pack_back() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let before = lot.trace(1).holding;
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_ok!(undo(PHARMACIST, &lot, 1));
        let event = Event::Undone {
            lot: lot.id,
            index: 1,
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        assert_eq!(lot.disposition(1), Disposition::Active);
        assert_eq!(lot.trace(1).holding, before);
        assert_eq!(lot.details().fates, [0; 7]);
        assert_eq!(lot.scan(1), Verdict::Authentic);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_ok!(undo(PHARMACIST, &lot, 1));
        assert_ok!(ship(PHARMACY, DRUGGIST, [lot.pack(1)]));
    });
}

#[test]
fn undo_leaves_a_pack_loose_that_was_in_a_container() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        deliver(MAKER, PHARMACY, [case(1)]);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_ok!(undo(PHARMACIST, &lot, 1));
        assert!(lot.trace(1).containers.is_empty());
        assert_eq!(container(&case(1)).children, 3);
    });
}

#[test]
fn undo_brings_back_what_was_exported_sampled_or_decommissioned() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let reasons = [
            DecommissionReason::Exported,
            DecommissionReason::Sampled,
            DecommissionReason::Damaged,
            DecommissionReason::Unreadable,
            DecommissionReason::Other,
        ];
        for (index, reason) in (0..).zip(reasons) {
            assert_ok!(decommission(MAKER, [lot.pack(index)], reason));
            assert_ok!(undo(MAKER, &lot, index));
            assert_eq!(lot.disposition(index), Disposition::Active, "{reason:?}");
        }
    });
}

#[test]
fn undo_brings_back_one_of_many() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let sampled = DecommissionReason::Sampled;
        assert_ok!(decommission(MAKER, [lot.packs(0..10)], sampled));
        assert_ok!(undo(MAKER, &lot, 5));
        assert_eq!(lot.gone(Fate::Sampled), 9);
        assert_eq!(lot.disposition(4), Disposition::Sampled);
        assert_eq!(lot.disposition(5), Disposition::Active);
    });
}

#[test]
fn undo_is_possible_for_ten_days_and_no_longer() {
    build_and_execute(|| {
        let lot = dispensed();
        Now::set(START + 10 * DAY + 1);
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::UndoWindowElapsed);
        Now::set(START + 10 * DAY);
        assert_ok!(undo(PHARMACIST, &lot, 1));
    });
}

#[test]
fn undo_counts_the_days_by_the_chains_clock_whatever_the_partner_says() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        pass(5 * DAY);
        let earlier = Occurrence {
            time: START,
            ..here(&PHARMACIST)
        };
        let sold = dispense_like(PHARMACIST, lot.claim(1), lot.proof(1), earlier);
        assert_ok!(sold);
        pass(10 * DAY);
        assert_ok!(undo(PHARMACIST, &lot, 1));
    });
}

#[test]
fn undo_fails_when_other_premises_did_it() {
    build_and_execute(|| {
        let lot = dispensed();
        let refused = refusal(Error::UndoWrongPremises);
        assert_noop!(undo_at(PHARMACIST, BRANCH, &lot, 1, false), refused);
        assert_ok!(undo(PHARMACIST, &lot, 1));
    });
}

#[test]
fn undo_fails_when_another_organisation_did_it() {
    build_and_execute(|| {
        let lot = dispensed();
        let refused = refusal(Error::UndoWrongPremises);
        assert_noop!(undo(DRUGGIST, &lot, 1), refused);
    });
}

#[test]
fn undo_fails_when_the_organisation_is_not_licensed_to_do_it() {
    build_and_execute(|| {
        let lot = dispensed();
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(undo(MAKER, &lot, 1), refused);
        let authorise = |licence: Licence| {
            assert_ok!(authorise(&PHARMACY, licence, START + YEAR));
        };
        authorise(Licence::LogisticsProvider);
        assert_noop!(undo(PHARMACIST, &lot, 1), refused);
        authorise(Licence::Dispenser);
        assert_ok!(undo(PHARMACIST, &lot, 1));
    });
}

#[test]
fn undo_fails_when_the_organisation_was_authorised_anew_since() {
    build_and_execute(|| {
        let lot = dispensed();
        let refused = refusal(Error::AuthorisationChanged);
        let authorise = |until| {
            assert_ok!(authorise(&PHARMACY, Licence::Dispenser, until));
        };
        pass(HOUR);
        assert_ok!(withdraw(&PHARMACY));
        authorise(START + DAY);
        assert_noop!(undo(PHARMACIST, &lot, 1), refused);
        assert_ok!(dispense(PHARMACIST, &lot, 2));
        // Renewed in time, it is the same authorisation.
        authorise(START + 2 * DAY);
        assert_ok!(undo(PHARMACIST, &lot, 2));
        assert_ok!(dispense(PHARMACIST, &lot, 3));
        Now::set(START + 2 * DAY);
        authorise(START + 3 * DAY);
        assert_noop!(undo(PHARMACIST, &lot, 3), refused);
    });
}

#[test]
fn undo_fails_when_the_pack_reached_the_public() {
    build_and_execute(|| {
        let lot = dispensed();
        let site = site_of(&PHARMACIST);
        let refused = refusal(Error::UndoForbidden);
        assert_noop!(undo_at(PHARMACIST, site, &lot, 1, true), refused);
    });
}

#[test]
fn undo_fails_when_it_was_destroyed() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let destroyed = DecommissionReason::Destroyed;
        assert_ok!(decommission(MAKER, [lot.pack(1)], destroyed));
        assert_noop!(undo(MAKER, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_it_is_to_be_destroyed() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let for_destruction = DecommissionReason::ForDestruction;
        assert_ok!(decommission(MAKER, [lot.pack(1)], for_destruction));
        assert_noop!(undo(MAKER, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_it_was_stolen() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(report_stolen(MAKER, [lot.pack(1)]));
        assert_noop!(undo(MAKER, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_a_stolen_container_has_it() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(report_stolen(MAKER, [case(1)]));
        assert_noop!(undo(MAKER, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_it_was_packed_again() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, REPACKAGER, [lot.packs(0..10)]);
        let output = listed_draft(REPACKED, "NEW1", 10);
        assert_ok!(transform(REPACKAGER, [lot.packs(0..10)], output));
        assert_noop!(undo(REPACKAGER, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_only_part_of_it_was_dispensed() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense_part(PHARMACIST, &lot, 1));
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::UndoForbidden);
    });
}

#[test]
fn undo_fails_when_there_is_nothing_to_undo() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_noop!(undo(PHARMACIST, &lot, 2), Error::<Test>::NothingToUndo);
    });
}

#[test]
fn undo_fails_when_the_lot_has_expired() {
    build_and_execute(|| {
        let (draft, tree) = rooted_draft(MEDICINE, "LOT1", 10);
        let expiry = day(2026, 1, 5);
        let lot = commissioned_by(MAKER, (LotDraft { expiry, ..draft }, tree));
        assert_ok!(decommission(
            MAKER,
            [lot.packs(0..2)],
            DecommissionReason::Other
        ));
        Now::set(START + 5 * DAY - 1);
        assert_ok!(undo(MAKER, &lot, 0));
        Now::set(START + 5 * DAY);
        assert_noop!(undo(MAKER, &lot, 1), Error::<Test>::LotExpired);
    });
}

#[test]
fn undo_fails_when_the_lot_is_recalled() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassII));
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::LotRecalled);
    });
}

#[test]
fn undo_fails_when_the_lot_is_withdrawn() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_ok!(recall(MAKER, &lot, RecallKind::Withdrawal));
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::LotRecalled);
    });
}

#[test]
fn undo_fails_when_the_lot_is_quarantined() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_ok!(quarantine(MAKER, &lot));
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::LotQuarantined);
    });
}

#[test]
fn undo_fails_when_the_lot_is_suspect() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_ok!(suspect_lot(MAKER, &lot));
        assert_noop!(undo(PHARMACIST, &lot, 1), Error::<Test>::ItemSuspect);
    });
}

#[test]
fn undo_fails_when_the_organisation_is_not_authorised_any_more() {
    build_and_execute(|| {
        let lot = dispensed();
        assert_ok!(withdraw(&PHARMACY));
        assert_noop!(
            undo(PHARMACIST, &lot, 1),
            Error::<Test>::PartnerNotAuthorized
        );
    });
}

#[test]
fn undo_fails_when_the_proof_is_wrong() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let other = DecommissionReason::Other;
        assert_ok!(decommission(MAKER, [lot.packs(0..4)], other));
        let attempt = |proof| {
            let call = crate::Call::undo {
                pack: lot.claim(1),
                proof,
                reached_the_public: false,
                occurrence: here(&MAKER),
            };
            act(MAKER, call)
        };
        assert_noop!(attempt(None), Error::<Test>::ProofMissing);
        assert_noop!(attempt(lot.proof(2)), Error::<Test>::BadMerkleProof);
        assert_ok!(attempt(lot.proof(1)));
    });
}

#[test]
fn undo_needs_staff_that_supplies_or_dispenses() {
    build_and_execute(|| {
        let lot = dispensed();
        axonic_primitives::testing::Doubles::enrol(
            STRANGER,
            org_of(&PHARMACY),
            axonic_primitives::membership::Duty::Auditor,
        );
        assert_noop!(
            undo_at(STRANGER, site_of(&PHARMACY), &lot, 1, false),
            DUTY_MISSING
        );
        assert_ok!(undo(PHARMACY, &lot, 1));
    });
}
