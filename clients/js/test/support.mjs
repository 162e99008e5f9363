// What the tests share: a node for each file, and how failures are told apart.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { RpcFailed, connect } from '../src/connect.mjs';
import { DEADLINE, NodeProcess } from '../src/node-process.mjs';
import { roles } from '../src/roles.mjs';
import { CallFailed, submit } from '../src/submit.mjs';

/** A test that talks to a node fails after this long, milliseconds. */
export const PATIENCE = { timeout: 2 * DEADLINE };

/**
 * A development node for all tests of a file: `{node, api}` once they run.
 *
 * @param {function} [prepare] what else has to be done before: `prepare(chain)`
 * @param {object} [options] of the node
 */
export function useNode(prepare = () => {}, options = {}) {
  const chain = {};
  // One hook for both: Node does not run those of a whole file one after the other.
  before(async () => {
    chain.node = await NodeProcess.start(options);
    chain.api = await connect(chain.node.url);
    // The chain's clock starts with its first block.
    await submit(chain.api, chain.api.tx.system.remark('0x'), roles.council);
    await prepare(chain);
  }, PATIENCE);
  after(async () => {
    await chain.api?.disconnect();
    await chain.node?.stop();
    assert.deepEqual(chain.node?.panics, []);
  }, PATIENCE);
  return chain;
}

/** That a transaction is refused with this error, `Consent.NotGrantor`, and says what to do. */
export async function refuses(promise, error) {
  await assert.rejects(promise, (failure) => {
    assert.ok(failure instanceof CallFailed, failure);
    assert.equal(failure.error, error);
    assert.ok(failure.docs.length > 10, `${error} does not say what to do: "${failure.docs}"`);
    return true;
  });
}

/** That JSON-RPC answers with an error of this code, and that its data tells this. */
export async function answersError(promise, code, told) {
  await assert.rejects(promise, (failure) => {
    assert.ok(failure instanceof RpcFailed, failure);
    assert.equal(failure.code, code, failure.message);
    assert.match(failure.message, told);
    return true;
  });
}
