// Compares what a runtime API answers through polkadot.js with what JSON-RPC answers.

import assert from 'node:assert/strict';

import {
  ACTIONS, DUTIES, KEY_PURPOSES, LABELS, LEGAL_BASES, LICENCES, POWERS, PRIVILEGES, PURPOSES, ROLES, SCOPES,
  published,
} from '../src/codes.mjs';
import { RpcFailed, rpc } from '../src/connect.mjs';

/** The runtime API behind each of the node's own namespaces. */
export const apiOf = {
  audit: 'auditApi',
  consent: 'consentApi',
  consortium: 'consortiumApi',
  credentials: 'credentialsApi',
  patient: 'patientApi',
  provenance: 'provenanceApi',
  records: 'recordsApi',
};

/** The code of an error that says the chain refuses. */
const REFUSED = 3001;

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
  privileges: [PRIVILEGES],
  holds: [LEGAL_BASES],
  bases: [LEGAL_BASES],
  licences: [LICENCES],
};

/** How many digits GLNs, GTINs and SSCCs have, which are text in JSON. */
const KEY_DIGITS = [13, 14, 18];

const spelling = (name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** A field by its own name. polkadot.js calls those `hash_` whose names it has another use for. */
const nameOf = (field) => field.replace(/_$/, '');

/** A date as JSON has it. */
const iso = ({ year, month, day }) =>
  [[year, 4], [month, 2], [day, 2]].map(([part, length]) => part.toString().padStart(length, '0')).join('-');

/** Asserts that both say the same. `path` tells where they do not. */
function assertSame(codec, json, path = 'answer') {
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
  } else if (codec.defKeys?.join() === 'year,month,day' && typeof json === 'string') {
    same(json, iso(codec));
  } else if (codec.defKeys) {
    same(Object.keys(json).sort(), codec.defKeys.map(nameOf).sort());
    for (const field of codec.defKeys) {
      const name = nameOf(field);
      assertSame(codec.get(field), json[name], `${path}.${name}`);
    }
  } else if (Array.isArray(codec)) {
    same(json.length, codec.length);
    codec.forEach((item, i) => assertSame(item, json[i], `${path}[${i}]`));
  } else if ('isTrue' in codec) {
    same(json, codec.isTrue);
  } else if ('toBn' in codec && KEY_DIGITS.includes(json?.length)) {
    same(json, codec.toString().padStart(json.length, '0'));
  } else if ('toBn' in codec) {
    same(json, codec.toNumber());
  } else if (codec instanceof Uint8Array) {
    const readings = [codec.toString(), codec.toHex(), Buffer.from(codec).toString()];
    assert.ok(readings.includes(json), `${path}: ${readings[0]} is not ${JSON.stringify(json)}`);
  } else if (codec.toRawType() === 'Null') {
    same(json, null);
  } else {
    same(json, codec.toString());
  }
}

/** How a test puts its questions to both sides of `chain`, `{node, api}`, at the same block. */
export function mirrorOf(chain) {
  async function both(method, scale, json, block) {
    const { api, node } = chain;
    const [space, name] = method.split('_');
    const at = block ?? (await api.rpc.chain.getFinalizedHead()).toHex();
    const answer = await (await api.at(at)).call[apiOf[space]][name](...scale);
    return { answer, ask: () => rpc(node.http, method, ...json, at) };
  }

  /** Compares what both answer. An answer that is a `Result` is an error in JSON-RPC if refused. */
  async function compare(method, scale, json = scale, block) {
    const { answer, ask } = await both(method, scale, json, block);
    const refuses = 'isErr' in answer && answer.isErr;
    assert.ok(!refuses, `${method} refuses: ${answer}`);
    const told = await ask();
    assertSame('isOk' in answer ? answer.asOk : answer, told, method);
    return told;
  }

  /** Compares why both refuse. */
  async function compareRefusal(method, scale, json = scale, block) {
    const { answer, ask } = await both(method, scale, json, block);
    assert.ok(answer.isErr, `${method} does not refuse: ${answer}`);
    const failure = await ask().then(
      (told) => assert.fail(`JSON-RPC does not refuse ${method}: ${JSON.stringify(told)}`),
      (failure) => failure,
    );
    assert.ok(failure instanceof RpcFailed, failure);
    assert.equal(failure.code, REFUSED, failure.message);
    assertSame(answer.asErr, failure.data, method);
    return failure.data;
  }

  return { compare, compareRefusal };
}
