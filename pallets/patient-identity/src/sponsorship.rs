//! Sponsorship: who pays. It takes the agreement of both, and either ends it alone.

use crate::{lists::retain, Config, Error, Event, Pallet, Patients, SponsorOffers};
use axonic_primitives::{
    membership::{EnsureStaff, Membership},
    OrgId, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_offer_sponsorship(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let org = T::RegistrarOrigin::ensure_staff(origin)?.org;
        let record = Self::known(&patient)?;
        ensure!(record.status.is_in_good_standing(), Error::<T>::NotActive);
        let mut offers = SponsorOffers::<T>::get(patient);
        let already = record.sponsor == Some(org) || offers.contains(&org);
        ensure!(!already, Error::<T>::AlreadyOffered);
        offers
            .try_push(org)
            .map_err(|_| Error::<T>::MaxOffersExceeded)?;

        SponsorOffers::<T>::insert(patient, offers);
        Self::deposit_event(Event::SponsorshipOffered { patient, org });
        Ok(())
    }

    pub(crate) fn do_change_sponsor(
        origin: OriginFor<T>,
        patient: PatientId,
        sponsor: Option<OrgId>,
    ) -> DispatchResult {
        let (_, mut record) = Self::spoken_for(origin, &patient)?;
        if let Some(org) = sponsor {
            ensure!(
                SponsorOffers::<T>::get(patient).contains(&org),
                Error::<T>::NotOffered
            );
            ensure!(T::Membership::is_active(org), Error::<T>::SponsorNotActive);
        }

        record.sponsor = sponsor;
        Patients::<T>::insert(patient, record);
        SponsorOffers::<T>::remove(patient);
        Self::deposit_event(Event::SponsorChanged { patient, sponsor });
        Ok(())
    }

    pub(crate) fn do_end_sponsorship(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let org = T::RegistrarOrigin::ensure_staff(origin)?.org;
        let mut record = Self::known(&patient)?;
        if record.sponsor == Some(org) {
            record.sponsor = None;
            Patients::<T>::insert(patient, record);
            Self::deposit_event(Event::SponsorshipEnded { patient, org });
            return Ok(());
        }
        ensure!(
            SponsorOffers::<T>::get(patient).contains(&org),
            Error::<T>::NotSponsor
        );

        SponsorOffers::<T>::mutate_exists(patient, |offers| retain(offers, |other| *other != org));
        Self::deposit_event(Event::SponsorshipOfferWithdrawn { patient, org });
        Ok(())
    }
}
