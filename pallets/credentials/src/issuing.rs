//! What an issuer vouches for: issuing and renewing.

use crate::{
    rules::{self, Standing},
    types::{
        Credential, CredentialKind, Distrust, Held, PrimarySource, PrimarySourceCheck, Status,
        Terms, MAX_PER_ISSUER,
    },
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
        let distrusts = Self::distrusts_of(issuer);
        Self::ensure_may_issue(issuer, &distrusts, terms.kind, terms.jurisdiction, now)?;

        let mut held = Holdings::<T>::get(holder);
        let mut first_over: Option<(Moment, CredentialId)> = None;
        let mut by_issuer = 0u32;
        for id in held.iter() {
            let Some(credential) = Credentials::<T>::get(id) else {
                continue;
            };
            let distrusts = Self::distrusts_of(credential.issuer);
            if let Some(since) = rules::over_since(&credential, &distrusts, now) {
                if first_over.is_none_or(|(first, _)| since < first) {
                    first_over = Some((since, *id));
                }
            } else {
                let same = credential.is_for(issuer, terms);
                ensure!(!same, Error::<T>::AlreadyIssued);
                by_issuer = by_issuer.saturating_add(u32::from(credential.issuer == issuer));
            }
        }
        ensure!(by_issuer < MAX_PER_ISSUER, Error::<T>::MaxPerIssuerExceeded);
        let retired = first_over.map(|(_, id)| id).filter(|_| held.is_full());
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
            held,
            retired,
        })
    }

    pub(crate) fn carry_out(plan: Plan, holder: AccountId, terms: Terms) -> CredentialId {
        let now = T::Clock::now();
        let Plan {
            id,
            issuer,
            held,
            retired,
        } = plan;
        let credential = Credential {
            holder: holder.clone(),
            issuer,
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
            kind: terms.kind,
            privileges: terms.privileges,
            jurisdiction: terms.jurisdiction,
            valid_from: terms.valid_from,
            valid_until: terms.valid_until,
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
        let distrusts = Self::distrusts_of(credential.issuer);
        rules::standing(&credential, &distrusts, now).require_unended()?;
        let Terms {
            kind, jurisdiction, ..
        } = credential.terms;
        Self::ensure_may_issue(actor.org, &distrusts, kind, jurisdiction, now)?;
        credential.renew(valid_until, commitment, &distrusts, now)?;

        Credentials::<T>::insert(id, credential);
        Self::deposit_event(Event::Renewed {
            credential: id,
            valid_until,
            commitment,
        });
        Ok(())
    }

    /// Passes an issuer that is believed and accredited for this now.
    fn ensure_may_issue(
        issuer: OrgId,
        distrusts: &[Distrust],
        kind: CredentialKind,
        jurisdiction: Jurisdiction,
        now: Moment,
    ) -> Result<(), Error<T>> {
        let distrusted = rules::is_distrusted(distrusts, now);
        ensure!(!distrusted, Error::<T>::IssuerDistrusted);
        let accreditations = Accreditations::<T>::get(issuer, kind);
        Ok(rules::accredited(&accreditations, jurisdiction, distrusts)?)
    }

    /// The credential, if the actor's organisation issued it.
    pub(crate) fn issued_by(actor: &Actor, id: &CredentialId) -> Result<Credential, Error<T>> {
        let credential = Credentials::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(credential.issuer == actor.org, Error::<T>::NotIssuer);
        Ok(credential)
    }

    /// How the credential stands at `at`.
    pub(crate) fn standing_of(credential: &Credential, at: Moment) -> Standing {
        rules::standing(credential, &Self::distrusts_of(credential.issuer), at)
    }
}
