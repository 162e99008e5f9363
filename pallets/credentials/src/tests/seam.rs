//! What other pallets are told: who is licensed, and of several credentials what the closest lacks.

use crate::{mock::*, types::*, Pallet};
use axonic_primitives::{
    credentials::{CredentialDenial, Credentials, Privilege},
    CredentialId,
};
use frame_support::assert_ok;

fn asks(privilege: Privilege) -> Result<CredentialId, CredentialDenial> {
    Registry::has(&DOCTOR, privilege, HOME, Now::get())
}

#[test]
fn has_tells_what_is_missing() {
    build_and_execute(|| {
        let denied = CredentialDenial::NotCredentialed;
        assert_eq!(asks(Privilege::Prescribe), Err(denied));
        let id = licensed();
        assert_eq!(asks(Privilege::Prescribe), Ok(id));
        assert_eq!(asks(Privilege::EmergencyAccess), Ok(id));
        let denied = CredentialDenial::PrivilegeMissing;
        assert_eq!(asks(Privilege::PrescribeScheduleII), Err(denied));
        let denied = CredentialDenial::JurisdictionMismatch;
        let abroad = Registry::has(&DOCTOR, Privilege::Prescribe, ABROAD, START);
        assert_eq!(abroad, Err(denied));
        let registered = issued(INSPECTOR, DOCTOR, registration());
        assert_eq!(asks(Privilege::PrescribeScheduleII), Ok(registered));
    });
}

#[test]
fn has_lets_nobody_prescribe_schedules_who_may_not_prescribe() {
    build_and_execute(|| {
        let schedule = Privilege::PrescribeScheduleII;
        let registered = issued(INSPECTOR, DOCTOR, registration());
        let denied = Err(CredentialDenial::PrivilegeMissing);
        assert_eq!(asks(schedule), denied, "registered, but not licensed");
        let licence = licensed();
        assert_eq!(asks(schedule), Ok(registered));
        let explain = || Pallet::<Test>::explain(DOCTOR, schedule, HOME, None);
        let needed = |answer| {
            let privilege = Privilege::Prescribe;
            Some(Prerequisite { privilege, answer })
        };
        let credential = licence;
        let licensed_to = Answer::Licensed { credential };
        assert_eq!(explain().prerequisite, needed(licensed_to));

        assert_ok!(suspend(licence, None));
        assert_eq!(asks(schedule), Err(CredentialDenial::Suspended));
        assert_ok!(revoke(licence));
        let reason = CredentialDenial::Revoked;
        assert_eq!(asks(schedule), Err(reason));
        let told = explain();
        assert_eq!(told.answer, Answer::Denied { reason });
        assert_eq!(told.prerequisite, needed(Answer::Denied { reason }));
        // The registration itself is as good as ever.
        assert_eq!(told.steps[0].denial, None);
        // A licence for elsewhere is none here.
        assert_ok!(accredit(BOARD, MEDICAL, ABROAD));
        let abroad = Terms {
            jurisdiction: ABROAD,
            ..medical_licence()
        };
        issued(REGISTRAR, DOCTOR, abroad);
        assert!(asks(schedule).is_err());
        licensed();
        assert_eq!(asks(schedule), Ok(registered));
        let told = Pallet::<Test>::explain(DOCTOR, Privilege::Prescribe, HOME, None);
        assert_eq!(told.prerequisite, None);
    });
}

#[test]
fn has_answers_for_the_future_as_things_stand() {
    build_and_execute(|| {
        let later = Terms {
            valid_from: START + DAY,
            ..medical_licence()
        };
        let id = issued(REGISTRAR, DOCTOR, later);
        assert_eq!(prescribes(START), Err(CredentialDenial::NotYetValid));
        assert_eq!(prescribes(START + DAY), Ok(id));
        let end = later.valid_until;
        assert_eq!(prescribes(end - 1), Ok(id));
        assert_eq!(prescribes(end), Err(CredentialDenial::Expired));
    });
}

#[test]
fn has_counts_nobody_licensed_by_what_is_over_and_lacks_the_privilege() {
    build_and_execute(|| {
        let id = licensed();
        assert_ok!(revoke(id));
        let denied = Err(CredentialDenial::NotCredentialed);
        assert_eq!(asks(Privilege::Dispense), denied);
        assert_eq!(asks(Privilege::Prescribe), Err(CredentialDenial::Revoked));
    });
}

#[test]
fn has_gives_the_reason_of_the_closest() {
    build_and_execute(|| {
        let revoked = licensed();
        assert_ok!(revoke(revoked));
        assert_eq!(asks(Privilege::Prescribe), Err(CredentialDenial::Revoked));
        assert_ok!(accredit(BOARD, MEDICAL, ABROAD));
        let abroad = Terms {
            jurisdiction: ABROAD,
            ..medical_licence()
        };
        issued(REGISTRAR, DOCTOR, abroad);
        assert_eq!(asks(Privilege::Prescribe), Err(CredentialDenial::Revoked));
        let suspended = licensed();
        assert_ok!(suspend(suspended, None));
        assert_eq!(asks(Privilege::Prescribe), Err(CredentialDenial::Suspended));

        let told = Pallet::<Test>::explain(DOCTOR, Privilege::Prescribe, HOME, None);
        let denials: Vec<_> = told.steps.iter().map(|step| step.denial).collect();
        assert_eq!(
            denials,
            [
                Some(CredentialDenial::Revoked),
                Some(CredentialDenial::JurisdictionMismatch),
                Some(CredentialDenial::Suspended),
            ]
        );
        let reason = CredentialDenial::Suspended;
        assert_eq!(told.answer, Answer::Denied { reason });
        assert_eq!(told.at, START);
    });
}
