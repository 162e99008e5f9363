//! Admission, standing and administrators.

use super::*;
use crate::{Admins, NextOrgId, Organisations, Staff};

#[test]
fn admit_makes_a_member_when_all_is_well() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(admit_payer());
        assert_eq!(
            Organisations::<Test>::get(PAYER),
            Some(Organisation {
                roles: Role::Payer.into(),
                status: OrgStatus::Active,
                jurisdiction: HOME,
                admin: PAYER_ADMIN,
                epoch: 0,
                admitted_at: TODAY,
                valid_until: NEXT_YEAR,
                charter_hash: CHARTER,
                staff_count: 0,
                site_count: 0,
                stored_staff: 0,
                sites_opened: 0,
            })
        );
        assert_eq!(Admins::<Test>::get(PAYER_ADMIN), Some(PAYER));
        assert_eq!(
            last_event(),
            Event::OrganisationAdmitted {
                org: PAYER,
                admin: PAYER_ADMIN,
                roles: Role::Payer.into(),
                jurisdiction: HOME,
                valid_until: NEXT_YEAR,
                charter_hash: CHARTER,
            }
        );
    });
}

#[test]
fn council_calls_are_refused_when_an_administrator_makes_them() {
    ExtBuilder::default().build_and_execute(|| {
        let by = || signed(HOSPITAL_ADMIN);
        let no = DispatchError::BadOrigin;
        let roles = Codes::from(Role::Payer);
        assert_noop!(
            Consortium::admit(by(), roles, HOME, STRANGER, NEXT_YEAR, CHARTER),
            no
        );
        assert_noop!(Consortium::renew(by(), HOSPITAL, NEXT_YEAR + DAY), no);
        assert_noop!(Consortium::change_roles(by(), HOSPITAL, roles), no);
        assert_noop!(Consortium::suspend(by(), PHARMACY), no);
        assert_noop!(Consortium::reinstate(by(), HOSPITAL), no);
        assert_noop!(Consortium::expel(by(), PHARMACY), no);
        assert_noop!(Consortium::release_gln(by(), Gln::numbered(2)), no);
    });
}

#[test]
fn admit_is_refused_when_a_role_is_unknown_or_there_is_none() {
    ExtBuilder::default().build_and_execute(|| {
        let admit = |roles| Consortium::admit(council(), roles, HOME, STRANGER, NEXT_YEAR, CHARTER);
        assert_noop!(
            admit(Codes::from_bits(UNKNOWN_BIT | 1)),
            Error::<Test>::UnknownRole
        );
        assert_noop!(admit(Codes::empty()), Error::<Test>::RolesEmpty);
    });
}

#[test]
fn admit_is_refused_when_the_jurisdiction_is_malformed() {
    ExtBuilder::default().build_and_execute(|| {
        for letters in [*b"us", *b"U1", *b"U ", [0; 2]] {
            assert_noop!(
                Consortium::admit(
                    council(),
                    Role::Payer.into(),
                    Jurisdiction(letters),
                    STRANGER,
                    NEXT_YEAR,
                    CHARTER
                ),
                Error::<Test>::InvalidJurisdiction
            );
        }
    });
}

#[test]
fn admit_is_refused_when_the_end_is_not_in_the_future() {
    ExtBuilder::default().build_and_execute(|| {
        let admit = |until| {
            Consortium::admit(
                council(),
                Role::Payer.into(),
                HOME,
                STRANGER,
                until,
                CHARTER,
            )
        };
        assert_noop!(admit(TODAY), Error::<Test>::InvalidPeriod);
        assert_ok!(admit(TODAY + 1));
    });
}

#[test]
fn admit_is_refused_when_the_administrator_has_another_organisation() {
    ExtBuilder::default().build_and_execute(|| {
        let admit = |admin| {
            Consortium::admit(
                council(),
                Role::Payer.into(),
                HOME,
                admin,
                NEXT_YEAR,
                CHARTER,
            )
        };
        assert_noop!(admit(HOSPITAL_ADMIN), Error::<Test>::AlreadyMember);
        assert_noop!(admit(CLINICIAN), Error::<Test>::AccountInUse);
    });
}

#[test]
fn admit_frees_the_administrator_when_its_enrolment_elsewhere_has_run_out() {
    ExtBuilder::default().build_and_execute(|| {
        Now::set(NEXT_MONTH);
        assert_ok!(Consortium::admit(
            council(),
            Role::Payer.into(),
            HOME,
            CLINICIAN,
            NEXT_YEAR,
            CHARTER
        ));
        assert!(!Staff::<Test>::contains_key(CLINICIAN));
        assert_eq!(staff_count(HOSPITAL), 0);
    });
}

#[test]
fn admit_is_refused_when_the_numbers_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        NextOrgId::<Test>::put(OrgId(u32::MAX));
        assert_noop!(admit_payer(), ArithmeticError::Overflow);
    });
}

#[test]
fn renew_lets_staff_act_again_when_the_membership_had_run_out() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::change_duties(
            signed(HOSPITAL_ADMIN),
            CLINICIAN,
            Duty::Clinician.into(),
            None,
            Moment::MAX
        ));
        Now::set(NEXT_YEAR);
        assert_eq!(standing(HOSPITAL), Standing::Expired);
        assert_eq!(
            actor(&CLINICIAN),
            Err(Error::<Test>::MembershipExpired.into())
        );

        assert_ok!(Consortium::renew(council(), HOSPITAL, NEXT_YEAR + DAY));
        let renewed = Event::MembershipRenewed {
            org: HOSPITAL,
            valid_until: NEXT_YEAR + DAY,
        };
        assert_eq!(last_event(), renewed);
        assert_eq!(actor(&CLINICIAN), Ok(HOSPITAL));
    });
}

#[test]
fn renew_is_refused_when_the_organisation_is_unknown_or_the_end_is_not_in_the_future() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Consortium::renew(council(), PAYER, NEXT_YEAR),
            Error::<Test>::NotFound
        );
        assert_noop!(
            Consortium::renew(council(), HOSPITAL, TODAY),
            Error::<Test>::InvalidPeriod
        );
    });
}

#[test]
fn renew_leaves_a_suspension_when_there_is_one() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_ok!(Consortium::renew(council(), HOSPITAL, NEXT_YEAR + DAY));
        assert_eq!(standing(HOSPITAL), Standing::Suspended);
    });
}

#[test]
fn change_roles_replaces_all_roles_when_they_are_known() {
    ExtBuilder::default().build_and_execute(|| {
        let roles = Codes::from([Role::Payer, Role::ResearchInstitute]);
        assert_ok!(Consortium::change_roles(council(), HOSPITAL, roles));
        assert_eq!(
            last_event(),
            Event::RolesChanged {
                org: HOSPITAL,
                roles
            }
        );
        assert!(<Consortium as Membership>::has_role(HOSPITAL, Role::Payer));
        assert!(!<Consortium as Membership>::has_role(
            HOSPITAL,
            Role::Provider
        ));
    });
}

#[test]
fn change_roles_is_refused_when_a_role_is_unknown_or_there_is_none() {
    ExtBuilder::default().build_and_execute(|| {
        let change = |roles| Consortium::change_roles(council(), HOSPITAL, roles);
        assert_noop!(
            change(Codes::from_bits(UNKNOWN_BIT)),
            Error::<Test>::UnknownRole
        );
        assert_noop!(change(Codes::empty()), Error::<Test>::RolesEmpty);
    });
}

#[test]
fn suspend_stops_everybody_at_once_and_reinstate_lets_them_act_again() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_eq!(last_event(), Event::OrganisationSuspended { org: HOSPITAL });
        assert_eq!(actor(&CLINICIAN), Err(Error::<Test>::NotActive.into()));
        assert_eq!(actor(&PHARMACIST), Ok(PHARMACY));
        assert_noop!(
            Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)),
            Error::<Test>::NotActive
        );

        assert_ok!(Consortium::reinstate(council(), HOSPITAL));
        assert_eq!(
            last_event(),
            Event::OrganisationReinstated { org: HOSPITAL }
        );
        assert_eq!(actor(&CLINICIAN), Ok(HOSPITAL));
    });
}

#[test]
fn suspend_is_refused_when_suspended_and_reinstate_when_not() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Consortium::reinstate(council(), HOSPITAL),
            Error::<Test>::NotSuspended
        );
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_noop!(
            Consortium::suspend(council(), HOSPITAL),
            Error::<Test>::NotActive
        );
    });
}

#[test]
fn staff_are_nobody_in_the_very_next_call_when_their_organisation_is_expelled() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(ClinicianOrigin::ensure_staff(signed(CLINICIAN)));
        assert_ok!(Consortium::expel(council(), HOSPITAL));
        assert_noop!(
            ClinicianOrigin::ensure_staff(signed(CLINICIAN)),
            Error::<Test>::NotActive
        );
        assert_eq!(
            last_event(),
            Event::OrganisationExpelled {
                org: HOSPITAL,
                epoch: 1
            }
        );
        assert_eq!(
            Consortium::staff(CLINICIAN).unwrap().state,
            Enrolment::Revoked
        );
        assert_eq!(standing(HOSPITAL), Standing::Expelled);
        assert_eq!(staff_count(HOSPITAL), 0);
    });
}

#[test]
fn expel_changes_two_entries_when_one_or_many_are_enrolled() {
    for count in [0, MAX_STAFF - 1] {
        ExtBuilder::default().build_and_execute(|| {
            (0..count).for_each(|number| enrol(person(number as u8)));
            let changed = entries_changed_by(|| {
                assert_ok!(Consortium::expel(council(), HOSPITAL));
            });
            // The organisation and its administrator.
            assert_eq!(changed, 2);
        });
    }
}

#[test]
fn everything_is_refused_when_the_organisation_was_expelled() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_ok!(Consortium::expel(council(), HOSPITAL));
        let fin = DispatchError::from(Error::<Test>::ExpelledIsFinal);
        assert_noop!(Consortium::reinstate(council(), HOSPITAL), fin);
        assert_noop!(Consortium::suspend(council(), HOSPITAL), fin);
        assert_noop!(Consortium::expel(council(), HOSPITAL), fin);
        assert_noop!(Consortium::renew(council(), HOSPITAL, NEXT_YEAR + DAY), fin);
        assert_noop!(
            Consortium::change_roles(council(), HOSPITAL, Role::Payer.into()),
            fin
        );
        assert_noop!(Consortium::set_admin(council(), HOSPITAL, STRANGER), fin);
        assert_noop!(
            Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)),
            Error::<Test>::NotAdmin
        );
    });
}

#[test]
fn accounts_are_free_for_others_when_their_organisation_was_expelled() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::expel(council(), HOSPITAL));
        assert_ok!(Consortium::set_admin(council(), PHARMACY, HOSPITAL_ADMIN));
        assert_ok!(Consortium::enrol_staff(
            signed(HOSPITAL_ADMIN),
            CLINICIAN,
            Duty::Auditor.into(),
            None,
            NEXT_MONTH
        ));
        assert_eq!(actor(&CLINICIAN), Ok(PHARMACY));
    });
}

#[test]
fn set_admin_hands_over_when_the_administrator_or_the_council_asks() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::set_admin(
            signed(HOSPITAL_ADMIN),
            HOSPITAL,
            STRANGER
        ));
        assert_eq!(
            last_event(),
            Event::AdminChanged {
                org: HOSPITAL,
                admin: STRANGER
            }
        );
        assert_noop!(
            Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)),
            Error::<Test>::NotAdmin
        );
        assert_ok!(Consortium::dismiss_all_staff(signed(STRANGER)));

        assert_ok!(Consortium::set_admin(council(), HOSPITAL, HOSPITAL_ADMIN));
        assert_eq!(Admins::<Test>::get(STRANGER), None);
    });
}

#[test]
fn set_admin_is_for_the_council_alone_when_the_organisation_is_suspended() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_noop!(
            Consortium::set_admin(signed(HOSPITAL_ADMIN), HOSPITAL, STRANGER),
            Error::<Test>::NotActive
        );
        assert_ok!(Consortium::set_admin(council(), HOSPITAL, STRANGER));
    });
}

#[test]
fn set_admin_is_refused_when_the_caller_administers_another() {
    ExtBuilder::default().build_and_execute(|| {
        for caller in [PHARMACY_ADMIN, CLINICIAN, STRANGER] {
            assert_noop!(
                Consortium::set_admin(signed(caller.clone()), HOSPITAL, caller),
                Error::<Test>::NotAdmin
            );
        }
        assert_noop!(
            Consortium::set_admin(council(), PAYER, STRANGER),
            Error::<Test>::NotFound
        );
    });
}

#[test]
fn set_admin_is_refused_when_the_account_is_taken() {
    ExtBuilder::default().build_and_execute(|| {
        for taken in [HOSPITAL_ADMIN, PHARMACY_ADMIN, PHARMACIST] {
            assert_noop!(
                Consortium::set_admin(council(), HOSPITAL, taken),
                Error::<Test>::AccountInUse
            );
        }
    });
}

#[test]
fn set_admin_keeps_the_enrolment_when_it_is_in_the_same_organisation() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::set_admin(
            signed(HOSPITAL_ADMIN),
            HOSPITAL,
            CLINICIAN
        ));
        assert_eq!(actor(&CLINICIAN), Ok(HOSPITAL));
        assert_eq!(staff_count(HOSPITAL), 1);
    });
}

#[test]
fn set_admin_frees_the_account_when_its_enrolment_elsewhere_has_lapsed() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::dismiss_all_staff(signed(PHARMACY_ADMIN)));
        assert_ok!(Consortium::set_admin(council(), HOSPITAL, PHARMACIST));
        assert!(!Staff::<Test>::contains_key(PHARMACIST));
        assert_eq!(staff_count(PHARMACY), 0);
    });
}

#[test]
fn an_administrator_is_nobody_when_not_enrolled() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(actor(&HOSPITAL_ADMIN), Err(Error::<Test>::NotFound.into()));
        enrol(HOSPITAL_ADMIN);
        assert_eq!(actor(&HOSPITAL_ADMIN), Ok(HOSPITAL));
    });
}
