use super::*;
use crate::{
    recovery_commitment, Agent, Agreement, KeyOf, KeyProof, KeyPurpose, Recoveries, RecoveryStage,
    Status,
};
use axonic_primitives::{patients::Power, OrgId};
use sp_core::H256;

const SALT: H256 = hash(0x5a);

fn by_phone() -> RuntimeOrigin {
    by(account(PHONE))
}

/// The patient commits to the key on paper.
fn prepare() {
    let commitment = recovery_commitment(&SALT, &account(PAPER));
    assert_ok!(PatientIdentity::set_recovery_commitment(
        by_phone(),
        PATIENT,
        commitment
    ));
}

fn proof_to_recover(org: OrgId, signer: u8) -> KeyProof {
    proof(signer, PATIENT, Agreement::Recover { org })
}

fn request(org: OrgId, n: u8, salt: Option<H256>) -> DispatchResult {
    request_with(org, n, salt, proof_to_recover(org, n))
}

fn request_with(org: OrgId, n: u8, salt: Option<H256>, proof: KeyProof) -> DispatchResult {
    PatientIdentity::request_recovery(staff(org), PATIENT, account(n), salt, proof)
}

fn finalize() -> DispatchResult {
    PatientIdentity::finalize_recovery(by(account(STRANGER)), PATIENT)
}

#[test]
fn a_recovery_replaces_all_keys_after_the_delay() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::Consent, None);
            prepare();
            assert_ok!(request(CLINIC, PAPER, Some(SALT)));
            assert_told(Event::RecoveryRequested {
                patient: PATIENT,
                account: account(PAPER),
                provider: CLINIC,
                matures_at: START + RECOVERY_DELAY,
            });
            wait(RECOVERY_DELAY - 1);
            assert!(!PatientIdentity::recovery_of(PATIENT).unwrap().mature);
            assert_noop!(finalize(), Refused::DelayNotElapsed);
            wait(1);
            assert!(PatientIdentity::recovery_of(PATIENT).unwrap().mature);
            assert_ok!(finalize());
            let keys = PatientIdentity::keys_of(PATIENT);
            assert_eq!(keys.len(), 1);
            assert_eq!(
                (&keys[0].account, keys[0].purposes),
                (&account(PAPER), every_purpose())
            );
            for old in [PHONE, TABLET] {
                assert_eq!(KeyOf::<Test>::get(account(old)), None);
            }
            assert_eq!(stored(PATIENT).key_count, 1);
            assert!(!Recoveries::<Test>::contains_key(PATIENT));
            assert_noop!(finalize(), Refused::NoRecovery);
        });
}

#[test]
fn a_key_kept_for_recovery_needs_no_commitment() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, PAPER, KeyPurpose::Recovery, None);
            add_key(
                PHONE,
                PATIENT,
                TABLET,
                KeyPurpose::Recovery,
                Some(START + DAY),
            );
            assert_noop!(request(HOSPITAL, STRANGER, None), Refused::NoRecovery);
            wait(DAY);
            assert_noop!(request(HOSPITAL, TABLET, None), Refused::KeyExpired);
            assert_ok!(request(HOSPITAL, PAPER, None));
            wait(RECOVERY_DELAY);
            assert_ok!(finalize());
            assert_eq!(KeyOf::<Test>::get(account(PHONE)), None);
            assert_eq!(KeyOf::<Test>::get(account(PAPER)), Some(PATIENT));
        });
}

#[test]
fn a_suspended_patient_is_recovered_and_stays_suspended() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
            wait(RECOVERY_DELAY);
            assert_ok!(finalize());
            assert_eq!(stored(PATIENT).status, Status::Suspended { since: START });
        });
}

#[test]
fn a_recovery_ends_all_appointments() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            // Whoever has the phone appoints somebody.
            let lawyer = Agent::Account(account(LAWYER));
            appoint_guardian(by_phone(), PATIENT, lawyer, every_power());
            assert_ok!(request(CLINIC, PAPER, Some(SALT)));
            wait(RECOVERY_DELAY);
            let may_consent =
                |n| PatientIdentity::explain_may_act(account(n), PATIENT, Power::Consent);
            assert!(may_consent(LAWYER).is_ok());
            assert_ok!(finalize());
            let revoked = Event::RepresentativesRevoked {
                patient: PATIENT,
                epoch: 1,
            };
            assert_eq!(count_told(&revoked), 1);
            assert_eq!(may_consent(LAWYER).unwrap_err().0, "RepresentativeExpired");
            assert!(may_consent(PAPER).is_ok());
        });
}

#[test]
fn request_is_refused_when_provider_has_a_stake_or_is_none() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            assert_noop!(
                request(PAYER, PAPER, Some(SALT)),
                Refused::ProviderNotApproved
            );
            sponsor(CLINIC, PATIENT, PHONE);
            assert_noop!(
                request(CLINIC, PAPER, Some(SALT)),
                Refused::ProviderNotApproved
            );
            let by_the_person = PatientIdentity::request_recovery(
                by(account(PAPER)),
                PATIENT,
                account(PAPER),
                Some(SALT),
                proof_to_recover(CLINIC, PAPER),
            );
            assert_noop!(by_the_person, NOT_STAFF);
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
        });
}

#[test]
fn request_is_refused_when_account_was_not_prepared() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_noop!(request(HOSPITAL, PAPER, Some(SALT)), Refused::NoRecovery);
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::Consent, None);
            assert_noop!(request(HOSPITAL, TABLET, None), Refused::NoRecovery);
            prepare();
            assert_noop!(
                request(HOSPITAL, STRANGER, Some(SALT)),
                Refused::CommitmentMismatch
            );
            assert_noop!(
                request(HOSPITAL, PAPER, Some(hash(1))),
                Refused::CommitmentMismatch
            );
        });
}

#[test]
fn request_is_refused_when_signature_is_not_the_accounts_for_this_provider() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            let somebody_elses = proof_to_recover(HOSPITAL, STRANGER);
            assert_noop!(
                request_with(HOSPITAL, PAPER, Some(SALT), somebody_elses),
                Refused::InvalidSignature
            );
            let for_the_clinic = proof_to_recover(CLINIC, PAPER);
            assert_noop!(
                request_with(HOSPITAL, PAPER, Some(SALT), for_the_clinic),
                Refused::InvalidSignature
            );
        });
}

#[test]
fn request_is_refused_when_account_is_another_patients_key() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            prepare();
            add_key(
                NEIGHBOURS_PHONE,
                NEIGHBOUR,
                PAPER,
                KeyPurpose::Consent,
                None,
            );
            assert_noop!(request(HOSPITAL, PAPER, Some(SALT)), Refused::KeyInUse);
        });
}

#[test]
fn finalize_is_refused_when_account_became_another_patients_key() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            prepare();
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
            add_key(
                NEIGHBOURS_PHONE,
                NEIGHBOUR,
                PAPER,
                KeyPurpose::Consent,
                None,
            );
            wait(RECOVERY_DELAY);
            assert_noop!(finalize(), Refused::KeyInUse);
        });
}

#[test]
fn a_recovery_is_refused_when_patient_is_unclaimed_or_dead() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        assert_noop!(request(HOSPITAL, PAPER, Some(SALT)), Refused::NotActive);
        assert_noop!(finalize(), Refused::NotActive);
        assert_ok!(PatientIdentity::report_deceased(staff(HOSPITAL), PATIENT));
        assert_noop!(request(HOSPITAL, PAPER, Some(SALT)), Refused::NotActive);
    });
}

#[test]
fn one_recovery_waits_at_a_time() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
            assert_noop!(request(CLINIC, PAPER, Some(SALT)), Refused::RecoveryPending);
            assert_noop!(
                PatientIdentity::set_recovery_commitment(by_phone(), PATIENT, hash(1)),
                Refused::RecoveryPending
            );
        });
}

#[test]
fn any_live_key_vetoes_and_only_a_new_commitment_reopens() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::KeyAgreement, None);
            add_key(
                PHONE,
                PATIENT,
                OLD_PHONE,
                KeyPurpose::Consent,
                Some(START + DAY),
            );
            prepare();
            let veto = |n| PatientIdentity::veto_recovery(by(account(n)), PATIENT);
            assert_noop!(veto(TABLET), Refused::NoRecovery);
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
            wait(DAY);
            assert_noop!(veto(STRANGER), Refused::KeyNotFound);
            assert_noop!(veto(OLD_PHONE), Refused::KeyExpired);
            assert_ok!(veto(TABLET));
            assert_noop!(veto(TABLET), Refused::RecoveryVetoed);
            wait(RECOVERY_DELAY);
            assert_noop!(finalize(), Refused::RecoveryVetoed);
            assert_noop!(
                request(HOSPITAL, PAPER, Some(SALT)),
                Refused::RecoveryVetoed
            );
            prepare();
            let recovery = PatientIdentity::recovery_of(PATIENT).unwrap();
            assert_eq!(recovery.stage, RecoveryStage::Idle);
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
        });
}

#[test]
fn a_suspended_patient_vetoes() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            prepare();
            assert_ok!(request(HOSPITAL, PAPER, Some(SALT)));
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_ok!(PatientIdentity::veto_recovery(by_phone(), PATIENT));
        });
}
