use super::*;
use crate::{Agent, Agreement, AssuranceLevel, KeyOf, KeyProof, KeyPurpose, Keys, Status};
use axonic_primitives::{patients::Power, testing::Doubles, Codes};
use sp_core::H256;

const COMMITMENT: H256 = hash(0xcc);

fn agreement() -> Agreement {
    Agreement::Register {
        org: HOSPITAL,
        purposes: every_purpose(),
        commitment: COMMITMENT,
    }
}

fn register_phone(patient: PatientId, proof: KeyProof) -> DispatchResult {
    let phone = account(PHONE);
    PatientIdentity::register_with_key(
        staff(HOSPITAL),
        patient,
        COMMITMENT,
        phone,
        every_purpose(),
        proof,
    )
}

fn claim_phone(org: axonic_primitives::OrgId, proof: KeyProof) -> DispatchResult {
    PatientIdentity::claim(staff(org), PATIENT, account(PHONE), every_purpose(), proof)
}

fn claim_agreement() -> Agreement {
    Agreement::Claim {
        purposes: every_purpose(),
        commitment: COMMITMENT,
    }
}

#[test]
fn register_stores_an_unclaimed_patient() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        let record = stored(PATIENT);
        assert_eq!(record.status, Status::Registered);
        assert_eq!(record.managing_org, HOSPITAL);
        assert_eq!((record.sponsor, record.resumed_at), (None, None));
        assert_eq!(
            (record.commitment, record.commitment_version),
            (COMMITMENT, 1)
        );
        assert_eq!((record.key_count, record.created_at), (0, START));
        assert_told(Event::Registered {
            patient: PATIENT,
            org: HOSPITAL,
        });
    });
}

#[test]
fn register_is_refused_with_the_reason_when_caller_is_not_a_registrar() {
    ExtBuilder::default().build_and_execute(|| {
        let register = |origin| PatientIdentity::register(origin, PATIENT, COMMITMENT);
        assert_noop!(register(by(account(STRANGER))), NOT_STAFF);
        assert_noop!(register(by(clinician())), DUTY_MISSING);
        assert_noop!(register(RuntimeOrigin::root()), DispatchError::BadOrigin);
        Doubles::set_active(HOSPITAL, false);
        let suspended = DispatchError::Other("double: organisation not active");
        assert_noop!(register(staff(HOSPITAL)), suspended);
    });
}

#[test]
fn register_is_refused_when_id_is_zero_or_used() {
    ExtBuilder::default().build_and_execute(|| {
        let register_again =
            |patient| PatientIdentity::register(staff(CLINIC), patient, COMMITMENT);
        assert_noop!(register_again(id(0)), Refused::InvalidId);
        register(HOSPITAL, PATIENT);
        assert_noop!(register_again(PATIENT), Refused::AlreadyExists);
        assert_ok!(PatientIdentity::erase(staff(HOSPITAL), PATIENT));
        assert_noop!(register_again(PATIENT), Refused::IdRetired);
    });
}

#[test]
fn register_with_key_stores_an_active_patient() {
    ExtBuilder::default().build_and_execute(|| {
        register_with_key(HOSPITAL, PATIENT, PHONE);
        let record = stored(PATIENT);
        assert_eq!(record.status, Status::Active);
        assert_eq!((record.key_count, record.statement_nonce), (1, 1));
        assert_eq!(KeyOf::<Test>::get(account(PHONE)), Some(PATIENT));
        let key = Keys::<Test>::get(PATIENT, account(PHONE)).unwrap();
        assert_eq!((key.purposes, key.expires_at), (every_purpose(), None));
        assert_told(Event::KeyAdded {
            patient: PATIENT,
            account: account(PHONE),
            purposes: every_purpose(),
            expires_at: None,
        });
    });
}

#[test]
fn register_with_key_is_refused_when_signature_is_for_something_else() {
    ExtBuilder::default().build_and_execute(|| {
        let somebody_elses = proof(STRANGER, PATIENT, agreement());
        assert_noop!(
            register_phone(PATIENT, somebody_elses),
            Refused::InvalidSignature
        );
        let other_patient = proof(PHONE, NEIGHBOUR, agreement());
        assert_noop!(
            register_phone(PATIENT, other_patient),
            Refused::InvalidSignature
        );
        let commitment = hash(1);
        let other_registration = proof(
            PHONE,
            PATIENT,
            Agreement::Register {
                org: HOSPITAL,
                purposes: every_purpose(),
                commitment,
            },
        );
        assert_noop!(
            register_phone(PATIENT, other_registration),
            Refused::InvalidSignature
        );
        let fewer = KeyPurpose::Authentication.into();
        let fewer_purposes = Agreement::Register {
            org: HOSPITAL,
            purposes: fewer,
            commitment: COMMITMENT,
        };
        let fewer_purposes = proof(PHONE, PATIENT, fewer_purposes);
        assert_noop!(
            register_phone(PATIENT, fewer_purposes),
            Refused::InvalidSignature
        );
        let mut longer_lived = proof(PHONE, PATIENT, agreement());
        longer_lived.expires_at += 1;
        assert_noop!(
            register_phone(PATIENT, longer_lived),
            Refused::InvalidSignature
        );
    });
}

#[test]
fn register_with_key_is_refused_when_another_organisation_brings_the_statement() {
    ExtBuilder::default().build_and_execute(|| {
        let for_the_hospital = proof(PHONE, PATIENT, agreement());
        let brought_by = |org| {
            PatientIdentity::register_with_key(
                staff(org),
                PATIENT,
                COMMITMENT,
                account(PHONE),
                every_purpose(),
                for_the_hospital.clone(),
            )
        };
        assert_noop!(brought_by(CLINIC), Refused::InvalidSignature);
        assert_ok!(brought_by(HOSPITAL));
        assert_eq!(stored(PATIENT).managing_org, HOSPITAL);
    });
}

#[test]
fn register_with_key_is_refused_when_statement_is_of_another_chain() {
    ExtBuilder::default().build_and_execute(|| {
        let proof = proof(PHONE, PATIENT, agreement());
        frame_system::BlockHash::<Test>::insert(0u64, hash(0xaa));
        assert_noop!(register_phone(PATIENT, proof), Refused::InvalidSignature);
    });
}

#[test]
fn register_with_key_is_refused_when_statement_expired_or_lives_too_long() {
    ExtBuilder::default().build_and_execute(|| {
        let mut stale = proof(PHONE, PATIENT, agreement());
        wait(HOUR);
        assert_noop!(
            register_phone(PATIENT, stale.clone()),
            Refused::SignatureExpired
        );
        stale.expires_at = Now::get() + crate::MAX_STATEMENT_LIFE + 1;
        assert_noop!(register_phone(PATIENT, stale), Refused::ExpiryTooFar);
    });
}

#[test]
fn register_with_key_is_refused_when_nonce_is_not_zero() {
    ExtBuilder::default().build_and_execute(|| {
        let mut ahead = proof(PHONE, PATIENT, agreement());
        ahead.nonce = 1;
        assert_noop!(register_phone(PATIENT, ahead), Refused::NonceMismatch);
    });
}

#[test]
fn register_with_key_is_refused_when_key_is_taken_or_cannot_authenticate() {
    ExtBuilder::default().build_and_execute(|| {
        register_with_key(HOSPITAL, PATIENT, PHONE);
        let taken = proof(PHONE, NEIGHBOUR, agreement());
        assert_noop!(register_phone(NEIGHBOUR, taken), Refused::KeyInUse);
        let unfit: [Codes<KeyPurpose>; 3] = [
            Codes::empty(),
            KeyPurpose::Consent.into(),
            Codes::from_bits(every_purpose().bits() | 1 << 31),
        ];
        for purposes in unfit {
            let agreement = Agreement::Register {
                org: HOSPITAL,
                purposes,
                commitment: COMMITMENT,
            };
            let proof = proof(TABLET, NEIGHBOUR, agreement);
            assert_noop!(
                PatientIdentity::register_with_key(
                    staff(HOSPITAL),
                    NEIGHBOUR,
                    COMMITMENT,
                    account(TABLET),
                    purposes,
                    proof
                ),
                Refused::InvalidPurposes
            );
        }
    });
}

#[test]
fn claim_gives_a_registered_patient_its_first_key() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        assert_ok!(claim_phone(
            HOSPITAL,
            proof(PHONE, PATIENT, claim_agreement())
        ));
        let record = stored(PATIENT);
        assert_eq!((record.status, record.key_count), (Status::Active, 1));
        assert_eq!(record.statement_nonce, 1);
        assert_eq!(count_told(&Event::Claimed { patient: PATIENT }), 1);
    });
}

#[test]
fn claim_ends_the_appointments_that_the_organisation_made() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        let lawyer = Agent::Account(account(LAWYER));
        appoint_guardian(staff(HOSPITAL), PATIENT, lawyer.clone(), every_power());
        let may_consent =
            |n| PatientIdentity::explain_may_act(account(n), PATIENT, Power::Consent).is_ok();
        assert!(may_consent(LAWYER));
        let proof = proof(PHONE, PATIENT, claim_agreement());
        assert_ok!(claim_phone(HOSPITAL, proof));
        let revoked = Event::RepresentativesRevoked {
            patient: PATIENT,
            epoch: 1,
        };
        assert_eq!(count_told(&revoked), 1);
        assert!(!may_consent(LAWYER));
        assert!(may_consent(PHONE));
        // The patient may want the same person.
        appoint_guardian(by(account(PHONE)), PATIENT, lawyer, every_power());
        assert!(may_consent(LAWYER));
    });
}

#[test]
fn claim_is_refused_when_caller_is_not_the_managing_organisation() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        let proof = proof(PHONE, PATIENT, claim_agreement());
        assert_noop!(claim_phone(CLINIC, proof.clone()), Refused::NotManagingOrg);
        let phone = account(PHONE);
        let by_the_person =
            PatientIdentity::claim(by(phone.clone()), PATIENT, phone, every_purpose(), proof);
        assert_noop!(by_the_person, NOT_STAFF);
    });
}

#[test]
fn claim_is_refused_when_patient_is_unknown_claimed_or_dead() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        let proof_of_phone = proof(PHONE, PATIENT, claim_agreement());
        assert_noop!(
            PatientIdentity::claim(
                staff(HOSPITAL),
                NOBODY,
                account(PHONE),
                every_purpose(),
                proof_of_phone.clone()
            ),
            Refused::NotFound
        );
        assert_ok!(claim_phone(HOSPITAL, proof_of_phone.clone()));
        assert_noop!(
            claim_phone(HOSPITAL, proof_of_phone.clone()),
            Refused::AlreadyClaimed
        );
        assert_ok!(PatientIdentity::report_deceased(staff(HOSPITAL), PATIENT));
        assert_noop!(claim_phone(HOSPITAL, proof_of_phone), Refused::NotActive);
    });
}

#[test]
fn update_commitment_raises_the_version_by_one() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let update = |org, version: u32| {
                PatientIdentity::update_commitment(
                    staff(org),
                    PATIENT,
                    hash(version as u8),
                    version,
                )
            };
            for unfit in [0, 1, 3] {
                assert_noop!(update(HOSPITAL, unfit), Refused::VersionMismatch);
            }
            assert_noop!(update(CLINIC, 2), Refused::NotManagingOrg);
            assert_ok!(update(HOSPITAL, 2));
            assert_eq!(
                (
                    stored(PATIENT).commitment,
                    stored(PATIENT).commitment_version
                ),
                (hash(2), 2)
            );
            assert_told(Event::CommitmentUpdated {
                patient: PATIENT,
                version: 2,
            });
        });
}

#[test]
fn attest_assurance_says_who_is_how_sure_since_when() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let attest =
                |org| PatientIdentity::attest_assurance(staff(org), PATIENT, AssuranceLevel::Ial2);
            assert_noop!(attest(CLINIC), Refused::NotManagingOrg);
            wait(DAY);
            assert_ok!(attest(HOSPITAL));
            let assurance = stored(PATIENT).assurance.unwrap();
            assert_eq!((assurance.by, assurance.at), (HOSPITAL, START + DAY));
            assert_eq!(assurance.level, AssuranceLevel::Ial2);
        });
}
