//! What others may read.

use crate::types::{
    BreakGlassInfo, ConsentInfo, Decision, Draft, Explanation, ProvisionType, RequestInfo,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, PurposeOfUse, Scope},
    membership::Jurisdiction,
    statement::StatementToSign,
    BreakGlassId, ConsentId, Moment, OrgId, PatientId, Refusal, RequestId,
};

sp_api::decl_runtime_apis! {
    /// Asks a patient's consents.
    pub trait ConsentApi {
        /// What the patient permits. `at` is UTC milliseconds; without it, the chain's clock.
        ///
        /// Consents are judged as they stand now: asking about an instant in the past does not
        /// bring back what has been withdrawn since.
        fn evaluate(
            patient: PatientId,
            query: AccessQuery,
            at: Option<Moment>,
        ) -> Result<Decision, Refusal>;

        /// The same answer with the way to it.
        fn explain(
            patient: PatientId,
            query: AccessQuery,
            at: Option<Moment>,
        ) -> Result<Explanation, Refusal>;

        /// One consent.
        fn consent(patient: PatientId, consent: ConsentId) -> Option<ConsentInfo>;

        /// The patient's consents: those in force or expired first, then proposals, then ended
        /// ones. Continues after `after`; `limit` is at most 64.
        fn consents_of(
            patient: PatientId,
            after: Option<ConsentId>,
            limit: u32,
        ) -> Vec<ConsentInfo>;

        /// The requests put to the patient that wait for an answer, 64 at most.
        fn requests_of(patient: PatientId) -> Vec<RequestInfo>;

        /// One request.
        fn request(request: RequestId) -> Option<RequestInfo>;

        /// One emergency access.
        fn break_glass(id: BreakGlassId) -> Option<BreakGlassInfo>;

        /// The organisation's emergency accesses that are open and not yet reviewed. Continues
        /// after `after`; `limit` is at most 64.
        fn break_glass_open(
            org: OrgId,
            after: Option<BreakGlassId>,
            limit: u32,
        ) -> Vec<BreakGlassInfo>;

        /// The organisation's emergency accesses whose review is overdue. Continues after `after`;
        /// `limit` is at most 64.
        fn reviews_overdue(
            org: OrgId,
            after: Option<BreakGlassId>,
            limit: u32,
        ) -> Vec<BreakGlassInfo>;

        /// What holds where the patient said nothing.
        fn default_for(
            scope: Scope,
            purpose: PurposeOfUse,
            jurisdiction: Jurisdiction,
        ) -> Option<ProvisionType>;

        /// What a patient signs for `grant_signed`, with the patient's next nonce.
        fn grant_statement(
            patient: PatientId,
            terms: Draft,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal>;
    }
}
