//! What readers are shown: the functions behind the runtime API and the view functions.

use crate::{
    rules,
    types::{
        AccessLogBatch, AccessLogInfo, ContestInfo, DisclosureInfo, DisclosureItem, Entry, Gap,
        Log, LogInfo, Permitted,
    },
    AccessLogHeads, AccessLogs, ByCustodian, Config, Contests, Entries, Error, Logs, OpenContests,
    Pallet, MAX_PAGE,
};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::{EnsureStaff, Membership},
    merkle::InclusionProof,
    patients::Patients,
    AccountId, Clock, Moment, OrgId, PatientId, Period, Refusal,
};
use frame_support::ensure;
use frame_system::RawOrigin;
use sp_core::H256;
use sp_runtime::DispatchError;

/// An error as readers see it.
pub(crate) fn refused(error: impl Into<DispatchError>) -> Refusal {
    let error: DispatchError = error.into();
    error.into()
}

/// How many rows a page has.
fn page(limit: u32) -> usize {
    limit.min(MAX_PAGE) as usize
}

impl<T: Config> Pallet<T> {
    /// The entries about a person within a period, under the current and every merged id: those of
    /// the current id first, each id's from the oldest on.
    pub(crate) fn accounting(
        patient: &PatientId,
        from: Option<Moment>,
        to: Option<Moment>,
        after: Option<(PatientId, u64)>,
        limit: u32,
    ) -> Result<Vec<DisclosureInfo>, Error<T>> {
        let period = Period {
            start: from,
            end: to,
        };
        ensure!(period.is_valid(), Error::<T>::InvalidPeriod);
        let identities = Self::identities(patient)?;
        let reached = match after {
            None => 0,
            Some((identity, _)) => identities
                .iter()
                .position(|id| *id == identity)
                .ok_or(Error::<T>::NotFound)?,
        };
        let rows = identities.into_iter().skip(reached).flat_map(|identity| {
            let log = Self::log(&identity);
            let since = Self::first_since(&identity, &log, from);
            let start = match after {
                Some((last, sequence)) if last == identity => since.max(sequence.saturating_add(1)),
                _ => since,
            };
            (start..log.next)
                .map_while(move |sequence| Entries::<T>::get(identity, sequence))
                .take_while(move |entry| !period.is_over(entry.at))
                .map(move |entry| Self::describe(identity, entry))
        });
        Ok(rows.take(page(limit)).collect())
    }

    /// The entries of a custodian, from the oldest that is kept on.
    pub(crate) fn entries_by(
        org: OrgId,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<DisclosureInfo>, Error<T>> {
        Self::ensure_member(org)?;
        let places = match after {
            None => ByCustodian::<T>::iter_prefix(org),
            // From where `after` is or was: it may have been pruned since.
            Some(after) => {
                let place = after.to_be_bytes();
                let from = ByCustodian::<T>::hashed_key_for(org, place);
                ByCustodian::<T>::iter_prefix_from(org, from)
            }
        };
        let entries = places.filter_map(|(_, (patient, sequence))| {
            let entry = Entries::<T>::get(patient, sequence)?;
            Some(Self::describe(patient, entry))
        });
        Ok(entries.take(page(limit)).collect())
    }

    /// The logs of a person, of those ids under which something was logged.
    pub(crate) fn chains_of(patient: &PatientId) -> Result<Vec<LogInfo>, Error<T>> {
        let chains = Self::identities(patient)?
            .into_iter()
            .filter_map(|patient| {
                let log = Logs::<T>::get(patient)?;
                Some(LogInfo {
                    patient,
                    first: log.first,
                    next: log.next,
                    base: log.base,
                    head: log.head,
                })
            });
        Ok(chains.collect())
    }

    /// What the call `disclose` by this account would store, or its first error.
    pub(crate) fn explanation(
        discloser: AccountId,
        item: DisclosureItem,
    ) -> Result<Permitted, DispatchError> {
        let actor = T::CustodianOrigin::ensure_staff(RawOrigin::Signed(discloser).into())?;
        let (fact, receipt) = Self::judge(actor.org, item, &mut 0)?;
        Ok(Permitted {
            patient: fact.patient,
            basis: receipt.basis,
            conditional: receipt.conditional,
        })
    }

    /// The contests that wait for a custodian's answer.
    pub(crate) fn unanswered(
        org: OrgId,
        after: Option<(PatientId, u64)>,
        limit: u32,
    ) -> Result<Vec<ContestInfo>, Error<T>> {
        Self::ensure_member(org)?;
        let now = T::Clock::now();
        let open = match after {
            None => OpenContests::<T>::iter_key_prefix(org),
            // From where `after` is or was: it may have been answered since.
            Some(after) => OpenContests::<T>::iter_key_prefix_from(
                org,
                OpenContests::<T>::hashed_key_for(org, after),
            ),
        };
        let contests = open.filter_map(|(patient, sequence)| {
            let contest = Contests::<T>::get(patient, sequence)?;
            Some(ContestInfo {
                patient,
                sequence,
                due_at: contest.due_at(),
                overdue: contest.is_overdue(now),
                contest,
            })
        });
        Ok(contests.take(page(limit)).collect())
    }

    /// A batch that an access is proved to be in.
    pub(crate) fn proved(
        org: OrgId,
        sequence: u32,
        commitment: &H256,
        proof: &InclusionProof,
    ) -> Result<AccessLogInfo, Error<T>> {
        let batch = AccessLogs::<T>::get(org, sequence).ok_or(Error::<T>::NotFound)?;
        batch.check_access(commitment, proof)?;
        Ok(Self::describe_batch(org, sequence, batch))
    }

    /// The batches of a custodian, from the oldest on.
    pub(crate) fn batches_of(
        org: OrgId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<AccessLogInfo>, Error<T>> {
        Self::ensure_member(org)?;
        let batches = Self::batches_after(org, after)
            .map(|(sequence, batch)| Self::describe_batch(org, sequence, batch));
        Ok(batches.take(page(limit)).collect())
    }

    /// Where a custodian's cadence was broken, from the oldest batch on, as far as one answer
    /// searches.
    pub(crate) fn gaps_of(
        org: OrgId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Gap>, Error<T>> {
        Self::ensure_member(org)?;
        let gaps = rules::cadence_gaps(Self::batches_after(org, after), T::Clock::now());
        Ok(gaps.take(page(limit)).collect())
    }

    /// Every id the person is or was known by.
    fn identities(patient: &PatientId) -> Result<Vec<PatientId>, Error<T>> {
        let canonical = T::Patients::resolve(patient).ok_or(Error::<T>::NotFound)?;
        Ok(T::Patients::identities(&canonical))
    }

    /// A name nobody has would look like an organisation that never did anything.
    fn ensure_member(org: OrgId) -> Result<(), Error<T>> {
        ensure!(T::Membership::member(org).is_some(), Error::<T>::NotFound);
        Ok(())
    }

    /// The sequence of the first kept entry that was logged at `from` or later. Entries are in the
    /// order of time.
    fn first_since(patient: &PatientId, log: &Log, from: Option<Moment>) -> u64 {
        let Some(from) = from else {
            return log.first;
        };
        rules::partition_point(log.first, log.next, |sequence| {
            Entries::<T>::get(patient, sequence).is_some_and(|entry| entry.at < from)
        })
    }

    /// The batches behind the one with this sequence, or all.
    fn batches_after(
        org: OrgId,
        after: Option<u32>,
    ) -> impl Iterator<Item = (u32, AccessLogBatch)> {
        let start = after.map_or(0, |after| after.saturating_add(1));
        let end = AccessLogHeads::<T>::get(org).map_or(0, |head| head.next);
        (start..end).map_while(move |sequence| {
            AccessLogs::<T>::get(org, sequence).map(|batch| (sequence, batch))
        })
    }

    fn describe(patient: PatientId, entry: Entry) -> DisclosureInfo {
        DisclosureInfo {
            patient,
            contest: Contests::<T>::get(patient, entry.sequence),
            entry,
        }
    }

    fn describe_batch(org: OrgId, sequence: u32, batch: AccessLogBatch) -> AccessLogInfo {
        let before = sequence.checked_sub(1);
        let previous = before.and_then(|before| AccessLogs::<T>::get(org, before));
        AccessLogInfo {
            org,
            sequence,
            batch,
            late: batch.is_late(previous.as_ref()),
        }
    }
}
