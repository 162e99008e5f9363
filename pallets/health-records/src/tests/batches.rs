//! Batches: many documents behind one root.

use crate::{mock::*, pallet::Error, rules::batch_id, types::*, Event, Pallet};
use axonic_primitives::{
    merkle::{prove, root, InclusionProof, LeafKind, MAX_LEAVES},
    BatchId, Refusal,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

const ROOT: H256 = H256::repeat_byte(7);

fn commitments(count: u8) -> Vec<H256> {
    (1..=count).map(H256::repeat_byte).collect()
}

fn anchor_batch(draft: BatchDraft) -> DispatchResult {
    HealthRecords::anchor_batch(signed(DOCTOR), draft)
}

#[test]
fn anchor_batch_keeps_one_root_for_many_documents() {
    build_and_execute(|| {
        let draft = batch_draft(ROOT, MAX_LEAVES);
        assert_ok!(anchor_batch(draft));
        let id = batch_id(HOSPITAL, 0);
        let event = Event::BatchAnchored {
            batch: id,
            org: HOSPITAL,
            kind: BatchKind::Records,
            root: ROOT,
            leaves: MAX_LEAVES,
        };
        assert_eq!(last_event(), event);
        let batch = Pallet::<Test>::batch_info(id).unwrap().batch;
        assert_eq!((batch.root, batch.leaves), (ROOT, MAX_LEAVES));
        assert_eq!((batch.custodian, batch.anchored_at), (HOSPITAL, START));
        assert_ok!(anchor_batch(draft));
        assert_ne!(batch_id(HOSPITAL, 1), id);
    });
}

#[test]
fn anchor_batch_is_refused_when_it_is_not_well_formed() {
    build_and_execute(|| {
        let good = batch_draft(ROOT, 1);
        let without_root = batch_draft(H256::zero(), 1);
        let without_leaves = batch_draft(ROOT, 0);
        assert_noop!(anchor_batch(without_root), Error::<Test>::EmptyBatch);
        assert_noop!(anchor_batch(without_leaves), Error::<Test>::EmptyBatch);
        let too_large = batch_draft(ROOT, MAX_LEAVES + 1);
        assert_noop!(anchor_batch(too_large), Error::<Test>::TooManyLeaves);
        let backwards = BatchDraft {
            first_at: good.last_at + 1,
            ..good
        };
        assert_noop!(anchor_batch(backwards), Error::<Test>::InvalidPeriod);
        let early = BatchDraft {
            last_at: START + 1,
            ..good
        };
        assert_noop!(anchor_batch(early), Error::<Test>::TimeInFuture);
        let of_now = BatchDraft {
            last_at: START,
            ..good
        };
        assert_ok!(anchor_batch(of_now));
        assert_noop!(
            HealthRecords::anchor_batch(signed(CLAIMS_CLERK), good),
            DUTY_MISSING
        );
    });
}

#[test]
fn verify_inclusion_tells_what_is_in_a_batch_from_what_is_not() {
    build_and_execute(|| {
        let all = commitments(5);
        let batch = batched(batch_draft(root(LeafKind::Record, &all), 5));
        let proof = prove(LeafKind::Record, &all, 3).unwrap();
        let check = |commitment, proof| Pallet::<Test>::inclusion(batch, commitment, proof);
        let refused = |name: &str| Err(Refusal(name.into()));
        assert_eq!(check(all[3], proof.clone()), Ok(()));
        assert_eq!(check(all[2], proof.clone()), refused("BadProof"));
        let outside = InclusionProof {
            index: 5,
            ..proof.clone()
        };
        assert_eq!(check(all[3], outside), refused("LeafOutOfRange"));
        let of_another_tree = InclusionProof {
            leaves: 6,
            ..proof.clone()
        };
        assert_eq!(check(all[3], of_another_tree), refused("LeafOutOfRange"));
        let missing = BatchId(H256::repeat_byte(5));
        let told = Pallet::<Test>::inclusion(missing, all[3], proof);
        assert_eq!(told, refused("NotFound"));
    });
}

#[test]
fn verify_inclusion_hashes_leaves_as_their_kind() {
    build_and_execute(|| {
        for (kind, leaf_kind) in [
            (BatchKind::Records, LeafKind::Record),
            (BatchKind::Telemetry, LeafKind::Telemetry),
            (BatchKind::Dataset, LeafKind::Dataset),
        ] {
            let all = commitments(2);
            let draft = BatchDraft {
                kind,
                ..batch_draft(root(leaf_kind, &all), 2)
            };
            let batch = batched(draft);
            let proof = prove(leaf_kind, &all, 0).unwrap();
            let told = Pallet::<Test>::inclusion(batch, all[0], proof);
            assert_eq!(told, Ok(()));
        }
    });
}

#[test]
fn batches_of_shows_pages_in_the_order_of_anchoring() {
    build_and_execute(|| {
        let all: Vec<_> = (1..=5).map(|n| batched(batch_draft(ROOT, n))).collect();
        let ids = |after, limit| -> Vec<BatchId> {
            let page = Pallet::<Test>::batches_of(HOSPITAL, after, limit).unwrap();
            page.iter().map(|info| info.id).collect()
        };
        assert_eq!(ids(None, 2), all[..2]);
        assert_eq!(ids(Some(all[1]), 100), all[2..]);
        assert!(ids(Some(all[4]), 100).is_empty());
        let elsewhere = Pallet::<Test>::batches_of(CLINIC, Some(all[0]), 1);
        assert_eq!(elsewhere, Err(Refusal("NotFound".into())));
        assert_eq!(Pallet::<Test>::batches_of(CLINIC, None, 1), Ok(Vec::new()));
    });
}
