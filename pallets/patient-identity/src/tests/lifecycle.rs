use super::*;
use crate::{
    recovery_commitment, Agent, Agreement, ErasedPatients, Keys, LinkKind, Links, MatchTokens,
    MergedInto, Recoveries, Representatives, RepresentedBy, Status, TokensOf,
};
use frame_support::hypothetically;

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
            assert_eq!(stored(PATIENT).resumed_at, Some(START));
            assert_told(Event::Resumed { patient: PATIENT });
        });
}

#[test]
fn suspend_is_refused_when_the_patient_was_resumed_within_the_delay() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let suspend = || PatientIdentity::suspend(staff(HOSPITAL), PATIENT);
            assert_ok!(suspend());
            wait(RECOVERY_DELAY);
            assert_ok!(PatientIdentity::resume(by_phone(), PATIENT));
            assert_noop!(suspend(), Refused::RecentlyResumed);
            wait(RECOVERY_DELAY - 1);
            assert_noop!(suspend(), Refused::RecentlyResumed);
            wait(1);
            assert_ok!(suspend());

            // Lifting it itself, the organisation does not start the patient's delay anew either.
            wait(RECOVERY_DELAY - 1);
            assert_ok!(PatientIdentity::resume(staff(HOSPITAL), PATIENT));
            assert_noop!(suspend(), Refused::RecentlyResumed);

            // Nor does reporting a death.
            wait(RECOVERY_DELAY);
            assert_ok!(suspend());
            assert_ok!(PatientIdentity::report_deceased(staff(HOSPITAL), PATIENT));
            assert_ok!(PatientIdentity::resume(staff(HOSPITAL), PATIENT));
            assert_noop!(suspend(), Refused::RecentlyResumed);
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
fn erase_is_refused_when_a_patient_it_is_known_as_is_held() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            for n in [10, 11] {
                register(HOSPITAL, id(n));
            }
            let merge = |from, into, acceptance| {
                PatientIdentity::merge(staff(HOSPITAL), from, into, None, acceptance)
            };
            let place = |patient| PatientIdentity::place_hold(staff(HOSPITAL), patient, hash(1));
            let lift = |patient| PatientIdentity::lift_hold(staff(HOSPITAL), patient);
            assert_ok!(merge(id(10), id(11), None));
            assert_ok!(merge(id(11), PATIENT, acceptance(PHONE, id(11), PATIENT)));
            for held in [PATIENT, id(11), id(10)] {
                assert_ok!(place(held));
                assert_noop!(
                    PatientIdentity::erase(by_phone(), id(10)),
                    Refused::LegalHold
                );
                assert_ok!(lift(held));
            }
            assert_ok!(PatientIdentity::erase(by_phone(), id(10)));
        });
}

#[test]
fn erase_is_refused_when_suspended() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_noop!(
                PatientIdentity::erase(by_phone(), PATIENT),
                Refused::NotActive
            );
            assert_ok!(PatientIdentity::resume(staff(HOSPITAL), PATIENT));
            assert_ok!(PatientIdentity::erase(by_phone(), PATIENT));
        });
}

#[test]
fn erase_is_refused_when_a_recovery_waits() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            let salt = hash(0x5a);
            let commitment = recovery_commitment(&salt, &account(PAPER));
            let prepared =
                PatientIdentity::set_recovery_commitment(by_phone(), PATIENT, commitment);
            assert_ok!(prepared);
            let proof = proof(PAPER, PATIENT, Agreement::Recover { org: CLINIC });
            assert_ok!(PatientIdentity::request_recovery(
                staff(CLINIC),
                PATIENT,
                account(PAPER),
                Some(salt),
                proof
            ));
            let erase = |n| PatientIdentity::erase(by(account(n)), PATIENT);
            assert_noop!(erase(PHONE), Refused::RecoveryPending);

            // Nor after whoever has the phone moved the patient under other keys.
            let moved = hypothetically!({
                assert_ok!(PatientIdentity::merge(
                    staff(HOSPITAL),
                    PATIENT,
                    DUPLICATE,
                    assent(PHONE, PATIENT, DUPLICATE),
                    acceptance(OLD_PHONE, PATIENT, DUPLICATE)
                ));
                erase(OLD_PHONE)
            });
            assert_eq!(moved, Err(Refused::RecoveryPending.into()));

            assert_ok!(PatientIdentity::veto_recovery(by_phone(), PATIENT));
            assert_ok!(erase(PHONE));
        });
}

#[test]
fn erase_of_an_unclaimed_patient_is_refused_when_somebody_represents_it() {
    ExtBuilder::default()
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, CHILD);
            register(HOSPITAL, DUPLICATE);
            assert_ok!(PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                CHILD,
                None,
                None
            ));
            let parent = Agent::Patient(NEIGHBOUR);
            appoint_guardian(staff(HOSPITAL), CHILD, parent.clone(), every_power());
            let erase = |patient| PatientIdentity::erase(staff(HOSPITAL), patient);
            assert_noop!(erase(CHILD), Refused::Represented);
            assert_noop!(erase(DUPLICATE), Refused::Represented);
            assert_ok!(PatientIdentity::revoke_representative(
                staff(HOSPITAL),
                CHILD,
                parent
            ));
            assert_ok!(erase(DUPLICATE));
            assert_ok!(erase(CHILD));
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
                None,
                acceptance(PHONE, DUPLICATE, PATIENT)
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
                assent,
                acceptance(PHONE, DUPLICATE, PATIENT)
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
