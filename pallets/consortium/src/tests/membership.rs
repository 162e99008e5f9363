//! What other pallets are told.

use super::*;

#[test]
fn actor_names_the_organisation_the_site_and_the_duties_when_enrolled() {
    ExtBuilder::default().build_and_execute(|| {
        let actor = <Consortium as Membership>::actor(&PHARMACIST).unwrap();
        assert_eq!(actor.account, PHARMACIST);
        assert_eq!(actor.org, PHARMACY);
        assert_eq!(actor.site, Some(SHOP));
        assert_eq!(actor.duties, Duty::Pharmacist.into());
    });
}

#[test]
fn actor_is_refused_with_the_reason_when_not_enrolled_or_the_enrolment_has_run_out() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(actor(&STRANGER), Err(Error::<Test>::NotFound.into()));
        Now::set(NEXT_MONTH - 1);
        assert_eq!(actor(&CLINICIAN), Ok(HOSPITAL));
        Now::set(NEXT_MONTH);
        assert_eq!(actor(&CLINICIAN), Err(Error::<Test>::StaffExpired.into()));
        Now::set(NEXT_YEAR);
        assert_eq!(
            actor(&CLINICIAN),
            Err(Error::<Test>::MembershipExpired.into())
        );
    });
}

#[test]
fn ensure_member_passes_staff_when_role_and_duty_are_there() {
    ExtBuilder::default().build_and_execute(|| {
        let actor = ClinicianOrigin::ensure_staff(signed(CLINICIAN)).unwrap();
        assert_eq!((actor.account, actor.org), (CLINICIAN, HOSPITAL));
    });
}

#[test]
fn ensure_member_is_refused_when_the_role_or_the_duty_is_missing() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            ClinicianOrigin::ensure_staff(signed(PHARMACIST)),
            Error::<Test>::RoleMissing
        );
        assert_ok!(Consortium::change_duties(
            signed(HOSPITAL_ADMIN),
            CLINICIAN,
            Duty::Auditor.into(),
            None,
            NEXT_MONTH
        ));
        assert_noop!(
            ClinicianOrigin::ensure_staff(signed(CLINICIAN)),
            Error::<Test>::DutyMissing
        );
    });
}

#[test]
fn ensure_member_wants_one_of_each_set_when_several_would_do() {
    ExtBuilder::default().build_and_execute(|| {
        let roles = Codes::from([Role::Laboratory, Role::Payer]);
        assert_ok!(Consortium::change_roles(council(), HOSPITAL, roles));
        assert_ok!(Consortium::change_duties(
            signed(HOSPITAL_ADMIN),
            CLINICIAN,
            Codes::from([Duty::RecordsOfficer, Duty::ClaimsOfficer]),
            None,
            NEXT_MONTH
        ));
        assert_ok!(ClinicianOrigin::ensure_staff(signed(CLINICIAN)));
    });
}

#[test]
fn ensure_member_passes_any_staff_when_nothing_is_wanted() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(EmployeeOrigin::ensure_staff(signed(CLINICIAN)));
        assert_ok!(EmployeeOrigin::ensure_staff(signed(PHARMACIST)));
        assert_noop!(
            EmployeeOrigin::ensure_staff(signed(HOSPITAL_ADMIN)),
            Error::<Test>::NotFound
        );
    });
}

#[test]
fn ensure_member_is_refused_when_the_origin_is_not_signed() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                EmployeeOrigin::ensure_staff(origin),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn member_tells_how_an_organisation_stands() {
    ExtBuilder::default().build_and_execute(|| {
        let member = <Consortium as Membership>::member(HOSPITAL).unwrap();
        assert_eq!(member.roles, Role::Provider.into());
        assert_eq!(
            (member.jurisdiction, member.active, member.epoch),
            (HOME, true, 0)
        );
        assert!(<Consortium as Membership>::member(PAYER).is_none());

        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_eq!(<Consortium as Membership>::epoch(HOSPITAL), Some(1));
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert!(!<Consortium as Membership>::is_active(HOSPITAL));
        assert!(<Consortium as Membership>::has_role(
            HOSPITAL,
            Role::Provider
        ));
        Now::set(NEXT_YEAR);
        assert!(!<Consortium as Membership>::is_active(PHARMACY));
    });
}
