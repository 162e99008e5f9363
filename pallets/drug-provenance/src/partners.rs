//! Who may trade in medicines, and until when.

use crate::{
    types::{Licence, Partner},
    Config, Error, Event, Pallet, Parties, Partners,
};
use axonic_gs1::Gln;
use axonic_primitives::{membership::Membership, Clock, Codes, Moment, OrgId};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_authorise_partner(
        org: OrgId,
        gln: u64,
        licences: Codes<Licence>,
        until: Moment,
    ) -> DispatchResult {
        let gln = Gln::new(gln).map_err(|_| Error::<T>::InvalidGln)?;
        ensure!(
            T::Membership::member(org).is_some(),
            Error::<T>::MemberNotFound
        );
        let lasts = until > T::Clock::now();
        let allows = !licences.is_empty() && licences.is_known();
        ensure!(lasts && allows, Error::<T>::InvalidAuthorisation);
        let free = Parties::<T>::get(gln).is_none_or(|holder| holder == org);
        ensure!(free, Error::<T>::GlnInUse);

        let now = T::Clock::now();
        let mut authorised_since = now;
        if let Some(before) = Partners::<T>::get(org) {
            Parties::<T>::remove(before.gln);
            if now < before.authorised_until {
                authorised_since = before.authorised_since;
            }
        }
        Parties::<T>::insert(gln, org);
        let partner = Partner {
            gln,
            licences,
            authorised_since,
            authorised_until: until,
        };
        Partners::<T>::insert(org, partner);
        Self::deposit_event(Event::PartnerAuthorised {
            org,
            gln,
            licences,
            until,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw_partner(org: OrgId) -> DispatchResult {
        let partner = Partners::<T>::get(org).ok_or(Error::<T>::PartnerNotAuthorized)?;

        Partners::<T>::remove(org);
        Parties::<T>::remove(partner.gln);
        Self::deposit_event(Event::PartnerWithdrawn { org });
        Ok(())
    }

    /// The organisation as a trading partner, if it is authorised now and has any of these
    /// licences.
    pub(crate) fn trading(org: OrgId, any_of: Codes<Licence>) -> Result<Partner, Error<T>> {
        let partner = Partners::<T>::get(org).ok_or(Error::<T>::PartnerNotAuthorized)?;
        let licensed = partner.licences.intersects(any_of);
        ensure!(licensed, Error::<T>::PartnerNotAuthorized);
        let runs = T::Clock::now() < partner.authorised_until;
        ensure!(runs, Error::<T>::AuthorisationExpired);
        Ok(partner)
    }
}
