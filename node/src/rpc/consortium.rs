//! `consortium_*`: asks who the members are. Each method is the runtime API's of the same name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{
    membership::{Actor, Duty, Role},
    AccountId, Codes, OrgId, SiteId,
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_consortium::{
    runtime_api::ConsortiumApi,
    types::{AgreementKey, Gln, OrganisationInfo, SiteInfo, StaffInfo},
};

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "consortium")]
pub trait Consortium {
    /// One organisation.
    #[method(name = "organisation", blocking)]
    fn organisation(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<OrganisationInfo>>;

    /// A page of the organisations, from `from` on, 64 at most.
    #[method(name = "organisations", blocking)]
    fn organisations(
        &self,
        from: OrgId,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<OrganisationInfo>>;

    /// One site.
    #[method(name = "site", blocking)]
    fn site(&self, site: SiteId, block: Option<Hash>) -> RpcResult<Option<SiteInfo>>;

    /// The site with a GLN.
    #[method(name = "siteByGln", blocking)]
    fn site_by_gln(&self, gln: Gln, block: Option<Hash>) -> RpcResult<Option<SiteId>>;

    /// What an account was enrolled for.
    #[method(name = "staff", blocking)]
    fn staff(&self, account: AccountId, block: Option<Hash>) -> RpcResult<Option<StaffInfo>>;

    /// Who acts when `account` signs, if it has one of the roles and one of the duties, or the
    /// first reason why nobody does.
    #[method(name = "explainActor", blocking)]
    fn explain_actor(
        &self,
        account: AccountId,
        roles: Codes<Role>,
        duties: Codes<Duty>,
        block: Option<Hash>,
    ) -> RpcResult<Actor>;

    /// The organisation's current agreement key.
    #[method(name = "agreementKey", blocking)]
    fn agreement_key(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<AgreementKey>>;
}

/// Answers from the runtime.
pub struct Consortium(pub Mirror);

impl ConsortiumServer for Consortium {
    fn organisation(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<OrganisationInfo>> {
        self.0.ask(block, |api, block| api.organisation(block, org))
    }

    fn organisations(
        &self,
        from: OrgId,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<OrganisationInfo>> {
        self.0
            .ask(block, |api, block| api.organisations(block, from, limit))
    }

    fn site(&self, site: SiteId, block: Option<Hash>) -> RpcResult<Option<SiteInfo>> {
        self.0.ask(block, |api, block| api.site(block, site))
    }

    fn site_by_gln(&self, gln: Gln, block: Option<Hash>) -> RpcResult<Option<SiteId>> {
        self.0.ask(block, |api, block| api.site_by_gln(block, gln))
    }

    fn staff(&self, account: AccountId, block: Option<Hash>) -> RpcResult<Option<StaffInfo>> {
        self.0.ask(block, |api, block| api.staff(block, account))
    }

    fn explain_actor(
        &self,
        account: AccountId,
        roles: Codes<Role>,
        duties: Codes<Duty>,
        block: Option<Hash>,
    ) -> RpcResult<Actor> {
        let question =
            |api: super::Api<'_>, block| api.explain_actor(block, account, roles, duties);
        self.0.ask_permission(block, question)
    }

    fn agreement_key(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<AgreementKey>> {
        self.0
            .ask(block, |api, block| api.agreement_key(block, org))
    }
}
