//! Corrections: new versions, and records that should never have been.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet};
use axonic_primitives::{
    consent::Label, membership::Duty, patients::Standing, testing::Doubles, AccountId, Codes,
    RecordId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

fn supersede(who: AccountId, record: RecordId, version: u32) -> DispatchResult {
    HealthRecords::supersede(signed(who), record, version, correction())
}

fn mark(who: AccountId, record: RecordId, version: u32) -> DispatchResult {
    HealthRecords::mark_entered_in_error(signed(who), record, version)
}

#[test]
fn supersede_adds_a_version_and_keeps_the_one_before() {
    build_and_execute(|| {
        let id = anchored(draft());
        Now::set(START + DAY);
        let correction = Correction {
            labels: Label::Restricted.into(),
            ..correction()
        };
        assert_ok!(HealthRecords::supersede(signed(DOCTOR), id, 1, correction));
        let event = Event::Superseded {
            record: id,
            version: 2,
            commitment: NEW_COMMITMENT,
        };
        assert_eq!(last_event(), event);
        assert_eq!(content(id).labels, Label::Restricted.into());
        assert_eq!(record(id).anchored_at, START);
        let history = Pallet::<Test>::history_of(id);
        let shown: Vec<_> = history
            .iter()
            .map(|info| (info.number, info.status, info.version.commitment))
            .collect();
        assert_eq!(
            shown,
            [
                (1, Status::Superseded, COMMITMENT),
                (2, Status::Current, NEW_COMMITMENT)
            ]
        );
        assert_eq!(history[1].version.anchored_at, START + DAY);
        let reason = Some(CorrectionReason::Corrected);
        assert_eq!(history[1].version.reason, reason);
    });
}

#[test]
fn supersede_is_for_the_author_of_the_latest_version_and_for_officers() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(supersede(NURSE, id, 1), Error::<Test>::NotAuthor);
        assert_ok!(supersede(RECORDS_OFFICER, id, 1));
        // Now the officer wrote the latest version.
        assert_noop!(supersede(DOCTOR, id, 2), Error::<Test>::NotAuthor);
        assert_noop!(supersede(CLINIC_DOCTOR, id, 2), Error::<Test>::NotCustodian);
        assert_noop!(
            supersede(CLINIC_OFFICER, id, 2),
            Error::<Test>::NotCustodian
        );
        assert_noop!(supersede(CLAIMS_CLERK, id, 2), DUTY_MISSING);
    });
}

#[test]
fn supersede_is_refused_when_the_author_works_elsewhere_now() {
    build_and_execute(|| {
        let id = anchored(draft());
        Doubles::enrol(DOCTOR, CLINIC, Duty::Clinician);
        assert_noop!(supersede(DOCTOR, id, 1), Error::<Test>::NotCustodian);
    });
}

#[test]
fn supersede_is_refused_when_another_version_is_the_latest() {
    build_and_execute(|| {
        let id = corrected();
        assert_noop!(supersede(DOCTOR, id, 1), Error::<Test>::VersionMismatch);
        assert_noop!(supersede(DOCTOR, id, 3), Error::<Test>::VersionMismatch);
        let unknown = RecordId(H256::repeat_byte(5));
        assert_noop!(supersede(DOCTOR, unknown, 1), Error::<Test>::NotFound);
    });
}

#[test]
fn supersede_is_refused_when_the_patient_is_not_active() {
    build_and_execute(|| {
        let id = anchored(draft());
        let standing = Standing {
            canonical: PATIENT,
            active: false,
        };
        Doubles::set_standing(PATIENT, standing);
        assert_noop!(supersede(DOCTOR, id, 1), Error::<Test>::PatientNotActive);
        assert_ok!(mark(DOCTOR, id, 1));
    });
}

#[test]
fn supersede_is_refused_when_the_correction_is_not_well_formed() {
    build_and_execute(|| {
        let id = anchored(draft());
        let with = |labels: Codes<Label>, commitment| {
            let correction = Correction {
                labels,
                commitment,
                ..correction()
            };
            HealthRecords::supersede(signed(DOCTOR), id, 1, correction)
        };
        let unknown = Codes::from_bits(1 << 30);
        assert_noop!(with(unknown, COMMITMENT), Error::<Test>::UnknownLabel);
        let twice = Codes::from([Label::Low, Label::Moderate]);
        assert_noop!(
            with(twice, COMMITMENT),
            Error::<Test>::AmbiguousConfidentiality
        );
        let nothing = H256::zero();
        assert_noop!(with(Codes::empty(), nothing), Error::<Test>::NoCommitment);
    });
}

#[test]
fn supersede_is_refused_when_the_record_has_as_many_versions_as_it_may() {
    build_and_execute(|| {
        let id = anchored(draft());
        for version in 1..MAX_VERSIONS {
            assert_ok!(supersede(DOCTOR, id, version));
        }
        assert_noop!(
            supersede(DOCTOR, id, MAX_VERSIONS),
            Error::<Test>::MaxVersionsExceeded
        );
        let history = Pallet::<Test>::history_of(id);
        assert_eq!(history.len(), MAX_VERSIONS as usize);
    });
}

#[test]
fn mark_entered_in_error_ends_the_record() {
    build_and_execute(|| {
        let id = corrected();
        Now::set(START + DAY);
        assert_noop!(mark(NURSE, id, 2), Error::<Test>::NotAuthor);
        assert_noop!(mark(CLINIC_OFFICER, id, 2), Error::<Test>::NotCustodian);
        assert_noop!(mark(DOCTOR, id, 1), Error::<Test>::VersionMismatch);
        assert_ok!(mark(DOCTOR, id, 2));
        assert_eq!(last_event(), Event::EnteredInError { record: id });
        assert_eq!(record(id).ended_at, Some(START + DAY));
        let statuses: Vec<_> = Pallet::<Test>::history_of(id)
            .iter()
            .map(|info| info.status)
            .collect();
        assert_eq!(statuses, [Status::Superseded, Status::EnteredInError]);
    });
}

#[test]
fn nothing_follows_what_was_entered_in_error_but_shredding() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(mark(RECORDS_OFFICER, id, 1));
        assert_noop!(supersede(DOCTOR, id, 1), Error::<Test>::NotCurrent);
        assert_noop!(mark(DOCTOR, id, 1), Error::<Test>::NotCurrent);
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), id));
        assert_noop!(supersede(DOCTOR, id, 1), Error::<Test>::AlreadyShredded);
        assert_noop!(mark(DOCTOR, id, 1), Error::<Test>::AlreadyShredded);
    });
}
