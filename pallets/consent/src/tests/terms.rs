//! What well-formed terms are, and how a consent moves through its states.

use crate::{
    mock::*,
    rules::{Event, Fault, IllegalMove},
    types::*,
};
use axonic_primitives::{Codes, Period};
use codec::{Decode, Encode};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_core::H256;
use ProvisionType::{Deny, Permit};

fn fault(draft: Draft) -> Fault {
    draft
        .check(START)
        .expect_err("the draft is not well formed")
}

fn one_exception(provision: ProvisionDraft) -> Draft {
    draft_with(Permit, vec![provision])
}

#[test]
fn check_names_each_fault() {
    let backwards = Period {
        start: Some(START + 2),
        end: Some(START + 1),
    };
    let unknown = 1 << 31;
    let child_of = |parent| ProvisionDraft {
        parent: Some(parent),
        ..about([Grantee::Any])
    };
    let any = || about([Grantee::Any]);

    assert_eq!(
        fault(Draft {
            period: backwards,
            ..draft(Permit)
        }),
        Fault::InvalidPeriod
    );
    let past = Period {
        start: None,
        end: Some(START),
    };
    assert_eq!(
        fault(Draft {
            period: past,
            ..draft(Permit)
        }),
        Fault::PeriodInPast
    );
    assert_eq!(
        fault(one_exception(Default::default())),
        Fault::NoProvisionTarget
    );
    assert_eq!(
        fault(one_exception(ProvisionDraft {
            period: Some(backwards),
            ..any()
        })),
        Fault::InvalidPeriod
    );
    assert_eq!(
        fault(one_exception(ProvisionDraft {
            data_period: Some(backwards),
            ..any()
        })),
        Fault::InvalidPeriod
    );
    assert_eq!(fault(one_exception(child_of(0))), Fault::BadParentIndex);
    assert_eq!(
        fault(draft_with(Permit, vec![child_of(1), any()])),
        Fault::BadParentIndex
    );
    assert_eq!(
        fault(draft_with(Permit, vec![any(), child_of(0), child_of(1)])),
        Fault::ProvisionTooDeep
    );
    assert_eq!(
        fault(one_exception(ProvisionDraft {
            actions: Codes::from_bits(unknown),
            ..any()
        })),
        Fault::UnknownAction
    );
    assert_eq!(
        fault(one_exception(ProvisionDraft {
            purposes: Codes::from_bits(unknown),
            ..any()
        })),
        Fault::UnknownPurpose
    );
    assert_eq!(
        fault(one_exception(ProvisionDraft {
            labels: Codes::from_bits(unknown),
            ..any()
        })),
        Fault::UnknownLabel
    );
    assert_eq!(
        fault(draft_with(Permit, vec![any(); MAX_PROVISIONS as usize + 1])),
        Fault::MaxProvisionsExceeded
    );
    let crowd = std::iter::repeat_n(Grantee::Any, MAX_ACTORS as usize + 1);
    assert_eq!(fault(one_exception(about(crowd))), Fault::MaxActorsExceeded);
    let codes = vec![H256::zero(); 17];
    assert_eq!(
        fault(one_exception(ProvisionDraft { codes, ..any() })),
        Fault::MaxTargetsExceeded
    );
}

#[test]
fn check_keeps_a_good_draft_as_it_is_and_its_encoding_too() {
    let mut nested = about([Grantee::Organisation(CLINIC)]);
    nested.parent = Some(0);
    let draft = draft_with(Deny, vec![about([Grantee::Organisation(HOSPITAL)]), nested]);
    let terms = draft.clone().check(START).expect("the draft is good");
    assert_eq!(terms.encode(), draft.encode());
    assert_eq!(Draft::from(terms), draft);
}

#[test]
fn the_encoding_of_terms_is_frozen() {
    let draft = draft_with(Deny, vec![about([Grantee::Organisation(CLINIC)])]);
    let bytes = draft.encode();
    let expected = [
        &[1, 1, 0, 0, 4][..],   // scope, decision, open period, one provision
        &[0, 4, 0, 1, 0, 0, 0], // no parent, one actor: organisation 1
        &[0; 12],               // actions, purposes, labels
        &[0, 0, 0, 0, 0],       // classes, codes, data, period, data period
        &[0; 64],               // policy and evidence
    ]
    .concat();
    assert_eq!(bytes, expected);
    assert_ok!(Draft::decode(&mut &bytes[..]));
}

const STATES: [Status; 6] = [
    Status::Proposed,
    Status::Active,
    Status::Rejected,
    Status::Withdrawn,
    Status::Superseded,
    Status::EnteredInError,
];
const EVENTS: [Event; 5] = [
    Event::Accept,
    Event::Reject,
    Event::Withdraw,
    Event::Supersede,
    Event::MarkEnteredInError,
];

#[test]
fn next_allows_only_the_moves_of_the_state_machine() {
    let allowed = [
        (Status::Proposed, Event::Accept, Status::Active),
        (Status::Proposed, Event::Reject, Status::Rejected),
        (Status::Active, Event::Withdraw, Status::Withdrawn),
        (Status::Active, Event::Supersede, Status::Superseded),
    ];
    for from in STATES {
        for event in EVENTS {
            let expected = allowed.iter().find(|(f, e, _)| (*f, *e) == (from, event));
            match (from, event, expected) {
                (Status::EnteredInError, ..) => {
                    assert_eq!(from.next(event), Err(IllegalMove::EnteredInErrorIsFinal));
                }
                (_, Event::MarkEnteredInError, _) => {
                    assert_eq!(from.next(event), Ok(Status::EnteredInError));
                }
                (.., Some((_, _, to))) => assert_eq!(from.next(event), Ok(*to)),
                (_, Event::Accept | Event::Reject, None) => {
                    assert_eq!(from.next(event), Err(IllegalMove::NotProposed));
                }
                (_, _, None) => assert_eq!(from.next(event), Err(IllegalMove::NotActive)),
            }
        }
    }
}

proptest! {
    #[test]
    fn next_never_brings_an_ended_consent_back_to_life(
        events in proptest::collection::vec(0usize..5, 0..20)
    ) {
        let mut state = Status::Proposed;
        let mut ended = false;
        for event in events {
            state = state.next(EVENTS[event]).unwrap_or(state);
            prop_assert!(!(ended && state == Status::Active));
            ended |= !matches!(state, Status::Proposed | Status::Active);
        }
    }
}
