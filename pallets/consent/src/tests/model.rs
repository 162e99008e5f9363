//! A second, naive reading of the rules, written without looking at the first: it expands what a
//! patient said into plain lists and asks simple questions of them. Random cases compare the two.

use crate::{mock::*, rules, types::*};
use axonic_primitives::{
    consent::{AccessQuery, Action, DataRef, Label, PurposeOfUse, Recipient, ResourceType, Scope},
    membership::Role,
    AccountId, Code, Codes, ConsentId, Moment, OrgId, Period,
};
use proptest::prelude::*;
use sp_core::H256;

/// Small worlds make provisions and queries meet often.
fn account() -> impl Strategy<Value = AccountId> {
    (1u8..4).prop_map(|n| AccountId::new([n; 32]))
}

fn code<C: Code + core::fmt::Debug>() -> impl Strategy<Value = C> {
    (0..C::ALL.len().min(4)).prop_map(|i| C::ALL[i])
}

fn codes<C: Code + core::fmt::Debug>() -> impl Strategy<Value = Codes<C>> {
    prop_oneof![
        3 => Just(Codes::empty()),
        2 => proptest::collection::vec(code::<C>(), 1..3).prop_map(|v| v.into_iter().collect()),
    ]
}

/// Two grades of confidentiality and two kinds of sensitivity.
fn label() -> impl Strategy<Value = Label> {
    prop_oneof![
        Just(Label::Normal),
        Just(Label::Restricted),
        Just(Label::Psychiatry),
        Just(Label::Hiv),
    ]
}

fn labels() -> impl Strategy<Value = Codes<Label>> {
    prop_oneof![
        3 => Just(Codes::empty()),
        2 => proptest::collection::vec(label(), 1..3).prop_map(|v| v.into_iter().collect()),
    ]
}

fn hash() -> impl Strategy<Value = H256> {
    (1u8..4).prop_map(H256::repeat_byte)
}

fn data_ref() -> impl Strategy<Value = DataRef> {
    prop_oneof![
        hash().prop_map(DataRef::Instance),
        hash().prop_map(DataRef::Related),
        hash().prop_map(DataRef::AuthoredBy),
        (0u32..3).prop_map(|org| DataRef::HeldBy(OrgId(org))),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    (0u64..6, 1u64..6).prop_map(|(start, length)| Period::between(start, start + length))
}

fn few<S: Strategy>(item: S, rarely: u32) -> impl Strategy<Value = Vec<S::Value>>
where
    S::Value: Clone,
{
    prop_oneof![
        rarely => Just(Vec::new()),
        1 => proptest::collection::vec(item, 1..3),
    ]
}

fn grantee() -> impl Strategy<Value = Grantee> {
    prop_oneof![
        (0u32..3).prop_map(|org| Grantee::Organisation(OrgId(org))),
        account().prop_map(Grantee::Practitioner),
        code::<Role>().prop_map(Grantee::RoleClass),
        Just(Grantee::Any),
    ]
}

fn provision() -> impl Strategy<Value = ProvisionDraft> {
    (
        (
            few(grantee(), 1),
            codes::<Action>(),
            codes::<PurposeOfUse>(),
            labels(),
        ),
        (
            few(code::<ResourceType>(), 3),
            few(hash(), 5),
            few(data_ref(), 4),
        ),
        (
            proptest::option::weighted(0.2, period()),
            proptest::option::weighted(0.2, period()),
        ),
    )
        .prop_map(
            |((actors, actions, purposes, labels), (classes, codes, data), periods)| {
                let (period, data_period) = periods;
                ProvisionDraft {
                    parent: None,
                    actors,
                    actions,
                    purposes,
                    labels,
                    classes,
                    codes,
                    data,
                    period,
                    data_period,
                }
            },
        )
        .prop_filter("narrows something", |p| {
            draft_with(ProvisionType::Permit, vec![p.clone()])
                .check(0)
                .is_ok()
        })
}

fn terms() -> impl Strategy<Value = Terms> {
    let tree = proptest::collection::vec((provision(), proptest::option::of(0usize..8)), 0..7);
    (
        any::<bool>(),
        code::<Scope>(),
        proptest::option::weighted(0.2, period()),
        tree,
    )
        .prop_map(|(permit, scope, period, tree)| {
            let mut provisions: Vec<ProvisionDraft> = Vec::new();
            for (mut provision, parent) in tree {
                let roots = || {
                    provisions
                        .iter()
                        .enumerate()
                        .filter(|(_, p)| p.parent.is_none())
                };
                let count = roots().count();
                provision.parent = parent
                    .filter(|_| count > 0)
                    .and_then(|i| roots().nth(i % count))
                    .map(|(i, _)| i as u8);
                provisions.push(provision);
            }
            let decision = if permit {
                ProvisionType::Permit
            } else {
                ProvisionType::Deny
            };
            let period = period.unwrap_or(Period::ALWAYS);
            Draft {
                scope,
                period,
                ..draft_with(decision, provisions)
            }
            .check(0)
            .expect("every part was made well formed")
        })
}

fn a_query() -> impl Strategy<Value = AccessQuery> {
    (
        (
            0u32..3,
            proptest::option::of(account()),
            code::<Action>(),
            code::<PurposeOfUse>(),
        ),
        (
            few(code::<ResourceType>(), 1),
            labels(),
            few(hash(), 1),
            few(data_ref(), 1),
        ),
        proptest::option::of(period()),
    )
        .prop_map(
            |((org, practitioner, action, purpose), content, data_period)| {
                let (classes, labels, codes, data) = content;
                AccessQuery {
                    recipient: Recipient {
                        org: OrgId(org),
                        practitioner,
                    },
                    action,
                    purpose,
                    classes: classes.try_into().expect("at most two"),
                    labels,
                    codes: codes.try_into().expect("at most two"),
                    data: data.try_into().expect("at most two"),
                    data_period,
                }
            },
        )
}

/// What the naive reader makes of one attribute: `Some(true)` if they share something,
/// `Some(false)` if they do not, `None` if the query leaves it open.
fn share<T: PartialEq>(carried: Vec<T>, named: Vec<T>) -> Option<bool> {
    if carried.is_empty() {
        Some(true)
    } else if named.is_empty() {
        None
    } else {
        Some(carried.iter().any(|item| named.contains(item)))
    }
}

/// `Some(true)`: applies. `Some(false)`: does not. `None`: depends on what the query left open.
fn applies(p: &Provision, q: &AccessQuery, roles: &[Role], now: Moment) -> Option<bool> {
    let practitioner = q.recipient.practitioner.clone();
    let actor = |grantee: &Grantee| match grantee {
        Grantee::Any => Some(true),
        Grantee::Organisation(org) => Some(*org == q.recipient.org),
        Grantee::RoleClass(role) => Some(roles.contains(role)),
        Grantee::Practitioner(account) => practitioner.as_ref().map(|named| named == account),
    };
    let actors: Vec<_> = p.actors.iter().map(actor).collect();
    let actors = if actors.is_empty() || actors.contains(&Some(true)) {
        Some(true)
    } else if actors.contains(&None) {
        None
    } else {
        Some(false)
    };
    let side = |wanted: fn(&DataRef) -> bool| {
        let mine: Vec<_> = p.data.iter().filter(|d| wanted(d)).collect();
        let hit = q.data.iter().any(|n| mine.iter().any(|d| d.covers(n)));
        let named = q.data.iter().any(wanted);
        match (mine.is_empty(), hit, named) {
            (true, ..) | (_, true, _) => Some(true),
            (_, _, true) => Some(false),
            _ => None,
        }
    };
    let only = |codes: Codes<Label>, grade: bool| -> Vec<Label> {
        codes
            .iter()
            .filter(|l| Label::CONFIDENTIALITY.contains(l) == grade)
            .collect()
    };
    let inside = |at: u64, period: &Period| {
        period.start.unwrap_or(0) <= at && at < period.end.unwrap_or(u64::MAX)
    };
    let data_period = match (p.data_period, q.data_period) {
        (None, _) => Some(true),
        (Some(_), None) => None,
        (Some(a), Some(b)) => Some((0..20).any(|at| inside(at, &a) && inside(at, &b))),
    };
    let all = [
        actors,
        Some(p.period.is_none_or(|period| inside(now, &period))),
        share(p.actions.iter().collect(), vec![q.action]),
        share(p.purposes.iter().collect(), vec![q.purpose]),
        share(only(p.labels, true), only(q.labels, true)),
        share(only(p.labels, false), only(q.labels, false)),
        share(p.classes.to_vec(), q.classes.to_vec()),
        share(p.codes.to_vec(), q.codes.to_vec()),
        side(|d| matches!(d, DataRef::Instance(_))),
        side(|d| matches!(d, DataRef::Related(_))),
        side(|d| matches!(d, DataRef::AuthoredBy(_))),
        side(|d| matches!(d, DataRef::HeldBy(_))),
        data_period,
    ];
    if all.contains(&Some(false)) {
        Some(false)
    } else if all.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// Whether the consent permits, as somebody would work it out with a pencil; `None`: it is silent.
fn naive(terms: &Terms, q: &AccessQuery, roles: &[Role], now: Moment) -> Option<ProvisionType> {
    if now < terms.period.start.unwrap_or(0) || now >= terms.period.end.unwrap_or(u64::MAX) {
        return None;
    }
    let care = ["TREAT", "ETREAT", "BTG", "CAREMGT"];
    let speaks = match terms.scope {
        Scope::PatientPrivacy => true,
        Scope::Treatment | Scope::AdvanceDirective => care.contains(&q.purpose.code()),
        Scope::Research => ["HRESCH", "CLINTRCH"].contains(&q.purpose.code()),
    };
    if !speaks {
        return None;
    }
    // Each provision that is an exception to the decision itself says something or nothing.
    let mut said = Vec::new();
    let mut parts = 0;
    for (index, provision) in terms.provisions.iter().enumerate() {
        if provision.parent.is_some() || applies(provision, q, roles, now) != Some(true) {
            continue;
        }
        let exceptions: Vec<_> = terms
            .provisions
            .iter()
            .filter(|other| other.parent == Some(index as u8))
            .filter(|other| applies(other, q, roles, now) == Some(true))
            .collect();
        if exceptions.is_empty() {
            said.push(!terms.decision);
        } else {
            said.push(terms.decision);
            if !exceptions.iter().any(|other| whole(other, q)) {
                parts += 1;
            }
        }
    }
    Some(if said.is_empty() {
        terms.decision
    } else if said.contains(&ProvisionType::Deny)
        || (terms.decision == ProvisionType::Permit && parts > 1)
    {
        ProvisionType::Deny
    } else {
        ProvisionType::Permit
    })
}

/// Whether a provision that applies covers everything the query names.
fn whole(p: &Provision, q: &AccessQuery) -> bool {
    let grades = |codes: Codes<Label>| -> Vec<Label> {
        codes
            .iter()
            .filter(|l| Label::CONFIDENTIALITY.contains(l))
            .collect()
    };
    let kinds = |codes: Codes<Label>| -> Vec<Label> {
        codes
            .iter()
            .filter(|l| !Label::CONFIDENTIALITY.contains(l))
            .collect()
    };
    fn all<T: PartialEq>(carried: &[T], named: &[T]) -> bool {
        carried.is_empty() || named.iter().all(|item| carried.contains(item))
    }
    let records = p.data.iter().all(|side| {
        let mine: Vec<_> = p.data.iter().filter(|d| d.is_alike(side)).collect();
        q.data
            .iter()
            .filter(|n| n.is_alike(side) || mine.iter().any(|d| d.covers(n)))
            .all(|n| mine.iter().any(|d| d.covers(n)))
    });
    let time = match (p.data_period, q.data_period) {
        (Some(a), Some(b)) => {
            a.start.unwrap_or(0) <= b.start.unwrap_or(0)
                && b.end.unwrap_or(u64::MAX) <= a.end.unwrap_or(u64::MAX)
        }
        _ => true,
    };
    all(&grades(p.labels), &grades(q.labels))
        && all(&kinds(p.labels), &kinds(q.labels))
        && all(&p.classes, &q.classes)
        && all(&p.codes, &q.codes)
        && records
        && time
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, ..Default::default() })]

    #[test]
    fn judge_agrees_with_the_naive_model(
        terms in terms(),
        query in a_query(),
        roles in proptest::collection::vec(code::<Role>(), 0..3),
        now in 0u64..10,
    ) {
        let id = ConsentId::default();
        let verdict = rules::judge(id, &terms, &query, roles.iter().copied().collect(), now);
        let decided = match verdict.finding {
            Finding::Decides { decision, .. } => Some(decision),
            _ => None,
        };
        prop_assert_eq!(decided, naive(&terms, &query, &roles, now));
        if decided.is_none() {
            prop_assert!(verdict.obligations.is_empty());
        }
    }

    /// Naming more of the data never turns a redaction into a release: whatever a permit with
    /// obligations leaves to the custodian, asking for exactly that data is answered by the rules.
    #[test]
    fn judge_never_permits_without_obligation_what_naming_the_data_denies(
        terms in terms(),
        query in a_query(),
        now in 0u64..10,
        label in label(),
    ) {
        let query = AccessQuery { labels: Codes::empty(), ..query };
        let judge = |query: &AccessQuery| {
            rules::judge(ConsentId::default(), &terms, query, Codes::empty(), now)
        };
        let open = judge(&query);
        let named = judge(&AccessQuery { labels: label.into(), ..query });
        let permits = |verdict: &rules::Verdict| {
            matches!(verdict.finding, Finding::Decides { decision: ProvisionType::Permit, .. })
        };
        if permits(&open) && !permits(&named) {
            prop_assert!(!open.obligations.is_empty());
        }
    }
}
