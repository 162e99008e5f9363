// Looks for what tells who somebody is in everything that a chain keeps and its programs print.

import { xxhashAsHex } from '@polkadot/util-crypto';

import { rpc } from '../src/connect.mjs';
import { NodeProcess } from '../src/node-process.mjs';
import { stateUnder } from '../src/state.mjs';

/** Whatever is shorter turns up by chance everywhere. */
const LEAST_BYTES = 4;
const EVENTS = `${xxhashAsHex('System', 128)}${xxhashAsHex('Events', 128).slice(2)}`;

const list = (value) => [value ?? []].flat();

/** Names, identifiers, birth date, telecom and addresses of a FHIR `Patient` and its contacts. */
export function personal(patient) {
  const pick = (items, fields) => list(items).flatMap((item) => fields.flatMap((field) => list(item[field])));
  const told = (person) => [
    ...pick(person.name, ['text', 'family', 'given', 'prefix', 'suffix']),
    ...pick(person.identifier, ['value']),
    ...pick(person.telecom, ['value']),
    ...list(person.birthDate),
    ...pick(person.address, ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country']),
    ...list(person.contact).flatMap(told),
  ];
  const texts = told(patient).filter((text) => Buffer.byteLength(text) >= LEAST_BYTES);
  return [...new Set(texts)];
}

/** As it is written, and as its bytes are written in hexadecimal digits. */
const spellings = (text) => [Buffer.from(text), Buffer.from(Buffer.from(text).toString('hex'))];

/**
 * Whether a text that could be a part of a number or hash stands by itself. Logs and metrics are
 * full of both, cut short with an ellipsis or not.
 */
const standsAlone = (text, haystack) =>
  new RegExp(`(?<![\\w…]|\\d\\.)${text}(?![\\w…]|\\.\\d)`, 'u').test(haystack.toString());

/**
 * Which of the texts are in which haystack.
 *
 * @param {Object<string, {bytes: Buffer, printed?: boolean}>} haystacks by their names
 * @param {string[]} texts
 * @returns {{where: string, text: string}[]}
 */
export function scan(haystacks, texts) {
  const hits = [];
  for (const [where, { bytes, printed = false }] of Object.entries(haystacks)) {
    for (const text of texts) {
      const [plain, hex] = spellings(text).map((spelling) => bytes.includes(spelling));
      const isNumber = printed && /^[0-9a-f]+$/i.test(text);
      if (hex || (plain && (!isNumber || standsAlone(text, bytes)))) hits.push({ where, text });
    }
  }
  return hits;
}

/** The bytes of hexadecimal texts, with a byte between them so that no two make up a third. */
const joined = (hexes) =>
  Buffer.concat(hexes.flatMap((hex) => [Buffer.from(hex.slice(2), 'hex'), Buffer.from([0])]));

/**
 * All that a chain has: transactions and header digests of every block, the events of every block,
 * and the keys and values of the whole state that are not as they were at genesis, before anybody
 * came: the runtime's code, among others.
 */
export async function onChain(http) {
  const head = await rpc(http, 'chain_getFinalizedHead');
  const { number } = await rpc(http, 'chain_getHeader', head);
  const [transactions, events] = [[], []];
  for (let height = 0; height <= Number(number); height += 1) {
    const hash = await rpc(http, 'chain_getBlockHash', height);
    const { block } = await rpc(http, 'chain_getBlock', hash);
    transactions.push(...block.extrinsics, ...block.header.digest.logs);
    events.push((await rpc(http, 'state_getStorage', EVENTS, hash)) ?? '0x');
  }
  const state = (at) => stateUnder((...asked) => rpc(http, ...asked), '0x', at);
  const before = await state(await rpc(http, 'chain_getBlockHash', 0));
  const pairs = [...(await state(head))].filter(([key, value]) => before.get(key) !== value);
  return {
    blocks: Number(number),
    haystacks: {
      transactions: { bytes: joined(transactions) },
      events: { bytes: joined(events) },
      state: { bytes: joined(pairs.flat().filter((hex) => hex !== null)) },
    },
  };
}

/** A development node all of whose output is kept, and whose metrics can be read. */
export async function observedNode(name) {
  // Its name is given, because one that was drawn is made of words like `mother`.
  const node = await NodeProcess.start({ args: ['--name', name, '--prometheus-port', '0'] });
  const lines = [node.output];
  node.on('line', (line) => lines.push(line));
  const line = await node.line(/Prometheus exporter started at/);
  const [address] = /127\.0\.0\.1:\d+/.exec(line);
  const metrics = async () => (await fetch(`http://${address}/metrics`)).text();
  return { node, lines, metrics };
}

/** Everything there is to be scanned: what is on the chain, and what node and gateway print. */
export async function everything({ node, lines, metrics }, gateway) {
  const { blocks, haystacks } = await onChain(node.http);
  const printed = (text) => ({ bytes: Buffer.from(text), printed: true });
  return {
    blocks,
    haystacks: {
      ...haystacks,
      'node output': printed(lines.join('\n')),
      metrics: printed(await metrics()),
      'gateway output': printed(gateway.join('\n')),
    },
  };
}
