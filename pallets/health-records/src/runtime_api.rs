//! What others may read.

use crate::types::{
    BatchInfo, CustodianInfo, DisputeInfo, RecordDraft, RecordFilter, RecordInfo, ShredObstacle,
    Subject, Verification, VersionInfo,
};
use alloc::vec::Vec;
use axonic_primitives::{
    merkle::InclusionProof, statement::StatementToSign, AccountId, BatchId, Moment, OrgId,
    PatientId, RecordId, Refusal,
};
use sp_core::H256;

sp_api::decl_runtime_apis! {
    /// Asks where records are and whether they were changed.
    pub trait RecordsApi {
        /// The patient's records that the filter admits: by the member that anchored them, then in
        /// the order of anchoring. Continues after `after`; `limit` is at most 64.
        fn records_of(
            patient: PatientId,
            filter: RecordFilter,
            after: Option<RecordId>,
            limit: u32,
        ) -> Result<Vec<RecordInfo>, Refusal>;

        /// One record.
        fn record(record: RecordId) -> Option<RecordInfo>;

        /// Every version of a record, from the first, 64 at most. None is left of one that was
        /// shredded.
        fn history(record: RecordId) -> Vec<VersionInfo>;

        /// What the commitment is to this version of the record.
        fn verify(
            record: RecordId,
            version: u32,
            commitment: H256,
        ) -> Result<Verification, Refusal>;

        /// Whether the proof shows that the commitment is in the batch: `LeafOutOfRange` if the
        /// batch has no such leaf, `BadProof` if it is another.
        fn verify_inclusion(
            batch: BatchId,
            commitment: H256,
            proof: InclusionProof,
        ) -> Result<(), Refusal>;

        /// Which members keep records of the patient.
        fn locate(patient: PatientId) -> Result<Vec<CustodianInfo>, Refusal>;

        /// One batch.
        fn batch(batch: BatchId) -> Option<BatchInfo>;

        /// The organisation's batches, in the order of anchoring. Continues after `after`; `limit`
        /// is at most 64.
        fn batches_of(
            org: OrgId,
            after: Option<BatchId>,
            limit: u32,
        ) -> Result<Vec<BatchInfo>, Refusal>;

        /// The first 64 disputes of a record or a batch, by version or leaf. A record has no more;
        /// how many a batch has is in the batch.
        fn disputes_of(subject: Subject) -> Vec<DisputeInfo>;

        /// What a member of the custodian's staff signs when handing out version or leaf `place`,
        /// for whose content `delivered` is the commitment. The signature counts until
        /// `expires_at`, UTC milliseconds.
        fn delivery_statement(
            subject: Subject,
            place: u32,
            delivered: H256,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal>;

        /// The first error that `anchor`, signed by `account`, would give.
        fn explain_anchor(
            account: AccountId,
            patient: PatientId,
            draft: RecordDraft,
        ) -> Result<(), Refusal>;

        /// The first reason why the custodian could not shred the record now, with the legal
        /// basis.
        fn explain_shred(record: RecordId) -> Result<(), ShredObstacle>;
    }
}
