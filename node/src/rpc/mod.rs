//! The node's JSON-RPC beyond what every SDK node offers.
//!
//! Each method answers in plain JSON what a runtime API answers in SCALE; nothing is reachable only
//! here. One file an API.

pub mod audit;
pub mod consent;
pub mod consortium;
pub mod credentials;
pub mod patient;
pub mod provenance;
pub mod records;

use crate::service::{Block, Client, Hash, Pool, RuntimeApi};
use audit::AuditServer;
use consent::ConsentServer;
use consortium::ConsortiumServer;
use credentials::CredentialsServer;
use jsonrpsee::{core::RpcResult, types::ErrorObjectOwned, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use patient::PatientServer;
use provenance::ProvenanceServer;
use records::RecordsServer;
use serde::Serialize;
use serde_json::Value;
use sp_api::{ApiError, ApiRef, ConstructRuntimeApi, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// The chain understood the question and refuses it; `data` is the name of the error, or an object
/// that has more to say than a name.
const REFUSED: i32 = 3001;
/// The question could not be put to the runtime, for example because the block is unknown.
const NOT_ASKED: i32 = 3002;

/// Everything that this node adds to the SDK's methods, the same on every chain.
pub fn create_full(
    client: Arc<Client>,
    pool: Arc<Pool>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
    let mut module = RpcModule::new(());
    module.merge(System::<_, _, Block>::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::<_, Block>::new(client.clone()).into_rpc())?;
    module.merge(audit::Audit(Mirror(client.clone())).into_rpc())?;
    module.merge(consent::Consent(Mirror(client.clone())).into_rpc())?;
    module.merge(consortium::Consortium(Mirror(client.clone())).into_rpc())?;
    module.merge(credentials::Credentials(Mirror(client.clone())).into_rpc())?;
    module.merge(patient::Patient(Mirror(client.clone())).into_rpc())?;
    module.merge(provenance::Provenance(Mirror(client.clone())).into_rpc())?;
    module.merge(records::Records(Mirror(client)).into_rpc())?;
    Ok(module)
}

type Api<'a> = ApiRef<'a, <RuntimeApi as ConstructRuntimeApi<Block, Client>>::RuntimeApi>;

/// Puts questions to the runtime and answers with what it says.
pub struct Mirror(Arc<Client>);

impl Mirror {
    /// Asks at `block`, or at the best block.
    fn ask<Answer>(
        &self,
        block: Option<Hash>,
        question: impl FnOnce(Api<'_>, Hash) -> Result<Answer, ApiError>,
    ) -> RpcResult<Answer> {
        let block = block.unwrap_or_else(|| self.0.info().best_hash);
        question(self.0.runtime_api(), block).map_err(|error| {
            let message = format!("The runtime could not be asked at block {block:?}: {error}");
            ErrorObjectOwned::owned(NOT_ASKED, message, None::<()>)
        })
    }

    /// Asks what the chain may refuse.
    fn ask_permission<Answer, Reason: Serialize>(
        &self,
        block: Option<Hash>,
        question: impl FnOnce(Api<'_>, Hash) -> Result<Result<Answer, Reason>, ApiError>,
    ) -> RpcResult<Answer> {
        self.ask(block, question)?
            .map_err(|reason| refusal(&reason))
    }
}

/// A refusal for this reason, which is a name or says more than one.
fn refusal(reason: &impl Serialize) -> ErrorObjectOwned {
    let data = serde_json::to_value(reason).expect("reasons are plain data; qed");
    let told = match &data {
        Value::String(name) => name.clone(),
        more => more.to_string(),
    };
    ErrorObjectOwned::owned(REFUSED, format!("The chain refuses: {told}"), Some(data))
}
