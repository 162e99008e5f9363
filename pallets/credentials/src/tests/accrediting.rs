//! Who may issue what.

use crate::{mock::*, pallet::Error, types::*, Accreditations, Event};
use axonic_primitives::membership::Jurisdiction;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn accredit_lets_the_issuer_issue_there_and_only_there() {
    build_and_execute(|| {
        assert_ok!(accredit(BOARD, CredentialKind::NursingLicence, ABROAD));
        assert_eq!(
            last_event(),
            Event::Accredited {
                issuer: BOARD,
                kind: CredentialKind::NursingLicence,
                jurisdiction: ABROAD,
            }
        );
        let nursing = Terms {
            kind: CredentialKind::NursingLicence,
            privileges: Default::default(),
            jurisdiction: ABROAD,
            ..medical_licence()
        };
        assert_ok!(issue(REGISTRAR, NURSE, nursing));
        let at_home = Terms {
            jurisdiction: HOME,
            ..nursing
        };
        assert_noop!(
            issue(REGISTRAR, NURSE, at_home),
            Error::<Test>::JurisdictionMismatch
        );
    });
}

#[test]
fn accredit_is_refused_when_not_by_the_council_or_for_the_unfit() {
    build_and_execute(|| {
        assert_noop!(
            Registry::accredit(signed(REGISTRAR), BOARD, CONTROLLED, HOME),
            DispatchError::BadOrigin
        );
        assert_noop!(
            accredit(STRANGER_ORG, MEDICAL, HOME),
            Error::<Test>::NotFound
        );
        assert_noop!(
            accredit(HOSPITAL, MEDICAL, HOME),
            Error::<Test>::NotAnIssuer
        );
        assert_noop!(
            accredit(BOARD, MEDICAL, Jurisdiction(*b"us")),
            Error::<Test>::InvalidJurisdiction
        );
        assert_noop!(
            accredit(BOARD, MEDICAL, HOME),
            Error::<Test>::AlreadyAccredited
        );
    });
}

#[test]
fn accredit_is_refused_when_done_too_often() {
    build_and_execute(|| {
        for _ in 1..MAX_ACCREDITATIONS {
            pass(DAY);
            assert_ok!(withdraw(BOARD, MEDICAL, HOME));
            assert_ok!(accredit(BOARD, MEDICAL, HOME));
        }
        assert_ok!(withdraw(BOARD, MEDICAL, HOME));
        assert_noop!(
            accredit(BOARD, MEDICAL, HOME),
            Error::<Test>::MaxAccreditationsExceeded
        );
        assert_ok!(accredit(BOARD, CredentialKind::DentalLicence, HOME));
    });
}

#[test]
fn withdraw_accreditation_stops_issuing_and_leaves_what_was_issued() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_noop!(
            Registry::withdraw_accreditation(signed(REGISTRAR), BOARD, MEDICAL, HOME),
            DispatchError::BadOrigin
        );
        assert_ok!(withdraw(BOARD, MEDICAL, HOME));
        assert_eq!(
            last_event(),
            Event::AccreditationWithdrawn {
                issuer: BOARD,
                kind: MEDICAL,
                jurisdiction: HOME,
            }
        );
        assert_eq!(prescribes(Now::get()), Ok(id));
        assert_noop!(
            issue(REGISTRAR, NURSE, medical_licence()),
            Error::<Test>::NotAccredited
        );
        assert_noop!(withdraw(BOARD, MEDICAL, HOME), Error::<Test>::NotAccredited);
        assert_ok!(suspend(id, None));
        assert_ok!(reinstate(id));
        assert_noop!(renew(id, START + 20 * YEAR), Error::<Test>::NotAccredited);
    });
}

#[test]
fn withdraw_accreditation_keeps_the_interval_when_accredited_again() {
    build_and_execute(|| {
        licensed();
        // In the same block: what was issued by the first accreditation was issued by it.
        assert_ok!(withdraw(BOARD, MEDICAL, HOME));
        pass(DAY);
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        let list = Accreditations::<Test>::get(BOARD, MEDICAL);
        let intervals: Vec<_> = list.iter().map(|given| (given.from, given.until)).collect();
        assert_eq!(intervals, [(START, Some(START)), (START + DAY, None)]);
    });
}

#[test]
fn accreditations_stay_when_the_board_dismisses_its_staff() {
    build_and_execute(|| {
        BoardEpoch::set(Some(1));
        assert_noop!(
            accredit(BOARD, MEDICAL, HOME),
            Error::<Test>::AlreadyAccredited
        );
        let id = licensed();
        assert_eq!(prescribes(Now::get()), Ok(id));
    });
}
