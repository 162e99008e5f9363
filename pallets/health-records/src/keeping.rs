//! How long records are kept, by whom, and how they go.

use crate::{
    rules::{check_retention, Action},
    types::{Content, Dispute, LegalBasis, Record, Subject},
    Config, Disputes, Error, Event, Holdings, Pallet, PastVersions, Records,
};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::{Actor, Membership},
    Clock, Codes, Moment, OrgId, RecordId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Shreds a record and answers with how many versions and disputes it had.
    pub(crate) fn do_shred(actor: &Actor, id: RecordId) -> Result<(u32, u32), DispatchError> {
        let now = T::Clock::now();
        let mut record = Self::in_custody(actor, &id)?;
        if let Some(obstacle) = record.shred_obstacle(now) {
            return Err(Error::<T>::from(obstacle).into());
        }
        let status = record.status.next(Action::Shred);
        record.status = status.map_err(Error::<T>::from)?;
        let content = record.content.take().ok_or(Error::<T>::AlreadyShredded)?;
        record.ended_at = Some(now);

        for number in 1..content.version {
            PastVersions::<T>::remove(id, number);
        }
        let subject = Subject::Record(id);
        let disputes: Vec<_> = Disputes::<T>::iter_prefix(subject).collect();
        for (key, dispute) in disputes {
            let silenced = Dispute {
                delivered: None,
                ..dispute
            };
            Disputes::<T>::insert(subject, key, silenced);
        }
        Holdings::<T>::mutate(record.patient, actor.org, |holding| {
            holding.held = holding.held.saturating_sub(1);
        });
        let sizes = (content.version, record.disputes);
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::Shredded { record: id });
        Ok(sizes)
    }

    pub(crate) fn do_place_hold(
        actor: &Actor,
        id: RecordId,
        bases: Codes<LegalBasis>,
    ) -> DispatchResult {
        Self::change_content(actor, id, |content| {
            ensure!(!bases.is_empty(), Error::<T>::ReasonRequired);
            ensure!(bases.is_known(), Error::<T>::UnknownBasis);
            ensure!(!content.holds.intersects(bases), Error::<T>::AlreadyHeld);
            content.holds = content.holds.union(bases);
            Ok(())
        })?;
        Self::deposit_event(Event::HoldPlaced { record: id, bases });
        Ok(())
    }

    pub(crate) fn do_lift_hold(
        actor: &Actor,
        id: RecordId,
        bases: Codes<LegalBasis>,
    ) -> DispatchResult {
        Self::change_content(actor, id, |content| {
            ensure!(!bases.is_empty(), Error::<T>::ReasonRequired);
            ensure!(content.holds.contains_all(bases), Error::<T>::NoHold);
            content.holds = content.holds.without(bases);
            Ok(())
        })?;
        Self::deposit_event(Event::HoldLifted { record: id, bases });
        Ok(())
    }

    pub(crate) fn do_extend_retention(
        actor: &Actor,
        id: RecordId,
        until: Moment,
    ) -> DispatchResult {
        let now = T::Clock::now();
        Self::change_content(actor, id, |content| {
            check_retention(until, now).map_err(Error::<T>::from)?;
            let later = content.retain_until.is_none_or(|before| before < until);
            ensure!(later, Error::<T>::RetentionNotExtended);
            content.retain_until = Some(until);
            Ok(())
        })?;
        Self::deposit_event(Event::RetentionExtended { record: id, until });
        Ok(())
    }

    /// Offers a record for its custodian, or, without an actor, in the place of a custodian that is
    /// not active.
    pub(crate) fn do_offer_custody(
        actor: Option<&Actor>,
        id: RecordId,
        to: OrgId,
    ) -> DispatchResult {
        let mut record = match actor {
            Some(actor) => Self::in_custody(actor, &id)?,
            None => Self::stranded(&id)?,
        };
        let content = record.content.as_mut().ok_or(Error::<T>::AlreadyShredded)?;
        let other_member = to != record.custodian && T::Membership::is_active(to);
        ensure!(other_member, Error::<T>::UnknownRecipient);

        content.offered_to = Some(to);
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::CustodyOffered { record: id, to });
        Ok(())
    }

    pub(crate) fn do_withdraw_offer(actor: &Actor, id: RecordId) -> DispatchResult {
        Self::change_content(actor, id, |content| {
            let offer = content.offered_to.take();
            ensure!(offer.is_some(), Error::<T>::TransferNotOffered);
            Ok(())
        })?;
        Self::deposit_event(Event::OfferWithdrawn { record: id });
        Ok(())
    }

    pub(crate) fn do_accept_custody(actor: &Actor, id: RecordId) -> DispatchResult {
        let mut record = Records::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        let content = record.content.as_mut().ok_or(Error::<T>::AlreadyShredded)?;
        let offer = content.offered_to.take();
        let recipient = offer.ok_or(Error::<T>::TransferNotOffered)?;
        ensure!(recipient == actor.org, Error::<T>::NotRecipient);

        let (from, to) = (record.custodian, recipient);
        record.custodian = to;
        Holdings::<T>::mutate(record.patient, from, |holding| {
            holding.held = holding.held.saturating_sub(1);
        });
        Holdings::<T>::mutate(record.patient, to, |holding| {
            holding.held = holding.held.saturating_add(1);
        });
        Records::<T>::insert(id, record);
        Self::deposit_event(Event::CustodyTransferred {
            record: id,
            from,
            to,
        });
        Ok(())
    }

    /// The record, if its custodian cannot act for it.
    fn stranded(id: &RecordId) -> Result<Record, Error<T>> {
        let record = Records::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        let active = T::Membership::is_active(record.custodian);
        ensure!(!active, Error::<T>::CustodianActive);
        Ok(record)
    }

    /// Changes what is known of a record that the actor's organisation keeps.
    fn change_content(
        actor: &Actor,
        id: RecordId,
        change: impl FnOnce(&mut Content) -> Result<(), Error<T>>,
    ) -> Result<(), Error<T>> {
        let mut record = Self::in_custody(actor, &id)?;
        let content = record.content.as_mut().ok_or(Error::<T>::AlreadyShredded)?;
        change(content)?;
        Records::<T>::insert(id, record);
        Ok(())
    }
}
