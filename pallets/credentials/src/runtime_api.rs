//! What others may read.

use crate::types::{CredentialInfo, Explanation, IssuerInfo, Terms};
use alloc::vec::Vec;
use axonic_primitives::{
    credentials::Privilege, membership::Jurisdiction, AccountId, CredentialId, Moment, OrgId,
    Refusal,
};

sp_api::decl_runtime_apis! {
    /// Asks who is licensed.
    pub trait CredentialsApi {
        /// One credential and how it stands, or `NotFound`. `at` is UTC milliseconds; without it,
        /// the chain's clock.
        ///
        /// An instant in the past is judged by what is known now: a revocation does not reach back
        /// before its own instant, but a distrust of the issuer does.
        fn verify(
            credential: CredentialId,
            at: Option<Moment>,
        ) -> Result<CredentialInfo, Refusal>;

        /// The holder's credentials: those that decisions look at in the order they were issued,
        /// then those that are over and made room. Continues after `after`; `limit` is at most 64.
        fn credentials_of(
            holder: AccountId,
            after: Option<CredentialId>,
            limit: u32,
        ) -> Vec<CredentialInfo>;

        /// Whether the holder has the privilege in the jurisdiction, with what each credential had
        /// to say. `at` is UTC milliseconds; without it, the chain's clock.
        fn explain(
            holder: AccountId,
            privilege: Privilege,
            jurisdiction: Jurisdiction,
            at: Option<Moment>,
        ) -> Explanation;

        /// The first error that `issue` would give if `staff` signed it.
        fn explain_issue(
            staff: AccountId,
            holder: AccountId,
            terms: Terms,
        ) -> Result<(), Refusal>;

        /// What the organisation may issue and what it might once, and when it is not believed.
        fn accreditations_of(issuer: OrgId) -> IssuerInfo;
    }
}
