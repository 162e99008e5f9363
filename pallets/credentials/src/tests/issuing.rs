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

/// A licence for a place the board is accredited for besides home, by number.
fn licence_for(number: u8) -> Terms {
    let jurisdiction = Jurisdiction([b'X', b'A' + number]);
    assert_ok!(accredit(BOARD, MEDICAL, jurisdiction));
    Terms {
        jurisdiction,
        ..medical_licence()
    }
}

/// As many live licences of the doctor as there may be, each by another board.
fn fill_holdings() -> Vec<CredentialId> {
    (0..MAX_CREDENTIALS as u8)
        .map(|number| issued(another_registrar(number), DOCTOR, medical_licence()))
        .collect()
}

/// Revokes a licence that [`fill_holdings`] gave.
fn revoke_nth(ids: &[CredentialId], number: u8) -> DispatchResult {
    let registrar = AccountId::new([100 + number; 32]);
    let reason = Some(Reason::Superseded);
    Registry::revoke(signed(registrar), ids[usize::from(number)], reason)
}

/// The event of a medical licence that was issued to the doctor now.
fn issued_now(credential: CredentialId, retired: Option<CredentialId>) -> Event<Test> {
    let terms = medical_licence();
    Event::Issued {
        credential,
        holder: DOCTOR,
        issuer: BOARD,
        kind: MEDICAL,
        privileges: terms.privileges,
        jurisdiction: HOME,
        valid_from: terms.valid_from,
        valid_until: terms.valid_until,
        retired,
    }
}

#[test]
fn issue_puts_a_credential_on_record_that_is_good_at_once() {
    build_and_execute(|| {
        let id = licensed();
        assert_eq!(last_event(), issued_now(id, None));
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
        // What is over makes room.
        assert_ok!(revoke_nth(&ids, 3));
        let id = licensed();
        assert_eq!(last_event(), issued_now(id, Some(ids[3])));
        assert!(Retired::<Test>::contains_key(DOCTOR, ids[3]));
    });
}

#[test]
fn issue_retires_what_ended_longest_ago_when_there_is_no_room() {
    build_and_execute(|| {
        let ids = fill_holdings();
        assert_ok!(revoke_nth(&ids, 5));
        pass(DAY);
        // Issued earlier, but over for a shorter time.
        assert_ok!(revoke_nth(&ids, 3));
        pass(DAY);
        let id = licensed();
        assert_eq!(last_event(), issued_now(id, Some(ids[5])));
        // So the past day is still told.
        assert!(Holdings::<Test>::get(DOCTOR).contains(&ids[3]));
    });
}

#[test]
fn issue_is_refused_when_the_holder_has_too_many_live_ones_by_the_issuer() {
    build_and_execute(|| {
        let mut ids = Vec::new();
        for number in 0..MAX_PER_ISSUER as u8 {
            ids.push(issued(REGISTRAR, DOCTOR, licence_for(number)));
        }
        assert_noop!(
            issue(REGISTRAR, DOCTOR, medical_licence()),
            Error::<Test>::MaxPerIssuerExceeded
        );
        // Others still license the same holder, and the issuer others.
        issued(INSPECTOR, DOCTOR, registration());
        issued(REGISTRAR, NURSE, medical_licence());
        // What is over does not count.
        assert_ok!(revoke(ids[0]));
        licensed();
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
            commitment: H256::repeat_byte(6),
        };
        assert_eq!(last_event(), expected);
        let shown = Pallet::<Test>::verify(id, None).unwrap();
        assert_eq!(shown.commitment, H256::repeat_byte(6));
        let issued = medical_licence().commitment;
        assert_eq!(shown.credential.terms.commitment, issued);
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
