//! The audit log: disclosures, refused attempts and access logs.

use super::{not_understood, the_one, Chain, ChainError};
use axonic_primitives::{merkle::InclusionProof, AccountId, Moment, OrgId, PatientId};
use pallet_audit::types::{
    AccessLogBatch, AccessLogInfo, Disclosure, DisclosureItem, Entry, Permitted,
};
use sp_core::H256;
use subxt::utils::Static;
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "Audit";

impl Chain {
    /// Logs disclosures, all or none, 64 at most, and waits until that is final. Answers with what
    /// was logged and in whose log, in the same order. The chain asks the patients' consents itself
    /// and logs nothing that they do not permit.
    pub async fn disclose(
        &self,
        key: &Keypair,
        items: &[DisclosureItem],
    ) -> Result<Vec<(PatientId, Entry)>, ChainError> {
        let logged: Vec<(PatientId, Entry)> = match items {
            [item] => {
                let DisclosureItem {
                    patient,
                    disclosure,
                    obligations_met,
                } = item.clone();
                let arguments = (Static(patient), Static(disclosure), Static(obligations_met));
                self.submit(key, [PALLET, "disclose", "Disclosed"], arguments)
                    .await?
            }
            items => {
                let arguments = (Static(items.to_vec()),);
                self.submit(key, [PALLET, "disclose_many", "Disclosed"], arguments)
                    .await?
            }
        };
        if logged.len() != items.len() {
            return Err(not_understood());
        }
        Ok(logged)
    }

    /// Logs an attempt that the patient's consents refuse now, and waits until that is final.
    pub async fn report_refusal(
        &self,
        key: &Keypair,
        patient: PatientId,
        disclosure: &Disclosure,
    ) -> Result<(PatientId, Entry), ChainError> {
        let names = [PALLET, "report_refusal", "AttemptRefused"];
        let arguments = (Static(patient), Static(disclosure.clone()));
        the_one(self.submit(key, names, arguments).await?)
    }

    /// What [`Self::disclose`], signed by `discloser`, would log now, or its first error.
    pub async fn explain_disclose(
        &self,
        discloser: &AccountId,
        item: &DisclosureItem,
    ) -> Result<Permitted, ChainError> {
        let DisclosureItem {
            patient,
            disclosure,
            obligations_met,
        } = item;
        let question = (discloser, patient, disclosure, obligations_met);
        self.ask(PALLET, "AuditApi_explain_disclose", question)
            .await
    }

    /// Anchors a stretch of the custodian's own access log, and waits until that is final. `root`
    /// is that of the tree over its `count` rows, which are from `first_at` to `last_at`, UTC
    /// milliseconds. Answers with its sequence: its place among the batches of the organisation
    /// that [`Self::organisation_of`] the signer names.
    pub async fn anchor_access_log(
        &self,
        key: &Keypair,
        root: H256,
        count: u32,
        first_at: Moment,
        last_at: Moment,
    ) -> Result<u32, ChainError> {
        let names = [PALLET, "anchor_access_log", "AccessLogAnchored"];
        let arguments = (
            Static(root),
            Static(count),
            Static(first_at),
            Static(last_at),
        );
        let anchored = self.submit(key, names, arguments).await?;
        let (_, sequence, _): (OrgId, u32, AccessLogBatch) = the_one(anchored)?;
        Ok(sequence)
    }

    /// Asks whether the row with this commitment is in a custodian's batch. Refused with the reason
    /// if the proof does not show it.
    pub async fn prove_access(
        &self,
        org: OrgId,
        sequence: u32,
        commitment: &H256,
        proof: &InclusionProof,
    ) -> Result<AccessLogInfo, ChainError> {
        let question = (org, sequence, commitment, proof);
        self.ask(PALLET, "AuditApi_prove_access", question).await
    }
}
