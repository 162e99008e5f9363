//! What must hold of the stored state, one function an invariant.

use crate::{
    types::{Consent, Status, MAX_LIVE_CONSENTS, MAX_PENDING},
    BreakGlasses, Config, EndedConsents, Ledgers, LiveConsents, OpenBreakGlasses, OpenRequests,
    Pallet, Proposals, Requests, Unreviewed, Withdrawals,
};
use alloc::collections::{BTreeMap, BTreeSet};
use axonic_primitives::{ConsentId, PatientId};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::each_consent_is_kept_by_its_status()?;
        Self::ledgers_count_what_is_stored()?;
        Self::supersede_chains_go_back_in_time()?;
        Self::withdrawals_lie_in_the_past()?;
        Self::open_requests_are_the_unanswered_ones()?;
        Self::unreviewed_are_those_without_outcome()?;
        Self::open_break_glasses_point_at_their_own()
    }

    fn each_consent_is_kept_by_its_status() -> Result<(), TryRuntimeError> {
        let live = LiveConsents::<T>::iter_values().all(|c| c.status == Status::Active);
        ensure!(live, "a live consent is not active");
        let proposed = Proposals::<T>::iter_values().all(|c| c.status == Status::Proposed);
        ensure!(proposed, "a proposal is not proposed");
        for (patient, id, consent) in EndedConsents::<T>::iter() {
            let over = !matches!(consent.status, Status::Active | Status::Proposed);
            ensure!(
                over && consent.ended_at.is_some(),
                "an ended consent has not ended"
            );
            let elsewhere = LiveConsents::<T>::contains_key(patient, id)
                || Proposals::<T>::contains_key(patient, id);
            ensure!(!elsewhere, "a consent came back to life");
        }
        Ok(())
    }

    fn ledgers_count_what_is_stored() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<PatientId, (u32, u32, u32)>::new();
        for (patient, _, consent) in LiveConsents::<T>::iter() {
            counted.entry(patient).or_default().0 += 1;
            let next = Ledgers::<T>::get(patient).next_sequence;
            ensure!(
                consent.sequence < next,
                "a consent's sequence was not given out"
            );
        }
        for (patient, _, _) in Proposals::<T>::iter() {
            counted.entry(patient).or_default().1 += 1;
        }
        for (patient, _, _) in OpenRequests::<T>::iter() {
            counted.entry(patient).or_default().2 += 1;
        }
        for (patient, ledger) in Ledgers::<T>::iter() {
            let stored = counted.remove(&patient).unwrap_or_default();
            let ledger_says = (ledger.live, ledger.proposed, ledger.requested);
            ensure!(
                stored == ledger_says,
                "a ledger does not count what is stored"
            );
            ensure!(
                ledger.live <= MAX_LIVE_CONSENTS,
                "a patient holds too many consents"
            );
            let pending = ledger.proposed.max(ledger.requested);
            ensure!(pending <= MAX_PENDING, "too much waits for a patient");
        }
        ensure!(
            counted.is_empty(),
            "something is stored for a patient without a ledger"
        );
        Ok(())
    }

    /// Later consents replace earlier ones and each is replaced once, so no chain has a cycle.
    fn supersede_chains_go_back_in_time() -> Result<(), TryRuntimeError> {
        let all: BTreeMap<ConsentId, (PatientId, Consent)> = LiveConsents::<T>::iter()
            .chain(EndedConsents::<T>::iter())
            .map(|(patient, id, consent)| (id, (patient, consent)))
            .collect();
        let mut replaced = BTreeSet::new();
        for (patient, consent) in all.values() {
            let Some(old_id) = consent.supersedes else {
                continue;
            };
            ensure!(replaced.insert(old_id), "a consent was superseded twice");
            let (kept_under, old) = all.get(&old_id).ok_or("a superseded consent is gone")?;
            // After a merge the two are counted in different orders, but never in different times.
            let earlier = if kept_under == patient {
                old.sequence < consent.sequence
            } else {
                old.created_at <= consent.created_at
            };
            ensure!(earlier, "a consent replaces a later one");
            let over = matches!(old.status, Status::Superseded | Status::EnteredInError);
            ensure!(over, "a superseded consent goes on");
        }
        Ok(())
    }

    fn withdrawals_lie_in_the_past() -> Result<(), TryRuntimeError> {
        for (patient, _, before) in Withdrawals::<T>::iter() {
            let next = Ledgers::<T>::get(patient).next_sequence;
            ensure!(
                before <= next,
                "a withdrawal reaches consents that are yet to come"
            );
        }
        Ok(())
    }

    fn open_requests_are_the_unanswered_ones() -> Result<(), TryRuntimeError> {
        for (id, request) in Requests::<T>::iter() {
            let open = OpenRequests::<T>::contains_key(request.patient, id);
            ensure!(
                open == request.answer.is_none(),
                "a request is open and answered, or neither"
            );
        }
        let known = OpenRequests::<T>::iter().all(|(_, id, ())| Requests::<T>::contains_key(id));
        ensure!(known, "an open request is not stored");
        Ok(())
    }

    fn unreviewed_are_those_without_outcome() -> Result<(), TryRuntimeError> {
        for (id, break_glass) in BreakGlasses::<T>::iter() {
            let listed = Unreviewed::<T>::contains_key(break_glass.org, id);
            ensure!(
                listed == break_glass.outcome.is_none(),
                "a review is missing or too many"
            );
            ensure!(
                break_glass.opened_at <= break_glass.expires_at,
                "closed before opened"
            );
        }
        let known = Unreviewed::<T>::iter().all(|(_, id, ())| BreakGlasses::<T>::contains_key(id));
        ensure!(known, "an unreviewed emergency access is not stored");
        Ok(())
    }

    fn open_break_glasses_point_at_their_own() -> Result<(), TryRuntimeError> {
        for (patient, practitioner, id) in OpenBreakGlasses::<T>::iter() {
            let stored = BreakGlasses::<T>::get(id).ok_or("an open emergency access is gone")?;
            let own = stored.patient == patient && stored.practitioner == practitioner;
            ensure!(own, "an open emergency access is somebody else's");
        }
        Ok(())
    }
}
