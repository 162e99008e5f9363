// Follows what happens to consents, block by block, and misses nothing while the node is away.
//
//   node examples/follow-events.mjs
//
// An indexer keeps `block` of the last event it stored and starts again from there.

import { runIfMain } from '../src/example.mjs';
import { consentStory } from './consent-story.mjs';

/**
 * Calls `heard({block, event})` for each event of the pallet `consent` in each final block after
 * the block `after`, in order.
 *
 * @param {ApiPromise} api
 * @param {function} heard
 * @param {{after?: number, troubled?: function}} [options] `after`: the present block if left out;
 *   `troubled(error)` hears what went wrong while reading, which is tried again with the next block
 * @returns {Promise<function>} ends it
 */
export async function followConsents(api, heard, { after, troubled = () => {} } = {}) {
  const height = async () => {
    const hash = await api.rpc.chain.getFinalizedHead();
    return (await api.rpc.chain.getHeader(hash)).number.toNumber();
  };
  let last = after ?? (await height());

  const catchUp = async (target) => {
    while (last < target) {
      const block = last + 1;
      const events = await (await api.at(await api.rpc.chain.getBlockHash(block))).query.system.events();
      last = block;
      for (const { event } of events) {
        if (event.section === 'consent') heard({ block, event });
      }
    }
  };
  // One catch-up at a time. After a reconnection the subscription comes back by itself, with the
  // head as it is then.
  let turn = Promise.resolve();
  return api.rpc.chain.subscribeFinalizedHeads((head) => {
    turn = turn.then(() => catchUp(head.number.toNumber())).catch(troubled);
  });
}

export async function followEvents(api, say = () => {}) {
  const heard = [];
  let finished;
  const withdrawn = new Promise((resolve) => (finished = resolve));
  const stop = await followConsents(api, ({ block, event }) => {
    say(`Block ${block}: consent.${event.method} ${event.data}`);
    heard.push({ method: event.method, consent: event.data.consent?.toHex() });
    if (event.method === 'Withdrawn') finished();
  });
  const story = await consentStory(api);
  await withdrawn;
  stop();
  return { heard, story };
}

await runIfMain(import.meta.url, followEvents);
