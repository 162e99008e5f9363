//! Keeping documents, and anchoring what was kept.

use super::{
    document::{Document, Status},
    manifest::manifest_of,
};
use crate::{
    chain::{Chain, ChainError},
    cli::{account_of, Problem},
    store::{BatchRef, Store},
};
use axonic_primitives::{
    merkle::{self, LeafKind},
    BatchId, Moment, PatientId,
};
use pallet_health_records::types::{BatchDraft, BatchKind, RecordDraft};
use serde::Serialize;
use sp_core::H256;
use subxt_signer::sr25519::Keypair;

/// The batch that the documents are in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Batched {
    pub batch: BatchId,
    /// The commitment to the list of what is inside, which is in the store too.
    pub manifest_hash: H256,
}

/// What it takes to anchor.
pub(super) struct Sender<'a> {
    pub key: &'a Keypair,
    pub chain: &'a Chain,
    pub store: &'a Store,
}

impl Sender<'_> {
    /// Anchors each document as a record: those of one patient together, each patient's finalised
    /// before the next, and stops at the first that fails.
    pub async fn anchor(
        &self,
        documents: &mut [Document],
        retain_until: Option<Moment>,
    ) -> Result<(), Problem> {
        let mut patients = Vec::new();
        for document in documents.iter() {
            if !patients.contains(&document.patient) {
                patients.push(document.patient);
            }
        }
        self.keep(documents)?;
        tell(documents);
        self.send(documents, &patients, retain_until).await;
        self.discard(documents)
    }

    async fn send(
        &self,
        documents: &mut [Document],
        patients: &[PatientId],
        retain_until: Option<Moment>,
    ) {
        let account = account_of(self.key);
        let mut drafts: Vec<Vec<RecordDraft>> = Vec::new();
        for patient in patients {
            let of = documents.iter().filter(|one| one.patient == *patient);
            drafts.push(of.map(|one| one.draft(retain_until)).collect());
        }
        // The chain is asked about all patients before anything is sent.
        for (patient, drafts) in patients.iter().zip(&drafts) {
            let Some(draft) = drafts.first() else {
                continue;
            };
            let allowed = self.chain.explain_anchor(&account, *patient, draft).await;
            if let Err(error) = allowed {
                fail(documents, Some(*patient), Status::Failed, &error);
                return;
            }
        }
        for (patient, drafts) in patients.iter().zip(&drafts) {
            match self.chain.anchor(self.key, *patient, drafts).await {
                Ok(records) => {
                    let of = documents.iter_mut().filter(|one| one.patient == *patient);
                    for (document, record) in of.zip(records) {
                        document.status = Status::Anchored;
                        document.record = Some(record);
                        // A lost note is no loss while the chain has the record.
                        let noted = self.store.link(record, &[document.commitment]);
                        document.error = noted.err().map(|error| error.to_string());
                    }
                }
                Err(error) => {
                    fail(documents, Some(*patient), outcome_of(&error), &error);
                    break;
                }
            }
        }
    }

    /// Anchors all documents behind one root. `batched` is told even if the store fails after that.
    pub async fn anchor_batch(
        &self,
        documents: &mut [Document],
        batched: &mut Option<Batched>,
    ) -> Result<(), Problem> {
        let now = self.chain.clock().await?;
        let times: Vec<_> = documents
            .iter()
            .map(|document| document.came_about.unwrap_or(now).min(now))
            .collect();
        self.keep(documents)?;
        for (leaf, document) in (0..).zip(documents.iter_mut()) {
            document.leaf = Some(leaf);
        }
        tell(documents);
        let manifest_hash = self.store.keep(&manifest_of(documents))?;
        let leaves: Vec<_> = documents.iter().map(|one| one.commitment).collect();
        let draft = BatchDraft {
            kind: BatchKind::Records,
            root: merkle::root(LeafKind::Record, &leaves),
            leaves: u32::try_from(leaves.len()).expect("there are no more than MAX_LEAVES; qed"),
            first_at: times.iter().copied().min().unwrap_or(now),
            last_at: times.iter().copied().max().unwrap_or(now),
            manifest_hash,
        };
        // Should this be cut short, the leaves are found by the root that the chain has.
        let by_root = BatchRef::Root(draft.root);
        self.store.keep_batch(by_root, LeafKind::Record, &leaves)?;
        eprintln!("leaves kept in the store under root {:#x}", draft.root);
        match self.chain.anchor_batch(self.key, &draft).await {
            Ok(batch) => {
                for document in documents {
                    document.status = Status::Anchored;
                }
                *batched = Some(Batched {
                    batch,
                    manifest_hash,
                });
                self.store
                    .name_batch(draft.root, BatchRef::Records(batch))?;
            }
            Err(error) => {
                let status = outcome_of(&error);
                fail(documents, None, status, &error);
                if status == Status::Failed {
                    self.discard(documents)?;
                    self.store.shred(&manifest_hash)?;
                    self.store.forget_batch(&by_root)?;
                }
            }
        }
        Ok(())
    }

    fn keep(&self, documents: &mut [Document]) -> Result<(), Problem> {
        let contents = documents.iter().map(|document| &document.canonical[..]);
        let commitments = self.store.keep_all(contents)?;
        for (document, commitment) in documents.iter_mut().zip(commitments) {
            document.commitment = commitment;
        }
        Ok(())
    }

    /// Destroys what was kept and then not anchored.
    fn discard(&self, documents: &mut [Document]) -> Result<(), Problem> {
        let unused =
            |document: &&mut Document| matches!(document.status, Status::Checked | Status::Failed);
        let mut discarded: Vec<_> = documents.iter_mut().filter(unused).collect();
        let commitments: Vec<_> = discarded.iter().map(|one| one.commitment).collect();
        self.store.shred_all(&commitments)?;
        for document in &mut discarded {
            document.commitment = H256::zero();
            document.leaf = None;
        }
        Ok(())
    }
}

/// Says where the documents are kept, before they are sent: should this be cut short, these are the
/// commitments that may be on the chain.
fn tell(documents: &[Document]) {
    for document in documents {
        eprintln!("{}", document.kept_in_words());
    }
}

/// Whether a document that was sent is not anchored for certain.
fn outcome_of(error: &ChainError) -> Status {
    if error.is_unknown() {
        Status::Unknown
    } else {
        Status::Failed
    }
}

/// Notes that the documents of this patient, or all, came no further.
fn fail(
    documents: &mut [Document],
    patient: Option<PatientId>,
    status: Status,
    error: &ChainError,
) {
    for document in documents {
        if patient.is_none_or(|patient| patient == document.patient) {
            document.status = status;
            document.error = Some(error.to_string());
        }
    }
}
