//! How records come about and are corrected.

use crate::{
    rules::{record_id, Action},
    types::{
        Content, Correction, Holding, Record, RecordDraft, Status, Version, MAX_RECORDS,
        MAX_VERSIONS,
    },
    Config, Error, Event, Holdings, Pallet, PastVersions, Records,
};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::Actor, patients::Patients, Clock, Codes, Moment, PatientId, RecordId,
};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
    /// Anchors each draft as a record of its own. The caller bounds how many there are.
    pub(crate) fn do_anchor(
        actor: &Actor,
        patient: PatientId,
        drafts: &[RecordDraft],
    ) -> Result<Vec<RecordId>, sp_runtime::DispatchError> {
        let now = T::Clock::now();
        let mut holding = Self::ensure_may_anchor(actor, patient, drafts, now)?;

        let mut anchored = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let sequence = holding.anchored;
            let id = record_id(&patient, actor.org, sequence);
            Records::<T>::insert(id, first_version(actor, patient, sequence, draft, now));
            holding.anchored = sequence.saturating_add(1);
            holding.held = holding.held.saturating_add(1);
            anchored.push(id);
        }
        Holdings::<T>::insert(patient, actor.org, holding);
        for record in &anchored {
            Self::deposit_event(Event::Anchored {
                patient,
                record: *record,
                org: actor.org,
            });
        }
        Ok(anchored)
    }

    /// What the actor's organisation holds under this id of the patient, if the actor may anchor
    /// these.
    ///
    /// Under this id, also if it was merged into another: a merge may turn out to be wrong, and
    /// then the record is still the right person's.
    pub(crate) fn ensure_may_anchor(
        actor: &Actor,
        patient: PatientId,
        drafts: &[RecordDraft],
        now: Moment,
    ) -> Result<Holding, Error<T>> {
        let standing = T::Patients::standing(&patient).ok_or(Error::<T>::NotFound)?;
        ensure!(standing.active, Error::<T>::PatientNotActive);
        for draft in drafts {
            draft.check(now).map_err(Error::<T>::from)?;
        }
        let holding = Holdings::<T>::get(patient, actor.org);
        let more = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
        ensure!(
            holding.anchored.saturating_add(more) <= MAX_RECORDS,
            Error::<T>::MaxRecordsExceeded
        );
        Ok(holding)
    }

    pub(crate) fn do_supersede(
        actor: &Actor,
        officer: bool,
        id: RecordId,
        version: u32,
        correction: Correction,
    ) -> DispatchResult {
        let (mut record, mut content) =
            Self::correctable(actor, officer, &id, version, Action::Supersede)?;
        let active = T::Patients::is_active(&record.patient);
        ensure!(active, Error::<T>::PatientNotActive);
        correction.check().map_err(Error::<T>::from)?;
        ensure!(
            content.version < MAX_VERSIONS,
            Error::<T>::MaxVersionsExceeded
        );

        let latest = Version {
            author: actor.account.clone(),
            commitment: correction.commitment,
            anchored_at: T::Clock::now(),
            reason: Some(correction.reason),
        };
        let past = core::mem::replace(&mut content.latest, latest);
        content.labels = correction.labels;
        content.version = version.saturating_add(1);
        let version = content.version;
        record.content = Some(content);
        PastVersions::<T>::insert(id, version.saturating_sub(1), past);
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::Superseded {
            record: id,
            version,
            commitment: correction.commitment,
        });
        Ok(())
    }

    pub(crate) fn do_mark_entered_in_error(
        actor: &Actor,
        officer: bool,
        id: RecordId,
        version: u32,
    ) -> DispatchResult {
        let action = Action::MarkInError;
        let (mut record, content) = Self::correctable(actor, officer, &id, version, action)?;
        record.status = record.status.next(action).map_err(Error::<T>::from)?;
        record.ended_at = Some(T::Clock::now());
        record.content = Some(content);
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::EnteredInError { record: id });
        Ok(())
    }

    /// The record and, taken out of it, its content, if the actor may do this to its latest
    /// version and knows which that is.
    fn correctable(
        actor: &Actor,
        officer: bool,
        id: &RecordId,
        version: u32,
        action: Action,
    ) -> Result<(Record, Content), Error<T>> {
        let mut record = Self::in_custody(actor, id)?;
        record.status.next(action).map_err(Error::<T>::from)?;
        let content = record.content.take().ok_or(Error::<T>::AlreadyShredded)?;
        ensure!(
            officer || content.latest.author == actor.account,
            Error::<T>::NotAuthor
        );
        ensure!(content.version == version, Error::<T>::VersionMismatch);
        Ok((record, content))
    }

    /// The record, if the actor's organisation keeps it.
    pub(crate) fn in_custody(actor: &Actor, id: &RecordId) -> Result<Record, Error<T>> {
        let record = Records::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(record.custodian == actor.org, Error::<T>::NotCustodian);
        Ok(record)
    }
}

fn first_version(
    actor: &Actor,
    patient: PatientId,
    sequence: u32,
    draft: &RecordDraft,
    now: Moment,
) -> Record {
    let latest = Version {
        author: actor.account.clone(),
        commitment: draft.commitment,
        anchored_at: now,
        reason: None,
    };
    let content = Content {
        class: draft.class,
        labels: draft.labels,
        retain_until: draft.retain_until,
        holds: Codes::empty(),
        offered_to: None,
        version: 1,
        latest,
    };
    Record {
        patient,
        custodian: actor.org,
        origin: actor.org,
        sequence,
        anchored_at: now,
        status: Status::Current,
        ended_at: None,
        disputes: 0,
        content: Some(content),
    }
}
