//! Merging duplicates, and undoing it.
//!
//! Merges form trees that grow upwards only at their roots: a patient known by its own id is merged
//! into another such patient. So there are no cycles, and a merge adds one level above everything
//! that was merged into its source before. Trees are small, so they are walked, not counted.

use crate::{
    lists::retain, Action, Agreement, Assent, Config, Error, Event, Keys, MergedInto, Pallet,
    Patients, Status, MAX_IDENTITIES, MAX_MERGE_DEPTH,
};
use alloc::{vec, vec::Vec};
use axonic_primitives::{patients::Power, PatientId};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_merge(
        origin: OriginFor<T>,
        from: PatientId,
        into: PatientId,
        assent: Option<Assent>,
        acceptance: Option<Assent>,
    ) -> DispatchResult {
        let (actor, mut source) = Self::managed(origin, &from)?;
        ensure!(from != into, Error::<T>::SelfMerge);
        let mut target = Self::known(&into)?;
        ensure!(Self::follow(&into)?.0 != from, Error::<T>::MergeCycle);
        ensure!(
            target.status.is_in_good_standing(),
            Error::<T>::TargetNotActive
        );
        source.status = source
            .status
            .next(Action::Merge { into })
            .map_err(Error::<T>::from)?;
        ensure!(
            !source.links_frozen && !target.links_frozen,
            Error::<T>::LinksFrozen
        );
        let confirmed = target.managing_org == actor.org || Self::is_linked(&into, &from);
        ensure!(confirmed, Error::<T>::NotLinked);
        let (joining, height) = Self::tree(from);
        ensure!(height < MAX_MERGE_DEPTH, Error::<T>::MergeTooDeep);
        let (present, _) = Self::tree(into);
        let together = present.len().saturating_add(joining.len());
        ensure!(
            together <= MAX_IDENTITIES as usize,
            Error::<T>::MaxIdentitiesExceeded
        );
        let mut merged = MergedInto::<T>::get(into);
        merged
            .try_push(from)
            .map_err(|_| Error::<T>::MaxIdentitiesExceeded)?;
        if source.is_claimed() {
            // Its keys lose their say to the target's, so there must be some and it must agree.
            ensure!(target.is_claimed(), Error::<T>::TargetUnclaimed);
            let assent = assent.ok_or(Error::<T>::AssentMissing)?;
            let agreement = Agreement::Merge { into };
            source.statement_nonce =
                Self::ensure_assent(&from, &from, source.statement_nonce, agreement, &assent)?;
        } else {
            // Whoever speaks for it would lose the say without having been asked.
            let represented = Self::is_represented(&from, &source);
            ensure!(!represented, Error::<T>::Represented);
        }
        if target.is_claimed() {
            // What was said under the source's id would count as said by the target.
            let acceptance = acceptance.ok_or(Error::<T>::AcceptanceMissing)?;
            let agreement = Agreement::AcceptMerge { from };
            target.statement_nonce =
                Self::ensure_assent(&into, &into, target.statement_nonce, agreement, &acceptance)?;
        }

        Patients::<T>::insert(from, source);
        Patients::<T>::insert(into, target);
        MergedInto::<T>::insert(into, merged);
        Self::deposit_event(Event::Merged { from, into });
        Ok(())
    }

    pub(crate) fn do_unmerge(
        origin: OriginFor<T>,
        patient: PatientId,
        assent: Option<Assent>,
    ) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        let Status::Merged { into } = record.status else {
            return Err(Error::<T>::NotMerged.into());
        };
        let action = Action::Unmerge {
            claimed: record.is_claimed(),
        };
        record.status = record.status.next(action).map_err(Error::<T>::from)?;
        if record.is_claimed() {
            // A key of its own agrees, or one of those that speak for it since the merge.
            let assent = assent.ok_or(Error::<T>::AssentMissing)?;
            let holder = if Keys::<T>::contains_key(patient, &assent.account) {
                patient
            } else {
                Self::follow(&patient)?.0
            };
            let (nonce, agreement) = (record.statement_nonce, Agreement::Unmerge);
            record.statement_nonce =
                Self::ensure_assent(&holder, &patient, nonce, agreement, &assent)?;
        }

        Self::detach(&patient, &into);
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::Unmerged {
            patient,
            from: into,
        });
        Ok(())
    }

    /// The patient and everything that was merged into it, level by level, and the number of
    /// levels below it. One read if nothing was.
    pub(crate) fn tree(patient: PatientId) -> (Vec<PatientId>, u32) {
        let mut ids = vec![patient];
        let mut level = vec![patient];
        for height in 0..MAX_MERGE_DEPTH {
            level = level.iter().flat_map(MergedInto::<T>::get).collect();
            if level.is_empty() {
                return (ids, height);
            }
            ids.extend_from_slice(&level);
        }
        (ids, MAX_MERGE_DEPTH)
    }

    /// Checks that a live authentication key of `holder` signed the agreement about `patient` at
    /// this nonce of that patient's. Answers the next nonce.
    fn ensure_assent(
        holder: &PatientId,
        patient: &PatientId,
        nonce: u64,
        agreement: Agreement,
        assent: &Assent,
    ) -> Result<u64, Error<T>> {
        Self::ensure_key_gives(holder, &assent.account, Power::Identity)?;
        Self::ensure_agreed(patient, nonce, &assent.account, agreement, &assent.proof)
    }

    /// Takes a patient off the list of the one it was merged into.
    pub(crate) fn detach(patient: &PatientId, parent: &PatientId) {
        MergedInto::<T>::mutate_exists(parent, |merged| retain(merged, |id| id != patient));
    }
}
