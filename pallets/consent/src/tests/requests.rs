//! A member asks, the patient answers.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet, Reply};
use axonic_primitives::{
    consent::{Action, PurposeOfUse},
    AccountId, Codes, Period, RequestId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use ProvisionType::{Deny, Permit};

fn ask() -> Ask {
    Ask {
        actions: Action::Access.into(),
        purposes: PurposeOfUse::Treat.into(),
        classes: Default::default(),
        period: Period::ALWAYS,
    }
}

fn request(ask: Ask) -> DispatchResult {
    Consents::request_access(RuntimeOrigin::signed(NURSE), PATIENT, ask)
}

fn requested() -> RequestId {
    assert_ok!(request(ask()));
    let Event::AccessRequested { request, .. } = last_event() else {
        panic!("not requested")
    };
    request
}

fn answer_as(who: AccountId, id: RequestId, reply: Reply) -> DispatchResult {
    Consents::answer_request(RuntimeOrigin::signed(who), id, reply)
}

fn in_terms(draft: Draft) -> Reply {
    Reply::Grant {
        draft: Box::new(draft),
        supersedes: None,
    }
}

#[test]
fn answer_grants_in_the_patients_own_terms() {
    build_and_execute(|| {
        let id = requested();
        assert!(!permits(&query(HOSPITAL)));
        assert_eq!(Pallet::<Test>::requests_of(PATIENT)[0].id, id);
        let only_hospital = draft_with(Deny, vec![about([Grantee::Organisation(HOSPITAL)])]);
        assert_ok!(answer_as(PATIENT_KEY, id, in_terms(only_hospital)));
        assert!(permits(&query(HOSPITAL)) && !permits(&query(CLINIC)));
        assert!(Pallet::<Test>::requests_of(PATIENT).is_empty());
        let answer = Pallet::<Test>::request_info(id).unwrap().request.answer;
        assert!(matches!(answer, Some(Answer::Granted(_))));
    });
}

#[test]
fn answer_may_supersede_an_older_consent() {
    build_and_execute(|| {
        let old = granted(draft(Deny));
        let id = requested();
        let reply = Reply::Grant {
            draft: Box::new(draft(Permit)),
            supersedes: Some(old),
        };
        assert_ok!(answer_as(PATIENT_KEY, id, reply));
        assert!(permits(&query(HOSPITAL)));
    });
}

#[test]
fn answer_declines_and_is_given_once() {
    build_and_execute(|| {
        let id = requested();
        assert_ok!(answer_as(GUARDIAN, id, Reply::Decline));
        assert!(!permits(&query(HOSPITAL)));
        let again = answer_as(PATIENT_KEY, id, Reply::Decline);
        assert_noop!(again, Error::<Test>::RequestAnswered);
    });
}

#[test]
fn answer_is_refused_when_unknown_or_not_the_patients() {
    build_and_execute(|| {
        let id = requested();
        let unknown = answer_as(PATIENT_KEY, RequestId::default(), Reply::Decline);
        assert_noop!(unknown, Error::<Test>::RequestNotFound);
        assert_noop!(
            answer_as(NURSE, id, in_terms(draft(Permit))),
            Error::<Test>::NotGrantor
        );
        assert_noop!(
            answer_as(CARER, id, Reply::Decline),
            Error::<Test>::PowerMissing
        );
        let empty = draft_with(Permit, vec![Default::default()]);
        let bad = answer_as(PATIENT_KEY, id, in_terms(empty));
        assert_noop!(bad, Error::<Test>::NoProvisionTarget);
    });
}

#[test]
fn request_is_refused_when_it_asks_for_nothing_known() {
    build_and_execute(|| {
        let unknown = 1 << 30;
        let cases = [
            (
                Ask {
                    actions: Codes::empty(),
                    ..ask()
                },
                Error::<Test>::UnknownAction,
            ),
            (
                Ask {
                    actions: Codes::from_bits(unknown),
                    ..ask()
                },
                Error::UnknownAction,
            ),
            (
                Ask {
                    purposes: Codes::empty(),
                    ..ask()
                },
                Error::UnknownPurpose,
            ),
            (
                Ask {
                    purposes: Codes::from_bits(unknown),
                    ..ask()
                },
                Error::UnknownPurpose,
            ),
            (
                Ask {
                    period: Period::between(2, 1),
                    ..ask()
                },
                Error::InvalidPeriod,
            ),
            (
                Ask {
                    period: Period::between(1, 2),
                    ..ask()
                },
                Error::PeriodInPast,
            ),
        ];
        for (ask, error) in cases {
            assert_noop!(request(ask), error);
        }
    });
}

#[test]
fn request_is_refused_when_64_wait() {
    build_and_execute(|| {
        for _ in 0..MAX_PENDING {
            assert_ok!(request(ask()));
        }
        assert_noop!(request(ask()), Error::<Test>::MaxPendingExceeded);
    });
}
