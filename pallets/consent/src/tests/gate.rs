//! The gate other pallets pass says what readers are shown.

use crate::{mock::*, types::*, Pallet};
use axonic_primitives::{
    consent::{AccessQuery, Basis, ConsentGate, Denial, Label},
    Codes,
};
use ProvisionType::{Deny, Permit};

fn gate(query: &AccessQuery) -> Result<axonic_primitives::consent::Receipt, Denial> {
    Pallet::<Test>::authorize(&PATIENT, query)
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
        assert_eq!(gate(&query(HOSPITAL)), Err(Denial::NoConsent));
        let against = granted(draft(Deny));
        assert_eq!(gate(&query(HOSPITAL)), Err(Denial::ConsentDenies(against)));
        let unknown = Pallet::<Test>::authorize(&UNKNOWN_PATIENT, &query(HOSPITAL));
        assert_eq!(unknown, Err(Denial::PatientNotFound));
        let labels = Codes::from_bits(1 << 31);
        let malformed = AccessQuery {
            labels,
            ..query(HOSPITAL)
        };
        assert_eq!(gate(&malformed), Err(Denial::MalformedQuery));
    });
}

#[test]
fn the_default_gate_refuses() {
    assert_eq!(
        <() as ConsentGate>::authorize(&PATIENT, &query(HOSPITAL)),
        Err(Denial::NoGate)
    );
}
