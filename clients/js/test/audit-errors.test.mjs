// Bad input about disclosures at each door: transactions, runtime APIs, and JSON-RPC. Each gets an
// error that says what is wrong, and the node goes on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { registerPatient } from '../examples/register-patient.mjs';
import { LABELS, accessQuery, codes, terms } from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { MAX_LEAVES } from '../src/merkle.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { PATIENCE, answersError, refuses, useNode } from './support.mjs';

/** The highest bit of a set, which no code system uses. */
const UNKNOWN = { bits: 2 ** 31 };
const ZERO = `0x${'00'.repeat(32)}`;
const HOUR = 60 * 60 * 1000;

const REFUSED = 3001;
const INVALID_PARAMS = -32602;

const { recordsOfficer: officer, privacyOfficer, clinician } = roles;
const many = (count, make) => Array.from({ length: count }, make);

/** What goes to the second hospital, which the patient permits, but for the changes. */
const disclosure = (changes = {}) => ({
  ...accessQuery({
    recipient: { org: orgs.secondHospital },
    action: 'access',
    purpose: 'TREAT',
    classes: ['Observation'],
    // How confidential it is, and why: what was left open would come back as an obligation.
    labels: ['N', 'GDIS'],
    content: randomId(),
  }),
  ...changes,
});
/** The same for the payer, which the patient does not permit. */
const refusedOne = { recipient: { org: orgs.payer }, purpose: 'Payment' };

const chain = useNode(async (chain) => {
  const { api } = chain;
  Object.assign(chain, await registerPatient(api));
  // Nobody but the second hospital, which gets nothing about psychiatry.
  const agreed = terms({
    scope: 'patient-privacy',
    decision: 'deny',
    provisions: [
      { actors: [{ organisation: orgs.secondHospital }], purposes: ['TREAT'] },
      { parent: 0, labels: ['PSY'] },
    ],
  });
  await submit(api, api.tx.consent.grant(chain.patient, agreed), chain.key);
});

async function refusesEach(t, cases) {
  for (const [error, call, signer] of cases) {
    await t.test(error, () => refuses(submit(chain.api, call, signer), error));
  }
}

test('a disclosure that is not well formed or not permitted is not logged', PATIENCE, async (t) => {
  const { api, patient, key } = chain;
  const silent = await registerPatient(api);
  const log = (changes, who = patient, met = true) =>
    api.tx.audit.disclose(who, disclosure(changes), met);
  const elsewhere = { recipient: { org: 4_000_000 } };
  const notTheirs = { recipient: { org: orgs.payer, practitioner: clinician.address } };
  const backwards = { dataPeriod: { start: 2, end: 1 } };
  await refusesEach(t, [
    ['Audit.NotFound', log({}, randomId()), officer],
    ['Audit.CommitmentMissing', log({ content: ZERO }), officer],
    ['Audit.NotADisclosure', log({ action: 'Collect' }), officer],
    ['Audit.NotADisclosure', log({ action: 'Correct' }), officer],
    ['Audit.NotCustodian', log({ data: [{ heldBy: orgs.payer }] }), officer],
    ['Audit.MaxTargetsExceeded', log({ classes: many(17, () => 'Observation') }), officer],
    ['Audit.MaxTargetsExceeded', log({ codes: many(17, randomId) }), officer],
    // With the custodian's own, which is added, it is nine.
    ['Audit.MaxTargetsExceeded', log({ data: many(8, () => ({ instance: randomId() })) }), officer],
    ['Audit.MalformedQuery', log({ labels: UNKNOWN }), officer],
    ['Audit.MalformedQuery', log(backwards), officer],
    ['Audit.RecipientNotActive', log(elsewhere), officer],
    ['Audit.RecipientNotActive', log(notTheirs), officer],
    ['Audit.NoConsent', log({}, silent.patient), officer],
    ['Audit.ConsentDenied', log(refusedOne), officer],
    ['Audit.ConsentDenied', log({ labels: codes(LABELS, ['PSY']) }), officer],
    ['Audit.ObligationUnmet', log({ labels: codes(LABELS, []) }, patient, false), officer],
    ['Audit.NotCredentialed', log({ purpose: 'BreakGlass' }), officer],
    ['Audit.NotRefused', api.tx.audit.reportRefusal(patient, disclosure()), officer],
    ['Consortium.DutyMissing', log({}), roles.registrar],
    ['Consortium.RoleMissing', log({}), roles.auditor],
    ['Consortium.NotFound', log({}), key],
  ]);
  assert.equal(answer(await api.call.auditApi.logsOf(patient)).length, 0);
});

test('many disclosures are logged all or none', PATIENCE, async (t) => {
  const { api, patient } = chain;
  const { discloseMany } = api.tx.audit;
  const item = (changes) => ({ patient, disclosure: disclosure(changes), obligationsMet: false });
  await refusesEach(t, [
    ['Audit.EmptyBatch', discloseMany([]), officer],
    ['Audit.TooMany', discloseMany(many(65, () => item())), officer],
    ['Audit.ConsentDenied', discloseMany([item(), item(refusedOne)]), officer],
    ['Audit.CommitmentMissing', discloseMany([item(), item({ content: ZERO })]), officer],
  ]);
  assert.equal(answer(await api.call.auditApi.logsOf(patient)).length, 0);
  await submit(api, discloseMany([item(), item()]), officer);
  assert.equal(answer(await api.call.auditApi.logsOf(patient))[0].next.toNumber(), 2);
});

test('an access log goes forward', PATIENCE, async (t) => {
  const { api } = chain;
  const time = await now(api);
  const anchor = (changes = {}) => {
    const batch = { root: randomId(), count: 7, firstAt: time - 2 * HOUR, lastAt: time - HOUR, ...changes };
    return api.tx.audit.anchorAccessLog(batch.root, batch.count, batch.firstAt, batch.lastAt);
  };
  await refusesEach(t, [
    ['Audit.CommitmentMissing', anchor({ root: ZERO }), officer],
    ['Audit.EmptyBatch', anchor({ count: 0 }), officer],
    ['Audit.TooManyLeaves', anchor({ count: MAX_LEAVES + 1 }), officer],
    ['Audit.InvalidPeriod', anchor({ firstAt: time }), officer],
    ['Audit.TimeInFuture', anchor({ lastAt: time + HOUR }), officer],
    ['Consortium.RoleMissing', anchor(), roles.auditor],
  ]);
  const batch = anchor();
  await submit(api, batch, officer);
  await refusesEach(t, [
    ['Audit.OverlapsPrevious', batch, officer],
    ['Audit.OverlapsPrevious', anchor({ firstAt: time - HOUR, lastAt: time }), officer],
  ]);
});

test('an entry is contested and answered once, by whoever may', PATIENCE, async (t) => {
  const { api, patient, key } = chain;
  const { contest, answerContest, prune } = api.tx.audit;
  await submit(api, api.tx.audit.disclose(patient, disclosure(), false), officer);
  const [log] = answer(await api.call.auditApi.logsOf(patient));
  const sequence = log.next.toNumber() - 1;
  const say = (explanation = randomId(), which = sequence) =>
    answerContest(patient, which, 'Justified', explanation);
  await refusesEach(t, [
    ['Audit.NotFound', contest(patient, sequence + 1), key],
    ['Audit.NotFound', contest(randomId(), sequence), key],
    ['Audit.NotPatient', contest(patient, sequence), clinician],
    ['Audit.NotContested', say(), privacyOfficer],
    ['Audit.CommitmentMissing', say(ZERO), privacyOfficer],
    ['Audit.NotFound', say(randomId(), sequence + 1), privacyOfficer],
  ]);
  await submit(api, contest(patient, sequence), key);
  await refusesEach(t, [
    ['Audit.AlreadyContested', contest(patient, sequence), key],
    ['Consortium.DutyMissing', say(), officer],
  ]);
  await submit(api, say(), privacyOfficer);
  await refusesEach(t, [
    ['Audit.AlreadyAnswered', say(), privacyOfficer],
    ['Audit.AlreadyContested', contest(patient, sequence), key],
    // Nothing goes before its time, whoever asks.
    ['Audit.RetentionNotElapsed', prune(patient, 1), clinician],
    ['Audit.EmptyBatch', prune(patient, 0), clinician],
    ['Audit.TooMany', prune(patient, 65), clinician],
    ['Audit.NotFound', prune(randomId(), 1), clinician],
  ]);
});

test('runtime APIs refuse by the names that calls have', PATIENCE, async () => {
  const { api, patient } = chain;
  const { auditApi } = api.call;
  const refused = (result, error) => assert.throws(() => answer(result), { error });
  const nobody = randomId();
  refused(await auditApi.accountingOfDisclosures(nobody, null, null, null, 64), 'NotFound');
  refused(await auditApi.accountingOfDisclosures(patient, 2, 1, null, 64), 'InvalidPeriod');
  refused(await auditApi.accountingOfDisclosures(patient, null, null, [nobody, 0], 64), 'NotFound');
  refused(await auditApi.logsOf(nobody), 'NotFound');
  refused(await auditApi.disclosuresBy(4_000_000, null, 64), 'NotFound');
  refused(await auditApi.contestsOpen(4_000_000, null, 64), 'NotFound');
  refused(await auditApi.accessLogsOf(4_000_000, null, 64), 'NotFound');
  refused(await auditApi.cadenceGaps(4_000_000, null, 64), 'NotFound');
  const explain = (changes, who = officer) =>
    auditApi.explainDisclose(who.address, patient, disclosure(changes), false);
  answer(await explain({}));
  refused(await explain(refusedOne), 'ConsentDenied');
  refused(await explain({ content: ZERO }), 'CommitmentMissing');
  refused(await explain({}, roles.registrar), 'DutyMissing');
});

test('JSON-RPC says plainly what is wrong with a question about disclosures', PATIENCE, async (t) => {
  const { node, patient } = chain;
  const ask = (method, ...params) => () => rpc(node.http, `audit_${method}`, ...params);
  const proof = { index: 0, leaves: 1, siblings: [] };
  const wanted = {
    recipient: { org: orgs.secondHospital },
    action: 'access',
    purpose: 'TREAT',
    content: randomId(),
  };
  const may = (changes, who = officer) =>
    ask('explainDisclose', who.address, patient, { ...wanted, ...changes }, true);
  const access = (changes, org = orgs.hospital) =>
    ask('proveAccess', org, 0, randomId(), { ...proof, ...changes });
  const accounting = (from, to, after) => ask('accountingOfDisclosures', patient, from, to, after, 64);
  const [invalid, noLabel] = [/Invalid params \(.+\)/, /`Q` is not a code of security labels/];
  const cases = [
    ['an unknown patient', ask('logsOf', randomId()), REFUSED, /refuses: NotFound/],
    ['a time that ends before it starts', accounting(2, 1, null), REFUSED, /refuses: InvalidPeriod/],
    ['an unknown organisation', ask('disclosuresBy', 4_000_000, null, 64), REFUSED, /refuses: NotFound/],
    ['an unknown batch', access({}, orgs.payer), REFUSED, /refuses: NotFound/],
    ['a wrong proof', access({}), REFUSED, /refuses: BadProof/],
    ['a leaf that is none', access({ index: 7 }), REFUSED, /refuses: LeafOutOfRange/],
    ['what is not permitted', may({ purpose: 'HMARKT' }), REFUSED, /refuses: ConsentDenied/],
    ['who may not disclose', may({}, roles.auditor), REFUSED, /refuses: RoleMissing/],
    ['hexadecimal digits that are none', ask('logsOf', '0xzz'), INVALID_PARAMS, invalid],
    ['a sibling that is too short', access({ siblings: ['0x12'] }), INVALID_PARAMS, invalid],
    ['too many siblings', access({ siblings: many(21, randomId) }), INVALID_PARAMS, invalid],
    ['a proof without leaves', access({ leaves: undefined }), INVALID_PARAMS, /missing field `leaves`/],
    ['an unknown purpose', may({ purpose: 'FUN' }), INVALID_PARAMS, /FUN/],
    ['an unknown label', may({ labels: ['Q'] }), INVALID_PARAMS, noLabel],
    ['a basis, which nobody brings', may({ basis: 'default' }), INVALID_PARAMS, /unknown field `basis`/],
    ['a time below zero', accounting(-1, null, null), INVALID_PARAMS, invalid],
    ['an entry that is half named', accounting(null, null, [patient]), INVALID_PARAMS, invalid],
  ];
  for (const [what, call, code, told] of cases) {
    await t.test(what, () => answersError(call(), code, told));
  }
});
