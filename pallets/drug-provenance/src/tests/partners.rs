//! Who trades, and for how long.

use crate::{mock::*, types::*, Error, Event, Parties, Partners};
use axonic_gs1::Gln;
use axonic_primitives::{
    testing::{Doubles, DUTY_MISSING, NOT_STAFF},
    Codes, OrgId,
};
use frame_support::{assert_noop, assert_ok};

fn authorise_as(gln: u64, licences: Codes<Licence>) -> crate::Call<Test> {
    crate::Call::authorise_partner {
        org: org_of(&HOSPITAL),
        gln,
        licences,
        until: START + DAY,
    }
}

#[test]
fn authorise_partner_makes_a_member_a_trading_partner() {
    build_and_execute(|| {
        let licences = Codes::from([Licence::Dispenser, Licence::Wholesaler]);
        assert_ok!(authorise(&HOSPITAL, licences, START + DAY));
        let (org, gln) = (org_of(&HOSPITAL), gln_of(&HOSPITAL));
        let partner = Partner {
            gln,
            licences,
            authorised_since: START,
            authorised_until: START + DAY,
        };
        assert_eq!(Partners::<Test>::get(org), Some(partner));
        assert_eq!(Parties::<Test>::get(gln), Some(org));
        let until = START + DAY;
        let event = Event::PartnerAuthorised {
            org,
            gln,
            licences,
            until,
        };
        assert_eq!(last_event(), event);
    });
}

#[test]
fn authorise_partner_changes_licences_and_location_number_when_there_is_one() {
    build_and_execute(|| {
        let gln = Gln::with_check_digit(950_600_111_111).unwrap();
        let call = crate::Call::authorise_partner {
            org: org_of(&DEPOT),
            gln: gln.as_u64(),
            licences: Licence::LogisticsProvider.into(),
            until: START + DAY,
        };
        assert_ok!(act(REGISTRAR, call));
        assert_eq!(Parties::<Test>::get(gln), Some(org_of(&DEPOT)));
        assert_eq!(Parties::<Test>::get(gln_of(&DEPOT)), None);
        // What it no longer uses, another may have.
        let old = gln_of(&DEPOT).as_u64();
        let call = authorise_as(old, Licence::Dispenser.into());
        assert_ok!(act(REGISTRAR, call));
    });
}

#[test]
fn authorise_partner_fails_when_the_location_number_is_wrong() {
    build_and_execute(|| {
        let wrong = gln_of(&HOSPITAL).as_u64() + 1;
        let call = authorise_as(wrong, Licence::Dispenser.into());
        assert_noop!(act(REGISTRAR, call), Error::<Test>::InvalidGln);
        let call = authorise_as(u64::MAX, Licence::Dispenser.into());
        assert_noop!(act(REGISTRAR, call), Error::<Test>::InvalidGln);
    });
}

#[test]
fn authorise_partner_fails_when_the_location_number_is_anothers() {
    build_and_execute(|| {
        let call = authorise_as(gln_of(&MAKER).as_u64(), Licence::Dispenser.into());
        assert_noop!(act(REGISTRAR, call), Error::<Test>::GlnInUse);
    });
}

#[test]
fn authorise_partner_fails_when_it_allows_nothing_or_the_unknown() {
    build_and_execute(|| {
        let gln = gln_of(&HOSPITAL).as_u64();
        for licences in [
            Codes::empty(),
            Codes::from_bits(1 << 31),
            Codes::from_bits(u32::MAX),
        ] {
            let call = authorise_as(gln, licences);
            assert_noop!(act(REGISTRAR, call), Error::<Test>::InvalidAuthorisation);
        }
    });
}

#[test]
fn authorise_partner_fails_when_it_would_have_ended_already() {
    build_and_execute(|| {
        let authorise = |until| authorise(&HOSPITAL, Licence::Dispenser, until);
        assert_noop!(authorise(START), Error::<Test>::InvalidAuthorisation);
        assert_ok!(authorise(START + 1));
    });
}

#[test]
fn authorise_partner_fails_when_there_is_no_such_member() {
    build_and_execute(|| {
        let licences = Licence::Dispenser;
        assert_noop!(
            authorise(&STRANGER, licences, START + DAY),
            Error::<Test>::MemberNotFound
        );
    });
}

#[test]
fn authorise_partner_needs_a_registrar() {
    build_and_execute(|| {
        let call = authorise_as(gln_of(&HOSPITAL).as_u64(), Licence::Dispenser.into());
        assert_noop!(act(MAKER, call.clone()), DUTY_MISSING);
        assert_noop!(act(STRANGER, call), NOT_STAFF);
        let org = org_of(&MAKER);
        let call = crate::Call::withdraw_partner { org };
        assert_noop!(act(MAKER, call), DUTY_MISSING);
    });
}

#[test]
fn withdraw_partner_stops_a_trading_partner_at_once() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(withdraw(&MAKER));
        let org = org_of(&MAKER);
        assert_eq!(last_event(), Event::PartnerWithdrawn { org });
        assert_eq!(Partners::<Test>::get(org), None);
        assert_eq!(Parties::<Test>::get(gln_of(&MAKER)), None);
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.packs(0..10)]), refused);
        assert_ok!(authorise(&MAKER, Licence::Manufacturer, START + DAY));
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..10)]));
    });
}

#[test]
fn an_authorisation_is_another_when_there_was_none_in_between() {
    build_and_execute(|| {
        let since = || Partners::<Test>::get(org_of(&DEPOT)).map(|it| it.authorised_since);
        let until = |until| {
            assert_ok!(authorise(&DEPOT, Licence::Wholesaler, until));
        };
        pass(HOUR);
        until(START + DAY);
        assert_eq!(since(), Some(START), "it was only shortened");
        Now::set(START + DAY - 1);
        until(START + 2 * DAY);
        assert_eq!(since(), Some(START), "it was renewed in time");
        Now::set(START + 2 * DAY);
        until(START + 3 * DAY);
        assert_eq!(since(), Some(START + 2 * DAY), "it had run out");
        pass(HOUR);
        assert_ok!(withdraw(&DEPOT));
        until(START + 3 * DAY);
        assert_eq!(since(), Some(START + 2 * DAY + HOUR), "it was withdrawn");
    });
}

#[test]
fn withdraw_partner_fails_when_it_is_not_a_partner() {
    build_and_execute(|| {
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(withdraw(&HOSPITAL), refused);
        let unknown = crate::Call::withdraw_partner { org: OrgId(4_000) };
        assert_noop!(act(REGISTRAR, unknown), refused);
    });
}

#[test]
fn trading_fails_when_the_authorisation_has_run_out() {
    build_and_execute(|| {
        assert_ok!(authorise(&MAKER, Licence::Manufacturer, START + DAY));
        let lot = commission("LOT1", 10);
        Now::set(START + DAY - 1);
        assert_ok!(pack(MAKER, case(1), [lot.pack(0)]));
        Now::set(START + DAY);
        let refused = refusal(Error::AuthorisationExpired);
        assert_noop!(pack(MAKER, case(1), [lot.pack(1)]), refused);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.pack(1)]), refused);
        assert_noop!(register(MAKER, UNREGISTERED), refused);
    });
}

#[test]
fn trading_fails_when_the_member_is_not_a_partner() {
    build_and_execute(|| {
        let refused = refusal(Error::PartnerNotAuthorized);
        let lot = commission("LOT1", 10);
        assert_noop!(register(HOSPITAL, UNREGISTERED), refused);
        assert_noop!(ship(MAKER, HOSPITAL, [lot.pack(0)]), refused);
    });
}

#[test]
fn every_call_needs_the_licence_for_it() {
    build_and_execute(|| {
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(register(WHOLESALER, UNREGISTERED), refused);
        let lot = commission("LOT1", 10);
        assert_noop!(dispense(DRUGGIST, &lot, 0), Error::<Test>::NotCustodian);
        deliver(MAKER, DRUGGIST, [lot.packs(0..10)]);
        // A druggist who may only distribute does not dispense, export or pack again.
        assert_ok!(authorise(
            &DRUGGIST,
            Licence::LogisticsProvider,
            START + YEAR
        ));
        assert_noop!(dispense(DRUGGIST, &lot, 0), refused);
        assert_noop!(dispense_part(DRUGGIST, &lot, 0), refused);
        let exported = DecommissionReason::Exported;
        assert_noop!(decommission(DRUGGIST, [lot.pack(0)], exported), refused);
        let output = listed_draft(MEDICINE, "LOT2", 1);
        assert_noop!(transform(DRUGGIST, [lot.pack(0)], output), refused);
        // Anything else, with any licence.
        assert_ok!(decommission(
            DRUGGIST,
            [lot.pack(0)],
            DecommissionReason::Damaged
        ));
    });
}

#[test]
fn trading_fails_when_the_organisation_is_suspended() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        Doubles::set_active(org_of(&WHOLESALER), false);
        let refused = refusal(Error::MemberNotFound);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.pack(0)]), refused);
    });
}
