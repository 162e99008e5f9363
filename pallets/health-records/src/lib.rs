#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod anchoring;
mod batches;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod disputes;
mod keeping;
#[cfg(test)]
mod mock;
mod reads;
pub mod rules;
pub mod runtime_api;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use axonic_primitives::statement;

/// What a custodian signs when it hands out a version of a record.
pub const RECORD_DELIVERY_PURPOSE: [u8; 32] = statement::purpose("axonic/records/delivery");
/// What a custodian signs when it hands out a leaf of a batch.
pub const LEAF_DELIVERY_PURPOSE: [u8; 32] = statement::purpose("axonic/records/leaf-delivery");

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        rules::{Fault, IllegalMove},
        types::*,
    };
    use alloc::vec::Vec;
    use axonic_primitives::{
        membership::{Actor, EnsureStaff, Membership},
        merkle::InclusionProof,
        patients::Patients,
        statement::StatementToSign,
        AccountId, BatchId, Clock, Codes, Moment, OrgId, PatientId, RecordId, Refusal,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {
        /// Anchors records and batches, and corrects what it wrote.
        type AuthorOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Keeps a member's records: corrects, holds, shreds and hands them over.
        type OfficerOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Disputes what other members delivered.
        type StaffOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Finds another custodian for what a member that is not active any more kept.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Who the members are.
        type Membership: Membership;
        /// Who the patients are and who may speak for them.
        type Patients: Patients;
        /// Tells the time.
        type Clock: Clock;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Every record, with its latest version.
    ///
    /// Ids are hashes made here, so they need no hashing.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Identity, RecordId, Record>;

    /// The versions of a record that others took the place of, by their numbers.
    ///
    /// Numbers are counted here, so nobody chooses them.
    #[pallet::storage]
    pub type PastVersions<T: Config> =
        StorageDoubleMap<_, Identity, RecordId, Twox64Concat, u32, Version>;

    /// What each member anchored and keeps of each patient: the index of a patient's records,
    /// whose ids are made from the numbers below what was anchored.
    ///
    /// A patient's id comes from outside; organisations are numbered by the council.
    #[pallet::storage]
    pub type Holdings<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Twox64Concat, OrgId, Holding, ValueQuery>;

    /// Every batch. Ids are hashes made here.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Identity, BatchId, Batch>;

    /// How many batches each member anchored: the index of its batches, whose ids are made from
    /// the numbers below. Organisations are numbered by the council.
    #[pallet::storage]
    pub type BatchCounts<T: Config> = StorageMap<_, Twox64Concat, OrgId, u64, ValueQuery>;

    /// What custodians delivered otherwise than they had anchored it, by the version or leaf and
    /// by who proved it.
    ///
    /// The first key is made of hashes made here; the second of numbers nobody chooses.
    #[pallet::storage]
    pub type Disputes<T: Config> =
        StorageDoubleMap<_, Identity, Subject, Twox64Concat, (u32, Disputant), Dispute>;

    /// How often each member disputed leaves of a batch. Batches are many documents, so members
    /// share no bound.
    ///
    /// Keyed like [`Disputes`].
    #[pallet::storage]
    pub type BatchDisputes<T: Config> =
        StorageDoubleMap<_, Identity, BatchId, Twox64Concat, Disputant, u32, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields are named for the ids and codes they carry.
    pub enum Event<T: Config> {
        /// A member anchored a record.
        Anchored {
            patient: PatientId,
            record: RecordId,
            org: OrgId,
        },
        /// A version of a record took the place of the one before.
        Superseded {
            record: RecordId,
            version: u32,
            commitment: H256,
        },
        /// A record should never have been recorded.
        EnteredInError { record: RecordId },
        /// A record was shredded: its salt is destroyed, and nothing is kept but that it was.
        Shredded { record: RecordId },
        /// A record must be kept, on these bases besides any others.
        HoldPlaced {
            record: RecordId,
            bases: Codes<LegalBasis>,
        },
        /// A record need no longer be kept on these bases.
        HoldLifted {
            record: RecordId,
            bases: Codes<LegalBasis>,
        },
        /// A record must be kept for longer.
        RetentionExtended { record: RecordId, until: Moment },
        /// A member may take a record over.
        CustodyOffered { record: RecordId, to: OrgId },
        /// A member took a record over.
        CustodyTransferred {
            record: RecordId,
            from: OrgId,
            to: OrgId,
        },
        /// Nobody may take the record over any more.
        OfferWithdrawn { record: RecordId },
        /// A member anchored many documents behind one root.
        BatchAnchored {
            batch: BatchId,
            org: OrgId,
            kind: BatchKind,
            root: H256,
            leaves: u32,
        },
        /// Somebody proved that a custodian delivered something else than it had anchored as this
        /// version or leaf.
        Disputed {
            subject: Subject,
            place: u32,
            by: Disputant,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// There is no such patient, record or batch. Check the id.
        NotFound,
        /// Another organisation keeps the record. Ask it.
        NotCustodian,
        /// Somebody else wrote the latest version. Let its author or a records officer correct it.
        NotAuthor,
        /// The patient is suspended, deceased or erased, so nothing can be anchored.
        PatientNotActive,
        /// The version is not the record's latest, or the record has no such version. Read the
        /// record again.
        VersionMismatch,
        /// The record was entered in error, so nothing takes its place. Anchor another.
        NotCurrent,
        /// The record was shredded. Nothing of it is left.
        AlreadyShredded,
        /// The record must be kept until its retention has elapsed. `explain_shred` says when.
        RetentionNotElapsed,
        /// The record is held. `explain_shred` says on what bases; lift them first.
        LegalHold,
        /// The record is not held on all of these bases.
        NoHold,
        /// A batch has at least one leaf and a root, and a list of records at least one record.
        EmptyBatch,
        /// A batch has at most 1,048,576 leaves. Anchor several.
        TooManyLeaves,
        /// The proof does not show what it should: the commitment is not in the batch, or the
        /// delivery was not signed on this chain by staff of the custodian who anchor.
        BadProof,
        /// The batch has no such leaf, or another number of leaves than the proof says.
        LeafOutOfRange,
        /// Nobody was offered the record.
        TransferNotOffered,
        /// The record was offered to another organisation.
        NotRecipient,
        /// A member anchors at most 65,536 records under one id of a patient. Use batches for what
        /// comes often.
        MaxRecordsExceeded,
        /// Resources of this type are not about a patient. See the patient compartment of FHIR.
        UnknownClass,
        /// Name at least one legal basis.
        ReasonRequired,
        /// What was delivered is what was anchored.
        ProofDoesNotContradict,
        /// The commitment is zero. Salt and hash the document.
        NoCommitment,
        /// A security label the chain does not know. See the closed sets of labels.
        UnknownLabel,
        /// Labels grade confidentiality more than once. Give the highest grade alone.
        AmbiguousConfidentiality,
        /// The retention is already over. Leave it out, or give a later instant.
        RetentionInPast,
        /// A record is kept for at most 100 years from now.
        RetentionTooLong,
        /// A retention is only ever extended.
        RetentionNotExtended,
        /// One call anchors at most 64 records. Use several calls or a batch.
        TooManyRecords,
        /// A record has at most 64 versions. Anchor another.
        MaxVersionsExceeded,
        /// A legal basis the chain does not know. See the closed set.
        UnknownBasis,
        /// The record is already held on one of these bases.
        AlreadyHeld,
        /// Custody is offered to another organisation that is an active member.
        UnknownRecipient,
        /// The batch's last document is older than its first.
        InvalidPeriod,
        /// The batch's last document is from the future. Check the clock.
        TimeInFuture,
        /// A custodian does not dispute its own copy. Correct the record.
        OwnCustody,
        /// The custodian's signature no longer counts. Ask for the copy again.
        EvidenceExpired,
        /// The same member, or the patient, has already disputed this version or leaf.
        AlreadyDisputed,
        /// 64 disputes of the record, or by this member of the batch, have already been recorded.
        MaxDisputesExceeded,
        /// The custodian is an active member. Its records officers offer the record.
        CustodianActive,
    }

    impl<T> From<Fault> for Error<T> {
        fn from(fault: Fault) -> Self {
            match fault {
                Fault::UnknownClass => Self::UnknownClass,
                Fault::UnknownLabel => Self::UnknownLabel,
                Fault::AmbiguousConfidentiality => Self::AmbiguousConfidentiality,
                Fault::NoCommitment => Self::NoCommitment,
                Fault::RetentionInPast => Self::RetentionInPast,
                Fault::RetentionTooLong => Self::RetentionTooLong,
                Fault::EmptyBatch => Self::EmptyBatch,
                Fault::TooManyLeaves => Self::TooManyLeaves,
                Fault::InvalidPeriod => Self::InvalidPeriod,
                Fault::TimeInFuture => Self::TimeInFuture,
                Fault::LeafOutOfRange => Self::LeafOutOfRange,
                Fault::BadProof => Self::BadProof,
            }
        }
    }

    impl<T> From<IllegalMove> for Error<T> {
        fn from(illegal: IllegalMove) -> Self {
            match illegal {
                IllegalMove::NotCurrent => Self::NotCurrent,
                IllegalMove::AlreadyShredded => Self::AlreadyShredded,
            }
        }
    }

    impl<T> From<ShredObstacle> for Error<T> {
        fn from(obstacle: ShredObstacle) -> Self {
            match obstacle {
                ShredObstacle::NotFound => Self::NotFound,
                ShredObstacle::AlreadyShredded => Self::AlreadyShredded,
                ShredObstacle::Held { .. } => Self::LegalHold,
                ShredObstacle::Retained { .. } => Self::RetentionNotElapsed,
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A page of the patient's records that the filter admits. Continues after `after`; `limit`
        /// is at most 64.
        pub fn records_of(
            patient: PatientId,
            filter: RecordFilter,
            after: Option<RecordId>,
            limit: u32,
        ) -> Result<Vec<RecordInfo>, Refusal> {
            Self::page_of_records(patient, filter, after, limit)
        }

        /// One record.
        pub fn record(record: RecordId) -> Option<RecordInfo> {
            Self::record_info(record)
        }

        /// Every version of a record, from the first. None is left of one that was shredded.
        pub fn history(record: RecordId) -> Vec<VersionInfo> {
            Self::history_of(record)
        }

        /// What the commitment is to this version of the record.
        pub fn verify(
            record: RecordId,
            version: u32,
            commitment: H256,
        ) -> Result<Verification, Refusal> {
            Self::verification(record, version, commitment)
        }

        /// Whether the proof shows that the commitment is in the batch.
        pub fn verify_inclusion(
            batch: BatchId,
            commitment: H256,
            proof: InclusionProof,
        ) -> Result<(), Refusal> {
            Self::inclusion(batch, commitment, proof)
        }

        /// Which members keep records of the patient.
        pub fn locate(patient: PatientId) -> Result<Vec<CustodianInfo>, Refusal> {
            Self::custodians_of(patient)
        }

        /// One batch.
        pub fn batch(batch: BatchId) -> Option<BatchInfo> {
            Self::batch_info(batch)
        }

        /// A page of the organisation's batches, in the order of anchoring. Continues after
        /// `after`; `limit` is at most 64.
        pub fn batches_of(
            org: OrgId,
            after: Option<BatchId>,
            limit: u32,
        ) -> Result<Vec<BatchInfo>, Refusal> {
            Self::page_of_batches(org, after, limit)
        }

        /// The first 64 disputes of a record or a batch, by version or leaf. A record has no more.
        pub fn disputes_of(subject: Subject) -> Vec<DisputeInfo> {
            Self::first_disputes(subject)
        }

        /// What a custodian signs when it hands out a version of a record or a leaf of a batch.
        pub fn delivery_statement(
            subject: Subject,
            place: u32,
            delivered: H256,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal> {
            Self::delivery_to_sign(subject, place, delivered, expires_at)
        }

        /// The first error that `anchor`, signed by `account`, would give.
        pub fn explain_anchor(
            account: AccountId,
            patient: PatientId,
            draft: RecordDraft,
        ) -> Result<(), Refusal> {
            Self::anchoring(account, patient, draft)
        }

        /// Whether the custodian can shred the record now.
        pub fn explain_shred(record: RecordId) -> Result<(), ShredObstacle> {
            Self::shredding(record)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Anchors a record of a patient, which the author's organisation keeps. It stays under the
        /// id that is given here, which readers find under every id of the same person.
        #[pallet::call_index(0)]
        pub fn anchor(
            origin: OriginFor<T>,
            patient: PatientId,
            draft: RecordDraft,
        ) -> DispatchResult {
            let actor = T::AuthorOrigin::ensure_staff(origin)?;
            Self::do_anchor(&actor, patient, &[draft]).map(drop)
        }

        /// Anchors up to 64 records of a patient: all of them or none.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::anchor_many(drafts.len() as u32))]
        pub fn anchor_many(
            origin: OriginFor<T>,
            patient: PatientId,
            drafts: Vec<RecordDraft>,
        ) -> DispatchResult {
            let actor = T::AuthorOrigin::ensure_staff(origin)?;
            ensure!(!drafts.is_empty(), Error::<T>::EmptyBatch);
            ensure!(
                drafts.len() <= MAX_ANCHORS as usize,
                Error::<T>::TooManyRecords
            );
            Self::do_anchor(&actor, patient, &drafts).map(drop)
        }

        /// Puts a new version in the place of `version`, which is the latest. By its author or a
        /// records officer of the custodian.
        #[pallet::call_index(2)]
        pub fn supersede(
            origin: OriginFor<T>,
            record: RecordId,
            version: u32,
            correction: Correction,
        ) -> DispatchResult {
            let (actor, officer) = Self::ensure_writer(origin)?;
            Self::do_supersede(&actor, officer, record, version, correction)
        }

        /// Says that the record, whose latest version is `version`, should never have been
        /// recorded. By that version's author or a records officer of the custodian.
        #[pallet::call_index(3)]
        pub fn mark_entered_in_error(
            origin: OriginFor<T>,
            record: RecordId,
            version: u32,
        ) -> DispatchResult {
            let (actor, officer) = Self::ensure_writer(origin)?;
            Self::do_mark_entered_in_error(&actor, officer, record, version)
        }

        /// Records that the salts of a record's versions were destroyed, and forgets what is known
        /// of it but whose it was, who kept it, and when (GDPR Art. 17). By a records officer of
        /// the custodian.
        ///
        /// Charges for 64 versions and disputes, and gives back what was not needed.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::shred(MAX_VERSIONS, MAX_DISPUTES))]
        pub fn shred(origin: OriginFor<T>, record: RecordId) -> DispatchResultWithPostInfo {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            let (versions, disputes) = Self::do_shred(&actor, record)?;
            Ok(Some(T::WeightInfo::shred(versions, disputes)).into())
        }

        /// Keeps the record from being shredded, on these legal bases besides any others. By a
        /// records officer of the custodian.
        #[pallet::call_index(5)]
        pub fn place_hold(
            origin: OriginFor<T>,
            record: RecordId,
            bases: Codes<LegalBasis>,
        ) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_place_hold(&actor, record, bases)
        }

        /// Takes these legal bases of a hold away. By a records officer of the custodian.
        #[pallet::call_index(6)]
        pub fn lift_hold(
            origin: OriginFor<T>,
            record: RecordId,
            bases: Codes<LegalBasis>,
        ) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_lift_hold(&actor, record, bases)
        }

        /// Keeps the record for longer: until `until`, UTC milliseconds. By a records officer of
        /// the custodian.
        #[pallet::call_index(7)]
        pub fn extend_retention(
            origin: OriginFor<T>,
            record: RecordId,
            until: Moment,
        ) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_extend_retention(&actor, record, until)
        }

        /// Offers the record to another member, in the place of any earlier offer. By a records
        /// officer of the custodian, or by the council if the custodian is not an active member.
        #[pallet::call_index(8)]
        pub fn offer_custody(origin: OriginFor<T>, record: RecordId, to: OrgId) -> DispatchResult {
            if T::CouncilOrigin::ensure_origin(origin.clone()).is_ok() {
                return Self::do_offer_custody(None, record, to);
            }
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_offer_custody(Some(&actor), record, to)
        }

        /// Takes over a record that was offered. By a records officer of the recipient.
        #[pallet::call_index(9)]
        pub fn accept_custody(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_accept_custody(&actor, record)
        }

        /// Takes an offer back. By a records officer of the custodian.
        #[pallet::call_index(10)]
        pub fn withdraw_offer(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_withdraw_offer(&actor, record)
        }

        /// Anchors many documents behind one root. By staff who anchor records.
        #[pallet::call_index(11)]
        pub fn anchor_batch(origin: OriginFor<T>, draft: BatchDraft) -> DispatchResult {
            let actor = T::AuthorOrigin::ensure_staff(origin)?;
            Self::do_anchor_batch(&actor, draft).map(drop)
        }

        /// Proves, by what the custodian signed, that its copy differs from what it had anchored.
        /// By staff of another member; for a record also by the patient, or a representative with
        /// the power to correspond, wherever they work.
        #[pallet::call_index(12)]
        #[pallet::weight(evidence.weight::<T::WeightInfo>())]
        pub fn dispute(origin: OriginFor<T>, evidence: Evidence) -> DispatchResult {
            Self::do_dispute(origin, &evidence)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }

        fn integrity_test() {
            const {
                assert!(
                    MAX_VERSIONS <= MAX_PAGE && MAX_DISPUTES <= MAX_PAGE,
                    "a record's versions and disputes are shown all at once"
                );
            };
        }
    }

    impl<T: Config> Pallet<T> {
        /// Who corrects a record, and whether as a records officer or as an author.
        fn ensure_writer(origin: OriginFor<T>) -> Result<(Actor, bool), DispatchError> {
            match T::OfficerOrigin::ensure_staff(origin.clone()) {
                Ok(actor) => Ok((actor, true)),
                Err(_) => Ok((T::AuthorOrigin::ensure_staff(origin)?, false)),
            }
        }
    }
}
