//! Random histories: whatever people do, the invariants hold, only custodians write, what is
//! shredded stays shredded, and readers are told what calls then do.

use crate::{mock::*, types::*, Holdings, Pallet, Records};
use axonic_primitives::{
    consent::{Label, ResourceType},
    membership::Membership,
    merkle::{prove, root, LeafKind},
    patients::Standing,
    testing::Doubles,
    AccountId, BatchId, Codes, OrgId, PatientId, RecordId,
};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeMap;

/// What somebody does next. Numbers pick among what exists.
#[derive(Clone, Debug)]
enum Deed {
    Anchor(bool, u8),
    AnchorMany(usize),
    Supersede(usize, bool, u8),
    MarkError(usize),
    Shred(usize),
    Hold(usize, u8),
    Lift(usize, u8),
    Extend(usize, u64),
    Offer(usize, u32),
    Accept(usize),
    WithdrawOffer(usize),
    Batch(u32),
    Dispute(usize, u32, bool),
    DisputeLeaf(usize, u32),
    Merge(bool),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let pick = || 0usize..512;
    prop_oneof![
        4 => (any::<bool>(), any::<u8>()).prop_map(|(other, kind)| Deed::Anchor(other, kind)),
        1 => (0usize..3).prop_map(Deed::AnchorMany),
        5 => (pick(), any::<bool>(), any::<u8>())
            .prop_map(|(i, stale, kind)| Deed::Supersede(i, stale, kind)),
        1 => pick().prop_map(Deed::MarkError),
        3 => pick().prop_map(Deed::Shred),
        2 => (pick(), any::<u8>()).prop_map(|(i, basis)| Deed::Hold(i, basis)),
        3 => (pick(), any::<u8>()).prop_map(|(i, basis)| Deed::Lift(i, basis)),
        1 => (pick(), 0u64..40).prop_map(|(i, days)| Deed::Extend(i, days)),
        3 => (pick(), 0u32..4).prop_map(|(i, to)| Deed::Offer(i, to)),
        4 => pick().prop_map(Deed::Accept),
        1 => pick().prop_map(Deed::WithdrawOffer),
        1 => (0u32..4).prop_map(Deed::Batch),
        3 => (pick(), 0u32..4, any::<bool>())
            .prop_map(|(i, version, altered)| Deed::Dispute(i, version, altered)),
        1 => (pick(), 0u32..4).prop_map(|(i, leaf)| Deed::DisputeLeaf(i, leaf)),
        1 => any::<bool>().prop_map(Deed::Merge),
        2 => (1u64..20).prop_map(Deed::Wait),
    ]
}

/// Whoever might try.
fn anybody() -> impl Strategy<Value = AccountId> {
    prop_oneof![
        4 => Just(RECORDS_OFFICER),
        4 => Just(CLINIC_OFFICER),
        3 => Just(DOCTOR),
        2 => Just(CLINIC_DOCTOR),
        1 => Just(NURSE),
        1 => Just(CLAIMS_CLERK),
        1 => Just(PATIENT_KEY),
        1 => Just(STRANGER),
    ]
}

fn some_draft(kind: u8) -> RecordDraft {
    let class = match kind % 7 {
        0 => ResourceType::Bundle,
        1 => ResourceType::Condition,
        _ => ResourceType::Observation,
    };
    RecordDraft {
        class,
        labels: some_labels(kind),
        retain_until: (kind % 3 == 0).then(|| Now::get() + u64::from(kind) * DAY),
        ..draft()
    }
}

fn some_labels(kind: u8) -> Codes<Label> {
    match kind % 11 {
        0 => Codes::from([Label::Normal, Label::Restricted]),
        1 => Codes::empty(),
        _ => Codes::from([Label::Normal, Label::Psychiatry]),
    }
}

fn basis(code: u8) -> Codes<LegalBasis> {
    // One in four is unknown.
    Codes::from_bits(1 << (code % 4 + 5))
}

/// Every record there ever was, in the order of anchoring by each member for each patient.
fn known_records() -> Vec<RecordId> {
    let mut all: Vec<_> = Records::<Test>::iter()
        .map(|(id, record)| (record.anchored_at, record.patient, record.sequence, id))
        .collect();
    all.sort();
    all.into_iter().map(|(.., id)| id).collect()
}

fn known_batches() -> Vec<BatchId> {
    let batches = Pallet::<Test>::batches_of(HOSPITAL, None, MAX_PAGE);
    let batches = batches.expect("a first page needs nothing to continue from");
    batches.iter().map(|info| info.id).collect()
}

fn nth<T: Copy + Default>(all: &[T], i: usize) -> T {
    if all.is_empty() {
        T::default()
    } else {
        all[i % all.len()]
    }
}

fn leaves() -> Vec<H256> {
    (1..=3).map(H256::repeat_byte).collect()
}

/// Does it, whether or not it is allowed, and says whether it was.
fn perform(deed: &Deed, who: &AccountId, records: &[RecordId]) -> bool {
    let by = || signed(who.clone());
    let pick = |i: &usize| nth(records, *i);
    let latest = |id: RecordId| {
        let content = Records::<Test>::get(id).and_then(|record| record.content);
        content.map_or(1, |content| content.version)
    };
    match deed {
        Deed::Anchor(other, kind) => {
            let patient = if *other { OTHER_PATIENT } else { PATIENT };
            let draft = some_draft(*kind);
            let told = Pallet::<Test>::anchoring(who.clone(), patient, draft).is_ok();
            let done = HealthRecords::anchor(by(), patient, draft).is_ok();
            assert_eq!(told, done, "told one thing and did another");
            done
        }
        Deed::AnchorMany(count) => {
            HealthRecords::anchor_many(by(), PATIENT, vec![draft(); *count]).is_ok()
        }
        Deed::Supersede(i, stale, kind) => {
            let id = pick(i);
            let correction = Correction {
                labels: some_labels(*kind),
                ..correction()
            };
            let version = latest(id) - u32::from(*stale);
            HealthRecords::supersede(by(), id, version, correction).is_ok()
        }
        Deed::MarkError(i) => {
            let id = pick(i);
            HealthRecords::mark_entered_in_error(by(), id, latest(id)).is_ok()
        }
        Deed::Shred(i) => shred_as_told(who, pick(i)),
        Deed::Hold(i, code) => HealthRecords::place_hold(by(), pick(i), basis(*code)).is_ok(),
        Deed::Lift(i, code) => HealthRecords::lift_hold(by(), pick(i), basis(*code)).is_ok(),
        Deed::Extend(i, days) => {
            let until = Now::get() + days * DAY;
            HealthRecords::extend_retention(by(), pick(i), until).is_ok()
        }
        Deed::Offer(i, to) => HealthRecords::offer_custody(by(), pick(i), OrgId(*to)).is_ok(),
        Deed::Accept(i) => HealthRecords::accept_custody(by(), pick(i)).is_ok(),
        Deed::WithdrawOffer(i) => HealthRecords::withdraw_offer(by(), pick(i)).is_ok(),
        Deed::Batch(count) => {
            let draft = batch_draft(root(LeafKind::Record, &leaves()), *count);
            HealthRecords::anchor_batch(by(), draft).is_ok()
        }
        Deed::Dispute(i, version, altered) => {
            let record = pick(i);
            let delivered = if *altered { ALTERED } else { COMMITMENT };
            let evidence = Evidence::Record {
                record,
                version: *version,
                delivery: delivery(Subject::Record(record), *version, delivered),
            };
            HealthRecords::dispute(by(), evidence).is_ok()
        }
        Deed::DisputeLeaf(i, leaf) => {
            let batch = nth(&known_batches(), *i);
            let index = leaf % 3;
            let evidence = Evidence::Leaf {
                batch,
                anchored: leaves()[index as usize],
                proof: prove(LeafKind::Record, &leaves(), index).expect("there are three"),
                delivery: delivery(Subject::Batch(batch), index, ALTERED),
            };
            HealthRecords::dispute(by(), evidence).is_ok()
        }
        Deed::Merge(merged) => {
            let canonical = if *merged { OTHER_PATIENT } else { PATIENT };
            merge_into(canonical);
            true
        }
        Deed::Wait(days) => {
            Now::advance(days * DAY);
            true
        }
    }
}

/// Makes the patient known by this id.
fn merge_into(canonical: PatientId) {
    let standing = Standing {
        canonical,
        active: true,
    };
    Doubles::set_standing(PATIENT, standing);
}

/// Shreds, and checks that readers were told what an officer of the custodian could do.
fn shred_as_told(who: &AccountId, id: RecordId) -> bool {
    let told = Pallet::<Test>::shredding(id);
    let done = HealthRecords::shred(signed(who.clone()), id).is_ok();
    let officer = [RECORDS_OFFICER, CLINIC_OFFICER].contains(who);
    let custodian = Records::<Test>::get(id).map(|record| record.custodian);
    if officer && custodian == org_of(who) {
        assert_eq!(told.is_ok(), done, "told one thing and did another");
    } else {
        assert!(!done, "somebody shredded what was not theirs");
    }
    done
}

fn org_of(who: &AccountId) -> Option<OrgId> {
    Doubles::actor(who).ok().map(|actor| actor.org)
}

fn stored() -> BTreeMap<RecordId, Record> {
    Records::<Test>::iter().collect()
}

/// Nobody but the custodian wrote, but for the recipient who accepted and for disputes being
/// counted; what was shredded stayed so; and versions only ever grew.
fn only_custodians_wrote(deed: &Deed, who: &AccountId, before: &BTreeMap<RecordId, Record>) {
    let after = stored();
    for (id, was) in before {
        let is = after.get(id).expect("records are never removed");
        let undisputed = Record {
            disputes: was.disputes,
            ..is.clone()
        };
        if undisputed == *was {
            assert!(is.disputes <= was.disputes + 1);
            continue;
        }
        assert_eq!(is.disputes, was.disputes);
        let content = was.content.as_ref();
        let content = content.expect("what was shredded stays as it is");
        if is.custodian != was.custodian {
            assert!(matches!(deed, Deed::Accept(_)));
            assert_eq!(content.offered_to, Some(is.custodian));
            assert_eq!(org_of(who), Some(is.custodian));
        } else {
            assert_eq!(org_of(who), Some(was.custodian), "{deed:?} by {who}");
        }
        if let Some(now) = &is.content {
            assert!(now.version >= content.version && now.version <= content.version + 1);
            assert!(now.retain_until >= content.retain_until);
        } else {
            assert!(matches!(deed, Deed::Shred(_)));
        }
    }
}

/// What readers are shown of each patient, once nobody is merged, is what is stored.
fn pages_show_every_record() {
    let shown = |patient: PatientId| {
        let mut shown = Vec::new();
        loop {
            let after = shown.last().copied();
            let page = Pallet::<Test>::records_of(patient, Default::default(), after, MAX_PAGE);
            let page = page.expect("the patient exists");
            if page.is_empty() {
                return shown;
            }
            shown.extend(page.iter().map(|info| info.id));
        }
    };
    merge_into(PATIENT);
    let mut all = [shown(PATIENT), shown(OTHER_PATIENT)].concat();
    let index: u32 = Holdings::<Test>::iter_values()
        .map(|holding| holding.anchored)
        .sum();
    assert_eq!(all.len(), index as usize);
    all.sort();
    let ids: Vec<_> = stored().into_keys().collect();
    assert_eq!(all, ids);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..Default::default() })]

    #[test]
    fn invariants_hold_after_every_deed(
        deeds in proptest::collection::vec((deed(), anybody()), 1000..1200),
    ) {
        build_and_execute(|| {
            for (deed, who) in deeds {
                let before = stored();
                let done = perform(&deed, &who, &known_records());
                Pallet::<Test>::do_try_state().expect("every invariant holds");
                only_custodians_wrote(&deed, &who, &before);
                if !done {
                    assert_eq!(before, stored(), "a refused call wrote");
                }
            }
            pages_show_every_record();
        });
    }

    #[test]
    fn a_record_has_one_current_version_and_no_gaps(
        kinds in proptest::collection::vec(0u8..4, 1..80),
    ) {
        build_and_execute(|| {
            let id = anchored(draft());
            for kind in kinds {
                let version = content(id).version;
                let who = if kind == 0 { RECORDS_OFFICER } else { DOCTOR };
                let _ = HealthRecords::supersede(signed(who), id, version, correction());
                let history = Pallet::<Test>::history_of(id);
                let numbers: Vec<_> = history.iter().map(|info| info.number).collect();
                let expected: Vec<_> = (1..=content(id).version).collect();
                assert_eq!(numbers, expected);
                let current = history.iter().filter(|info| info.status == Status::Current);
                assert_eq!(current.count(), 1);
            }
        });
    }
}
