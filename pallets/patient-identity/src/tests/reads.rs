use super::*;
use crate::{Agent, Agreement, KeyPurpose, Status};
use axonic_primitives::{patients::Power, Moment};

#[test]
fn patient_shows_the_record_until_it_is_erased() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_eq!(PatientIdentity::patient(NOBODY), None);
            let info = PatientIdentity::patient(PATIENT).unwrap();
            assert_eq!(
                (info.canonical, info.status, info.active),
                (PATIENT, Status::Active, true)
            );
            assert_eq!(info.record, Some(stored(PATIENT)));
            assert_ok!(PatientIdentity::offer_sponsorship(staff(PAYER), PATIENT));
            let info = PatientIdentity::patient(PATIENT).unwrap();
            assert_eq!(info.sponsor_offers, vec![PAYER]);
            assert_ok!(PatientIdentity::erase(by(account(PHONE)), PATIENT));
            let info = PatientIdentity::patient(PATIENT).unwrap();
            assert_eq!(
                (info.status, info.active, info.record),
                (Status::Erased, false, None)
            );
        });
}

#[test]
fn patient_of_follows_merges() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            let assent = assent(OLD_PHONE, DUPLICATE, PATIENT);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                assent,
                acceptance(PHONE, DUPLICATE, PATIENT)
            ));
            assert_eq!(
                PatientIdentity::patient_of(account(OLD_PHONE)),
                Some(PATIENT)
            );
            assert_eq!(PatientIdentity::patient_of(account(STRANGER)), None);
            assert_eq!(PatientIdentity::resolve(DUPLICATE), Some(PATIENT));
            assert_eq!(PatientIdentity::resolve(NOBODY), None);
        });
}

#[test]
fn keys_of_derives_whether_they_are_live() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            add_key(
                PHONE,
                PATIENT,
                TABLET,
                KeyPurpose::Consent,
                Some(START + DAY),
            );
            let live = || {
                let keys = PatientIdentity::keys_of(PATIENT);
                keys.into_iter()
                    .filter(|key| key.live)
                    .map(|key| key.account)
                    .collect::<Vec<_>>()
            };
            assert_eq!(live().len(), 2);
            wait(DAY);
            assert_eq!(live(), vec![account(PHONE)]);
        });
}

#[test]
fn lists_are_empty_when_there_is_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(PatientIdentity::keys_of(NOBODY).is_empty());
        assert!(PatientIdentity::representatives_of(NOBODY).is_empty());
        assert!(PatientIdentity::represented_by(Agent::Patient(NOBODY)).is_empty());
        assert_eq!(PatientIdentity::recovery_of(NOBODY), None);
        let page = PatientIdentity::possible_duplicates(HOSPITAL, Some(hash(1)), 0);
        assert_eq!(page, Default::default());
    });
}

#[test]
fn explain_may_act_names_the_error() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let explain = |n, patient| {
                let answer = PatientIdentity::explain_may_act(account(n), patient, Power::Identity);
                answer.map_err(|refusal| refusal.0)
            };
            assert!(explain(PHONE, PATIENT).is_ok());
            assert_eq!(explain(STRANGER, PATIENT), Err("PowerMissing".into()));
            assert_eq!(explain(PHONE, NOBODY), Err("NotFound".into()));
        });
}

#[test]
fn statement_is_refused_for_the_reason_the_call_would_give() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let ask = |patient, agreement, expires_at: Moment| {
                PatientIdentity::statement(patient, account(TABLET), agreement, expires_at)
                    .map_err(|refusal| refusal.0)
            };
            let register = || Agreement::Register {
                org: HOSPITAL,
                purposes: every_purpose(),
                commitment: hash(1),
            };
            let recover = || Agreement::Recover { org: HOSPITAL };
            let soon = Now::get() + HOUR;
            assert_eq!(ask(PATIENT, register(), soon), Err("AlreadyExists".into()));
            assert_eq!(ask(id(0), register(), soon), Err("InvalidId".into()));
            assert_eq!(ask(NOBODY, recover(), soon), Err("NotFound".into()));
            assert_eq!(
                ask(PATIENT, recover(), START),
                Err("SignatureExpired".into())
            );
            let late = START + crate::MAX_STATEMENT_LIFE + 1;
            assert_eq!(ask(PATIENT, recover(), late), Err("ExpiryTooFar".into()));
            assert!(ask(PATIENT, recover(), late - 1).is_ok());
        });
}

#[test]
fn statement_wrapped_by_a_wallet_is_accepted() {
    use sp_core::Pair;

    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let (purposes, expires_at) = (every_purpose(), Now::get() + HOUR);
            let agreement = Agreement::AddKey {
                purposes,
                key_expires_at: None,
            };
            let statement =
                PatientIdentity::statement(PATIENT, account(TABLET), agreement, expires_at)
                    .unwrap();
            let wrapped = [&b"<Bytes>"[..], &statement.bytes[..], b"</Bytes>"].concat();
            let signature = person(TABLET).sign(&wrapped).into();
            let proof = crate::KeyProof {
                nonce: statement.nonce,
                expires_at,
                signature,
            };
            assert_ok!(PatientIdentity::add_key(
                by(account(PHONE)),
                PATIENT,
                account(TABLET),
                purposes,
                None,
                proof
            ));
        });
}
