//! Which commitments are versions of which record.

use super::{Store, StoreError, RECORDS};
use axonic_primitives::RecordId;
use codec::Encode;
use redb::ReadableTable;
use sp_core::H256;
use std::collections::HashSet;

impl Store {
    /// Notes that these are commitments of versions of a record. The chain forgets them when the
    /// record is shredded there; the store must not, until the documents are destroyed here.
    pub fn link(&self, record: RecordId, commitments: &[H256]) -> Result<(), StoreError> {
        let mut linked = self.linked(record)?;
        for commitment in commitments {
            if !linked.contains(commitment) {
                linked.push(*commitment);
            }
        }
        let content = linked.encode();
        self.write(|transaction| {
            let mut records = transaction.open_table(RECORDS)?;
            records.insert(&record.0 .0, &content[..])?;
            Ok(())
        })
    }

    /// The commitments that [`Self::link`] noted of a record.
    pub fn linked(&self, record: RecordId) -> Result<Vec<H256>, StoreError> {
        let content = self.read(|transaction| {
            let records = transaction.open_table(RECORDS)?;
            let content = records.get(&record.0 .0)?;
            Ok(content.map(|entry| entry.value().to_vec()))
        })?;
        content.map_or_else(|| Ok(Vec::new()), |content| self.decode(&content))
    }

    /// Which other records have one of these commitments, and which of them: what [`Self::link`]
    /// noted of all records but `except`.
    pub fn shared(
        &self,
        commitments: &[H256],
        except: Option<RecordId>,
    ) -> Result<Vec<(RecordId, Vec<H256>)>, StoreError> {
        let noted = self.read(|transaction| {
            let records = transaction.open_table(RECORDS)?;
            let mut noted = Vec::new();
            for entry in records.iter()? {
                let (record, content) = entry?;
                noted.push((RecordId(H256(*record.value())), content.value().to_vec()));
            }
            Ok(noted)
        })?;
        let wanted: HashSet<_> = commitments.iter().collect();
        let mut shared = Vec::new();
        for (record, content) in noted {
            let mut common: Vec<H256> = self.decode(&content)?;
            common.retain(|commitment| wanted.contains(commitment));
            if !common.is_empty() && Some(record) != except {
                shared.push((record, common));
            }
        }
        Ok(shared)
    }
}
