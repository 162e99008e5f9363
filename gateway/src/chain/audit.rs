//! The audit log: disclosures, refused attempts and access logs.

use super::{not_understood, the_one, Chain, ChainError};
use axonic_primitives::{AccountId, Moment, OrgId, PatientId};
use pallet_audit::types::{AccessLogBatch, Disclosure, DisclosureItem, Entry, Permitted};
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

    /// Anchors a stretch of the custodian's own access log, and waits until that is final. Answers
    /// with its sequence: its place among the batches of the organisation that
    /// [`Self::organisation_of`] the signer names.
    pub async fn anchor_access_log(
        &self,
        key: &Keypair,
        stretch: Stretch,
    ) -> Result<u32, ChainError> {
        the_one(self.anchor_access_logs(key, &[stretch]).await?)
    }

    /// As [`Self::anchor_access_log`], but several stretches in one transaction, all or none.
    /// Answers with their sequences in the same order.
    pub async fn anchor_access_logs(
        &self,
        key: &Keypair,
        stretches: &[Stretch],
    ) -> Result<Vec<u32>, ChainError> {
        let arguments = stretches.iter().map(Stretch::arguments);
        let anchored = self.submit_all(key, ANCHORING, arguments).await?;
        if anchored.len() != stretches.len() {
            return Err(not_understood());
        }
        Ok(anchored.into_iter().map(sequence).collect())
    }
}

/// A stretch of a custodian's access log, as a tree.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The root of the tree over its rows.
    pub root: H256,
    /// How many rows it has.
    pub count: u32,
    /// When the first was written, UTC milliseconds.
    pub first_at: Moment,
    /// When the last was written, UTC milliseconds.
    pub last_at: Moment,
}

impl Stretch {
    fn arguments(&self) -> (Static<H256>, Static<u32>, Static<Moment>, Static<Moment>) {
        (
            Static(self.root),
            Static(self.count),
            Static(self.first_at),
            Static(self.last_at),
        )
    }
}

/// The call that anchors a stretch, and what it says it did.
const ANCHORING: [&str; 3] = [PALLET, "anchor_access_log", "AccessLogAnchored"];

fn sequence((_, sequence, _): (OrgId, u32, AccessLogBatch)) -> u32 {
    sequence
}
