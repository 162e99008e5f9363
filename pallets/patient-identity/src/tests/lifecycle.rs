use super::*;
use crate::{
    recovery_commitment, Agent, ErasedPatients, Keys, LinkKind, Links, MatchTokens, MergedInto,
    Recoveries, Representatives, RepresentedBy, Status, TokensOf,
};

fn by_phone() -> RuntimeOrigin {
    by(account(PHONE))
}

#[test]
fn suspend_and_resume_are_the_managing_organisations() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_noop!(
                PatientIdentity::suspend(staff(CLINIC), PATIENT),
                Refused::NotManagingOrg
            );
            assert_noop!(
                PatientIdentity::resume(staff(HOSPITAL), PATIENT),
                Refused::NotSuspended
            );
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_eq!(stored(PATIENT).status, Status::Suspended { since: START });
            assert_noop!(
                PatientIdentity::suspend(staff(HOSPITAL), PATIENT),
                Refused::NotActive
            );
            assert_noop!(
                PatientIdentity::resume(staff(CLINIC), PATIENT),
                Refused::NotManagingOrg
            );
            assert_ok!(PatientIdentity::resume(staff(HOSPITAL), PATIENT));
            assert_eq!(stored(PATIENT).status, Status::Active);
            assert_told(Event::Resumed { patient: PATIENT });
        });
}

#[test]
fn resume_is_the_patients_when_a_suspension_has_lasted_the_delay() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            wait(RECOVERY_DELAY - 1);
            assert_noop!(
                PatientIdentity::resume(by_phone(), PATIENT),
                Refused::DelayNotElapsed
            );
            wait(1);
            assert_noop!(
                PatientIdentity::resume(by(account(STRANGER)), PATIENT),
                NOT_STAFF
            );
            assert_ok!(PatientIdentity::resume(by_phone(), PATIENT));
        });
}

#[test]
fn report_deceased_is_undone_at_once_when_the_patient_signs() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let report = |org| PatientIdentity::report_deceased(staff(org), PATIENT);
            assert_noop!(report(CLINIC), Refused::NotManagingOrg);
            assert_ok!(report(HOSPITAL));
            assert_eq!(
                stored(PATIENT).status,
                Status::Deceased { reported_at: START }
            );
            assert_noop!(report(HOSPITAL), Refused::NotActive);
            assert_ok!(PatientIdentity::resume(by_phone(), PATIENT));
            assert_eq!(stored(PATIENT).status, Status::Active);
        });
}

#[test]
fn resume_returns_to_registered_when_nobody_holds_a_key() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        assert_noop!(
            PatientIdentity::suspend(staff(HOSPITAL), PATIENT),
            Refused::NotActive
        );
        assert_ok!(PatientIdentity::report_deceased(staff(HOSPITAL), PATIENT));
        assert_ok!(PatientIdentity::resume(staff(HOSPITAL), PATIENT));
        assert_eq!(stored(PATIENT).status, Status::Registered);
    });
}

#[test]
fn erase_is_refused_when_held() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let place = |org| PatientIdentity::place_hold(staff(org), PATIENT, hash(1));
            let lift = |org| PatientIdentity::lift_hold(staff(org), PATIENT);
            assert_noop!(lift(HOSPITAL), Refused::NoHold);
            assert_noop!(place(CLINIC), Refused::NotManagingOrg);
            assert_ok!(place(HOSPITAL));
            assert_noop!(place(HOSPITAL), Refused::AlreadyHeld);
            assert_noop!(
                PatientIdentity::erase(by_phone(), PATIENT),
                Refused::LegalHold
            );
            assert_noop!(lift(CLINIC), Refused::NotManagingOrg);
            assert_ok!(lift(HOSPITAL));
            assert_ok!(PatientIdentity::erase(by_phone(), PATIENT));
        });
}

#[test]
fn erase_is_refused_when_others_were_merged_in() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                None
            ));
            assert_noop!(
                PatientIdentity::erase(by_phone(), PATIENT),
                Refused::HasMergedPatients
            );
            let by_org = PatientIdentity::erase(staff(HOSPITAL), DUPLICATE);
            assert_noop!(by_org, Refused::PowerMissing);
            assert_ok!(PatientIdentity::erase(by_phone(), DUPLICATE));
            assert_ok!(PatientIdentity::erase(by_phone(), PATIENT));
        });
}

#[test]
fn erase_is_the_patients_own_when_somebody_holds_a_key() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let lawyer = Agent::Account(account(LAWYER));
            appoint_guardian(by_phone(), PATIENT, lawyer, every_power());
            let erase = |origin| PatientIdentity::erase(origin, PATIENT);
            assert_noop!(erase(staff(HOSPITAL)), Refused::PowerMissing);
            assert_noop!(erase(by(account(LAWYER))), Refused::PowerMissing);
            assert_noop!(erase(by(account(STRANGER))), Refused::PowerMissing);
            assert_ok!(erase(by_phone()));
            assert_noop!(erase(by_phone()), Refused::IdRetired);
        });
}

#[test]
fn erase_is_the_managing_organisations_when_dead_for_the_delay() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::report_deceased(staff(HOSPITAL), PATIENT));
            let erase = |org| PatientIdentity::erase(staff(org), PATIENT);
            assert_noop!(erase(HOSPITAL), Refused::DelayNotElapsed);
            wait(RECOVERY_DELAY);
            assert_noop!(erase(CLINIC), Refused::NotManagingOrg);
            assert_ok!(erase(HOSPITAL));
        });
}

#[test]
fn erase_of_a_merged_patient_is_for_the_keys_it_is_known_by() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            let assent = assent(OLD_PHONE, DUPLICATE, PATIENT);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                assent
            ));
            let erase = |n| PatientIdentity::erase(by(account(n)), DUPLICATE);
            assert_noop!(erase(OLD_PHONE), Refused::PowerMissing);
            assert_ok!(erase(PHONE));
            assert!(!MergedInto::<Test>::contains_key(PATIENT));
        });
}

#[test]
fn erase_leaves_nothing_but_the_id() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            let (by_neighbour, token) = (by(account(NEIGHBOURS_PHONE)), hash(0x70));
            add_key(PHONE, PATIENT, TABLET, every_purpose(), None);
            let commitment = recovery_commitment(&hash(1), &account(PAPER));
            let prepared =
                PatientIdentity::set_recovery_commitment(by_phone(), PATIENT, commitment);
            assert_ok!(prepared);
            let lawyer = Agent::Account(account(LAWYER));
            appoint_guardian(by_phone(), PATIENT, lawyer.clone(), every_power());
            appoint_guardian(
                by_neighbour,
                NEIGHBOUR,
                Agent::Patient(PATIENT),
                every_power(),
            );
            assert_ok!(PatientIdentity::add_match_token(
                staff(HOSPITAL),
                PATIENT,
                token
            ));
            let kind = LinkKind::Refer;
            assert_ok!(PatientIdentity::link(
                staff(HOSPITAL),
                PATIENT,
                NEIGHBOUR,
                kind
            ));
            assert_ok!(PatientIdentity::link(
                staff(HOSPITAL),
                NEIGHBOUR,
                PATIENT,
                kind
            ));
            assert_ok!(PatientIdentity::offer_sponsorship(staff(PAYER), PATIENT));

            assert_ok!(PatientIdentity::erase(by_phone(), PATIENT));
            assert_told(Event::Erased { patient: PATIENT });
            assert!(ErasedPatients::<Test>::contains_key(PATIENT));
            assert!(!Patients::<Test>::contains_key(PATIENT));
            assert_eq!(Keys::<Test>::iter_prefix(PATIENT).count(), 0);
            assert!(!Recoveries::<Test>::contains_key(PATIENT));
            assert!(!Representatives::<Test>::contains_key(PATIENT));
            assert!(!Representatives::<Test>::contains_key(NEIGHBOUR));
            assert!(!RepresentedBy::<Test>::contains_key(lawyer));
            assert!(!TokensOf::<Test>::contains_key(PATIENT));
            assert!(!MatchTokens::<Test>::contains_key(HOSPITAL, token));
            assert_eq!(Links::<Test>::iter().count(), 0);
            register_with_key(CLINIC, DUPLICATE, PHONE);
        });
}
