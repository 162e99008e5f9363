//! What other pallets ask: the same decision that readers are shown.

use crate::{types::Decision, Config, Error, Pallet};
use axonic_primitives::{
    consent::{AccessQuery, ConsentGate, Denial, Receipt, Refused},
    PatientId,
};
#[cfg(feature = "runtime-benchmarks")]
use axonic_primitives::{AccountId, OrgId};

impl<T: Config> ConsentGate for Pallet<T> {
    fn authorize(patient: &PatientId, query: &AccessQuery) -> Result<Receipt, Refused> {
        let explanation = Self::examine(*patient, query, None).map_err(|error| match error {
            Error::NotFound => Denial::PatientNotFound,
            _ => Denial::MalformedQuery,
        })?;
        let conditional = explanation.decision.is_conditional();
        let consents = Self::judged(&explanation, query);
        match explanation.decision {
            Decision::Permit { basis, .. } => Ok(Receipt {
                patient: explanation.patient,
                basis,
                conditional,
                consents,
            }),
            Decision::Deny { reason, .. } => Err(Refused {
                denial: reason,
                consents,
            }),
            Decision::NoConsent => Err(Refused {
                denial: Denial::NoConsent,
                consents,
            }),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn permit_for_benchmark(patient: &PatientId, key: &AccountId, recipient: OrgId, consents: u32) {
        crate::benchmarking::hold_consents::<T>(patient, key, recipient, consents);
    }
}
