// The demo's table, row by row: every published example is imported or refused as expected, and
// every question gets the answer that was worked out by hand.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';

import { ask, asParams, differences, importExample, questionsFor } from '../demo/ask.mjs';
import { examples } from '../demo/questions.mjs';
import { narrative, populate } from '../demo/world.mjs';
import { gatewayBinary, run } from '../src/node-process.mjs';
import { PATIENCE, useNode } from './support.mjs';

/** The node, a folder, and who is who. */
const setting = useNode(async (chain) => {
  chain.folder = await mkdtemp(join(tmpdir(), 'axonic-demo-test-'));
  chain.world = await populate(chain.api);
});
after(() => setting.folder && rm(setting.folder, { recursive: true }));

/** The names of the Consent examples in HL7's package. */
async function packaged(version) {
  const name = `hl7.fhir.${version.toLowerCase()}.examples/package.json`;
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  const files = (await readdir(folder)).filter((file) => file.startsWith('Consent-'));
  return files.map((file) => file.replace(/^Consent-consent-example-|\.json$/g, '')).sort();
}

test('the table has every published example', async () => {
  for (const version of ['R5', 'R4']) {
    const listed = examples.filter((example) => example[version]).map(({ name }) => name);
    assert.deepEqual(listed.sort(), await packaged(version));
    assert.equal(listed.length, 12);
  }
});

/** What `axonic-gateway evaluate` takes for the same question. */
function asArguments(imported, question) {
  const [patient, query, at] = asParams(imported, question);
  const each = (flag, items) => items.flatMap((item) => [flag, item]);
  const piece = (one) => {
    const [[kind, value]] = Object.entries(one);
    return kind === 'heldBy' ? `held-by:${value}` : `${kind}:${value}`;
  };
  const { practitioner } = query.recipient;
  return [
    ...['--patient', patient],
    ...['--recipient', String(query.recipient.org)],
    ...(practitioner ? ['--practitioner', practitioner] : []),
    ...['--action', query.action, '--purpose', query.purpose],
    ...each('--class', query.classes),
    ...each('--label', query.labels),
    ...each('--data', query.data.map(piece)),
    ...(question.dataPeriod ? ['--data-period', question.dataPeriod.join('/')] : []),
    ...['--at', new Date(at).toISOString()],
  ];
}

for (const example of examples) {
  for (const version of ['R5', 'R4']) {
    if (!example[version]) continue;
    test(`${example.name} (${version})`, PATIENCE, async (t) => {
      const imported = await importExample(setting, example, version);
      const { outcome, reading, document, exit } = imported;
      assert.ok(narrative(document).length > 20);
      assert.doesNotMatch(narrative(document), /<|&#?\w+;/);

      if (reading.refused) {
        assert.equal(outcome.status, 'refused');
        assert.equal(exit, 1);
        const paths = outcome.refusals.map(({ path }) => path);
        assert.deepEqual(paths, reading.refused.map(({ path }) => path));
        for (const [i, { reason }] of reading.refused.entries()) {
          assert.match(outcome.refusals[i].reason, reason);
        }
        const held = await setting.api.call.consentApi.consentsOf(imported.patient, null, 64);
        assert.equal(held.length, 0);
        return;
      }
      assert.equal(outcome.status, 'granted', JSON.stringify(outcome));
      assert.equal(exit, 0);
      assert.equal(outcome.patient, imported.patient);
      assert.equal(outcome.signedBy, reading.representative ? 'representative' : 'patient');

      const questions = questionsFor(imported);
      assert.ok(questions.length > 0);
      for (const [i, question] of questions.entries()) {
        await t.test(`question ${i + 1}`, async () => {
          const answer = await ask(setting.node, imported, question);
          assert.deepEqual(differences(imported, question, answer), []);
        });
      }
      await t.test('the gateway answers the same', async () => {
        const question = questions.at(-1);
        const args = ['evaluate', '--node', setting.node.url, ...asArguments(imported, question), '--json'];
        const { code, stdout, stderr } = await run(gatewayBinary(), args);
        assert.equal(code, 0, stderr);
        const { decision } = await ask(setting.node, imported, question);
        assert.deepEqual(JSON.parse(stdout).decision, decision);
      });
    });
  }
}

test('an R4 root without a type is refused unless somebody says how it is meant', PATIENCE, async () => {
  const basic = examples.find(({ name }) => name === 'basic');
  const { outcome, exit } = await importExample(setting, { ...basic, R4: {} }, 'R4');
  assert.equal(outcome.status, 'refused');
  assert.equal(exit, 1);
  assert.deepEqual(outcome.refusals.map(({ path }) => path), ['Consent.provision.type']);
});

test('the gateway says plainly that it cannot reach a node', PATIENCE, async () => {
  const question = ['--patient', `0x${'01'.repeat(32)}`, '--recipient', '0', '--action', 'access', '--purpose', 'TREAT'];
  const { code, stderr } = await run(gatewayBinary(), ['evaluate', '--node', 'ws://127.0.0.1:1', ...question]);
  assert.equal(code, 1);
  assert.match(stderr, /^axonic-gateway: no node answers at ws:\/\/127\.0\.0\.1:1/);
});
