//! `credentials_*`: asks who is licensed. Each method is the runtime API's of the same name.

use super::Mirror;
use crate::service::Hash;
use axonic_primitives::{
    credentials::Privilege, membership::Jurisdiction, AccountId, CredentialId, Moment, OrgId,
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use pallet_credentials::{
    runtime_api::CredentialsApi,
    types::{CredentialInfo, Explanation, IssuerInfo, Terms},
};

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "credentials")]
pub trait Credentials {
    /// One credential and how it stands; `at` is UTC milliseconds, without it the chain's clock.
    #[method(name = "verify", blocking)]
    fn verify(
        &self,
        credential: CredentialId,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<CredentialInfo>;

    /// A page of the holder's credentials, after `after`, 64 at most.
    #[method(name = "credentialsOf", blocking)]
    fn credentials_of(
        &self,
        holder: AccountId,
        after: Option<CredentialId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<CredentialInfo>>;

    /// Whether the holder has the privilege, with what each credential had to say.
    #[method(name = "explain", blocking)]
    fn explain(
        &self,
        holder: AccountId,
        privilege: Privilege,
        jurisdiction: Jurisdiction,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Explanation>;

    /// Nothing, or the first error that `issue` would give if `staff` signed it.
    #[method(name = "explainIssue", blocking)]
    fn explain_issue(
        &self,
        staff: AccountId,
        holder: AccountId,
        terms: Terms,
        block: Option<Hash>,
    ) -> RpcResult<()>;

    /// What the organisation may issue and what it might once, and when it is not believed.
    #[method(name = "accreditationsOf", blocking)]
    fn accreditations_of(&self, issuer: OrgId, block: Option<Hash>) -> RpcResult<IssuerInfo>;
}

/// Answers from the runtime.
pub struct Credentials(pub Mirror);

impl CredentialsServer for Credentials {
    fn verify(
        &self,
        credential: CredentialId,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<CredentialInfo> {
        self.0
            .ask_permission(block, |api, block| api.verify(block, credential, at))
    }

    fn credentials_of(
        &self,
        holder: AccountId,
        after: Option<CredentialId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<CredentialInfo>> {
        self.0.ask(block, |api, block| {
            api.credentials_of(block, holder, after, limit)
        })
    }

    fn explain(
        &self,
        holder: AccountId,
        privilege: Privilege,
        jurisdiction: Jurisdiction,
        at: Option<Moment>,
        block: Option<Hash>,
    ) -> RpcResult<Explanation> {
        self.0.ask(block, |api, block| {
            api.explain(block, holder, privilege, jurisdiction, at)
        })
    }

    fn explain_issue(
        &self,
        staff: AccountId,
        holder: AccountId,
        terms: Terms,
        block: Option<Hash>,
    ) -> RpcResult<()> {
        self.0.ask_permission(block, |api, block| {
            api.explain_issue(block, staff, holder, terms)
        })
    }

    fn accreditations_of(&self, issuer: OrgId, block: Option<Hash>) -> RpcResult<IssuerInfo> {
        self.0
            .ask(block, |api, block| api.accreditations_of(block, issuer))
    }
}
