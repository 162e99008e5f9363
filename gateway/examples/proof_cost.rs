//! What a proof of one of 2^20 documents costs: its bytes, and the time to verify it. A part of
//! `make bench`.

use axonic_primitives::merkle::{prove, root, LeafKind, MAX_LEAVES};
use codec::Encode;
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{hint::black_box, time::Instant};

const REPEATS: u32 = 10_000;

fn main() {
    let leaves: Vec<H256> = (0..MAX_LEAVES)
        .map(|leaf| Blake2Hasher::hash(&leaf.to_le_bytes()))
        .collect();
    let index = MAX_LEAVES / 3;
    let started = Instant::now();
    let root = root(LeafKind::Record, &leaves);
    let built = started.elapsed();
    let (Some(proof), Some(leaf)) = (
        prove(LeafKind::Record, &leaves, index),
        leaves.get(index as usize),
    ) else {
        unreachable!("the index is among the leaves");
    };

    let started = Instant::now();
    for _ in 0..REPEATS {
        assert!(black_box(&proof).verify(LeafKind::Record, black_box(&root), black_box(leaf)));
    }
    let each = started.elapsed() / REPEATS;
    println!(
        "proof of one of {MAX_LEAVES} documents: {} bytes, verified natively in {:.1} us (mean of {REPEATS}); the root took {:.1} s",
        proof.encode().len(),
        each.as_secs_f64() * 1e6,
        built.as_secs_f64(),
    );
}
