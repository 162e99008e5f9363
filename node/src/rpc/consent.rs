//! `consent_*`: asks a patient's consents. Each method is the runtime API's of the same name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{
    consent::{AccessQuery, PurposeOfUse, Scope},
    membership::Jurisdiction,
    statement::StatementToSign,
    BreakGlassId, ConsentId, Moment, OrgId, PatientId, RequestId,
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_consent::{
    runtime_api::ConsentApi,
    types::{
        BreakGlassInfo, ConsentInfo, Decision, Draft, Explanation, ProvisionType, RequestInfo,
    },
};

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "consent")]
pub trait Consent {
    /// What the patient permits; `at` is UTC milliseconds, without it the chain's clock.
    #[method(name = "evaluate", blocking)]
    fn evaluate(
        &self,
        patient: PatientId,
        query: AccessQuery,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Decision>;

    /// The same answer with the way to it.
    #[method(name = "explain", blocking)]
    fn explain(
        &self,
        patient: PatientId,
        query: AccessQuery,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Explanation>;

    /// One consent.
    #[method(name = "consent", blocking)]
    fn consent(
        &self,
        patient: PatientId,
        consent: ConsentId,
        block: Option<Hash>,
    ) -> RpcResult<Option<ConsentInfo>>;

    /// A page of the patient's consents, after `after`, 64 at most.
    #[method(name = "consentsOf", blocking)]
    fn consents_of(
        &self,
        patient: PatientId,
        after: Option<ConsentId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<ConsentInfo>>;

    /// The requests that wait for the patient's answer.
    #[method(name = "requestsOf", blocking)]
    fn requests_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<RequestInfo>>;

    /// One request.
    #[method(name = "request", blocking)]
    fn request(&self, request: RequestId, block: Option<Hash>) -> RpcResult<Option<RequestInfo>>;

    /// One emergency access.
    #[method(name = "breakGlass", blocking)]
    fn break_glass(
        &self,
        id: BreakGlassId,
        block: Option<Hash>,
    ) -> RpcResult<Option<BreakGlassInfo>>;

    /// An organisation's emergency accesses that are open, after `after`, 64 at most.
    #[method(name = "breakGlassOpen", blocking)]
    fn break_glass_open(
        &self,
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BreakGlassInfo>>;

    /// An organisation's emergency accesses whose review is overdue, after `after`, 64 at most.
    #[method(name = "reviewsOverdue", blocking)]
    fn reviews_overdue(
        &self,
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BreakGlassInfo>>;

    /// What holds where the patient said nothing.
    #[method(name = "defaultFor", blocking)]
    fn default_for(
        &self,
        scope: Scope,
        purpose: PurposeOfUse,
        jurisdiction: Jurisdiction,
        block: Option<Hash>,
    ) -> RpcResult<Option<ProvisionType>>;

    /// What a patient signs for `grant_signed`.
    #[method(name = "grantStatement", blocking)]
    fn grant_statement(
        &self,
        patient: PatientId,
        terms: Draft,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign>;
}

/// Answers from the runtime.
pub struct Consent(pub Mirror);

impl ConsentServer for Consent {
    fn evaluate(
        &self,
        patient: PatientId,
        query: AccessQuery,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Decision> {
        self.0
            .ask_permission(block, |api, block| api.evaluate(block, patient, query, at))
    }

    fn explain(
        &self,
        patient: PatientId,
        query: AccessQuery,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Explanation> {
        self.0
            .ask_permission(block, |api, block| api.explain(block, patient, query, at))
    }

    fn consent(
        &self,
        patient: PatientId,
        consent: ConsentId,
        block: Option<Hash>,
    ) -> RpcResult<Option<ConsentInfo>> {
        self.0
            .ask(block, |api, block| api.consent(block, patient, consent))
    }

    fn consents_of(
        &self,
        patient: PatientId,
        after: Option<ConsentId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<ConsentInfo>> {
        self.0.ask(block, |api, block| {
            api.consents_of(block, patient, after, limit)
        })
    }

    fn requests_of(&self, patient: PatientId, block: Option<Hash>) -> RpcResult<Vec<RequestInfo>> {
        self.0
            .ask(block, |api, block| api.requests_of(block, patient))
    }

    fn request(&self, request: RequestId, block: Option<Hash>) -> RpcResult<Option<RequestInfo>> {
        self.0.ask(block, |api, block| api.request(block, request))
    }

    fn break_glass(
        &self,
        id: BreakGlassId,
        block: Option<Hash>,
    ) -> RpcResult<Option<BreakGlassInfo>> {
        self.0.ask(block, |api, block| api.break_glass(block, id))
    }

    fn break_glass_open(
        &self,
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BreakGlassInfo>> {
        self.0.ask(block, |api, block| {
            api.break_glass_open(block, org, after, limit)
        })
    }

    fn reviews_overdue(
        &self,
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<BreakGlassInfo>> {
        self.0.ask(block, |api, block| {
            api.reviews_overdue(block, org, after, limit)
        })
    }

    fn default_for(
        &self,
        scope: Scope,
        purpose: PurposeOfUse,
        jurisdiction: Jurisdiction,
        block: Option<Hash>,
    ) -> RpcResult<Option<ProvisionType>> {
        self.0.ask(block, |api, block| {
            api.default_for(block, scope, purpose, jurisdiction)
        })
    }

    fn grant_statement(
        &self,
        patient: PatientId,
        terms: Draft,
        expires_at: Moment,
        block: Option<Hash>,
    ) -> RpcResult<StatementToSign> {
        let question =
            |api: super::Api<'_>, block| api.grant_statement(block, patient, terms, expires_at);
        self.0.ask_permission(block, question)
    }
}
