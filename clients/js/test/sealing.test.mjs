// A development chain's clock is the wall clock and always rises, and every block is final at once,
// however blocks are made.

import assert from 'node:assert/strict';
import test from 'node:test';

import { connect, rpc } from '../src/connect.mjs';
import { NodeProcess } from '../src/node-process.mjs';
import { roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { PATIENCE, answersError } from './support.mjs';

/** How far the chain's clock may be from this machine's, milliseconds. */
const TOLERANCE = 2000;
const BLOCKS = 6;

async function withChain(sealing, use) {
  const node = await NodeProcess.start({ sealing });
  const api = await connect(node.url);
  try {
    await use({ node, api });
  } finally {
    await api.disconnect();
    await node.stop();
  }
  assert.deepEqual(node.panics, []);
}

/** Looks at a block as soon as it is heard of. */
async function observe(api, hash, heardAt = Date.now()) {
  const finalized = await api.rpc.chain.getFinalizedHead();
  const [{ number }, { number: finalNumber }] = await Promise.all([
    api.rpc.chain.getHeader(hash),
    api.rpc.chain.getHeader(finalized),
  ]);
  const timestamp = (await (await api.at(hash)).query.timestamp.now()).toNumber();
  return { number: number.toNumber(), finalNumber: finalNumber.toNumber(), timestamp, heardAt };
}

function check(blocks) {
  for (const { number, finalNumber, timestamp, heardAt } of blocks) {
    const off = Math.abs(heardAt - timestamp);
    assert.ok(off < TOLERANCE, `block ${number} is ${off} ms off the wall clock`);
    assert.ok(finalNumber >= number, `block ${number} was heard of before it was final`);
  }
  for (const [i, block] of blocks.entries()) {
    if (i === 0) continue;
    assert.equal(block.number, blocks[i - 1].number + 1);
    assert.ok(block.timestamp > blocks[i - 1].timestamp, `the clock stood still at ${block.number}`);
  }
}

test('instant: a block for each transaction that comes alone', PATIENCE, () =>
  withChain('instant', async ({ node, api }) => {
    const blocks = [];
    for (let i = 0; i < BLOCKS; i += 1) {
      const { blockHash } = await submit(api, api.tx.system.remark(`0x0${i}`), roles.clinician);
      blocks.push(await observe(api, blockHash));
    }
    check(blocks);
    // Many at once still rise, though they come within a millisecond or two of each other.
    const calls = [roles.clinician, roles.registrar, roles.pharmacist, roles.auditor];
    const burst = await Promise.all(calls.map((who) => submit(api, api.tx.system.remark('0xff'), who)));
    const hashes = new Set(burst.map(({ blockHash }) => blockHash.toHex()));
    const seen = await Promise.all([...hashes].map((hash) => observe(api, hash)));
    check(seen.sort((a, b) => a.number - b.number));
    await answersError(rpc(node.http, 'engine_createBlock', true, true, null), -32601, /Method not found/);
  }));

test('1000 ms: a block a second, with or without transactions', PATIENCE, () =>
  withChain('1000', async ({ api }) => {
    const blocks = [];
    await new Promise((resolve, reject) => {
      let unsubscribe = () => {};
      let isFirst = true;
      const heard = async (head, at) => {
        blocks.push(await observe(api, head.hash, at));
        if (blocks.length === BLOCKS) {
          unsubscribe();
          resolve();
        }
      };
      let turn = Promise.resolve();
      api.rpc.chain
        .subscribeNewHeads((head) => {
          const at = Date.now();
          // The first is the head as it was when we came, however old.
          if (!isFirst && blocks.length < BLOCKS) turn = turn.then(() => heard(head, at)).catch(reject);
          isFirst = false;
        })
        .then((stop) => (unsubscribe = stop), reject);
    });
    check(blocks);
    const steps = blocks.slice(1).map(({ timestamp }, i) => timestamp - blocks[i].timestamp);
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    assert.ok(mean > 900 && mean < 2000, `blocks come every ${steps} ms`);
  }));

test('manual: a block whenever it is asked for, and only then', PATIENCE, () =>
  withChain('manual', async ({ node, api }) => {
    const seal = (finalize) => rpc(node.http, 'engine_createBlock', true, finalize, null);
    const blocks = [];
    for (let i = 0; i < BLOCKS; i += 1) {
      // Final in any case: nothing could take its place.
      const { hash } = await seal(i % 2 === 0);
      blocks.push(await observe(api, hash));
    }
    check(blocks);
    // A new chain begins with one block of its own.
    assert.deepEqual(blocks.map(({ number }) => number), [2, 3, 4, 5, 6, 7]);

    const signed = await api.tx.system.remark('0x01').signAsync(roles.clinician, { nonce: -1 });
    const hash = await rpc(node.http, 'author_submitExtrinsic', signed.toHex());
    assert.equal((await api.rpc.author.pendingExtrinsics()).length, 1);
    const best = (await api.rpc.chain.getHeader()).number.toNumber();
    assert.equal(best, BLOCKS + 1);
    const sealed = await seal(true);
    const { block } = await api.rpc.chain.getBlock(sealed.hash);
    assert.ok(block.extrinsics.some((extrinsic) => extrinsic.hash.toHex() === hash));
    assert.equal(block.header.number.toNumber(), BLOCKS + 2);
  }));
