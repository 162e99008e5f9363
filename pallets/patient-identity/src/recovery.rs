//! Recovery: how a patient who lost every key gets back in.
//!
//! Three things come together: something the patient prepared (a key kept off chain, or one with
//! the purpose `Recovery`), a provider who saw the person, and a delay in which any key that is not
//! lost after all says no.

use crate::{
    rules::recovery_commitment, Agreement, Config, Error, Event, Key, KeyOf, KeyProof, KeyPurpose,
    Keys, Pallet, Patient, Patients, Recoveries, Recovery, RecoveryAction, RecoveryRequest,
    RecoveryStage, Status,
};
use axonic_primitives::{
    membership::{EnsureStaff, Membership, Role},
    AccountId, Clock, Codes, OrgId, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_recovery_commitment(
        origin: OriginFor<T>,
        patient: PatientId,
        commitment: H256,
    ) -> DispatchResult {
        Self::owned(origin, &patient)?;
        let stage = Self::recovery(&patient)
            .stage
            .next(RecoveryAction::Recommit);
        let stage = stage.map_err(Error::<T>::from)?;

        Recoveries::<T>::insert(
            patient,
            Recovery {
                commitment: Some(commitment),
                stage,
            },
        );
        Self::deposit_event(Event::RecoveryCommitmentSet { patient });
        Ok(())
    }

    pub(crate) fn do_request_recovery(
        origin: OriginFor<T>,
        patient: PatientId,
        account: AccountId,
        salt: Option<H256>,
        proof: KeyProof,
    ) -> DispatchResult {
        let provider = T::RecoveryProviderOrigin::ensure_staff(origin)?.org;
        let mut record = Self::known(&patient)?;
        ensure!(Self::is_recoverable(&record), Error::<T>::NotActive);
        ensure!(
            Self::is_approved_provider(provider, &record),
            Error::<T>::ProviderNotApproved
        );
        let recovery = Self::recovery(&patient);
        let now = T::Clock::now();
        let matures_at = now.saturating_add(T::RecoveryDelay::get());
        let request = RecoveryRequest {
            account: account.clone(),
            provider,
            requested_at: now,
            matures_at,
        };
        let stage = recovery.stage.next(RecoveryAction::Request(request));
        let stage = stage.map_err(Error::<T>::from)?;
        Self::ensure_prepared(&patient, recovery.commitment, &account, salt)?;
        Self::ensure_free_for(&account, &patient)?;
        record.statement_nonce = Self::ensure_agreed(
            &patient,
            record.statement_nonce,
            &account,
            Agreement::Recover { org: provider },
            &proof,
        )?;

        Patients::<T>::insert(patient, record);
        Recoveries::<T>::insert(patient, Recovery { stage, ..recovery });
        Self::deposit_event(Event::RecoveryRequested {
            patient,
            account,
            provider,
            matures_at,
        });
        Ok(())
    }

    pub(crate) fn do_veto_recovery(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        let by = ensure_signed(origin)?;
        Self::known(&patient)?;
        Self::ensure_live_key(&patient, &by)?;
        let recovery = Self::recovery(&patient);
        let stage = recovery
            .stage
            .next(RecoveryAction::Veto)
            .map_err(Error::<T>::from)?;

        Recoveries::<T>::insert(patient, Recovery { stage, ..recovery });
        Self::deposit_event(Event::RecoveryVetoed { patient, by });
        Ok(())
    }

    pub(crate) fn do_finalize_recovery(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
        ensure_signed(origin)?;
        let mut record = Self::known(&patient)?;
        ensure!(Self::is_recoverable(&record), Error::<T>::NotActive);
        let now = T::Clock::now();
        let recovery = Self::recovery(&patient);
        let request = recovery.stage.mature(now).map_err(Error::<T>::from)?;
        let account = request.account.clone();
        Self::ensure_free_for(&account, &patient)?;
        // Whoever had the old keys may have appointed somebody.
        let epoch = Self::raise_epoch(&mut record)?;

        Self::remove_all_keys(&patient);
        let key = Key {
            purposes: Codes::all(),
            added_at: now,
            expires_at: None,
        };
        Self::insert_key(&patient, &account, key);
        Patients::<T>::insert(
            patient,
            Patient {
                key_count: 1,
                ..record
            },
        );
        Recoveries::<T>::remove(patient);
        Self::deposit_event(Event::RepresentativesRevoked { patient, epoch });
        Self::deposit_event(Event::RecoveryFinalized { patient, account });
        Ok(())
    }

    /// The patient's recovery, or that of one who has prepared nothing.
    fn recovery(patient: &PatientId) -> Recovery {
        let unprepared = Recovery {
            commitment: None,
            stage: RecoveryStage::Idle,
        };
        Recoveries::<T>::get(patient).unwrap_or(unprepared)
    }

    /// Checks that no recovery of the patient waits for its delay.
    pub(crate) fn ensure_no_recovery_waits(patient: &PatientId) -> Result<(), Error<T>> {
        let waits = matches!(Self::recovery(patient).stage, RecoveryStage::Requested(_));
        ensure!(!waits, Error::<T>::RecoveryPending);
        Ok(())
    }

    /// A suspended patient can be recovered: suspending is what one does about a stolen key.
    fn is_recoverable(record: &Patient) -> bool {
        matches!(record.status, Status::Active | Status::Suspended { .. })
    }

    /// Whether the organisation may vouch for the person: it manages the patient, or it is a
    /// provider with no stake in it.
    fn is_approved_provider(org: OrgId, record: &Patient) -> bool {
        org == record.managing_org
            || (record.sponsor != Some(org) && T::Membership::has_role(org, Role::Provider))
    }

    /// Checks that the patient chose this account beforehand.
    fn ensure_prepared(
        patient: &PatientId,
        commitment: Option<H256>,
        account: &AccountId,
        salt: Option<H256>,
    ) -> Result<(), Error<T>> {
        if let Some(salt) = salt {
            let commitment = commitment.ok_or(Error::<T>::NoRecovery)?;
            let opens = recovery_commitment(&salt, account) == commitment;
            ensure!(opens, Error::<T>::CommitmentMismatch);
        } else {
            let key = Keys::<T>::get(patient, account).ok_or(Error::<T>::NoRecovery)?;
            ensure!(key.is_live(T::Clock::now()), Error::<T>::KeyExpired);
            ensure!(
                key.purposes.contains(KeyPurpose::Recovery),
                Error::<T>::NoRecovery
            );
        }
        Ok(())
    }

    /// Checks that the account is no key of another patient.
    fn ensure_free_for(account: &AccountId, patient: &PatientId) -> Result<(), Error<T>> {
        let free = KeyOf::<T>::get(account).is_none_or(|holder| holder == *patient);
        ensure!(free, Error::<T>::KeyInUse);
        Ok(())
    }
}
