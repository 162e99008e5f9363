use super::*;
use crate::{Agent, Agreement, KeyOf, KeyProof, KeyPurpose, Keys, MAX_KEYS};
use axonic_primitives::{patients::Power, Codes, Moment};

fn add(
    signer: u8,
    purposes: Codes<KeyPurpose>,
    expires_at: Option<Moment>,
    proof: KeyProof,
) -> DispatchResult {
    let account = account(signer);
    PatientIdentity::add_key(by_phone(), PATIENT, account, purposes, expires_at, proof)
}

fn by_phone() -> RuntimeOrigin {
    by(account(PHONE))
}

fn proof_to_add(signer: u8) -> KeyProof {
    let agreement = Agreement::AddKey {
        purposes: every_purpose(),
        key_expires_at: None,
    };
    proof(signer, PATIENT, agreement)
}

#[test]
fn add_key_takes_the_signatures_of_both() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let proof = proof_to_add(TABLET);
            let by_stranger = PatientIdentity::add_key(
                by(account(STRANGER)),
                PATIENT,
                account(TABLET),
                every_purpose(),
                None,
                proof.clone(),
            );
            assert_noop!(by_stranger, Refused::PowerMissing);
            let unsigned = proof_to_add(STRANGER);
            assert_noop!(
                add(TABLET, every_purpose(), None, unsigned),
                Refused::InvalidSignature
            );
            assert_ok!(add(TABLET, every_purpose(), None, proof));
            assert_eq!(KeyOf::<Test>::get(account(TABLET)), Some(PATIENT));
            assert_eq!(
                (stored(PATIENT).key_count, stored(PATIENT).statement_nonce),
                (2, 1)
            );
        });
}

#[test]
fn add_key_is_refused_when_proof_was_used_before() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let proof = proof_to_add(TABLET);
            assert_ok!(add(TABLET, every_purpose(), None, proof.clone()));
            assert_ok!(PatientIdentity::remove_key(
                by_phone(),
                PATIENT,
                account(TABLET)
            ));
            assert_noop!(
                add(TABLET, every_purpose(), None, proof),
                Refused::NonceMismatch
            );
        });
}

#[test]
fn add_key_is_refused_when_key_is_taken_pointless_or_already_expired() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            let proof = proof_to_add(NEIGHBOURS_PHONE);
            assert_noop!(
                add(NEIGHBOURS_PHONE, every_purpose(), None, proof),
                Refused::KeyInUse
            );
            let proof = proof_to_add(TABLET);
            assert_noop!(
                add(TABLET, Codes::empty(), None, proof.clone()),
                Refused::InvalidPurposes
            );
            let past = Some(Now::get());
            assert_noop!(
                add(TABLET, every_purpose(), past, proof),
                Refused::InvalidPeriod
            );
        });
}

#[test]
fn add_key_is_refused_when_there_are_as_many_as_fit() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            for n in 1..MAX_KEYS as u8 {
                add_key(PHONE, PATIENT, 100 + n, KeyPurpose::Consent, None);
            }
            let proof = proof_to_add(TABLET);
            assert_noop!(
                add(TABLET, every_purpose(), None, proof),
                Refused::MaxKeysExceeded
            );
        });
}

#[test]
fn keys_are_not_changed_when_patient_is_suspended() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let proof = proof_to_add(TABLET);
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_noop!(
                add(TABLET, every_purpose(), None, proof),
                Refused::NotActive
            );
            let phone = account(PHONE);
            assert_noop!(
                PatientIdentity::remove_key(by_phone(), PATIENT, phone),
                Refused::NotActive
            );
        });
}

#[test]
fn keys_are_not_changed_when_a_representative_asks() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let lawyer = Agent::Account(account(LAWYER));
            appoint_guardian(by_phone(), PATIENT, lawyer, every_power());
            let by_lawyer = || by(account(LAWYER));
            let proof = proof_to_add(LAWYER);
            assert_noop!(
                PatientIdentity::add_key(
                    by_lawyer(),
                    PATIENT,
                    account(LAWYER),
                    every_purpose(),
                    None,
                    proof
                ),
                Refused::PowerMissing
            );
            assert_noop!(
                PatientIdentity::remove_key(by_lawyer(), PATIENT, account(PHONE)),
                Refused::PowerMissing
            );
            assert_noop!(
                PatientIdentity::set_recovery_commitment(by_lawyer(), PATIENT, hash(1)),
                Refused::PowerMissing
            );
        });
}

#[test]
fn keys_are_not_changed_when_caller_has_a_key_without_authentication() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::Consent, None);
            assert_noop!(
                PatientIdentity::remove_key(by(account(TABLET)), PATIENT, account(PHONE)),
                Refused::PowerMissing
            );
        });
}

#[test]
fn keys_are_not_changed_when_the_callers_key_has_expired() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, every_purpose(), Some(START + DAY));
            wait(DAY);
            assert_noop!(
                PatientIdentity::remove_key(by(account(TABLET)), PATIENT, account(PHONE)),
                Refused::KeyExpired
            );
        });
}

#[test]
fn remove_key_frees_the_account() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, every_purpose(), None);
            assert_ok!(PatientIdentity::remove_key(
                by(account(TABLET)),
                PATIENT,
                account(PHONE)
            ));
            assert_eq!(stored(PATIENT).key_count, 1);
            assert_told(Event::KeyRemoved {
                patient: PATIENT,
                account: account(PHONE),
            });
            register_with_key(CLINIC, NEIGHBOUR, PHONE);
        });
}

#[test]
fn remove_key_is_refused_when_no_lasting_authentication_key_would_be_left() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let remove = |n| PatientIdentity::remove_key(by_phone(), PATIENT, account(n));
            assert_noop!(remove(PHONE), Refused::LastKey);
            add_key(PHONE, PATIENT, TABLET, every_purpose(), Some(START + DAY));
            add_key(PHONE, PATIENT, PAPER, KeyPurpose::Recovery, None);
            assert_noop!(remove(PHONE), Refused::LastKey);
            assert_noop!(remove(STRANGER), Refused::KeyNotFound);
            assert_ok!(remove(TABLET));
        });
}

#[test]
fn rotate_key_hands_purposes_and_expiry_on() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let end = Some(START + 2 * DAY);
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::Consent, end);
            wait(DAY);
            let agreement = Agreement::RotateKey {
                replaces: account(TABLET),
            };
            let proof = proof(PAPER, PATIENT, agreement);
            let rotate = |proof| {
                let (old, new) = (account(TABLET), account(PAPER));
                PatientIdentity::rotate_key(by_phone(), PATIENT, old, new, proof)
            };
            assert_ok!(rotate(proof.clone()));
            let key = Keys::<Test>::get(PATIENT, account(PAPER)).unwrap();
            assert_eq!(
                (key.purposes, key.expires_at),
                (Codes::from(KeyPurpose::Consent), end)
            );
            assert_eq!(key.added_at, START + DAY);
            assert_eq!(KeyOf::<Test>::get(account(TABLET)), None);
            assert_eq!(stored(PATIENT).key_count, 2);
            assert_noop!(rotate(proof), Refused::KeyNotFound);
        });
}

#[test]
fn rotate_key_replaces_the_only_key() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let (old, new) = (account(PHONE), account(TABLET));
            let proof = proof(
                TABLET,
                PATIENT,
                Agreement::RotateKey {
                    replaces: old.clone(),
                },
            );
            assert_ok!(PatientIdentity::rotate_key(
                by_phone(),
                PATIENT,
                old,
                new.clone(),
                proof
            ));
            assert_eq!(
                PatientIdentity::explain_may_act(new, PATIENT, Power::Identity).map(|_| ()),
                Ok(())
            );
        });
}

#[test]
fn rotate_key_is_refused_when_the_old_key_expired_or_the_new_one_is_taken() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            add_key(
                PHONE,
                PATIENT,
                TABLET,
                KeyPurpose::Consent,
                Some(START + DAY),
            );
            let rotate = |old, new| {
                let agreement = Agreement::RotateKey {
                    replaces: account(old),
                };
                let proof = proof(new, PATIENT, agreement);
                let (old, new) = (account(old), account(new));
                PatientIdentity::rotate_key(by_phone(), PATIENT, old, new, proof)
            };
            assert_noop!(rotate(PHONE, NEIGHBOURS_PHONE), Refused::KeyInUse);
            assert_noop!(rotate(PHONE, TABLET), Refused::KeyInUse);
            wait(DAY);
            assert_noop!(rotate(TABLET, PAPER), Refused::KeyExpired);
        });
}
