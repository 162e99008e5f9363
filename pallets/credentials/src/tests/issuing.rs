//! Issuing and renewing.

use crate::{mock::*, pallet::Error, types::*, Credentials, Event, Holdings, Pallet, Retired};
use axonic_primitives::{
    credentials::{CredentialDenial, Privilege},
    membership::{Duty, Jurisdiction},
    testing::Doubles,
    AccountId, Codes, CredentialId, Moment, Refusal,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;
use sp_runtime::DispatchError;

/// A place the board is accredited for besides home, by number.
fn place(number: u8) -> Jurisdiction {
    Jurisdiction([b'X', b'A' + number])
}

/// A licence for that place.
fn licence_for(number: u8) -> Terms {
    Terms {
        jurisdiction: place(number),
        ..medical_licence()
    }
}

/// As many live licences of the doctor as there may be.
fn fill_holdings() -> Vec<CredentialId> {
    (0..MAX_CREDENTIALS as u8)
        .map(|number| {
            assert_ok!(accredit(BOARD, MEDICAL, place(number)));
            issued(REGISTRAR, DOCTOR, licence_for(number))
        })
        .collect()
}

#[test]
fn issue_puts_a_credential_on_record_that_is_good_at_once() {
    build_and_execute(|| {
        let id = licensed();
        let expected = Event::Issued {
            credential: id,
            holder: DOCTOR,
            issuer: BOARD,
            retired: None,
        };
        assert_eq!(last_event(), expected);
        let stored = Credentials::<Test>::get(id).unwrap();
        assert_eq!(stored.issued_at, START);
        assert_eq!(stored.status, Status::Active);
        assert_eq!(stored.primary_source.outcome, PrimarySource::Attested);
        assert_eq!(prescribes(START), Ok(id));
    });
}

#[test]
fn issue_is_refused_when_the_signer_may_not() {
    build_and_execute(|| {
        let by = |staff| issue(staff, NURSE, medical_licence());
        assert_noop!(by(RECRUITER), DUTY_MISSING);
        assert_noop!(by(STRANGER), DispatchError::Other("double: not staff"));
        assert_noop!(by(INSPECTOR), Error::<Test>::NotAccredited);
        assert_noop!(
            issue(REGISTRAR, REGISTRAR, medical_licence()),
            Error::<Test>::OwnCredential
        );
        Doubles::set_active(BOARD, false);
        assert_noop!(
            by(REGISTRAR),
            DispatchError::Other("double: organisation not active")
        );
    });
}

#[test]
fn issue_is_refused_when_the_terms_make_no_sense() {
    build_and_execute(|| {
        let with = |change: fn(&mut Terms)| {
            let mut terms = medical_licence();
            change(&mut terms);
            issue(REGISTRAR, DOCTOR, terms)
        };
        let backwards = with(|terms| terms.valid_from = terms.valid_until);
        assert_noop!(backwards, Error::<Test>::InvalidPeriod);
        let expired = with(|terms| {
            terms.valid_from = START - YEAR;
            terms.valid_until = START;
        });
        assert_noop!(expired, Error::<Test>::InvalidPeriod);
        let schedules = with(|terms| terms.privileges = Privilege::PrescribeScheduleII.into());
        assert_noop!(schedules, Error::<Test>::PrivilegeNotGrantable);
        let unknown = with(|terms| terms.privileges = Codes::from_bits(1 << 31));
        assert_noop!(unknown, Error::<Test>::PrivilegeNotGrantable);
        let abroad = with(|terms| terms.jurisdiction = ABROAD);
        assert_noop!(abroad, Error::<Test>::JurisdictionMismatch);
        let other_kind = with(|terms| terms.kind = CredentialKind::AdvancedPracticeLicence);
        assert_noop!(other_kind, Error::<Test>::NotAccredited);
    });
}

#[test]
fn issue_does_not_make_a_licence_good_before_it_was_on_record() {
    build_and_execute(|| {
        let older = Terms {
            valid_from: START - 10 * YEAR,
            ..medical_licence()
        };
        let id = issued(REGISTRAR, DOCTOR, older);
        assert_eq!(prescribes(START - 1), Err(CredentialDenial::BackDated));
        let before = START - 10 * YEAR - 1;
        assert_eq!(prescribes(before), Err(CredentialDenial::NotYetValid));
        assert_eq!(prescribes(START), Ok(id));
    });
}

#[test]
fn issue_is_refused_when_the_same_licence_is_live() {
    build_and_execute(|| {
        let id = licensed();
        let again = || issue(REGISTRAR, DOCTOR, medical_licence());
        assert_noop!(again(), Error::<Test>::AlreadyIssued);
        assert_ok!(suspend(id, None));
        assert_noop!(again(), Error::<Test>::AlreadyIssued);
        assert_ok!(revoke(id));
        let next = licensed();
        assert_ne!(next, id);
        // Expiry frees the place too.
        pass(10 * YEAR);
        assert_ok!(again());
        // And so does distrust.
        assert_ok!(distrust(BOARD, Now::get()));
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        pass(1);
        assert_ok!(again());
        assert_eq!(Holdings::<Test>::get(DOCTOR).len(), 4);
    });
}

#[test]
fn issue_is_refused_when_the_holder_has_too_many_live_ones() {
    build_and_execute(|| {
        let ids = fill_holdings();
        assert_noop!(
            issue(REGISTRAR, DOCTOR, medical_licence()),
            Error::<Test>::MaxCredentialsExceeded
        );
        // What is over makes room, the oldest first.
        assert_ok!(revoke(ids[5]));
        assert_ok!(revoke(ids[3]));
        let id = licensed();
        let expected = Event::Issued {
            credential: id,
            holder: DOCTOR,
            issuer: BOARD,
            retired: Some(ids[3]),
        };
        assert_eq!(last_event(), expected);
        assert!(Retired::<Test>::contains_key(DOCTOR, ids[3]));
        assert_eq!(prescribes(Now::get()), Ok(id));
    });
}

#[test]
fn explain_issue_says_what_issue_does() {
    build_and_execute(|| {
        let cases: [(AccountId, AccountId, Terms); 5] = [
            (REGISTRAR, DOCTOR, medical_licence()),
            (REGISTRAR, DOCTOR, medical_licence()),
            (REGISTRAR, REGISTRAR, medical_licence()),
            (RECRUITER, NURSE, medical_licence()),
            (INSPECTOR, NURSE, medical_licence()),
        ];
        for (staff, holder, terms) in cases {
            let told = Pallet::<Test>::explain_issue(staff.clone(), holder.clone(), terms);
            let done = issue(staff, holder, terms);
            assert_eq!(told, done.map_err(Refusal::from));
        }
    });
}

fn renew_by(staff: AccountId, id: CredentialId, until: Moment) -> DispatchResult {
    Registry::renew(signed(staff), id, until, H256::repeat_byte(6))
}

#[test]
fn renew_prolongs_and_takes_the_new_document() {
    build_and_execute(|| {
        let id = licensed();
        pass(9 * YEAR);
        assert_ok!(renew(id, START + 20 * YEAR));
        let expected = Event::Renewed {
            credential: id,
            valid_until: START + 20 * YEAR,
        };
        assert_eq!(last_event(), expected);
        let stored = Credentials::<Test>::get(id).unwrap();
        assert_eq!(stored.terms.commitment, H256::repeat_byte(6));
        assert_eq!(prescribes(START + 20 * YEAR - 1), Ok(id));
        assert_eq!(
            prescribes(START + 20 * YEAR),
            Err(CredentialDenial::Expired)
        );
    });
}

#[test]
fn renew_is_refused_when_it_makes_no_sense() {
    build_and_execute(|| {
        let id = licensed();
        let later = START + 20 * YEAR;
        assert_noop!(
            renew(CredentialId::default(), later),
            Error::<Test>::NotFound
        );
        assert_noop!(renew_by(INSPECTOR, id, later), Error::<Test>::NotIssuer);
        assert_noop!(renew_by(RECRUITER, id, later), DUTY_MISSING);
        assert_noop!(renew(id, START + 10 * YEAR), Error::<Test>::InvalidPeriod);
        assert_ok!(suspend(id, Some(START + DAY)));
        assert_noop!(renew(id, later), Error::<Test>::NotActive);
        pass(DAY);
        assert_ok!(renew(id, later));
        pass(20 * YEAR);
        assert_noop!(renew(id, later + YEAR), Error::<Test>::NotActive);
    });
}

#[test]
fn renew_is_refused_when_the_holder_signs_or_when_done_too_often() {
    build_and_execute(|| {
        let id = licensed();
        Doubles::enrol(DOCTOR, BOARD, Duty::Registrar);
        assert_noop!(
            renew_by(DOCTOR, id, START + 20 * YEAR),
            Error::<Test>::OwnCredential
        );
        for n in 1..=u64::from(MAX_RENEWALS) {
            pass(DAY);
            assert_ok!(renew(id, START + 10 * YEAR + n * DAY));
        }
        assert_noop!(
            renew(id, START + 20 * YEAR),
            Error::<Test>::MaxRenewalsExceeded
        );
    });
}
