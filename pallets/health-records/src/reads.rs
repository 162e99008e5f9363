//! What readers are shown: the functions behind the runtime API and the view functions.

use crate::{
    rules::{batch_id, record_id},
    types::{
        BatchInfo, CustodianInfo, DisputeInfo, Holding, RecordDraft, RecordFilter, RecordInfo,
        ShredObstacle, Subject, Verification, VersionInfo, MAX_DISPUTES, MAX_PAGE,
    },
    BatchCounts, Batches, Config, Disputes, Error, Holdings, Pallet, Records,
};
use alloc::{collections::BTreeMap, vec::Vec};
use axonic_primitives::{
    membership::EnsureStaff, merkle::InclusionProof, patients::Patients,
    statement::StatementToSign, AccountId, BatchId, Clock, Moment, OrgId, PatientId, RecordId,
    Refusal,
};
use codec::Encode;
use frame_system::{pallet_prelude::OriginFor, RawOrigin};
use sp_core::H256;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// One record.
    pub fn record_info(id: RecordId) -> Option<RecordInfo> {
        Records::<T>::get(id).map(|record| RecordInfo { id, record })
    }

    /// A page of the patient's records, under the current and every merged id: by the member that
    /// anchored them, then in the order of anchoring.
    ///
    /// Reads the patient's records from behind `after` until the page is full, so that a filter
    /// which admits few may read them all.
    pub(crate) fn page_of_records(
        patient: PatientId,
        filter: RecordFilter,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<RecordInfo>, Refusal> {
        let runs: Vec<_> = Self::holdings_of(patient)?
            .into_iter()
            .map(|(patient, org, holding)| (patient, org, holding.anchored))
            .collect();
        let (run, sequence) = match after {
            None => (0, 0),
            Some(after) => {
                let last = Records::<T>::get(after).ok_or_else(refusal::<T>(Error::NotFound))?;
                let run = runs
                    .iter()
                    .position(|(patient, org, _)| (*patient, *org) == (last.patient, last.origin))
                    .ok_or_else(refusal::<T>(Error::NotFound))?;
                (run, last.sequence.saturating_add(1))
            }
        };
        let ids = runs.into_iter().skip(run).enumerate();
        let ids = ids.flat_map(|(i, (patient, org, anchored))| {
            let first = if i == 0 { sequence } else { 0 };
            (first..anchored).map(move |sequence| record_id(&patient, org, sequence))
        });
        let wanted = ids
            .filter_map(Self::record_info)
            .filter(|info| filter.admits(&info.record));
        Ok(wanted.take(limit.min(MAX_PAGE) as usize).collect())
    }

    /// Every version of a record, from the first. None is left of one that was shredded.
    pub fn history_of(id: RecordId) -> Vec<VersionInfo> {
        let Some(record) = Records::<T>::get(id) else {
            return Vec::new();
        };
        let Some(content) = &record.content else {
            return Vec::new();
        };
        let version = |number| {
            let version = Self::version_of(&id, content, number)?;
            let status = record.status_of(number);
            Some(VersionInfo {
                number,
                status,
                version,
            })
        };
        (1..=content.version).filter_map(version).collect()
    }

    /// What the commitment is to this version of the record.
    pub fn verification(
        id: RecordId,
        version: u32,
        commitment: H256,
    ) -> Result<Verification, Refusal> {
        let record = Records::<T>::get(id).ok_or_else(refusal::<T>(Error::NotFound))?;
        let Some(content) = &record.content else {
            return Ok(Verification::Shredded);
        };
        let found = Self::version_of(&id, content, version)
            .ok_or_else(refusal::<T>(Error::VersionMismatch))?;
        if found.commitment == commitment {
            Ok(Verification::Matches {
                status: record.status_of(version),
                anchored_at: found.anchored_at,
            })
        } else {
            Ok(Verification::Differs)
        }
    }

    /// Whether the proof shows that the commitment is in the batch.
    pub fn inclusion(id: BatchId, commitment: H256, proof: InclusionProof) -> Result<(), Refusal> {
        let batch = Batches::<T>::get(id).ok_or_else(refusal::<T>(Error::NotFound))?;
        let included = batch.check_inclusion(&commitment, &proof);
        included.map_err(|fault| refusal::<T>(fault.into())())
    }

    /// Which members keep records of the patient, under the current and every merged id.
    pub fn custodians_of(patient: PatientId) -> Result<Vec<CustodianInfo>, Refusal> {
        let mut kept = BTreeMap::<OrgId, u32>::new();
        for (_, org, holding) in Self::holdings_of(patient)? {
            let records = kept.entry(org).or_default();
            *records = records.saturating_add(holding.held);
        }
        let kept = kept.into_iter().filter(|(_, records)| *records > 0);
        Ok(kept
            .map(|(org, records)| CustodianInfo { org, records })
            .collect())
    }

    /// One batch.
    pub fn batch_info(id: BatchId) -> Option<BatchInfo> {
        Batches::<T>::get(id).map(|batch| BatchInfo { id, batch })
    }

    /// A page of the organisation's batches, in the order of anchoring.
    pub(crate) fn page_of_batches(
        org: OrgId,
        after: Option<BatchId>,
        limit: u32,
    ) -> Result<Vec<BatchInfo>, Refusal> {
        let first = match after {
            None => 0,
            Some(after) => Batches::<T>::get(after)
                .filter(|batch| batch.custodian == org)
                .map(|batch| batch.sequence.saturating_add(1))
                .ok_or_else(refusal::<T>(Error::NotFound))?,
        };
        Ok((first..BatchCounts::<T>::get(org))
            .take(limit.min(MAX_PAGE) as usize)
            .filter_map(|sequence| Self::batch_info(batch_id(org, sequence)))
            .collect())
    }

    /// The first 64 disputes of a record or a batch, by version or leaf. A record has no more.
    ///
    /// Reads all of a batch's, of which each member brings 64 at most.
    pub(crate) fn first_disputes(subject: Subject) -> Vec<DisputeInfo> {
        let mut disputes: Vec<_> = Disputes::<T>::iter_prefix(subject)
            .map(|((place, by), dispute)| DisputeInfo { place, by, dispute })
            .collect();
        disputes.sort_by_key(|info| (info.place, info.by));
        disputes.truncate(MAX_DISPUTES as usize);
        disputes
    }

    /// What a custodian signs when it hands out a version of a record or a leaf of a batch.
    pub(crate) fn delivery_to_sign(
        subject: Subject,
        place: u32,
        delivered: H256,
        expires_at: Moment,
    ) -> Result<StatementToSign, Refusal> {
        match subject {
            Subject::Record(id) => {
                let record = Records::<T>::get(id).ok_or_else(refusal::<T>(Error::NotFound))?;
                let content = record.content.as_ref();
                let content = content.ok_or_else(refusal::<T>(Error::AlreadyShredded))?;
                Self::version_of(&id, content, place)
                    .ok_or_else(refusal::<T>(Error::VersionMismatch))?;
            }
            Subject::Batch(id) => {
                let batch = Batches::<T>::get(id).ok_or_else(refusal::<T>(Error::NotFound))?;
                if place >= batch.leaves {
                    return Err(refusal::<T>(Error::LeafOutOfRange)());
                }
            }
        }
        let bytes = Self::delivery_of(subject, place, delivered, expires_at).encode();
        let nonce = place.into();
        Ok(StatementToSign { nonce, bytes })
    }

    /// The first error that anchoring would give.
    pub fn anchoring(
        account: AccountId,
        patient: PatientId,
        draft: RecordDraft,
    ) -> Result<(), Refusal> {
        let origin = OriginFor::<T>::from(RawOrigin::Signed(account));
        let actor = T::AuthorOrigin::ensure_staff(origin)?;
        let allowed = Self::ensure_may_anchor(&actor, patient, &[draft], T::Clock::now());
        allowed.map(drop).map_err(|error| refusal::<T>(error)())
    }

    /// Why the custodian could not shred the record now.
    pub fn shredding(id: RecordId) -> Result<(), ShredObstacle> {
        let record = Records::<T>::get(id).ok_or(ShredObstacle::NotFound)?;
        record.shred_obstacle(T::Clock::now()).map_or(Ok(()), Err)
    }

    /// What each member holds of the patient, under each id the patient has or had, in order.
    fn holdings_of(patient: PatientId) -> Result<Vec<(PatientId, OrgId, Holding)>, Refusal> {
        let canonical = T::Patients::resolve(&patient);
        let canonical = canonical.ok_or_else(refusal::<T>(Error::NotFound))?;
        let mut holdings = Vec::new();
        for identity in T::Patients::identities(&canonical) {
            let mut of: Vec<_> = Holdings::<T>::iter_prefix(identity)
                .map(|(org, holding)| (identity, org, holding))
                .collect();
            of.sort_by_key(|(_, org, _)| *org);
            holdings.extend(of);
        }
        Ok(holdings)
    }
}

/// Makes the error as readers see it.
fn refusal<T: Config>(error: Error<T>) -> impl FnOnce() -> Refusal {
    move || DispatchError::from(error).into()
}
