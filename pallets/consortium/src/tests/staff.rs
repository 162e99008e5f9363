//! Enrolment, its terms and its ends.

use super::*;
use crate::{Organisations, Staff, StaffMember, STORED_STAFF_PER_PLACE};

/// Enrols in the pharmacy, with terms nobody objects to.
fn enrol_in_pharmacy(account: AccountId) -> Result<(), DispatchError> {
    Consortium::enrol_staff(
        signed(PHARMACY_ADMIN),
        account,
        Duty::Pharmacist.into(),
        None,
        NEXT_YEAR,
    )
}

#[test]
fn enrol_staff_lets_the_account_act_when_all_is_well() {
    ExtBuilder::default().build_and_execute(|| {
        let duties = Codes::from([Duty::Registrar, Duty::RecordsOfficer]);
        let site = Some(WARD);
        assert_ok!(Consortium::enrol_staff(
            signed(HOSPITAL_ADMIN),
            STRANGER,
            duties,
            site,
            NEXT_YEAR
        ));
        assert_eq!(
            Staff::<Test>::get(STRANGER),
            Some(StaffMember {
                org: HOSPITAL,
                duties,
                site,
                valid_until: NEXT_YEAR,
                org_epoch: 0
            })
        );
        let enrolled = Event::StaffEnrolled {
            org: HOSPITAL,
            account: STRANGER,
            duties,
            site,
            valid_until: NEXT_YEAR,
        };
        assert_eq!(last_event(), enrolled);
        assert_eq!(staff_count(HOSPITAL), 2);
        assert_eq!(actor(&STRANGER), Ok(HOSPITAL));
    });
}

#[test]
fn enrol_staff_is_refused_when_the_caller_is_no_administrator() {
    ExtBuilder::default().build_and_execute(|| {
        for caller in [CLINICIAN, STRANGER] {
            assert_noop!(
                Consortium::enrol_staff(
                    signed(caller),
                    person(0),
                    Duty::Auditor.into(),
                    None,
                    NEXT_YEAR
                ),
                Error::<Test>::NotAdmin
            );
        }
    });
}

#[test]
fn terms_are_refused_when_they_make_no_sense() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::open_site(
            signed(HOSPITAL_ADMIN),
            Gln::numbered(10),
            SiteKind::Clinic
        ));
        let closed = SiteId(2);
        assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), closed));

        let duty = Codes::from(Duty::Registrar);
        let unknown = Codes::from_bits(UNKNOWN_BIT | 1);
        for (duties, site, until, error) in [
            (unknown, None, NEXT_YEAR, Error::<Test>::UnknownDuty),
            (Codes::empty(), None, NEXT_YEAR, Error::<Test>::DutiesEmpty),
            (duty, None, TODAY, Error::<Test>::InvalidPeriod),
            (duty, Some(SiteId(99)), NEXT_YEAR, Error::<Test>::NotFound),
            (duty, Some(SHOP), NEXT_YEAR, Error::<Test>::NotAdmin),
            (duty, Some(closed), NEXT_YEAR, Error::<Test>::SiteClosed),
        ] {
            let error = DispatchError::from(error);
            let by = || signed(HOSPITAL_ADMIN);
            assert_noop!(
                Consortium::enrol_staff(by(), STRANGER, duties, site, until),
                error
            );
            assert_noop!(
                Consortium::change_duties(by(), CLINICIAN, duties, site, until),
                error
            );
        }
    });
}

#[test]
fn enrol_staff_is_refused_when_the_account_is_taken() {
    ExtBuilder::default().build_and_execute(|| {
        for taken in [PHARMACIST, CLINICIAN, HOSPITAL_ADMIN] {
            assert_noop!(enrol_in_pharmacy(taken), Error::<Test>::AccountInUse);
        }
    });
}

#[test]
fn enrol_staff_is_refused_when_the_account_may_come_back_with_a_suspended_organisation() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_noop!(enrol_in_pharmacy(CLINICIAN), Error::<Test>::AccountInUse);
        // The account may leave, though its organisation can do nothing.
        assert_ok!(Consortium::dismiss_staff(signed(CLINICIAN), CLINICIAN));
        assert_ok!(enrol_in_pharmacy(CLINICIAN));
    });
}

#[test]
fn enrol_staff_takes_the_account_over_when_its_enrolment_elsewhere_has_run_out() {
    ExtBuilder::default().build_and_execute(|| {
        Now::set(NEXT_MONTH - 1);
        assert_noop!(enrol_in_pharmacy(CLINICIAN), Error::<Test>::AccountInUse);
        Now::set(NEXT_MONTH);
        assert_ok!(enrol_in_pharmacy(CLINICIAN));
        assert_eq!(actor(&CLINICIAN), Ok(PHARMACY));
        assert_eq!((staff_count(HOSPITAL), staff_count(PHARMACY)), (0, 2));
        assert_eq!((stored_staff(HOSPITAL), stored_staff(PHARMACY)), (0, 2));
    });
}

#[test]
fn enrol_staff_takes_the_account_over_when_its_enrolment_elsewhere_was_revoked() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_eq!((staff_count(HOSPITAL), stored_staff(HOSPITAL)), (0, 1));
        assert_ok!(enrol_in_pharmacy(CLINICIAN));
        assert_eq!(actor(&CLINICIAN), Ok(PHARMACY));
        assert_eq!((staff_count(HOSPITAL), staff_count(PHARMACY)), (0, 2));
        assert_eq!((stored_staff(HOSPITAL), stored_staff(PHARMACY)), (0, 2));
    });
}

#[test]
fn enrol_staff_keeps_one_place_when_the_account_had_an_expired_one_in_a_full_organisation() {
    ExtBuilder::default().build_and_execute(|| {
        (1..MAX_STAFF).for_each(|number| enrol(person(number as u8)));
        assert_eq!(staff_count(HOSPITAL), MAX_STAFF);
        Now::set(NEXT_MONTH);
        let again = |account| {
            Consortium::enrol_staff(
                signed(HOSPITAL_ADMIN),
                account,
                Duty::Clinician.into(),
                None,
                NEXT_YEAR,
            )
        };
        assert_ok!(again(CLINICIAN));
        assert_eq!(staff_count(HOSPITAL), MAX_STAFF);
        assert_noop!(again(STRANGER), Error::<Test>::MaxStaffExceeded);
    });
}

#[test]
fn enrol_staff_is_refused_when_there_are_as_many_as_there_may_be() {
    ExtBuilder::default().build_and_execute(|| {
        (1..MAX_STAFF).for_each(|number| enrol(person(number as u8)));
        let enrol_stranger = || {
            Consortium::enrol_staff(
                signed(HOSPITAL_ADMIN),
                STRANGER,
                Duty::Auditor.into(),
                None,
                NEXT_YEAR,
            )
        };
        assert_noop!(enrol_stranger(), Error::<Test>::MaxStaffExceeded);
        assert_ok!(Consortium::dismiss_staff(signed(HOSPITAL_ADMIN), CLINICIAN));
        assert_ok!(enrol_stranger());
    });
}

#[test]
fn change_duties_replaces_all_terms_when_the_enrolment_is_in_force() {
    ExtBuilder::default().build_and_execute(|| {
        let duties = Codes::from(Duty::PrivacyOfficer);
        assert_ok!(Consortium::change_duties(
            signed(HOSPITAL_ADMIN),
            CLINICIAN,
            duties,
            Some(WARD),
            NEXT_YEAR
        ));
        let changed = Event::DutiesChanged {
            org: HOSPITAL,
            account: CLINICIAN,
            duties,
            site: Some(WARD),
            valid_until: NEXT_YEAR,
        };
        assert_eq!(last_event(), changed);
        let actor = <Consortium as Membership>::actor(&CLINICIAN).unwrap();
        assert_eq!((actor.duties, actor.site), (duties, Some(WARD)));
        assert_eq!(staff_count(HOSPITAL), 1);
    });
}

#[test]
fn change_duties_is_refused_when_there_is_no_enrolment_in_force_of_the_callers() {
    ExtBuilder::default().build_and_execute(|| {
        let change = |account| {
            Consortium::change_duties(
                signed(HOSPITAL_ADMIN),
                account,
                Duty::Auditor.into(),
                None,
                NEXT_YEAR,
            )
        };
        assert_noop!(change(STRANGER), Error::<Test>::NotFound);
        assert_noop!(change(PHARMACIST), Error::<Test>::NotAdmin);
        Now::set(NEXT_MONTH);
        assert_noop!(change(CLINICIAN), Error::<Test>::StaffExpired);
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_noop!(change(CLINICIAN), Error::<Test>::EpochStale);
    });
}

#[test]
fn dismiss_staff_ends_the_enrolment_when_the_administrator_or_the_account_asks() {
    for caller in [HOSPITAL_ADMIN, CLINICIAN] {
        ExtBuilder::default().build_and_execute(|| {
            assert_ok!(Consortium::dismiss_staff(signed(caller), CLINICIAN));
            let dismissed = Event::StaffDismissed {
                org: HOSPITAL,
                account: CLINICIAN,
            };
            assert_eq!(last_event(), dismissed);
            assert_eq!(actor(&CLINICIAN), Err(Error::<Test>::NotFound.into()));
            assert_eq!(staff_count(HOSPITAL), 0);
        });
    }
}

#[test]
fn dismiss_staff_is_refused_when_the_caller_is_somebody_else() {
    ExtBuilder::default().build_and_execute(|| {
        for caller in [PHARMACY_ADMIN, PHARMACIST, STRANGER] {
            assert_noop!(
                Consortium::dismiss_staff(signed(caller), CLINICIAN),
                Error::<Test>::NotAdmin
            );
        }
        let unknown = Consortium::dismiss_staff(signed(HOSPITAL_ADMIN), STRANGER);
        assert_noop!(unknown, Error::<Test>::NotFound);
    });
}

#[test]
fn dismiss_staff_removes_a_revoked_enrolment_when_it_is_not_counted_any_more() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        enrol(STRANGER);
        assert_ok!(Consortium::dismiss_staff(signed(HOSPITAL_ADMIN), CLINICIAN));
        assert!(!Staff::<Test>::contains_key(CLINICIAN));
        assert_eq!((staff_count(HOSPITAL), stored_staff(HOSPITAL)), (1, 1));
    });
}

#[test]
fn dismiss_all_staff_revokes_every_enrolment_and_each_may_be_enrolled_again() {
    ExtBuilder::default().build_and_execute(|| {
        enrol(STRANGER);
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_eq!(
            last_event(),
            Event::AllStaffDismissed {
                org: HOSPITAL,
                epoch: 1
            }
        );
        assert_eq!(staff_count(HOSPITAL), 0);
        for account in [CLINICIAN, STRANGER] {
            assert_eq!(actor(&account), Err(Error::<Test>::EpochStale.into()));
        }
        assert_eq!(actor(&PHARMACIST), Ok(PHARMACY));

        enrol(CLINICIAN);
        assert_eq!(actor(&CLINICIAN), Ok(HOSPITAL));
        assert_eq!((staff_count(HOSPITAL), stored_staff(HOSPITAL)), (1, 2));
    });
}

#[test]
fn dismiss_all_staff_changes_one_entry_when_one_or_many_are_enrolled() {
    for others in [0, MAX_STAFF - 1] {
        ExtBuilder::default().build_and_execute(|| {
            (0..others).for_each(|number| enrol(person(number as u8)));
            let changed = entries_changed_by(|| {
                assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
            });
            assert_eq!(changed, 1);
        });
    }
}

#[test]
fn enrol_staff_stores_a_bounded_number_when_all_are_dismissed_again_and_again() {
    ExtBuilder::default().build_and_execute(|| {
        let max_stored = MAX_STAFF * STORED_STAFF_PER_PLACE;
        let by = || signed(HOSPITAL_ADMIN);
        let enrol = |account| {
            let duties = Duty::Clinician.into();
            Consortium::enrol_staff(by(), account, duties, None, NEXT_MONTH)
        };
        let mut fresh = (0..100).map(person);
        for _ in 0..10 {
            for account in fresh.by_ref().take(MAX_STAFF as usize) {
                let _ = enrol(account);
            }
            assert_ok!(Consortium::dismiss_all_staff(by()));
        }
        assert_eq!(stored_staff(HOSPITAL), max_stored);
        // The pharmacist is the one who is stored elsewhere.
        assert_eq!(Staff::<Test>::iter().count() as u32, max_stored + 1);
        assert_noop!(enrol(STRANGER), Error::<Test>::MaxStaffExceeded);

        // Somebody whose enrolment is stored already needs no room.
        assert_ok!(enrol(CLINICIAN));
        assert_eq!(stored_staff(HOSPITAL), max_stored);
        assert_ok!(Consortium::prune_staff(signed(STRANGER), person(0)));
        assert_ok!(enrol(STRANGER));
        assert_eq!(stored_staff(HOSPITAL), max_stored);
    });
}

#[test]
fn prune_staff_removes_a_revoked_enrolment_when_anybody_asks() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        let changed = entries_changed_by(|| {
            assert_ok!(Consortium::prune_staff(signed(STRANGER), CLINICIAN));
        });
        // The enrolment and the organisation.
        assert_eq!(changed, 2);
        let pruned = Event::StaffPruned {
            org: HOSPITAL,
            account: CLINICIAN,
        };
        assert_eq!(last_event(), pruned);
        assert!(!Staff::<Test>::contains_key(CLINICIAN));
        assert_eq!((staff_count(HOSPITAL), stored_staff(HOSPITAL)), (0, 0));
    });
}

#[test]
fn prune_staff_removes_an_enrolment_when_the_organisation_was_expelled() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::expel(council(), HOSPITAL));
        assert_eq!(stored_staff(HOSPITAL), 1);
        assert_ok!(Consortium::prune_staff(signed(STRANGER), CLINICIAN));
        assert_eq!(stored_staff(HOSPITAL), 0);
        assert_eq!(Consortium::staff(CLINICIAN), None);
    });
}

#[test]
fn prune_staff_is_refused_when_the_enrolment_is_not_revoked_or_not_there() {
    ExtBuilder::default().build_and_execute(|| {
        let prune = |account| Consortium::prune_staff(signed(HOSPITAL_ADMIN), account);
        assert_noop!(prune(STRANGER), Error::<Test>::NotFound);
        assert_noop!(prune(CLINICIAN), Error::<Test>::NotRevoked);
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_noop!(prune(CLINICIAN), Error::<Test>::NotRevoked);
        Now::set(NEXT_MONTH);
        assert_noop!(prune(CLINICIAN), Error::<Test>::NotRevoked);
    });
}

#[test]
fn prune_staff_is_refused_when_the_origin_is_not_signed() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)));
        assert_noop!(
            Consortium::prune_staff(RuntimeOrigin::none(), CLINICIAN),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn dismiss_all_staff_is_refused_when_the_epochs_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        Organisations::<Test>::mutate_extant(HOSPITAL, |hospital| hospital.epoch = u32::MAX);
        assert_noop!(
            Consortium::dismiss_all_staff(signed(HOSPITAL_ADMIN)),
            ArithmeticError::Overflow
        );
        assert_noop!(
            Consortium::expel(council(), HOSPITAL),
            ArithmeticError::Overflow
        );
    });
}
