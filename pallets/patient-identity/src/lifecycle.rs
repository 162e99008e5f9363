//! The life cycle: suspension, death, legal hold and erasure.

use crate::{
    Action, Config, ErasedPatients, Error, Event, Hold, MergedInto, Pallet, Patient, Patients,
    Recoveries, SponsorOffers, Status, MAX_MERGE_DEPTH,
};
use axonic_primitives::{
    membership::Actor,
    patients::{Acting, Power},
    AccountId, Clock, Moment, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_suspend(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        let now = T::Clock::now();
        let action = Action::Suspend { at: now };
        record.status = record.status.next(action).map_err(Error::<T>::from)?;
        let from = record.suspendable_from(T::RecoveryDelay::get());
        ensure!(from <= now, Error::<T>::RecentlyResumed);

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
        record.resumed_at = Some(T::Clock::now());
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
        let (canonical, known_as) = Self::follow(&patient)?;
        match known_as.erasable_by_manager_from(T::RecoveryDelay::get()) {
            Some(from) => {
                Self::managed(origin, &patient)?;
                Self::ensure_reached(Some(from))?;
                let spoken_for =
                    !known_as.is_claimed() && Self::is_represented(&canonical, &known_as);
                ensure!(!spoken_for, Error::<T>::Represented);
            }
            None => {
                let acting = Self::authority_over(&who, &canonical, &known_as, Power::Identity)?;
                ensure!(acting == Acting::SelfActing, Error::<T>::PowerMissing);
                // A suspension or a recovery means that the key may be in the wrong hands.
                ensure!(known_as.status == Status::Active, Error::<T>::NotActive);
                Self::ensure_no_recovery_waits(&patient)?;
                Self::ensure_no_recovery_waits(&canonical)?;
            }
        }
        record
            .status
            .next(Action::Erase)
            .map_err(Error::<T>::from)?;
        ensure!(!Self::is_held(&patient)?, Error::<T>::LegalHold);
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
        let acting = Self::authority_over(who, patient, record, Power::Identity);
        acting.is_ok_and(|acting| acting == Acting::SelfActing)
    }

    /// Whether the patient, or one that it is known as after merges, is under a legal hold: what
    /// was said under the id is part of what the hold keeps.
    fn is_held(patient: &PatientId) -> Result<bool, Error<T>> {
        let mut record = Self::known(patient)?;
        for _ in 0..MAX_MERGE_DEPTH {
            let Status::Merged { into } = record.status else {
                break;
            };
            if record.legal_hold.is_some() {
                return Ok(true);
            }
            record = Self::known(&into)?;
        }
        Ok(record.legal_hold.is_some())
    }

    /// Checks that the instant has come; the absent one never does.
    fn ensure_reached(from: Option<Moment>) -> Result<(), Error<T>> {
        let reached = from.is_some_and(|from| from <= T::Clock::now());
        ensure!(reached, Error::<T>::DelayNotElapsed);
        Ok(())
    }
}
