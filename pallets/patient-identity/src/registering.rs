//! Registration: by an organisation, with or without a first key, and what it attests later.

use crate::{
    Action, Agreement, Assurance, AssuranceLevel, Config, ErasedPatients, Error, Event,
    GenesisPatient, Key, KeyOf, KeyProof, KeyPurpose, Pallet, Patient, Patients, Status,
};
use axonic_primitives::{
    membership::EnsureStaff, AccountId, Clock, Codes, Moment, OrgId, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(
        origin: OriginFor<T>,
        patient: PatientId,
        commitment: H256,
    ) -> DispatchResult {
        let org = T::RegistrarOrigin::ensure_staff(origin)?.org;
        Self::ensure_free(&patient)?;

        Patients::<T>::insert(
            patient,
            Patient::registered(org, commitment, T::Clock::now()),
        );
        Self::deposit_event(Event::Registered { patient, org });
        Ok(())
    }

    pub(crate) fn do_register_with_key(
        origin: OriginFor<T>,
        patient: PatientId,
        commitment: H256,
        account: AccountId,
        purposes: Codes<KeyPurpose>,
        proof: KeyProof,
    ) -> DispatchResult {
        let org = T::RegistrarOrigin::ensure_staff(origin)?.org;
        Self::ensure_free(&patient)?;
        Self::ensure_first_key_purposes(purposes)?;
        Self::ensure_unused(&account)?;
        let now = T::Clock::now();
        let mut record = Patient::registered(org, commitment, now);
        let agreement = Agreement::Register {
            org,
            purposes,
            commitment,
        };
        record.statement_nonce = Self::ensure_agreed(
            &patient,
            record.statement_nonce,
            &account,
            agreement,
            &proof,
        )?;

        Self::insert_claimed(patient, record, &account, purposes, now);
        Self::deposit_event(Event::Registered { patient, org });
        Self::deposit_event(Event::KeyAdded {
            patient,
            account,
            purposes,
            expires_at: None,
        });
        Ok(())
    }

    pub(crate) fn do_claim(
        origin: OriginFor<T>,
        patient: PatientId,
        account: AccountId,
        purposes: Codes<KeyPurpose>,
        proof: KeyProof,
    ) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        record
            .status
            .next(Action::Claim)
            .map_err(Error::<T>::from)?;
        Self::ensure_first_key_purposes(purposes)?;
        Self::ensure_unused(&account)?;
        let agreement = Agreement::Claim {
            purposes,
            commitment: record.commitment,
        };
        record.statement_nonce = Self::ensure_agreed(
            &patient,
            record.statement_nonce,
            &account,
            agreement,
            &proof,
        )?;
        // Whom the organisation appointed, the patient appoints anew or not at all.
        let epoch = Self::raise_epoch(&mut record)?;

        Self::insert_claimed(patient, record, &account, purposes, T::Clock::now());
        Self::deposit_event(Event::Claimed { patient });
        Self::deposit_event(Event::RepresentativesRevoked { patient, epoch });
        Self::deposit_event(Event::KeyAdded {
            patient,
            account,
            purposes,
            expires_at: None,
        });
        Ok(())
    }

    pub(crate) fn do_update_commitment(
        origin: OriginFor<T>,
        patient: PatientId,
        commitment: H256,
        version: u32,
    ) -> DispatchResult {
        let (_, mut record) = Self::managed(origin, &patient)?;
        let next = record.commitment_version.checked_add(1);
        ensure!(next == Some(version), Error::<T>::VersionMismatch);

        record.commitment = commitment;
        record.commitment_version = version;
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::CommitmentUpdated { patient, version });
        Ok(())
    }

    pub(crate) fn do_attest_assurance(
        origin: OriginFor<T>,
        patient: PatientId,
        level: AssuranceLevel,
    ) -> DispatchResult {
        let (actor, mut record) = Self::managed(origin, &patient)?;
        let by = actor.org;

        record.assurance = Some(Assurance {
            level,
            by,
            at: T::Clock::now(),
        });
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::AssuranceAttested { patient, level, by });
        Ok(())
    }

    /// Puts a patient of the genesis in place.
    ///
    /// # Panics
    ///
    /// If its id is zero or taken, or its key is another patient's: such a genesis is never built.
    pub(crate) fn insert_genesis(patient: &GenesisPatient) {
        let GenesisPatient {
            id,
            key,
            managing_org,
            commitment,
        } = patient;
        assert!(
            Self::ensure_free(id).is_ok(),
            "the id of a genesis patient is zero or taken"
        );
        assert!(
            !KeyOf::<T>::contains_key(key),
            "two genesis patients share a key"
        );
        Self::insert_with_key(*id, key, *managing_org, *commitment, 0);
    }

    /// Puts a patient with one key of every purpose in place, without asking anybody.
    pub(crate) fn insert_with_key(
        patient: PatientId,
        key: &AccountId,
        org: OrgId,
        commitment: H256,
        at: Moment,
    ) {
        let record = Patient::registered(org, commitment, at);
        Self::insert_claimed(patient, record, key, Codes::all(), at);
    }

    /// Checks that the id was never used.
    pub(crate) fn ensure_free(patient: &PatientId) -> Result<(), Error<T>> {
        ensure!(!patient.0.is_zero(), Error::<T>::InvalidId);
        ensure!(
            !Patients::<T>::contains_key(patient),
            Error::<T>::AlreadyExists
        );
        ensure!(
            !ErasedPatients::<T>::contains_key(patient),
            Error::<T>::IdRetired
        );
        Ok(())
    }

    /// Stores a patient as claimed with its first key, which does not expire.
    fn insert_claimed(
        patient: PatientId,
        record: Patient,
        account: &AccountId,
        purposes: Codes<KeyPurpose>,
        added_at: Moment,
    ) {
        let claimed = Patient {
            status: Status::Active,
            key_count: 1,
            ..record
        };
        Patients::<T>::insert(patient, claimed);
        Self::insert_key(
            &patient,
            account,
            Key {
                purposes,
                added_at,
                expires_at: None,
            },
        );
    }
}

impl Patient {
    /// A patient as an organisation registers it: unclaimed, and paid for by nobody.
    pub(crate) fn registered(org: OrgId, commitment: H256, created_at: Moment) -> Self {
        Self {
            status: Status::Registered,
            managing_org: org,
            sponsor: None,
            commitment,
            commitment_version: 1,
            assurance: None,
            key_count: 0,
            guardian_epoch: 0,
            statement_nonce: 0,
            links_frozen: false,
            legal_hold: None,
            resumed_at: None,
            created_at,
        }
    }
}
