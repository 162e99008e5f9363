//! How many rows of access logs a second are committed to, anchored and, one in a hundred, proved:
//! `verified_rows NODE FILE`, with a row a line in the file. A part of `make bench`.
//!
//! Four custodians work at once, each batch after batch, over one connection to a development node.

use axonic_gateway::chain::Chain;
use axonic_primitives::{
    merkle::{prove, root, LeafKind},
    Moment,
};
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{env, error::Error, fs, str::FromStr, time::Instant};
use subxt_signer::{sr25519::Keypair, SecretUri};

const ROWS_A_BATCH: usize = 1_000;
const PROVED_OF: usize = 100;
const HOUR: Moment = 60 * 60 * 1000;
/// Staff of four members of a development network.
const CUSTODIANS: [&str; 4] = [
    "//RecordsOfficer",
    "//ClaimsOfficer",
    "//Pharmacist",
    "//Dave",
];

type Done = Result<(), Box<dyn Error>>;

#[tokio::main]
async fn main() -> Done {
    let mut arguments = env::args().skip(1);
    let (Some(node), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: verified_rows NODE FILE".into());
    };
    let text = fs::read_to_string(file)?;
    let rows: Vec<&str> = text.lines().collect();
    let share = rows.len().div_ceil(CUSTODIANS.len());
    let shares: Vec<_> = rows.chunks(share).collect();
    let [one, two, three, four] = shares[..] else {
        return Err("there are fewer rows than custodians".into());
    };
    let chain = Chain::connect(&node).await?;
    let first = chain.clock().await? - HOUR;
    let [a, b, c, d] = CUSTODIANS;

    let started = Instant::now();
    tokio::try_join!(
        keep_log(&chain, a, one, first),
        keep_log(&chain, b, two, first),
        keep_log(&chain, c, three, first),
        keep_log(&chain, d, four, first),
    )?;
    println!("{}", rows.len() as f64 / started.elapsed().as_secs_f64());
    Ok(())
}

/// Commits to a custodian's rows, anchors them in batches one after the other, and proves some of
/// each.
async fn keep_log(chain: &Chain, custodian: &str, rows: &[&str], first: Moment) -> Done {
    let key = Keypair::from_uri(&SecretUri::from_str(custodian)?)?;
    let org = chain.organisation_of(&key.public_key().0.into()).await?;
    for (batch, rows) in rows.chunks(ROWS_A_BATCH).enumerate() {
        let commitments = commit(rows)?;
        let root = root(LeafKind::Access, &commitments);
        let from = first + 2 * batch as Moment;
        let count = u32::try_from(rows.len())?;
        let sequence = chain
            .anchor_access_log(&key, root, count, from, from + 1)
            .await?;
        for (index, commitment) in commitments.iter().enumerate().step_by(PROVED_OF) {
            let proof = prove(LeafKind::Access, &commitments, u32::try_from(index)?)
                .ok_or("the row is in the batch")?;
            chain
                .prove_access(org, sequence, commitment, &proof)
                .await?;
        }
    }
    Ok(())
}

/// A commitment to each row, with a salt of its own.
fn commit(rows: &[&str]) -> Result<Vec<H256>, Box<dyn Error>> {
    let mut salts = vec![0; 32 * rows.len()];
    getrandom::fill(&mut salts)?;
    let salted = rows.iter().zip(salts.chunks(32));
    Ok(salted
        .map(|(row, salt)| Blake2Hasher::hash(&[salt, row.as_bytes()].concat()))
        .collect())
}
