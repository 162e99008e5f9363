//! Credentials: recording that their source was checked.

use super::{the_one, Chain, ChainError};
use axonic_primitives::{CredentialId, OrgId};
use pallet_credentials::types::PrimarySource;
use sp_core::H256;
use subxt::utils::Static;
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "Credentials";

impl Chain {
    /// Records what a check at a credential's source found, and waits until that is final.
    /// `commitment` is that of the evidence.
    pub async fn record_primary_source_check(
        &self,
        key: &Keypair,
        credential: CredentialId,
        outcome: PrimarySource,
        commitment: H256,
    ) -> Result<(), ChainError> {
        let names = [
            PALLET,
            "record_primary_source_check",
            "PrimarySourceChecked",
        ];
        let arguments = (Static(credential), Static(outcome), Static(commitment));
        let checked = self.submit(key, names, arguments).await?;
        let _: (CredentialId, PrimarySource, OrgId) = the_one(checked)?;
        Ok(())
    }
}
