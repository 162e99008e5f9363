//! Consents: granting them, and asking what they permit.

use super::{the_one, Chain, ChainError};
use axonic_primitives::{consent::AccessQuery, ConsentId, Moment, PatientId};
use pallet_consent::types::{Decision, Draft, Explanation};
use subxt::utils::Static;
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "Consent";

impl Chain {
    /// Grants a consent, and waits until that is final.
    pub async fn grant(
        &self,
        patient: PatientId,
        terms: &Draft,
        signer: &Keypair,
    ) -> Result<ConsentId, ChainError> {
        let arguments = (Static(patient), Static(terms.clone()));
        let granted = self
            .submit(signer, [PALLET, "grant", "Granted"], arguments)
            .await?;
        let (_, consent): (PatientId, ConsentId) = the_one(granted)?;
        Ok(consent)
    }

    /// What the patient permits. `at` is UTC milliseconds; without it, the chain's clock.
    pub async fn evaluate(
        &self,
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Decision, ChainError> {
        self.ask(PALLET, "ConsentApi_evaluate", (patient, query, at))
            .await
    }

    /// The same with the way to it.
    pub async fn explain(
        &self,
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Explanation, ChainError> {
        self.ask(PALLET, "ConsentApi_explain", (patient, query, at))
            .await
    }
}
