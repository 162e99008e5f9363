//! Premises and their location numbers.

use super::*;
use crate::{NextSiteId, Sites};

fn open(gln: Gln) -> Result<(), DispatchError> {
    Consortium::open_site(signed(HOSPITAL_ADMIN), gln, SiteKind::Clinic)
}

#[test]
fn open_site_makes_a_site_when_the_number_is_right_and_free() {
    ExtBuilder::default().build_and_execute(|| {
        let gln: Gln = "5412345000013".parse().unwrap();
        assert_ok!(open(gln));
        let site = SiteId(2);
        let opened = Event::SiteOpened {
            org: HOSPITAL,
            site,
            gln,
            kind: SiteKind::Clinic,
        };
        assert_eq!(last_event(), opened);
        assert_eq!(Consortium::site_by_gln(gln), Some(site));
        assert!(<Consortium as Membership>::site(HOSPITAL, site));
        assert!(!<Consortium as Membership>::site(PHARMACY, site));
        assert_eq!(Consortium::organisation(HOSPITAL).unwrap().site_count, 2);
    });
}

#[test]
fn open_site_is_refused_when_the_number_is_wrong() {
    ExtBuilder::default().build_and_execute(|| {
        for digits in [
            *b"5412345000014",
            *b"541234500001 ",
            *b"54123450000i3",
            [3; 13],
        ] {
            assert_noop!(open(Gln(digits)), Error::<Test>::InvalidGln);
        }
    });
}

#[test]
fn open_site_is_refused_when_the_number_is_taken_by_an_open_or_a_closed_site() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(open(Gln::numbered(1)), Error::<Test>::GlnInUse);
        assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), WARD));
        assert_noop!(open(Gln::numbered(1)), Error::<Test>::GlnInUse);
        assert_eq!(Consortium::site_by_gln(Gln::numbered(1)), Some(WARD));
    });
}

#[test]
fn open_site_is_refused_when_there_are_as_many_as_there_may_be() {
    ExtBuilder::default().build_and_execute(|| {
        for reference in 10..9 + u64::from(MAX_SITES) {
            assert_ok!(open(Gln::numbered(reference)));
        }
        assert_noop!(open(Gln::numbered(99)), Error::<Test>::MaxSitesExceeded);
        assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), WARD));
        assert_ok!(open(Gln::numbered(99)));
    });
}

#[test]
fn open_site_is_refused_when_the_numbers_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        NextSiteId::<Test>::put(SiteId(u32::MAX));
        assert_noop!(open(Gln::numbered(10)), ArithmeticError::Overflow);
    });
}

#[test]
fn open_site_is_refused_when_the_caller_is_no_administrator_or_may_not_act() {
    ExtBuilder::default().build_and_execute(|| {
        let open = |by| Consortium::open_site(signed(by), Gln::numbered(10), SiteKind::Office);
        assert_noop!(open(CLINICIAN), Error::<Test>::NotAdmin);
        assert_noop!(open(STRANGER), Error::<Test>::NotAdmin);
        assert_ok!(Consortium::suspend(council(), HOSPITAL));
        assert_noop!(open(HOSPITAL_ADMIN), Error::<Test>::NotActive);
        Now::set(NEXT_YEAR);
        assert_noop!(open(PHARMACY_ADMIN), Error::<Test>::MembershipExpired);
    });
}

#[test]
fn close_site_ends_it_for_ever_when_it_is_open() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), WARD));
        assert_eq!(
            last_event(),
            Event::SiteClosed {
                org: HOSPITAL,
                site: WARD
            }
        );
        assert_eq!(Sites::<Test>::get(WARD).unwrap().status, SiteStatus::Closed);
        assert!(!<Consortium as Membership>::site(HOSPITAL, WARD));
        assert_eq!(Consortium::organisation(HOSPITAL).unwrap().site_count, 0);
        assert_noop!(
            Consortium::close_site(signed(HOSPITAL_ADMIN), WARD),
            Error::<Test>::SiteClosed
        );
    });
}

#[test]
fn close_site_is_refused_when_it_is_another_organisations_or_unknown() {
    ExtBuilder::default().build_and_execute(|| {
        let close = |site| Consortium::close_site(signed(HOSPITAL_ADMIN), site);
        assert_noop!(close(SHOP), Error::<Test>::NotAdmin);
        assert_noop!(close(SiteId(99)), Error::<Test>::NotFound);
    });
}

#[test]
fn staff_are_nobody_when_the_site_they_are_tied_to_is_closed() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(actor(&PHARMACIST), Ok(PHARMACY));
        assert_ok!(Consortium::close_site(signed(PHARMACY_ADMIN), SHOP));
        assert_eq!(actor(&PHARMACIST), Err(Error::<Test>::SiteClosed.into()));

        assert_ok!(Consortium::change_duties(
            signed(PHARMACY_ADMIN),
            PHARMACIST,
            Duty::Pharmacist.into(),
            None,
            NEXT_MONTH
        ));
        assert_eq!(actor(&PHARMACIST), Ok(PHARMACY));
    });
}
