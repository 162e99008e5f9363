// Trees made here are the chain's, to the byte, and what proves nothing is refused by name.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { LEAF_KINDS, MAX_PROOF_ITEMS, prove, root, tree, verify } from '../src/merkle.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { PATIENCE, useNode } from './support.mjs';

const chain = useNode();

const HOUR = 60 * 60 * 1000;
const ZERO = `0x${'00'.repeat(32)}`;
const file = new URL('../../../pallets/primitives/test-vectors/merkle.json', import.meta.url);
const vectors = JSON.parse(await readFile(file, 'utf8'));

const randomIds = (count) => Array.from({ length: count }, randomId);

test('trees and proofs are those of the shared vectors', () => {
  const kinds = new Set(vectors.trees.map(({ kind }) => kind));
  assert.deepEqual([...kinds], LEAF_KINDS);
  for (const { kind, leaves, root: expected, proofs } of vectors.trees) {
    const commitments = vectors.commitments.slice(0, leaves);
    assert.equal(root(kind, commitments), expected);
    for (const proof of proofs) {
      assert.deepEqual(prove(kind, commitments, proof.index), proof);
      assert.ok(verify(kind, expected, commitments[proof.index], proof));
    }
  }
});

for (const { why, kind, root, commitment, proof } of vectors.refused) {
  test(`a vector that proves nothing: ${why}`, () => {
    assert.equal(verify(kind, root, commitment, proof), false);
  });
}

test('every leaf of every small tree is proved, and nothing else is', () => {
  for (let count = 1; count <= 33; count += 1) {
    const commitments = randomIds(count);
    const { root, prove } = tree('telemetry', commitments);
    for (const [index, commitment] of commitments.entries()) {
      const proof = prove(index);
      assert.ok(verify('telemetry', root, commitment, proof));
      assert.ok(!verify('dataset', root, commitment, proof));
      assert.ok(!verify('telemetry', root, randomId(), proof));
      const elsewhere = { ...proof, index: (index + 1) % count };
      assert.equal(verify('telemetry', root, commitment, elsewhere), count === 1);
    }
    assert.equal(prove(count), null);
    assert.equal(prove(-1), null);
  }
});

test('a tree over nothing has the root zero', () => {
  assert.equal(root('record', []), ZERO);
  assert.equal(prove('record', [], 0), null);
});

test('what is no commitment or no kind is not hashed', () => {
  assert.throws(() => root('record', ['0x1234']), /a commitment has 32 bytes, not 2/);
  assert.throws(() => root('records', [randomId()]), /`records` is not one of record, access/);
});

/** Anchors a batch of records and answers with its id. */
async function anchor(kind, { root }, leaves) {
  const { api } = chain;
  const at = await now(api);
  const period = { firstAt: at - HOUR, lastAt: at };
  const draft = { kind, root, leaves, ...period, manifestHash: ZERO };
  const call = api.tx.healthRecords.anchorBatch(draft);
  const { events } = await submit(api, call, roles.recordsOfficer);
  return found(events, api.events.healthRecords.BatchAnchored).batch.toHex();
}

/** What is wrong with each of these proofs, `[error, proof, commitment?]`, of a tree with 7 leaves. */
function tampered(proof, others) {
  const [first, second, ...rest] = proof.siblings;
  return [
    ['BadProof', proof, randomId()],
    ['BadProof', proof, ZERO],
    ['BadProof', proof, others[0]],
    ['BadProof', { ...proof, index: proof.index ^ 1 }],
    ['BadProof', { ...proof, siblings: [] }],
    ['BadProof', { ...proof, siblings: [first, ...rest] }],
    ['BadProof', { ...proof, siblings: [second, first, ...rest] }],
    ['BadProof', { ...proof, siblings: [...proof.siblings, randomId()] }],
    ['BadProof', { ...proof, siblings: Array(MAX_PROOF_ITEMS).fill(first) }],
    ['LeafOutOfRange', { ...proof, index: 7 }],
    ['LeafOutOfRange', { ...proof, index: 2 ** 32 - 1 }],
  ];
}

for (const [kind, leafKind] of [['records', 'record'], ['telemetry', 'telemetry'], ['dataset', 'dataset']]) {
  test(`a batch of ${kind} anchored by this library is verified by the chain`, PATIENCE, async () => {
    const { recordsApi } = chain.api.call;
    for (const count of [1, 2, 7, 100]) {
      const commitments = randomIds(count);
      const made = tree(leafKind, commitments);
      const batch = await anchor(kind, made, count);
      const info = (await recordsApi.batch(batch)).unwrap().batch;
      assert.equal(info.root.toHex(), made.root);
      for (const index of new Set([0, Math.floor(count / 2), count - 1])) {
        const proof = made.prove(index);
        assert.equal(proof.leaves, info.leaves.toNumber());
        answer(await recordsApi.verifyInclusion(batch, commitments[index], proof));
      }
    }
  });
}

test('a tampered proof is refused by name, here and there', PATIENCE, async () => {
  const { recordsApi } = chain.api.call;
  const commitments = randomIds(7);
  const made = tree('record', commitments);
  const batch = await anchor('records', made, 7);
  const [index, own] = [2, commitments[2]];
  const proof = made.prove(index);
  const refuses = async (error, ...asked) => {
    const refusal = await recordsApi.verifyInclusion(...asked);
    assert.throws(() => answer(refusal), { error }, JSON.stringify(asked));
  };
  for (const [error, bad, commitment = own] of tampered(proof, commitments)) {
    await refuses(error, batch, commitment, bad);
    assert.equal(verify('record', made.root, commitment, bad), false);
  }
  // The number of leaves is the chain's to tell.
  await refuses('LeafOutOfRange', batch, own, { ...proof, leaves: 8 });
  await refuses('NotFound', randomId(), own, proof);
  const telemetry = await anchor('telemetry', made, 7);
  await refuses('BadProof', telemetry, own, proof);
  answer(await recordsApi.verifyInclusion(batch, own, proof));
});

test('a row of an access log is proved, and a tampered proof is refused by name', PATIENCE, async () => {
  const { api } = chain;
  const { proveAccess } = api.call.auditApi;
  const rows = randomIds(7);
  const made = tree('access', rows);
  const at = await now(api);
  const call = api.tx.audit.anchorAccessLog(made.root, 7, at - HOUR, at);
  const { events } = await submit(api, call, roles.recordsOfficer);
  const sequence = found(events, api.events.audit.AccessLogAnchored).sequence.toNumber();

  const proof = made.prove(6);
  const info = answer(await proveAccess(orgs.hospital, sequence, rows[6], proof));
  assert.equal(info.batch.root.toHex(), made.root);
  const refuses = async (error, ...asked) => {
    const refusal = await proveAccess(...asked);
    assert.throws(() => answer(refusal), { error }, JSON.stringify(asked));
  };
  const second = made.prove(2);
  for (const [error, bad, commitment = rows[2]] of tampered(second, rows)) {
    await refuses(error, orgs.hospital, sequence, commitment, bad);
  }
  await refuses('BadProof', orgs.hospital, sequence, rows[6], { ...proof, leaves: 8 });
  await refuses('NotFound', orgs.hospital, sequence + 1, rows[6], proof);
  await refuses('NotFound', orgs.payer, sequence, rows[6], proof);
  // A record's leaf is no access.
  await refuses('BadProof', orgs.hospital, sequence, rows[6], prove('record', rows, 6));
});
