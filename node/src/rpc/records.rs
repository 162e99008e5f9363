//! `records_*`: asks where records are and whether they were changed. Each method is the runtime
//! API's of the same name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{
    merkle::InclusionProof, statement::StatementToSign, AccountId, BatchId, Moment, OrgId,
    PatientId, RecordId,
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_health_records::{
    runtime_api::RecordsApi,
    types::{
        BatchInfo, CustodianInfo, DisputeInfo, RecordDraft, RecordFilter, RecordInfo, Subject,
        Verification, VersionInfo,
    },
};
use sp_core::H256;

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "records")]
pub trait Records {
    /// A page of the patient's records that the filter admits, after `after`, 64 at most.
    #[method(name = "recordsOf", blocking)]
    fn records_of(
        &self,
        patient: PatientId,
        filter: RecordFilter,
        after: Option<RecordId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<RecordInfo>>;

    /// One record.
    #[method(name = "record", blocking)]
    fn record(&self, record: RecordId, block: Option<Hash>) -> RpcResult<Option<RecordInfo>>;

    /// Every version of a record, from the first. None is left of one that was shredded.
    #[method(name = "history", blocking)]
    fn history(&self, record: RecordId, block: Option<Hash>) -> RpcResult<Vec<VersionInfo>>;

    /// What the commitment is to this version of the record.
    #[method(name = "verify", blocking)]
    fn verify(
        &self,
        record: RecordId,
        version: u32,
        commitment: H256,
        block: Option<Hash>,
    ) -> RpcResult<Verification>;

    /// Nothing if the proof shows that the commitment is in the batch; else what is wrong with it.
    #[method(name = "verifyInclusion", blocking)]
    fn verify_inclusion(
        &self,
        batch: BatchId,
        commitment: H256,
        proof: InclusionProof,
        block: Option<Hash>,
    ) -> RpcResult<()>;

    /// Which members keep records of the patient.
    #[method(name = "locate", blocking)]
    fn locate(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<CustodianInfo>>;

    /// One batch.
    #[method(name = "batch", blocking)]
    fn batch(&self, batch: BatchId, block: Option<Hash>) -> RpcResult<Option<BatchInfo>>;

    /// A page of the organisation's batches, after `after`, 64 at most.
    #[method(name = "batchesOf", blocking)]
    fn batches_of(
        &self,
        org: OrgId,
        after: Option<BatchId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BatchInfo>>;

    /// Every dispute of a record or a batch, by version or leaf.
    #[method(name = "disputesOf", blocking)]
    fn disputes_of(&self, subject: Subject, block: Option<Hash>) -> RpcResult<Vec<DisputeInfo>>;

    /// What a member of the custodian's staff signs when handing out version or leaf `place`.
    #[method(name = "deliveryStatement", blocking)]
    fn delivery_statement(
        &self,
        subject: Subject,
        place: u32,
        delivered: H256,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign>;

    /// Nothing, or the first error that `anchor`, signed by `account`, would give.
    #[method(name = "explainAnchor", blocking)]
    fn explain_anchor(
        &self,
        account: AccountId,
        patient: PatientId,
        draft: RecordDraft,
        block: Option<Hash>,
    ) -> RpcResult<()>;

    /// Nothing, or the first reason why the custodian could not shred the record now.
    #[method(name = "explainShred", blocking)]
    fn explain_shred(&self, record: RecordId, block: Option<Hash>) -> RpcResult<()>;
}

/// Answers from the runtime.
pub struct Records(pub Mirror);

impl RecordsServer for Records {
    fn records_of(
        &self,
        patient: PatientId,
        filter: RecordFilter,
        after: Option<RecordId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<RecordInfo>> {
        self.0.ask_permission(block, |api, block| {
            api.records_of(block, patient, filter, after, limit)
        })
    }

    fn record(&self, record: RecordId, block: Option<Hash>) -> RpcResult<Option<RecordInfo>> {
        self.0.ask(block, |api, block| api.record(block, record))
    }

    fn history(&self, record: RecordId, block: Option<Hash>) -> RpcResult<Vec<VersionInfo>> {
        self.0.ask(block, |api, block| api.history(block, record))
    }

    fn verify(
        &self,
        record: RecordId,
        version: u32,
        commitment: H256,
        block: Option<Hash>,
    ) -> RpcResult<Verification> {
        self.0.ask_permission(block, |api, block| {
            api.verify(block, record, version, commitment)
        })
    }

    fn verify_inclusion(
        &self,
        batch: BatchId,
        commitment: H256,
        proof: InclusionProof,
        block: Option<Hash>,
    ) -> RpcResult<()> {
        self.0.ask_permission(block, |api, block| {
            api.verify_inclusion(block, batch, commitment, proof)
        })
    }

    fn locate(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<CustodianInfo>> {
        self.0
            .ask_permission(block, |api, block| api.locate(block, patient))
    }

    fn batch(&self, batch: BatchId, block: Option<Hash>) -> RpcResult<Option<BatchInfo>> {
        self.0.ask(block, |api, block| api.batch(block, batch))
    }

    fn batches_of(
        &self,
        org: OrgId,
        after: Option<BatchId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BatchInfo>> {
        self.0
            .ask_permission(block, |api, block| api.batches_of(block, org, after, limit))
    }

    fn disputes_of(&self, subject: Subject, block: Option<Hash>) -> RpcResult<Vec<DisputeInfo>> {
        self.0
            .ask(block, |api, block| api.disputes_of(block, subject))
    }

    fn delivery_statement(
        &self,
        subject: Subject,
        place: u32,
        delivered: H256,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign> {
        self.0.ask_permission(block, |api, block| {
            api.delivery_statement(block, subject, place, delivered, expires_at)
        })
    }

    fn explain_anchor(
        &self,
        account: AccountId,
        patient: PatientId,
        draft: RecordDraft,
        block: Option<Hash>,
    ) -> RpcResult<()> {
        self.0.ask_permission(block, |api, block| {
            api.explain_anchor(block, account, patient, draft)
        })
    }

    fn explain_shred(&self, record: RecordId, block: Option<Hash>) -> RpcResult<()> {
        self.0
            .ask_permission(block, |api, block| api.explain_shred(block, record))
    }
}
