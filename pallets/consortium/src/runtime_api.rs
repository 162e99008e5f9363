//! What anybody may ask of the consortium without sending a transaction.

use crate::types::{AgreementKey, Gln, OrganisationInfo, SiteInfo, StaffInfo};
use alloc::vec::Vec;
use axonic_primitives::{
    membership::{Actor, Duty, Role},
    AccountId, Codes, OrgId, Refusal, SiteId,
};

sp_api::decl_runtime_apis! {
    /// Reads of the consortium: members, premises, staff and keys.
    ///
    /// The pallet's view functions answer the same questions with the same code.
    pub trait ConsortiumApi {
        /// The organisation, and how it stands now.
        fn organisation(org: OrgId) -> Option<OrganisationInfo>;

        /// At most `limit` organisations, and never more than 64, in the order of their numbers
        /// from `from` on. Expelled ones are among them.
        fn organisations(from: OrgId, limit: u32) -> Vec<OrganisationInfo>;

        /// The premises, open or closed.
        fn site(site: SiteId) -> Option<SiteInfo>;

        /// The premises with this location number, open or closed.
        fn site_by_gln(gln: Gln) -> Option<SiteId>;

        /// The enrolment of an account, and how it and its organisation stand now.
        fn staff(account: AccountId) -> Option<StaffInfo>;

        /// Who acts when `account` signs a call that wants at least one of `roles` and one of
        /// `duties`, or the first error that the call would give. An empty set wants nothing.
        fn explain_actor(
            account: AccountId,
            roles: Codes<Role>,
            duties: Codes<Duty>,
        ) -> Result<Actor, Refusal>;

        /// The organisation's present key, whatever its standing.
        fn agreement_key(org: OrgId) -> Option<AgreementKey>;
    }
}
