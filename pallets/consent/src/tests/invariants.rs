//! Random histories: whatever people do, the invariants hold, what is withdrawn stays withdrawn,
//! and the gate opens exactly when readers are told so.

use crate::{mock::*, types::*, Pallet, Reply};
use axonic_primitives::{
    consent::{Action, ConsentGate, Denial, PurposeOfUse},
    AccountId, BreakGlassId, ConsentId, Period, RequestId,
};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeSet;

/// What somebody does next. Numbers pick among what exists.
#[derive(Clone, Debug)]
enum Deed {
    Grant(bool, u8),
    Propose(bool),
    Accept(usize),
    Reject(usize),
    Withdraw(usize),
    WithdrawAll(u32),
    Supersede(usize, bool),
    Verify(usize),
    MarkError(usize),
    Ask,
    Answer(usize, bool),
    Open,
    Close(usize),
    Review(usize),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let pick = || 0usize..32;
    prop_oneof![
        3 => (any::<bool>(), any::<u8>()).prop_map(|(permit, kind)| Deed::Grant(permit, kind)),
        2 => any::<bool>().prop_map(Deed::Propose),
        2 => pick().prop_map(Deed::Accept),
        1 => pick().prop_map(Deed::Reject),
        2 => pick().prop_map(Deed::Withdraw),
        1 => (0u32..4).prop_map(Deed::WithdrawAll),
        1 => (pick(), any::<bool>()).prop_map(|(i, permit)| Deed::Supersede(i, permit)),
        1 => pick().prop_map(Deed::Verify),
        1 => pick().prop_map(Deed::MarkError),
        1 => Just(Deed::Ask),
        1 => (pick(), any::<bool>()).prop_map(|(i, grant)| Deed::Answer(i, grant)),
        1 => Just(Deed::Open),
        1 => pick().prop_map(Deed::Close),
        1 => pick().prop_map(Deed::Review),
        1 => (1u64..40).prop_map(Deed::Wait),
    ]
}

fn some_draft(permit: bool, kind: u8) -> Draft {
    let decision = if permit {
        ProvisionType::Permit
    } else {
        ProvisionType::Deny
    };
    let provisions = match kind % 4 {
        0 => vec![],
        1 => vec![about([Grantee::Organisation(HOSPITAL)])],
        2 => vec![about([
            Grantee::Practitioner(NURSE),
            Grantee::Organisation(CLINIC),
        ])],
        _ => vec![ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            ..Default::default()
        }],
    };
    let end = (kind % 5 == 0).then(|| Now::get() + 10 * HOUR);
    Draft {
        period: Period { start: None, end },
        ..draft_with(decision, provisions)
    }
}

fn consents() -> Vec<ConsentId> {
    let mut all: Vec<_> = crate::LiveConsents::<Test>::iter_key_prefix(PATIENT).collect();
    all.extend(crate::Proposals::<Test>::iter_key_prefix(PATIENT));
    all.extend(crate::EndedConsents::<Test>::iter_key_prefix(PATIENT));
    all
}

fn nth<T: Copy + Default>(all: Vec<T>, i: usize) -> T {
    if all.is_empty() {
        T::default()
    } else {
        all[i % all.len()]
    }
}

fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Does it, whether or not it is allowed.
fn perform(deed: Deed) {
    let patient = || signed(PATIENT_KEY);
    let consent = |i| nth(consents(), i);
    let request = |i| nth::<RequestId>(crate::Requests::<Test>::iter_keys().collect(), i);
    let glass = |i| nth::<BreakGlassId>(crate::BreakGlasses::<Test>::iter_keys().collect(), i);
    let _ = match deed {
        Deed::Grant(permit, kind) => {
            Consents::grant(patient(), PATIENT, Box::new(some_draft(permit, kind)))
        }
        Deed::Propose(permit) => {
            Consents::propose(signed(NURSE), PATIENT, Box::new(some_draft(permit, 5)))
        }
        Deed::Accept(i) => Consents::accept(patient(), PATIENT, consent(i)),
        Deed::Reject(i) => Consents::reject(patient(), PATIENT, consent(i)),
        Deed::Withdraw(i) => Consents::withdraw(patient(), PATIENT, consent(i)),
        Deed::WithdrawAll(org) => {
            let grantee = Grantee::Organisation(axonic_primitives::OrgId(org));
            Consents::withdraw_all_from(patient(), PATIENT, grantee)
        }
        Deed::Supersede(i, permit) => {
            let draft = Box::new(some_draft(permit, 1));
            Consents::supersede(patient(), PATIENT, consent(i), draft)
        }
        Deed::Verify(i) => Consents::verify(signed(NURSE), PATIENT, consent(i)),
        Deed::MarkError(i) => Consents::mark_entered_in_error(patient(), PATIENT, consent(i)),
        Deed::Ask => {
            let ask = Ask {
                actions: Action::Access.into(),
                purposes: PurposeOfUse::Treat.into(),
                classes: Default::default(),
                period: Period::ALWAYS,
            };
            Consents::request_access(signed(NURSE), PATIENT, ask)
        }
        Deed::Answer(i, grant) => {
            let draft = Box::new(some_draft(true, 2));
            let reply = match grant {
                true => Reply::Grant {
                    draft,
                    supersedes: None,
                },
                false => Reply::Decline,
            };
            Consents::answer_request(patient(), request(i), reply)
        }
        Deed::Open => Consents::open_break_glass(
            signed(DOCTOR),
            PATIENT,
            EmergencyReason::PatientIncapacitated,
            H256::repeat_byte(1),
        ),
        Deed::Close(i) => Consents::close_break_glass(signed(NURSE), glass(i)),
        Deed::Review(i) => {
            let outcome = ReviewOutcome::Unjustified;
            Consents::review_break_glass(signed(PRIVACY_OFFICER), glass(i), outcome)
        }
        Deed::Wait(hours) => {
            Now::advance(hours * HOUR);
            Ok(())
        }
    };
}

/// The gate opens exactly when readers are told that it would.
fn gate_and_answer_agree() {
    let emergency = query_by(HOSPITAL, DOCTOR, PurposeOfUse::BreakGlass);
    let care = query_by(HOSPITAL, NURSE, PurposeOfUse::Treat);
    for query in [
        query(HOSPITAL),
        query(CLINIC),
        query(PAYER),
        care,
        emergency,
    ] {
        match (answer(&query), Pallet::<Test>::authorize(&PATIENT, &query)) {
            (Decision::Permit { basis, .. }, Ok(receipt)) => assert_eq!(receipt.basis, basis),
            (Decision::Deny { reason, .. }, Err(refused)) => assert_eq!(reason, refused.denial),
            (Decision::NoConsent, Err(refused)) => assert_eq!(refused.denial, Denial::NoConsent),
            (answer, gate) => panic!("told {answer:?} but did {gate:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn invariants_hold_after_every_deed(deeds in proptest::collection::vec(deed(), 1..120)) {
        build_and_execute(|| {
            let mut ended = BTreeSet::new();
            for deed in deeds {
                perform(deed);
                Pallet::<Test>::do_try_state().expect("every invariant holds");
                gate_and_answer_agree();
                let live: BTreeSet<_> =
                    crate::LiveConsents::<Test>::iter_key_prefix(PATIENT).collect();
                assert!(live.is_disjoint(&ended), "an ended consent came back to life");
                ended.extend(crate::EndedConsents::<Test>::iter_key_prefix(PATIENT));
            }
        });
    }
}
