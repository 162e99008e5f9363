//! Batches: many documents behind one root.

use crate::{
    rules::batch_id,
    types::{Batch, BatchDraft},
    BatchCounts, Batches, Config, Error, Event, Pallet,
};
use axonic_primitives::{membership::Actor, BatchId, Clock};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_anchor_batch(
        actor: &Actor,
        draft: BatchDraft,
    ) -> Result<BatchId, DispatchError> {
        let now = T::Clock::now();
        draft.check(now).map_err(Error::<T>::from)?;

        let sequence = BatchCounts::<T>::get(actor.org);
        let id = batch_id(actor.org, sequence);
        let batch = Batch {
            custodian: actor.org,
            sequence,
            kind: draft.kind,
            root: draft.root,
            leaves: draft.leaves,
            first_at: draft.first_at,
            last_at: draft.last_at,
            manifest_hash: draft.manifest_hash,
            anchored_at: now,
            disputes: 0,
        };
        Batches::<T>::insert(id, batch);
        BatchCounts::<T>::insert(actor.org, sequence.saturating_add(1));
        Self::deposit_event(Event::BatchAnchored {
            batch: id,
            org: actor.org,
            kind: draft.kind,
            root: draft.root,
            leaves: draft.leaves,
        });
        Ok(id)
    }
}
