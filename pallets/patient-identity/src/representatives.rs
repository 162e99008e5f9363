//! Representatives: appointing, revoking and renouncing.

use crate::{
    lists::retain, rules::is_proper, Agent, Config, Error, Event, KeyOf, Pallet, Patient, Patients,
    Representative, RepresentativeKind, Representatives, RepresentedBy,
};
use alloc::vec::Vec;
use axonic_primitives::{patients::Power, Clock, Codes, Moment, PatientId, Period};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_core::H256;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_appoint(
        origin: OriginFor<T>,
        patient: PatientId,
        agent: Agent,
        kind: RepresentativeKind,
        powers: Codes<Power>,
        period: Period,
        evidence_hash: H256,
    ) -> DispatchResult {
        let record = Self::appointing(origin, &patient)?;
        ensure!(record.status.is_in_good_standing(), Error::<T>::NotActive);
        ensure!(is_proper(powers), Error::<T>::InvalidPowers);
        let (from, until) = Self::ensure_period(kind, period)?;
        Self::ensure_other(&patient, &agent)?;

        let (epoch, now) = (record.guardian_epoch, T::Clock::now());
        let mut appointed = Representatives::<T>::get(patient);
        let is_over = |entry: &Representative| entry.is_over(epoch, now);
        let taken = appointed
            .iter()
            .any(|entry| entry.agent == agent && !is_over(entry));
        ensure!(!taken, Error::<T>::AlreadyAppointed);
        let over = appointed.iter().filter(|entry| is_over(entry));
        let over: Vec<Agent> = over.map(|entry| entry.agent.clone()).collect();
        appointed.retain(|entry| !is_over(entry));
        let representative = Representative {
            agent: agent.clone(),
            kind,
            powers,
            from,
            until,
            evidence_hash,
            epoch,
        };
        appointed
            .try_push(representative)
            .map_err(|_| Error::<T>::MaxRepresentativesExceeded)?;
        let mut represented = RepresentedBy::<T>::get(&agent);
        if !represented.contains(&patient) {
            represented
                .try_push(patient)
                .map_err(|_| Error::<T>::MaxRepresentedExceeded)?;
        }

        for other in over.iter().filter(|other| **other != agent) {
            Self::forget_represented(other, &patient);
        }
        RepresentedBy::<T>::insert(&agent, represented);
        Representatives::<T>::insert(patient, appointed);
        Self::deposit_event(Event::RepresentativeAppointed {
            patient,
            agent,
            kind,
            powers,
            from,
            until,
        });
        Ok(())
    }

    pub(crate) fn do_revoke(
        origin: OriginFor<T>,
        patient: PatientId,
        agent: Agent,
    ) -> DispatchResult {
        Self::guarded(origin, &patient)?;
        Self::ensure_appointed(&patient, &agent)?;

        Self::remove_appointment(&patient, &agent);
        Self::deposit_event(Event::RepresentativeRevoked { patient, agent });
        Ok(())
    }

    pub(crate) fn do_revoke_all(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let mut record = Self::guarded(origin, &patient)?;
        let epoch = Self::raise_epoch(&mut record)?;

        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::RepresentativesRevoked { patient, epoch });
        Ok(())
    }

    pub(crate) fn do_renounce(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let who = ensure_signed(origin)?;
        Self::known(&patient)?;
        let by_account = Agent::Account(who.clone());
        let agent = if Self::ensure_appointed(&patient, &by_account).is_ok() {
            by_account
        } else {
            let holder = KeyOf::<T>::get(&who).ok_or(Error::<T>::RepresentativeNotFound)?;
            let by_patient = Agent::Patient(holder);
            Self::ensure_appointed(&patient, &by_patient)?;
            Self::ensure_key_gives(&holder, &who, Power::Identity)?;
            by_patient
        };

        Self::remove_appointment(&patient, &agent);
        Self::deposit_event(Event::RepresentativeRenounced { patient, agent });
        Ok(())
    }

    /// Raises the guardian epoch in a record, which ends all appointments made until now, and
    /// answers the new one.
    pub(crate) fn raise_epoch(record: &mut Patient) -> Result<u32, ArithmeticError> {
        let epoch = record
            .guardian_epoch
            .checked_add(1)
            .ok_or(ArithmeticError::Overflow)?;
        record.guardian_epoch = epoch;
        Ok(epoch)
    }

    /// Whether the patient has an appointment that is in force or still to come.
    pub(crate) fn is_represented(patient: &PatientId, record: &Patient) -> bool {
        let (epoch, now) = (record.guardian_epoch, T::Clock::now());
        Representatives::<T>::get(patient)
            .iter()
            .any(|entry| !entry.is_over(epoch, now))
    }

    /// Removes what the patient's representatives and the patients it represents say of it.
    pub(crate) fn remove_all_appointments(patient: &PatientId) {
        for representative in Representatives::<T>::take(patient) {
            Self::forget_represented(&representative.agent, patient);
        }
        let agent = Agent::Patient(*patient);
        for represented in RepresentedBy::<T>::take(&agent) {
            Representatives::<T>::mutate_exists(represented, |appointed| {
                retain(appointed, |entry| entry.agent != agent);
            });
        }
    }

    /// When an appointment made now begins and ends.
    ///
    /// A parent's power ends on a date known at the appointment, because a child comes of age.
    fn ensure_period(
        kind: RepresentativeKind,
        period: Period,
    ) -> Result<(Moment, Option<Moment>), Error<T>> {
        let now = T::Clock::now();
        let from = period.start.unwrap_or(now);
        let ends_after_it_begins = period.end.is_none_or(|end| from < end);
        ensure!(
            now <= from && ends_after_it_begins,
            Error::<T>::InvalidPeriod
        );
        let is_endless_parent = kind == RepresentativeKind::Parent && period.end.is_none();
        ensure!(!is_endless_parent, Error::<T>::InvalidPeriod);
        Ok((from, period.end))
    }

    /// Checks that the agent exists and is somebody else.
    fn ensure_other(patient: &PatientId, agent: &Agent) -> Result<(), Error<T>> {
        let stands_for = match agent {
            Agent::Account(account) => KeyOf::<T>::get(account),
            Agent::Patient(agent) => Some(Self::follow(agent)?.0),
        };
        ensure!(
            stands_for.as_ref() != Some(patient),
            Error::<T>::SelfAppointment
        );
        Ok(())
    }

    fn ensure_appointed(patient: &PatientId, agent: &Agent) -> Result<(), Error<T>> {
        let appointed = Representatives::<T>::get(patient);
        let found = appointed.iter().any(|entry| entry.agent == *agent);
        ensure!(found, Error::<T>::RepresentativeNotFound);
        Ok(())
    }

    fn remove_appointment(patient: &PatientId, agent: &Agent) {
        Representatives::<T>::mutate_exists(patient, |appointed| {
            retain(appointed, |entry| entry.agent != *agent);
        });
        Self::forget_represented(agent, patient);
    }

    fn forget_represented(agent: &Agent, patient: &PatientId) {
        RepresentedBy::<T>::mutate_exists(agent, |represented| {
            retain(represented, |other| other != patient);
        });
    }
}
