//! What other pallets ask: the same decision that readers are shown.

use crate::{types::Decision, Config, Error, Pallet};
use axonic_primitives::{
    consent::{AccessQuery, ConsentGate, Denial, Receipt},
    PatientId,
};

impl<T: Config> ConsentGate for Pallet<T> {
    fn authorize(patient: &PatientId, query: &AccessQuery) -> Result<Receipt, Denial> {
        let explanation = Self::examine(*patient, query, None).map_err(|error| match error {
            Error::NotFound => Denial::PatientNotFound,
            _ => Denial::MalformedQuery,
        })?;
        let conditional = explanation.decision.is_conditional();
        match explanation.decision {
            Decision::Permit { basis, .. } => Ok(Receipt {
                patient: explanation.patient,
                basis,
                conditional,
            }),
            Decision::Deny { reason, .. } => Err(reason),
            Decision::NoConsent => Err(Denial::NoConsent),
        }
    }
}
