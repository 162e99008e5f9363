//! How many rows of access logs a second are committed to, anchored and, one in a hundred, proved:
//! `verified_rows NODE FILE`, with a row a line in the file. A part of `make bench`.
//!
//! Four custodians work at once over one connection to a development node. Each anchors what has
//! gathered, ten batches in a transaction, and then what has gathered since.

use axonic_gateway::chain::{Chain, Stretch};
use axonic_primitives::{
    merkle::{LeafKind, Tree},
    Moment,
};
use serde_json::Value;
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{env, error::Error, fs, str::FromStr, sync::Arc, time::Instant};
use subxt::rpcs::client::{rpc_params, RpcClient};
use subxt_signer::{sr25519::Keypair, SecretUri};
use tokio::task::JoinSet;

const ROWS_A_BATCH: usize = 1_000;
const BATCHES_A_TRANSACTION: usize = 10;
const PROVED_OF: usize = 100;
const HOUR: Moment = 60 * 60 * 1000;
/// Staff of four members of a development network.
const CUSTODIANS: [&str; 4] = [
    "//RecordsOfficer",
    "//ClaimsOfficer",
    "//Pharmacist",
    "//Dave",
];

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let (Some(node), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: verified_rows NODE FILE".into());
    };
    let text = fs::read_to_string(file)?;
    let rows: Vec<String> = text.lines().map(Into::into).collect();
    let chain = Arc::new(Chain::connect(&node).await?);
    let rpc = RpcClient::from_insecure_url(&node).await?;
    let first = chain.clock().await? - HOUR;

    let started = Instant::now();
    let mut logs = JoinSet::new();
    for (custodian, rows) in CUSTODIANS
        .iter()
        .zip(rows.chunks(rows.len().div_ceil(CUSTODIANS.len())))
    {
        logs.spawn(keep_log(
            chain.clone(),
            rpc.clone(),
            custodian,
            rows.to_vec(),
            first,
        ));
    }
    while let Some(done) = logs.join_next().await {
        done??;
    }
    println!("{}", rows.len() as f64 / started.elapsed().as_secs_f64());
    Ok(())
}

/// Commits to a custodian's rows, anchors them in batches, and proves some of each, all of these at
/// once.
async fn keep_log(
    chain: Arc<Chain>,
    rpc: RpcClient,
    custodian: &str,
    rows: Vec<String>,
    first: Moment,
) -> Result<(), Failure> {
    let key = Keypair::from_uri(&SecretUri::from_str(custodian)?)?;
    let org = chain.organisation_of(&key.public_key().0.into()).await?;
    let mut proofs = JoinSet::new();
    for (turn, rows) in rows
        .chunks(ROWS_A_BATCH * BATCHES_A_TRANSACTION)
        .enumerate()
    {
        let mut stretches = Vec::new();
        let mut proved = Vec::new();
        for rows in rows.chunks(ROWS_A_BATCH) {
            let commitments = commit(rows)?;
            let tree = Tree::new(LeafKind::Access, &commitments);
            let at = first + 2 * (turn * BATCHES_A_TRANSACTION + stretches.len()) as Moment;
            stretches.push(Stretch {
                root: tree.root(),
                count: u32::try_from(rows.len())?,
                first_at: at,
                last_at: at + 1,
            });
            let some = (0..).zip(commitments).step_by(PROVED_OF);
            proved.push(some.map(|(index, row)| (row, tree.prove(index))).collect());
        }
        let sequences = chain.anchor_access_logs(&key, &stretches).await?;
        let proved: Vec<Vec<_>> = proved;
        for (sequence, rows) in sequences.into_iter().zip(proved) {
            for (commitment, proof) in rows {
                let proof = proof.ok_or("the row is in the batch")?;
                let question = rpc_params![org, sequence, commitment, proof];
                let rpc = rpc.clone();
                let ask = async move { rpc.request::<Value>("audit_proveAccess", question).await };
                proofs.spawn(ask);
            }
        }
    }
    while let Some(proved) = proofs.join_next().await {
        proved??;
    }
    Ok(())
}

/// A commitment to each row, with a salt of its own.
fn commit(rows: &[String]) -> Result<Vec<H256>, Failure> {
    let mut salts = vec![0; 32 * rows.len()];
    getrandom::fill(&mut salts)?;
    let salted = rows.iter().zip(salts.chunks(32));
    Ok(salted
        .map(|(row, salt)| Blake2Hasher::hash(&[salt, row.as_bytes()].concat()))
        .collect())
}
