//! Which patient an id stands for, and who may speak for it. Every gate of the pallet is here.

use crate::{
    Agent, Config, ErasedPatients, Error, Key, KeyOf, Keys, Obstacle, Pallet, Patient, Patients,
    RepresentativeState, Representatives, Status, MAX_MERGE_DEPTH,
};
use axonic_primitives::{
    membership::{Actor, EnsureStaff},
    patients::{Acting, Power},
    AccountId, Clock, PatientId,
};
use frame_support::ensure;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The patient by this very id.
    pub(crate) fn known(patient: &PatientId) -> Result<Patient, Error<T>> {
        Patients::<T>::get(patient).ok_or_else(|| {
            if ErasedPatients::<T>::contains_key(patient) {
                Error::<T>::IdRetired
            } else {
                Error::<T>::NotFound
            }
        })
    }

    /// The patient that the id stands for after merges, and the id it is known by. One read if it
    /// was not merged.
    pub(crate) fn follow(patient: &PatientId) -> Result<(PatientId, Patient), Error<T>> {
        let (mut canonical, mut record) = (*patient, Self::known(patient)?);
        for _ in 0..MAX_MERGE_DEPTH {
            let Status::Merged { into } = record.status else {
                break;
            };
            (canonical, record) = (into, Self::known(&into)?);
        }
        Ok((canonical, record))
    }

    /// In which capacity `account` may use `power` for the patient, after merges, or the first
    /// reason why it may not.
    pub(crate) fn authority(
        account: &AccountId,
        patient: &PatientId,
        power: Power,
    ) -> Result<Acting, Error<T>> {
        let (canonical, record) = Self::follow(patient)?;
        Self::authority_over(account, &canonical, &record, power)
    }

    /// [`Self::authority`] over a patient that was looked up already and is not merged.
    pub(crate) fn authority_over(
        account: &AccountId,
        patient: &PatientId,
        record: &Patient,
        power: Power,
    ) -> Result<Acting, Error<T>> {
        let holder = KeyOf::<T>::get(account);
        if holder.as_ref() == Some(patient) {
            Self::ensure_key_gives(patient, account, power)?;
            return Ok(Acting::SelfActing);
        }
        let now = T::Clock::now();
        let mut refusal = Error::<T>::PowerMissing;
        for representative in Representatives::<T>::get(patient) {
            if !Self::is_agent(account, holder.as_ref(), &representative.agent) {
                continue;
            }
            match representative.state(record.guardian_epoch, now) {
                RepresentativeState::Live if representative.powers.contains(power) => {
                    match Self::ensure_agent_is_fit(account, &representative.agent, power) {
                        Ok(()) => return Ok(Acting::Representative),
                        Err(unfit) => refusal = unfit,
                    }
                }
                RepresentativeState::Expired | RepresentativeState::Revoked => {
                    refusal = Error::<T>::RepresentativeExpired;
                }
                RepresentativeState::Live | RepresentativeState::Pending => {}
            }
        }
        Err(refusal)
    }

    /// Whether `account`, a key of the patient `holder` if of any, is the agent.
    ///
    /// An agent who was merged into another patient is spoken for by that patient's keys.
    fn is_agent(account: &AccountId, holder: Option<&PatientId>, agent: &Agent) -> bool {
        match (agent, holder) {
            (Agent::Account(agent), _) => agent == account,
            (Agent::Patient(agent), Some(holder)) => {
                agent == holder
                    || Self::follow(agent).is_ok_and(|(canonical, _)| canonical == *holder)
            }
            (Agent::Patient(_), None) => false,
        }
    }

    /// Checks that a patient who is an agent is active, and that `account`, one of its keys, gives
    /// the power.
    fn ensure_agent_is_fit(
        account: &AccountId,
        agent: &Agent,
        power: Power,
    ) -> Result<(), Error<T>> {
        let Agent::Patient(agent) = agent else {
            return Ok(());
        };
        let (canonical, record) = Self::follow(agent)?;
        ensure!(record.status == Status::Active, Error::<T>::NotActive);
        Self::ensure_key_gives(&canonical, account, power)
    }

    /// Checks that `account` is a live key of the patient.
    pub(crate) fn ensure_live_key(
        patient: &PatientId,
        account: &AccountId,
    ) -> Result<Key, Error<T>> {
        let key = Keys::<T>::get(patient, account).ok_or(Error::<T>::KeyNotFound)?;
        ensure!(key.is_live(T::Clock::now()), Error::<T>::KeyExpired);
        Ok(key)
    }

    /// Checks that `account` is a live key of the patient that gives the power.
    pub(crate) fn ensure_key_gives(
        patient: &PatientId,
        account: &AccountId,
        power: Power,
    ) -> Result<(), Error<T>> {
        let key = Self::ensure_live_key(patient, account)?;
        ensure!(key.gives(power), Error::<T>::PowerMissing);
        Ok(())
    }

    /// The patient, if staff of its managing organisation call.
    pub(crate) fn managed(
        origin: OriginFor<T>,
        patient: &PatientId,
    ) -> Result<(Actor, Patient), DispatchError> {
        let actor = T::RegistrarOrigin::ensure_staff(origin)?;
        let record = Self::known(patient)?;
        ensure!(actor.org == record.managing_org, Error::<T>::NotManagingOrg);
        Ok((actor, record))
    }

    /// The patient under its own id, if the patient or a representative with the power over its
    /// identity calls.
    pub(crate) fn spoken_for(
        origin: OriginFor<T>,
        patient: &PatientId,
    ) -> Result<(Acting, Patient), DispatchError> {
        let who = ensure_signed(origin)?;
        let record = Self::known(patient)?;
        ensure!(!record.status.is_merged(), Error::<T>::NotActive);
        let acting = Self::authority_over(&who, patient, &record, Power::Identity)?;
        Ok((acting, record))
    }

    /// The active patient, if one of its own authentication keys calls.
    ///
    /// Keys and recovery are never a representative's to change: a key outlives the appointment.
    pub(crate) fn owned(
        origin: OriginFor<T>,
        patient: &PatientId,
    ) -> Result<Patient, DispatchError> {
        let (acting, record) = Self::spoken_for(origin, patient)?;
        ensure!(acting == Acting::SelfActing, Error::<T>::PowerMissing);
        ensure!(record.status == Status::Active, Error::<T>::NotActive);
        Ok(record)
    }

    /// The patient, if whoever appoints its representatives calls: a key of the patient's own or,
    /// as long as nobody holds one, staff of the managing organisation.
    ///
    /// A representative never appoints another: the appointment would outlast its own.
    pub(crate) fn appointing(
        origin: OriginFor<T>,
        patient: &PatientId,
    ) -> Result<Patient, DispatchError> {
        match Self::spoken_for(origin.clone(), patient) {
            Ok((Acting::SelfActing, record)) => Ok(record),
            Ok((Acting::Representative, _)) => {
                Self::managed_unclaimed(origin, patient, Error::<T>::PowerMissing.into())
            }
            Err(refusal) => Self::managed_unclaimed(origin, patient, refusal),
        }
    }

    /// The patient, if whoever ends appointments of its representatives calls: the patient, a
    /// representative with the power over its identity, or, as long as nobody holds a key, staff
    /// of the managing organisation.
    pub(crate) fn guarded(
        origin: OriginFor<T>,
        patient: &PatientId,
    ) -> Result<Patient, DispatchError> {
        match Self::spoken_for(origin.clone(), patient) {
            Ok((_, record)) => Ok(record),
            Err(refusal) => Self::managed_unclaimed(origin, patient, refusal),
        }
    }

    /// The patient, if nobody holds a key to it and staff of its managing organisation call;
    /// otherwise `refusal`, or why they may not.
    fn managed_unclaimed(
        origin: OriginFor<T>,
        patient: &PatientId,
        refusal: DispatchError,
    ) -> Result<Patient, DispatchError> {
        let record = Self::known(patient)?;
        ensure!(!record.status.is_merged() && !record.is_claimed(), refusal);
        let (_, record) = Self::managed(origin, patient)?;
        Ok(record)
    }
}

impl<T> From<Obstacle> for Error<T> {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::AlreadyClaimed => Self::AlreadyClaimed,
            Obstacle::NotActive => Self::NotActive,
            Obstacle::NotMerged => Self::NotMerged,
            Obstacle::NotSuspended => Self::NotSuspended,
            Obstacle::IdRetired => Self::IdRetired,
            Obstacle::NoRecovery => Self::NoRecovery,
            Obstacle::RecoveryPending => Self::RecoveryPending,
            Obstacle::RecoveryVetoed => Self::RecoveryVetoed,
            Obstacle::DelayNotElapsed => Self::DelayNotElapsed,
        }
    }
}
