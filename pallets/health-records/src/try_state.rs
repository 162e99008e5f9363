//! What must hold of the stored state, one function an invariant.

use crate::{
    rules::{batch_id, check_labels, is_about_a_patient, record_id},
    types::{Disputant, Status, Subject, MAX_DISPUTES, MAX_RECORDS, MAX_VERSIONS},
    BatchCounts, BatchDisputes, Batches, Config, Disputes, Holdings, Pallet, PastVersions, Records,
};
use alloc::collections::BTreeMap;
use axonic_primitives::{merkle::MAX_LEAVES, BatchId, OrgId, PatientId};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::each_record_is_where_its_number_says()?;
        Self::holdings_count_what_is_stored()?;
        Self::versions_are_gap_free()?;
        Self::past_versions_belong_to_records()?;
        Self::what_is_shredded_keeps_nothing()?;
        Self::contents_are_well_formed()?;
        Self::batches_are_numbered_and_well_formed()?;
        Self::disputes_are_counted()?;
        Self::members_share_no_bound_on_batches()
    }

    fn each_record_is_where_its_number_says() -> Result<(), TryRuntimeError> {
        for (id, record) in Records::<T>::iter() {
            let derived = record_id(&record.patient, record.origin, record.sequence);
            ensure!(id == derived, "a record has another's id");
            let anchored = Holdings::<T>::get(record.patient, record.origin).anchored;
            ensure!(record.sequence < anchored, "a record is not in the index");
        }
        Ok(())
    }

    /// Ids are different for different numbers, so if there are as many records as numbers, there
    /// is one for each.
    fn holdings_count_what_is_stored() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<(PatientId, OrgId), (u32, u32)>::new();
        for record in Records::<T>::iter_values() {
            counted
                .entry((record.patient, record.origin))
                .or_default()
                .0 += 1;
            let held = &mut counted
                .entry((record.patient, record.custodian))
                .or_default()
                .1;
            *held += u32::from(record.content.is_some());
        }
        for (patient, org, holding) in Holdings::<T>::iter() {
            let stored = counted.remove(&(patient, org)).unwrap_or_default();
            ensure!(
                stored == (holding.anchored, holding.held),
                "a holding does not count what is stored"
            );
            ensure!(
                holding.anchored <= MAX_RECORDS,
                "a member anchored too many records"
            );
        }
        ensure!(counted.is_empty(), "a record is held by nobody");
        Ok(())
    }

    /// The latest version is in the record, so exactly one is.
    fn versions_are_gap_free() -> Result<(), TryRuntimeError> {
        for (id, record) in Records::<T>::iter() {
            let Some(content) = record.content else {
                continue;
            };
            let count = PastVersions::<T>::iter_key_prefix(id).count();
            ensure!(
                count + 1 == content.version as usize,
                "a version is missing or too many"
            );
            ensure!(content.version <= MAX_VERSIONS, "too many versions");
            let mut before = None;
            for number in 1..=content.version {
                let version = Self::version_of(&id, &content, number);
                let version = version.ok_or("there is a gap between versions")?;
                let first = before.is_none();
                let begins = version.anchored_at == record.anchored_at;
                ensure!(!first || begins, "a record begins before its first version");
                ensure!(
                    version.reason.is_none() == first,
                    "a correction has no reason, or a first version one"
                );
                ensure!(
                    before <= Some(version.anchored_at),
                    "a version is older than the one before"
                );
                before = Some(version.anchored_at);
            }
        }
        Ok(())
    }

    fn past_versions_belong_to_records() -> Result<(), TryRuntimeError> {
        for id in PastVersions::<T>::iter_keys().map(|(id, _)| id) {
            let kept = Records::<T>::get(id).is_some_and(|record| record.content.is_some());
            ensure!(kept, "a version is left of a record that is not");
        }
        Ok(())
    }

    fn what_is_shredded_keeps_nothing() -> Result<(), TryRuntimeError> {
        for (id, record) in Records::<T>::iter() {
            let shredded = record.status == Status::Shredded;
            ensure!(
                shredded == record.content.is_none(),
                "a shredded record keeps its content, or another lost it"
            );
            ensure!(
                record.status != Status::Superseded,
                "a record's latest version is not its latest"
            );
            let ended = record.status != Status::Current;
            ensure!(
                record.ended_at.is_some() == ended,
                "a record ended without a date, or has one and did not"
            );
            let commitments = Disputes::<T>::iter_prefix_values(Subject::Record(id))
                .filter(|dispute| dispute.delivered.is_some())
                .count();
            ensure!(
                commitments
                    == if shredded {
                        0
                    } else {
                        record.disputes as usize
                    },
                "a dispute keeps what was shredded, or lost what was not"
            );
        }
        Ok(())
    }

    fn contents_are_well_formed() -> Result<(), TryRuntimeError> {
        for record in Records::<T>::iter_values() {
            let Some(content) = record.content else {
                continue;
            };
            ensure!(
                is_about_a_patient(content.class) && check_labels(content.labels).is_ok(),
                "a record's class or labels are not allowed"
            );
            ensure!(content.holds.is_known(), "a hold's basis is not known");
            ensure!(
                content.offered_to != Some(record.custodian),
                "a record is offered to its custodian"
            );
        }
        Ok(())
    }

    fn batches_are_numbered_and_well_formed() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<OrgId, u64>::new();
        for (id, batch) in Batches::<T>::iter() {
            let derived = batch_id(batch.custodian, batch.sequence);
            ensure!(id == derived, "a batch has another's id");
            let count = BatchCounts::<T>::get(batch.custodian);
            ensure!(batch.sequence < count, "a batch is not in the index");
            ensure!(
                (1..=MAX_LEAVES).contains(&batch.leaves) && !batch.root.is_zero(),
                "a batch is empty or too large"
            );
            let in_order = batch.first_at <= batch.last_at && batch.last_at <= batch.anchored_at;
            ensure!(in_order, "a batch is older than its documents");
            *counted.entry(batch.custodian).or_default() += 1;
        }
        let stored: BTreeMap<_, _> = BatchCounts::<T>::iter().collect();
        ensure!(counted == stored, "a batch is not counted");
        Ok(())
    }

    fn disputes_are_counted() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<Subject, u32>::new();
        for (subject, _, _) in Disputes::<T>::iter() {
            *counted.entry(subject).or_default() += 1;
        }
        let records =
            Records::<T>::iter().map(|(id, record)| (Subject::Record(id), record.disputes));
        let batches = Batches::<T>::iter().map(|(id, batch)| (Subject::Batch(id), batch.disputes));
        for (subject, disputes) in records.chain(batches) {
            let stored = counted.remove(&subject).unwrap_or_default();
            ensure!(stored == disputes, "a dispute is not counted");
            let bounded = matches!(subject, Subject::Batch(_)) || disputes <= MAX_DISPUTES;
            ensure!(bounded, "a record has too many disputes");
        }
        ensure!(counted.is_empty(), "a dispute is about nothing");
        Ok(())
    }

    fn members_share_no_bound_on_batches() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<(BatchId, Disputant), u32>::new();
        for (subject, (_, by), _) in Disputes::<T>::iter() {
            if let Subject::Batch(id) = subject {
                *counted.entry((id, by)).or_default() += 1;
            }
        }
        let bounded = counted.values().all(|disputes| *disputes <= MAX_DISPUTES);
        ensure!(bounded, "a member disputes a batch too often");
        let stored: BTreeMap<_, _> = BatchDisputes::<T>::iter()
            .map(|(id, by, disputes)| ((id, by), disputes))
            .collect();
        ensure!(counted == stored, "a member's disputes are not counted");
        Ok(())
    }
}
