// Bad input at each door: transactions, runtime APIs, and JSON-RPC. Each gets an error that says
// what is wrong, and the node goes on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blake2AsHex } from '@polkadot/util-crypto';

import { registerPatient } from '../examples/register-patient.mjs';
import { DUTIES, KEY_PURPOSES, ROLES, codes, terms } from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { Refused, answer, now } from '../src/reads.mjs';
import { decide, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { proveKey, signGrant } from '../src/statements.mjs';
import { found, submit } from '../src/submit.mjs';
import { PATIENCE, answersError, refuses, useNode } from './support.mjs';

const chain = useNode();

/** The highest bit of a set, which no code system uses. */
const UNKNOWN = { bits: 2 ** 31 };
const DAY = 24 * 60 * 60 * 1000;

const REFUSED = 3001;
const NOT_ASKED = 3002;
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;

const draft = (changes = {}) => terms({ scope: 'patient-privacy', decision: 'deny', ...changes });
const question = { recipient: { org: orgs.hospital }, action: 'access', purpose: 'TREAT' };
const many = (count, item) => Array.from({ length: count }, () => item);

/** The node still works, whatever was sent to it before. */
async function stillAnswers() {
  const health = await rpc(chain.node.http, 'system_health');
  assert.equal(health.isSyncing, false);
  assert.deepEqual(chain.node.panics, []);
}

test('a grant that is not well formed is refused by name', PATIENCE, async (t) => {
  const { api } = chain;
  const { patient, key } = await registerPatient(api);
  const provision = (changes) => draft({ provisions: [changes] });
  const with_ = (field, value) => {
    const made = provision({ actors: ['any'] });
    made.provisions[0][field] = value;
    return made;
  };
  const time = await now(api);
  const cases = {
    'Consent.InvalidPeriod': draft({ period: { start: time + DAY, end: time + DAY - 1 } }),
    'Consent.PeriodInPast': draft({ period: { start: null, end: time - DAY } }),
    'Consent.NoProvisionTarget': provision({}),
    'Consent.BadParentIndex': provision({ parent: 0, labels: ['R'] }),
    'Consent.ProvisionTooDeep': draft({
      provisions: [{ labels: ['R'] }, { parent: 0, labels: ['R'] }, { parent: 1, labels: ['R'] }],
    }),
    'Consent.MaxProvisionsExceeded': draft({ provisions: many(17, { labels: ['R'] }) }),
    'Consent.MaxActorsExceeded': provision({ actors: many(9, { organisation: orgs.hospital }) }),
    'Consent.MaxTargetsExceeded': provision({ classes: many(17, 'Observation') }),
    'Consent.UnknownActor': provision({ actors: [{ organisation: 4_000_000 }] }),
    'Consent.UnknownAction': with_('actions', UNKNOWN),
    'Consent.UnknownPurpose': with_('purposes', UNKNOWN),
    'Consent.UnknownLabel': with_('labels', UNKNOWN),
  };
  for (const [error, terms] of Object.entries(cases)) {
    await t.test(error, () => refuses(submit(api, api.tx.consent.grant(patient, terms), key), error));
  }
  assert.equal((await api.call.consentApi.consentsOf(patient, null, 64)).length, 0);
  await stillAnswers();
});

test('a patient that nobody registered is not found', PATIENCE, async () => {
  const { api } = chain;
  const { key } = await registerPatient(api);
  const nobody = randomId();
  await refuses(submit(api, api.tx.consent.grant(nobody, draft()), key), 'Consent.NotFound');
  await refuses(
    submit(api, api.tx.consent.propose(nobody, draft()), roles.clinician),
    'Consent.NotFound',
  );
  await refuses(
    submit(api, api.tx.patientIdentity.suspend(nobody), roles.registrar),
    'PatientIdentity.NotFound',
  );
});

test('unknown roles, duties and key purposes are refused by name', PATIENCE, async () => {
  const { api } = chain;
  const until = (await now(api)) + DAY;
  const admit = (roleSet, jurisdiction = 'US', validUntil = until) =>
    decide(
      api,
      api.tx.consortium.admit(roleSet, jurisdiction, newKey().address, validUntil, randomId()),
    );
  await refuses(admit(UNKNOWN), 'Consortium.UnknownRole');
  await refuses(admit(codes(ROLES, [])), 'Consortium.RolesEmpty');
  await refuses(admit(codes(ROLES, ['Payer']), 'us'), 'Consortium.InvalidJurisdiction');
  await refuses(admit(codes(ROLES, ['Payer']), 'US', until - 2 * DAY), 'Consortium.InvalidPeriod');

  const enrol = (duties, account = newKey().address) =>
    submit(api, api.tx.consortium.enrolStaff(account, duties, null, until), roles.hospitalAdmin);
  await refuses(enrol(UNKNOWN), 'Consortium.UnknownDuty');
  await refuses(enrol(codes(DUTIES, [])), 'Consortium.DutiesEmpty');
  await refuses(enrol(codes(DUTIES, ['Auditor']), roles.claimsOfficer.address), 'Consortium.AccountInUse');
  await refuses(
    submit(api, api.tx.consortium.openSite('0614141000013', 'Clinic'), roles.hospitalAdmin),
    'Consortium.InvalidGln',
  );

  const { patient, key } = await registerPatient(api);
  const proof = { nonce: 0, expiresAt: until, signature: key.sign('', { withType: true }) };
  await refuses(
    submit(
      api,
      api.tx.patientIdentity.addKey(patient, newKey().address, UNKNOWN, null, proof),
      key,
    ),
    'PatientIdentity.InvalidPurposes',
  );
});

test('a signed grant is good once, in time, for one patient, by its signer', PATIENCE, async () => {
  const { api } = chain;
  const { patient, key } = await registerPatient(api);
  const other = await registerPatient(api);
  const agreed = draft({ provisions: [{ actors: [{ organisation: orgs.hospital }] }] });
  const bring = ({ nonce, expiresAt, signature }, terms = agreed, whose = patient, signer = key) =>
    submit(
      api,
      api.tx.consent.grantSigned(whose, signer.address, terms, nonce, expiresAt, signature),
      roles.recordsOfficer,
    );

  const tooFar = await signGrant(api, patient, key, agreed, { validFor: 2 * DAY });
  await refuses(bring(tooFar), 'Consent.SignatureExpired');
  const over = await signGrant(api, patient, key, agreed, { validFor: -1 });
  await refuses(bring(over), 'Consent.SignatureExpired');

  const signed = await signGrant(api, patient, key, agreed);
  await refuses(bring({ ...signed, expiresAt: signed.expiresAt + 1 }), 'Consent.InvalidSignature');
  await refuses(bring(signed, draft({ decision: 'permit' })), 'Consent.InvalidSignature');
  await refuses(bring(signed, agreed, other.patient), 'Consent.NotGrantor');
  await refuses(bring(signed, agreed, other.patient, other.key), 'Consent.InvalidSignature');

  const { events } = await bring(signed);
  assert.equal(found(events, api.events.consent.Granted).patient.toHex(), patient);
  await refuses(bring(signed), 'Consent.NonceMismatch');

  // A statement that is authentic but cannot be carried out is used up all the same.
  const bad = draft({ provisions: [{ actors: [{ organisation: 4_000_000 }] }] });
  const useless = await signGrant(api, patient, key, bad);
  const failed = found((await bring(useless, bad)).events, api.events.consent.SignedGrantFailed);
  assert.equal(failed.nonce.toNumber(), 1);
  await refuses(bring(useless, bad), 'Consent.NonceMismatch');
});

test('a registration is good once, in time, with the key that signed it', PATIENCE, async () => {
  const { api } = chain;
  const purposes = codes(KEY_PURPOSES, ['Authentication', 'Consent']);
  const commitment = blake2AsHex('a registration');
  const agreement = { Register: { org: orgs.hospital, purposes, commitment } };
  const [patient, key] = [randomId(), newKey()];
  const prove = (options) =>
    proveKey(api, patient, key, 'axonic/patient/register', agreement, options);
  const bring = (proof, account = key, id = patient, registrar = roles.registrar) =>
    submit(
      api,
      api.tx.patientIdentity.registerWithKey(id, commitment, account.address, purposes, proof),
      registrar,
    );

  // The read refuses by the same names as the call.
  for (const [validFor, error] of [[2 * DAY, 'ExpiryTooFar'], [-1, 'SignatureExpired']]) {
    await assert.rejects(prove({ validFor }), (refusal) => {
      assert.ok(refusal instanceof Refused, refusal);
      assert.equal(refusal.error, error);
      return true;
    });
  }

  const proof = await prove();
  await refuses(
    bring({ ...proof, expiresAt: (await now(api)) + 2 * DAY }),
    'PatientIdentity.ExpiryTooFar',
  );
  await refuses(
    bring({ ...proof, expiresAt: (await now(api)) - 1 }),
    'PatientIdentity.SignatureExpired',
  );
  await refuses(bring({ ...proof, nonce: 7 }), 'PatientIdentity.NonceMismatch');
  await refuses(bring(proof, newKey()), 'PatientIdentity.InvalidSignature');
  await refuses(bring(proof, key, randomId()), 'PatientIdentity.InvalidSignature');
  // It is for the hospital, and another member cannot make use of it.
  await refuses(
    bring(proof, key, patient, roles.secondHospitalStaff),
    'PatientIdentity.InvalidSignature',
  );
  await refuses(bring(proof, key, `0x${'00'.repeat(32)}`), 'PatientIdentity.InvalidId');
  await bring(proof);
  await refuses(bring(proof), 'PatientIdentity.AlreadyExists');
  await refuses(bring(proof, key, randomId()), 'PatientIdentity.KeyInUse');
});

test('a client does not sign a statement that is not what it expects', PATIENCE, async () => {
  const { api } = chain;
  const purposes = codes(KEY_PURPOSES, ['Authentication']);
  const agreement = { Register: { org: orgs.hospital, purposes, commitment: randomId() } };
  await assert.rejects(
    proveKey(api, randomId(), newKey(), 'axonic/patient/claim', agreement),
    /not signed: the statement's purpose is axonic\/patient\/register/,
  );
});

test('polkadot.js refuses ids of the wrong length before anything is sent', PATIENCE, async () => {
  const { api } = chain;
  assert.throws(() => api.tx.consent.grant('0x1234', draft()), /Expected input with 32 bytes/);
  assert.throws(() => draft({ scope: 'everything' }), /`everything` is not one of treatment/);
  assert.throws(() => draft({ provisions: [{ labels: ['Q'] }] }), /`Q` is not one of U, L/);
});

test('bytes that are no transaction are refused', PATIENCE, async () => {
  const { api, node } = chain;
  const { patient, key } = await registerPatient(api);
  const signed = await api.tx.consent.grant(patient, draft()).signAsync(key, { nonce: -1 });
  const bytes = signed.toHex();
  const broken = {
    empty: '0x',
    'no SCALE': '0x00',
    truncated: bytes.slice(0, -8),
    'with another signature': bytes.replace(/^(.{100}).{16}/, `$1${'00'.repeat(8)}`),
  };
  for (const [what, transaction] of Object.entries(broken)) {
    await assert.rejects(rpc(node.http, 'author_submitExtrinsic', transaction), (failure) => {
      assert.ok(Number.isInteger(failure.code), `${what}: ${failure}`);
      assert.ok(failure.message.length > 'author_submitExtrinsic: '.length, what);
      return true;
    });
  }
  await answersError(rpc(node.http, 'author_submitExtrinsic', 'zz'), INVALID_PARAMS, /Invalid params/);
  await stillAnswers();
});

test('a transaction is carried out once, by an account that can pay', PATIENCE, async () => {
  const { api, node } = chain;
  const { patient, key } = await registerPatient(api);
  const call = api.tx.consent.grant(patient, draft());
  const signed = await call.signAsync(key, { nonce: -1 });
  await submit(api, api.tx.system.remark('0x'), key);
  // Its nonce has been used by then.
  await answersError(rpc(node.http, 'author_submitExtrinsic', signed.toHex()), 1010, /Invalid Transaction/);
  await assert.rejects(submit(api, call, newKey()), /1010: Invalid Transaction: Inability to pay/);
});

test('runtime APIs refuse what they cannot read', PATIENCE, async () => {
  const { node } = chain;
  for (const [method, bytes] of [
    ['ConsentApi_evaluate', '0x00'],
    ['ConsentApi_no_such_method', '0x'],
    ['PatientApi_patient', '0x1234'],
    ['ConsortiumApi_site_by_gln', '0x'],
  ]) {
    await assert.rejects(rpc(node.http, 'state_call', method, bytes), (failure) => {
      assert.ok(Number.isInteger(failure.code), `${method}: ${failure}`);
      return true;
    });
  }
  await stillAnswers();
});

test('runtime APIs refuse by the names that calls have', PATIENCE, async () => {
  const { api } = chain;
  const { patient } = await registerPatient(api);
  const refused = (result, name) => assert.throws(() => answer(result), { error: name });
  const query = { recipient: { org: 0 }, action: 'Access', purpose: 'Treat' };
  const { evaluate } = api.call.consentApi;
  refused(await evaluate(randomId(), query, null), 'NotFound');
  refused(await evaluate(patient, { ...query, labels: UNKNOWN }, null), 'UnknownLabel');
  const backwards = { start: 2, end: 1 };
  refused(await evaluate(patient, { ...query, dataPeriod: backwards }, null), 'InvalidPeriod');
  const explain = (account, duties) =>
    api.call.consortiumApi.explainActor(account.address, { bits: 0 }, codes(DUTIES, duties));
  refused(await explain(newKey(), []), 'NotFound');
  refused(await explain(roles.registrar, ['Clinician']), 'DutyMissing');
  const mayAct = (account, power) =>
    api.call.patientApi.explainMayAct(account.address, patient, power);
  refused(await mayAct(roles.clinician, 'Consent'), 'PowerMissing');
});

test('JSON-RPC says plainly what is wrong with a question', PATIENCE, async (t) => {
  const { api, node } = chain;
  const { patient } = await registerPatient(api);
  const evaluate = (...params) => rpc(node.http, 'consent_evaluate', ...params);
  const asking = (changes) => evaluate(patient, { ...question, ...changes });
  const backwards = { start: 2, end: 1 };
  const nowhere = `0x${'ab'.repeat(32)}`;
  const cases = [
    ['an unknown patient', () => evaluate(randomId(), question), REFUSED, /The chain refuses: NotFound/],
    ['a period that ends before it starts', () => asking({ dataPeriod: backwards }), REFUSED, /InvalidPeriod/],
    ['hexadecimal digits that are none', () => evaluate('0xzz', question), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an id that is too short', () => evaluate('0x1234', question), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an id that is too long', () => evaluate(`${patient}00`, question), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['a number for an id', () => evaluate(7, question), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an unknown purpose', () => asking({ purpose: 'FUN' }), INVALID_PARAMS, /FUN/],
    ['an unknown action', () => asking({ action: 'eat' }), INVALID_PARAMS, /eat/],
    ['an unknown label', () => asking({ labels: ['Q'] }), INVALID_PARAMS, /`Q` is not a code of security labels/],
    ['an unknown resource type', () => asking({ classes: ['Dragon'] }), INVALID_PARAMS, /Dragon/],
    ['too many classes', () => asking({ classes: many(17, 'Observation') }), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['too many data', () => asking({ data: many(9, { heldBy: 0 }) }), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['a misspelt field', () => asking({ label: ['N'] }), INVALID_PARAMS, /unknown field `label`/],
    ['a missing field', () => evaluate(patient, { action: 'access' }), INVALID_PARAMS, /missing field `recipient`/],
    ['an organisation below zero', () => asking({ recipient: { org: -1 } }), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an instant below zero', () => evaluate(patient, question, -1), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['no parameters', () => evaluate(), INVALID_PARAMS, /Invalid params/],
    ['an unknown block', () => evaluate(patient, question, null, nowhere), NOT_ASKED, /could not be asked at block/],
    ['an unknown method', () => rpc(node.http, 'consent_guess'), METHOD_NOT_FOUND, /Method not found/],
    [
      'somebody who is no member of staff',
      () => rpc(node.http, 'consortium_explainActor', newKey().address, [], []),
      REFUSED,
      /The chain refuses: NotFound/,
    ],
    [
      'a role that is none',
      () => rpc(node.http, 'consortium_explainActor', roles.auditor.address, ['Butcher'], []),
      INVALID_PARAMS,
      /`Butcher` is not a code of organisation roles/,
    ],
    [
      'a GLN with a wrong check digit',
      () => rpc(node.http, 'consortium_siteByGln', '0614141000013'),
      INVALID_PARAMS,
      /a GLN is 13 digits/,
    ],
    [
      'an address that is none',
      () => rpc(node.http, 'patient_patientOf', '5GrwvaEF'),
      INVALID_PARAMS,
      /Invalid params \(.+\)/,
    ],
    [
      'somebody who may not act',
      () => rpc(node.http, 'patient_explainMayAct', newKey().address, patient, 'Consent'),
      REFUSED,
      /The chain refuses: PowerMissing/,
    ],
    [
      'a statement that would expire too late',
      async () => {
        const expiresAt = (await now(api)) + 2 * DAY;
        return rpc(node.http, 'patient_statement', patient, newKey().address, { recover: { org: orgs.hospital } }, expiresAt);
      },
      REFUSED,
      /The chain refuses: ExpiryTooFar/,
    ],
  ];
  for (const [what, call, code, told] of cases) {
    await t.test(what, () => answersError(call(), code, told));
  }
  await stillAnswers();
});

test('a request that is no JSON-RPC is answered, not dropped', PATIENCE, async () => {
  const post = async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(chain.node.http, { method: 'POST', headers, body });
    return response.json();
  };
  assert.equal((await post('{')).error.code, -32700);
  assert.equal((await post('{"jsonrpc":"2.0","id":1}')).error.code, -32600);
  const batch = many(51, { jsonrpc: '2.0', id: 1, method: 'system_health', params: [] });
  assert.match((await post(JSON.stringify(batch))).error.message, /batch/i);
  await stillAnswers();
});
