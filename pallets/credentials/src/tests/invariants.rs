//! Random histories: whatever people do, the invariants hold, what is over stays over, and the
//! seam, the reads and a naive model of the rules give the same answers.

use super::model::{Fact, Model};
use crate::{
    mock::*,
    rules::{self, Standing},
    types::*,
    Credentials as Stored, Pallet, Retired,
};
use axonic_primitives::{
    credentials::{CredentialDenial, Credentials, Privilege},
    membership::Jurisdiction,
    AccountId, CredentialId, Moment, OrgId, Refusal,
};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeSet;

const KINDS: [CredentialKind; 3] = [MEDICAL, CONTROLLED, CredentialKind::AdvancedPracticeLicence];

/// What somebody does next. Flags choose one of two; numbers pick among what exists, or count days.
#[derive(Clone, Debug)]
enum Deed {
    Accredit(bool, usize, bool),
    Withdraw(bool, usize, bool),
    Distrust(bool, u64),
    RaiseEpoch,
    Issue {
        board: bool,
        doctor: bool,
        kind: usize,
        abroad: bool,
        all_privileges: bool,
        starts_in: i64,
        lasts: i64,
    },
    Renew(usize, u64),
    Suspend(usize, Option<u64>),
    Reinstate(usize),
    Revoke(usize),
    Surrender(usize),
    Check(usize),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let flag = any::<bool>;
    let pick = || 0usize..64;
    let kind = || 0usize..KINDS.len();
    let issue = (flag(), flag(), kind(), flag(), flag(), -20i64..20, 1i64..60);
    prop_oneof![
        4 => (flag(), kind(), flag()).prop_map(|(b, k, a)| Deed::Accredit(b, k, a)),
        1 => (flag(), kind(), flag()).prop_map(|(b, k, a)| Deed::Withdraw(b, k, a)),
        1 => (flag(), 0u64..20).prop_map(|(b, days)| Deed::Distrust(b, days)),
        1 => prop_oneof![4 => Just(Deed::Wait(1)), 1 => Just(Deed::RaiseEpoch)],
        8 => issue.prop_map(|(board, doctor, kind, abroad, all_privileges, starts_in, lasts)| {
            Deed::Issue { board, doctor, kind, abroad, all_privileges, starts_in, lasts }
        }),
        2 => (pick(), 1u64..80).prop_map(|(i, days)| Deed::Renew(i, days)),
        3 => (pick(), proptest::option::of(1u64..10)).prop_map(|(i, d)| Deed::Suspend(i, d)),
        2 => pick().prop_map(Deed::Reinstate),
        1 => pick().prop_map(Deed::Revoke),
        1 => pick().prop_map(Deed::Surrender),
        1 => pick().prop_map(Deed::Check),
        4 => (1u64..6).prop_map(Deed::Wait),
    ]
}

/// Who is asked about, for what, where, and when: days from now, and a millisecond more or less.
#[derive(Clone, Debug)]
struct Question {
    doctor: bool,
    privilege: Privilege,
    abroad: bool,
    days: i64,
    beside: i64,
}

fn question() -> impl Strategy<Value = Question> {
    let privilege = prop_oneof![
        2 => Just(Privilege::Prescribe),
        1 => Just(Privilege::PrescribeScheduleII),
        1 => Just(Privilege::EmergencyAccess),
        1 => Just(Privilege::Dispense),
    ];
    let when = prop_oneof![Just(0i64), -30i64..30];
    (any::<bool>(), privilege, any::<bool>(), when, -1i64..=1).prop_map(
        |(doctor, privilege, abroad, days, beside)| Question {
            doctor,
            privilege,
            abroad,
            days,
            beside,
        },
    )
}

fn issuer(board: bool) -> OrgId {
    if board {
        BOARD
    } else {
        REGULATOR
    }
}

fn staff_of(issuer: OrgId) -> AccountId {
    if issuer == BOARD {
        REGISTRAR
    } else {
        INSPECTOR
    }
}

fn holder(doctor: bool) -> AccountId {
    if doctor {
        DOCTOR
    } else {
        NURSE
    }
}

fn place(abroad: bool) -> Jurisdiction {
    if abroad {
        ABROAD
    } else {
        HOME
    }
}

fn days_from_now(days: i64) -> Moment {
    Now::get().saturating_add_signed(days * DAY as i64)
}

/// Does it, whether or not it is allowed, and tells the model if it was done.
fn perform(deed: Deed, model: &mut Model) {
    let all = model.ids();
    let nth = |i: usize| match all.is_empty() {
        true => (CredentialId::default(), BOARD),
        false => all[i % all.len()],
    };
    let done = |result: Result<(), sp_runtime::DispatchError>, fact| result.ok().map(|()| fact);
    let fact = match deed {
        Deed::Accredit(board, kind, abroad) => {
            let issuer = issuer(board);
            let result = accredit(issuer, KINDS[kind], place(abroad));
            done(result, Fact::Accredited { issuer })
        }
        Deed::Withdraw(board, kind, abroad) => {
            let _ = withdraw(issuer(board), KINDS[kind], place(abroad));
            None
        }
        Deed::Distrust(board, days) => {
            let issuer = issuer(board);
            let since = days_from_now(-(days as i64));
            done(distrust(issuer, since), Fact::Distrusted { issuer, since })
        }
        Deed::RaiseEpoch => {
            // Nothing of what follows is told about it.
            BoardEpoch::set(BoardEpoch::get().map(|epoch| epoch + 1));
            None
        }
        Deed::Issue {
            board,
            doctor,
            kind,
            abroad,
            all_privileges,
            starts_in,
            lasts,
        } => {
            let kind = KINDS[kind];
            let terms = Terms {
                kind,
                privileges: match all_privileges {
                    true => rules::grantable(kind),
                    false => Default::default(),
                },
                jurisdiction: place(abroad),
                valid_from: days_from_now(starts_in),
                valid_until: days_from_now(starts_in + lasts),
                commitment: H256::zero(),
            };
            issue_and_compare(issuer(board), holder(doctor), terms)
        }
        Deed::Renew(i, days) => {
            let (id, issuer) = nth(i);
            let until = days_from_now(days as i64);
            let staff = signed(staff_of(issuer));
            let result = Registry::renew(staff, id, until, H256::zero());
            done(result, Fact::Renewed { id, until })
        }
        Deed::Suspend(i, days) => {
            let (id, issuer) = nth(i);
            let until = days.map(|days| days_from_now(days as i64));
            let reason = Some(Reason::Disciplinary);
            let result = Registry::suspend(signed(staff_of(issuer)), id, until, reason);
            done(result, Fact::Suspended { id, until })
        }
        Deed::Reinstate(i) => {
            let (id, issuer) = nth(i);
            let result = Registry::reinstate(signed(staff_of(issuer)), id);
            done(result, Fact::Reinstated { id })
        }
        Deed::Revoke(i) => {
            let (id, issuer) = nth(i);
            let reason = Some(Reason::Superseded);
            let result = Registry::revoke(signed(staff_of(issuer)), id, reason);
            done(result, Fact::Ended { id })
        }
        Deed::Surrender(i) => {
            let (id, _) = nth(i);
            let owner = Stored::<Test>::get(id).map_or(STRANGER, |stored| stored.holder);
            done(Registry::surrender(signed(owner), id), Fact::Ended { id })
        }
        Deed::Check(i) => {
            let (id, _) = nth(i);
            let failed = PrimarySource::Failed;
            let recruiter = signed(RECRUITER);
            let _ = Registry::record_primary_source_check(recruiter, id, failed, H256::zero());
            None
        }
        Deed::Wait(days) => {
            pass(days * DAY);
            None
        }
    };
    if let Some(fact) = fact {
        model.log(fact);
    }
}

/// Issues, if `explain_issue` says so and only then.
fn issue_and_compare(issuer: OrgId, holder: AccountId, terms: Terms) -> Option<Fact> {
    let staff = staff_of(issuer);
    let told = Pallet::<Test>::explain_issue(staff.clone(), holder.clone(), terms);
    let done = issue(staff, holder.clone(), terms);
    let done = done.map_err(Refusal::from);
    assert_eq!(told, done, "explain_issue and issue disagree");
    done.ok()?;
    let crate::Event::Issued { credential, .. } = last_event() else {
        panic!("not issued")
    };
    Some(Fact::Issued {
        id: credential,
        holder,
        issuer,
        terms,
    })
}

/// The seam, the reads and the model answer alike.
fn compare(question: &Question, model: &Model) {
    let who = holder(question.doctor);
    let place = place(question.abroad);
    let at = days_from_now(question.days).saturating_add_signed(question.beside);
    let privilege = question.privilege;

    let looked_at = |id: &CredentialId| !Retired::<Test>::contains_key(&who, id);
    let expected = model.has(&who, privilege, place, at, looked_at);
    let answer = Registry::has(&who, privilege, place, at);
    assert_eq!(answer, expected, "{question:?}");

    let told = Pallet::<Test>::explain(who.clone(), privilege, place, Some(at));
    match (told.answer, answer) {
        (Answer::Licensed { credential }, Ok(id)) => {
            assert_eq!(credential, id);
            let shown = Pallet::<Test>::verify(id, Some(at)).unwrap();
            assert_eq!(shown.standing, Standing::Good);
        }
        (Answer::Denied { reason }, Err(denial)) => assert_eq!(reason, denial),
        (told, answer) => panic!("told {told:?} but answered {answer:?}"),
    }
}

fn over_now() -> BTreeSet<CredentialId> {
    Stored::<Test>::iter()
        .filter(|(_, stored)| Pallet::<Test>::standing_of(stored, Now::get()).is_over())
        .map(|(id, _)| id)
        .collect()
}

proptest! {
    // About 30 deeds in each of 160 histories, and 8 questions after each: over 30,000 questions.
    #![proptest_config(ProptestConfig { cases: 160, ..Default::default() })]

    #[test]
    fn invariants_hold_and_answers_agree_after_every_deed(
        history in proptest::collection::vec(
            (deed(), proptest::array::uniform8(question())),
            1..60,
        ),
    ) {
        build_and_execute(|| {
            let mut model = Model::default();
            let mut over = BTreeSet::new();
            for (deed, questions) in history {
                perform(deed, &mut model);
                Pallet::<Test>::do_try_state().expect("every invariant holds");
                questions.iter().for_each(|question| compare(question, &model));
                let over_before = over;
                over = over_now();
                assert!(over_before.is_subset(&over), "what was over came back to life");
            }
        });
    }

    #[test]
    fn distrust_voids_exactly_what_was_issued_since(
        waits in proptest::collection::vec(0u64..5, 1..12),
        since_day in 0u64..60,
    ) {
        build_and_execute(|| {
            let mut issued_at = Vec::new();
            for (n, wait) in (100u8..).zip(waits) {
                pass(wait * DAY);
                let holder = AccountId::new([n; 32]);
                issued(REGISTRAR, holder.clone(), medical_licence());
                issued_at.push((holder, Now::get()));
            }
            let since = (START + since_day * DAY).min(Now::get());
            assert_ok!(distrust(BOARD, since));
            for (holder, when) in issued_at {
                let answer = Registry::has(&holder, Privilege::Prescribe, HOME, when);
                if when < since {
                    assert!(answer.is_ok());
                } else {
                    assert_eq!(answer, Err(CredentialDenial::IssuerDistrusted));
                }
            }
        });
    }
}
