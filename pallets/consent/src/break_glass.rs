//! Emergency access: opened without waiting for the patient, closed, and reviewed by others.

use crate::{
    types::{BreakGlass, EmergencyReason, ReviewOutcome},
    BreakGlasses, Config, Error, Event, Ledgers, OpenBreakGlasses, Pallet, Unreviewed,
    EMERGENCY_DURATION, REVIEW_WINDOW,
};
use axonic_primitives::{
    consent::{AccessQuery, Action, PurposeOfUse, Recipient},
    credentials::{Credentials, Privilege},
    derive_id,
    membership::{Actor, Membership},
    BreakGlassId, Clock, Codes, Moment, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_core::H256;

impl BreakGlass {
    /// Whether it permits at `now`.
    pub const fn is_open(&self, now: Moment) -> bool {
        now < self.expires_at
    }

    /// Whether it should have been reviewed by `now` and was not.
    pub const fn is_overdue(&self, now: Moment) -> bool {
        self.outcome.is_none() && self.review_due <= now
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_open_break_glass(
        actor: Actor,
        patient: PatientId,
        reason: EmergencyReason,
        justification_hash: H256,
    ) -> DispatchResult {
        ensure!(
            !justification_hash.is_zero(),
            Error::<T>::JustificationRequired
        );
        let now = T::Clock::now();
        let patient = Self::ensure_active(patient)?;
        let member = T::Membership::member(actor.org).ok_or(Error::<T>::UnknownActor)?;
        T::Credentials::has(
            &actor.account,
            Privilege::EmergencyAccess,
            member.jurisdiction,
            now,
        )
        .map_err(Error::<T>::from)?;
        let query = Self::emergency_query(&actor);
        let already = Self::open_break_glass_of(&patient, &query, now);
        ensure!(already.is_none(), Error::<T>::BreakGlassOpen);
        let hearing = Self::hear(&patient, &query, &member, now).map_err(Error::<T>::from)?;
        ensure!(
            !hearing.forbids_emergency(&query),
            Error::<T>::ExplicitlyDenied
        );
        Self::record_break_glass(actor, patient, reason, justification_hash);
        Ok(())
    }

    pub(crate) fn record_break_glass(
        actor: Actor,
        patient: PatientId,
        reason: EmergencyReason,
        justification_hash: H256,
    ) -> BreakGlassId {
        let now = T::Clock::now();
        let nonce = Ledgers::<T>::mutate(patient, |ledger| ledger.take_id());
        let id = BreakGlassId(derive_id(b"break-glass", &patient, nonce));
        let break_glass = BreakGlass {
            patient,
            practitioner: actor.account.clone(),
            org: actor.org,
            reason,
            justification_hash,
            opened_at: now,
            expires_at: now.saturating_add(EMERGENCY_DURATION),
            review_due: now.saturating_add(REVIEW_WINDOW),
            outcome: None,
        };
        BreakGlasses::<T>::insert(id, break_glass);
        OpenBreakGlasses::<T>::insert(patient, actor.account, id);
        Unreviewed::<T>::insert(actor.org, id, ());
        Self::deposit_event(Event::BreakGlassOpened {
            patient,
            id,
            org: actor.org,
        });
        id
    }

    pub(crate) fn do_close_break_glass(actor: Actor, id: BreakGlassId) -> DispatchResult {
        let mut break_glass = Self::break_glass_of(&actor, &id)?;
        let now = T::Clock::now();
        ensure!(break_glass.is_open(now), Error::<T>::BreakGlassExpired);

        break_glass.expires_at = now;
        Self::forget_open(&id, &break_glass);
        BreakGlasses::<T>::insert(id, break_glass);
        Self::deposit_event(Event::BreakGlassClosed { id });
        Ok(())
    }

    pub(crate) fn do_review_break_glass(
        actor: Actor,
        id: BreakGlassId,
        outcome: ReviewOutcome,
    ) -> DispatchResult {
        let mut break_glass = Self::break_glass_of(&actor, &id)?;
        ensure!(
            break_glass.practitioner != actor.account,
            Error::<T>::SelfReview
        );
        ensure!(break_glass.outcome.is_none(), Error::<T>::AlreadyReviewed);

        let now = T::Clock::now();
        if break_glass.is_open(now) {
            break_glass.expires_at = now;
            Self::forget_open(&id, &break_glass);
        }
        break_glass.outcome = Some(outcome);
        Unreviewed::<T>::remove(break_glass.org, id);
        BreakGlasses::<T>::insert(id, break_glass);
        Self::deposit_event(Event::BreakGlassReviewed { id, outcome });
        Ok(())
    }

    /// Forgets that this was the practitioner's last one, unless another was opened since, for
    /// another organisation.
    fn forget_open(id: &BreakGlassId, break_glass: &BreakGlass) {
        let (patient, practitioner) = (break_glass.patient, &break_glass.practitioner);
        OpenBreakGlasses::<T>::mutate_exists(patient, practitioner, |last| {
            last.take_if(|last| *last == *id);
        });
    }

    /// The emergency access, if the actor's organisation opened it.
    fn break_glass_of(actor: &Actor, id: &BreakGlassId) -> Result<BreakGlass, Error<T>> {
        let break_glass = BreakGlasses::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(break_glass.org == actor.org, Error::<T>::NotOwnOrganisation);
        Ok(break_glass)
    }

    /// What an emergency access would be used for.
    pub(crate) fn emergency_query(actor: &Actor) -> AccessQuery {
        AccessQuery {
            recipient: Recipient {
                org: actor.org,
                practitioner: Some(actor.account.clone()),
            },
            action: Action::Access,
            purpose: PurposeOfUse::BreakGlass,
            classes: Default::default(),
            labels: Codes::empty(),
            codes: Default::default(),
            data: Default::default(),
            data_period: None,
        }
    }
}
