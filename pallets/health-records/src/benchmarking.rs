//! What the calls cost at worst: full calls, 64 versions, 64 disputes, proofs as deep as they get.

use crate::{
    types::{
        BatchDraft, BatchKind, Correction, CorrectionReason, Delivery, Disputant, Dispute,
        Evidence, LegalBasis, RecordDraft, Subject, MAX_ANCHORS, MAX_DISPUTES, MAX_VERSIONS,
    },
    Batches, Call, Config, Disputes, Event, Pallet, Records,
};
use alloc::{vec, vec::Vec};
use axonic_primitives::{
    consent::{Label, ResourceType},
    membership::{Actor, Membership},
    merkle::{InclusionProof, MAX_LEAVES, MAX_PROOF_ITEMS},
    patients::Patients,
    AccountId, Clock, Codes, OrgId, PatientId, RecordId, Signature,
};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;
use sp_core::{crypto::KeyTypeId, sr25519, H256};
use sp_io::hashing::blake2_256;

const PATIENT: PatientId = PatientId(H256::repeat_byte(1));
const COMMITMENT: H256 = H256::repeat_byte(2);
const ALTERED: H256 = H256::repeat_byte(3);
const BENCH_KEYS: KeyTypeId = KeyTypeId(*b"axbn");

/// A records officer of the organisation that registered the patient.
fn people<T: Config>(officer: &AccountId) -> Result<Actor, BenchmarkError> {
    let key: AccountId = account("patient", 0, 0);
    let org = T::Membership::enrol_for_benchmark(officer);
    T::Patients::register_for_benchmark(PATIENT, &key, org);
    Ok(T::Membership::actor(officer)?)
}

fn officer() -> AccountId {
    account("officer", 0, 0)
}

fn draft<T: Config>() -> RecordDraft {
    RecordDraft {
        class: ResourceType::Observation,
        labels: Codes::from([Label::Normal, Label::Psychiatry]),
        commitment: COMMITMENT,
        retain_until: Some(T::Clock::now().saturating_add(1)),
    }
}

fn correction() -> Correction {
    Correction {
        commitment: COMMITMENT,
        labels: Label::Normal.into(),
        reason: CorrectionReason::Corrected,
    }
}

fn batch_draft<T: Config>(root: H256) -> BatchDraft {
    BatchDraft {
        kind: BatchKind::Records,
        root,
        leaves: MAX_LEAVES,
        first_at: T::Clock::now(),
        last_at: T::Clock::now(),
        manifest_hash: H256::repeat_byte(4),
    }
}

/// A record that may be shredded.
fn anchored<T: Config>(actor: &Actor) -> Result<RecordId, BenchmarkError> {
    let draft = RecordDraft {
        retain_until: None,
        ..draft::<T>()
    };
    let ids = Pallet::<T>::do_anchor(actor, PATIENT, &[draft])?;
    ids.first()
        .copied()
        .ok_or(BenchmarkError::Stop("one draft makes one record"))
}

/// What the custodian signs when it hands out something else than it anchored.
fn delivery<T: Config>(
    public: &sr25519::Public,
    subject: Subject,
    place: u32,
) -> Result<Delivery, BenchmarkError> {
    let expires_at = T::Clock::now().saturating_add(1);
    let bytes = Pallet::<T>::delivery_of(subject, place, ALTERED, expires_at).encode();
    // Between the tags that wallets add, so that both ways of signing are tried.
    let bytes = [&b"<Bytes>"[..], &bytes, b"</Bytes>"].concat();
    let signature = sp_io::crypto::sr25519_sign(BENCH_KEYS, public, &bytes)
        .map(Signature::from)
        .ok_or(BenchmarkError::Stop("the key was just made"))?;
    Ok(Delivery {
        delivered: ALTERED,
        signer: AccountId::from(*public),
        expires_at,
        signature,
    })
}

/// The root of a tree of the largest size whose first leaf is the commitment, and the proof.
fn deepest_proof() -> Result<(H256, InclusionProof), BenchmarkError> {
    let kind = BatchKind::Records.leaf_kind() as u8;
    let leaf = [&b"axonic/leaf/"[..], &[kind], COMMITMENT.as_bytes()].concat();
    let siblings = vec![H256::repeat_byte(5); MAX_PROOF_ITEMS as usize];
    let root = siblings.iter().fold(blake2_256(&leaf), |node, sibling| {
        blake2_256(&[&node[..], sibling.as_bytes()].concat())
    });
    let siblings = BoundedVec::try_from(siblings)
        .map_err(|_| BenchmarkError::Stop("there are as many siblings as fit"))?;
    let proof = InclusionProof {
        index: 0,
        leaves: MAX_LEAVES,
        siblings,
    };
    Ok((H256(root), proof))
}

fn assert_last_event<T: Config>(event: Event<T>) {
    frame_system::Pallet::<T>::assert_last_event(event.into());
}

#[benchmarks(where <T as frame_system::Config>::RuntimeEvent: From<Event<T>>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn anchor() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), PATIENT, draft::<T>());
        assert_eq!(Records::<T>::iter_keys().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn anchor_many(n: Linear<1, MAX_ANCHORS>) -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let drafts: Vec<_> = (0..n).map(|_| draft::<T>()).collect();
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), PATIENT, drafts);
        assert_eq!(Records::<T>::iter_keys().count(), n as usize);
        Ok(())
    }

    #[benchmark]
    fn supersede() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, 1, correction());
        assert_last_event(Event::<T>::Superseded {
            record,
            version: 2,
            commitment: COMMITMENT,
        });
        Ok(())
    }

    #[benchmark]
    fn mark_entered_in_error() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, 1);
        assert_last_event(Event::<T>::EnteredInError { record });
        Ok(())
    }

    #[benchmark]
    fn shred(v: Linear<1, MAX_VERSIONS>, d: Linear<0, MAX_DISPUTES>) -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        for version in 1..v {
            Pallet::<T>::do_supersede(&actor, true, record, version, correction())?;
        }
        for org in 0..d {
            let dispute = Dispute {
                at: 0,
                delivered: Some(ALTERED),
            };
            let by = Disputant::Member(OrgId(org));
            Disputes::<T>::insert(Subject::Record(record), (1u32, by), dispute);
        }
        Records::<T>::mutate_extant(record, |record| record.disputes = d);
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record);
        assert_last_event(Event::<T>::Shredded { record });
        Ok(())
    }

    #[benchmark]
    fn place_hold() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let bases = Codes::<LegalBasis>::all();
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, bases);
        assert_last_event(Event::<T>::HoldPlaced { record, bases });
        Ok(())
    }

    #[benchmark]
    fn lift_hold() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let bases = Codes::<LegalBasis>::all();
        Pallet::<T>::do_place_hold(&actor, record, bases)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, bases);
        assert_last_event(Event::<T>::HoldLifted { record, bases });
        Ok(())
    }

    #[benchmark]
    fn extend_retention() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let until = T::Clock::now().saturating_add(2);
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, until);
        assert_last_event(Event::<T>::RetentionExtended { record, until });
        Ok(())
    }

    #[benchmark]
    fn offer_custody() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let to = T::Membership::enrol_for_benchmark(&account("recipient", 0, 0));
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record, to);
        assert_last_event(Event::<T>::CustodyOffered { record, to });
        Ok(())
    }

    #[benchmark]
    fn accept_custody() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let recipient: AccountId = account("recipient", 0, 0);
        let to = T::Membership::enrol_for_benchmark(&recipient);
        Pallet::<T>::do_offer_custody(Some(&actor), record, to)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(recipient), record);
        let from = actor.org;
        assert_last_event(Event::<T>::CustodyTransferred { record, from, to });
        Ok(())
    }

    #[benchmark]
    fn withdraw_offer() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let record = anchored::<T>(&actor)?;
        let to = T::Membership::enrol_for_benchmark(&account("recipient", 0, 0));
        Pallet::<T>::do_offer_custody(Some(&actor), record, to)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), record);
        assert_last_event(Event::<T>::OfferWithdrawn { record });
        Ok(())
    }

    #[benchmark]
    fn anchor_batch() -> Result<(), BenchmarkError> {
        let actor = people::<T>(&officer())?;
        let draft = batch_draft::<T>(H256::repeat_byte(6));
        #[extrinsic_call]
        _(RawOrigin::Signed(actor.account), draft);
        assert_eq!(Batches::<T>::iter_keys().count(), 1);
        Ok(())
    }

    /// By staff of another member, who are looked for among those who speak for the patient first,
    /// about a version that is not the latest.
    #[benchmark]
    fn dispute_record() -> Result<(), BenchmarkError> {
        let public = sp_io::crypto::sr25519_generate(BENCH_KEYS, None);
        let actor = people::<T>(&AccountId::from(public))?;
        let disputant: AccountId = account("disputant", 0, 0);
        let org = T::Membership::enrol_for_benchmark(&disputant);
        let record = anchored::<T>(&actor)?;
        Pallet::<T>::do_supersede(&actor, true, record, 1, correction())?;
        let subject = Subject::Record(record);
        let evidence = Evidence::Record {
            record,
            version: 1,
            delivery: delivery::<T>(&public, subject, 1)?,
        };
        #[extrinsic_call]
        dispute(RawOrigin::Signed(disputant), evidence);
        assert_last_event(Event::<T>::Disputed {
            subject,
            place: 1,
            by: Disputant::Member(org),
        });
        Ok(())
    }

    /// By staff of another member, about a leaf of the largest batch.
    #[benchmark]
    fn dispute_leaf() -> Result<(), BenchmarkError> {
        let public = sp_io::crypto::sr25519_generate(BENCH_KEYS, None);
        let actor = people::<T>(&AccountId::from(public))?;
        let disputant: AccountId = account("disputant", 0, 0);
        let org = T::Membership::enrol_for_benchmark(&disputant);
        let (root, proof) = deepest_proof()?;
        let batch = Pallet::<T>::do_anchor_batch(&actor, batch_draft::<T>(root))?;
        let subject = Subject::Batch(batch);
        let evidence = Evidence::Leaf {
            batch,
            anchored: COMMITMENT,
            proof,
            delivery: delivery::<T>(&public, subject, 0)?,
        };
        #[extrinsic_call]
        dispute(RawOrigin::Signed(disputant), evidence);
        assert_last_event(Event::<T>::Disputed {
            subject,
            place: 0,
            by: Disputant::Member(org),
        });
        Ok(())
    }
}
