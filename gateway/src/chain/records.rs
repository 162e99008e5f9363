//! Records: anchoring, verifying and shredding them.

use super::{not_understood, the_one, Chain, ChainError};
use axonic_primitives::{merkle::InclusionProof, AccountId, BatchId, OrgId, PatientId, RecordId};
use pallet_health_records::types::{
    BatchDraft, BatchInfo, BatchKind, RecordDraft, RecordInfo, ShredObstacle, Verification,
    VersionInfo,
};
use sp_core::H256;
use subxt::utils::Static;
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "HealthRecords";

impl Chain {
    /// Anchors records of a patient, all or none, 64 at most, and waits until that is final.
    /// Answers with their ids in the same order.
    pub async fn anchor(
        &self,
        key: &Keypair,
        patient: PatientId,
        drafts: &[RecordDraft],
    ) -> Result<Vec<RecordId>, ChainError> {
        let anchored: Vec<(PatientId, RecordId, OrgId)> = match drafts {
            [draft] => {
                let arguments = (Static(patient), Static(*draft));
                self.submit(key, [PALLET, "anchor", "Anchored"], arguments)
                    .await?
            }
            drafts => {
                let arguments = (Static(patient), Static(drafts.to_vec()));
                self.submit(key, [PALLET, "anchor_many", "Anchored"], arguments)
                    .await?
            }
        };
        if anchored.len() != drafts.len() {
            return Err(not_understood());
        }
        Ok(anchored.into_iter().map(|(_, record, _)| record).collect())
    }

    /// Anchors many documents behind one root, and waits until that is final.
    pub async fn anchor_batch(
        &self,
        key: &Keypair,
        draft: &BatchDraft,
    ) -> Result<BatchId, ChainError> {
        let names = [PALLET, "anchor_batch", "BatchAnchored"];
        let anchored = self.submit(key, names, (Static(*draft),)).await?;
        let (batch, ..): (BatchId, OrgId, BatchKind, H256, u32) = the_one(anchored)?;
        Ok(batch)
    }

    /// Has the chain forget a record, and waits until that is final.
    pub async fn shred(&self, key: &Keypair, record: RecordId) -> Result<(), ChainError> {
        let names = [PALLET, "shred", "Shredded"];
        let shredded = self.submit(key, names, (Static(record),)).await?;
        let _: RecordId = the_one(shredded)?;
        Ok(())
    }

    /// One record.
    pub async fn record(&self, record: RecordId) -> Result<Option<RecordInfo>, ChainError> {
        self.call("RecordsApi_record", record).await
    }

    /// Every version of a record, from the first. None is left of one that was shredded.
    pub async fn history(&self, record: RecordId) -> Result<Vec<VersionInfo>, ChainError> {
        self.call("RecordsApi_history", record).await
    }

    /// What the commitment is to this version of the record.
    pub async fn verify(
        &self,
        record: RecordId,
        version: u32,
        commitment: H256,
    ) -> Result<Verification, ChainError> {
        let question = (record, version, commitment);
        self.ask(PALLET, "RecordsApi_verify", question).await
    }

    /// One batch.
    pub async fn batch(&self, batch: BatchId) -> Result<Option<BatchInfo>, ChainError> {
        self.call("RecordsApi_batch", batch).await
    }

    /// Whether the proof shows that the commitment is in the batch.
    pub async fn verify_inclusion(
        &self,
        batch: BatchId,
        commitment: H256,
        proof: &InclusionProof,
    ) -> Result<bool, ChainError> {
        let question = (batch, commitment, proof);
        let answer = self
            .ask(PALLET, "RecordsApi_verify_inclusion", question)
            .await;
        match answer {
            Ok(()) => Ok(true),
            Err(error)
                if error.is("HealthRecords.BadProof")
                    || error.is("HealthRecords.LeafOutOfRange") =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The first error that anchoring, signed by `account`, would give.
    pub async fn explain_anchor(
        &self,
        account: &AccountId,
        patient: PatientId,
        draft: &RecordDraft,
    ) -> Result<(), ChainError> {
        let question = (account, patient, draft);
        self.ask(PALLET, "RecordsApi_explain_anchor", question)
            .await
    }

    /// The first reason why the custodian could not shred the record now.
    pub async fn explain_shred(
        &self,
        record: RecordId,
    ) -> Result<Result<(), ShredObstacle>, ChainError> {
        self.call("RecordsApi_explain_shred", record).await
    }
}
