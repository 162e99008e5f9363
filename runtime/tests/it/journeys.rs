//! What people do, across pallets, with signed transactions.

use crate::chain::{account_of, decide, key_of, on_development, send, NOW};
use axonic_primitives::{
    consent::{AccessQuery, Action, Basis, Denial, PurposeOfUse, Recipient, Scope},
    Codes, ConsentId, OrgId, PatientId, Period,
};
use axonic_runtime::{
    genesis_config_presets::DEVELOPMENT_PATIENT, Block, Consent, PatientIdentity, Runtime, System,
    UNIT,
};
use frame_support::assert_ok;
use pallet_consent::{
    runtime_api::runtime_decl_for_consent_api::ConsentApi,
    types::{Decision, Draft, Grantee, ProvisionDraft, ProvisionType},
};
use pallet_patient_identity::{Agreement, KeyProof, KeyPurpose};
use sp_core::{Pair, H256};
use sp_runtime::{DispatchResult, MultiAddress};

const HOSPITAL: OrgId = OrgId(0);
const OTHER_HOSPITAL: OrgId = OrgId(6);

/// What the runtime API answers when a clinician of `org` wants to read for treatment.
fn answer_to(org: OrgId, clinician: &str, patient: PatientId) -> Decision {
    let query = AccessQuery {
        recipient: Recipient {
            org,
            practitioner: Some(account_of(clinician)),
        },
        action: Action::Access,
        purpose: PurposeOfUse::Treat,
        classes: Default::default(),
        labels: Codes::empty(),
        codes: Default::default(),
        data: Default::default(),
        data_period: None,
    };
    <Runtime as ConsentApi<Block>>::evaluate(patient, query, None).expect("the query is good")
}

/// A consent that lets nobody in but the hospital.
fn only_the_hospital() -> Box<Draft> {
    let hospital = ProvisionDraft {
        actors: vec![Grantee::Organisation(HOSPITAL)],
        ..Default::default()
    };
    Box::new(Draft {
        scope: Scope::PatientPrivacy,
        decision: ProvisionType::Deny,
        period: Period::ALWAYS,
        provisions: vec![hospital],
        policy_hash: H256::zero(),
        evidence_hash: H256::zero(),
    })
}

/// The patient's only consent.
fn consent_of(patient: PatientId) -> ConsentId {
    let consents = Consent::consents_of(patient, None, 2);
    assert_eq!(consents.len(), 1);
    consents[0].id
}

#[test]
fn a_new_patient_consents_and_takes_it_back() {
    on_development(|| {
        let (patient, person) = (PatientId(H256::repeat_byte(0x5a)), "Newcomer");
        let commitment = H256::repeat_byte(1);
        // Somebody has to pay for what the patient sends.
        let gift = pallet_balances::Call::<Runtime>::transfer_keep_alive {
            dest: MultiAddress::Id(account_of(person)),
            value: UNIT,
        };
        assert_ok!(send("HospitalAdmin", gift));

        // At the desk, the person's wallet signs what the chain asks for; the registrar sends it.
        let purposes = Codes::from([KeyPurpose::Authentication, KeyPurpose::Consent]);
        let expires_at = NOW + 60 * 60 * 1000;
        let agreement = Agreement::Register {
            org: HOSPITAL,
            purposes,
            commitment,
        };
        let to_sign =
            PatientIdentity::statement(patient, account_of(person), agreement, expires_at)
                .expect("the id is free");
        let signature = key_of(person).sign(&to_sign.bytes).into();
        let register = pallet_patient_identity::Call::<Runtime>::register_with_key {
            patient,
            commitment,
            account: account_of(person),
            purposes,
            proof: KeyProof {
                nonce: to_sign.nonce,
                expires_at,
                signature,
            },
        };
        assert_ok!(send("Registrar", register));
        assert_eq!(
            PatientIdentity::patient_of(account_of(person)),
            Some(patient)
        );
        assert_eq!(
            answer_to(HOSPITAL, "Clinician", patient),
            Decision::NoConsent
        );

        // The patient lets the hospital read, and nobody else.
        let draft = only_the_hospital();
        assert_ok!(send(
            person,
            pallet_consent::Call::<Runtime>::grant { patient, draft }
        ));
        let consent = consent_of(patient);
        assert!(matches!(
            answer_to(HOSPITAL, "Clinician", patient),
            Decision::Permit { basis: Basis::Consent { consent: by, version: 1 }, .. }
                if by == consent
        ));
        assert!(matches!(
            answer_to(OTHER_HOSPITAL, "Dave", patient),
            Decision::Deny { reason: Denial::ConsentDenies(by), .. } if by == consent
        ));

        // Taking it back holds in the very block that it is sent in.
        let block = System::block_number();
        assert_ok!(send(
            person,
            pallet_consent::Call::<Runtime>::withdraw { patient, consent }
        ));
        assert_eq!(
            answer_to(HOSPITAL, "Clinician", patient),
            Decision::NoConsent
        );
        assert_eq!(System::block_number(), block);
    });
}

#[test]
fn a_patient_is_registered_by_registrars_only() {
    on_development(|| {
        let patient = PatientId(H256::repeat_byte(0x5b));
        let register = || pallet_patient_identity::Call::<Runtime>::register {
            patient,
            commitment: H256::repeat_byte(1),
        };
        let refused =
            |error: pallet_consortium::Error<Runtime>| -> DispatchResult { Err(error.into()) };
        assert_eq!(
            send("Clinician", register()),
            refused(pallet_consortium::Error::DutyMissing)
        );
        assert_eq!(
            send("Patient", register()),
            refused(pallet_consortium::Error::NotFound)
        );
        assert_ok!(send("Registrar", register()));
    });
}

#[test]
fn a_suspended_member_sees_nothing_and_does_nothing() {
    on_development(|| {
        let patient = DEVELOPMENT_PATIENT;
        let draft = only_the_hospital();
        assert_ok!(send(
            "Patient",
            pallet_consent::Call::<Runtime>::grant { patient, draft }
        ));
        assert!(matches!(
            answer_to(HOSPITAL, "Clinician", patient),
            Decision::Permit { .. }
        ));

        decide(pallet_consortium::Call::<Runtime>::suspend { org: HOSPITAL });

        assert!(matches!(
            answer_to(HOSPITAL, "Clinician", patient),
            Decision::Deny {
                reason: Denial::RecipientNotActive,
                ..
            }
        ));
        let register = pallet_patient_identity::Call::<Runtime>::register {
            patient: PatientId(H256::repeat_byte(0x5c)),
            commitment: H256::repeat_byte(1),
        };
        let inactive = pallet_consortium::Error::<Runtime>::NotActive;
        assert_eq!(send("Registrar", register), Err(inactive.into()));
    });
}
