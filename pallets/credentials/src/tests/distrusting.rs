//! An issuer that is not believed: whatever it issued from an instant on is void, at once.

use crate::{
    mock::*, pallet::Error, rules::Standing, types::*, Accreditations, Credentials, Event,
    Holdings, Issuers, Pallet,
};
use axonic_primitives::{credentials::CredentialDenial, CredentialId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn standing(id: CredentialId) -> Standing {
    Pallet::<Test>::credential_info(id, None).unwrap().standing
}

#[test]
fn distrust_voids_what_was_issued_since_and_nothing_before() {
    build_and_execute(|| {
        let before = issued(REGISTRAR, NURSE, medical_licence());
        pass(DAY);
        let since = Now::get();
        let after = licensed();
        pass(DAY);
        let last = issued(REGISTRAR, STRANGER, medical_licence());
        assert_ok!(distrust(BOARD, since));
        assert_eq!(
            last_event(),
            Event::IssuerDistrusted {
                issuer: BOARD,
                since
            }
        );
        assert_eq!(standing(before), Standing::Good);
        assert_eq!(standing(after), Standing::IssuerDistrusted);
        assert_eq!(standing(last), Standing::IssuerDistrusted);
        // Also for instants before it was known.
        let denied = Err(CredentialDenial::IssuerDistrusted);
        assert_eq!(prescribes(since), denied);
    });
}

#[test]
fn distrust_writes_one_row_however_much_was_issued() {
    build_and_execute(|| {
        for n in 0..50 {
            issued(REGISTRAR, [100 + n; 32].into(), medical_licence());
        }
        let inspected = issued(INSPECTOR, DOCTOR, registration());
        let rest = || {
            (
                Credentials::<Test>::iter().collect::<Vec<_>>(),
                Holdings::<Test>::iter().collect::<Vec<_>>(),
                Accreditations::<Test>::iter().collect::<Vec<_>>(),
                Issuers::<Test>::get(REGULATOR),
            )
        };
        let before = rest();
        assert_ok!(distrust(BOARD, START));
        assert_eq!(rest(), before);
        let board = Issuers::<Test>::get(BOARD);
        let distrust = Distrust {
            since: START,
            until: None,
        };
        assert_eq!(board.distrusts.to_vec(), [distrust]);
        let void = Credentials::<Test>::iter_keys()
            .filter(|id| standing(*id) == Standing::IssuerDistrusted)
            .count();
        assert_eq!((void, standing(inspected)), (50, Standing::Good));
    });
}

#[test]
fn distrust_is_refused_when_not_by_the_council_ahead_of_time_or_no_news() {
    build_and_execute(|| {
        assert_noop!(
            Registry::distrust_issuer_from(signed(REGISTRAR), BOARD, START),
            DispatchError::BadOrigin
        );
        assert_noop!(distrust(BOARD, START + 1), Error::<Test>::InvalidPeriod);
        assert_noop!(distrust(STRANGER_ORG, START), Error::<Test>::NotFound);
        assert_ok!(distrust(BOARD, START - DAY));
        assert_noop!(distrust(BOARD, START), Error::<Test>::AlreadyDistrusted);
        assert_ok!(distrust(BOARD, START - 2 * DAY));
    });
}

#[test]
fn distrusted_issuers_neither_issue_renew_nor_reinstate_but_still_take_away() {
    build_and_execute(|| {
        let id = licensed();
        assert_ok!(suspend(id, None));
        let other = issued(REGISTRAR, NURSE, medical_licence());
        pass(DAY);
        assert_ok!(distrust(BOARD, Now::get()));
        assert_noop!(reinstate(id), Error::<Test>::IssuerDistrusted);
        assert_noop!(
            renew(other, START + 20 * YEAR),
            Error::<Test>::IssuerDistrusted
        );
        assert_noop!(
            issue(REGISTRAR, STRANGER, medical_licence()),
            Error::<Test>::IssuerDistrusted
        );
        assert_ok!(suspend(other, None));
        assert_ok!(revoke(other));
    });
}

#[test]
fn trust_comes_back_with_a_new_accreditation_for_what_it_says_from_the_next_block() {
    build_and_execute(|| {
        assert_ok!(accredit(BOARD, CredentialKind::DentalLicence, HOME));
        let void = licensed();
        pass(DAY);
        assert_ok!(distrust(BOARD, START));
        pass(DAY);
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        assert_noop!(
            issue(REGISTRAR, DOCTOR, medical_licence()),
            Error::<Test>::IssuerDistrusted
        );
        pass(1);
        // What was accredited before the distrust does not count any more.
        let dental = Terms {
            kind: CredentialKind::DentalLicence,
            privileges: Default::default(),
            ..medical_licence()
        };
        assert_noop!(
            issue(REGISTRAR, DOCTOR, dental),
            Error::<Test>::NotAccredited
        );
        let id = licensed();
        assert_ne!(id, void);
        assert_eq!(prescribes(Now::get()), Ok(id));
        assert_eq!(standing(void), Standing::IssuerDistrusted);
    });
}

#[test]
fn distrust_in_the_block_of_issuing_voids_for_ever_when_trusted_again_in_it() {
    build_and_execute(|| {
        let id = licensed();
        assert_ok!(distrust(BOARD, START));
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        assert_eq!(standing(id), Standing::IssuerDistrusted);
        pass(YEAR);
        assert_eq!(standing(id), Standing::IssuerDistrusted);
    });
}

#[test]
fn distrust_voids_renewals_made_since_and_the_earlier_term_stays() {
    build_and_execute(|| {
        let id = licensed();
        let first_end = START + 10 * YEAR;
        pass(YEAR);
        let document = || Pallet::<Test>::verify(id, None).unwrap().commitment;
        let first_document = document();
        assert_ok!(renew(id, START + 20 * YEAR));
        assert_ne!(document(), first_document);
        let renewed_at = Now::get();
        pass(YEAR);
        assert_ok!(distrust(BOARD, renewed_at));
        assert_eq!(prescribes(first_end - 1), Ok(id));
        assert_eq!(prescribes(first_end), Err(CredentialDenial::Expired));
        let info = Pallet::<Test>::credential_info(id, None).unwrap();
        assert_eq!(info.expires_at, first_end);
        assert_eq!(document(), first_document);
    });
}

#[test]
fn distrust_never_lacks_room_and_trust_ends_when_it_would() {
    build_and_execute(|| {
        for _ in 1..MAX_DISTRUSTS {
            pass(DAY);
            assert_ok!(distrust(BOARD, Now::get()));
            pass(DAY);
            assert_ok!(accredit(BOARD, MEDICAL, HOME));
        }
        pass(DAY);
        assert_ok!(distrust(BOARD, Now::get()));
        assert_noop!(
            accredit(BOARD, MEDICAL, HOME),
            Error::<Test>::MaxDistrustsExceeded
        );
        assert_ok!(distrust(BOARD, START));
    });
}

#[test]
fn nothing_is_void_when_the_board_dismisses_its_staff_or_is_gone() {
    build_and_execute(|| {
        let id = licensed();
        for epoch in [Some(1), None] {
            BoardEpoch::set(epoch);
            assert_eq!(standing(id), Standing::Good);
            assert_eq!(prescribes(Now::get()), Ok(id));
        }
        // Only the council takes everything away.
        BoardEpoch::set(Some(1));
        assert_ok!(distrust(BOARD, START));
        assert_eq!(standing(id), Standing::IssuerDistrusted);
    });
}
