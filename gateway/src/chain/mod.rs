//! How a node is spoken to. Nothing else in the gateway knows.
//!
//! Pallets and calls are found by name in the node's own metadata, and the arguments are encoded
//! from the very types the runtime uses, so there is no generated code to keep in step. Runtime
//! APIs are called by name with SCALE in and out. Reads are of the last finalised block.

mod audit;
mod consent;
mod credentials;
mod provenance;
mod records;

pub use audit::Stretch;
pub use provenance::Deed;

use axonic_primitives::{
    membership::{Actor, Duty, Role},
    AccountId, Codes, Moment, OrgId, PatientId, Refusal,
};
use codec::{Decode, DecodeAll, Encode};
use std::time::Duration;
use subxt::{
    error::{
        BackendError, DispatchError, ExtrinsicError, OnlineClientError, RpcError,
        TransactionEventsError, TransactionFinalizedSuccessError,
    },
    ext::scale_encode::EncodeAsFields,
    extrinsics::ExtrinsicEvents,
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// What a node must have: each pallet as the runtime names it, a call of it, and its runtime API.
const NEEDED: [(&str, &str, &str); 5] = [
    ("Consent", "grant", "ConsentApi"),
    ("HealthRecords", "anchor", "RecordsApi"),
    ("Audit", "disclose", "AuditApi"),
    (
        "Credentials",
        "record_primary_source_check",
        "CredentialsApi",
    ),
    ("DrugProvenance", "ship", "ProvenanceApi"),
];
/// The codes of a node's errors about a transaction that it has had before: `temporarily banned`,
/// which is one that it has seen in a block lately, and `already imported`.
const HAD_BEFORE: [i32; 2] = [1012, 1013];
/// How long a node may take to answer at first.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(20);
/// How long a transaction may take to be finalised. A parachain's blocks come every 6 seconds and
/// are final a few blocks later; past five minutes something is wrong.
const PATIENCE_TO_FINALISE: Duration = Duration::from_secs(300);

/// What came of a transaction, event by event.
type Happened = ExtrinsicEvents<SubstrateConfig>;

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
    /// The transaction did not get that far: it was not sent, or the node did not take it.
    #[error("not carried out: {0}")]
    NotCarriedOut(String),
    /// The transaction was sent, and what became of it is unknown.
    #[error("may or may not have been carried out; look before repeating it: {0}")]
    Unknown(String),
    /// A question failed.
    #[error("the node did not answer: {0}")]
    NoAnswer(String),
    /// The answer has another shape.
    #[error("the node's answer is not understood: gateway and node are of different versions")]
    Unintelligible,
}

impl ChainError {
    /// Whether the chain refused with this error, `Consent.PeriodInPast`.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Refused { error, .. } if error == name)
    }

    /// Whether what was sent may have been carried out all the same. After any other error, it was
    /// not.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
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
        for (pallet, call, api) in NEEDED {
            let found = metadata
                .pallet_by_name(pallet)
                .ok_or_else(|| not_axonic(&format!("pallet `{pallet}`")))?;
            if found.call_variant_by_name(call).is_none() {
                return Err(not_axonic(&format!("call `{pallet}.{call}`")));
            }
            if metadata.runtime_api_trait_by_name(api).is_none() {
                return Err(not_axonic(&format!("runtime API `{api}`")));
            }
        }
        Ok(chain)
    }

    /// The chain's clock in the last finalised block: UTC milliseconds, never ahead of the next
    /// block's.
    pub async fn clock(&self) -> Result<Moment, ChainError> {
        let block = self.block().await?;
        let now = block.storage().fetch(("Timestamp", "Now"), vec![]).await;
        let now = now.map_err(|error| ChainError::NoAnswer(error.to_string()))?;
        Moment::decode_all(&mut now.bytes()).map_err(|_| ChainError::Unintelligible)
    }

    /// The id a patient is known by now, after merges. `None` if there never was one by this id.
    pub async fn resolve(&self, patient: PatientId) -> Result<Option<PatientId>, ChainError> {
        self.call("PatientApi_resolve", patient).await
    }

    /// The organisation for which an account acts now, or why it acts for none.
    pub async fn organisation_of(&self, account: &AccountId) -> Result<OrgId, ChainError> {
        let wants_nothing = (Codes::<Role>::empty(), Codes::<Duty>::empty());
        let question = (account, wants_nothing);
        let actor: Actor = self
            .ask("Consortium", "ConsortiumApi_explain_actor", question)
            .await?;
        Ok(actor.org)
    }

    /// Signs and sends a call, waits until it is final, and answers with the fields of each of its
    /// pallet's events of this name, of which there has to be one at least.
    async fn submit<E: Decode>(
        &self,
        signer: &Keypair,
        [pallet, call, event]: [&str; 3],
        arguments: impl EncodeAsFields,
    ) -> Result<Vec<E>, ChainError> {
        let call = subxt::tx::dynamic(pallet, call, arguments);
        let happened = self.carry_out(signer, &call).await?;
        some(told(&happened, [pallet, event])?)
    }

    /// As [`Self::submit`], but the same call with several arguments, as one transaction of which
    /// all is carried out or nothing.
    async fn submit_all<E: Decode>(
        &self,
        signer: &Keypair,
        [pallet, call, event]: [&str; 3],
        arguments: impl IntoIterator<Item = impl EncodeAsFields>,
    ) -> Result<Vec<E>, ChainError> {
        let transactions = self.block().await?.tx();
        let calls = arguments.into_iter().map(|arguments| {
            let call = subxt::tx::dynamic(pallet, call, arguments);
            transactions.call_data(&call).map_err(not_sent)
        });
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        let happened = self.carry_out_all(signer, &calls).await?;
        some(told(&happened, [pallet, event])?)
    }

    /// As [`Self::carry_out`], but calls by their bytes, which may be different ones, as one
    /// transaction of which all is carried out or nothing.
    async fn carry_out_all(
        &self,
        signer: &Keypair,
        calls: &[Vec<u8>],
    ) -> Result<Happened, ChainError> {
        let transactions = self.block().await?.tx();
        let read = |bytes: &Vec<u8>| transactions.from_call_data_bytes(bytes).map_err(not_sent);
        if let [call] = calls {
            return self.carry_out(signer, &read(call)?).await;
        }
        let calls = calls.iter().map(|call| Ok(read(call)?.into_value()));
        let calls = calls.collect::<Result<Vec<_>, ChainError>>()?;
        let batch = subxt::tx::dynamic("Utility", "batch_all", (calls,));
        self.carry_out(signer, &batch).await
    }

    /// Signs and sends a transaction, and waits until it is final.
    async fn carry_out(
        &self,
        signer: &Keypair,
        call: &impl subxt::tx::Payload,
    ) -> Result<Happened, ChainError> {
        let mut transactions = self.block().await?.tx();
        let submitted = transactions
            .sign_and_submit_then_watch_default(call, signer)
            .await;
        let progress = submitted.map_err(|error| submission_problem(&error))?;
        let waiting = progress.wait_for_finalized_success();
        tokio::time::timeout(PATIENCE_TO_FINALISE, waiting)
            .await
            .map_err(|_| {
                let seconds = PATIENCE_TO_FINALISE.as_secs();
                ChainError::Unknown(format!("it was not final within {seconds} seconds"))
            })?
            .map_err(outcome_problem)
    }

    /// Asks a runtime API that may refuse to answer, with an error of `pallet`.
    async fn ask<T: Decode>(
        &self,
        pallet: &str,
        function: &str,
        arguments: impl Encode,
    ) -> Result<T, ChainError> {
        let answer: Result<T, Refusal> = self.call(function, arguments).await?;
        answer.map_err(|Refusal(error)| ChainError::Refused {
            error: format!("{pallet}.{error}"),
            remedy: String::new(),
        })
    }

    /// Asks a runtime API.
    async fn call<T: Decode>(
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
        T::decode_all(&mut &answer[..]).map_err(|_| ChainError::Unintelligible)
    }

    /// The last finalised block.
    async fn block(&self) -> Result<OnlineClientAtBlock<SubstrateConfig>, ChainError> {
        let block = self.client.at_current_block().await;
        block.map_err(|error| ChainError::NoAnswer(format!("{error} ({})", self.node)))
    }
}

/// What became of a transaction that the node did not confirm to have taken. A node says what it
/// has against one only in the data of its error, which the error's text leaves out.
fn submission_problem(error: &ExtrinsicError) -> ChainError {
    match error {
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
            subxt::rpcs::Error::User(user),
        ))) => {
            let told = match &user.data {
                Some(data) => format!("{}: {}", user.message, data.get()),
                None => user.message.clone(),
            };
            if HAD_BEFORE.contains(&user.code) {
                ChainError::Unknown(told)
            } else {
                ChainError::NotCarriedOut(told)
            }
        }
        // It was on its way, and no answer came.
        ExtrinsicError::ErrorSubmittingTransaction(_)
        | ExtrinsicError::TransactionStatusError(_)
        | ExtrinsicError::TransactionStatusStreamError(_)
        | ExtrinsicError::UnexpectedEndOfTransactionStatusStream => {
            ChainError::Unknown(error.to_string())
        }
        // It never came to be sent.
        other => ChainError::NotCarriedOut(other.to_string()),
    }
}

/// What became of a transaction that was taken and is not known to have succeeded. A node may call
/// one invalid or drop it that is in a block all the same, which another node has.
fn outcome_problem(error: TransactionFinalizedSuccessError) -> ChainError {
    match error {
        TransactionFinalizedSuccessError::SuccessError(
            TransactionEventsError::ExtrinsicFailed(error),
        ) => refused(&error),
        other => ChainError::Unknown(other.to_string()),
    }
}

/// What is said of a transaction that is final, if what it did cannot be read.
fn not_understood() -> ChainError {
    let told = "it is final, and what came of it is not understood: gateway and node are of \
                different versions";
    ChainError::Unknown(told.into())
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

/// Why a call did not come to be a transaction.
fn not_sent(error: ExtrinsicError) -> ChainError {
    ChainError::NotCarriedOut(error.to_string())
}

/// The fields of each event of a pallet with this name, in their order.
fn told<E: Decode>(happened: &Happened, wanted: [&str; 2]) -> Result<Vec<E>, ChainError> {
    let mut found = Vec::new();
    for one in happened.iter() {
        let one = one.map_err(|_| not_understood())?;
        if [one.pallet_name(), one.event_name()] == wanted {
            let fields = E::decode_all(&mut one.field_bytes());
            found.push(fields.map_err(|_| not_understood())?);
        }
    }
    Ok(found)
}

/// Events of which there has to be one at least.
fn some<E>(events: Vec<E>) -> Result<Vec<E>, ChainError> {
    if events.is_empty() {
        return Err(not_understood());
    }
    Ok(events)
}

/// The one thing that a call which makes one thing says it made.
fn the_one<E>(events: Vec<E>) -> Result<E, ChainError> {
    let mut events = events.into_iter();
    match (events.next(), events.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(not_understood()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::{
        error::{TransactionProgressError, TransactionStatusError},
        rpcs::{Error, UserError},
    };

    fn submitting(error: Error) -> ChainError {
        let error = BackendError::Rpc(RpcError::ClientError(error));
        submission_problem(&ExtrinsicError::ErrorSubmittingTransaction(error))
    }

    fn refused_with(code: i32) -> ChainError {
        submitting(Error::User(UserError {
            code,
            message: "no".into(),
            data: None,
        }))
    }

    #[test]
    fn what_the_node_does_not_take_or_was_never_sent_is_not_carried_out() {
        for error in [
            refused_with(1010),
            submission_problem(&ExtrinsicError::PalletNameNotFound("Audit".into())),
        ] {
            assert!(!error.is_unknown(), "{error}");
            assert!(error.to_string().starts_with("not carried out: "));
        }
    }

    #[test]
    fn what_was_on_its_way_may_have_been_carried_out() {
        let progress =
            |error| outcome_problem(TransactionFinalizedSuccessError::FinalizationError(error));
        let status = TransactionStatusError::Dropped("full".into());
        for error in [
            // The node has this very transaction.
            refused_with(1013),
            submitting(Error::DisconnectedWillReconnect("gone".into())),
            progress(TransactionProgressError::UnexpectedEndOfTransactionStatusStream),
            progress(TransactionProgressError::TransactionStatusError(status)),
            not_understood(),
        ] {
            assert!(error.is_unknown(), "{error}");
            assert!(error.to_string().contains("look before repeating it"));
        }
    }
}
