//! How a node is spoken to. Nothing else in the gateway knows.
//!
//! Pallets and calls are found by name in the node's own metadata, and the arguments are encoded
//! from the very types the runtime uses, so there is no generated code to keep in step. Runtime
//! APIs are called by name with SCALE in and out. Reads are of the last finalised block.

use axonic_primitives::{consent::AccessQuery, ConsentId, Moment, PatientId, Refusal};
use codec::{Decode, DecodeAll, Encode};
use pallet_consent::types::{Decision, Draft, Explanation};
use std::time::Duration;
use subxt::{
    error::{
        BackendError, DispatchError, ExtrinsicError, OnlineClientError, RpcError,
        TransactionEventsError, TransactionFinalizedSuccessError,
    },
    utils::Static,
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "Consent";
/// The pallet's runtime API.
const API: &str = "ConsentApi";
/// How long a node may take to answer at first.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(20);
/// How long a transaction may take to be finalised. A parachain's blocks come every 6 seconds and
/// are final a few blocks later; past five minutes something is wrong.
const PATIENCE_TO_FINALISE: Duration = Duration::from_secs(300);

/// What can go wrong between the gateway and a node.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// Nobody answers.
    #[error("no node answers at {node}: is it running, and is the address right? ({reason})")]
    Unreachable {
        /// The address that was tried.
        node: String,
        /// What the network says.
        reason: String,
    },
    /// Somebody else answers.
    #[error("this node is not an Axonic Chain node: its runtime has no {missing} ({node})")]
    NotAxonic {
        /// The address that was tried.
        node: String,
        /// What a runtime of this version has.
        missing: String,
    },
    /// The call was carried out and failed.
    #[error("refused by the chain: {error}{}", with_colon(.remedy))]
    Refused {
        /// The error by its name, `Consent.PeriodInPast`.
        error: String,
        /// What the pallet says to do about it.
        remedy: String,
    },
    /// The transaction did not get that far.
    #[error("not carried out: {0}")]
    NotCarriedOut(String),
    /// The outcome is unknown.
    #[error(
        "not finalised within {} seconds; look whether it was carried out before repeating it",
        PATIENCE_TO_FINALISE.as_secs()
    )]
    Unfinalised,
    /// A question failed.
    #[error("the node did not answer: {0}")]
    NoAnswer(String),
    /// The answer has another shape.
    #[error("the node's answer is not understood: gateway and node are of different versions")]
    Unintelligible,
}

/// A node that runs Axonic Chain.
pub struct Chain {
    client: OnlineClient<SubstrateConfig>,
    node: String,
}

impl Chain {
    /// Connects to the node at a WebSocket address, and makes sure of what it runs.
    pub async fn connect(node: &str) -> Result<Self, ChainError> {
        let unreachable = |reason: String| ChainError::Unreachable {
            node: node.into(),
            reason,
        };
        let not_axonic = |missing: &str| ChainError::NotAxonic {
            node: node.into(),
            missing: missing.into(),
        };
        let connecting = OnlineClient::<SubstrateConfig>::from_insecure_url(node);
        let client = match tokio::time::timeout(PATIENCE_TO_CONNECT, connecting).await {
            Ok(Ok(client)) => client,
            Ok(Err(OnlineClientError::RpcError(error))) => {
                return Err(unreachable(error.to_string()));
            }
            Ok(Err(error)) => return Err(not_axonic(&format!("Substrate RPC: {error}"))),
            Err(_) => {
                let seconds = PATIENCE_TO_CONNECT.as_secs();
                return Err(unreachable(format!("no answer within {seconds} seconds")));
            }
        };
        let chain = Self {
            client,
            node: node.into(),
        };
        let block = chain.block().await?;
        let metadata = block.metadata_ref();
        let pallet = metadata
            .pallet_by_name(PALLET)
            .ok_or_else(|| not_axonic("pallet `Consent`"))?;
        if pallet.call_variant_by_name("grant").is_none() {
            return Err(not_axonic("call `Consent.grant`"));
        }
        if metadata.runtime_api_trait_by_name(API).is_none() {
            return Err(not_axonic("runtime API `ConsentApi`"));
        }
        Ok(chain)
    }

    /// Grants a consent, and waits until that is final.
    pub async fn grant(
        &self,
        patient: PatientId,
        terms: &Draft,
        signer: &Keypair,
    ) -> Result<ConsentId, ChainError> {
        let arguments = (Static(patient), Static(terms.clone()));
        let call = subxt::tx::dynamic(PALLET, "grant", arguments);
        let mut transactions = self.block().await?.tx();
        let submitted = transactions
            .sign_and_submit_then_watch_default(&call, signer)
            .await;
        let progress =
            submitted.map_err(|error| ChainError::NotCarriedOut(submission_problem(&error)))?;
        let waiting = progress.wait_for_finalized_success();
        let events = tokio::time::timeout(PATIENCE_TO_FINALISE, waiting)
            .await
            .map_err(|_| ChainError::Unfinalised)?
            .map_err(outcome_problem)?;
        for event in events.iter() {
            let event = event.map_err(|error| ChainError::NotCarriedOut(error.to_string()))?;
            if (event.pallet_name(), event.event_name()) == (PALLET, "Granted") {
                let (_, consent) = <(PatientId, ConsentId)>::decode_all(&mut event.field_bytes())
                    .map_err(|_| ChainError::Unintelligible)?;
                return Ok(consent);
            }
        }
        Err(ChainError::Unintelligible)
    }

    /// What the patient permits. `at` is UTC milliseconds; without it, the chain's clock.
    pub async fn evaluate(
        &self,
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Decision, ChainError> {
        self.ask("ConsentApi_evaluate", (patient, query, at)).await
    }

    /// The same with the way to it.
    pub async fn explain(
        &self,
        patient: PatientId,
        query: &AccessQuery,
        at: Option<Moment>,
    ) -> Result<Explanation, ChainError> {
        self.ask("ConsentApi_explain", (patient, query, at)).await
    }

    async fn ask<T: Decode>(
        &self,
        function: &str,
        arguments: impl Encode,
    ) -> Result<T, ChainError> {
        let block = self.block().await?;
        let arguments = arguments.encode();
        let answer = block
            .runtime_apis()
            .call_raw(function, Some(&arguments[..]))
            .await;
        let answer = answer.map_err(|error| ChainError::NoAnswer(error.to_string()))?;
        let answer = Result::<T, Refusal>::decode_all(&mut &answer[..])
            .map_err(|_| ChainError::Unintelligible)?;
        answer.map_err(|Refusal(error)| ChainError::Refused {
            error: format!("{PALLET}.{error}"),
            remedy: String::new(),
        })
    }

    /// The last finalised block.
    async fn block(&self) -> Result<OnlineClientAtBlock<SubstrateConfig>, ChainError> {
        let block = self.client.at_current_block().await;
        block.map_err(|error| ChainError::NoAnswer(format!("{error} ({})", self.node)))
    }
}

/// Why a transaction was not taken. A node says what it has against one only in the data of its
/// error, which the error's text leaves out.
fn submission_problem(error: &ExtrinsicError) -> String {
    match error {
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
            subxt::rpcs::Error::User(user),
        ))) => match &user.data {
            Some(data) => format!("{}: {}", user.message, data.get()),
            None => user.message.clone(),
        },
        other => other.to_string(),
    }
}

/// What became of a transaction that was taken and did not succeed.
fn outcome_problem(error: TransactionFinalizedSuccessError) -> ChainError {
    match error {
        TransactionFinalizedSuccessError::SuccessError(
            TransactionEventsError::ExtrinsicFailed(error),
        ) => refused(&error),
        other => ChainError::NotCarriedOut(other.to_string()),
    }
}

/// A dispatch error by its name, with what its documentation says to do about it.
fn refused(error: &DispatchError) -> ChainError {
    let details = match error {
        DispatchError::Module(module) => module.details().ok(),
        _ => None,
    };
    match details {
        Some(details) => ChainError::Refused {
            error: format!("{}.{}", details.pallet.name(), details.variant.name),
            remedy: details.variant.docs.join(" ").trim().into(),
        },
        None => ChainError::Refused {
            error: error.to_string(),
            remedy: String::new(),
        },
    }
}

fn with_colon(remedy: &str) -> String {
    if remedy.is_empty() {
        String::new()
    } else {
        format!(": {remedy}")
    }
}
