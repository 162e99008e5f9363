//! What becomes of a credential: suspended, reinstated, checked, ended.

use crate::{
    rules::{self, Action},
    types::{Credential, PrimarySource, PrimarySourceCheck, Reason},
    Config, Credentials, Error, Event, Pallet,
};
use axonic_primitives::{
    membership::{Actor, EnsureStaff},
    Clock, CredentialId, Moment,
};
use frame_support::ensure;
use frame_system::pallet_prelude::OriginFor;
use sp_core::H256;
use sp_runtime::DispatchError;

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
        let facts = Self::facts(credential.issuer);
        rules::standing(&credential, &facts, now).require_unended()?;
        // Whoever is not believed may still take away, but not give back.
        let distrusted = rules::is_distrusted(&facts.distrusts, now);
        ensure!(!distrusted, Error::<T>::IssuerDistrusted);
        credential.apply(Action::Reinstate, now)?;

        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::Reinstated { credential: id });
        Ok(())
    }

    /// Revokes or surrenders, which is possible as long as neither has happened: also when the
    /// credential has expired or is void, so that the record says why it will not come again.
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

    /// Who signed as one who may check the credential, and the credential.
    pub(crate) fn checker_of(
        origin: OriginFor<T>,
        id: &CredentialId,
    ) -> Result<(Actor, Credential), DispatchError> {
        match T::VerifierOrigin::ensure_staff(origin.clone()) {
            Ok(actor) => {
                let credential = Credentials::<T>::get(id).ok_or(Error::<T>::NotFound)?;
                Ok((actor, credential))
            }
            // Whoever neither verifies nor issues is told what the usual way lacks.
            Err(refusal) => {
                let actor = T::IssuerOrigin::ensure_staff(origin).map_err(|_| refusal)?;
                let credential = Self::issued_by(&actor, id)?;
                Ok((actor, credential))
            }
        }
    }

    pub(crate) fn do_record_check(
        actor: Actor,
        id: CredentialId,
        mut credential: Credential,
        outcome: PrimarySource,
        commitment: H256,
    ) -> Result<(), Error<T>> {
        let now = T::Clock::now();
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
