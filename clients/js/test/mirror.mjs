// Compares what a runtime API answers through polkadot.js with what JSON-RPC answers.

import assert from 'node:assert/strict';

import { ACTIONS, DUTIES, KEY_PURPOSES, LABELS, POWERS, PURPOSES, ROLES, SCOPES, published } from '../src/codes.mjs';

/** Enums whose variants in the metadata are not named like their codes, by a variant they have. */
const CODED = { EmergencyTreat: PURPOSES, AdvanceDirective: SCOPES, Collect: ACTIONS };

/** The code systems of sets, by the names of the fields that hold them. */
const SETS = {
  actions: [ACTIONS],
  purposes: [PURPOSES, KEY_PURPOSES],
  labels: [LABELS],
  roles: [ROLES],
  duties: [DUTIES],
  powers: [POWERS],
};

const spelling = (name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** Asserts that both say the same. `path` tells where they do not. */
export function assertSame(codec, json, path = 'answer') {
  const field = path.split('.').at(-1).replace(/\[\d+\]$/, '');
  const same = (is, should) => assert.deepEqual(is, should, `${path}: JSON-RPC says ${JSON.stringify(json)}`);
  if ('defIndexes' in codec) {
    const [, system] = Object.entries(CODED).find(([variant]) => codec.defKeys.includes(variant)) ?? [];
    if (system) return same(json, system[codec.index]);
    if (typeof json === 'string') return same(spelling(json), spelling(codec.type));
    same(Object.keys(json), [codec.type[0].toLowerCase() + codec.type.slice(1)]);
    assertSame(codec.inner, Object.values(json)[0], `${path}.${Object.keys(json)[0]}`);
  } else if ('isNone' in codec) {
    if (codec.isNone) same(json, null);
    else assertSame(codec.unwrap(), json, path);
  } else if (codec.defKeys?.join() === 'bits') {
    const systems = SETS[field] ?? [];
    assert.ok(systems.length, `${path}: what kind of set is this?`);
    const readings = systems.map((system) => published(system, { bits: codec.bits.toNumber() }));
    assert.ok(
      readings.some((codes) => JSON.stringify(codes) === JSON.stringify(json)),
      `${path}: ${codec} is not ${JSON.stringify(json)}`,
    );
  } else if (codec.defKeys) {
    same(Object.keys(json).sort(), [...codec.defKeys].sort());
    for (const name of codec.defKeys) assertSame(codec.get(name), json[name], `${path}.${name}`);
  } else if (Array.isArray(codec)) {
    same(json.length, codec.length);
    codec.forEach((item, i) => assertSame(item, json[i], `${path}[${i}]`));
  } else if ('isTrue' in codec) {
    same(json, codec.isTrue);
  } else if ('toBn' in codec) {
    same(json, codec.toNumber());
  } else if (codec instanceof Uint8Array) {
    const readings = [codec.toString(), codec.toHex(), Buffer.from(codec).toString()];
    assert.ok(readings.includes(json), `${path}: ${readings[0]} is not ${JSON.stringify(json)}`);
  } else {
    same(json, codec.toString());
  }
}
