//! Suspending, reinstating, checking, revoking, surrendering.

use crate::{mock::*, pallet::Error, types::*, Credentials, Event};
use axonic_primitives::{
    credentials::CredentialDenial, membership::Duty, testing::Doubles, AccountId, CredentialId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

const NOBODYS: CredentialId = CredentialId(H256::zero());
const SUSPENDED: Result<CredentialId, CredentialDenial> = Err(CredentialDenial::Suspended);

fn check(who: AccountId, id: CredentialId, outcome: PrimarySource) -> DispatchResult {
    let evidence = H256::repeat_byte(8);
    Registry::record_primary_source_check(signed(who), id, outcome, evidence)
}

fn surrender(who: AccountId, id: CredentialId) -> DispatchResult {
    Registry::surrender(signed(who), id)
}

#[test]
fn suspend_holds_until_it_is_lifted_and_is_remembered() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_ok!(suspend(id, None));
        let suspended_at = Now::get();
        let expected = Event::Suspended {
            credential: id,
            until: None,
            reason: Reason::UnderInvestigation,
        };
        assert_eq!(last_event(), expected);
        assert_eq!(prescribes(suspended_at - 1), Ok(id));
        assert_eq!(prescribes(suspended_at), SUSPENDED);
        pass(DAY);
        assert_ok!(reinstate(id));
        assert_eq!(last_event(), Event::Reinstated { credential: id });
        assert_eq!(prescribes(Now::get()), Ok(id));
        assert_eq!(prescribes(Now::get() - 1), SUSPENDED);
        assert_eq!(prescribes(suspended_at), SUSPENDED);
    });
}

#[test]
fn suspend_ends_by_itself_when_it_was_given_an_end() {
    build_and_execute(|| {
        let id = licensed();
        let end = START + 30 * DAY;
        assert_ok!(suspend(id, Some(end)));
        assert_eq!(prescribes(end - 1), SUSPENDED);
        assert_eq!(prescribes(end), Ok(id));
        Now::set(end);
        assert_noop!(reinstate(id), Error::<Test>::NotSuspended);
        pass(DAY);
        assert_ok!(suspend(id, None));
        assert_eq!(prescribes(end), Ok(id), "between the two it was good");
        assert_eq!(prescribes(START), SUSPENDED);
        assert_eq!(prescribes(Now::get()), SUSPENDED);
    });
}

#[test]
fn suspend_is_refused_when_it_makes_no_sense() {
    build_and_execute(|| {
        let id = licensed();
        let unexplained = Registry::suspend(signed(REGISTRAR), id, None, None);
        assert_noop!(unexplained, Error::<Test>::ReasonRequired);
        assert_noop!(suspend(NOBODYS, None), Error::<Test>::NotFound);
        assert_noop!(suspend(id, Some(START)), Error::<Test>::InvalidPeriod);
        let reason = Some(Reason::Disciplinary);
        let by_another = Registry::suspend(signed(INSPECTOR), id, None, reason);
        assert_noop!(by_another, Error::<Test>::NotIssuer);
        let by_nobody = Registry::suspend(signed(RECRUITER), id, None, reason);
        assert_noop!(by_nobody, DUTY_MISSING);
        assert_noop!(reinstate(id), Error::<Test>::NotSuspended);
        assert_ok!(suspend(id, None));
        assert_noop!(suspend(id, None), Error::<Test>::NotActive);
        pass(10 * YEAR);
        assert_noop!(reinstate(id), Error::<Test>::NotActive);
    });
}

#[test]
fn suspend_is_refused_when_done_too_often_but_ending_never_is() {
    build_and_execute(|| {
        let id = licensed();
        for _ in 0..MAX_SUSPENSIONS {
            assert_ok!(suspend(id, None));
            pass(DAY);
            assert_ok!(reinstate(id));
            pass(DAY);
        }
        assert_noop!(suspend(id, None), Error::<Test>::MaxSuspensionsExceeded);
        assert_ok!(revoke(id));
    });
}

#[test]
fn reinstate_is_refused_when_the_holder_signs() {
    build_and_execute(|| {
        let id = licensed();
        assert_ok!(suspend(id, None));
        Doubles::enrol(DOCTOR, BOARD, Duty::Registrar);
        let own = Registry::reinstate(signed(DOCTOR), id);
        assert_noop!(own, Error::<Test>::OwnCredential);
        let by_nobody = Registry::reinstate(signed(RECRUITER), id);
        assert_noop!(by_nobody, DUTY_MISSING);
    });
}

#[test]
fn revoke_is_final_and_does_not_reach_back() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        let unexplained = Registry::revoke(signed(REGISTRAR), id, None);
        assert_noop!(unexplained, Error::<Test>::ReasonRequired);
        let reason = Some(Reason::Fraud);
        let by_another = Registry::revoke(signed(INSPECTOR), id, reason);
        assert_noop!(by_another, Error::<Test>::NotIssuer);
        let by_nobody = Registry::revoke(signed(RECRUITER), id, reason);
        assert_noop!(by_nobody, DUTY_MISSING);
        assert_ok!(revoke(id));
        let expected = Event::Revoked {
            credential: id,
            reason: Reason::Disciplinary,
        };
        assert_eq!(last_event(), expected);
        assert_eq!(prescribes(Now::get()), Err(CredentialDenial::Revoked));
        assert_eq!(prescribes(Now::get() - 1), Ok(id));

        assert_noop!(revoke(id), Error::<Test>::RevokedIsFinal);
        assert_noop!(suspend(id, None), Error::<Test>::RevokedIsFinal);
        assert_noop!(reinstate(id), Error::<Test>::RevokedIsFinal);
        assert_noop!(renew(id, START + 20 * YEAR), Error::<Test>::RevokedIsFinal);
        assert_noop!(surrender(DOCTOR, id), Error::<Test>::RevokedIsFinal);
        assert_noop!(
            check(RECRUITER, id, PrimarySource::Validated),
            Error::<Test>::RevokedIsFinal
        );
    });
}

#[test]
fn revoke_ends_a_suspension_and_remembers_it() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_ok!(suspend(id, None));
        pass(DAY);
        assert_ok!(revoke(id));
        assert_eq!(prescribes(START), Ok(id));
        assert_eq!(prescribes(START + DAY), SUSPENDED);
        assert_eq!(prescribes(START + 2 * DAY), Err(CredentialDenial::Revoked));
    });
}

#[test]
fn surrender_is_by_the_holder_and_final() {
    build_and_execute(|| {
        let id = licensed();
        assert_noop!(surrender(REGISTRAR, id), Error::<Test>::NotHolder);
        assert_noop!(surrender(DOCTOR, NOBODYS), Error::<Test>::NotFound);
        pass(DAY);
        assert_ok!(surrender(DOCTOR, id));
        assert_eq!(last_event(), Event::Surrendered { credential: id });
        assert_eq!(prescribes(Now::get()), Err(CredentialDenial::Revoked));
        assert_eq!(prescribes(START), Ok(id));
        assert_noop!(surrender(DOCTOR, id), Error::<Test>::RevokedIsFinal);
        assert_noop!(suspend(id, None), Error::<Test>::RevokedIsFinal);
    });
}

#[test]
fn surrender_does_not_keep_discipline_off_the_record() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_ok!(surrender(DOCTOR, id));
        pass(DAY);
        assert_ok!(revoke(id));
        let expected = Status::Revoked {
            from: START + DAY,
            reason: Reason::Disciplinary,
        };
        assert_eq!(Credentials::<Test>::get(id).unwrap().status, expected);
        assert_noop!(revoke(id), Error::<Test>::RevokedIsFinal);
        assert_noop!(surrender(DOCTOR, id), Error::<Test>::RevokedIsFinal);
    });
}

#[test]
fn a_check_is_recorded_and_decides_nothing() {
    build_and_execute(|| {
        let id = licensed();
        pass(DAY);
        assert_ok!(check(RECRUITER, id, PrimarySource::Failed));
        let expected = Event::PrimarySourceChecked {
            credential: id,
            outcome: PrimarySource::Failed,
            by: HOSPITAL,
        };
        assert_eq!(last_event(), expected);
        let stored = Credentials::<Test>::get(id).unwrap();
        let expected = PrimarySourceCheck {
            outcome: PrimarySource::Failed,
            commitment: H256::repeat_byte(8),
            by: HOSPITAL,
            at: START + DAY,
        };
        assert_eq!(stored.primary_source, expected);
        assert_eq!(prescribes(Now::get()), Ok(id));
    });
}

#[test]
fn a_check_is_refused_when_the_signer_may_not_or_it_is_over() {
    build_and_execute(|| {
        let id = licensed();
        let validated = PrimarySource::Validated;
        assert_noop!(check(DOCTOR, id, validated), DUTY_MISSING);
        assert_noop!(check(INSPECTOR, id, validated), DUTY_MISSING);
        assert_noop!(
            check(RECRUITER, NOBODYS, validated),
            Error::<Test>::NotFound
        );
        Doubles::enrol(DOCTOR, HOSPITAL, Duty::PrivacyOfficer);
        assert_noop!(check(DOCTOR, id, validated), Error::<Test>::OwnCredential);
        pass(10 * YEAR);
        assert_noop!(check(RECRUITER, id, validated), Error::<Test>::NotActive);
    });
}
