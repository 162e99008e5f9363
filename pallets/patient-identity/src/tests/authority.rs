use super::*;
use crate::{Agent, KeyPurpose, RepresentativeKind};
use axonic_primitives::{
    patients::{Acting, Patients as _, Power},
    AccountId, Period,
};

fn may_act(who: AccountId, patient: PatientId, power: Power) -> Result<Acting, DispatchError> {
    <PatientIdentity as axonic_primitives::patients::Patients>::may_act(&who, &patient, power)
}

fn refused(error: Refused) -> Result<Acting, DispatchError> {
    Err(error.into())
}

#[test]
fn a_key_gives_the_powers_of_its_purposes() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            use Power::*;
            let signs = [
                (
                    KeyPurpose::Authentication,
                    vec![Access, Correspond, Identity],
                ),
                (KeyPurpose::Consent, vec![Consent, Access, Correspond]),
                (KeyPurpose::KeyAgreement, vec![]),
                (KeyPurpose::Recovery, vec![]),
            ];
            for (n, (purpose, powers)) in (100..).zip(signs) {
                add_key(PHONE, PATIENT, n, purpose, None);
                for power in [Consent, Access, Correspond, Identity] {
                    let expected = if powers.contains(&power) {
                        Ok(Acting::SelfActing)
                    } else {
                        refused(Refused::PowerMissing)
                    };
                    assert_eq!(
                        may_act(account(n), PATIENT, power),
                        expected,
                        "{purpose:?} {power:?}"
                    );
                }
            }
        });
}

#[test]
fn may_act_says_why_not_when_it_does_not_know_or_trust_the_account() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let ask = |n, patient| may_act(account(n), patient, Power::Access);
            assert_eq!(ask(STRANGER, PATIENT), refused(Refused::PowerMissing));
            assert_eq!(ask(PHONE, NOBODY), refused(Refused::NotFound));
            add_key(PHONE, PATIENT, TABLET, every_purpose(), Some(START + DAY));
            assert_eq!(ask(TABLET, PATIENT), Ok(Acting::SelfActing));
            wait(DAY);
            assert_eq!(ask(TABLET, PATIENT), refused(Refused::KeyExpired));
            assert_ok!(PatientIdentity::erase(by(account(PHONE)), PATIENT));
            assert_eq!(ask(PHONE, PATIENT), refused(Refused::IdRetired));
        });
}

#[test]
fn may_act_does_not_ask_whether_the_patient_is_active() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_eq!(
                may_act(account(PHONE), PATIENT, Power::Consent),
                Ok(Acting::SelfActing)
            );
            assert!(!PatientIdentity::is_active(&PATIENT));
        });
}

#[test]
fn a_representative_acts_with_its_powers_within_its_time() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let period = Period::between(START + DAY, START + 2 * DAY);
            assert_ok!(PatientIdentity::appoint_representative(
                by(account(PHONE)),
                PATIENT,
                Agent::Account(account(LAWYER)),
                RepresentativeKind::PowerOfAttorney,
                Power::Consent.into(),
                period,
                hash(1)
            ));
            let ask = |power| may_act(account(LAWYER), PATIENT, power);
            assert_eq!(ask(Power::Consent), refused(Refused::PowerMissing));
            wait(DAY);
            assert_eq!(ask(Power::Consent), Ok(Acting::Representative));
            assert_eq!(ask(Power::Access), refused(Refused::PowerMissing));
            wait(DAY);
            assert_eq!(ask(Power::Consent), refused(Refused::RepresentativeExpired));
        });
}

#[test]
fn a_patient_who_represents_needs_the_purpose_itself_and_must_be_active() {
    ExtBuilder::default()
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, CHILD);
            let parent = Agent::Patient(NEIGHBOUR);
            appoint_guardian(staff(HOSPITAL), CHILD, parent, every_power());
            add_key(
                NEIGHBOURS_PHONE,
                NEIGHBOUR,
                TABLET,
                KeyPurpose::Authentication,
                None,
            );
            let ask = |n| may_act(account(n), CHILD, Power::Consent);
            assert_eq!(ask(NEIGHBOURS_PHONE), Ok(Acting::Representative));
            assert_eq!(ask(TABLET), refused(Refused::PowerMissing));
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), NEIGHBOUR));
            assert_eq!(ask(NEIGHBOURS_PHONE), refused(Refused::NotActive));
        });
}

#[test]
fn a_patient_who_represents_still_does_after_being_merged() {
    ExtBuilder::default()
        .with_patient(DUPLICATE, OLD_PHONE)
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, CHILD);
            appoint_guardian(
                staff(HOSPITAL),
                CHILD,
                Agent::Patient(DUPLICATE),
                every_power(),
            );
            let assent = assent(OLD_PHONE, DUPLICATE, PATIENT);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                assent,
                acceptance(PHONE, DUPLICATE, PATIENT)
            ));
            let ask = |n| may_act(account(n), CHILD, Power::Consent);
            assert_eq!(ask(PHONE), Ok(Acting::Representative));
            assert_eq!(ask(OLD_PHONE), refused(Refused::KeyNotFound));
        });
}

#[test]
fn standing_follows_merges_and_knows_the_erased() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                None,
                acceptance(PHONE, DUPLICATE, PATIENT)
            ));
            let standing = PatientIdentity::standing(&DUPLICATE).unwrap();
            assert_eq!((standing.canonical, standing.active), (PATIENT, true));
            assert_eq!(PatientIdentity::managing_org(&DUPLICATE), Some(HOSPITAL));
            assert!(PatientIdentity::standing(&NOBODY).is_none());
            assert_ok!(PatientIdentity::erase(by(account(PHONE)), DUPLICATE));
            let standing = PatientIdentity::standing(&DUPLICATE).unwrap();
            assert_eq!((standing.canonical, standing.active), (DUPLICATE, false));
            assert_eq!(PatientIdentity::managing_org(&DUPLICATE), None);
        });
}
