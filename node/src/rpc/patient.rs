//! `patient_*`: asks who a patient is and who may act. Each method is the runtime API's of the same
//! name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{
    patients::{Acting, Power},
    AccountId, Moment, OrgId, PatientId,
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_patient_identity::{
    runtime_api::PatientApi, Agent, Agreement, DuplicatesPage, KeyInfo, PatientInfo, RecoveryInfo,
    RepresentativeInfo, StatementToSign,
};
use sp_core::H256;

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "patient")]
pub trait Patient {
    /// What is known of a patient.
    #[method(name = "patient", blocking)]
    fn patient(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Option<PatientInfo>>;

    /// The id a patient is known by now, after merges.
    #[method(name = "resolve", blocking)]
    fn resolve(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Option<PatientId>>;

    /// The patient an account is a key of.
    #[method(name = "patientOf", blocking)]
    fn patient_of(&self, account: AccountId, block: Option<Hash>) -> RpcResult<Option<PatientId>>;

    /// The keys of a patient.
    #[method(name = "keysOf", blocking)]
    fn keys_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<KeyInfo>>;

    /// The appointments of a patient.
    #[method(name = "representativesOf", blocking)]
    fn representatives_of(
        &self,
        patient: PatientId,
        block: Option<Hash>,
    ) -> RpcResult<Vec<RepresentativeInfo>>;

    /// The patients an agent has an appointment of.
    #[method(name = "representedBy", blocking)]
    fn represented_by(&self, agent: Agent, block: Option<Hash>) -> RpcResult<Vec<PatientId>>;

    /// How far the recovery of a patient has come.
    #[method(name = "recoveryOf", blocking)]
    fn recovery_of(
        &self,
        patient: PatientId,
        block: Option<Hash>,
    ) -> RpcResult<Option<RecoveryInfo>>;

    /// In which capacity an account may use a power for a patient, or the first reason why not.
    #[method(name = "explainMayAct", blocking)]
    fn explain_may_act(
        &self,
        account: AccountId,
        patient: PatientId,
        power: Power,
        block: Option<Hash>,
    ) -> RpcResult<Acting>;

    /// Patients of the organisation that share a match token with another organisation's.
    #[method(name = "possibleDuplicates", blocking)]
    fn possible_duplicates(
        &self,
        org: OrgId,
        from: Option<H256>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<DuplicatesPage>;

    /// The bytes that the key of `account` signs to agree.
    #[method(name = "statement", blocking)]
    fn statement(
        &self,
        patient: PatientId,
        account: AccountId,
        agreement: Agreement,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign>;
}

/// Answers from the runtime.
pub struct Patient(pub Mirror);

impl PatientServer for Patient {
    fn patient(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Option<PatientInfo>> {
        self.0.ask(block, |api, block| api.patient(block, patient))
    }

    fn resolve(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Option<PatientId>> {
        self.0.ask(block, |api, block| api.resolve(block, patient))
    }

    fn patient_of(&self, account: AccountId, block: Option<Hash>) -> RpcResult<Option<PatientId>> {
        self.0
            .ask(block, |api, block| api.patient_of(block, account))
    }

    fn keys_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<KeyInfo>> {
        self.0.ask(block, |api, block| api.keys_of(block, patient))
    }

    fn representatives_of(
        &self,
        patient: PatientId,
        block: Option<Hash>,
    ) -> RpcResult<Vec<RepresentativeInfo>> {
        self.0
            .ask(block, |api, block| api.representatives_of(block, patient))
    }

    fn represented_by(&self, agent: Agent, block: Option<Hash>) -> RpcResult<Vec<PatientId>> {
        self.0
            .ask(block, |api, block| api.represented_by(block, agent))
    }

    fn recovery_of(
        &self,
        patient: PatientId,
        block: Option<Hash>,
    ) -> RpcResult<Option<RecoveryInfo>> {
        self.0
            .ask(block, |api, block| api.recovery_of(block, patient))
    }

    fn explain_may_act(
        &self,
        account: AccountId,
        patient: PatientId,
        power: Power,
        block: Option<Hash>,
    ) -> RpcResult<Acting> {
        let question =
            |api: super::Api<'_>, block| api.explain_may_act(block, account, patient, power);
        self.0.ask_permission(block, question)
    }

    fn possible_duplicates(
        &self,
        org: OrgId,
        from: Option<H256>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<DuplicatesPage> {
        self.0.ask(block, |api, block| {
            api.possible_duplicates(block, org, from, limit)
        })
    }

    fn statement(
        &self,
        patient: PatientId,
        account: AccountId,
        agreement: Agreement,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign> {
        let question = |api: super::Api<'_>, block| {
            api.statement(block, patient, account, agreement, expires_at)
        };
        self.0.ask_permission(block, question)
    }
}
