//! What an issuer vouches for: issuing and renewing.

use crate::{
    rules::{self, Facts, Standing},
    types::{Credential, CredentialKind, Held, PrimarySource, PrimarySourceCheck, Status, Terms},
    Accreditations, Config, Credentials, Error, Event, Holdings, Issuers, Pallet, Retired,
};
use axonic_primitives::{
    derive_id,
    membership::{Actor, EnsureStaff, Jurisdiction},
    AccountId, Clock, CredentialId, Moment, OrgId,
};
use frame_support::ensure;
use frame_system::pallet_prelude::OriginFor;
use sp_core::H256;
use sp_runtime::DispatchError;

/// A credential that may be issued, and what has to be written for it.
pub(crate) struct Plan {
    id: CredentialId,
    issuer: OrgId,
    issuer_epoch: u32,
    /// The holder's credentials with the new one.
    held: Held,
    /// The one that makes room for it.
    retired: Option<CredentialId>,
}

impl<T: Config> Pallet<T> {
    /// What `issue` does if signed so, or the first reason why it may not. The one decision behind
    /// the call and the read `explain_issue`.
    pub(crate) fn plan_for(
        origin: OriginFor<T>,
        holder: &AccountId,
        terms: &Terms,
    ) -> Result<Plan, DispatchError> {
        let actor = T::IssuerOrigin::ensure_staff(origin)?;
        ensure!(actor.account != *holder, Error::<T>::OwnCredential);
        Ok(Self::plan_issue(actor.org, holder, terms)?)
    }

    pub(crate) fn plan_issue(
        issuer: OrgId,
        holder: &AccountId,
        terms: &Terms,
    ) -> Result<Plan, Error<T>> {
        let now = T::Clock::now();
        terms.check(now)?;
        let facts = Self::facts(issuer);
        let issuer_epoch = facts.epoch.ok_or(Error::<T>::NotFound)?;
        Self::ensure_may_issue(issuer, &facts, terms.kind, terms.jurisdiction, now)?;

        let mut held = Holdings::<T>::get(holder);
        let mut first_over = None;
        for id in held.iter() {
            let Some(credential) = Credentials::<T>::get(id) else {
                continue;
            };
            if Self::standing_of(&credential, now).is_over() {
                first_over = first_over.or(Some(*id));
            } else {
                let same = credential.is_for(issuer, terms);
                ensure!(!same, Error::<T>::AlreadyIssued);
            }
        }
        let retired = first_over.filter(|_| held.is_full());
        held.retain(|id| Some(*id) != retired);
        let id = CredentialId(derive_id(
            b"credential",
            &issuer,
            Issuers::<T>::get(issuer).issued,
        ));
        held.try_push(id)
            .map_err(|_| Error::<T>::MaxCredentialsExceeded)?;
        Ok(Plan {
            id,
            issuer,
            issuer_epoch,
            held,
            retired,
        })
    }

    pub(crate) fn carry_out(plan: Plan, holder: AccountId, terms: Terms) -> CredentialId {
        let now = T::Clock::now();
        let Plan {
            id,
            issuer,
            issuer_epoch,
            held,
            retired,
            ..
        } = plan;
        let credential = Credential {
            holder: holder.clone(),
            issuer,
            issuer_epoch,
            issued_at: now,
            terms,
            status: Status::Active,
            suspensions: Default::default(),
            renewals: Default::default(),
            // Issuing is the issuer's word for it.
            primary_source: PrimarySourceCheck {
                outcome: PrimarySource::Attested,
                commitment: H256::zero(),
                by: issuer,
                at: now,
            },
        };
        Credentials::<T>::insert(id, credential);
        Holdings::<T>::insert(&holder, held);
        if let Some(retired) = retired {
            Retired::<T>::insert(&holder, retired, ());
        }
        Issuers::<T>::mutate(issuer, |record| {
            record.issued = record.issued.saturating_add(1);
        });
        Self::deposit_event(Event::Issued {
            credential: id,
            holder,
            issuer,
            retired,
        });
        id
    }

    pub(crate) fn do_renew(
        actor: Actor,
        id: CredentialId,
        valid_until: Moment,
        commitment: H256,
    ) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        let mut credential = Self::issued_by(&actor, &id)?;
        ensure!(
            actor.account != credential.holder,
            Error::<T>::OwnCredential
        );
        let facts = Self::facts(credential.issuer);
        rules::standing(&credential, &facts, now).require_unended()?;
        let Terms {
            kind, jurisdiction, ..
        } = credential.terms;
        Self::ensure_may_issue(actor.org, &facts, kind, jurisdiction, now)?;
        credential.renew(valid_until, &facts.distrusts, now)?;

        credential.terms.commitment = commitment;
        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::Renewed {
            credential: id,
            valid_until,
        });
        Ok(())
    }

    /// Passes an issuer that is believed and accredited for this now.
    fn ensure_may_issue(
        issuer: OrgId,
        facts: &Facts,
        kind: CredentialKind,
        jurisdiction: Jurisdiction,
        now: Moment,
    ) -> Result<(), Error<T>> {
        let distrusted = rules::is_distrusted(&facts.distrusts, now);
        ensure!(!distrusted, Error::<T>::IssuerDistrusted);
        let accreditations = Accreditations::<T>::get(issuer, kind);
        Ok(rules::accredited(&accreditations, jurisdiction, facts)?)
    }

    /// The credential, if the actor's organisation issued it.
    pub(crate) fn issued_by(actor: &Actor, id: &CredentialId) -> Result<Credential, Error<T>> {
        let credential = Credentials::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(credential.issuer == actor.org, Error::<T>::NotIssuer);
        Ok(credential)
    }

    /// How the credential stands at `at`.
    pub(crate) fn standing_of(credential: &Credential, at: Moment) -> Standing {
        rules::standing(credential, &Self::facts(credential.issuer), at)
    }
}
