//! What the council decides: who may issue what, and who is not believed.

use crate::{
    types::{Accreditation, CredentialKind, Distrusts},
    Accreditations, Config, Error, Event, Issuers, Pallet,
};
use axonic_primitives::{
    membership::{Jurisdiction, Membership, Role},
    Clock, Codes, Moment, OrgId,
};
use frame_support::ensure;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_accredit(
        issuer: OrgId,
        kind: CredentialKind,
        jurisdiction: Jurisdiction,
    ) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        let member = T::Membership::member(issuer).ok_or(Error::<T>::NotFound)?;
        let issuing = Codes::from([Role::LicensingBoard, Role::Regulator]);
        ensure!(member.roles.intersects(issuing), Error::<T>::NotAnIssuer);
        ensure!(
            jurisdiction.is_well_formed(),
            Error::<T>::InvalidJurisdiction
        );
        let mut record = Issuers::<T>::get(issuer);
        let trusted_again = record.trust_again(now)?;

        let mut list = Accreditations::<T>::get(issuer, kind);
        let distrusts = record.distrusts.len();
        let open = list
            .iter_mut()
            .find(|given| given.jurisdiction == jurisdiction && given.until.is_none());
        if let Some(given) = open {
            let in_force = given.is_in_force(distrusts);
            ensure!(!in_force, Error::<T>::AlreadyAccredited);
            given.until = Some(now);
        }
        list.try_push(Accreditation {
            jurisdiction,
            from: now,
            until: None,
            distrusts: distrusts as u32,
        })
        .map_err(|_| Error::<T>::MaxAccreditationsExceeded)?;

        Accreditations::<T>::insert(issuer, kind, list);
        if trusted_again {
            Issuers::<T>::insert(issuer, record);
        }
        Self::deposit_event(Event::Accredited {
            issuer,
            kind,
            jurisdiction,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw_accreditation(
        issuer: OrgId,
        kind: CredentialKind,
        jurisdiction: Jurisdiction,
    ) -> Result<(), Error<T>> {
        let mut list = Accreditations::<T>::get(issuer, kind);
        let given = list
            .iter_mut()
            .find(|given| given.jurisdiction == jurisdiction && given.until.is_none())
            .ok_or(Error::<T>::NotAccredited)?;

        given.until = Some(T::Clock::now());
        Accreditations::<T>::insert(issuer, kind, list);
        Self::deposit_event(Event::AccreditationWithdrawn {
            issuer,
            kind,
            jurisdiction,
        });
        Ok(())
    }

    pub(crate) fn do_distrust_issuer_from(issuer: OrgId, since: Moment) -> Result<(), Error<T>> {
        ensure!(since <= T::Clock::now(), Error::<T>::InvalidPeriod);
        ensure!(
            T::Membership::member(issuer).is_some(),
            Error::<T>::NotFound
        );
        let mut record = Issuers::<T>::get(issuer);
        record.distrust_from(since)?;

        Issuers::<T>::insert(issuer, record);
        Self::deposit_event(Event::IssuerDistrusted { issuer, since });
        Ok(())
    }

    /// When the issuer is not believed.
    pub(crate) fn distrusts_of(issuer: OrgId) -> Distrusts {
        Issuers::<T>::get(issuer).distrusts
    }
}
