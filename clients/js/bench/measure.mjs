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

/**
 * Signs transactions in advance, so many by each signer.
 *
 * @param {ApiPromise} api
 * @param {KeyringPair[]} signers
 * @param {number} each
 * @param {function} make `make(signer, number)`: whose it is, from 0, and which of all, from 0
 */
export async function presign(api, signers, each, make) {
  const signed = [];
  for (const [signer, pair] of signers.entries()) {
    const first = (await api.rpc.system.accountNextIndex(pair.address)).toNumber();
    for (let i = 0; i < each; i++) {
      const call = make(signer, signed.length);
      signed.push(await call.signAsync(pair, { nonce: first + i, era: 0 }));
    }
  }
  return signed;
}

/** How many of these signed transactions get into blocks a second, counted from the blocks. */
export async function throughput(api, name, transactions) {
  const wanted = new Set(transactions.map((transaction) => transaction.hash.toHex()));
  const total = wanted.size;
  let start;
  let last;
  const done = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${wanted.size} of ${total} ${name} never got into a block`)), 300_000);
    const look = async ({ hash }) => {
      if (wanted.size === 0) return;
      const { block } = await api.rpc.chain.getBlock(hash);
      let found = 0;
      for (const extrinsic of block.extrinsics) if (wanted.delete(extrinsic.hash.toHex())) found++;
      if (found) {
        last = (await (await api.at(hash)).query.timestamp.now()).toNumber();
        start ??= last;
      }
      if (wanted.size === 0) {
        clearTimeout(late);
        (await heads)();
        resolve();
      }
    };
    // One block after another, so that nothing is asked any more once all are found.
    let looked = Promise.resolve();
    const heads = api.rpc.chain.subscribeFinalizedHeads((head) => {
      looked = looked.then(() => look(head)).catch(reject);
    });
  });
  await Promise.all(transactions.map((transaction) => api.rpc.author.submitExtrinsic(transaction)));
  await done;
  // The first block took its second too.
  return total / ((last - start) / 1000 + 1);
}
