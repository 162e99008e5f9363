//! Pruning: not before six years, never past an open question, and the head stays.

use crate::{
    mock::*, rules::next_head, types::*, weights::WeightInfo, Error, Event, Pallet, MAX_BATCH,
    RETENTION,
};
use axonic_primitives::{testing::Doubles, PatientId};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

fn prune_of(patient: PatientId, limit: u32) -> DispatchResultWithPostInfo {
    Audit::prune(signed(STRANGER), patient, limit)
}

fn prune(limit: u32) -> DispatchResultWithPostInfo {
    prune_of(PATIENT, limit)
}

fn kept() -> Vec<u64> {
    let kept = accounting(PATIENT).into_iter();
    kept.map(|info| info.entry.sequence).collect()
}

#[test]
fn prune_removes_the_oldest_and_keeps_the_head() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 5);
        let before = Audit::log(&PATIENT);
        let oldest: Vec<_> = accounting(PATIENT)
            .into_iter()
            .take(2)
            .map(|info| info.entry)
            .collect();
        assert_ok!(prune(2));
        let base = oldest
            .iter()
            .fold(before.base, |head, entry| next_head(&head, entry));
        let log = Audit::log(&PATIENT);
        let expected = Log {
            first: 2,
            base,
            ..before
        };
        assert_eq!(log, expected);
        assert_eq!(kept(), [2, 3, 4]);
        let pruned = Event::Pruned {
            patient: PATIENT,
            first: 2,
            base,
        };
        assert_eq!(last_event(), pruned);
        let by_custodian = Audit::disclosures_by(HOSPITAL, None, 10).unwrap();
        assert_eq!(by_custodian.len(), 3);
    });
}

#[test]
fn prune_of_everything_keeps_the_log_going() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 3);
        let head = Audit::log(&PATIENT).head;
        let post = prune(MAX_BATCH).unwrap();
        assert_eq!(post.actual_weight, Some(<()>::prune(3)));
        let log = Audit::log(&PATIENT);
        assert_eq!((log.first, log.next), (3, 3));
        assert_eq!((log.base, log.head), (head, head));
        assert_eq!(disclosed(PATIENT), 3);
        assert_eq!(last_entry(PATIENT).custodian_sequence, 3);
    });
}

#[test]
fn prune_stops_at_what_is_too_young() {
    build_and_execute(|| {
        disclosed(PATIENT);
        Now::set(START + DAY);
        disclosed(PATIENT);
        Now::set(START + RETENTION - 1);
        assert_noop!(prune(2), Error::<Test>::RetentionNotElapsed);
        Now::set(START + RETENTION);
        let post = prune(2).unwrap();
        assert_eq!(post.actual_weight, Some(<()>::prune(1)));
        assert_eq!(kept(), [1]);
        assert_noop!(prune(1), Error::<Test>::RetentionNotElapsed);
    });
}

#[test]
fn prune_stops_at_an_open_contest_and_keeps_its_answer_for_as_long() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 3);
        assert_ok!(Audit::contest(signed(PATIENT_KEY), PATIENT, 1));
        assert_ok!(prune(3));
        assert_eq!(kept(), [1, 2]);
        assert_noop!(prune(3), Error::<Test>::ContestOpen);
        let finding = Finding::LoggedInError;
        let officer = signed(PRIVACY_OFFICER);
        assert_ok!(Audit::answer_contest(
            officer,
            PATIENT,
            1,
            finding,
            EXPLANATION
        ));
        assert_noop!(prune(3), Error::<Test>::RetentionNotElapsed);
        Now::advance(RETENTION);
        assert_ok!(prune(3));
        assert!(kept().is_empty());
        assert_eq!(crate::Contests::<Test>::iter().count(), 0);
    });
}

#[test]
fn prune_goes_on_when_a_contest_was_left_unanswered_for_as_long() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 2);
        assert_ok!(Audit::contest(signed(PATIENT_KEY), PATIENT, 0));
        // Whoever owes the answer is gone and will never give it.
        Doubles::set_active(HOSPITAL, false);
        Now::advance(RETENTION - 1);
        assert_noop!(prune(2), Error::<Test>::ContestOpen);
        Now::advance(1);
        assert_ok!(prune(2));
        assert!(kept().is_empty());
        assert_eq!(crate::Contests::<Test>::iter().count(), 0);
        assert_eq!(crate::OpenContests::<Test>::iter().count(), 0);
    });
}

#[test]
fn prune_is_refused_when_there_is_nothing_to_prune() {
    build_and_execute(|| {
        assert_noop!(prune_of(UNKNOWN_PATIENT, 1), Error::<Test>::NotFound);
        disclosed_long_ago(PATIENT, 1);
        assert_ok!(prune(1));
        assert_noop!(prune(1), Error::<Test>::NotFound);
    });
}

#[test]
fn prune_is_refused_when_asked_for_none_or_too_many() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 1);
        assert_noop!(prune(0), Error::<Test>::EmptyBatch);
        assert_noop!(prune(MAX_BATCH + 1), Error::<Test>::TooMany);
        assert!(Audit::prune(RuntimeOrigin::none(), PATIENT, 1).is_err());
    });
}

#[test]
fn prune_leaves_every_log_foldable_at_every_step() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 20);
        disclosed(PATIENT);
        for _ in 0..7 {
            assert_ok!(prune(3));
            Pallet::<Test>::do_try_state().expect("every invariant holds");
        }
        assert_eq!(kept(), [20]);
    });
}
