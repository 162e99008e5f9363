//! What becomes of a credential: suspended, reinstated, checked, ended.

use crate::{
    rules::{self, Action},
    types::{Credential, PrimarySource, PrimarySourceCheck, Reason},
    Config, Credentials, Error, Event, Pallet,
};
use axonic_primitives::{membership::Actor, Clock, CredentialId, Moment};
use frame_support::ensure;
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_suspend(
        actor: Actor,
        id: CredentialId,
        until: Option<Moment>,
        reason: Reason,
    ) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        let mut credential = Self::issued_by(&actor, &id)?;
        Self::standing_of(&credential, now).require_unended()?;
        credential.apply(Action::Suspend { until, reason }, now)?;

        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::Suspended {
            credential: id,
            until,
            reason,
        });
        Ok(())
    }

    pub(crate) fn do_reinstate(actor: Actor, id: CredentialId) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        let mut credential = Self::issued_by(&actor, &id)?;
        ensure!(
            actor.account != credential.holder,
            Error::<T>::OwnCredential
        );
        let distrusts = Self::distrusts_of(credential.issuer);
        rules::standing(&credential, &distrusts, now).require_unended()?;
        // Whoever is not believed may still take away, but not give back.
        let distrusted = rules::is_distrusted(&distrusts, now);
        ensure!(!distrusted, Error::<T>::IssuerDistrusted);
        credential.apply(Action::Reinstate, now)?;

        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::Reinstated { credential: id });
        Ok(())
    }

    /// Revokes or surrenders: also when the credential has expired or is void, so that the record
    /// says why it will not come again.
    pub(crate) fn end(
        id: CredentialId,
        mut credential: Credential,
        action: Action,
        event: Event<T>,
    ) -> Result<(), Error<T>> {
        credential.apply(action, T::Clock::now())?;

        Credentials::<T>::insert(id, credential);
        Self::deposit_event(event);
        Ok(())
    }

    pub(crate) fn do_record_check(
        actor: Actor,
        id: CredentialId,
        outcome: PrimarySource,
        commitment: H256,
    ) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        let mut credential = Credentials::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(
            actor.account != credential.holder,
            Error::<T>::OwnCredential
        );
        Self::standing_of(&credential, now).require_unended()?;

        credential.primary_source = PrimarySourceCheck {
            outcome,
            commitment,
            by: actor.org,
            at: now,
        };
        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::PrimarySourceChecked {
            credential: id,
            outcome,
            by: actor.org,
        });
        Ok(())
    }
}
