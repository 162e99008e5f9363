//! The gate other pallets pass says what readers are shown.

use crate::{mock::*, pallet::Error, types::*, Pallet};
use axonic_primitives::{
    consent::{AccessQuery, Basis, ConsentGate, Denial, Label, PurposeOfUse, Receipt, Refused},
    patients::Standing,
    testing::Doubles,
    Codes,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use ProvisionType::{Deny, Permit};

fn gate(query: &AccessQuery) -> Result<Receipt, Refused> {
    Pallet::<Test>::authorize(&PATIENT, query)
}

/// The refusal of a gate that judged this many consents.
fn refused(denial: Denial, consents: u32) -> Result<Receipt, Refused> {
    Err(Refused { denial, consents })
}

#[test]
fn authorize_hands_out_a_receipt_for_what_the_permit_rests_on() {
    build_and_execute(|| {
        let consent = granted(draft(Permit));
        let receipt = gate(&query(HOSPITAL)).unwrap();
        assert_eq!(
            receipt.basis,
            Basis::Consent {
                consent,
                version: 1
            }
        );
        assert_eq!(receipt.patient, PATIENT);
        assert!(!receipt.conditional);
        assert_eq!(receipt.consents, 1);
    });
}

#[test]
fn authorize_says_when_a_permit_is_conditional() {
    build_and_execute(|| {
        let labels = Label::Psychiatry.into();
        let psychiatry = ProvisionDraft {
            labels,
            ..Default::default()
        };
        granted(draft_with(Permit, vec![psychiatry]));
        assert!(gate(&query(HOSPITAL)).unwrap().conditional);
    });
}

#[test]
fn authorize_refuses_with_the_reason() {
    build_and_execute(|| {
        assert_eq!(gate(&query(HOSPITAL)), refused(Denial::NoConsent, 0));
        let against = granted(draft(Deny));
        let denies = Denial::ConsentDenies(against);
        assert_eq!(gate(&query(HOSPITAL)), refused(denies, 1));
        let emergency = query_by(HOSPITAL, DOCTOR, PurposeOfUse::EmergencyTreat);
        assert_eq!(
            gate(&emergency),
            refused(denies, 2),
            "judged for either kind"
        );
        let unknown = Pallet::<Test>::authorize(&UNKNOWN_PATIENT, &query(HOSPITAL));
        assert_eq!(unknown, refused(Denial::PatientNotFound, 0));
        let labels = Codes::from_bits(1 << 31);
        let malformed = AccessQuery {
            labels,
            ..query(HOSPITAL)
        };
        assert_eq!(gate(&malformed), refused(Denial::MalformedQuery, 0));
    });
}

#[test]
fn the_default_gate_refuses() {
    assert_eq!(
        <() as ConsentGate>::authorize(&PATIENT, &query(HOSPITAL)),
        refused(Denial::NoGate, 0)
    );
}

#[test]
fn authorize_refuses_to_hear_more_than_256_consents_under_all_ids_together() {
    build_and_execute(|| {
        for _ in 1..MAX_LIVE_CONSENTS {
            granted(draft(Permit));
        }
        let grant_other = || {
            let terms = draft(Permit);
            Pallet::<Test>::do_grant(OTHER_PATIENT_KEY, OTHER_PATIENT, terms, None).unwrap()
        };
        grant_other();
        let last = grant_other();
        let merged = Standing {
            canonical: PATIENT,
            active: true,
        };
        Doubles::set_standing(OTHER_PATIENT, merged);
        let too_many = refused(Denial::TooManyConsents, 0);
        assert_eq!(gate(&query(HOSPITAL)), too_many);
        let explanation = Pallet::<Test>::examine(PATIENT, &query(HOSPITAL), None).unwrap();
        assert!(explanation.steps.is_empty());
        let Decision::Deny { reason, .. } = explanation.decision else {
            panic!("too many")
        };
        assert_eq!(reason, Denial::TooManyConsents);
        let emergency = query_by(HOSPITAL, DOCTOR, PurposeOfUse::BreakGlass);
        assert_eq!(gate(&emergency), too_many);
        let open = Consents::open_break_glass(
            RuntimeOrigin::signed(DOCTOR),
            PATIENT,
            EmergencyReason::LifeThreatening,
            H256::repeat_byte(1),
        );
        assert_noop!(open, Error::<Test>::TooManyConsents);

        // One less, and they are heard.
        Doubles::register(OTHER_PATIENT, OTHER_PATIENT_KEY);
        let origin = RuntimeOrigin::signed(OTHER_PATIENT_KEY);
        assert_ok!(Consents::withdraw(origin, OTHER_PATIENT, last));
        Doubles::set_standing(OTHER_PATIENT, merged);
        let receipt = gate(&query(HOSPITAL)).unwrap();
        assert_eq!(receipt.consents, MAX_LIVE_CONSENTS);
    });
}
