//! What must hold of the stored state, one function an invariant.

use crate::{
    rules, types::Log, AccessLogHeads, AccessLogs, ByCustodian, Config, Contests,
    CustodianSequences, Entries, Logs, OpenContests, Pallet,
};
use axonic_primitives::Clock;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::logs_have_no_gaps_and_fold_to_their_heads()?;
        Self::custodians_find_each_of_their_entries_once()?;
        Self::contests_are_about_kept_entries()?;
        Self::open_contests_are_the_unanswered_ones()?;
        Self::batches_neither_overlap_nor_go_back()
    }

    fn logs_have_no_gaps_and_fold_to_their_heads() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        let mut kept = 0;
        for (patient, log) in Logs::<T>::iter() {
            if log.first == 0 {
                let start = Log::new(&patient).base;
                ensure!(log.base == start, "a log begins at another's id");
            }
            let (mut head, mut time) = (log.base, 0);
            for sequence in log.first..log.next {
                let entry = Entries::<T>::get(patient, sequence).ok_or("a log has a gap")?;
                ensure!(entry.sequence == sequence, "an entry is in another's place");
                ensure!(time <= entry.at, "an entry is before an older one");
                ensure!(entry.at <= now, "an entry is from the future");
                head = rules::next_head(&head, &entry);
                time = entry.at;
                kept += 1;
            }
            ensure!(head == log.head, "a log does not fold to its head");
        }
        ensure!(
            Entries::<T>::iter_keys().count() == kept,
            "an entry is outside its log"
        );
        Ok(())
    }

    /// Each kept entry has one place among its custodian's, and there are no other places.
    fn custodians_find_each_of_their_entries_once() -> Result<(), TryRuntimeError> {
        let mut places = 0;
        for (org, place, (patient, sequence)) in ByCustodian::<T>::iter() {
            let entry = Entries::<T>::get(patient, sequence).ok_or("a place leads nowhere")?;
            let place = u64::from_be_bytes(place);
            ensure!(
                (entry.custodian, entry.custodian_sequence) == (org, place),
                "a place leads to another's entry"
            );
            ensure!(
                place < CustodianSequences::<T>::get(org),
                "a custodian's sequence was not given out"
            );
            places += 1;
        }
        ensure!(
            Entries::<T>::iter_keys().count() == places,
            "an entry has no place among its custodian's"
        );
        Ok(())
    }

    fn contests_are_about_kept_entries() -> Result<(), TryRuntimeError> {
        for (patient, sequence, contest) in Contests::<T>::iter() {
            let entry = Entries::<T>::get(patient, sequence).ok_or("what was contested is gone")?;
            ensure!(
                entry.at <= contest.contested_at,
                "an entry was contested before it was made"
            );
            let answered_in_time_order = contest
                .answer
                .as_ref()
                .is_none_or(|answer| contest.contested_at <= answer.answered_at);
            ensure!(
                answered_in_time_order,
                "a contest was answered before it was raised"
            );
            let open = OpenContests::<T>::contains_key(entry.custodian, (patient, sequence));
            ensure!(
                open == contest.answer.is_none(),
                "a contest is open and answered, or neither"
            );
        }
        Ok(())
    }

    fn open_contests_are_the_unanswered_ones() -> Result<(), TryRuntimeError> {
        for (org, (patient, sequence), ()) in OpenContests::<T>::iter() {
            let entry = Entries::<T>::get(patient, sequence);
            let owed = entry.is_some_and(|entry| entry.custodian == org);
            ensure!(owed, "a custodian owes an answer about another's entry");
            let stored = Contests::<T>::contains_key(patient, sequence);
            ensure!(stored, "an open contest is not stored");
        }
        Ok(())
    }

    fn batches_neither_overlap_nor_go_back() -> Result<(), TryRuntimeError> {
        let mut kept = 0;
        for (org, head) in AccessLogHeads::<T>::iter() {
            let mut previous = None;
            for sequence in 0..head.next {
                let batch = AccessLogs::<T>::get(org, sequence).ok_or("a batch is missing")?;
                ensure!(
                    batch.check(previous).is_ok(),
                    "a batch could not have followed the one before"
                );
                previous = Some(batch.last_at);
                kept += 1;
            }
            ensure!(
                previous == Some(head.last_at),
                "a custodian's batches end elsewhere"
            );
        }
        ensure!(
            AccessLogs::<T>::iter_keys().count() == kept,
            "a batch is outside its custodian's"
        );
        Ok(())
    }
}
