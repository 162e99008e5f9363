// What a relay chain and other nodes need of this chain can be exported, and fits together.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { hexToU8a } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

import { connect, rpc } from '../src/connect.mjs';
import { NodeProcess, nodeBinary, run } from '../src/node-process.mjs';
import { PATIENCE } from './support.mjs';

const CODE = '0x3a636f6465'; // ":code"
const WASM = ['0061736d', '52bc537646db8e05']; // plain, or compressed as the SDK does

async function exported(...args) {
  const { code, stdout, stderr } = await run(nodeBinary(), args);
  assert.equal(code, 0, stderr);
  return stdout.toString();
}

test('export-chain-spec writes a specification of each chain', PATIENCE, async () => {
  for (const [chain, id, type] of [
    ['dev', 'axonic_dev', 'Development'],
    ['local', 'axonic_local', 'Local'],
    ['consortium', 'axonic', 'Live'],
  ]) {
    const spec = JSON.parse(await exported('export-chain-spec', '--chain', chain));
    assert.equal(spec.id, id);
    assert.equal(spec.chainType, type);
    assert.equal(spec.para_id, 2000);
    assert.equal(typeof spec.relay_chain, 'string');
    assert.equal(spec.properties.tokenSymbol, 'AXN');
    assert.ok(WASM.some((magic) => spec.genesis.runtimeGenesis.code.startsWith(`0x${magic}`)));
  }
});

test('the exports of one chain are of one genesis', PATIENCE, async () => {
  const raw = JSON.parse(await exported('export-chain-spec', '--chain', 'dev', '--raw'));
  const head = (await exported('export-genesis-head', '--chain', 'dev')).trim();
  const wasm = (await exported('export-genesis-wasm', '--chain', 'dev')).trim();
  assert.match(head, /^0x[0-9a-f]+$/);
  assert.equal(wasm, raw.genesis.raw.top[CODE]);
  assert.ok(WASM.some((magic) => wasm.startsWith(`0x${magic}`)));

  const node = await NodeProcess.start();
  const api = await connect(node.url);
  try {
    assert.equal(blake2AsHex(hexToU8a(head)), api.genesisHash.toHex());
    const header = api.createType('Header', head);
    assert.equal(header.number.toNumber(), 0);
    assert.equal(header.toHex(), head);
    assert.equal(await rpc(node.http, 'state_getStorage', CODE), wasm);
  } finally {
    await api.disconnect();
    await node.stop();
  }
});

test('a genesis part can go to a file, as bytes', PATIENCE, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'axonic-export-'));
  try {
    const file = join(folder, 'genesis-head');
    const printed = await exported('export-genesis-head', '--chain', 'dev', '--raw', file);
    assert.equal(printed, '');
    const head = (await exported('export-genesis-head', '--chain', 'dev')).trim();
    assert.equal(`0x${(await readFile(file)).toString('hex')}`, head);
  } finally {
    await rm(folder, { recursive: true });
  }
});
