//! Patients ask for explanations, custodians answer.

use crate::{mock::*, types::*, Error, Event, ANSWER_WINDOW};
use axonic_primitives::{
    membership::Duty,
    patients::{Acting, Standing},
    testing::Doubles,
    AccountId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

fn contest(who: AccountId, sequence: u64) -> DispatchResult {
    Audit::contest(signed(who), PATIENT, sequence)
}

fn answer(who: AccountId, sequence: u64) -> DispatchResult {
    let finding = Finding::Unjustified;
    Audit::answer_contest(signed(who), PATIENT, sequence, finding, EXPLANATION)
}

fn open() -> Vec<u64> {
    let open = Audit::contests_open(HOSPITAL, None, 10).unwrap();
    open.into_iter().map(|info| info.sequence).collect()
}

#[test]
fn contest_waits_for_the_custodian() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        Now::set(START + DAY);
        assert_ok!(contest(PATIENT_KEY, sequence));
        let contested_at = START + DAY;
        let by = Acting::SelfActing;
        let contested = Event::Contested {
            patient: PATIENT,
            sequence,
            custodian: HOSPITAL,
            by,
            contested_at,
        };
        assert_eq!(last_event(), contested);
        let contest = Contest {
            by,
            contested_at,
            answer: None,
        };
        assert_eq!(accounting(PATIENT)[0].contest, Some(contest.clone()));
        let mut info = ContestInfo {
            patient: PATIENT,
            sequence,
            contest,
            due_at: contested_at + ANSWER_WINDOW,
            overdue: false,
        };
        let open = || Audit::contests_open(HOSPITAL, None, 10).unwrap();
        Now::set(info.due_at - 1);
        assert_eq!(open(), [info.clone()]);
        Now::set(info.due_at);
        info.overdue = true;
        assert_eq!(open(), [info]);
        assert_eq!(Audit::contests_open(CLINIC, None, 10), Ok(vec![]));
    });
}

#[test]
fn contest_is_by_the_patient_or_whoever_corresponds_for_one() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        for who in [CARER, OTHER_PATIENT_KEY, CLERK, STRANGER] {
            assert_noop!(contest(who, sequence), Error::<Test>::NotPatient);
        }
        assert_ok!(contest(GUARDIAN, sequence));
        let by = accounting(PATIENT)[0].contest.clone().unwrap().by;
        assert_eq!(by, Acting::Representative);
    });
}

#[test]
fn contest_is_possible_about_a_refused_attempt_and_under_a_merged_id() {
    build_and_execute(|| {
        assert_ok!(report_refusal(CLERK, OTHER_PATIENT, CLINIC));
        let standing = Standing {
            canonical: PATIENT,
            active: true,
        };
        Doubles::set_standing(OTHER_PATIENT, standing);
        assert_ok!(Audit::contest(signed(PATIENT_KEY), OTHER_PATIENT, 0));
        assert_eq!(open(), [0]);
    });
}

#[test]
fn contest_is_refused_when_there_is_no_entry() {
    build_and_execute(|| {
        assert_noop!(contest(PATIENT_KEY, 0), Error::<Test>::NotFound);
        disclosed(PATIENT);
        assert_noop!(contest(PATIENT_KEY, 1), Error::<Test>::NotFound);
    });
}

#[test]
fn contest_is_refused_when_it_was_contested_before() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        assert_ok!(contest(PATIENT_KEY, sequence));
        assert_noop!(contest(GUARDIAN, sequence), Error::<Test>::AlreadyContested);
        assert_ok!(answer(PRIVACY_OFFICER, sequence));
        assert_noop!(
            contest(PATIENT_KEY, sequence),
            Error::<Test>::AlreadyContested
        );
    });
}

#[test]
fn answer_is_shown_beside_the_entry() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        let other = disclosed(PATIENT);
        assert_ok!(contest(PATIENT_KEY, sequence));
        assert_ok!(contest(PATIENT_KEY, other));
        Now::set(START + DAY);
        assert_ok!(answer(PRIVACY_OFFICER, sequence));
        let given = Answer {
            finding: Finding::Unjustified,
            explanation: EXPLANATION,
            officer: PRIVACY_OFFICER,
            answered_at: START + DAY,
        };
        let contest = accounting(PATIENT)[0].contest.clone().unwrap();
        assert_eq!(contest.answer, Some(given.clone()));
        let answered = Event::ContestAnswered {
            patient: PATIENT,
            sequence,
            answer: given,
        };
        assert_eq!(last_event(), answered);
        assert_eq!(open(), [other]);
    });
}

#[test]
fn answer_is_refused_when_there_is_nothing_to_answer() {
    build_and_execute(|| {
        assert_noop!(answer(PRIVACY_OFFICER, 0), Error::<Test>::NotFound);
        let sequence = disclosed(PATIENT);
        assert_noop!(
            answer(PRIVACY_OFFICER, sequence),
            Error::<Test>::NotContested
        );
        assert_ok!(contest(PATIENT_KEY, sequence));
        assert_ok!(answer(PRIVACY_OFFICER, sequence));
        assert_noop!(
            answer(PRIVACY_OFFICER, sequence),
            Error::<Test>::AlreadyAnswered
        );
    });
}

#[test]
fn answer_is_refused_when_it_is_by_anybody_but_the_custodians_officer() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        assert_ok!(contest(PATIENT_KEY, sequence));
        assert_noop!(answer(CLINIC_STAFF, sequence), Error::<Test>::NotCustodian);
        for who in [CLERK, PATIENT_KEY, STRANGER] {
            assert!(answer(who, sequence).is_err());
        }
        assert_eq!(open(), [sequence]);
    });
}

#[test]
fn answer_is_refused_when_the_officer_disclosed_or_received() {
    build_and_execute(|| {
        let finding = Finding::Justified;
        let answer = |who| Audit::answer_contest(signed(who), PATIENT, 0, finding, EXPLANATION);
        let colleague = AccountId::new([25; 32]);
        Doubles::enrol(colleague.clone(), CLINIC, Duty::PrivacyOfficer);
        let mut shown = disclosure(PAYER);
        shown.recipient.practitioner = Some(colleague.clone());
        assert_ok!(disclose(CLINIC_STAFF, PATIENT, shown));
        assert_ok!(contest(PATIENT_KEY, 0));
        for involved in [CLINIC_STAFF, colleague] {
            assert_noop!(answer(involved), Error::<Test>::SelfAnswer);
        }
        let other = AccountId::new([26; 32]);
        Doubles::enrol(other.clone(), CLINIC, Duty::PrivacyOfficer);
        assert_ok!(answer(other));
    });
}

#[test]
fn answer_is_refused_without_a_commitment() {
    build_and_execute(|| {
        let sequence = disclosed(PATIENT);
        assert_ok!(contest(PATIENT_KEY, sequence));
        let finding = Finding::Justified;
        let origin = signed(PRIVACY_OFFICER);
        assert_noop!(
            Audit::answer_contest(origin, PATIENT, sequence, finding, H256::zero()),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn contests_open_are_paged() {
    build_and_execute(|| {
        let all: Vec<_> = (0..10).map(|_| disclosed(PATIENT)).collect();
        for sequence in &all {
            assert_ok!(contest(PATIENT_KEY, *sequence));
        }
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = Audit::contests_open(HOSPITAL, after, 3).unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.patient, last.sequence));
            // What was answered meanwhile still marks the place.
            assert_ok!(answer(PRIVACY_OFFICER, last.sequence));
            found.extend(page.into_iter().map(|info| info.sequence));
        }
        found.sort();
        assert_eq!(found, all);
    });
}
