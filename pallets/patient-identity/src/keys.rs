//! Keys: adding, removing and rotating them, and the statements their holders sign.

use crate::{
    rules::is_proper, Agreement, Config, Error, Event, Key, KeyOf, KeyProof, KeyPurpose,
    KeyStatement, Keys, Pallet, Patients, StatementBody, MAX_KEYS, MAX_STATEMENT_LIFE,
};
use axonic_primitives::{statement::purpose, AccountId, Clock, Codes, Moment, PatientId};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::{BlockNumberFor, OriginFor};
use sp_runtime::traits::Zero;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_key(
        origin: OriginFor<T>,
        patient: PatientId,
        account: AccountId,
        purposes: Codes<KeyPurpose>,
        expires_at: Option<Moment>,
        proof: KeyProof,
    ) -> DispatchResult {
        let mut record = Self::owned(origin, &patient)?;
        let now = T::Clock::now();
        ensure!(is_proper(purposes), Error::<T>::InvalidPurposes);
        ensure!(
            expires_at.is_none_or(|end| now < end),
            Error::<T>::InvalidPeriod
        );
        ensure!(record.key_count < MAX_KEYS, Error::<T>::MaxKeysExceeded);
        Self::ensure_unused(&account)?;
        let agreement = Agreement::AddKey {
            purposes,
            key_expires_at: expires_at,
        };
        record.statement_nonce = Self::ensure_agreed(
            &patient,
            record.statement_nonce,
            &account,
            agreement,
            &proof,
        )?;
        record.key_count = record.key_count.saturating_add(1);

        let key = Key {
            purposes,
            added_at: now,
            expires_at,
        };
        Self::insert_key(&patient, &account, key);
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::KeyAdded {
            patient,
            account,
            purposes,
            expires_at,
        });
        Ok(())
    }

    pub(crate) fn do_remove_key(
        origin: OriginFor<T>,
        patient: PatientId,
        account: AccountId,
    ) -> DispatchResult {
        let mut record = Self::owned(origin, &patient)?;
        let key = Keys::<T>::get(patient, &account).ok_or(Error::<T>::KeyNotFound)?;
        let leaves_a_mainstay = !key.is_mainstay()
            || Keys::<T>::iter_prefix(patient)
                .any(|(other, key)| other != account && key.is_mainstay());
        ensure!(leaves_a_mainstay, Error::<T>::LastKey);
        record.key_count = record.key_count.saturating_sub(1);

        Self::remove_key_entry(&patient, &account);
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::KeyRemoved { patient, account });
        Ok(())
    }

    pub(crate) fn do_rotate_key(
        origin: OriginFor<T>,
        patient: PatientId,
        old: AccountId,
        new: AccountId,
        proof: KeyProof,
    ) -> DispatchResult {
        let mut record = Self::owned(origin, &patient)?;
        let key = Self::ensure_live_key(&patient, &old)?;
        Self::ensure_unused(&new)?;
        let agreement = Agreement::RotateKey {
            replaces: old.clone(),
        };
        record.statement_nonce =
            Self::ensure_agreed(&patient, record.statement_nonce, &new, agreement, &proof)?;

        Self::remove_key_entry(&patient, &old);
        Self::insert_key(
            &patient,
            &new,
            Key {
                added_at: T::Clock::now(),
                ..key
            },
        );
        Patients::<T>::insert(patient, record);
        Self::deposit_event(Event::KeyRotated { patient, old, new });
        Ok(())
    }

    /// Checks that the account is no key of any patient.
    pub(crate) fn ensure_unused(account: &AccountId) -> Result<(), Error<T>> {
        ensure!(!KeyOf::<T>::contains_key(account), Error::<T>::KeyInUse);
        Ok(())
    }

    /// Checks the purposes of a first key: without authentication nobody could speak for the
    /// patient.
    pub(crate) fn ensure_first_key_purposes(purposes: Codes<KeyPurpose>) -> Result<(), Error<T>> {
        let fit = is_proper(purposes) && purposes.contains(KeyPurpose::Authentication);
        ensure!(fit, Error::<T>::InvalidPurposes);
        Ok(())
    }

    pub(crate) fn insert_key(patient: &PatientId, account: &AccountId, key: Key) {
        Keys::<T>::insert(patient, account, key);
        KeyOf::<T>::insert(account, patient);
    }

    pub(crate) fn remove_key_entry(patient: &PatientId, account: &AccountId) {
        Keys::<T>::remove(patient, account);
        KeyOf::<T>::remove(account);
    }

    /// Removes every key of the patient, at most [`MAX_KEYS`].
    pub(crate) fn remove_all_keys(patient: &PatientId) {
        for (account, _) in Keys::<T>::drain_prefix(patient) {
            KeyOf::<T>::remove(account);
        }
    }

    /// The statement by which the key of `account` agrees, at this nonce.
    pub(crate) fn key_statement(
        patient: &PatientId,
        nonce: u64,
        account: AccountId,
        agreement: Agreement,
        expires_at: Moment,
    ) -> KeyStatement {
        KeyStatement {
            purpose: agreement.purpose(),
            genesis: frame_system::BlockHash::<T>::get(BlockNumberFor::<T>::zero()),
            subject: patient.0,
            nonce,
            expires_at,
            body: StatementBody { account, agreement },
        }
    }

    /// Checks when a statement expires: not yet, and not too far ahead.
    pub(crate) fn ensure_expiry(expires_at: Moment) -> Result<(), Error<T>> {
        let now = T::Clock::now();
        ensure!(now < expires_at, Error::<T>::SignatureExpired);
        let latest = now.saturating_add(MAX_STATEMENT_LIFE);
        ensure!(expires_at <= latest, Error::<T>::ExpiryTooFar);
        Ok(())
    }

    /// Checks that the key of `account` signed the agreement at this nonce. Answers the next nonce.
    pub(crate) fn ensure_agreed(
        patient: &PatientId,
        nonce: u64,
        account: &AccountId,
        agreement: Agreement,
        proof: &KeyProof,
    ) -> Result<u64, Error<T>> {
        ensure!(proof.nonce == nonce, Error::<T>::NonceMismatch);
        let next = nonce.checked_add(1).ok_or(Error::<T>::NonceMismatch)?;
        Self::ensure_expiry(proof.expires_at)?;
        let statement =
            Self::key_statement(patient, nonce, account.clone(), agreement, proof.expires_at);
        let signed = statement.is_signed_by(account, &proof.signature);
        ensure!(signed, Error::<T>::InvalidSignature);
        Ok(next)
    }
}

impl Agreement {
    /// The tag that keeps this kind of statement apart from every other on the chain.
    pub const fn purpose(&self) -> [u8; 32] {
        match self {
            Self::Register { .. } => purpose("axonic/patient/register"),
            Self::Claim { .. } => purpose("axonic/patient/claim"),
            Self::AddKey { .. } => purpose("axonic/patient/add_key"),
            Self::RotateKey { .. } => purpose("axonic/patient/rotate_key"),
            Self::Recover { .. } => purpose("axonic/patient/recover"),
            Self::Merge { .. } => purpose("axonic/patient/merge"),
            Self::AcceptMerge { .. } => purpose("axonic/patient/accept_merge"),
            Self::Unmerge => purpose("axonic/patient/unmerge"),
        }
    }
}
