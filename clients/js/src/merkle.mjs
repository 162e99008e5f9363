// Many documents behind one hash: the Merkle trees of batches, and proofs of what is in them.
//
// Nothing here asks a node. With H = BLAKE2b with a 256-bit digest and ‖ joining bytes:
//
// - a leaf is H("axonic/leaf/" ‖ kind ‖ commitment), where the kind is one byte (`LEAF_KINDS` has
//   them in their order, from 0) and the commitment the document's 32 bytes (a pack of medicine's:
//   see `provenance.mjs`);
// - an inner node is H(left ‖ right);
// - the last node of a row with an odd number of nodes moves up as it is;
// - the root of no leaves is 32 zero bytes.
//
// Whoever is handed a document, its salt and a proof needs four steps to be sure of it:
//
// 1. `commit(salt, text)` in `commitments.mjs` makes the document's commitment;
// 2. the batch, from the runtime API `batch` or `access_logs_of`, has a root and a number of leaves;
// 3. the proof says as many leaves: the number is the chain's to tell, not the prover's;
// 4. `verify` leads from the commitment to the root.
//
// The runtime APIs `verify_inclusion` and `prove_access` do steps 2 to 4. The same trees in Rust:
// `pallets/primitives/src/merkle.rs`. To compare another implementation with:
// `pallets/primitives/test-vectors/merkle.json`.

import { u8aConcat, u8aEq, u8aToHex, u8aToU8a } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';

/** What the leaves of a tree are, by the byte that is hashed. */
export const LEAF_KINDS = ['record', 'access', 'telemetry', 'dataset', 'serial'];

/** A tree has at most this many leaves, and a proof as many siblings as that takes. */
export const MAX_PROOF_ITEMS = 20;
export const MAX_LEAVES = 2 ** MAX_PROOF_ITEMS;

/** How many bytes a hash has. */
const HASH = 32;

/** A leaf. Its pre-image has 45 bytes and a node's has 64, so neither can be taken for the other. */
function leaf(kind, commitment) {
  const index = LEAF_KINDS.indexOf(kind);
  if (index < 0) throw new RangeError(`\`${kind}\` is not one of ${LEAF_KINDS.join(', ')}`);
  const bytes = u8aToU8a(commitment);
  if (bytes.length !== HASH) throw new RangeError(`a commitment has 32 bytes, not ${bytes.length}`);
  return blake2AsU8a(u8aConcat('axonic/leaf/', [index], bytes));
}

const node = (left, right) => blake2AsU8a(u8aConcat(left, right));

/**
 * The row above: pairs are joined, a last one without a neighbour moves up. The hashes of a row are
 * one after the other in one array, so that a tree of a million leaves fits into memory.
 */
function above(row) {
  const upper = new Uint8Array(HASH * Math.ceil(row.length / (2 * HASH)));
  for (let at = 0; at < row.length; at += 2 * HASH) {
    const pair = row.subarray(at, at + 2 * HASH);
    upper.set(pair.length > HASH ? blake2AsU8a(pair) : pair, at / 2);
  }
  return upper;
}

/**
 * The tree over these commitments, in this order. Making it hashes everything once; proofs only
 * look up.
 *
 * @param {string} kind what the leaves are, one of `LEAF_KINDS`
 * @param {any[]} items the commitments, 32 bytes each in hexadecimal or a `Uint8Array`
 * @param {function} [commitment] makes an item's commitment, if the items are something else
 * @returns {{root: string, prove: function(number): object|null}}
 */
export function tree(kind, items, commitment = (item) => item) {
  const leaves = items.length;
  const bottom = new Uint8Array(HASH * leaves);
  items.forEach((item, i) => bottom.set(leaf(kind, commitment(item)), HASH * i));
  const rows = [bottom];
  while (rows.at(-1).length > HASH) rows.push(above(rows.at(-1)));
  const root = leaves > 0 ? rows.at(-1) : new Uint8Array(HASH);

  const prove = (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= leaves || leaves > MAX_LEAVES) return null;
    const siblings = [];
    let place = index;
    for (const row of rows.slice(0, -1)) {
      const at = HASH * (place % 2 ? place - 1 : place + 1);
      if (at < row.length) siblings.push(u8aToHex(row.subarray(at, at + HASH)));
      place = Math.floor(place / 2);
    }
    return { index, leaves, siblings };
  };
  return { root: u8aToHex(root), prove };
}

/** The root of the tree over these commitments, in hexadecimal. */
export const root = (kind, commitments) => tree(kind, commitments).root;

/**
 * The proof that the commitment at `index` is in the tree over `commitments`.
 *
 * @returns {{index: number, leaves: number, siblings: string[]}|null} as JSON-RPC and runtime APIs
 *   take it; `null` if there is no such commitment, or there are more than `MAX_LEAVES`
 */
export const prove = (kind, commitments, index) => tree(kind, commitments).prove(index);

/**
 * How many siblings the way up from a leaf meets: one in each row but those in which the node is
 * last and alone. With fewer or more, the last leaf could pass for another.
 */
function siblingsMet(index, leaves) {
  let count = 0;
  for (let [place, width] = [index, leaves]; width > 1; ) {
    if (place % 2 === 1 || place + 1 < width) count += 1;
    place = Math.floor(place / 2);
    width = Math.ceil(width / 2);
  }
  return count;
}

/**
 * Whether the proof leads from the commitment to the root.
 *
 * @param {string} kind what the leaves of the batch are: `records` has leaves of the kind `record`
 * @param {string|Uint8Array} root the batch's
 * @param {string|Uint8Array} commitment the document's
 * @param {{index: number, leaves: number, siblings: string[]}} proof
 */
export function verify(kind, root, commitment, { index, leaves, siblings }) {
  if (!Number.isInteger(index) || index < 0 || index >= leaves || leaves > MAX_LEAVES) return false;
  if (siblings.length !== siblingsMet(index, leaves)) return false;
  let hash = leaf(kind, commitment);
  let [place, width] = [index, leaves];
  for (const sibling of siblings) {
    // What is last in its row stays last: from there on, all siblings are to the left.
    const isRight = place % 2 === 1 || place + 1 === width;
    hash = isRight ? node(u8aToU8a(sibling), hash) : node(hash, u8aToU8a(sibling));
    place = Math.floor(place / 2);
    width = Math.floor((width - 1) / 2) + 1;
  }
  return u8aEq(hash, u8aToU8a(root));
}
