//! The answers to what other pallets ask about patients.

use crate::{Config, Error, Pallet};
use alloc::vec::Vec;
use axonic_primitives::{
    patients::{Acting, Patients, Power, Standing},
    AccountId, OrgId, PatientId,
};
use sp_runtime::DispatchError;

impl<T: Config> Patients for Pallet<T> {
    fn standing(patient: &PatientId) -> Option<Standing> {
        match Self::follow(patient) {
            Ok((canonical, record)) => Some(Standing {
                canonical,
                active: record.status.is_in_good_standing(),
            }),
            Err(Error::IdRetired) => Some(Standing {
                canonical: *patient,
                active: false,
            }),
            Err(_) => None,
        }
    }

    fn may_act(
        account: &AccountId,
        patient: &PatientId,
        power: Power,
    ) -> Result<Acting, DispatchError> {
        Ok(Self::authority(account, patient, power)?)
    }

    /// After merges: that of the patient the id is known as.
    fn managing_org(patient: &PatientId) -> Option<OrgId> {
        Self::follow(patient)
            .ok()
            .map(|(_, record)| record.managing_org)
    }

    fn identities(canonical: &PatientId) -> Vec<PatientId> {
        Self::tree(*canonical).0
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register_for_benchmark(patient: PatientId, key: &AccountId, org: OrgId) {
        Self::insert_with_key(patient, key, org, Default::default(), 0);
    }
}
