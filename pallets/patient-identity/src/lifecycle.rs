//! The life cycle: suspension, death, legal hold and erasure.

use crate::{
    authority::Authority, Action, Config, ErasedPatients, Error, Event, Hold, MergedInto, Pallet,
    Patient, Patients, Recoveries, SponsorOffers, Status,
};
use axonic_primitives::{membership::Actor, patients::Power, AccountId, Clock, Moment, PatientId};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_suspend(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        let action = Action::Suspend {
            at: T::Clock::now(),
        };
        record.status = record.status.next(action).map_err(Error::<T>::from)?;

        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::Suspended { patient });
        Ok(())
    }

    pub(crate) fn do_resume(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let who = ensure_signed(origin.clone())?;
        let mut record = Self::known(&patient)?;
        let action = Action::Resume {
            claimed: record.is_claimed(),
        };
        let status = record.status.next(action).map_err(Error::<T>::from)?;
        if Self::is_own_key(&who, &patient, &record) {
            let from = record
                .status
                .resumable_by_patient_from(T::RecoveryDelay::get());
            Self::ensure_reached(from)?;
        } else {
            Self::managed(origin, &patient)?;
        }

        record.status = status;
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::Resumed { patient });
        Ok(())
    }

    pub(crate) fn do_report_deceased(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        let action = Action::ReportDeceased {
            at: T::Clock::now(),
        };
        record.status = record.status.next(action).map_err(Error::<T>::from)?;

        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::DeceasedReported { patient });
        Ok(())
    }

    pub(crate) fn do_place_hold(
        origin: OriginFor<T>,
        patient: PatientId,
        basis_hash: H256,
    ) -> DispatchResult {
        let (Actor { org, .. }, mut record) = Self::managed(origin, &patient)?;
        ensure!(record.legal_hold.is_none(), Error::<T>::AlreadyHeld);

        record.legal_hold = Some(Hold {
            basis_hash,
            placed_at: T::Clock::now(),
        });
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::HoldPlaced { patient, org });
        Ok(())
    }

    pub(crate) fn do_lift_hold(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let (Actor { org, .. }, mut record) = Self::managed(origin, &patient)?;
        ensure!(record.legal_hold.is_some(), Error::<T>::NoHold);

        record.legal_hold = None;
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::HoldLifted { patient, org });
        Ok(())
    }

    pub(crate) fn do_erase(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let who = ensure_signed(origin.clone())?;
        let record = Self::known(&patient)?;
        // Merged, it is part of what the person said: who speaks for the person decides.
        let (_, known_as) = Self::follow(&patient)?;
        match known_as.erasable_by_manager_from(T::RecoveryDelay::get()) {
            Some(from) => {
                Self::managed(origin, &patient)?;
                Self::ensure_reached(Some(from))?;
            }
            None => {
                let authority = Self::authority(&who, &patient, Power::Identity)?;
                ensure!(authority == Authority::Own, Error::<T>::PowerMissing);
            }
        }
        record
            .status
            .next(Action::Erase)
            .map_err(Error::<T>::from)?;
        ensure!(record.legal_hold.is_none(), Error::<T>::LegalHold);
        ensure!(
            !MergedInto::<T>::contains_key(patient),
            Error::<T>::HasMergedPatients
        );

        Self::remove_all_keys(&patient);
        Self::remove_all_appointments(&patient);
        Self::remove_all_tokens(&patient, record.managing_org);
        Self::remove_all_links(&patient);
        Recoveries::<T>::remove(patient);
        SponsorOffers::<T>::remove(patient);
        if let Status::Merged { into } = record.status {
            Self::detach(&patient, &into);
        }
        Patients::<T>::remove(patient);
        ErasedPatients::<T>::insert(patient, ());
        Self::deposit_event(Event::Erased { patient });
        Ok(())
    }

    /// Whether `who` is an authentication key of the patient that is live.
    fn is_own_key(who: &AccountId, patient: &PatientId, record: &Patient) -> bool {
        let authority = Self::authority_over(who, patient, record, Power::Identity);
        authority.is_ok_and(|authority| authority == Authority::Own)
    }

    /// Checks that the instant has come; the absent one never does.
    fn ensure_reached(from: Option<Moment>) -> Result<(), Error<T>> {
        let reached = from.is_some_and(|from| from <= T::Clock::now());
        ensure!(reached, Error::<T>::DelayNotElapsed);
        Ok(())
    }
}
