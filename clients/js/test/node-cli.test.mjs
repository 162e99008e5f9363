// What the node says when it cannot start: a sentence that helps, no panic, no success.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { NodeProcess, nodeBinary, run } from '../src/node-process.mjs';
import { PATIENCE } from './support.mjs';

const folder = await mkdtemp(join(tmpdir(), 'axonic-cli-'));
after(() => rm(folder, { recursive: true }));

/** Runs the node with arguments that cannot work. */
async function fails(args, told) {
  const { code, signal, stderr } = await run(nodeBinary(), args);
  assert.equal(signal, null, `it did not end by itself:\n${stderr}`);
  assert.notEqual(code, 0, `it took ${args.join(' ')}:\n${stderr}`);
  assert.doesNotMatch(stderr, /panicked/i);
  for (const part of told) assert.match(stderr, part);
}

/** A development chain on disk that no node uses. */
async function chainOnDisk(name) {
  const basePath = join(folder, name);
  const node = await NodeProcess.start({ basePath });
  assert.equal((await node.stop()).code, 0);
  return basePath;
}

/** The files of a folder and its folders. */
const filesIn = async (path) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

test('a JSON-RPC port that is taken', PATIENCE, async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  try {
    await fails(['--dev', '--rpc-port', String(port)], [/in use by another process/, /--rpc-port/]);
  } finally {
    server.close();
  }
});

test('a folder that another node uses', PATIENCE, async () => {
  const basePath = join(folder, 'shared');
  const node = await NodeProcess.start({ basePath });
  try {
    await fails(
      ['--dev', '--rpc-port', '0', '--base-path', basePath],
      [/cannot be opened/, /another node runs on this folder/],
    );
  } finally {
    await node.stop();
  }
});

test('a database that is damaged', PATIENCE, async () => {
  const basePath = await chainOnDisk('damaged');
  const versions = (await filesIn(basePath)).filter((file) => file.endsWith('/db_version'));
  assert.ok(versions.length > 0, 'the database has no version file to damage');
  for (const file of versions) await writeFile(file, 'nonsense');
  await fails(
    ['--dev', '--rpc-port', '0', '--base-path', basePath],
    [/The database in .* cannot be opened/, /purge-chain/],
  );
});

test('a chain specification that the database was not made with', PATIENCE, async () => {
  const basePath = await chainOnDisk('other');
  const { stdout } = await run(nodeBinary(), ['export-chain-spec', '--chain', 'dev', '--raw']);
  const spec = JSON.parse(stdout);
  spec.genesis.raw.top['0x1234'] = '0x5678';
  const file = join(folder, 'other.json');
  await writeFile(file, JSON.stringify(spec));
  await fails(
    ['--dev', '--chain', file, '--rpc-port', '0', '--base-path', basePath],
    [/holds another chain than the specification/, /--base-path/],
  );
});

test('a chain that nobody knows', PATIENCE, () =>
  fails(['--chain', 'atlantis'], [/`atlantis` is neither a chain this node knows/, /`dev`/, /`local`/]));

test('a chain specification that is no JSON', PATIENCE, async () => {
  const file = join(folder, 'broken.json');
  await writeFile(file, '{"name": ');
  await fails(['--chain', file], [/broken\.json/]);
});

test('a chain specification that is no parachain', PATIENCE, async () => {
  const file = join(folder, 'relay.json');
  await writeFile(file, '{"name":"x","id":"x","bootNodes":[],"genesis":{}}');
  await fails(['--chain', file], [/relay_chain/]);
});

test('sealing that is none', PATIENCE, async () => {
  const choices = [/milliseconds/, /`instant`/, /`manual`/];
  await fails(['--dev', '--sealing', 'sometimes'], choices);
  await fails(['--dev', '--sealing', '7'], [/100 to 3600000 milliseconds/]);
});

test('--dev on a chain that is not for development', PATIENCE, () =>
  fails(['--dev', '--chain', 'local', '--rpc-port', '0'], [/is not a development chain/]));

test('a flag that is none', PATIENCE, () => fails(['--devv'], [/--devv/, /--dev/]));

test('help and version', PATIENCE, async () => {
  const help = await run(nodeBinary(), ['--help']);
  assert.equal(help.code, 0);
  for (const flag of ['--dev', '--sealing', '--base-path', '--rpc-port', 'export-genesis-head']) {
    assert.ok(help.stdout.toString().includes(flag), `--help does not show ${flag}`);
  }
  const version = await run(nodeBinary(), ['--version']);
  assert.equal(version.code, 0);
  assert.match(version.stdout.toString(), /\d+\.\d+\.\d+/);
});

test('a node that is asked to stop stops with success', PATIENCE, async () => {
  const node = await NodeProcess.start();
  const { code, signal } = await node.stop();
  assert.equal(signal, null);
  assert.equal(code, 0);
  assert.deepEqual(node.panics, []);
});
