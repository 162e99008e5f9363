// A node that is killed ten times under load comes back each time with every block that was final.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { registerPatient } from '../examples/register-patient.mjs';
import { terms } from '../src/codes.mjs';
import { connect } from '../src/connect.mjs';
import { DEADLINE, NodeProcess } from '../src/node-process.mjs';
import { evaluate } from '../src/reads.mjs';
import { orgs, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';

const KILLS = 10;
const SENDERS = [roles.clinician, roles.registrar, roles.pharmacist, roles.auditor, roles.patient];

/** Keeps the node busy: each sender sends as fast as the node answers. Ends with the connection. */
function load(api) {
  let busy = true;
  const send = async (sender) => {
    let nonce = (await api.rpc.system.accountNextIndex(sender.address)).toNumber();
    while (busy) {
      await api.tx.system.remark(`0x${'ab'.repeat(1000)}`).signAndSend(sender, { nonce });
      nonce += 1;
    }
  };
  const gone = () => (busy = false);
  api.once('disconnected', gone);
  // What is on its way when the node is killed fails; that is no failure of the test.
  return Promise.allSettled(SENDERS.map(send));
}

test('every final block survives a kill', { timeout: (KILLS + 2) * DEADLINE }, async () => {
  const basePath = await mkdtemp(join(tmpdir(), 'axonic-restart-'));
  const final = new Map();
  let node, api;
  try {
    // Something to lose: a consent in the first blocks.
    node = await NodeProcess.start({ basePath });
    api = await connect(node.url);
    const { patient, key } = await registerPatient(api);
    const permit = terms({ scope: 'treatment', decision: 'permit' });
    await submit(api, api.tx.consent.grant(patient, permit), key);
    await api.disconnect();
    await node.stop();

    for (let round = 0; round < KILLS; round += 1) {
      node = await NodeProcess.start({ basePath, sealing: '100' });
      api = await connect(node.url);

      const head = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead());
      const highest = Math.max(0, ...final.keys());
      assert.ok(head.number.toNumber() >= highest, `round ${round}: back at ${head.number} of ${highest}`);
      for (const [number, hash] of final) {
        assert.equal((await api.rpc.chain.getBlockHash(number)).toHex(), hash, `block ${number}`);
      }
      if (highest > 0) {
        // Not only its header: the state too.
        const then = await api.at(final.get(highest));
        assert.equal((await then.query.system.number()).toNumber(), highest);
      }
      const query = { recipient: { org: orgs.hospital }, action: 'access', purpose: 'TREAT' };
      assert.ok((await evaluate(api, patient, query)).isPermit);

      const quiet = load(api);
      // Killed at once when the block is heard of, at a different point in each round.
      const enough = highest + 5 + round;
      await new Promise((resolve, reject) => {
        api.rpc.chain
          .subscribeFinalizedHeads((finalized) => {
            final.set(finalized.number.toNumber(), finalized.hash.toHex());
            if (finalized.number.toNumber() >= enough) resolve();
          })
          .catch(reject);
      });
      const killed = node.kill();
      await api.disconnect();
      assert.equal((await killed).signal, 'SIGKILL');
      await quiet;
      assert.deepEqual(node.panics, []);
    }

    node = await NodeProcess.start({ basePath });
    api = await connect(node.url);
    for (const [number, hash] of final) {
      assert.equal((await api.rpc.chain.getBlockHash(number)).toHex(), hash, `block ${number}`);
    }
    assert.ok(final.size > KILLS * 3, `only ${final.size} final blocks were heard of`);
    await api.disconnect();
    assert.equal((await node.stop()).code, 0);
  } finally {
    await api?.disconnect();
    await node?.kill();
    await rm(basePath, { recursive: true });
  }
});
