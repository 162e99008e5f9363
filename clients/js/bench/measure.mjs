// What the measurements share.

import { connect } from '../src/connect.mjs';
import { NodeProcess } from '../src/node-process.mjs';

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
export const ms = (value) => `${value.toFixed(2)} ms`;

/** What a call is charged for. */
export async function weigh(api, call) {
  const { queryCallInfo } = api.call.transactionPaymentCallApi;
  return (await queryCallInfo(call.method, call.method.encodedLength)).weight;
}

/** How many times the first weight takes as long as the second, and both in full. */
export function compareWeights(one, other) {
  const ratio = one.refTime.toNumber() / other.refTime.toNumber();
  const figures = `${one.refTime} and ${other.refTime} ps; proof ${one.proofSize} and ${other.proofSize} bytes`;
  return { ratio, figures };
}

/** Has `measure(api, url)` measure a development node of its own. */
export async function withNode(sealing, measure) {
  const args = ['--pool-limit', '20000', '--pool-kbytes', '80000'];
  const node = await NodeProcess.start({ sealing, args });
  const api = await connect(node.url);
  try {
    await measure(api, node.url);
  } finally {
    await api.disconnect();
    await node.stop();
  }
}
