//! Proposals, verification and errors of entry.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet};
use axonic_primitives::{testing::Doubles, AccountId, ConsentId, Period};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;
use sp_runtime::DispatchError;
use ProvisionType::Permit;

fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn proposed(draft: Draft) -> ConsentId {
    assert_ok!(Consents::propose(signed(NURSE), PATIENT, Box::new(draft)));
    let Event::Proposed { consent, .. } = last_event() else {
        panic!("not proposed")
    };
    consent
}

fn status(id: ConsentId) -> Status {
    Pallet::<Test>::consent_info(PATIENT, id)
        .unwrap()
        .consent
        .status
}

#[test]
fn propose_permits_nothing_until_the_patient_accepts() {
    build_and_execute(|| {
        let id = proposed(draft(Permit));
        assert!(!permits(&query(HOSPITAL)));
        assert_ok!(Consents::accept(signed(PATIENT_KEY), PATIENT, id));
        assert_eq!(
            last_event(),
            Event::Accepted {
                patient: PATIENT,
                consent: id
            }
        );
        assert!(permits(&query(HOSPITAL)));
    });
}

#[test]
fn propose_is_refused_when_not_by_staff_or_too_many_wait() {
    build_and_execute(|| {
        let propose = |who| Consents::propose(signed(who), PATIENT, Box::new(draft(Permit)));
        assert_noop!(propose(STRANGER), DispatchError::Other("double: not staff"));
        assert_noop!(
            propose(PRIVACY_OFFICER),
            DispatchError::Other("double: duty missing")
        );
        for _ in 0..MAX_PENDING {
            assert_ok!(propose(NURSE));
        }
        assert_noop!(propose(NURSE), Error::<Test>::MaxPendingExceeded);
    });
}

#[test]
fn propose_is_refused_for_a_suspended_organisation_in_the_next_call() {
    build_and_execute(|| {
        Doubles::set_active(HOSPITAL, false);
        assert_noop!(
            Consents::propose(signed(NURSE), PATIENT, Box::new(draft(Permit))),
            DispatchError::Other("double: organisation not active")
        );
    });
}

#[test]
fn accept_and_reject_answer_a_proposal_once() {
    build_and_execute(|| {
        let (yes, no) = (proposed(draft(Permit)), proposed(draft(Permit)));
        assert_ok!(Consents::accept(signed(GUARDIAN), PATIENT, yes));
        assert_ok!(Consents::reject(signed(PATIENT_KEY), PATIENT, no));
        assert_eq!(
            (status(yes), status(no)),
            (Status::Active, Status::Rejected)
        );
        for id in [yes, no] {
            let accept = Consents::accept(signed(PATIENT_KEY), PATIENT, id);
            assert_noop!(accept, Error::<Test>::NotProposed);
            let reject = Consents::reject(signed(PATIENT_KEY), PATIENT, id);
            assert_noop!(reject, Error::<Test>::NotProposed);
        }
    });
}

#[test]
fn accept_is_refused_when_the_proposal_is_over_or_the_patient_is_full() {
    build_and_execute(|| {
        let period = Period {
            start: None,
            end: Some(START + HOUR),
        };
        let id = proposed(Draft {
            period,
            ..draft(Permit)
        });
        let other = proposed(draft(Permit));
        Now::set(START + HOUR);
        let accept = |id| Consents::accept(signed(PATIENT_KEY), PATIENT, id);
        assert_noop!(accept(id), Error::<Test>::PeriodInPast);
        for _ in 0..MAX_LIVE_CONSENTS {
            granted(draft(Permit));
        }
        assert_noop!(accept(other), Error::<Test>::MaxConsentsExceeded);
    });
}

#[test]
fn accept_and_reject_are_refused_when_not_by_the_patient() {
    build_and_execute(|| {
        let id = proposed(draft(Permit));
        type Call = fn(RuntimeOrigin, axonic_primitives::PatientId, ConsentId) -> DispatchResult;
        for call in [Consents::accept as Call, Consents::reject as Call] {
            assert_noop!(call(signed(NURSE), PATIENT, id), Error::<Test>::NotGrantor);
            assert_noop!(
                call(signed(CARER), PATIENT, id),
                Error::<Test>::PowerMissing
            );
        }
    });
}

#[test]
fn verify_records_who_checked_and_raises_the_version() {
    build_and_execute(|| {
        let id = granted(draft(Permit));
        Now::set(START + DAY);
        assert_ok!(Consents::verify(signed(NURSE), PATIENT, id));
        let consent = Pallet::<Test>::consent_info(PATIENT, id).unwrap().consent;
        let verification = Verification {
            by: HOSPITAL,
            at: START + DAY,
        };
        assert_eq!(consent.verification, Some(verification));
        assert_eq!(consent.version, 2);
    });
}

#[test]
fn verify_is_refused_when_the_consent_is_not_active_or_unknown() {
    build_and_execute(|| {
        let id = proposed(draft(Permit));
        let verify = |id| Consents::verify(signed(NURSE), PATIENT, id);
        let live = granted(draft(Permit));
        let stranger = Consents::verify(signed(CLINIC_DOCTOR), PATIENT, live);
        assert_noop!(stranger, Error::<Test>::NotOwnOrganisation);
        assert_noop!(verify(id), Error::<Test>::NotActive);
        assert_noop!(verify(ConsentId(H256::zero())), Error::<Test>::NotFound);
    });
}

#[test]
fn mark_entered_in_error_is_final_from_every_state() {
    build_and_execute(|| {
        let live = granted(draft(Permit));
        let (rejected, open) = (proposed(draft(Permit)), proposed(draft(Permit)));
        assert_ok!(Consents::reject(signed(PATIENT_KEY), PATIENT, rejected));
        let mark = |who, id| Consents::mark_entered_in_error(signed(who), PATIENT, id);
        for id in [live, rejected, open] {
            assert_ok!(mark(PATIENT_KEY, id));
            assert_noop!(mark(PATIENT_KEY, id), Error::<Test>::EnteredInErrorIsFinal);
        }
        assert!(!permits(&query(HOSPITAL)));
    });
}

#[test]
fn mark_entered_in_error_is_open_to_the_proposer_until_the_patient_answers() {
    build_and_execute(|| {
        let (open, accepted) = (proposed(draft(Permit)), proposed(draft(Permit)));
        assert_ok!(Consents::accept(signed(PATIENT_KEY), PATIENT, accepted));
        let mark = |who, id| Consents::mark_entered_in_error(signed(who), PATIENT, id);
        assert_noop!(mark(CLINIC_DOCTOR, open), Error::<Test>::NotGrantor);
        assert_ok!(mark(PRIVACY_OFFICER, open));
        assert_noop!(mark(PRIVACY_OFFICER, accepted), Error::<Test>::NotGrantor);
    });
}
