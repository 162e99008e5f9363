//! The pure rules, tried with everything.

use crate::{
    mock::{account, hash},
    Action, Agent, Key, KeyPurpose, Obstacle, Patient, RecoveryAction, RecoveryRequest,
    RecoveryStage, Representative, RepresentativeKind, RepresentativeState, Status,
};
use axonic_primitives::{patients::Power, Codes, Moment, OrgId, PatientId};
use codec::Encode;
use proptest::prelude::*;

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Registered),
        Just(Status::Active),
        any::<Moment>().prop_map(|since| Status::Suspended { since }),
        any::<u8>().prop_map(|n| Status::Merged {
            into: PatientId(hash(n))
        }),
        any::<Moment>().prop_map(|reported_at| Status::Deceased { reported_at }),
        Just(Status::Erased),
    ]
}

fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Claim),
        any::<Moment>().prop_map(|at| Action::Suspend { at }),
        any::<bool>().prop_map(|claimed| Action::Resume { claimed }),
        any::<u8>().prop_map(|n| Action::Merge {
            into: PatientId(hash(n))
        }),
        any::<bool>().prop_map(|claimed| Action::Unmerge { claimed }),
        any::<Moment>().prop_map(|at| Action::ReportDeceased { at }),
        Just(Action::Erase),
    ]
}

fn request(matures_at: Moment) -> RecoveryRequest {
    RecoveryRequest {
        account: account(1),
        provider: OrgId(0),
        requested_at: 0,
        matures_at,
    }
}

proptest! {
    #[test]
    fn erased_is_final(action in any_action()) {
        prop_assert_eq!(Status::Erased.next(action), Err(Obstacle::IdRetired));
    }

    #[test]
    fn anything_else_can_be_erased(status in any_status()) {
        prop_assume!(status != Status::Erased);
        prop_assert_eq!(status.next(Action::Erase), Ok(Status::Erased));
    }

    #[test]
    fn nobody_becomes_active_without_a_key(status in any_status(), action in any_action()) {
        let without = matches!(
            action,
            Action::Resume { claimed: false } | Action::Unmerge { claimed: false }
        );
        if without {
            prop_assert_ne!(status.next(action), Ok(Status::Active));
        }
    }

    #[test]
    fn a_merge_and_its_undoing_change_nothing(claimed: bool, n: u8) {
        let before = if claimed { Status::Active } else { Status::Registered };
        let merged = before.next(Action::Merge { into: PatientId(hash(n)) }).unwrap();
        prop_assert!(merged.is_merged() && !merged.is_in_good_standing());
        prop_assert_eq!(merged.next(Action::Unmerge { claimed }), Ok(before));
    }

    #[test]
    fn only_suspension_and_death_are_resumed(status in any_status(), claimed: bool) {
        let resumed = status.next(Action::Resume { claimed }).is_ok();
        prop_assert_eq!(resumed, status.resumable_by_patient_from(1).is_some());
    }

    #[test]
    fn a_key_is_live_until_it_expires(end in any::<Option<Moment>>(), at: Moment) {
        let key = Key { purposes: Codes::all(), added_at: 0, expires_at: end };
        prop_assert_eq!(key.is_live(at), end.is_none_or(|end| at < end));
        prop_assert_eq!(key.is_mainstay(), end.is_none());
    }

    #[test]
    fn an_appointment_is_live_within_its_time_and_epoch(
        from: Moment, until in any::<Option<Moment>>(), at: Moment, epoch in 0..2u32,
    ) {
        let appointment = Representative {
            agent: Agent::Account(account(1)),
            kind: RepresentativeKind::Guardian,
            powers: Codes::<Power>::all(),
            from,
            until,
            evidence_hash: hash(1),
            epoch: 0,
        };
        let state = appointment.state(epoch, at);
        let within = from <= at && until.is_none_or(|until| at < until);
        prop_assert_eq!(state == RepresentativeState::Live, epoch == 0 && within);
        prop_assert_eq!(state == RepresentativeState::Revoked, epoch != 0);
        if state == RepresentativeState::Live {
            prop_assert!(!appointment.is_over(epoch, at));
        }
    }

    #[test]
    fn a_recovery_is_mature_from_its_moment_on(matures_at: Moment, at: Moment) {
        let stage = RecoveryStage::Requested(request(matures_at));
        let expected =
            if at < matures_at { Err(Obstacle::DelayNotElapsed) } else { Ok(matures_at) };
        prop_assert_eq!(stage.mature(at).map(|request| request.matures_at), expected);
    }

    #[test]
    fn a_resumed_patient_is_not_suspended_before_the_delay_has_passed(
        resumed_at in any::<Option<Moment>>(), delay: Moment,
    ) {
        let patient = Patient { resumed_at, ..Patient::registered(OrgId(0), hash(1), 0) };
        let expected = resumed_at.map_or(0, |at| at.saturating_add(delay));
        prop_assert_eq!(patient.suspendable_from(delay), expected);
    }

    #[test]
    fn the_managing_organisation_erases_nobody_who_may_speak_up(
        status in any_status(), key_count in 0..3u32, delay in 1..1_000_000u64,
    ) {
        let patient =
            Patient { status, key_count, ..Patient::registered(OrgId(0), hash(1), 0) };
        let from = patient.erasable_by_manager_from(delay);
        match (patient.is_claimed(), status) {
            (false, _) => prop_assert_eq!(from, Some(0)),
            (true, Status::Deceased { reported_at }) => {
                prop_assert_eq!(from, Some(reported_at.saturating_add(delay)));
            }
            (true, _) => prop_assert_eq!(from, None),
        }
    }
}

#[test]
fn a_recovery_moves_through_its_stages_only() {
    use RecoveryAction::*;
    let (idle, vetoed) = (RecoveryStage::Idle, RecoveryStage::Vetoed);
    let requested = RecoveryStage::Requested(request(1));
    let next = |stage: &RecoveryStage, action| stage.clone().next(action);
    assert_eq!(next(&idle, Request(request(1))), Ok(requested.clone()));
    assert_eq!(next(&idle, Veto), Err(Obstacle::NoRecovery));
    assert_eq!(next(&idle, Recommit), Ok(idle.clone()));
    assert_eq!(
        next(&requested, Request(request(1))),
        Err(Obstacle::RecoveryPending)
    );
    assert_eq!(next(&requested, Veto), Ok(vetoed.clone()));
    assert_eq!(next(&requested, Recommit), Err(Obstacle::RecoveryPending));
    assert_eq!(
        next(&vetoed, Request(request(1))),
        Err(Obstacle::RecoveryVetoed)
    );
    assert_eq!(next(&vetoed, Veto), Err(Obstacle::RecoveryVetoed));
    assert_eq!(next(&vetoed, Recommit), Ok(idle.clone()));
    assert_eq!(idle.mature(0), Err(Obstacle::NoRecovery));
    assert_eq!(vetoed.mature(0), Err(Obstacle::RecoveryVetoed));
}

#[test]
fn a_recovery_commitment_is_salt_then_account() {
    let bytes = [&[0x5a; 32][..], &account(1).encode()[..]].concat();
    let expected = sp_io::hashing::blake2_256(&bytes);
    assert_eq!(
        crate::recovery_commitment(&hash(0x5a), &account(1)).0,
        expected
    );
}

#[test]
fn every_power_but_none_of_the_passive_purposes_is_given_by_some_key() {
    for power in [
        Power::Consent,
        Power::Access,
        Power::Correspond,
        Power::Identity,
    ] {
        let purposes = crate::purposes_for(power);
        assert!(!purposes.is_empty());
        assert!(!purposes.contains(KeyPurpose::KeyAgreement));
        assert!(!purposes.contains(KeyPurpose::Recovery));
    }
}
