//! `audit_*`: asks who looked at what, on which basis. Each method is the runtime API's of the same
//! name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{merkle::InclusionProof, AccountId, Moment, OrgId, PatientId};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_audit::{
    runtime_api::AuditApi,
    types::{AccessLogInfo, ContestInfo, Disclosure, DisclosureInfo, Gap, LogInfo, Permitted},
};
use sp_core::H256;

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "audit")]
pub trait Audit {
    /// The accounting of disclosures: a page of the kept entries about the patient, refused
    /// attempts among them, after the entry `after` (its `patient` and `sequence`), 64 at most.
    /// `from` is the first instant and `to` the first after the last, UTC milliseconds.
    #[method(name = "accountingOfDisclosures", blocking)]
    fn accounting_of_disclosures(
        &self,
        patient: PatientId,
        from: Option<Moment>,
        to: Option<Moment>,
        after: Option<(PatientId, u64)>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<DisclosureInfo>>;

    /// A page of what the organisation logged as custodian, after `after`, 64 at most.
    #[method(name = "disclosuresBy", blocking)]
    fn disclosures_by(
        &self,
        org: OrgId,
        after: Option<u64>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<DisclosureInfo>>;

    /// What the patient's logs fold from and to, one for each id under which something was logged.
    #[method(name = "logsOf", blocking)]
    fn logs_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<LogInfo>>;

    /// What `disclose`, signed by `discloser`, would store now, or the first error it would give.
    #[method(name = "explainDisclose", blocking)]
    fn explain_disclose(
        &self,
        discloser: AccountId,
        patient: PatientId,
        disclosure: Disclosure,
        obligations_met: bool,
        block: Option<Hash>,
    ) -> RpcResult<Permitted>;

    /// A page of the contests that the organisation has not answered, after `after`, 64 at most.
    #[method(name = "contestsOpen", blocking)]
    fn contests_open(
        &self,
        org: OrgId,
        after: Option<(PatientId, u64)>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<ContestInfo>>;

    /// The batch, if the proof shows that the row of the access log with this commitment is in it.
    #[method(name = "proveAccess", blocking)]
    fn prove_access(
        &self,
        org: OrgId,
        sequence: u32,
        commitment: H256,
        proof: InclusionProof,
        block: Option<Hash>,
    ) -> RpcResult<AccessLogInfo>;

    /// A page of the organisation's batches of its access log, after `after`, 64 at most.
    #[method(name = "accessLogsOf", blocking)]
    fn access_logs_of(
        &self,
        org: OrgId,
        after: Option<u32>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<AccessLogInfo>>;

    /// A page of the stretches longer than a day that none of those batches covers, 64 at most.
    #[method(name = "cadenceGaps", blocking)]
    fn cadence_gaps(
        &self,
        org: OrgId,
        after: Option<u32>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<Gap>>;
}

/// Answers from the runtime.
pub struct Audit(pub Mirror);

impl AuditServer for Audit {
    fn accounting_of_disclosures(
        &self,
        patient: PatientId,
        from: Option<Moment>,
        to: Option<Moment>,
        after: Option<(PatientId, u64)>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<DisclosureInfo>> {
        self.0.ask_permission(block, |api, block| {
            api.accounting_of_disclosures(block, patient, from, to, after, limit)
        })
    }

    fn disclosures_by(
        &self,
        org: OrgId,
        after: Option<u64>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<DisclosureInfo>> {
        self.0.ask_permission(block, |api, block| {
            api.disclosures_by(block, org, after, limit)
        })
    }

    fn logs_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<LogInfo>> {
        self.0
            .ask_permission(block, |api, block| api.logs_of(block, patient))
    }

    fn explain_disclose(
        &self,
        discloser: AccountId,
        patient: PatientId,
        disclosure: Disclosure,
        obligations_met: bool,
        block: Option<Hash>,
    ) -> RpcResult<Permitted> {
        self.0.ask_permission(block, |api, block| {
            api.explain_disclose(block, discloser, patient, disclosure, obligations_met)
        })
    }

    fn contests_open(
        &self,
        org: OrgId,
        after: Option<(PatientId, u64)>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<ContestInfo>> {
        self.0.ask_permission(block, |api, block| {
            api.contests_open(block, org, after, limit)
        })
    }

    fn prove_access(
        &self,
        org: OrgId,
        sequence: u32,
        commitment: H256,
        proof: InclusionProof,
        block: Option<Hash>,
    ) -> RpcResult<AccessLogInfo> {
        self.0.ask_permission(block, |api, block| {
            api.prove_access(block, org, sequence, commitment, proof)
        })
    }

    fn access_logs_of(
        &self,
        org: OrgId,
        after: Option<u32>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<AccessLogInfo>> {
        self.0.ask_permission(block, |api, block| {
            api.access_logs_of(block, org, after, limit)
        })
    }

    fn cadence_gaps(
        &self,
        org: OrgId,
        after: Option<u32>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<Gap>> {
        self.0.ask_permission(block, |api, block| {
            api.cadence_gaps(block, org, after, limit)
        })
    }
}
