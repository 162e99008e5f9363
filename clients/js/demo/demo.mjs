// HL7's published Consent examples, imported into a development chain and asked about.
//
//   make demo            or            node demo/demo.mjs
//
// Starts a node, admits and registers whom the examples name, imports every example through the real
// gateway, asks the table in questions.mjs, and prints each answer beside what the example says of
// itself. Ends with an error if an answer is not the expected one.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect } from '../src/connect.mjs';
import { isMain } from '../src/example.mjs';
import { NodeProcess } from '../src/node-process.mjs';
import { ask, decidedBy, differences, importExample, named, questionsFor, summary } from './ask.mjs';
import { examples } from './questions.mjs';
import { narrative, populate } from './world.mjs';

const WIDTH = 100;

/** Breaks a text into lines behind a margin. */
function wrapped(margin, text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line && margin.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.map((line, i) => (i ? ' '.repeat(margin.length) : margin) + line).join('\n');
}

function questionInWords({ who, action, purpose, labels, classes, data, dataPeriod, at }, reading) {
  const pieces = (data ?? []).map((one) => {
    const [[kind, reference]] = Object.entries(one);
    return `${kind} ${named(reading, reference)}`;
  });
  const about = [
    ...(classes ?? []),
    ...(labels?.length ? [`labelled ${labels.join(', ')}`] : []),
    ...pieces,
    ...(dataPeriod ? [`from ${dataPeriod.join(' to ')}`] : []),
  ];
  const asker = [who.practitioner, who.org].filter(Boolean).join(' of ');
  return `${asker}: ${action} for ${purpose}, ${about.join('; ') || 'data not named'}, at ${at}`;
}

function answerInWords({ decision, explanation }) {
  const { decision: kind, reason, obligations = [], unless = [] } = summary(decision);
  const provision = decidedBy(explanation);
  const because =
    typeof reason === 'string'
      ? reason
      : `${provision === null ? 'its base' : `its provision ${provision}`} decides`;
  const parts = [`${kind.toUpperCase()}: ${because}`];
  const content = ({ duty, content: { labels, classes, data, practitioners } }) => {
    const what = [
      ...labels.map((label) => `labelled ${label}`),
      ...classes,
      ...data.map((one) => Object.keys(one)[0]),
      ...(practitioners.length ? ['what would reach that practitioner'] : []),
    ];
    return `${duty} ${what.join(', ')}`;
  };
  if (obligations.length) parts.push(`provided: ${obligations.map(content).join('; ')}`);
  if (unless.length) parts.push(`may differ if the data is named: ${unless.map(content).join('; ')}`);
  return parts.join('; ');
}

/**
 * Runs everything against a node that is there.
 *
 * @returns {Promise<string[]>} what was not as expected
 */
export async function demo({ node, api, folder }, say) {
  const world = await populate(api);
  const wrong = [];
  for (const example of examples) {
    for (const version of ['R5', 'R4']) {
      if (!example[version]) continue;
      const imported = await importExample({ node, api, world, folder }, example, version);
      const { outcome, reading, document } = imported;
      const root = reading.root ? `, its root read as ${reading.root}` : '';
      say(`\n${document.id} (${version}${root})`);
      say(wrapped('  says:  ', narrative(document)));
      if (example.note) say(wrapped('  note:  ', example.note));
      if (outcome.status !== 'granted') {
        say(`  ${outcome.status}${outcome.error ? `: ${outcome.error}` : ''}`);
        for (const { path, reason } of outcome.refusals ?? []) say(wrapped('    ', `${path}: ${reason}`));
        const expected = (reading.refused ?? []).map(({ path }) => path).join();
        const paths = (outcome.refusals ?? []).map(({ path }) => path).join();
        if (expected !== paths) wrong.push(`${document.id} (${version}): ${outcome.status} ${paths}`);
        continue;
      }
      if (reading.refused) wrong.push(`${document.id} (${version}): granted, expected a refusal`);
      say(`  on the chain: ${outcome.terms.decision}, with ${outcome.terms.provisions.length} exceptions`);
      for (const question of questionsFor(imported)) {
        const answer = await ask(node, imported, question);
        const differs = differences(imported, question, answer);
        say(wrapped('  ask:   ', questionInWords(question, reading)));
        say(wrapped('         ', answerInWords(answer)));
        for (const difference of differs) {
          say(`  NOT AS EXPECTED: ${difference}`);
          wrong.push(`${document.id} (${version}): ${difference}`);
        }
      }
    }
  }
  return wrong;
}

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'axonic-demo-'));
  const node = await NodeProcess.start();
  const api = await connect(node.url);
  try {
    console.log(`A development node runs at ${node.url}.`);
    const wrong = await demo({ node, api, folder }, console.log);
    console.log(wrong.length ? `\nNot as expected:\n  ${wrong.join('\n  ')}` : '\nAll as expected.');
    process.exitCode = wrong.length ? 1 : 0;
  } finally {
    await api.disconnect();
    await node.stop();
    await rm(folder, { recursive: true });
  }
}

if (isMain(import.meta.url)) await main();
