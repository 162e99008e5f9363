//! The leaves of batches, without which nothing in them can be proved.

use super::{Store, StoreError, BATCHES};
use axonic_primitives::{
    merkle::{self, InclusionProof, LeafKind},
    BatchId, OrgId,
};
use codec::{Decode, Encode};
use sp_core::H256;

/// Which batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum BatchRef {
    /// A batch of documents.
    #[codec(index = 0)]
    Records(BatchId),
    /// A batch of a custodian's access log.
    #[codec(index = 1)]
    AccessLog {
        /// The custodian.
        org: OrgId,
        /// Its place among the custodian's batches.
        sequence: u32,
    },
    /// A batch by its root, as long as nobody knows what the chain calls it.
    #[codec(index = 2)]
    Root(H256),
}

impl Store {
    /// Keeps the leaves of a batch in their order, without which nothing in it can be proved.
    pub fn keep_batch(
        &self,
        batch: BatchRef,
        kind: LeafKind,
        leaves: &[H256],
    ) -> Result<(), StoreError> {
        let content = (kind, leaves).encode();
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            batches.insert(&batch.encode()[..], &content[..])?;
            Ok(())
        })
    }

    /// Notes what the chain calls the batch that was kept by its root.
    pub fn name_batch(&self, root: H256, batch: BatchRef) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            let content = batches
                .remove(&BatchRef::Root(root).encode()[..])?
                .map(|entry| entry.value().to_vec());
            if let Some(content) = content {
                batches.insert(&batch.encode()[..], &content[..])?;
            }
            Ok(())
        })
    }

    /// Forgets the leaves of a batch that did not come about.
    pub fn forget_batch(&self, batch: &BatchRef) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            batches.remove(&batch.encode()[..])?;
            Ok(())
        })
    }

    /// The leaves of a batch in their order.
    pub fn batch(&self, batch: &BatchRef) -> Result<Option<Vec<H256>>, StoreError> {
        Ok(self.leaves(batch)?.map(|(_, leaves)| leaves))
    }

    /// The proof that a document is in a batch. `None` if the store has not this batch or the batch
    /// has not this leaf.
    pub fn prove(
        &self,
        batch: &BatchRef,
        leaf: &H256,
    ) -> Result<Option<InclusionProof>, StoreError> {
        Ok(self.leaves(batch)?.and_then(|(kind, leaves)| {
            let index = leaves.iter().position(|other| other == leaf)?;
            merkle::prove(kind, &leaves, u32::try_from(index).ok()?)
        }))
    }

    fn leaves(&self, batch: &BatchRef) -> Result<Option<(LeafKind, Vec<H256>)>, StoreError> {
        let content = self.read(|transaction| {
            let batches = transaction.open_table(BATCHES)?;
            let content = batches.get(&batch.encode()[..])?;
            Ok(content.map(|entry| entry.value().to_vec()))
        })?;
        content.map(|content| self.decode(&content)).transpose()
    }
}
