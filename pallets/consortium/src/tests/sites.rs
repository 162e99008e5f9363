//! Premises and their location numbers.

use super::*;
use crate::{NextSiteId, Sites, SITES_EVER_PER_PLACE};

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
fn open_site_is_refused_when_as_many_were_opened_and_closed_as_there_may_ever_be() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), WARD));
        let max_ever = MAX_SITES * SITES_EVER_PER_PLACE;
        for number in 1..max_ever {
            let site = NextSiteId::<Test>::get();
            assert_ok!(open(Gln::numbered(u64::from(number) + 10)));
            assert_ok!(Consortium::close_site(signed(HOSPITAL_ADMIN), site));
        }
        let hospital = Consortium::organisation(HOSPITAL).unwrap();
        assert_eq!((hospital.site_count, hospital.sites_opened), (0, max_ever));
        assert_noop!(open(Gln::numbered(99)), Error::<Test>::MaxSitesExceeded);
        // The council frees the number of a site, and no place.
        assert_ok!(Consortium::release_gln(council(), Gln::numbered(1)));
        assert_noop!(open(Gln::numbered(1)), Error::<Test>::MaxSitesExceeded);
        // Others are none the worse for it.
        let others = Consortium::open_site(
            signed(PHARMACY_ADMIN),
            Gln::numbered(99),
            SiteKind::Warehouse,
        );
        assert_ok!(others);
    });
}

#[test]
fn release_gln_closes_the_site_and_lets_the_right_organisation_open_one_when_it_is_open() {
    ExtBuilder::default().build_and_execute(|| {
        let gln = Gln::numbered(2);
        let changed = entries_changed_by(|| {
            assert_ok!(Consortium::release_gln(council(), gln));
        });
        // The number, the site and the organisation.
        assert_eq!(changed, 3);
        let released = Event::GlnReleased {
            org: PHARMACY,
            site: SHOP,
            gln,
        };
        assert_eq!(last_event(), released);
        let closed: Event<Test> = Event::SiteClosed {
            org: PHARMACY,
            site: SHOP,
        };
        System::assert_has_event(closed.into());
        let shop = Consortium::site(SHOP).unwrap();
        assert_eq!((shop.gln, shop.status), (gln, SiteStatus::Released));
        assert_eq!(Consortium::organisation(PHARMACY).unwrap().site_count, 0);
        assert_eq!(actor(&PHARMACIST), Err(Error::<Test>::SiteClosed.into()));
        assert_noop!(
            Consortium::close_site(signed(PHARMACY_ADMIN), SHOP),
            Error::<Test>::SiteClosed
        );

        assert_eq!(Consortium::site_by_gln(gln), None);
        assert_ok!(open(gln));
        assert_eq!(Consortium::site_by_gln(gln), Some(SiteId(2)));
        assert!(<Consortium as Membership>::site(HOSPITAL, SiteId(2)));
        assert_eq!(actor(&PHARMACIST), Err(Error::<Test>::SiteClosed.into()));
    });
}

#[test]
fn release_gln_frees_the_number_of_a_closed_site_whatever_its_organisations_standing() {
    ExtBuilder::default().build_and_execute(|| {
        let gln = Gln::numbered(2);
        assert_ok!(Consortium::close_site(signed(PHARMACY_ADMIN), SHOP));
        assert_ok!(Consortium::expel(council(), PHARMACY));
        assert_noop!(open(gln), Error::<Test>::GlnInUse);
        let changed = entries_changed_by(|| {
            assert_ok!(Consortium::release_gln(council(), gln));
        });
        // The number and the site.
        assert_eq!(changed, 2);
        assert_eq!(Consortium::site(SHOP).unwrap().status, SiteStatus::Released);
        assert_ok!(open(gln));
    });
}

#[test]
fn release_gln_is_refused_when_no_site_has_it_or_it_was_released() {
    ExtBuilder::default().build_and_execute(|| {
        let release = |gln| Consortium::release_gln(council(), gln);
        assert_noop!(release(Gln::numbered(99)), Error::<Test>::NotFound);
        assert_ok!(release(Gln::numbered(1)));
        assert_noop!(release(Gln::numbered(1)), Error::<Test>::NotFound);
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
