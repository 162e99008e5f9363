//! Many documents behind one hash: the Merkle trees of batches, and proofs of what is in them.
//!
//! A tree is built like this, with `H` = BLAKE2b with a 256-bit digest and `‖` joining bytes:
//!
//! - a leaf is `H("axonic/leaf/" ‖ kind ‖ commitment)`, where `kind` is the one byte of
//!   [`LeafKind`] and `commitment` the document's 32 bytes. Its pre-image has 45 bytes and an inner
//!   node's has 64, so neither can be taken for the other, nor a record for an access;
//! - an inner node is `H(left ‖ right)`;
//! - the last node of a row with an odd number of nodes moves up as it is.
//!
//! A proof is the list of siblings from the leaf up, with the leaf's index and the number of leaves.
//! It has exactly one sibling for each row in which the way up from that index meets one; otherwise
//! the last leaf of a tree could pass for another, or one place hold several leaves.
//!
//! `test-vectors/merkle.json` has trees and proofs to compare with, and what must not pass for one.

use crate::{closed_codes, data};
use alloc::{vec, vec::Vec};
use frame_support::{traits::ConstU32, BoundedVec};
use sp_core::H256;
use sp_runtime::traits::BlakeTwo256;

/// A tree has at most this many leaves, so that a proof of one stays below 700 bytes.
pub const MAX_LEAVES: u32 = 1 << MAX_PROOF_ITEMS;
/// A proof has at most this many siblings.
pub const MAX_PROOF_ITEMS: u32 = 20;

closed_codes! {
    /// What the leaves of a tree are.
    LeafKind, "kinds of leaves" {
        /// Clinical documents.
        Record = 0, "record";
        /// Rows of a custodian's own access log.
        Access = 1, "access";
        /// Readings of devices.
        Telemetry = 2, "telemetry";
        /// Items of a data set.
        Dataset = 3, "dataset";
        /// Serials of a lot of medicine packs.
        Serial = 4, "serial";
    }
}

data! {
    /// That a leaf is in a tree: which leaf, of how many, and the siblings on the way up.
    #[serde(deny_unknown_fields)]
    pub struct InclusionProof {
        /// The leaf's place, from 0.
        pub index: u32,
        /// How many leaves the tree has.
        pub leaves: u32,
        /// The siblings, from the leaf's own to the root's children.
        pub siblings: BoundedVec<H256, ConstU32<MAX_PROOF_ITEMS>>,
    }
}

/// What is hashed into a leaf.
fn leaf(kind: LeafKind, commitment: &H256) -> [u8; 45] {
    let mut bytes = [0; 45];
    let (tag, rest) = bytes.split_at_mut(12);
    tag.copy_from_slice(b"axonic/leaf/");
    let (code, content) = rest.split_at_mut(1);
    code.copy_from_slice(&[kind as u8]);
    content.copy_from_slice(commitment.as_bytes());
    bytes
}

/// The root of the tree over these commitments, in this order. Zero for none.
pub fn root(kind: LeafKind, commitments: &[H256]) -> H256 {
    let leaves = commitments.iter().map(|commitment| leaf(kind, commitment));
    binary_merkle_tree::merkle_root::<BlakeTwo256, _>(leaves)
}

/// The proof that the commitment at `index` is in the tree over `commitments`. `None` if there is
/// no such commitment, or there are more than [`MAX_LEAVES`]. Hashes all of it: for several proofs
/// of one tree, keep the [`Tree`].
pub fn prove(kind: LeafKind, commitments: &[H256], index: u32) -> Option<InclusionProof> {
    Tree::new(kind, commitments).prove(index)
}

/// A tree with all its nodes, for whoever proves more than one of its leaves.
pub struct Tree {
    /// From the leaves' hashes to the root alone.
    rows: Vec<Vec<H256>>,
}

impl Tree {
    /// Hashes the tree over these commitments, in this order.
    pub fn new(kind: LeafKind, commitments: &[H256]) -> Self {
        let leaves = commitments.iter().map(|one| hash(&leaf(kind, one)));
        let mut rows = vec![leaves.collect::<Vec<_>>()];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            let above = row.chunks(2).map(|pair| match pair {
                [left, right] => hash(&[left.0, right.0].concat()),
                alone => alone.first().copied().unwrap_or_default(),
            });
            rows.push(above.collect());
        }
        Self { rows }
    }

    /// Its root. Zero if it has no leaves.
    pub fn root(&self) -> H256 {
        let top = self.rows.last().and_then(|row| row.first());
        top.copied().unwrap_or_default()
    }

    /// The proof of the leaf at `index`. `None` if there is no such leaf, or there are more than
    /// [`MAX_LEAVES`].
    pub fn prove(&self, index: u32) -> Option<InclusionProof> {
        let leaves = self.rows.first()?;
        let mut place = usize::try_from(index)
            .ok()
            .filter(|at| *at < leaves.len())?;
        let mut siblings = Vec::new();
        for row in &self.rows {
            siblings.extend(row.get(place ^ 1));
            place /= 2;
        }
        Some(InclusionProof {
            index,
            leaves: u32::try_from(leaves.len()).ok()?,
            siblings: siblings.try_into().ok()?,
        })
    }
}

fn hash(bytes: &[u8]) -> H256 {
    H256(sp_io::hashing::blake2_256(bytes))
}

/// How many siblings the way up from a leaf meets: one in each row but those in which the node is
/// last and alone.
fn siblings_met(index: u32, leaves: u32) -> usize {
    let rows = core::iter::successors(Some((index, leaves)), |(place, width)| {
        Some((place / 2, width.div_ceil(2)))
    });
    rows.take_while(|(_, width)| *width > 1)
        .filter(|(place, width)| place % 2 == 1 || place + 1 < *width)
        .count()
}

impl InclusionProof {
    /// Whether it proves that `commitment` is the leaf at `index` of the tree with this root.
    pub fn verify(&self, kind: LeafKind, root: &H256, commitment: &H256) -> bool {
        if self.index >= self.leaves || self.siblings.len() != siblings_met(self.index, self.leaves)
        {
            return false;
        }
        binary_merkle_tree::verify_proof::<BlakeTwo256, _, _>(
            root,
            self.siblings.iter().copied(),
            self.leaves,
            self.index,
            &leaf(kind, commitment),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use codec::Encode;
    use serde::Deserialize;

    /// What `clients/js`, and whoever else builds or checks trees, can hold its own against.
    const VECTORS: &str = include_str!("../test-vectors/merkle.json");

    #[derive(Deserialize)]
    struct Vectors {
        commitments: Vec<H256>,
        trees: Vec<TreeVector>,
        refused: Vec<Refused>,
    }

    #[derive(Deserialize)]
    struct TreeVector {
        kind: LeafKind,
        /// Over how many of the commitments, from the first.
        leaves: usize,
        root: H256,
        proofs: Vec<InclusionProof>,
    }

    #[derive(Deserialize)]
    struct Refused {
        why: String,
        kind: LeafKind,
        root: H256,
        commitment: H256,
        /// Some are not even well formed.
        proof: serde_json::Value,
    }

    fn commitments(count: u32) -> Vec<H256> {
        (0..count)
            .map(|i| H256(sp_io::hashing::blake2_256(&i.encode())))
            .collect()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved() {
        for count in 1..=33 {
            let all = commitments(count);
            let root = root(LeafKind::Record, &all);
            for (index, commitment) in (0..count).zip(&all) {
                let proof = prove(LeafKind::Record, &all, index).unwrap();
                assert!(proof.verify(LeafKind::Record, &root, commitment));
                assert!(!proof.verify(LeafKind::Access, &root, commitment));
                assert!(!proof.verify(LeafKind::Record, &root, &H256::zero()));
                for place in (0..count).filter(|place| *place != index) {
                    let elsewhere = InclusionProof {
                        index: place,
                        ..proof.clone()
                    };
                    assert!(!elsewhere.verify(LeafKind::Record, &root, commitment));
                }
            }
        }
    }

    #[test]
    fn a_place_holds_one_leaf_whatever_the_tree_really_is() {
        // Three documents behind one root, of which two are declared.
        let all = commitments(3);
        let root = root(LeafKind::Record, &all);
        let opens_to = |at: u32| {
            let real = prove(LeafKind::Record, &all, at).unwrap();
            let declared = InclusionProof {
                index: 0,
                leaves: 2,
                ..real
            };
            declared.verify(LeafKind::Record, &root, &all[at as usize])
        };
        assert!((0..3).all(|at| !opens_to(at)));
    }

    #[test]
    fn a_tree_that_is_kept_is_the_library_s() {
        for count in 1..=33 {
            let all = commitments(count);
            let tree = Tree::new(LeafKind::Record, &all);
            assert_eq!(tree.root(), root(LeafKind::Record, &all));
            for index in 0..count {
                let leaves: Vec<_> = all.iter().map(|one| leaf(LeafKind::Record, one)).collect();
                let proof = binary_merkle_tree::merkle_proof::<BlakeTwo256, _, _>(leaves, index);
                let kept = tree.prove(index).unwrap();
                assert_eq!(kept.siblings.to_vec(), proof.proof);
                assert_eq!((kept.index, kept.leaves), (index, proof.number_of_leaves));
            }
        }
    }

    #[test]
    fn trees_and_proofs_are_those_of_the_vectors() {
        let vectors: Vectors = serde_json::from_str(VECTORS).unwrap();
        assert_eq!(vectors.commitments, commitments(8));
        for tree in vectors.trees {
            let all = &vectors.commitments[..tree.leaves];
            assert_eq!(root(tree.kind, all), tree.root);
            for proof in tree.proofs {
                let commitment = &all[proof.index as usize];
                assert!(proof.verify(tree.kind, &tree.root, commitment));
                assert_eq!(prove(tree.kind, all, proof.index), Some(proof));
            }
        }
        for case in vectors.refused {
            let proof = serde_json::from_value::<InclusionProof>(case.proof);
            let proves =
                proof.is_ok_and(|proof| proof.verify(case.kind, &case.root, &case.commitment));
            assert!(!proves, "{}", case.why);
        }
    }

    #[test]
    fn an_inner_node_is_not_a_leaf() {
        let all = commitments(4);
        let leaf_hash = |c: &H256| sp_io::hashing::blake2_256(&leaf(LeafKind::Record, c));
        let inner = [leaf_hash(&all[0]), leaf_hash(&all[1])].concat();
        let inner = H256(sp_io::hashing::blake2_256(&inner));
        let proof = prove(LeafKind::Record, &all, 0).unwrap();
        let shorter = InclusionProof {
            leaves: 2,
            siblings: proof.siblings[1..].to_vec().try_into().unwrap(),
            ..proof
        };
        let root = root(LeafKind::Record, &all);
        assert!(!shorter.verify(LeafKind::Record, &root, &inner));
    }

    #[test]
    fn a_proof_of_one_of_a_million_leaves_has_less_than_700_bytes() {
        let all = commitments(MAX_LEAVES);
        let proof = prove(LeafKind::Record, &all, 700_000).unwrap();
        assert!(proof.verify(
            LeafKind::Record,
            &root(LeafKind::Record, &all),
            &all[700_000]
        ));
        assert!(proof.encode().len() <= 700, "{}", proof.encode().len());
    }

    #[test]
    fn what_is_not_there_has_no_proof() {
        assert_eq!(prove(LeafKind::Record, &[], 0), None);
        assert_eq!(prove(LeafKind::Record, &commitments(3), 3), None);
        assert_eq!(root(LeafKind::Record, &[]), H256::zero());
    }
}
