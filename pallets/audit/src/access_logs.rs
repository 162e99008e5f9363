//! Roots of the custodians' own access logs.

use crate::{
    types::{AccessLogBatch, AccessLogHead},
    AccessLogHeads, AccessLogs, Config, Error, Event, Pallet,
};
use axonic_primitives::{membership::Actor, Clock, Moment};
use frame_support::dispatch::DispatchResult;
use sp_core::H256;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_anchor_access_log(
        actor: &Actor,
        root: H256,
        count: u32,
        first_at: Moment,
        last_at: Moment,
    ) -> DispatchResult {
        let org = actor.org;
        let batch = AccessLogBatch {
            root,
            count,
            first_at,
            last_at,
            anchored_at: T::Clock::now(),
        };
        let head = AccessLogHeads::<T>::get(org);
        batch
            .check(head.map(|head| head.last_at))
            .map_err(Error::<T>::from)?;
        let sequence = head.map_or(0, |head| head.next);
        let next = sequence.checked_add(1).ok_or(ArithmeticError::Overflow)?;

        AccessLogs::<T>::insert(org, sequence, batch);
        AccessLogHeads::<T>::insert(org, AccessLogHead { next, last_at });
        Self::deposit_event(Event::AccessLogAnchored {
            org,
            sequence,
            batch,
        });
        Ok(())
    }
}
