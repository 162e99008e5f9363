//! Keeping what was mapped, and sending it.

use super::outcome::{Entry, Imported, Log, Status};
use crate::{
    chain::{Chain, ChainError, Stretch},
    cli::Problem,
    store::{BatchRef, Store, StoreError},
};
use axonic_primitives::{
    merkle::{self, LeafKind},
    OrgId,
};
use sp_core::H256;
use subxt_signer::sr25519::Keypair;

/// What it takes to send.
pub(super) struct Sender {
    /// Whose key grants each file's consent.
    pub keys: Vec<Option<Keypair>>,
    /// Who signs for the organisation, and which it is.
    pub office: Option<(Keypair, OrgId)>,
    pub store: Option<Store>,
    pub chain: Chain,
}

impl Sender {
    /// Keeps what is to be kept, all or none, and says where: should the import be cut short, these
    /// are the commitments that may be on the chain.
    pub fn keep(&self, entries: &mut [Entry], log: &mut Option<Log>) -> Result<(), StoreError> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        let commitments = store.keep_salted(entries.iter().filter_map(Entry::document))?;
        let places = entries.iter_mut().filter_map(Entry::commitment_mut);
        for (place, commitment) in places.zip(commitments) {
            *place = Some(commitment);
        }
        for line in entries.iter().filter_map(Entry::kept_in_words) {
            eprintln!("{line}");
        }
        if let Some(log) = log {
            let leaves = leaves(entries);
            let root = merkle::root(LeafKind::Access, &leaves);
            store.keep_batch(BatchRef::Root(root), LeafKind::Access, &leaves)?;
            log.root = Some(root);
            eprintln!("access log: leaves kept in the store under root {root:#x}");
        }
        Ok(())
    }

    /// Grants consents, then anchors the access log, then records checks, each one finalised before
    /// the next, and stops at the first that fails. What was kept and then not sent, or refused, is
    /// destroyed in the store again. Fails only if the store does; what became of the files, they
    /// tell themselves.
    pub async fn send(&self, entries: &mut [Entry], log: &mut Option<Log>) -> Result<(), Problem> {
        let mut sent = Ok(());
        if self.grant(entries).await {
            sent = self.send_office(entries, log).await;
        }
        if let Some(store) = &self.store {
            discard(entries, log.as_mut(), store)?;
        }
        sent?;
        Ok(())
    }

    async fn send_office(
        &self,
        entries: &mut [Entry],
        log: &mut Option<Log>,
    ) -> Result<(), StoreError> {
        let (Some((key, org)), Some(store)) = (&self.office, &self.store) else {
            return Ok(());
        };
        if let Some(log) = log {
            match self.anchor(entries, log, key, *org).await {
                None => return Ok(()),
                Some(batch) => {
                    // The checks do not wait for the store, which has the leaves by their root.
                    let named = log.root.map(|root| store.name_batch(root, batch));
                    self.record(entries, key).await;
                    return named.unwrap_or(Ok(()));
                }
            }
        }
        self.record(entries, key).await;
        Ok(())
    }

    /// Grants the consents in their order. Whether all were granted.
    async fn grant(&self, entries: &mut [Entry]) -> bool {
        for (entry, key) in entries.iter_mut().zip(&self.keys) {
            let (Some(Imported::Consent(consent)), Some(key)) = (&mut entry.import, key) else {
                continue;
            };
            let granting = self.chain.grant(consent.patient, &consent.terms, key);
            match granting.await {
                Ok(granted) => {
                    consent.consent = Some(granted);
                    entry.status = Status::Granted;
                    entry.reveal_salt();
                }
                Err(error) => {
                    fail(entry, &error);
                    return false;
                }
            }
        }
        true
    }

    /// Anchors the audit events as one batch, and answers with what the chain calls it.
    async fn anchor(
        &self,
        entries: &mut [Entry],
        log: &mut Log,
        key: &Keypair,
        org: OrgId,
    ) -> Option<BatchRef> {
        let stretch = Stretch {
            root: log.root?,
            count: log.leaves,
            first_at: log.first_at,
            last_at: log.last_at,
        };
        let outcome = self.chain.anchor_access_log(key, stretch).await;
        for entry in entries.iter_mut().filter(|entry| entry.leaf().is_some()) {
            match &outcome {
                Ok(_) => entry.status = Status::Anchored,
                Err(error) => fail(entry, error),
            }
        }
        let sequence = outcome.ok()?;
        log.organisation = Some(org);
        log.sequence = Some(sequence);
        Some(BatchRef::AccessLog { org, sequence })
    }

    /// Records the checks of credentials in their order, up to the first that fails.
    async fn record(&self, entries: &mut [Entry], key: &Keypair) {
        for entry in entries {
            let Some(Imported::VerificationResult(check)) = &entry.import else {
                continue;
            };
            let Some(commitment) = check.commitment else {
                continue;
            };
            let (credential, outcome) = (check.credential, check.outcome);
            let recorded = self
                .chain
                .record_primary_source_check(key, credential, outcome, commitment);
            match recorded.await {
                Ok(()) => entry.status = Status::Recorded,
                Err(error) => return fail(entry, &error),
            }
        }
    }
}

/// The commitments of the audit events, in the order of their leaves.
fn leaves(entries: &[Entry]) -> Vec<H256> {
    let mut leaves: Vec<_> = entries.iter().filter_map(Entry::leaf).collect();
    leaves.sort_unstable();
    leaves
        .into_iter()
        .map(|(_, commitment)| commitment)
        .collect()
}

/// Notes that a file came no further.
fn fail(entry: &mut Entry, error: &ChainError) {
    entry.fail(error.to_string());
    if error.is_unknown() {
        entry.status = Status::Unknown;
        entry.reveal_salt();
    }
}

/// Destroys what was kept and is certainly not on the chain.
fn discard(entries: &mut [Entry], log: Option<&mut Log>, store: &Store) -> Result<(), StoreError> {
    fn is_unused(entry: &Entry) -> bool {
        matches!(entry.status, Status::Mapped | Status::Failed)
    }

    let lost_log = entries
        .iter()
        .any(|entry| is_unused(entry) && entry.leaf().is_some());
    let mut places: Vec<_> = entries
        .iter_mut()
        .filter(|entry| is_unused(entry))
        .filter_map(Entry::commitment_mut)
        .collect();
    let unused: Vec<_> = places.iter().filter_map(|place| **place).collect();
    store.shred_all(&unused)?;
    for place in &mut places {
        **place = None;
    }
    match log {
        Some(log) if lost_log => match log.root.take() {
            Some(root) => store.forget_batch(&BatchRef::Root(root)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::import::outcome::tests::event, store::StoreKey};

    #[test]
    fn what_the_chain_certainly_has_not_is_destroyed_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::from_hex(&"07".repeat(32)).unwrap();
        let store = Store::open(&folder.path().join("store"), key).unwrap();
        for (status, stays) in [
            (Status::Mapped, false),
            (Status::Failed, false),
            (Status::Unknown, true),
            (Status::Anchored, true),
        ] {
            let mut entries = [event(1000)];
            let mut log = Log::of(&mut entries).unwrap().unwrap();
            let kept = store.keep(b"{}").unwrap();
            *entries[0].commitment_mut().unwrap() = Some(kept);
            let root = H256::repeat_byte(status as u8);
            log.root = Some(root);
            let by_root = BatchRef::Root(root);
            store
                .keep_batch(by_root, LeafKind::Access, &leaves(&entries))
                .unwrap();
            entries[0].status = status;

            discard(&mut entries, Some(&mut log), &store).unwrap();
            assert_eq!(store.document(&kept).unwrap().is_some(), stays);
            assert_eq!(store.batch(&by_root).unwrap().is_some(), stays);
            assert_eq!(log.root.is_some(), stays);
            assert_eq!(entries[0].leaf().is_some(), stays);
        }
    }
}
