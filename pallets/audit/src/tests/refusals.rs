//! Attempts that the gate refuses.

use crate::{mock::*, types::*, weights::WeightInfo, Error, Event};
use axonic_primitives::{
    consent::{Action, Denial, Scope},
    patients::Standing,
    testing::Doubles,
    ConsentId,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

#[test]
fn report_refusal_stores_the_gates_reason() {
    build_and_execute(|| {
        let denials = [
            Denial::PatientNotActive,
            Denial::RecipientNotActive,
            Denial::ConsentDenies(ConsentId(H256::repeat_byte(7))),
            Denial::DefaultDenies(Scope::Treatment),
            Denial::NoConsent,
            Denial::NotCredentialed,
            Denial::CredentialRevoked,
            Denial::TooManyConsents,
        ];
        for denial in denials {
            Doubles::deny(PATIENT, CLINIC, denial);
            assert_ok!(report_refusal(CLERK, PATIENT, CLINIC));
            let entry = last_entry(PATIENT);
            assert_eq!(entry.outcome, Outcome::Refused(denial));
            assert_eq!((entry.custodian, entry.recipient), (HOSPITAL, CLINIC));
            let patient = PATIENT;
            assert_eq!(last_event(), Event::AttemptRefused { patient, entry });
        }
        assert_eq!(Audit::log(&PATIENT).next, denials.len() as u64);
    });
}

#[test]
fn report_refusal_needs_no_commitment() {
    build_and_execute(|| {
        let attempt = Box::new(Disclosure {
            content: H256::zero(),
            ..disclosure(CLINIC)
        });
        assert_ok!(Audit::report_refusal(signed(CLERK), PATIENT, attempt));
        assert!(last_entry(PATIENT).content.is_zero());
    });
}

#[test]
fn report_refusal_logs_under_the_id_that_was_named_whatever_is_merged() {
    build_and_execute(|| {
        let standing = Standing {
            canonical: PATIENT,
            active: true,
        };
        Doubles::set_standing(OTHER_PATIENT, standing);
        assert_ok!(report_refusal(CLERK, OTHER_PATIENT, CLINIC));
        assert_eq!(Audit::log(&PATIENT).next, 0);
        assert_eq!(Audit::log(&OTHER_PATIENT).next, 1);
        assert_eq!(accounting(PATIENT).len(), 1);
    });
}

#[test]
fn report_refusal_gives_back_what_the_gate_did_not_read_whatever_it_answers() {
    build_and_execute(|| {
        let reported = |to| {
            let attempt = Box::new(disclosure(to));
            cost(Audit::report_refusal(signed(CLERK), PATIENT, attempt))
        };
        GateReads::set(3);
        assert_eq!(reported(CLINIC), Some(<()>::report_refusal(3)));
        assert_eq!(reported(PAYER), Some(<()>::report_refusal(3)), "permitted");
        assert_eq!(reported(UNKNOWN_ORG), Some(<()>::report_refusal(0)));
    });
}

#[test]
fn report_refusal_leaves_out_who_does_not_act_for_the_recipient() {
    build_and_execute(|| {
        for (practitioner, logged) in [
            (CLINIC_STAFF, Some(CLINIC_STAFF)),
            (DOCTOR, None),
            (STRANGER, None),
        ] {
            let mut attempt = disclosure(CLINIC);
            attempt.recipient.practitioner = Some(practitioner);
            let attempt = Box::new(attempt);
            assert_ok!(Audit::report_refusal(signed(CLERK), PATIENT, attempt));
            assert_eq!(last_entry(PATIENT).practitioner, logged);
        }
    });
}

#[test]
fn report_refusal_is_refused_when_there_is_no_such_recipient() {
    build_and_execute(|| {
        assert_noop!(
            report_refusal(CLERK, PATIENT, UNKNOWN_ORG),
            Error::<Test>::UnknownRecipient
        );
    });
}

#[test]
fn report_refusal_is_refused_when_the_gate_permits() {
    build_and_execute(|| {
        assert_noop!(
            report_refusal(CLERK, PATIENT, PAYER),
            Error::<Test>::NotRefused
        );
        Doubles::permit(PATIENT, PAYER, BASIS, true);
        assert_noop!(
            report_refusal(CLERK, PATIENT, PAYER),
            Error::<Test>::NotRefused
        );
    });
}

#[test]
fn report_refusal_is_refused_when_nobody_could_answer() {
    build_and_execute(|| {
        Doubles::deny(PATIENT, CLINIC, Denial::MalformedQuery);
        assert_noop!(
            report_refusal(CLERK, PATIENT, CLINIC),
            Error::<Test>::MalformedQuery
        );
        Doubles::deny(PATIENT, CLINIC, Denial::NoGate);
        assert_noop!(
            report_refusal(CLERK, PATIENT, CLINIC),
            Error::<Test>::NoGate
        );
        assert_noop!(
            report_refusal(CLERK, UNKNOWN_PATIENT, CLINIC),
            Error::<Test>::NotFound
        );
        let correction = Box::new(Disclosure {
            action: Action::Correct,
            ..disclosure(CLINIC)
        });
        assert_noop!(
            outcome(Audit::report_refusal(signed(CLERK), PATIENT, correction)),
            Error::<Test>::NotADisclosure
        );
    });
}

#[test]
fn report_refusal_is_refused_when_the_signer_is_no_custodian() {
    build_and_execute(|| {
        assert!(report_refusal(DOCTOR, PATIENT, CLINIC).is_err());
        assert!(report_refusal(STRANGER, PATIENT, CLINIC).is_err());
    });
}
