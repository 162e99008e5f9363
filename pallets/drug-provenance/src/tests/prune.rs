//! What is kept, and for how long.

use crate::{mock::*, types::*, Alerts, Error, Event, Investigations, Verifications};
use axonic_primitives::testing::DUTY_MISSING;
use frame_support::{assert_noop, assert_ok};

#[test]
fn prune_removes_answered_verifications_after_six_years() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let (id, open) = (asked(PHARMACY, lot.claim(1)), asked(PHARMACY, lot.claim(2)));
        pass(DAY);
        assert_ok!(answer(MAKER, id, VerificationAnswer::Verified));
        let what = Prunable::Verification(id);
        let refused = refusal(Error::NotPrunable);
        Now::set(START + DAY + RETENTION - 1);
        assert_noop!(prune(PHARMACY, [what.clone()]), refused);
        Now::set(START + DAY + RETENTION + 1);
        assert_noop!(prune(PHARMACY, [Prunable::Verification(open)]), refused);
        assert_noop!(
            prune(PHARMACY, [Prunable::Verification(VerificationId(77))]),
            refused
        );
        assert_ok!(prune(PHARMACY, [what.clone()]));
        let pruned = what.clone();
        assert_eq!(last_event(), Event::Pruned { what: pruned });
        assert_eq!(Verifications::<Test>::get(id), None);
        assert_noop!(prune(PHARMACY, [what]), refused);
    });
}

#[test]
fn prune_removes_investigations_that_cleared_their_subject_only() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let investigate = |index, outcome| {
            assert_ok!(suspect(MAKER, lot.pack(index)));
            let id = last_investigation();
            if let Some(outcome) = outcome {
                assert_ok!(close(MAKER, id, outcome));
            }
            id
        };
        let cleared = investigate(0, Some(Outcome::Cleared));
        let illegitimate = investigate(1, Some(Outcome::Illegitimate));
        let open = investigate(2, None);
        let refused = refusal(Error::NotPrunable);
        assert_noop!(prune(MAKER, [Prunable::Investigation(cleared)]), refused);
        pass(RETENTION + 1);
        // Six years on, whoever prunes is still authorised.
        for kept in [illegitimate, open] {
            assert_noop!(prune(MAKER, [Prunable::Investigation(kept)]), refused);
        }
        assert_ok!(prune(MAKER, [Prunable::Investigation(cleared)]));
        assert_eq!(Investigations::<Test>::iter().count(), 2);
    });
}

#[test]
fn prune_removes_alerts_after_six_years() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_ok!(alert(PHARMACIST, lot.claim(1), None));
        let Event::AlertRaised { alert: id, .. } = last_event() else {
            panic!("no alert")
        };
        let refused = refusal(Error::NotPrunable);
        assert_noop!(prune(PHARMACY, [Prunable::Alert(id)]), refused);
        pass(RETENTION + 1);
        assert_ok!(prune(PHARMACY, [Prunable::Alert(id)]));
        assert_eq!(Alerts::<Test>::iter().count(), 0);
    });
}

#[test]
fn prune_fails_when_nothing_is_named_or_one_thing_must_stay() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let (old, young) = (asked(PHARMACY, lot.claim(1)), asked(PHARMACY, lot.claim(2)));
        assert_ok!(answer(MAKER, old, VerificationAnswer::Verified));
        pass(RETENTION + 1);
        assert_ok!(answer(MAKER, young, VerificationAnswer::Verified));
        let both = [old, young].map(Prunable::Verification);
        assert_noop!(prune(PHARMACY, both), Error::<Test>::NotPrunable);
        let twice = [old, old].map(Prunable::Verification);
        assert_noop!(prune(PHARMACY, twice), Error::<Test>::NotPrunable);
        assert_noop!(prune(PHARMACY, []), Error::<Test>::NothingNamed);
        let one = [Prunable::Verification(old)];
        assert_noop!(prune(PHARMACIST, one.clone()), DUTY_MISSING);
        assert_ok!(prune(PHARMACY, one));
    });
}
