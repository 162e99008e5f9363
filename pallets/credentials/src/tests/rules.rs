//! The pure rules, by exhaustion where that is possible.

use crate::{
    rules::{grantable, prerequisite, Action, Objection},
    types::*,
};
use axonic_primitives::{credentials::Privilege, Code, Codes, Moment};
use proptest::prelude::*;

fn statuses() -> impl Strategy<Value = Status> {
    let reason = Reason::Disciplinary;
    prop_oneof![
        Just(Status::Active),
        (0u64..8, proptest::option::of(1u64..8)).prop_map(move |(from, length)| {
            Status::Suspended {
                from,
                until: length.map(|length| from + length),
                reason,
            }
        }),
        (0u64..8).prop_map(move |from| Status::Revoked { from, reason }),
        (0u64..8).prop_map(|from| Status::Surrendered { from }),
    ]
}

fn actions() -> impl Strategy<Value = Action> {
    let reason = Reason::Fraud;
    prop_oneof![
        proptest::option::of(0u64..16).prop_map(move |until| Action::Suspend { until, reason }),
        Just(Action::Reinstate),
        Just(Action::Renew),
        Just(Action::Revoke { reason }),
        Just(Action::Surrender),
    ]
}

fn is_final(status: Status) -> bool {
    matches!(status, Status::Revoked { .. } | Status::Surrendered { .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..Default::default() })]

    #[test]
    fn what_is_final_stays_and_what_changes_changes_now(
        status in statuses(),
        action in actions(),
        wait in 0u64..8,
    ) {
        // Nothing was decided in the future.
        let now: Moment = 8 + wait;
        match status.next(action, now) {
            Err(Objection::RevokedIsFinal) => prop_assert!(is_final(status)),
            Err(_) => prop_assert!(!is_final(status)),
            // What was given up may still be taken away, and ended when it was given up.
            Ok(next) if is_final(status) => {
                let given_up = match (status, action) {
                    (Status::Surrendered { from }, Action::Revoke { reason }) => {
                        Some(Status::Revoked { from, reason })
                    }
                    _ => None,
                };
                prop_assert_eq!(Some(next), given_up);
            }
            Ok(next) => {
                match next {
                    Status::Active => {
                        prop_assert!(matches!(action, Action::Renew | Action::Reinstate));
                    }
                    Status::Suspended { from, until, .. } => {
                        prop_assert_eq!(from, now);
                        prop_assert!(until.is_none_or(|until| now < until));
                    }
                    Status::Revoked { from, .. } | Status::Surrendered { from } => {
                        prop_assert_eq!(from, now);
                    }
                }
            }
        }
    }
}

#[test]
fn what_was_surrendered_is_revoked_from_then_and_nothing_else_happens_to_it() {
    let reason = Reason::Disciplinary;
    let surrendered = Status::Surrendered { from: 3 };
    let revoked = Status::Revoked { from: 3, reason };
    assert_eq!(surrendered.next(Action::Revoke { reason }, 5), Ok(revoked));
    let until = None;
    for action in [
        Action::Suspend { until, reason },
        Action::Reinstate,
        Action::Renew,
        Action::Surrender,
    ] {
        assert_eq!(surrendered.next(action, 5), Err(Objection::RevokedIsFinal));
        assert_eq!(revoked.next(action, 5), Err(Objection::RevokedIsFinal));
    }
}

#[test]
fn only_schedules_need_another_privilege() {
    for privilege in Privilege::ALL {
        let schedule = grantable(CredentialKind::ControlledSubstanceRegistration);
        let needed = schedule
            .contains(*privilege)
            .then_some(Privilege::Prescribe);
        assert_eq!(prerequisite(*privilege), needed, "{privilege:?}");
    }
}

#[test]
fn each_privilege_is_carried_by_the_kinds_that_the_readme_says() {
    let carriers = |privilege| -> Vec<CredentialKind> {
        CredentialKind::ALL
            .into_iter()
            .filter(|kind| grantable(*kind).contains(privilege))
            .collect()
    };
    use CredentialKind::*;
    for schedule in [
        Privilege::PrescribeScheduleII,
        Privilege::PrescribeScheduleIII,
        Privilege::PrescribeScheduleIV,
        Privilege::PrescribeScheduleV,
    ] {
        assert_eq!(carriers(schedule), [ControlledSubstanceRegistration]);
    }
    assert_eq!(
        carriers(Privilege::EmergencyAccess),
        [
            MedicalLicence,
            NursingLicence,
            EmergencyAccess,
            AdvancedPracticeLicence
        ]
    );
    assert_eq!(
        carriers(Privilege::Prescribe),
        [
            MedicalLicence,
            PharmacistLicence,
            DentalLicence,
            AdvancedPracticeLicence
        ]
    );
    assert_eq!(
        carriers(Privilege::Dispense),
        [MedicalLicence, PharmacistLicence]
    );
    assert_eq!(carriers(Privilege::Investigate), [TrialInvestigator]);
    let all: Codes<Privilege> = CredentialKind::ALL
        .into_iter()
        .map(grantable)
        .fold(Codes::empty(), Codes::union);
    assert_eq!(all, Codes::all());
    assert!(Privilege::ALL
        .iter()
        .all(|privilege| !grantable(WholesaleLicence).contains(*privilege)));
}
