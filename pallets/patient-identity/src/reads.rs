//! What the runtime API and the view functions show: reads only, over the functions that calls use.

use crate::{
    Agreement, Config, Error, KeyInfo, Keys, Link, LinkKind, Links, Pallet, PatientInfo, Patients,
    Recoveries, RecoveryInfo, RepresentativeInfo, Representatives, SponsorOffers, StatementToSign,
    Status,
};
use alloc::vec::Vec;
use axonic_primitives::{
    patients::{Acting, Patients as _, Power},
    AccountId, Clock, Moment, PatientId, Refusal,
};
use codec::Encode;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn read_patient(patient: &PatientId) -> Option<PatientInfo> {
        let standing = Self::standing(patient)?;
        let record = Patients::<T>::get(patient);
        let status = record
            .as_ref()
            .map_or(Status::Erased, |record| record.status);
        let mut links = Links::<T>::get(patient).into_inner();
        if let Status::Merged { into } = status {
            links.push(Link {
                from: *patient,
                to: into,
                kind: LinkKind::ReplacedBy,
            });
        }
        Some(PatientInfo {
            patient: *patient,
            canonical: standing.canonical,
            status,
            identities: Self::identities(&standing.canonical),
            active: standing.active,
            record,
            links,
            sponsor_offers: SponsorOffers::<T>::get(patient).into_inner(),
        })
    }

    pub(crate) fn read_canonical(patient: &PatientId) -> Option<PatientId> {
        Self::standing(patient).map(|standing| standing.canonical)
    }

    pub(crate) fn read_keys(patient: &PatientId) -> Vec<KeyInfo> {
        let now = T::Clock::now();
        Keys::<T>::iter_prefix(patient)
            .map(|(account, key)| KeyInfo {
                account,
                purposes: key.purposes,
                added_at: key.added_at,
                expires_at: key.expires_at,
                live: key.is_live(now),
            })
            .collect()
    }

    pub(crate) fn read_representatives(patient: &PatientId) -> Vec<RepresentativeInfo> {
        let Some(record) = Patients::<T>::get(patient) else {
            return Vec::new();
        };
        let now = T::Clock::now();
        Representatives::<T>::get(patient)
            .into_iter()
            .map(|entry| RepresentativeInfo {
                state: entry.state(record.guardian_epoch, now),
                agent: entry.agent,
                kind: entry.kind,
                powers: entry.powers,
                from: entry.from,
                until: entry.until,
                evidence_hash: entry.evidence_hash,
            })
            .collect()
    }

    pub(crate) fn read_recovery(patient: &PatientId) -> Option<RecoveryInfo> {
        let recovery = Recoveries::<T>::get(patient)?;
        Some(RecoveryInfo {
            commitment: recovery.commitment,
            mature: recovery.stage.mature(T::Clock::now()).is_ok(),
            stage: recovery.stage,
        })
    }

    pub(crate) fn read_acting(
        account: &AccountId,
        patient: &PatientId,
        power: Power,
    ) -> Result<Acting, Refusal> {
        Self::may_act(account, patient, power).map_err(Refusal::from)
    }

    pub(crate) fn read_statement(
        patient: &PatientId,
        account: AccountId,
        agreement: Agreement,
        expires_at: Moment,
    ) -> Result<StatementToSign, Refusal> {
        let nonce = Self::next_nonce(patient, &agreement).map_err(DispatchError::from)?;
        Self::ensure_expiry(expires_at).map_err(DispatchError::from)?;
        let statement = Self::key_statement(patient, nonce, account, agreement, expires_at);
        Ok(StatementToSign {
            nonce,
            bytes: statement.encode(),
        })
    }

    /// The nonce of the next statement, or why there can be none.
    fn next_nonce(patient: &PatientId, agreement: &Agreement) -> Result<u64, Error<T>> {
        if let Agreement::Register { .. } = agreement {
            Self::ensure_free(patient)?;
            Ok(0)
        } else {
            Ok(Self::known(patient)?.statement_nonce)
        }
    }
}
