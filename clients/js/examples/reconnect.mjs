// A client that stays with its node while that restarts.
//
//   node examples/reconnect.mjs
//
// Starts a node of its own (AXONIC_NODE, or the release build), because it stops it on the way.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { terms } from '../src/codes.mjs';
import { connect } from '../src/connect.mjs';
import { isMain } from '../src/example.mjs';
import { NodeProcess } from '../src/node-process.mjs';
import { found, submit } from '../src/submit.mjs';
import { followConsents } from './follow-events.mjs';
import { registerPatient } from './register-patient.mjs';

export async function reconnect(say = () => {}) {
  const basePath = await mkdtemp(join(tmpdir(), 'axonic-reconnect-'));
  let node = await NodeProcess.start({ basePath });
  const { port } = node;
  const api = await connect(node.url);
  try {
    const heard = [];
    let wake = () => {};
    const stop = await followConsents(api, ({ event }) => {
      if (event.method === 'Granted') heard.push(event.data.consent.toHex());
      wake();
    });
    const { patient, key } = await registerPatient(api, say);
    const grant = async () => {
      const call = api.tx.consent.grant(patient, terms({ scope: 'treatment', decision: 'permit' }));
      const { events } = await submit(api, call, key);
      return found(events, api.events.consent.Granted).consent.toHex();
    };
    const before = await grant();

    const gone = new Promise((resolve) => api.once('disconnected', resolve));
    await node.stop();
    await gone;
    say('The node stopped, and the client noticed.');

    const back = new Promise((resolve) => api.once('connected', resolve));
    node = await NodeProcess.start({ basePath, port });
    await back;
    say('The node came back, and so did the client, without being told.');

    const after = await grant();
    while (!heard.includes(after)) await new Promise((resolve) => (wake = resolve));
    stop();
    say(`Consents heard of, before and after: ${heard.join(', ')}.`);
    return { heard, before, after };
  } finally {
    await api.disconnect();
    await node.stop();
    await rm(basePath, { recursive: true });
  }
}

if (isMain(import.meta.url)) await reconnect(console.log);
