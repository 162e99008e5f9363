// Nothing that tells who a patient is gets onto the chain, into a log, or into a metric.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { connect } from '../src/connect.mjs';
import { DEADLINE, gatewayBinary, run } from '../src/node-process.mjs';
import { randomId, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { examplePatients, journey } from './privacy-journey.mjs';
import { everything, observedNode, personal, scan } from './privacy-scan.mjs';

/** The journey has some hundred transactions, and is played twice if chance wants it so. */
const PATIENCE = { timeout: 10 * DEADLINE };

const patients = await examplePatients();
const texts = [...new Set(patients.flatMap(personal))];

/** Starts a chain and a folder, and has `use` do something with them. */
async function observed(name, use) {
  const folder = await mkdtemp(join(tmpdir(), 'axonic-privacy-'));
  const chain = await observedNode(name);
  const api = await connect(chain.node.url);
  try {
    // The chain's clock starts with its first block.
    await submit(api, api.tx.system.remark('0x'), roles.council);
    return await use({ ...chain, api, folder });
  } finally {
    await api.disconnect();
    await chain.node.stop();
    await rm(folder, { recursive: true });
  }
}

test('the example patients say who they are', () => {
  assert.equal(patients.length, 49);
  assert.ok(texts.length > 100, `only ${texts.length} texts to look for`);
  const some = ['Chalmers', 'Bénédicte', '534 Erewhon St', '1974-12-25', 'p.heuvel@gmail.com', '马当路190号', '12345'];
  for (const one of some) {
    assert.ok(texts.includes(one), `${one} is not among them`);
  }
});

test('a number is found where it stands by itself, not within another or a hash', () => {
  const find = (text, printed = true) => scan({ log: { bytes: Buffer.from(text), printed } }, ['12345']);
  for (const text of ['MRN 12345', '"12345"', 'mrn=12345,', '(12345).']) {
    assert.equal(find(text).length, 1, text);
  }
  for (const text of ['0x7e12345a', '0xab…12345', '512345', '0.12345', '12345.7 ms']) {
    assert.equal(find(text).length, 0, text);
  }
  // What is not printed has no words.
  assert.equal(find('0x7e12345a', false).length, 1);
  assert.equal(find('3132333435').length, 1);
});

/** What of the patients is found after a journey. */
const leaks = () =>
  observed('journey', async (chain) => {
    const said = await journey(chain, chain.folder);
    const { blocks, haystacks } = await everything(chain, said);
    assert.ok(blocks > 150, `the journey was over after ${blocks} blocks`);
    for (const [name, { bytes }] of Object.entries(haystacks)) {
      assert.ok(bytes.length > 1000, `${name}: ${bytes.length} bytes are too few to be all`);
    }
    assert.deepEqual(chain.node.panics, []);
    return scan(haystacks, texts);
  });

test('nothing that tells who a patient is gets onto the chain or is printed', PATIENCE, async () => {
  const found = await leaks();
  // Random bytes spell a name of four letters once in some hundred journeys. What leaks, leaks again.
  const again = found.length === 0 ? [] : await leaks();
  const isIn = (hits, { where, text }) => hits.some((hit) => hit.where === where && hit.text === text);
  assert.deepEqual(found.filter((hit) => isIn(again, hit)), []);
});

test('what is planted is found wherever it is', PATIENCE, () =>
  // A node that is named after a patient has the name in its log and its metrics.
  observed('Levin', async (chain) => {
    const { api, folder } = chain;
    const hex = (text) => Buffer.from(text).toString('hex');
    const remark = (text) => submit(api, api.tx.system.remark(`0x${hex(text)}`), roles.clinician);
    await remark('{"family": "Notsowell"}');
    await remark(hex('Bénédicte'));
    // A patient's id that is made of what it should not say.
    const id = `0x${hex('Henry Levin, born on 1932-09-24.')}`;
    const register = api.tx.patientIdentity.register(id, randomId());
    await submit(api, register, roles.registrar);
    const missing = ['--directory', join(folder, 'Levin.json'), 'import', 'some.json'];
    const { stdout, stderr } = await run(gatewayBinary(), missing);

    const { haystacks } = await everything(chain, [stdout.toString(), stderr]);
    const hits = scan(haystacks, texts);
    const places = (text) => hits.filter((hit) => hit.text === text).map(({ where }) => where);
    assert.deepEqual(places('Levin').sort(), Object.keys(haystacks).sort());
    assert.deepEqual(places('1932-09-24').sort(), ['events', 'state', 'transactions']);
    assert.deepEqual(places('Notsowell'), ['transactions']);
    assert.deepEqual(places('Bénédicte'), ['transactions']);
  }));
